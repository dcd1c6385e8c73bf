package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A payout is an invoice by which money goes out. Like a refund it is sent once.

// unclearPayout is what a user reads about a payout that may have been made.
func unclearPayout(orderID, money string) string {
	payout := "A payout of " + money
	if orderID != "" {
		payout += fmt.Sprintf(" (order %q)", orderID)
	}
	return payout + " was sent, and the gateway's answer never came: it may have been made. It is not sent again.\n\n" +
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
	resp.Diagnostics.Append(writeJSON(ctx, resp.Private, privateSent, state.ID.ValueString())...)
	object := a.object(plan)
	if object.IsUnknown() {
		return // looked at when it is applied
	}
	refuse := func(name string) {
		resp.Diagnostics.AddAttributeError(attributePath(name), "A payout cannot be changed",
			fmt.Sprintf("Payout %s has been sent; changing it would send money a second time. Either:\n"+
				"- put %s back to what was applied;\n"+
				"- add a new resource for a further payout; or\n"+
				"- let Terraform forget this one: terraform state rm <address of this resource>, and take it out of the configuration; "+
				"left there, the next apply would send another payout.", state.ID.ValueString(), name))
	}
	switch {
	case object.IsNull():
		refuse(a.name())
	case imported:
		warnImportDiffers(invoiceDifferences(a, plan, state), &resp.Diagnostics)
	default:
		for _, name := range certainlyChanged(plan.arguments(a), state.arguments(a)) {
			refuse(name)
		}
	}
}

// guardNewPayout looks at a payout that is planned as a new one. It may be the
// creating half of a replacement, or one that is unclear and therefore tainted:
// either would send money a second time.
func (r *invoiceResource) guardNewPayout(ctx context.Context, plan *invoiceModel, private privateReader, diags *diag.Diagnostics) {
	var id string
	if readJSON(ctx, private, privateSent, &id); id != "" {
		diags.AddError("A payout is not replaced", fmt.Sprintf("Payout %s has been sent; replacing it would send money a second time. "+
			"For a further payout, add a new resource. To let Terraform forget this one: terraform state rm <address of this resource>, "+
			"and take it out of the configuration.", id))
		return
	}
	if r.run == nil {
		return
	}
	requisites := readObject[requisitesModel](ctx, readObject[p2pBlock](ctx, plan.P2P, diags).PaymentRequisites, diags).Requisites
	stored, found := r.run.storedPayout(plan.OrderID, requisites, plan.Amount)
	switch {
	case !found:
	case stored.Status != statusUnknown:
		diags.AddAttributeError(path.Root("order_id"), "The payout is in the state already",
			fmt.Sprintf("The state holds payout p2p/%s of order %q. A payout is sent once. If it is this resource, which Terraform wants to replace because it is tainted: "+
				"terraform untaint <address of this resource>. For another payout, give another order_id.", stored.ID, stored.OrderID))
	case r.run.foundPayout(stored.OrderID) != "":
		diags.AddAttributeError(path.Root("order_id"), "The unclear payout was made",
			fmt.Sprintf("The payout of order %q, whose creation was never answered, is found as p2p/%s. Terraform would replace it, since it is tainted: keep it with "+
				"terraform untaint <address of this resource>.", stored.OrderID, r.run.foundPayout(stored.OrderID)))
	default:
		diags.AddAttributeError(path.Root("amount"), "A payout is unclear", unclearPayout(stored.OrderID, stored.Amount+" "+stored.Currency))
	}
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
	ID       string `json:"id"`
	OrderID  string `json:"order_id"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Status   string `json:"status"`
	P2P      *struct {
		Direction  string `json:"direction"`
		Requisites *struct {
			Requisites string `json:"requisites"`
		} `json:"payment_requisites"`
	} `json:"p2p"`
}

func (p storedPayout) requisites() string {
	if p.P2P == nil || p.P2P.Requisites == nil {
		return ""
	}
	return p.P2P.Requisites.Requisites
}

// storedPayout returns a stored payout that a planned one would repeat: of the
// same order; or an unclear one of the same amount to the same requisites. What
// is not known yet may be the same.
func (r *run) storedPayout(orderID, requisites types.String, amount decimalValue) (storedPayout, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.payouts {
		sameOrder := one.OrderID != "" && one.OrderID == orderID.ValueString()
		sameMoney := (requisites.IsUnknown() || requisites.ValueString() == one.requisites()) &&
			(amount.IsUnknown() || equalDecimals(amount.ValueString(), one.Amount))
		if sameOrder || sameMoney && one.Status == statusUnknown {
			return one, true
		}
	}
	return storedPayout{}, false
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
