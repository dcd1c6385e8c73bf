package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

func (r *refundResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	warnReceipt(ctx, req.Config, &resp.Diagnostics)
	var config refundModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if refunder := refunderOf(r.refunders, &config); refunder != nil && !resp.Diagnostics.HasError() {
		refunder.CheckRefund(ctx, config.order(nil), &resp.Diagnostics)
	}
}

// ModifyPlan decides what may become of a refund: a new one is made, one that was
// made stays as it is, and is forgotten only where that was allowed before.
func (r *refundResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	plan, state := readPlan[refundModel](ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case req.State.Raw.IsNull():
		r.planNew(ctx, &plan, resp)
	case req.Plan.Raw.IsNull():
		state.outgoing().PlanDestroy(r.run, refundDestroyWarning(&state), &resp.Diagnostics)
		resp.Diagnostics.Append(ledger.MarkDestroy(ctx, resp.Private)...)
	default:
		state.fillIn() // an older version has stored less
		plan.fillIn()
		one := state.outgoing()
		resp.Diagnostics.Append(ledger.WriteKept(ctx, resp.Private, one.KeptName())...)
		planRefundChange(&plan, &state, remote.ReadMarks(ctx, req.Private).Imported, &resp.Diagnostics)
		one.PlanStored(r.run, plan.outgoing(), &resp.Diagnostics)
	}
}

func (r *refundResource) planNew(ctx context.Context, plan *refundModel, resp *resource.ModifyPlanResponse) {
	if refunder := refunderOf(r.refunders, plan); refunder != nil {
		refunder.MustHaveSettings(&resp.Diagnostics)
	}
	if !ledger.Refunds.RefuseReplacement(ctx, resp.Private, &resp.Diagnostics) && plan.outgoing().PlanNew(ctx, r.run, resp.Private, &resp.Diagnostics) {
		warnMoneyGoesBack(plan, &resp.Diagnostics)
	}
}

// warnMoneyGoesBack says how much goes back. Terraform shows one of several warnings
// that have the same summary.
func warnMoneyGoesBack(plan *refundModel, diags *diag.Diagnostics) {
	amount, payment := "An amount that is not known yet", "a payment that is not known yet"
	if !plan.Amount.IsUnknown() {
		amount = plan.Amount.ValueString() + " " + plan.Currency.ValueString()
	}
	if !plan.PaymentID.IsUnknown() {
		payment = "payment " + plan.PaymentID.ValueString()
	}
	if plan.Sequence.ValueInt64() > 1 {
		payment += fmt.Sprintf(" (sequence %d)", plan.Sequence.ValueInt64())
	}
	diags.AddAttributeWarning(path.Root("amount"), fmt.Sprintf("%s will be refunded for %s", amount, payment),
		"Applying sends the money back. It cannot be taken back.")
}

func planRefundChange(plan, state *refundModel, imported bool, diags *diag.Diagnostics) {
	switch {
	case refuseUnread(imported && state.isUnread(), "refund "+state.ID.ValueString(), diags):
		return
	case imported:
		remote.PlanImported(refundArguments.Contradictions(plan, state), diags)
		return
	}
	for _, name := range refundArguments.CertainlyChanged(plan, state) {
		state.outgoing().RefuseChange(path.Root(name), diags)
	}
	if state.traits().IsOfPayment && !plan.Sequence.IsUnknown() && !plan.Sequence.Equal(state.Sequence) {
		diags.AddAttributeWarning(path.Root("sequence"), "A refund gets another number",
			fmt.Sprintf("The sequence of the %s changes from %d to %d. Nothing is sent. But a later run knows the refunds of a payment by their numbers: "+
				"a further one may be taken for this one then, and not be made. Number the refunds of a payment in the order in which they were made.",
				state.outgoing().Name(), state.Sequence.ValueInt64(), plan.Sequence.ValueInt64()))
	}
}

// refundDestroyWarning is what a destroy of a refund says. Each refund has a summary of its own,
// since Terraform shows one of several warnings that have the same.
func refundDestroyWarning(state *refundModel) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Refund %s will only be forgotten", state.ID.ValueString()),
		"Money that has been sent back stays sent: destroying only makes Terraform forget the refund.")
}
