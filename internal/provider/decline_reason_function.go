package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
)

var _ function.Function = declineReasonFunction{}

// declineReasonFunction says what a decline code means.
type declineReasonFunction struct{}

func newDeclineReasonFunction() function.Function { return declineReasonFunction{} }

func (declineReasonFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "decline_reason"
}

func (declineReasonFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "What a decline code means",
		MarkdownDescription: "Explains the decline code of a payment of Invoice API v2: `[2, 51]`, `2,51`, or a status description that holds one in brackets. " +
			"The first code that the guide knows counts.\n\n" +
			"The result is an object: `code` as the guide writes it (`[2, 51]`), `name` (`Not sufficient funds`), " +
			"`description` and `cause` in English, `description_ru` and `cause_ru` in the guide's own words. The causes are null where the guide says nothing.\n\n" +
			"It is null when the text is null or holds no code that the guide knows, so `try(provider::invoice::decline_reason(text).description, text)` always says something. " +
			"Source: Invoice API guide, section 9.2.\n\n" + functionsNeed + " Without this one, the data source `invoice_payment` has the same object in `decline_reason`.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name: "text", AllowNullValue: true,
				MarkdownDescription: "A code, or a text that holds one, such as `status_description` of a payment link.",
			},
		},
		Return: function.ObjectReturn{AttributeTypes: invoiceapi.DeclineReasonTypes},
	}
}

func (declineReasonFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text types.String
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error == nil {
		resp.Error = resp.Result.Set(ctx, invoiceapi.DeclineReason(text.ValueString()))
	}
}
