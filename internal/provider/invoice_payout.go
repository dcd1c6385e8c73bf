package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
)

// A payout is an invoice by which money goes out. Like a refund it is sent once.

// unclearPayout is what a user reads about a payout that may have been made.
func unclearPayout(orderID, money string) string {
	payout := "A payout of " + money
	if orderID != "" {
		payout += fmt.Sprintf(" (order %q)", orderID)
	}
	return payout + " was sent, and no usable answer came: it may have been made. It is not sent again.\n\n" +
		"To find out, look at the store's payouts, or ask the gateway's support. Then:\n" +
		"- if it was made: terraform state rm <address of this resource>, and import it by the id that the gateway shows:\n" +
		"  import {\n    to = invoice_invoice.NAME\n    id = \"p2p/…\"\n  }\n" +
		"- if it was not: terraform state rm <address of this resource>, and apply again.\n\n" +
		"With an order_id, every plan looks it up by that. Until it is settled, other resources can be planned and applied with -target."
}

// planPayoutChange refuses every change: money that moves cannot be changed, and
// replacing a payout would send it a second time.
func planPayoutChange(ctx context.Context, a invoiceAdapter, plan, state *invoiceModel, imported bool, resp *resource.ModifyPlanResponse) {
	// Terraform hands this on when it plans the creating half of a replacement.
	resp.Diagnostics.Append(writeReplaced(ctx, resp.Private, state.ID.ValueString())...)
	object := a.object(plan)
	if object.IsUnknown() {
		return // looked at when it is applied
	}
	if state.Status.ValueString() == statusUnknown {
		resp.Diagnostics.AddWarning("A payout is unclear", unclearPayout(state.OrderID.ValueString(), state.money()))
	}
	refuse := func(name string) {
		resp.Diagnostics.AddAttributeError(attributePath(name), "A payout cannot be changed",
			fmt.Sprintf("The %s has been sent; changing it would send money a second time. Either:\n"+
				"- put %s back to what was applied;\n"+
				"- add a new resource for a further payout; or\n"+
				"- let Terraform forget this one: terraform state rm <address of this resource>, and take it out of the configuration; "+
				"left there, the next apply would send another payout.", state.name(), name))
	}
	switch {
	case object.IsNull():
		refuse(a.name())
	case imported:
		warnImportDiffers(invoiceDifferences(a, a, plan, state), &resp.Diagnostics)
	default:
		for _, name := range certainlyChanged(plan.arguments(a), state.arguments(a)) {
			refuse(name)
		}
	}
}

// guardNewPayout looks at a payout that is planned as a new one. It may be the
// creating half of a replacement, or one that is tainted: either would send
// money a second time.
func (r *invoiceResource) guardNewPayout(ctx context.Context, plan *invoiceModel, private privateReader, diags *diag.Diagnostics) {
	if id := readReplaced(ctx, private); id != "" {
		diags.AddError("A payout is not replaced", fmt.Sprintf("Payout %s has been sent; replacing it would send money a second time. "+
			"For a further payout, add a new resource. To let Terraform forget this one: terraform state rm <address of this resource>, "+
			"and take it out of the configuration.", id))
		return
	}
	if r.run == nil {
		return
	}
	if unclear, found := r.run.unclearPayout(); found {
		if id := r.run.foundPayout(unclear.OrderID); id != "" {
			diags.AddAttributeError(path.Root("order_id"), "The unclear payout was made",
				fmt.Sprintf("The payout of order %q, whose creation was never answered, is found as p2p/%s. If it is this one, Terraform would replace it, "+
					"since it is tainted: keep it with terraform untaint <address of this resource>.", unclear.OrderID, id))
			return
		}
		diags.AddAttributeError(path.Root("amount"), "A payout is unclear", unclearPayout(unclear.OrderID, unclear.Amount+" "+unclear.Currency))
		return
	}
	if twin, found := r.run.twinPayout(plan.OrderID, plannedRequisites(ctx, plan, diags), plan.Amount); found {
		diags.AddAttributeError(path.Root("order_id"), "The payout is in the state already",
			fmt.Sprintf("The state holds payout p2p/%s of %s %s to the same requisites (order %q). A payout is sent once. If it is this resource, which Terraform "+
				"wants to replace because it is tainted: terraform untaint <address of this resource>. For another payout, give each an order_id of its own.",
				twin.ID, twin.Amount, twin.Currency, twin.OrderID))
	}
}

// refuseRemoved stops a payout that would repeat one which this run has just
// removed from the state: a replacement, however it came about.
func (r *invoiceResource) refuseRemoved(ctx context.Context, plan *invoiceModel, diags *diag.Diagnostics) {
	to := plannedRequisites(ctx, plan, diags)
	for _, one := range r.run.removedPayouts() {
		if one.sameMoney(to, plan.Amount) || one.sameOrder(plan.OrderID) {
			diags.AddError("A payout is not replaced", fmt.Sprintf("In this run payout p2p/%s of %s %s to the same requisites was removed from the state; "+
				"sending this one as well would send the money a second time. Nothing was sent. If it is another payout, apply again.", one.ID, one.Amount, one.Currency))
			return
		}
	}
}

func plannedRequisites(ctx context.Context, plan *invoiceModel, diags *diag.Diagnostics) types.String {
	return readObject[requisitesModel](ctx, readObject[p2pBlock](ctx, plan.P2P, diags).PaymentRequisites, diags).Requisites
}

// readPayout says what a read of a payout means. It is never removed from the
// state, or planned again, by itself.
func (r *invoiceResource) readPayout(_ context.Context, model *invoiceResourceModel, shown *shownInvoice, resp *resource.ReadResponse) {
	switch {
	case shown == nil && model.ID.IsNull():
		resp.Diagnostics.AddWarning("A payout is unclear", fmt.Sprintf("Nobody knows whether the payout of %s was made; its status is %q.", model.money(), statusUnknown))
	case shown == nil:
		resp.Diagnostics.AddWarning("The gateway does not show payout "+model.ID.ValueString(),
			"It stays in the state, and is not made again: the money may well have moved. If it never did, remove it with terraform state rm and apply again.")
	case model.ID.IsNull():
		r.run.findPayout(model.OrderID.ValueString(), shown.id)
		resp.Diagnostics.AddWarning("The unclear payout was made",
			fmt.Sprintf("It is found under order %q as p2p/%s. Keep it: terraform untaint <address of this resource>.", model.OrderID.ValueString(), shown.id))
	case shown.gone != "" || shown.isExpired:
		resp.Diagnostics.AddWarning("A payout was not carried out",
			fmt.Sprintf("Payout %s is %q. It stays in the state, and is not made again by itself: to make another, remove it with terraform state rm and apply, "+
				"or add a new resource.", shown.id, shown.gatewayStatus))
	}
}

// storedPayout is what the state says of a payout.
type storedPayout struct {
	ID       string             `json:"id"`
	OrderID  string             `json:"order_id"`
	Amount   string             `json:"amount"`
	Currency string             `json:"currency"`
	Status   string             `json:"status"`
	P2P      *storedPayoutBlock `json:"p2p"`
}

type storedPayoutBlock struct {
	Direction  string            `json:"direction"`
	Requisites *storedRequisites `json:"payment_requisites"`
}

type storedRequisites struct {
	Requisites string `json:"requisites"`
}

func storedPayoutOf(ctx context.Context, m *invoiceModel) storedPayout {
	var ignored diag.Diagnostics
	payout := storedPayout{ID: m.ID.ValueString(), OrderID: m.OrderID.ValueString(), Amount: m.Amount.ValueString(), Currency: m.Currency.ValueString(), Status: m.Status.ValueString()}
	payout.P2P = &storedPayoutBlock{Direction: p2p.DirectionOut, Requisites: &storedRequisites{plannedRequisites(ctx, m, &ignored).ValueString()}}
	return payout
}

func (p storedPayout) requisites() string {
	if p.P2P == nil || p.P2P.Requisites == nil {
		return ""
	}
	return p.P2P.Requisites.Requisites
}

// sameMoney tells that a planned payout would move the same money to the same
// place. What is not known yet may be the same.
func (p storedPayout) sameMoney(requisites types.String, amount decimalValue) bool {
	return (requisites.IsUnknown() || requisites.ValueString() == p.requisites()) &&
		(amount.IsUnknown() || equalDecimals(amount.ValueString(), p.Amount))
}

func (p storedPayout) sameOrder(orderID types.String) bool {
	return p.OrderID != "" && (orderID.IsUnknown() || p.OrderID == orderID.ValueString())
}

// unclearPayout returns a stored payout of which nobody knows whether it was
// made. Until that is settled no other one is sent: it could be the same one,
// changed.
func (r *run) unclearPayout() (storedPayout, bool) {
	return r.payoutWith(func(one storedPayout) bool { return one.Status == statusUnknown })
}

// twinPayout returns a stored payout that a planned one would repeat: of the
// same order; or of the same money, when the two are not told apart by orders.
func (r *run) twinPayout(orderID, requisites types.String, amount decimalValue) (storedPayout, bool) {
	return r.payoutWith(func(one storedPayout) bool {
		toldApart := one.OrderID != "" && orderID.ValueString() != "" && one.OrderID != orderID.ValueString()
		return one.sameOrder(orderID) || !toldApart && one.sameMoney(requisites, amount)
	})
}

func (r *run) payoutWith(matches func(storedPayout) bool) (storedPayout, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.IndexFunc(r.payouts, matches)
	if at < 0 {
		return storedPayout{}, false
	}
	return r.payouts[at], true
}

func (r *run) removePayout(payout storedPayout) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.removed = append(r.removed, payout)
}

func (r *run) removedPayouts() []storedPayout {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.removed)
}

func (r *run) notePayout(payout storedPayout) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.payouts = append(r.payouts, payout)
}

// findPayout notes that an unclear payout turned out to have been made.
func (r *run) findPayout(orderID, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found[orderID] = id
}

func (r *run) foundPayout(orderID string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.found[orderID]
}
