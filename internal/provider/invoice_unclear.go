package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// An invoice with an order id whose creation was sent and never answered is kept
// in the state as unknown. The order id and the time are all that is known of it;
// what may have been issued is looked for by them before another one is.

func mayStillBeIssued(name string, settleTime time.Duration) (summary, detail string) {
	return "An invoice may still be issued",
		fmt.Sprintf("The creation of the %s was not answered a moment ago. The gateway does not show the invoice yet, and may still issue it. Nothing was sent. "+
			"Apply again in %s: by then it is there and is withdrawn, or it never will be.", name, settleTime)
}

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
			"and let Terraform forget it: terraform state rm <address of this resource>.", m.OrderID.ValueString()),
	}
}

const notShown = "the gateway shows no such invoice"

// refuseWhileUnclear refuses a planned invoice of an order of which another one may
// still come. With create_before_destroy it would be issued before anybody looks
// for the unclear one, and no CLI shows that one to its creation.
func (r *invoiceResource) refuseWhileUnclear(ctx context.Context, a gateway.InvoiceAdapter, plan *gateway.Invoice, diags *diag.Diagnostics) {
	orderID := plan.OrderID.ValueString()
	if r.run == nil || orderID == "" || a.IsPayout(plan) {
		return
	}
	sent, isUnclear := r.run.UnclearInvoices.SentAt(orderID)
	if !isUnclear || !ledger.MayStillCome(sent, r.settleTime) || !a.Refresh(false, diags) {
		return
	}
	unclear := *plan
	unclear.ID, unclear.CreatedAt = types.StringNull(), timetypes.NewRFC3339TimeValue(sent)
	shown, err := a.FindUnclear(ctx, &unclear)
	switch {
	case errors.Is(err, gateway.ErrNoLookUp):
	case err != nil:
		lookFailed(&unclear).Report(diags, err)
	case shown == nil:
		diags.AddError(mayStillBeIssued(fmt.Sprintf("invoice of order %q", orderID), r.settleTime))
	}
}

// readUnclear looks for what an unclear creation may have made.
func (r *invoiceResource) readUnclear(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, resp *resource.ReadResponse) {
	shown, err := a.FindUnclear(ctx, &model.Invoice)
	switch {
	case errors.Is(err, gateway.ErrNoLookUp):
		warnForgotten(&model.Invoice, err.Error(), &resp.Diagnostics)
		resp.State.RemoveResource(ctx)
	case err != nil:
		lookFailed(&model.Invoice).Report(&resp.Diagnostics, err)
		return
	case shown == nil && ledger.MayStillCome(ledger.SentAt(model.CreatedAt), r.settleTime):
		resp.Diagnostics.AddWarning(mayStillBeIssued(invoiceName(&model.Invoice), r.settleTime))
		return
	case shown == nil:
		warnForgotten(&model.Invoice, notShown, &resp.Diagnostics)
		resp.State.RemoveResource(ctx)
	default:
		r.takeFound(ctx, a, model, shown, resp)
	}
	r.run.UnclearInvoices.Settle(model.OrderID.ValueString())
}

// takeFound takes an unclear invoice that is there into the state.
func (r *invoiceResource) takeFound(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, shown *gateway.ShownInvoice, resp *resource.ReadResponse) {
	// It was not mailed: should it have been, the next plan sends it.
	known := gateway.Answers{a.Name() + ".send": types.BoolValue(true).String()}
	model.Take(ctx, a, shown, known, false)
	what := "Its creation failed, so Terraform plans to withdraw it and to issue another"
	if model.IsPaid() {
		what = "It has been paid. Its creation failed, so Terraform plans to replace it, which the apply will refuse"
	}
	resp.Diagnostics.AddWarning("The unclear invoice was issued",
		fmt.Sprintf("It is found under order %q: %s. %s. To keep it: terraform untaint <address of this resource>.", model.OrderID.ValueString(), invoiceName(&model.Invoice), what))
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
	resp.Diagnostics.Append(private.WriteJSON(ctx, resp.Private, privateAnswers, known)...)
	resp.Diagnostics.Append(private.WriteFlag(ctx, resp.Private, privateUnread, true)...)
}

// withdrawUnclear withdraws what an unclear creation has made, if it is there.
func (r *invoiceResource) withdrawUnclear(ctx context.Context, a gateway.InvoiceAdapter, state *gateway.Invoice, diags *diag.Diagnostics) (paid bool) {
	shown, err := a.FindUnclear(ctx, state)
	switch {
	case errors.Is(err, gateway.ErrNoLookUp):
		warnForgotten(state, err.Error(), diags)
	case err != nil:
		lookFailed(state).Report(diags, err)
		return false
	case shown == nil && ledger.MayStillCome(ledger.SentAt(state.CreatedAt), r.settleTime):
		diags.AddError(mayStillBeIssued(invoiceName(state), r.settleTime))
		return false
	case shown == nil:
		warnForgotten(state, notShown, diags)
	case r.run.IsAdopted(a.Name() + "/" + shown.ID), r.run.IsIssued(a.Name() + "/" + shown.ID):
		// create_before_destroy: the new resource lives on this invoice.
	default:
		state.Observe(shown)
		paid = shown.WasPaid() || r.withdraw(ctx, a, state, diags)
	}
	r.run.UnclearInvoices.Settle(state.OrderID.ValueString())
	return paid
}
