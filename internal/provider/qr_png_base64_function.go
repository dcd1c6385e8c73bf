package provider

import (
	"context"
	"encoding/base64"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

var _ function.Function = qrPNGFunction{}

// qrPNGFunction draws a QR code as PNG.
type qrPNGFunction struct{}

func newQRPNGFunction() function.Function { return qrPNGFunction{} }

func (qrPNGFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "qr_png_base64"
}

func (qrPNGFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A QR code as a PNG image, in Base64",
		MarkdownDescription: "Draws a QR code, such as one of a payment page, as PNG with 8 pixels per module, in Base64, which `content_base64` of a file, e-mails and " +
			"`data:image/png;base64,` take. Where SVG can be shown, `qr_svg` is smaller and sharp at any size.\n\n" + aboutQRCode + functionsNeed +
			" Without this one, give the link to any other maker of QR codes.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "content", MarkdownDescription: "What the code says, such as the `url` of a terminal or of a payment link."},
		},
		Return: function.StringReturn{},
	}
}

func (qrPNGFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var content string
	if resp.Error = req.Arguments.Get(ctx, &content); resp.Error != nil {
		return
	}
	code, problem := qrCode(content)
	if problem != nil {
		resp.Error = problem
		return
	}
	picture, err := pngOf(code)
	if err != nil {
		resp.Error = function.NewFuncError("the picture cannot be encoded: " + err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, base64.StdEncoding.EncodeToString(picture))
}
