package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// aboutPayouts is part of the resource's documentation.
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

// Payout returns the payout for the ledger, with its protection.
func (m *invoiceResourceModel) Payout() ledger.Outgoing {
	one := m.Invoice.Payout()
	one.Protection = m.DeletionProtection
	return one
}

func addOrderMissing(diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("order_id"), "A payout needs an order_id",
		"Nothing was sent. If the gateway's answer or the state is lost, a payout can be found again only by its order id. The order id also tells two payouts apart: "+
			"give each new payout one of its own. If this one is already in the state, and Terraform replaces it because it is tainted, keep it: "+ledger.Untaint+".")
}

// planNewPayout plans a payout that is to be made. It refuses to replace one that was
// made, or a protected invoice. It reports whether nothing else is left to plan.
func (r *invoiceResource) planNewPayout(ctx context.Context, plan *gateway.Invoice, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (planned bool) {
	diags := &resp.Diagnostics
	a := r.adapterOf(plan)
	switch isPayout := gateway.IsPayout(a, plan); {
	case isPayout && ledger.Payouts.RefuseReplacement(ctx, req.Private, diags):
		return true
	case !isPayout:
		return refuseProtectedReplacement(ctx, req.Private, diags)
	}
	a.MustHaveSettings(diags)
	config := configuredInvoice(ctx, req.Config, diags)
	a.Check(ctx, plan, config, diags)
	if plan.OrderID.IsNull() {
		addOrderMissing(diags)
	}
	if plan.NewPayout(a).PlanNew(ctx, r.run, resp.Private, diags) && !diags.HasError() {
		warnMoneyLeaves(ctx, a, plan, config, diags)
	}
	diags.Append(resp.Plan.SetAttribute(ctx, path.Root("gateway"), a.Name())...)
	return true
}

// warnMoneyLeaves says how much goes where. It says so in the summary, since Terraform
// shows only one of several warnings with the same summary.
func warnMoneyLeaves(ctx context.Context, a gateway.InvoiceAdapter, plan, config *gateway.Invoice, diags *diag.Diagnostics) {
	amount, order := "An amount that is not known yet", "not known yet"
	if !plan.Amount.IsUnknown() {
		amount = plan.Money()
	}
	receiver := ""
	if payer, ok := a.(gateway.Payer); ok {
		receiver = payer.Receiver(ctx, config)
	}
	if !plan.OrderID.IsUnknown() {
		order = fmt.Sprintf("%q", plan.OrderID.ValueString())
	}
	diags.AddAttributeWarning(path.Root("amount"), fmt.Sprintf("%s will be paid out to %s (order %s)", amount, receiver, order),
		"Applying sends the money. It cannot be taken back.")
}

// payoutDestroyWarning warns about the destroy of a payout.
func payoutDestroyWarning(state *gateway.Invoice) diag.Diagnostic {
	if state.Status.ValueString() == gateway.StatusPaid {
		return paidInvoiceWarning(state)
	}
	return diag.NewWarningDiagnostic("The payout will be canceled if it still can be", fmt.Sprintf("The %s is %q.", invoiceName(state), state.GatewayStatus.ValueString()))
}

// planPayoutChange refuses every change: money that moves cannot be changed, and a
// replacement would send it a second time.
func (r *invoiceResource) planPayoutChange(ctx context.Context, plan, state *invoiceResourceModel, imported bool, resp *resource.ModifyPlanResponse) {
	a := r.adapterOf(&state.Invoice)
	object := plan.Object(a)
	switch {
	case object.IsUnknown(): // the apply checks it
	case object.IsNull():
		state.Payout().RefuseChange(path.Root(a.Name()), &resp.Diagnostics)
	case imported:
		remote.RefuseContradictions(invoiceDifferences(a, a, &plan.Invoice, &state.Invoice), &resp.Diagnostics)
		if payer, ok := a.(gateway.Payer); ok {
			// The configuration may keep the receiver, which the import has read, out of the state.
			if name, value := payer.WithoutReceiver(&plan.Invoice, &state.Invoice); name != "" {
				resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(a.Name()).AtName(name), value)...)
			}
		}
	default:
		for _, name := range gateway.InvoiceArguments(a).CertainlyChanged(&plan.Invoice, &state.Invoice) {
			state.Payout().RefuseChange(attributes.Path(name), &resp.Diagnostics)
		}
	}
	state.Payout().PlanStored(r.run, plan.Payout(), &resp.Diagnostics)
}

// deletePayout forgets a payout, and first cancels one that is not over.
func (r *invoiceResource) deletePayout(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := &model.Invoice
	isRefused := model.Payout().RefuseDestroy(ctx, payoutDestroyWarning(state), req.Private, &resp.Diagnostics)
	isOver := state.IsFailedPayout() || state.Status.ValueString() == gateway.StatusPaid
	if !isRefused && !isOver && a.Ready(&resp.Diagnostics) {
		cancelPayout(ctx, a, state, &resp.Diagnostics)
	}
}

// cancelPayout cancels a payout. If the gateway refuses, Terraform forgets it all the same:
// the user has lifted its protection.
func cancelPayout(ctx context.Context, a gateway.InvoiceAdapter, state *gateway.Invoice, diags *diag.Diagnostics) {
	err := a.Withdraw(ctx, state.ID.ValueString())
	if err == nil {
		return
	}
	failed := gateway.FailedCall{Attempt: "cancel " + invoiceName(state), Unclear: "It may have been canceled. Destroy again: that does no harm."}
	if transport.IsReadOnly(err) {
		failed.Report(diags, err)
		return
	}
	shown, findErr := a.Find(ctx, state)
	switch {
	case findErr == nil && shown != nil && shown.IsPaid():
		diags.Append(paidInvoiceWarning(state))
	case transport.OutcomeOf(err) == transport.Refused:
		diags.AddWarning("The payout was not canceled", fmt.Sprintf("The gateway refuses to cancel the %s: %s. Terraform forgets it, and it may still be paid out.", invoiceName(state), err))
	default:
		failed.Report(diags, err)
	}
}

// readPayout refreshes a payout. It is never removed from the state or planned again by
// itself, and the state keeps what was applied.
func (r *invoiceResource) readPayout(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, req resource.ReadRequest, resp *resource.ReadResponse) {
	shown, err := a.Find(ctx, &model.Invoice)
	if err != nil {
		gateway.FailedCall{Attempt: "read " + invoiceName(&model.Invoice)}.Report(&resp.Diagnostics, err)
		return
	}
	switch {
	case shown == nil && model.IsUnclear():
		model.Payout().WarnUnclear("", &resp.Diagnostics)
	case shown == nil:
		resp.Diagnostics.AddWarning("The gateway does not show payout "+model.ID.ValueString(),
			"It stays in the state, and is not made again: the money may well have moved. If other invoices are missing too, first check base_url in the provider's "+a.Name()+" block. "+
				"If the money never moved, remove the payout with "+ledger.StateRm+" and apply again.")
	case model.IsUnclear():
		model.Payout().NoteFound(r.run, a.Name()+"/"+shown.ID)
		resp.Diagnostics.AddWarning("The earlier payout was made",
			fmt.Sprintf("The gateway shows it under order %q as %s/%s. If it is tainted, keep it: %s.", model.OrderID.ValueString(), a.Name(), shown.ID, ledger.Untaint))
	case shown.Status == gateway.StatusCanceled || shown.Status == gateway.StatusExpired:
		resp.Diagnostics.AddWarning("A payout was not carried out",
			fmt.Sprintf("Payout %s is %q. It stays in the state, and is not made again by itself. To make another, apply with -replace=<its address>, "+
				"or add a new resource.", shown.ID, shown.GatewayStatus))
	}
	if shown != nil {
		arguments := gateway.InvoiceArguments(a)
		known := arguments.Read(ctx, &model.Invoice, req.Private)
		model.ApplyRemote(a, shown)
		warnDrift(&model.Invoice, arguments.DriftsOnce(&model.Invoice, shown, &known), &resp.Diagnostics)
		resp.Diagnostics.Append(arguments.Write(ctx, &model.Invoice, known, resp.Private)...)
	}
	model.fillProtection(true)
	resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, model, model.Objects)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
}
