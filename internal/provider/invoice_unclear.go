package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// An unclear invoice is one with an order id whose creation was never answered. The state
// keeps its order id and the time. Before another invoice is issued, the provider looks for
// it by those.

// invoiceKind is the ledger's word for the invoices of all gateways.
const invoiceKind = "invoice"

// warnForgotten says that the provider gives up looking for an unclear invoice.
func warnForgotten(m *gateway.Invoice, seen string, diags *diag.Diagnostics) {
	diags.AddWarning("An unclear invoice is forgotten",
		fmt.Sprintf("The creation of the %s, sent at %s, was never answered: %s. To be certain, look for order %q in the merchant's account, and withdraw it if it is there.",
			invoiceName(m), m.CreatedAt.ValueString(), seen, m.OrderID.ValueString()))
}

func lookFailed(m *gateway.Invoice) gateway.FailedCall {
	return gateway.FailedCall{
		Attempt: "look for " + invoiceName(m),
		Next: fmt.Sprintf("Nothing was withdrawn or issued. Try again later; or look for order %q in the merchant's account, withdraw it if it is there, "+
			"and let Terraform forget it: "+ledger.StateRm+".", m.OrderID.ValueString()),
	}
}

// refuseWhileUnclear refuses to plan an invoice if an unclear one of the same order may still
// come. With create_before_destroy, the new one would be issued before Delete looks for the
// unclear one, and Create does not see that one.
func (r *invoiceResource) refuseWhileUnclear(ctx context.Context, a gateway.InvoiceAdapter, plan *gateway.Invoice, diags *diag.Diagnostics) {
	orderID := plan.OrderID.ValueString()
	if orderID == "" || gateway.IsPayout(a, plan) {
		return
	}
	sent := r.run.UnclearSince(invoiceKind, orderID)
	if !r.run.MayStillCome(sent) || !a.Refresh(false, diags) {
		return
	}
	unclear := *plan
	unclear.ID, unclear.CreatedAt = types.StringNull(), sent
	shown, err := a.FindUnclear(ctx, &unclear)
	switch {
	case errors.Is(err, gateway.ErrNoLookUp):
	case err != nil:
		lookFailed(&unclear).Report(diags, err)
	case shown == nil:
		diags.AddError(r.run.MayStillBeIssued("An invoice", fmt.Sprintf("invoice of order %q", orderID)))
	}
}

// settleUnclear looks for an unclear invoice. isSettled is false while the outcome stays
// unknown: either an error says why, or report gets the message that it may still be issued.
// shown is nil if there is no invoice.
func (r *invoiceResource) settleUnclear(ctx context.Context, a gateway.InvoiceAdapter, m *gateway.Invoice, report func(summary, detail string), diags *diag.Diagnostics) (shown *gateway.ShownInvoice, isSettled bool) {
	shown, err := a.FindUnclear(ctx, m)
	switch {
	case errors.Is(err, gateway.ErrNoLookUp):
		warnForgotten(m, err.Error(), diags)
	case err != nil:
		lookFailed(m).Report(diags, err)
		return nil, false
	case shown == nil && r.run.MayStillCome(m.CreatedAt):
		report(r.run.MayStillBeIssued("An invoice", invoiceName(m)))
		return nil, false
	case shown == nil:
		warnForgotten(m, "the gateway shows no such invoice", diags)
	}
	r.run.SettleUnclear(invoiceKind, m.OrderID.ValueString())
	return shown, true
}

// readUnclear refreshes an unclear invoice.
func (r *invoiceResource) readUnclear(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, resp *resource.ReadResponse) {
	shown, isSettled := r.settleUnclear(ctx, a, &model.Invoice, resp.Diagnostics.AddWarning, &resp.Diagnostics)
	switch {
	case shown != nil:
		r.takeFound(ctx, a, model, shown, resp)
	case isSettled:
		resp.State.RemoveResource(ctx)
	}
}

// takeFound takes an unclear invoice that was found into the state.
func (r *invoiceResource) takeFound(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, shown *gateway.ShownInvoice, resp *resource.ReadResponse) {
	// Its creation failed before the mail. The next plan sends it if the configuration says so.
	var known remote.Memory
	arguments := gateway.InvoiceArguments(a)
	known.Note(a.Name()+"."+gateway.ArgumentSend, "true")
	model.ApplyRemote(a, shown)
	arguments.Refresh(&model.Invoice, shown, &known)
	what := "Terraform has marked it as tainted, so it plans to withdraw it and to issue another"
	if model.IsPaid() {
		what = "It has been paid. Terraform has marked it as tainted, so it plans to replace it, which the apply will refuse"
	}
	resp.Diagnostics.AddWarning("The earlier invoice was issued",
		fmt.Sprintf("The gateway shows it under order %q: %s. %s. To keep it: "+ledger.Untaint+".", model.OrderID.ValueString(), invoiceName(&model.Invoice), what))
	resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, model, model.Objects)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
	known.Unread = true
	resp.Diagnostics.Append(arguments.Write(ctx, &model.Invoice, known, resp.Private)...)
}

// withdrawUnclear withdraws an unclear invoice, if it is there.
func (r *invoiceResource) withdrawUnclear(ctx context.Context, a gateway.InvoiceAdapter, state *gateway.Invoice, diags *diag.Diagnostics) (paid bool) {
	shown, _ := r.settleUnclear(ctx, a, state, diags.AddError, diags)
	if shown == nil || r.run.IsAdopted(a.Name(), shown.ID) || r.run.IsIssued(a.Name(), shown.ID) {
		return false // create_before_destroy: it belongs to the new resource
	}
	state.Observe(shown)
	return shown.WasPaid() || r.withdraw(ctx, a, state, diags)
}
