package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

var (
	_ action.ActionWithConfigure  = (*closeAction)(nil)
	_ action.ActionWithModifyPlan = (*closeAction)(nil)
)

// closeAction makes unpayable what Terraform does not manage. What it manages is destroyed
// instead.
type closeAction struct {
	closers []gateway.Closer
	run     *ledger.Run
}

func newCloseAction() action.Action {
	return &closeAction{closers: gateway.Closers(unconfigured)}
}

func (a *closeAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_close"
}

func (a *closeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = gatewayActionSchema("Closes a payment of `invoice`, or revokes or cancels an invoice of another gateway, so that nobody can pay it any more. "+
		"It is for what Terraform does not manage, such as what an older system has left open.\n\n"+
		"- What was paid is an error: it cannot be closed. If it is paid while the action runs, the error says so.\n"+
		"- What the gateway calls closed, canceled or expired already is done. What it does not know is done, too, with a warning, since the id may be mistyped.\n"+
		"- What Terraform manages is an error, as far as the run knows of it: destroy the resource instead. With `-invoke` and with `-target`, Terraform reads only what the action refers to, "+
		"so the provider does not know the rest of the state then. "+
		"While the plan does not know the `id` (or the `gateway`), and the state holds something open that it may be, that is an error, too: first apply what the `id` comes from.\n"+
		"- A payout of `p2p` is canceled if it is still new, with a warning in the plan. Only the gateway's word says that it was, not the clock.\n"+
		"- If the gateway's answer is lost, the action looks again: what is closed by then is done. Otherwise an error says that it may have been closed; closing twice does no harm.\n\n"+
		"Needs Terraform 1.14 or newer; OpenTofu has no actions. The way without: import it as `invoice_payment_link` or `invoice_invoice`, and destroy that. "+aboutActionRuns+"\n\n"+
		"Source: Invoice API guide, section 7.2.6 (ClosePayment); «JSON API PayKeeper», section 3.6 (revoke); for P2P, what public clients call (POST …/cancel).",
		gateway.Names(a.closers), "The payment's or the invoice's id at the gateway.")
}

func (a *closeAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		a.closers, a.run = gateway.Closers(data.gateways), data.run
	}
}

func (a *closeAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var model gatewayActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !model.isKnown() {
		a.run.PlanCloseUnknown(path.Root("id"), a.kinds(&model), &resp.Diagnostics)
		return
	}
	closer, _ := gateway.Named(a.closers, model.Gateway.ValueString()) // validation has refused other names
	id := model.ID.ValueString()
	closer.MustHaveSettings(&resp.Diagnostics)
	if !a.run.PlanClose(path.Root("id"), closer.LedgerKind(), id, &resp.Diagnostics) || !closer.IsConnected() {
		return
	}
	found, err := closer.FindClosable(ctx, id)
	switch {
	case err != nil:
		reportPlanLook(model.name(), err, &resp.Diagnostics)
	case found == nil:
		model.warnNotThere(&resp.Diagnostics)
	case found.IsPaid:
		refuseClosing(found, "", &resp.Diagnostics)
	case found.IsPayout && !found.IsOver:
		resp.Diagnostics.AddAttributeWarning(path.Root("id"), fmt.Sprintf("The %s will be canceled", found.Name), "Applying stops a payout, if it has not been carried out by then.")
	}
}

// kinds are those of what the action may close, while its gateway or its id is not known.
func (a *closeAction) kinds(model *gatewayActionModel) (kinds []string) {
	for _, closer := range a.closers {
		if model.Gateway.IsUnknown() || closer.Name() == model.Gateway.ValueString() {
			kinds = append(kinds, closer.LedgerKind())
		}
	}
	return kinds
}

func (a *closeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var model gatewayActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	closer, _ := gateway.Named(a.closers, model.Gateway.ValueString()) // validation has refused other names
	id := model.ID.ValueString()
	if !a.run.MayClose(path.Root("id"), closer.LedgerKind(), id, &resp.Diagnostics) || !closer.Ready(&resp.Diagnostics) {
		return
	}
	found, err := closer.FindClosable(ctx, id)
	switch {
	case err != nil:
		reportLook(model.name(), err, &resp.Diagnostics)
		return
	case found == nil:
		tell(ctx, resp, "There is no "+model.name()+": nothing is left to close.")
		model.warnNotThere(&resp.Diagnostics)
		return
	case found.IsPaid:
		refuseClosing(found, "", &resp.Diagnostics)
		return
	case found.IsOver:
		tell(ctx, resp, fmt.Sprintf("The %s is %q already: nothing is left to close.", found.Name, found.Status))
		return
	}
	tell(ctx, resp, fmt.Sprintf("The %s is %q. Closing it.", found.Name, found.Status))
	closeErr := closer.Close(ctx, id)
	after, findErr := closer.FindClosable(ctx, id)
	if findErr != nil {
		after = nil
	}
	(&closing{found, after, closeErr, findErr}).conclude(ctx, resp)
}

// warnNotThere warns that there is nothing under the id. What was closed may be shown no more,
// so it is no error; but the id may be mistyped.
func (m *gatewayActionModel) warnNotThere(diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("id"), "There is nothing to close",
		fmt.Sprintf("The gateway %q says that it has nothing with the id %q. If it was open until now, check the id.", m.Gateway.ValueString(), m.ID.ValueString()))
}

func refuseClosing(paid *gateway.Closable, when string, diags *diag.Diagnostics) {
	next := "To give the money back, refund it."
	if paid.IsPayout {
		next = "The money has moved."
	}
	diags.AddAttributeError(path.Root("id"), "What is paid cannot be closed", fmt.Sprintf("The %s is %q%s, and was not closed. %s", paid.Name, paid.Status, when, next))
}

// closing is what came of closing something. What it is afterwards decides, not the answer.
type closing struct {
	before, after *gateway.Closable // after is nil when it is there no more, or could not be looked at
	err, findErr  error
}

func (c *closing) conclude(ctx context.Context, resp *action.InvokeResponse) {
	failed := gateway.FailedCall{
		Attempt: "close " + c.before.Name,
		Unclear: "It may have been closed. Invoke the action again: it looks first, and closing twice does no harm. Until then it may be paid.",
	}
	switch {
	case transport.IsReadOnly(c.err), c.err != nil && (c.findErr != nil || c.after == nil && c.before.IsPayout): // absent is not canceled
		failed.Report(&resp.Diagnostics, c.err)
	case c.findErr != nil, c.after == nil:
		tell(ctx, resp, fmt.Sprintf("The %s is closed.", c.before.Name))
	case c.after.IsPaid:
		refuseClosing(c.after, fmt.Sprintf(": it was %q a moment ago, and has been paid since", c.before.Status), &resp.Diagnostics)
	case c.after.IsOver:
		tell(ctx, resp, fmt.Sprintf("The %s is %q: closed.", c.after.Name, c.after.Status))
	case c.after.IsExpired:
		tell(ctx, resp, fmt.Sprintf("The %s is %q, and its time is over.", c.after.Name, c.after.Status))
	case c.err != nil:
		failed.Next = fmt.Sprintf("Its status is %q, so it may still be paid. Invoke the action again, or close it in the merchant's account.", c.after.Status)
		if transport.OutcomeOf(c.err) == transport.Unclear {
			failed.Next += " Closing twice does no harm."
		}
		failed.Report(&resp.Diagnostics, c.err)
	default:
		resp.Diagnostics.AddAttributeWarning(path.Root("id"), "What was closed may still be payable",
			fmt.Sprintf("The gateway accepted closing the %s, but shows it as %q. Look it up in the merchant's account.", c.after.Name, c.after.Status))
	}
}
