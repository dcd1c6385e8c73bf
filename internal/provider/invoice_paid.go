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
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// An invoice that was paid is neither changed, replaced nor issued again, whatever its
// gateway shows later. Payouts have rules of their own.

// refusePaidChange refuses every change of a paid invoice. A value that is still unknown
// may turn out to be the same, so the apply checks it.
func refusePaidChange(before, after gateway.InvoiceAdapter, plan, state *gateway.Invoice, diags *diag.Diagnostics) {
	var changed []string
	switch {
	case after == nil || plan.Object(before).IsUnknown():
	case before != after:
		changed = []string{after.Name()}
	default:
		changed = gateway.InvoiceArguments(before).CertainlyChanged(plan, state)
	}
	for _, name := range changed {
		ledger.RefusePaidChange(attributes.Path(name), "invoice", invoiceName(state), diags)
	}
}

// readPaid refreshes a paid invoice. It stays in the state, with its arguments as they were
// applied.
func readPaid(m *gateway.Invoice, a gateway.InvoiceAdapter, shown *gateway.ShownInvoice, known *remote.Memory, diags *diag.Diagnostics) {
	summary, seen := "A paid invoice is gone at the gateway", "the gateway knows no such invoice"
	if shown != nil {
		m.ApplyRemote(a, shown)
		if seen = shown.Gone; seen == "" && !shown.IsPaid() {
			summary, seen = "A paid invoice is no longer shown as paid", fmt.Sprintf("the gateway shows it as %q", shown.GatewayStatus)
		}
		warnDrift(m, gateway.InvoiceArguments(a).DriftsOnce(m, shown, known), diags)
	}
	if seen != "" {
		diags.AddWarning(summary,
			fmt.Sprintf("The %s was paid, and now %s. It stays in the state as paid, and is not issued again: nobody should be asked to pay twice.", invoiceName(m), seen))
	}
	m.Paid = types.BoolValue(true)
}

// forgetPaid destroys a paid invoice: Terraform forgets it, if that was planned. It refuses a
// replacement, which would ask for the money a second time.
func (r *invoiceResource) forgetPaid(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, why ledger.DestroyReason, resp *resource.DeleteResponse) {
	state := &model.Invoice
	if orderID := state.OrderID.ValueString(); orderID != "" || !state.IsPaid() {
		// A new invoice of the same order in this run may be this one under a new name.
		r.run.NotePaidMeanwhile(a.Name(), orderID, invoiceName(state), state.Key())
	}
	if why == ledger.DestroyPlanned {
		resp.Diagnostics.Append(paidInvoiceWarning(state))
		return
	}
	ledger.RefusePaidDestroy(why, "invoice", invoiceName(state), &resp.Diagnostics)
	state.Paid = types.BoolValue(true)
	resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, model, model.Objects)...)
}

// planForgetting warns that a paid invoice is to be forgotten, or refuses it.
func (r *invoiceResource) planForgetting(a gateway.InvoiceAdapter, m *gateway.Invoice, diags *diag.Diagnostics) {
	r.refusePaidRename(a, m, false, diags)
	diags.Append(paidInvoiceWarning(m))
}

// refusePaidRename refuses a plan that forgets a paid invoice and issues a new one of the
// same order: that may be the same one under a new name. isNew says which half is planned.
// The second half gets the error.
func (r *invoiceResource) refusePaidRename(a gateway.InvoiceAdapter, m *gateway.Invoice, isNew bool, diags *diag.Diagnostics) {
	if orderID := m.OrderID.ValueString(); orderID != "" && r.run.MatchPaidWithNew(a.Name(), orderID, isNew) {
		diags.AddAttributeError(path.Root("order_id"), "A paid invoice would be issued again",
			fmt.Sprintf("The invoice of order %q has been paid. This plan takes it out of the state, and issues another one of the same order. "+
				"If it is the same one under a new name, say so with a moved block. If you want another one of this order, first take the paid one out, apply, and then add it.", orderID))
	}
}
