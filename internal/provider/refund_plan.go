package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

func (r *refundResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config refundModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	warnReceipt(ctx, config.Amount, config.Receipt, &resp.Diagnostics)
}

// ModifyPlan decides what may become of a refund: a new one is made, one that was
// made stays as it is, and is forgotten only where that was allowed before.
func (r *refundResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state, plan refundModel
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case req.State.Raw.IsNull():
		r.planNew(ctx, &plan, resp)
	case req.Plan.Raw.IsNull():
		planRefundDestroy(&state, &resp.Diagnostics)
		r.refuseLeaving(&state, &resp.Diagnostics)
		resp.Diagnostics.Append(ledger.MarkDestroy(ctx, resp.Private)...)
	default:
		r.planChange(ctx, &plan, &state, private.ReadFlag(ctx, req.Private, privateImported), resp)
	}
}

func (r *refundResource) planNew(ctx context.Context, plan *refundModel, resp *resource.ModifyPlanResponse) {
	var kept string
	if private.ReadJSON(ctx, resp.Private, ledger.PrivateKept, &kept); kept != "" {
		summary, detail := refundNotReplaced(kept)
		resp.Diagnostics.AddError(summary, detail)
		return
	}
	if r.run == nil {
		return
	}
	one := plan.outgoing()
	one.IsNew = true
	if unclear, found := r.run.Register.Unclear(one.Kind); found && len(one.Keys) == 0 {
		// It may be the unclear one itself, which is tainted.
		resp.Diagnostics.AddAttributeError(path.Root("payment_id"), "A refund is unclear", fmt.Sprintf("The payment, amount or sequence is not known yet, "+
			"and may be that of a refund %s.\n\n%s", unclear.Name(), unclearRefundWays))
		return
	}
	if left, found := r.run.Register.NoteLeaving(one); found {
		resp.Diagnostics.AddAttributeError(path.Root("payment_id"), "A refund may be made again", ledger.MayBeMadeAgain("payment_id, amount or sequence", "refund "+left.Name()))
		return
	}
	if twin, found := r.run.Register.Note(ledger.OwnerOfNew(ctx, resp.Private), one); found {
		summary, detail := twinOfRefund(twin)
		resp.Diagnostics.AddAttributeError(path.Root("amount"), summary, detail)
		return
	}
	amount, payment := "An amount that is not known yet", "a payment that is not known yet"
	if !plan.Amount.IsUnknown() {
		amount = plan.Amount.ValueString() + " " + plan.Currency.ValueString()
	}
	if !plan.PaymentID.IsUnknown() {
		payment = "payment " + plan.PaymentID.ValueString()
	}
	// Terraform shows one of several warnings that have the same summary.
	resp.Diagnostics.AddAttributeWarning(path.Root("amount"), fmt.Sprintf("%s will be refunded for %s", amount, payment),
		"Applying sends the money back. It cannot be taken back.")
}

func (r *refundResource) planChange(ctx context.Context, plan, state *refundModel, imported bool, resp *resource.ModifyPlanResponse) {
	kept := ""
	if !state.isFailed() { // of what failed no money has moved
		kept = "Refund " + state.outgoing().Name()
	}
	resp.Diagnostics.Append(private.WriteJSON(ctx, resp.Private, ledger.PrivateKept, kept)...)
	resp.Diagnostics.Append(ledger.UnmarkDestroy(ctx, resp.Private)...)
	if imported {
		refuseImportDiffers(importedDifferences(plan.arguments(), state.arguments(), refundRewritable...), &resp.Diagnostics)
		warnImportRewritten(plan.arguments(), state.arguments(), &resp.Diagnostics, refundRewritable...)
	} else {
		for _, name := range attributes.KnownChanges(plan.arguments(), state.arguments()) {
			resp.Diagnostics.AddAttributeError(path.Root(name), "A refund cannot be changed", refundChangeRefused(name, state))
		}
	}
	if r.run == nil {
		return
	}
	one := state.outgoing()
	owner := one.Owner()
	one.Keys = append(one.Keys, plan.outgoing().Keys...)
	if twin, found := r.run.Register.Note(owner, one); found && twin.IsNew {
		summary, detail := twinOfStoredRefund(one)
		resp.Diagnostics.AddAttributeError(path.Root("amount"), summary, detail)
	}
}

func refundChangeRefused(name string, state *refundModel) string {
	return fmt.Sprintf("Refund %s has been sent; changing it would send money a second time. Either put %s back to what was applied, "+
		"and add a new resource for a further refund; or let Terraform forget this one:\n%s", state.ID.ValueString(), name, ledger.WaysToForget("invoice_refund"))
}

// planRefundDestroy refuses to forget what was made, or may have been.
func planRefundDestroy(state *refundModel, diags *diag.Diagnostics) {
	switch {
	case state.isUnclear():
		diags.AddError("An unclear refund is neither destroyed nor replaced", unclearRefund(state.PaymentID.ValueString(), state.Amount.ValueString()))
	case state.isFailed():
		diags.AddWarning("A failed refund will be forgotten",
			fmt.Sprintf("Refund %s of payment %s is %q: no money was sent back.", state.ID.ValueString(), state.PaymentID.ValueString(), state.Status.ValueString()))
	case ledger.IsProtected(state.DeletionProtection):
		diags.AddError("The refund is protected from being forgotten", fmt.Sprintf("Refund %s has been sent, and deletion_protection is not false in the state. "+
			"Once forgotten, it could be sent a second time. Either put it back into the configuration; or:\n%s", state.outgoing().Name(), ledger.WaysToForget("invoice_refund")))
	default:
		diags.AddWarning("The refund will only be forgotten", fmt.Sprintf("Refund %s. %s", state.ID.ValueString(), refundStays))
	}
}

// refuseLeaving refuses to forget a refund while another one is planned of which
// nobody knows yet that it is not the same.
func (r *refundResource) refuseLeaving(state *refundModel, diags *diag.Diagnostics) {
	if r.run == nil || diags.HasError() {
		return
	}
	one := state.outgoing()
	one.IsLeaving = true
	if _, found := r.run.Register.NoteLeaving(one); found {
		diags.AddAttributeError(path.Root("payment_id"), "A refund may be made again", ledger.MayBeMadeAgain("payment_id, amount or sequence", "refund "+one.Name()))
	}
}

const refundStays = "Money that has been sent back stays sent: destroying only makes Terraform forget the refund."

// refundNotReplaced is what a user reads about a refund that Terraform wants to
// replace.
func refundNotReplaced(name string) (summary, detail string) {
	return "A refund is not replaced", fmt.Sprintf("%s has been sent, or may have been; replacing it would send money a second time. Nothing was sent:\n%s;\n"+
		"- for a further refund, add a new resource.", name, ledger.WaysAroundReplacement)
}

// unclearRefundWays are the ways out for a refund that may have been made.
const unclearRefundWays = "To find out, look the payment up in the merchant's account, or ask the gateway's support. Then:\n" +
	"- if it was made: terraform state rm <its address>, and import it by the id that the account shows:\n" +
	"  import {\n    to = invoice_refund.NAME\n    id = \"…\"\n  }\n" +
	"- if it was not: terraform state rm <its address>, and apply again;\n" +
	"- until that is known, terraform untaint <its address> keeps it, and everything else can be planned and applied."

// unclearRefund is what a user reads about a refund that may have been made.
func unclearRefund(paymentID, amount string) string {
	return fmt.Sprintf("A refund of %s for payment %s was sent, and the gateway's answer never came: it may have been made. It is not sent again.\n\n%s",
		amount, paymentID, unclearRefundWays)
}
