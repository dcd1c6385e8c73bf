package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// Payout is the payout in the ledger, with its protection.
func (m *invoiceResourceModel) Payout() ledger.Outgoing {
	one := m.Invoice.Payout()
	one.Protection = m.DeletionProtection
	return one
}

// storedPayout is what the state says of an invoice.
type storedPayout struct {
	ID       string `json:"id"`
	Gateway  string `json:"gateway"`
	OrderID  string `json:"order_id"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Status   string `json:"status"`
}

// isStoredPayout reports whether an invoice in the state is a payout.
func isStoredPayout(state []byte) bool {
	return slices.ContainsFunc(gateway.Select[gateway.Payer](unconfigured), func(payer gateway.Payer) bool { return gateway.IsStoredPayout(payer, state) })
}

func (s storedPayout) outgoing() ledger.Outgoing {
	model := gateway.Invoice{
		ID: attributes.StringOrNull(s.ID), Gateway: types.StringValue(s.Gateway), OrderID: attributes.StringOrNull(s.OrderID),
		Amount: attributes.NewDecimal(s.Amount), Currency: types.StringValue(s.Currency), Status: attributes.StringOrNull(s.Status),
	}
	return model.Payout()
}

func addOrderMissing(diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("order_id"), "A payout needs an order_id",
		"Nothing was sent. The order id is the only key by which a payout can be found again, should its answer or the state be lost, and it is what tells two payouts apart: "+
			"give each new payout one of its own. If this one is in the state already and Terraform replaces it because it is tainted, keep it: "+ledger.Untaint+".")
}

// deletePayout forgets a payout, and cancels it if it still can be.
func (r *invoiceResource) deletePayout(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := &model.Invoice
	isRefused := model.Payout().RefuseDestroy(ctx, payoutDestroyWarning(state), req.Private, &resp.Diagnostics)
	isOver := state.IsFailedPayout() || state.Status.ValueString() == gateway.StatusPaid
	if !isRefused && !isOver && a.Ready(&resp.Diagnostics) {
		cancelPayout(ctx, a, state, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(ledger.UnmarkDestroy(ctx, resp.Private)...)
	}
}

// cancelPayout cancels a payout that may be forgotten. One that the gateway does not
// cancel is forgotten all the same: its protection was taken away for that.
func cancelPayout(ctx context.Context, a gateway.InvoiceAdapter, state *gateway.Invoice, diags *diag.Diagnostics) {
	err := a.Withdraw(ctx, state.ID.ValueString())
	if err == nil {
		return
	}
	shown, findErr := a.Find(ctx, state)
	switch {
	case findErr == nil && shown != nil && shown.IsPaid():
		diags.Append(paidInvoiceWarning(state))
	case transport.OutcomeOf(err) == transport.Refused:
		diags.AddWarning("The payout was not canceled", fmt.Sprintf("The gateway does not cancel the %s: %s. Terraform forgets it, and it may still be paid out.", invoiceName(state), err))
	default:
		gateway.FailedCall{Attempt: "cancel the " + invoiceName(state), Unclear: "It may have been canceled. Destroy again: that does no harm."}.Report(diags, err)
	}
}

// readPayout says what a read of a payout means. It is never removed from the
// state, or planned again, by itself, and what was applied stays.
func (r *invoiceResource) readPayout(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, req resource.ReadRequest, resp *resource.ReadResponse) {
	shown, err := a.Find(ctx, &model.Invoice)
	if err != nil {
		gateway.FailedCall{Attempt: "read " + invoiceName(&model.Invoice)}.Report(&resp.Diagnostics, err)
		return
	}
	switch {
	case shown == nil && model.IsUnclear():
		model.Payout().WarnUnclear(&resp.Diagnostics)
	case shown == nil:
		resp.Diagnostics.AddWarning("The gateway does not show payout "+model.ID.ValueString(),
			"It stays in the state, and is not made again: the money may well have moved. If other invoices are missing too, check base_url of the provider's "+a.Name()+" block first. If it never did, remove it with "+ledger.StateRm+" and apply again.")
	case model.IsUnclear():
		model.Payout().NoteFound(r.run, a.Name()+"/"+shown.ID)
		resp.Diagnostics.AddWarning("The earlier payout was made",
			fmt.Sprintf("It is found under order %q as %s/%s. If it is tainted, keep it: %s.", model.OrderID.ValueString(), a.Name(), shown.ID, ledger.Untaint))
	case shown.Status == gateway.StatusCanceled || shown.Status == gateway.StatusExpired:
		resp.Diagnostics.AddWarning("A payout was not carried out",
			fmt.Sprintf("Payout %s is %q. It stays in the state, and is not made again by itself: to make another, apply with -replace=<its address>, "+
				"or add a new resource.", shown.ID, shown.GatewayStatus))
	}
	if shown != nil {
		known := remote.Read(ctx, req.Private)
		model.ApplyRemote(a, shown)
		warnPayoutDrift(&model.Invoice, gateway.InvoiceArguments(a).DriftsOnce(&model.Invoice, shown, &known), &resp.Diagnostics)
		resp.Diagnostics.Append(known.Write(ctx, resp.Private)...)
	}
	model.fillProtection(true)
	resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, model, model.Objects)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
}

func warnPayoutDrift(m *gateway.Invoice, drifts []remote.Drift, diags *diag.Diagnostics) {
	changed := make([]string, 0, len(drifts))
	for _, one := range drifts {
		changed = append(changed, fmt.Sprintf("%s is now %q", one.Name, one.Answer))
	}
	if len(changed) > 0 {
		diags.AddWarning("A payout was changed at the gateway",
			fmt.Sprintf("The %s: %s. A payout is sent once, so nothing is planned, and the state keeps what was applied; the data source "+
				"invoice_invoice shows what the gateway has.", invoiceName(m), strings.Join(changed, ", ")))
	}
}
