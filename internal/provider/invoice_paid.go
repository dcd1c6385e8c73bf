package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// What was paid once stays paid: an invoice by which money came in is neither
// changed, replaced nor issued again, whatever its gateway shows later.

// isPaid reports whether the invoice was seen paid. States that were written
// before there was an attribute "paid" have the status alone.
func (m *invoiceModel) isPaid() bool {
	return m.Paid.ValueBool() || m.Status.ValueString() == invoicePaid
}

// isPaidInvoice leaves out payouts, which have rules of their own.
func isPaidInvoice(a invoiceAdapter, m *invoiceModel) bool { return m.isPaid() && !a.isPayout(m) }

// noteReplaced tells the plan of a new invoice, should there be one, what it
// replaces. An incoming invoice may become a payout: that is a new one.
func noteReplaced(ctx context.Context, before, after invoiceAdapter, plan, state *invoiceModel, resp *resource.ModifyPlanResponse) {
	if before.isPayout(state) || after != nil && after.isPayout(plan) {
		return
	}
	resp.Diagnostics.Append(ledger.WriteReplaced(ctx, resp.Private, state.owner(), state.isPaid())...)
}

// planPaidChange refuses every change of a paid invoice. What is not known yet
// may turn out to be the same, and is looked at again when it is applied.
func planPaidChange(before, after invoiceAdapter, plan, state *invoiceModel, diags *diag.Diagnostics) {
	var changed []string
	switch {
	case after == nil || before.object(plan).IsUnknown():
	case before != after:
		changed = []string{after.name()}
	default:
		changed = certainlyChanged(plan.arguments(before), state.arguments(before))
	}
	refusePaidChange(state, changed, diags)
}

func refusePaidChange(state *invoiceModel, changed []string, diags *diag.Diagnostics) {
	for _, name := range changed {
		ledger.RefusePaidChange(attributePath(name), "invoice", state.name(), diags)
	}
}

// readPaid takes in what the gateway shows of an invoice that was paid: it stays
// in the state, with the arguments as they were applied.
func (m *invoiceModel) readPaid(ctx context.Context, a invoiceAdapter, shown *shownInvoice, before answers, diags *diag.Diagnostics) (known answers) {
	known = answers{}
	if shown == nil {
		known = before
		warnPaidSeen(m, paidGone, "the gateway knows no such invoice", diags)
	} else {
		m.take(ctx, a, shown, known, false)
		if seen := shown.gone; seen != "" {
			warnPaidSeen(m, paidGone, seen, diags)
		} else if !shown.isPaid() {
			warnPaidSeen(m, "A paid invoice is no longer shown as paid", fmt.Sprintf("the gateway shows it as %q", shown.gatewayStatus), diags)
		}
		warnPaidDrift(m, before.changedTo(known), diags)
	}
	m.Paid = types.BoolValue(true)
	return known
}

const paidGone = "A paid invoice is gone at the gateway"

func warnPaidSeen(m *invoiceModel, summary, seen string, diags *diag.Diagnostics) {
	diags.AddWarning(summary,
		fmt.Sprintf("The %s was paid, and now %s. It stays in the state as paid, and is not issued again: nobody should be asked to pay twice.", m.name(), seen))
}

// forgetPaid is what a destroy does to a paid invoice: it is forgotten by one that
// was planned. A replacement would ask for the money a second time.
func (r *invoiceResource) forgetPaid(ctx context.Context, a invoiceAdapter, model *invoiceResourceModel, why ledger.Destroy, resp *resource.DeleteResponse) {
	state := &model.invoiceModel
	if orderID := state.OrderID.ValueString(); orderID != "" || !state.isPaid() {
		// A new invoice of the same order in this run may be the same one, renamed.
		r.run.NotePaid(a.name(), orderID, state.name(), state.key())
	}
	if why == ledger.DestroyPlanned {
		resp.Diagnostics.Append(paidInvoiceStays(state))
		return
	}
	ledger.RefusePaidDestroy(why, "invoice", state.name(), &resp.Diagnostics)
	state.Paid = types.BoolValue(true)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// refusePaidRename refuses to issue an order again of which a paid invoice is to be
// forgotten in the same plan: that may be the same one under a new name. isNew says
// which of the two halves is planned; whichever comes second complains.
func (r *invoiceResource) refusePaidRename(a invoiceAdapter, m *invoiceModel, isNew bool, diags *diag.Diagnostics) {
	orderID := m.OrderID.ValueString()
	if orderID == "" {
		return
	}
	if r.run.MatchPaidWithNew(a.name(), orderID, isNew) {
		diags.AddAttributeError(path.Root("order_id"), "A paid invoice would be issued again",
			fmt.Sprintf("The invoice of order %q has been paid and is to be taken out of the state, and this plan issues another one of the same order. "+
				"If it is the same one under a new name, say so with a moved block. If another one of this order is wanted, first take the paid one out, apply, and then add it.", orderID))
	}
}
