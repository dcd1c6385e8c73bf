package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
)

// gatewayActionModel is an action on what a gateway has under an id.
type gatewayActionModel struct {
	Gateway types.String `tfsdk:"gateway"`
	ID      types.String `tfsdk:"id"`
}

func gatewayActionSchema(about string, gateways []string, id string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: about,
		Attributes: map[string]schema.Attribute{
			"gateway": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The gateway: " + attributes.Quoted(gateways) + ".",
				Validators:          []validator.String{stringvalidator.OneOf(gateways...)},
			},
			"id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: id,
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
		},
	}
}

// isKnown reports whether the plan can look at what the action is about.
func (m *gatewayActionModel) isKnown() bool { return !m.Gateway.IsUnknown() && !m.ID.IsUnknown() }

// name is what messages call what the action is about, as Closable.Name does. Only a look shows
// that an invoice is a payout.
func (m *gatewayActionModel) name() string {
	if m.Gateway.ValueString() == apigateway.Name {
		return "payment " + m.ID.ValueString()
	}
	return "invoice " + m.invoice().Key()
}

// tell shows what an action has done, or is about to do. Once a run is stopped, Terraform takes
// the next progress for the end of the action, and reads no error after it. So what is told then
// is a warning, which comes with the end.
func tell(ctx context.Context, resp *action.InvokeResponse, message string) {
	if ctx.Err() != nil {
		resp.Diagnostics.AddWarning("The action went on after the stop", message)
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: message})
}

// reportPlanLook says that a plan could not look at what an action is about. What the gateway
// refuses, it would refuse in the apply, too. A gateway that cannot be reached does not fail the
// plan, since the apply looks again before it sends anything.
func reportPlanLook(what string, err error, diags *diag.Diagnostics) {
	if transport.OutcomeOf(err) == transport.Refused {
		gateway.FailedCall{Attempt: "look at " + what}.Report(diags, err)
		return
	}
	diags.AddWarning("The plan cannot look at "+what, err.Error()+".\n\nThe apply looks again before it sends anything, and sends nothing if it cannot look then.")
}

// reportLook says that an action could not look first, and so sent nothing.
func reportLook(what string, err error, diags *diag.Diagnostics) {
	gateway.FailedCall{Attempt: "look at " + what + " first, so nothing was sent"}.Report(diags, err)
}
