package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

var _ function.Function = qrSVGFunction{}

// qrSVGFunction draws a QR code as SVG.
type qrSVGFunction struct{}

func newQRSVGFunction() function.Function { return qrSVGFunction{} }

func (qrSVGFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "qr_svg"
}

func (qrSVGFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A QR code as an SVG image",
		MarkdownDescription: "Draws a QR code, such as one of a payment page, as SVG. The image has no size of its own and stays sharp at any, on paper too. " +
			"It can be written to a file or put into HTML as it is.\n\n" + aboutQRCode + functionsNeed +
			" Without this one, give the link to any other maker of QR codes.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "content", MarkdownDescription: "What the code says, such as the `url` of a terminal or of a payment link."},
		},
		Return: function.StringReturn{},
	}
}

func (qrSVGFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var content string
	if resp.Error = req.Arguments.Get(ctx, &content); resp.Error != nil {
		return
	}
	code, problem := qrCode(content)
	if problem != nil {
		resp.Error = problem
		return
	}
	resp.Error = resp.Result.Set(ctx, svgOf(code))
}
