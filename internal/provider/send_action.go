package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var (
	_ action.ActionWithConfigure  = (*sendAction)(nil)
	_ action.ActionWithModifyPlan = (*sendAction)(nil)
)

// sendAction mails an invoice, whoever issued it. One that was mailed before is mailed again.
type sendAction struct{ senders []gateway.Sender }

func newSendAction() action.Action {
	return &sendAction{gateway.Select[gateway.Sender](unconfigured)}
}

func (a *sendAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_send"
}

func (a *sendAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = gatewayActionSchema("Mails an invoice of "+attributes.Quoted(gateway.Names(a.senders))+" to its payer, and mails it again if it was mailed before. "+
		"The invoice may be Terraform's own, or anybody's.\n\n"+
		"The action looks at the invoice first, in the plan as well where its id is known. One that is paid, expired, revoked or not there is an error, and nothing is mailed. "+
		"The letter is sent once. If its answer is lost and the invoice turns from created to sent, it was mailed; otherwise an error says that it may have been.\n\n"+
		"Needs Terraform 1.14 or newer; OpenTofu has no actions. The way without: `send = true` in the resource `invoice_invoice`, which mails an invoice once; "+
		"a further letter is sent from the gateway's account. "+aboutActionRuns+"\n\n"+
		"Source: «JSON API PayKeeper», sections 3.1 (byid) and 3.5 (send).",
		gateway.Names(a.senders), "The invoice's id at the gateway.")
}

// aboutActionRuns is part of the documentation of all actions.
const aboutActionRuns = "Terraform runs an action once for each event that triggers it, and does not run a failed `after_create` action again: " +
	"the resource exists by then, so the next plan has nothing to create. Invoke it by hand, with `terraform apply -invoke=<its address>`."

func (a *sendAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		a.senders = gateway.Select[gateway.Sender](data.gateways)
	}
}

func (a *sendAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var model gatewayActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !model.isKnown() {
		return
	}
	sender, _ := gateway.Named(a.senders, model.Gateway.ValueString()) // validation has refused other names
	if sender.MustHaveSettings(&resp.Diagnostics); !sender.IsConnected() {
		return
	}
	shown, err := sender.Find(ctx, model.invoice())
	if err != nil {
		reportPlanLook(model.name(), err, &resp.Diagnostics)
		return
	}
	model.refuseSending(shown, &resp.Diagnostics)
}

func (a *sendAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var model gatewayActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	sender, _ := gateway.Named(a.senders, model.Gateway.ValueString()) // validation has refused other names
	if !sender.Ready(&resp.Diagnostics) {
		return
	}
	shown, err := sender.Find(ctx, model.invoice())
	if err != nil {
		reportLook(model.name(), err, &resp.Diagnostics)
		return
	}
	if model.refuseSending(shown, &resp.Diagnostics) {
		return
	}
	send := sender.Send
	wasMailed := !types.BoolValue(false).Equal(shown.Arguments[gateway.ArgumentSend])
	if wasMailed {
		tell(ctx, resp, fmt.Sprintf("The %s is %q: it was mailed before. Mailing it again.", model.name(), shown.GatewayStatus))
		send = sender.SendAgain
	} else {
		tell(ctx, resp, fmt.Sprintf("The %s is %q, and is mailed now.", model.name(), shown.GatewayStatus))
	}
	if err := send(ctx, model.ID.ValueString()); err != nil {
		model.reportNotMailed(err, wasMailed, &resp.Diagnostics)
		return
	}
	tell(ctx, resp, fmt.Sprintf("The %s is mailed.", model.name()))
}

func (m *gatewayActionModel) invoice() *gateway.Invoice {
	return &gateway.Invoice{ID: m.ID, Gateway: m.Gateway}
}

// refuseSending reports whether an invoice cannot be mailed, by what the gateway shows. It adds
// an error if so.
func (m *gatewayActionModel) refuseSending(shown *gateway.ShownInvoice, diags *diag.Diagnostics) bool {
	at := path.Root("id")
	var why string
	switch {
	case shown == nil:
		diags.AddAttributeError(at, "No such invoice", fmt.Sprintf("The gateway %q says that it has no invoice %q. Nothing was mailed. Check the id.", m.Gateway.ValueString(), m.ID.ValueString()))
		return true
	case shown.WasPaid():
		why = "A paid invoice needs no letter."
	case shown.Gone != "" || shown.IsExpired:
		why = "Nobody can pay it any more: issue a new one."
	default:
		return false
	}
	diags.AddAttributeError(at, "The invoice cannot be mailed", fmt.Sprintf("The %s is %q. Nothing was mailed. %s", m.name(), shown.GatewayStatus, why))
	return true
}

// reportNotMailed says that an invoice was not mailed, or may not have been.
func (m *gatewayActionModel) reportNotMailed(err error, wasMailed bool, diags *diag.Diagnostics) {
	unclear := "It may have been mailed. To find out, read its status, with the data source invoice_invoice or in the gateway's account: once it shows as sent, it was mailed. " +
		"Invoking the action again may mail it twice."
	if wasMailed {
		unclear = "It may have been mailed once more. Its status was the same before, so it does not tell: ask the payer. Invoking the action again may send a further letter."
	}
	failed := gateway.FailedCall{Attempt: "mail " + m.name(), Unclear: unclear}
	if transport.OutcomeOf(err) == transport.Refused {
		failed.Next = "The gateway refuses, so nothing was mailed. Fix what it names, and invoke the action again."
	}
	failed.Report(diags, err)
}
