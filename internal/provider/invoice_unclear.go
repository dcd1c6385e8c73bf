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

// An invoice with an order id whose creation was sent and never answered is kept
// in the state as unknown. The order id and the time are all that is known of it;
// what may have been issued is looked for by them before another one is.

// invoiceKind is what the invoices of all gateways are called in the ledger.
const invoiceKind = "invoice"

// warnForgotten says that nothing more will be found out about an unclear invoice.
func warnForgotten(m *gateway.Invoice, seen string, diags *diag.Diagnostics) {
	diags.AddWarning("An unclear invoice is forgotten",
		fmt.Sprintf("The creation of the %s, sent at %s, was never answered: %s. To be certain, look for order %q in the merchant's account, and withdraw what is there.",
			invoiceName(m), m.CreatedAt.ValueString(), seen, m.OrderID.ValueString()))
}

func lookFailed(m *gateway.Invoice) gateway.FailedCall {
	return gateway.FailedCall{
		Attempt: "look for the " + invoiceName(m),
		Next: fmt.Sprintf("Nothing was withdrawn or issued. Try again later; or look for order %q in the merchant's account, withdraw what is there, "+
			"and let Terraform forget it: "+ledger.StateRm+".", m.OrderID.ValueString()),
	}
}

// refuseWhileUnclear refuses a planned invoice of an order of which another one may
// still come. With create_before_destroy it would be issued before anybody looks
// for the unclear one, and no CLI shows that one to its creation.
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

// settleUnclear looks for what an unclear creation may have made. shown is nil when
// nothing more comes of it. isSettled is false while nobody can tell: an error says why,
// or report hears that it may still be issued.
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

// readUnclear reads an invoice of which nobody knows whether it was issued.
func (r *invoiceResource) readUnclear(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, resp *resource.ReadResponse) {
	shown, isSettled := r.settleUnclear(ctx, a, &model.Invoice, resp.Diagnostics.AddWarning, &resp.Diagnostics)
	switch {
	case shown != nil:
		r.takeFound(ctx, a, model, shown, resp)
	case isSettled:
		resp.State.RemoveResource(ctx)
	}
}

// takeFound takes an unclear invoice that is there into the state.
func (r *invoiceResource) takeFound(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, shown *gateway.ShownInvoice, resp *resource.ReadResponse) {
	// It was not mailed: should it have been, the next plan sends it.
	var known remote.Memory
	known.Note(a.Name()+"."+gateway.ArgumentSend, "true")
	model.ApplyRemote(a, shown)
	gateway.InvoiceArguments(a).Refresh(&model.Invoice, shown, &known)
	what := "Its creation failed, so Terraform plans to withdraw it and to issue another"
	if model.IsPaid() {
		what = "It has been paid. Its creation failed, so Terraform plans to replace it, which the apply will refuse"
	}
	resp.Diagnostics.AddWarning("The unclear invoice was issued",
		fmt.Sprintf("It is found under order %q: %s. %s. To keep it: "+ledger.Untaint+".", model.OrderID.ValueString(), invoiceName(&model.Invoice), what))
	resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, model, model.Objects)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
	known.Unread = true
	resp.Diagnostics.Append(known.Write(ctx, resp.Private)...)
}

// withdrawUnclear withdraws what an unclear creation has made, if it is there.
func (r *invoiceResource) withdrawUnclear(ctx context.Context, a gateway.InvoiceAdapter, state *gateway.Invoice, diags *diag.Diagnostics) (paid bool) {
	shown, _ := r.settleUnclear(ctx, a, state, diags.AddError, diags)
	if shown == nil || r.run.IsAdopted(a.Name(), shown.ID) || r.run.IsIssued(a.Name(), shown.ID) {
		return false // with create_before_destroy the new resource lives on this invoice
	}
	state.Observe(shown)
	return shown.WasPaid() || r.withdraw(ctx, a, state, diags)
}
