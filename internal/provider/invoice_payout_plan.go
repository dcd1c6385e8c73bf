package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// aboutPayouts is for the documentation.
const aboutPayouts = "A payout (`p2p.direction = \"out\"`) is money that moves. It is sent once, under an `order_id` of its own, and the plan says so with a warning. After that:\n\n" +
	"- It is never changed, renewed or replaced: a change in the configuration, `-replace` and `replace_triggered_by` are errors in the plan, and a tainted one is an error, " +
	"at the latest in the apply, before anything is sent. The ways out: put the configuration back, or keep a tainted one with `terraform untaint`.\n" +
	"- It is not forgotten by accident: see `deletion_protection`. A new name needs `moved` (or `terraform state mv`); `removed` with `destroy = false` " +
	"(or `terraform state rm`) lets Terraform forget it. Destroying one that is allowed to be destroyed cancels it if it still can be.\n" +
	"- Two payouts under one `order_id` are an error, unless both were made already or one was not carried out.\n" +
	"- One that the gateway calls canceled or expired was not carried out: it may be forgotten, with a warning, or replaced with `-replace`. Only the gateway's word counts, " +
	"not the clock.\n" +
	"- A sum that the gateway recalculates is a warning, and nothing is planned.\n" +
	"- When the gateway's answer is lost, nobody knows whether the payout was made: it is kept with the status `unknown`, and neither repeated, replaced nor destroyed. " +
	"Every plan looks it up by its `order_id`, where the gateway can; once it is found, `terraform untaint` keeps it. Else look it up yourself, and say so with " +
	"`terraform state rm`, followed by an `import` if it was made.\n\n" +
	"On a gateway that cannot look payouts up by their order ids, which a warning tells, a lost state can lead to a second one."

// planProtected plans what is protected: payouts, and invoices that ask for it. It
// reports whether that is all there is to plan.
func (r *invoiceResource) planProtected(ctx context.Context, plan, state *invoiceResourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (planned bool) {
	if !req.Plan.Raw.IsNull() {
		r.planProtection(ctx, plan, req, resp)
	}
	switch {
	case req.State.Raw.IsNull():
		return r.planNewPayout(ctx, &plan.Invoice, req, resp)
	case req.Plan.Raw.IsNull():
		resp.Diagnostics.Append(ledger.MarkDestroy(ctx, resp.Private)...)
		if r.isPayout(&state.Invoice) {
			planPayoutDestroy(state, &resp.Diagnostics)
			r.refuseLeavingPayout(state, &resp.Diagnostics)
			return true
		}
		return refuseProtected(state, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(ledger.UnmarkDestroy(ctx, resp.Private)...)
	isPayout, kept := r.isPayout(&state.Invoice), ""
	switch {
	case isPayout && !state.IsFailedPayout():
		kept = payoutName(state.Payout())
	case !isPayout && state.DeletionProtection.ValueBool():
		kept = invoiceName(&state.Invoice)
	}
	resp.Diagnostics.Append(private.WriteJSON(ctx, resp.Private, ledger.PrivateKept, kept)...)
	if isPayout {
		r.planPayoutChange(ctx, plan, state, private.ReadFlag(ctx, req.Private, privateImported), resp)
	}
	return isPayout
}

func (r *invoiceResource) isPayout(m *gateway.Invoice) bool {
	a := r.adapterOf(m)
	return a != nil && a.IsPayout(m)
}

// fillProtection puts the default where there is none: after an import, in a
// state of an older version, and where the direction was not known before.
func (m *invoiceResourceModel) fillProtection(isPayout bool) {
	if m.DeletionProtection.IsNull() || m.DeletionProtection.IsUnknown() {
		m.DeletionProtection = types.BoolValue(isPayout)
	}
}

// planProtection gives deletion_protection its default, which depends on the
// direction: a schema has only one.
func (r *invoiceResource) planProtection(ctx context.Context, plan *invoiceResourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var configured types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("deletion_protection"), &configured)...)
	a := r.adapterOf(&plan.Invoice)
	if a == nil || !configured.IsNull() {
		return
	}
	object := a.Object(&plan.Invoice)
	if direction, known := object.Attributes()["direction"]; object.IsUnknown() || known && direction.IsUnknown() {
		return
	}
	plan.DeletionProtection = types.BoolValue(a.IsPayout(&plan.Invoice))
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("deletion_protection"), plan.DeletionProtection)...)
}

// planNewPayout plans a payout that is going to be made, and refuses whatever
// would replace one that was, or that is protected.
func (r *invoiceResource) planNewPayout(ctx context.Context, plan *gateway.Invoice, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (planned bool) {
	diags := &resp.Diagnostics
	var kept string
	private.ReadJSON(ctx, req.Private, ledger.PrivateKept, &kept)
	a := r.adapterOf(plan)
	isPayout := a != nil && a.IsPayout(plan)
	switch {
	case kept != "" && isPayout:
		summary, detail := payoutNotReplaced(kept)
		diags.AddError(summary, detail)
	case kept != "":
		diags.AddError("The invoice is protected from being replaced", fmt.Sprintf("The %s has deletion_protection = true in the state. Nothing was sent:\n%s;\n"+
			"- or set deletion_protection = false in it, and apply that first.", kept, ledger.WaysAroundReplacement))
	}
	if kept != "" || !isPayout {
		return kept != ""
	}
	a.MustHaveSettings(diags)
	a.Check(ctx, plan, true, diags)
	if plan.OrderID.IsNull() {
		addOrderMissing(diags)
	}
	var config invoiceResourceModel
	diags.Append(req.Config.Get(ctx, &config)...)
	r.planPayoutTwin(ctx, plan, resp)
	if !diags.HasError() {
		warnMoneyLeaves(ctx, plan, &config.Invoice, diags)
	}
	diags.Append(resp.Plan.SetAttribute(ctx, path.Root("gateway"), a.Name())...)
	return true
}

func (r *invoiceResource) planPayoutTwin(ctx context.Context, plan *gateway.Invoice, resp *resource.ModifyPlanResponse) {
	if r.run == nil {
		return
	}
	one := plan.Payout()
	one.IsNew = true
	if unclear, found := r.run.Register.Unclear(one.Kind); found && plan.OrderID.IsUnknown() {
		// It may be the unclear one itself, which is tainted.
		resp.Diagnostics.AddAttributeError(path.Root("order_id"), "A payout is unclear",
			fmt.Sprintf("The order_id is not known yet, and may be that of a payout %s.\n\n%s", unclear.Name(), unclearPayoutWays))
		return
	}
	if left, found := r.run.Register.NoteLeaving(one); found {
		resp.Diagnostics.AddAttributeError(path.Root("order_id"), "A payout may be made again", ledger.MayBeMadeAgain("order_id", payoutName(left)))
		return
	}
	if twin, found := r.run.Register.Note(ledger.OwnerOfNew(ctx, resp.Private), one); found {
		summary, detail := twinOfPayout(twin)
		resp.Diagnostics.AddAttributeError(path.Root("order_id"), summary, detail)
	}
}

// warnMoneyLeaves says how much will go where. Terraform shows one of several
// warnings that have the same summary.
func warnMoneyLeaves(ctx context.Context, plan, config *gateway.Invoice, diags *diag.Diagnostics) {
	amount, order := "An amount that is not known yet", "not known yet"
	if !plan.Amount.IsUnknown() {
		amount = plan.Money()
	}
	if !plan.OrderID.IsUnknown() {
		order = fmt.Sprintf("%q", plan.OrderID.ValueString())
	}
	diags.AddAttributeWarning(path.Root("amount"), fmt.Sprintf("%s will be paid out to %s (order %s)", amount, receiver(ctx, config), order),
		"Applying sends the money. It cannot be taken back.")
}

// receiver is where a payout goes to, masked.
func receiver(ctx context.Context, config *gateway.Invoice) string {
	var ignored diag.Diagnostics
	block := attributes.ReadObject[p2pBlock](ctx, config.P2P, &ignored)
	to := block.PaymentRequisites
	if to.IsNull() {
		to = block.PaymentRequisitesWO
	}
	requisites := attributes.ReadObject[requisitesModel](ctx, to, &ignored).Requisites
	if to.IsUnknown() || requisites.IsUnknown() {
		return "requisites that are not known yet"
	}
	return masked(requisites.ValueString())
}

// masked leaves the last four digits of a card or phone number.
func masked(number string) string {
	digits := attributes.DigitsOf(number)
	if len(digits) < 2*4 {
		return "…"
	}
	return "…" + digits[len(digits)-4:]
}

// planPayoutDestroy refuses to forget what was made, or may have been.
func planPayoutDestroy(state *invoiceResourceModel, diags *diag.Diagnostics) {
	switch {
	case state.IsUnclear():
		diags.AddError("An unclear payout is neither destroyed nor replaced", unclearPayout(state.OrderID.ValueString(), state.Money()))
	case state.IsFailedPayout():
		diags.AddWarning("A payout that was not carried out will be forgotten", fmt.Sprintf("The %s is %q: no money was sent.", invoiceName(&state.Invoice), state.GatewayStatus.ValueString()))
	case ledger.IsProtected(state.DeletionProtection):
		diags.AddError("The payout is protected from being forgotten", fmt.Sprintf("Payout p2p/%s has been sent, and deletion_protection is not false in the state. "+
			"Once forgotten, it could be sent a second time. Either put it back into the configuration; or:\n%s", state.Payout().Name(), ledger.WaysToForget("invoice_invoice")))
	case state.Status.ValueString() == gateway.StatusPaid:
		warnPaidInvoice(&state.Invoice, diags)
	default:
		diags.AddWarning("The payout will be canceled if it still can be", fmt.Sprintf("The %s is %q.", invoiceName(&state.Invoice), state.GatewayStatus.ValueString()))
	}
}

// refuseLeavingPayout refuses to forget a payout while another one is planned of
// which nobody knows yet that it is not the same.
func (r *invoiceResource) refuseLeavingPayout(state *invoiceResourceModel, diags *diag.Diagnostics) {
	if r.run == nil || diags.HasError() {
		return
	}
	one := state.Payout()
	one.IsLeaving = true
	if _, found := r.run.Register.NoteLeaving(one); found {
		diags.AddAttributeError(path.Root("order_id"), "A payout may be made again", ledger.MayBeMadeAgain("order_id", payoutName(one)))
	}
}

// refuseProtected refuses to destroy or replace an invoice that asks for it. It
// reports whether it does.
func refuseProtected(state *invoiceResourceModel, diags *diag.Diagnostics) bool {
	if !state.DeletionProtection.ValueBool() {
		return false
	}
	diags.AddError("The invoice is protected from being destroyed", fmt.Sprintf("The %s has deletion_protection = true in the state. Nothing was changed. "+
		"Either put it back into the configuration, as it was applied; or:\n%s", invoiceName(&state.Invoice), ledger.WaysToForget("invoice_invoice")))
	return true
}

// planPayoutChange refuses every change: money that moves cannot be changed, and
// replacing a payout would send it a second time.
func (r *invoiceResource) planPayoutChange(ctx context.Context, plan, state *invoiceResourceModel, imported bool, resp *resource.ModifyPlanResponse) {
	a := r.adapterOf(&state.Invoice)
	object := a.Object(&plan.Invoice)
	switch {
	case object.IsUnknown(): // looked at when it is applied
	case object.IsNull():
		refusePayoutChange(a.Name(), state, &resp.Diagnostics)
	case imported:
		refuseImportDiffers(invoiceDifferences(a, a, &plan.Invoice, &state.Invoice), &resp.Diagnostics)
		forgetRequisites(ctx, a, plan, state, resp)
	default:
		for _, name := range attributes.KnownChanges(plan.Arguments(a), state.Arguments(a)) {
			refusePayoutChange(name, state, &resp.Diagnostics)
		}
	}
	if r.run == nil {
		return
	}
	one := state.Payout()
	owner := one.Owner()
	one.Keys = append(one.Keys, plan.Payout().Keys...)
	if twin, found := r.run.Register.Note(owner, one); found && twin.IsNew {
		summary, detail := twinOfStoredPayout(one)
		resp.Diagnostics.AddAttributeError(path.Root("order_id"), summary, detail)
	}
}

func refusePayoutChange(name string, state *invoiceResourceModel, diags *diag.Diagnostics) {
	diags.AddAttributeError(attributes.Path(name), "A payout cannot be changed",
		fmt.Sprintf("The %s has been sent; changing it would send money a second time. Either put %s back to what was applied, and add a new resource for a further payout; "+
			"or let Terraform forget this one:\n%s", invoiceName(&state.Invoice), name, ledger.WaysToForget("invoice_invoice")))
}
