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

// What was paid once stays paid: an invoice by which money came in is neither
// changed, replaced nor issued again, whatever its gateway shows later.

// isPaidInvoice leaves out payouts, which have rules of their own.
func isPaidInvoice(a gateway.InvoiceAdapter, m *gateway.Invoice) bool {
	return m.IsPaid() && !gateway.IsPayout(a, m)
}

// noteReplaced tells the plan of a new invoice, should there be one, what it
// replaces. An incoming invoice may become a payout: that is a new one.
func noteReplaced(ctx context.Context, before, after gateway.InvoiceAdapter, plan, state *gateway.Invoice, resp *resource.ModifyPlanResponse) {
	if gateway.IsPayout(before, state) || after != nil && gateway.IsPayout(after, plan) {
		return
	}
	resp.Diagnostics.Append(ledger.WriteReplaced(ctx, resp.Private, state.Owner(), state.IsPaid())...)
}

// planPaidChange refuses every change of a paid invoice. What is not known yet
// may turn out to be the same, and is looked at again when it is applied.
func planPaidChange(before, after gateway.InvoiceAdapter, plan, state *gateway.Invoice, diags *diag.Diagnostics) {
	var changed []string
	switch {
	case after == nil || plan.Object(before).IsUnknown():
	case before != after:
		changed = []string{after.Name()}
	default:
		changed = gateway.InvoiceArguments(before).CertainlyChanged(plan, state)
	}
	refusePaidChange(state, changed, diags)
}

func refusePaidChange(state *gateway.Invoice, changed []string, diags *diag.Diagnostics) {
	for _, name := range changed {
		ledger.RefusePaidChange(attributes.Path(name), "invoice", invoiceName(state), diags)
	}
}

// readPaid takes in what the gateway shows of an invoice that was paid: it stays
// in the state, with the arguments as they were applied.
func readPaid(m *gateway.Invoice, a gateway.InvoiceAdapter, shown *gateway.ShownInvoice, known *remote.Memory, diags *diag.Diagnostics) {
	if shown == nil {
		warnPaidSeen(m, paidGone, "the gateway knows no such invoice", diags)
	} else {
		m.ApplyRemote(a, shown)
		if seen := shown.Gone; seen != "" {
			warnPaidSeen(m, paidGone, seen, diags)
		} else if !shown.IsPaid() {
			warnPaidSeen(m, "A paid invoice is no longer shown as paid", fmt.Sprintf("the gateway shows it as %q", shown.GatewayStatus), diags)
		}
		warnPaidDrift(m, gateway.InvoiceArguments(a).DriftsOnce(m, shown, known), diags)
	}
	m.Paid = types.BoolValue(true)
}

const paidGone = "A paid invoice is gone at the gateway"

func warnPaidSeen(m *gateway.Invoice, summary, seen string, diags *diag.Diagnostics) {
	diags.AddWarning(summary,
		fmt.Sprintf("The %s was paid, and now %s. It stays in the state as paid, and is not issued again: nobody should be asked to pay twice.", invoiceName(m), seen))
}

// forgetPaid is what a destroy does to a paid invoice: it is forgotten by one that
// was planned. A replacement would ask for the money a second time.
func (r *invoiceResource) forgetPaid(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, why ledger.DestroyReason, resp *resource.DeleteResponse) {
	state := &model.Invoice
	if orderID := state.OrderID.ValueString(); orderID != "" || !state.IsPaid() {
		// A new invoice of the same order in this run may be the same one, renamed.
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

// refusePaidRename refuses to issue an order again of which a paid invoice is to be
// forgotten in the same plan: that may be the same one under a new name. isNew says
// which of the two halves is planned; whichever comes second complains.
func (r *invoiceResource) refusePaidRename(a gateway.InvoiceAdapter, m *gateway.Invoice, isNew bool, diags *diag.Diagnostics) {
	orderID := m.OrderID.ValueString()
	if orderID == "" {
		return
	}
	if r.run.MatchPaidWithNew(a.Name(), orderID, isNew) {
		diags.AddAttributeError(path.Root("order_id"), "A paid invoice would be issued again",
			fmt.Sprintf("The invoice of order %q has been paid and is to be taken out of the state, and this plan issues another one of the same order. "+
				"If it is the same one under a new name, say so with a moved block. If another one of this order is wanted, first take the paid one out, apply, and then add it.", orderID))
	}
}
