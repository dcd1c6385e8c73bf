package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

var (
	_ action.ActionWithConfigure      = (*refundAction)(nil)
	_ action.ActionWithModifyPlan     = (*refundAction)(nil)
	_ action.ActionWithValidateConfig = (*refundAction)(nil)
)

// refundAction sends money back once for each time that it is invoked. It leaves nothing in the
// state, so nothing recognises what an earlier run has sent.
type refundAction struct {
	refunders []gateway.Refunder
	run       *ledger.Run
}

func newRefundAction() action.Action {
	return &refundAction{refunders: gateway.Select[gateway.Refunder](unconfigured)}
}

func (a *refundAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_refund"
}

func (a *refundAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Refunds a paid payment of Invoice API v2 or of PayKeeper, in full or in part, once for each time that it is invoked.\n\n" +
			"**Prefer the resource `invoice_refund`.** The state remembers that one, so it is never sent twice. An action leaves nothing in the state: each `-invoke`, and each event that triggers it, " +
			"sends the money once more, unless PayKeeper shows the refund already. It is for refunds that a person asks for by hand, one at a time. What protects against a second one:\n\n" +
			"- The payment is looked at first, in the plan as well where its id is known. One that is not paid, or that shows as refunded, is an error, and so is an amount above the payment's. " +
			"As long as something is left of the payment, the gateway makes another refund.\n" +
			"- PayKeeper lists the refunds of a payment. If one of this amount is there already, nothing is sent, and a warning names it: give a further one another `sequence`. " +
			"If the answer is lost, the action looks for the new refund before it ends.\n" +
			"- A refund with the `payment_id`, `amount` and `sequence` of a resource `invoice_refund`, which this run makes or the state holds, is an error, and so is the second of two actions in one run. " +
			"With `-invoke` and with `-target`, Terraform reads only what the action refers to, so the provider does not know the rest of the state then. " +
			"Write `payment_id = invoice_refund.NAME.payment_id`, and it sees that refund. Another provider block (`alias`) is a run of its own, and sees nothing of this one.\n" +
			"- The refund is sent once, whatever the answer. If the answer is lost, an error says that it may have been made: look at the payment in the merchant's account before you invoke the action again.\n" +
			"- Trigger it `after_create` or `after_update` only. A failed `before_create` or `before_update` keeps the resource from being changed, so the next apply triggers the action again, " +
			"and so do `on_failure = taint` and a run that was killed before it had written its state. `on_failure = continue` makes the error of a lost answer a warning.\n\n" +
			"Two-stage payments of PayKeeper, which are held first, are not supported: see the resource.\n\n" +
			"Note the refund's id, which the action shows: the data source `invoice_refund` reads its status, and an `import` block takes it into the state.\n\n" +
			"Needs Terraform 1.14 or newer; OpenTofu has no actions. The way without: the resource `invoice_refund`. " + aboutActionRuns +
			" After an error that says that the refund may have been made, look first.\n\n" +
			"Source: Invoice API guide, sections 7.2.4 (GetPayment) and 7.2.7 (CreateRefund); for PayKeeper, see the resource.",
		Attributes: map[string]schema.Attribute{},
	}
	var of resource.SchemaResponse
	newRefundResource().Schema(ctx, resource.SchemaRequest{}, &of)
	for _, name := range refundActionArguments {
		resp.Schema.Attributes[name] = attributes.ForAction(of.Schema.Attributes[name])
	}
}

func (a *refundAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		a.refunders, a.run = gateway.Select[gateway.Refunder](data.gateways), data.run
	}
}

func (a *refundAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	warnReceipt(ctx, req.Config, &resp.Diagnostics)
	var model refundActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	refund := model.refund()
	if refunder := refunderOf(a.refunders, refund); refunder != nil && !resp.Diagnostics.HasError() {
		refunder.CheckRefund(ctx, refund.order(nil), &resp.Diagnostics)
	}
}

func (a *refundAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var model refundActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	refund := model.refund()
	refunder := refunderOf(a.refunders, refund)
	if refunder != nil {
		refunder.MustHaveSettings(&resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() || !refund.outgoing().PlanAction(a.run, &resp.Diagnostics) {
		return
	}
	if refunder != nil && refunder.IsConnected() && !refund.PaymentID.IsUnknown() {
		payment, err := refunder.FindRefundable(ctx, refund.PaymentID.ValueString())
		if err != nil {
			reportPlanLook("payment "+refund.PaymentID.ValueString(), err, &resp.Diagnostics)
		} else {
			refund.refuseRefund(payment, &resp.Diagnostics)
		}
	}
	if !resp.Diagnostics.HasError() {
		warnMoneyGoesBack(refund, &resp.Diagnostics)
	}
}

func (a *refundAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var model refundActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	refund := model.refund()
	refunder := refunderOf(a.refunders, refund)
	if resp.Diagnostics.HasError() || !refunder.Ready(&resp.Diagnostics) {
		return
	}
	id := refund.PaymentID.ValueString()
	order := refund.order(a.run)
	order.IsByAction = true
	refunder.CheckRefund(ctx, order, &resp.Diagnostics)
	sending := refund.outgoing().SendByAction(a.run, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	// Progress right before the sending could end Terraform's reading just then: see tell.
	tell(ctx, resp, fmt.Sprintf("Looking at payment %s, to send the refund of %s once.", id, refund.outgoing().About))
	payment, err := refunder.FindRefundable(ctx, id)
	switch {
	case err != nil:
		sending.NoteNotMade()
		reportLook("payment "+id, err, &resp.Diagnostics)
		return
	case refund.refuseRefund(payment, &resp.Diagnostics):
		sending.NoteNotMade()
		return
	}
	order.Unclear = func() string { return unclearRefundOf(ctx, refunder, refund, payment) }
	made := refunder.MakeRefund(ctx, order, &resp.Diagnostics)
	switch {
	case made.Shown != nil:
		refund.applyRemote(made.Shown)
		sending.NoteMade(refund.outgoing())
		tellRefund(ctx, resp, refund, made.IsAdopted)
	case made.IsUnclear:
		refund.markUnknown()
		sending.NoteMade(refund.outgoing())
		if made.IsAccepted {
			warnAccepted(refund, couldNotLook(made.Seen), "An action leaves nothing in the state: look at the refunds of the payment (data source invoice_payment) before you invoke it again.", &resp.Diagnostics)
		}
	default:
		sending.NoteNotMade()
	}
}

// unclearRefundOf says that a refund may have been made, and what its payment shows.
func unclearRefundOf(ctx context.Context, refunder gateway.Refunder, refund *refundModel, before *gateway.Refundable) string {
	unclear := refund.outgoing().UnclearAction()
	if after, err := refunder.FindRefundable(ctx, refund.PaymentID.ValueString()); err == nil && after != nil && after.Status != before.Status {
		unclear += fmt.Sprintf(" The payment was %q before, and is %q now.", before.Status, after.Status)
	}
	return unclear
}

// tellRefund shows what the gateway has made of a refund.
func tellRefund(ctx context.Context, resp *action.InvokeResponse, refund *refundModel, isAdopted bool) {
	switch one := refund.outgoing(); {
	case isAdopted:
		tell(ctx, resp, fmt.Sprintf("Refund %s of %s was there already: its status is %q. Nothing was sent.", one.ID, one.About, one.Status))
	case one.IsFailed:
		addRefundFailed(refund, &resp.Diagnostics)
	case one.IsPending:
		tell(ctx, resp, fmt.Sprintf("Refund %s of %s is accepted: its status is %q, and its result comes later. The data source invoice_refund reads it.", one.ID, one.About, one.Status))
	default:
		tell(ctx, resp, fmt.Sprintf("Refund %s of %s is made: its status is %q.", one.ID, one.About, one.Status))
	}
}

// addRefundFailed is an error: nothing keeps the refund, so nobody would learn of it later.
func addRefundFailed(refund *refundModel, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("payment_id"), "A refund failed",
		fmt.Sprintf("The gateway could not make refund %s of payment %s: its status is %q. No money was sent. To try once more, invoke the action again.",
			refund.ID.ValueString(), refund.PaymentID.ValueString(), refund.Status.ValueString()))
}
