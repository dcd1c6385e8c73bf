package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// A payout is an invoice by which money goes out. Like a refund it is sent once.
// Its order id is the only key by which it can be found again, at the gateway and
// by its merchant, and what tells two payouts apart.

// storedPayout is what the state says of an invoice.
type storedPayout struct {
	ID       string `json:"id"`
	OrderID  string `json:"order_id"`
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Status   string `json:"status"`
	P2P      *struct {
		Direction string `json:"direction"`
	} `json:"p2p"`
}

func (s storedPayout) isPayout() bool { return s.P2P != nil && s.P2P.Direction == p2p.DirectionOut }

func (s storedPayout) outgoing() ledger.Outgoing {
	model := gateway.Invoice{
		ID: attributes.StringOrNull(s.ID), OrderID: attributes.StringOrNull(s.OrderID), Amount: attributes.NewDecimal(s.Amount), Currency: types.StringValue(s.Currency), Status: attributes.StringOrNull(s.Status),
	}
	return model.Payout()
}

// unclearPayoutWays are the ways out for a payout that may have been made.
const unclearPayoutWays = "To find out, look at the store's payouts, or ask the gateway's support; with an order_id, every plan looks it up by that. Then:\n" +
	"- if it was made: terraform state rm <its address>, and import it by the id that the gateway shows:\n" +
	"  import {\n    to = invoice_invoice.NAME\n    id = \"p2p/…\"\n  }\n" +
	"- if it was not: terraform state rm <its address>, and apply again;\n" +
	"- until that is known, terraform untaint <its address> keeps it, and everything else can be planned and applied."

// unclearPayout is what a user reads about a payout that may have been made.
func unclearPayout(orderID, money string) string {
	payout := "A payout of " + money
	if orderID != "" {
		payout += fmt.Sprintf(" (order %q)", orderID)
	}
	return payout + " was sent, and no usable answer came: it may have been made. It is not sent again.\n\n" + unclearPayoutWays
}

// twinOfStoredPayout is what a user reads about a new payout under the order id of
// one in the state.
func twinOfStoredPayout(stored ledger.Outgoing) (summary, detail string) {
	const anotherOrder = "- if another payout is meant, give it an order_id of its own."
	switch {
	case stored.IsUnclear && stored.ID != "":
		return "The unclear payout was made", fmt.Sprintf("The payout of %s, whose creation was never answered, is found as p2p/%s. "+
			"Terraform would replace it, since it is tainted: keep it with terraform untaint <its address>.", stored.About, stored.ID)
	case stored.IsUnclear:
		return "A payout is unclear", fmt.Sprintf("A payout of %s was sent, and no usable answer came: it may have been made. It is not sent again, nor is another one "+
			"under the same order_id.\n\n%s\n%s", stored.About, unclearPayoutWays, anotherOrder)
	}
	ways := ledger.TaintedWay + ";\n" + ledger.RenamedWay + "\n"
	if stored.Status != gateway.StatusPaid {
		ways += "- if it was canceled or has expired since, terraform apply -refresh-only sees that;\n"
	}
	return "The payout is in the state already", fmt.Sprintf("The state holds payout p2p/%s, and another one under the same order_id is about to be made. "+
		"A payout is sent once: nothing was sent for this one.\n\n%s%s", stored.Name(), ways, anotherOrder+ledger.NeverAgain)
}

func twinOfPayout(twin ledger.Outgoing) (summary, detail string) {
	if !twin.IsNew {
		return twinOfStoredPayout(twin)
	}
	return "Two new payouts have one order_id", fmt.Sprintf("Another new payout %s has the same order_id. Nothing was sent for this one. "+
		"If one of them is too much, take it out; else give each an order_id of its own.", twin.Name())
}

// payoutName is how messages call a payout, with its import id.
func payoutName(one ledger.Outgoing) string {
	if one.ID == "" {
		return "payout " + one.Name()
	}
	return "payout p2p/" + one.Name()
}

// payoutNotReplaced is what a user reads about a payout that Terraform wants to
// replace.
func payoutNotReplaced(name string) (summary, detail string) {
	return "A payout is not replaced", fmt.Sprintf("The %s has been sent, or may have been; replacing it would send money a second time. Nothing was sent:\n%s;\n"+
		"- for a further payout, add a new resource.", name, ledger.WaysAroundReplacement)
}

// mayPayOut looks at a payout once more before it is made: what was unknown while
// planning is known now.
func (r *invoiceResource) mayPayOut(ctx context.Context, model *gateway.Invoice, diags *diag.Diagnostics) (owner string, may bool) {
	owner = ledger.OwnerOfCreated(ctx)
	if isMissing(model.OrderID) {
		addOrderMissing(diags)
		return owner, false
	}
	one := model.Payout()
	one.IsNew = true
	twin, found := r.run.Register.Note(owner, one)
	if found {
		summary, detail := twinOfPayout(twin)
		diags.AddAttributeError(path.Root("order_id"), summary, detail)
	}
	return owner, !found && !diags.HasError()
}

// noteMade notes what came of a payout. made is nil when none was made.
func (r *invoiceResource) noteMade(owner string, made *gateway.Invoice) {
	if made == nil {
		r.run.Register.Forget(owner)
		return
	}
	r.run.Register.Note(owner, made.Payout())
}

func addOrderMissing(diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("order_id"), "A payout needs an order_id",
		"Nothing was sent. The order id is the only key by which a payout can be found again, should its answer or the state be lost, and it is what tells two payouts apart: "+
			"give each new payout one of its own. If this one is in the state already and Terraform replaces it because it is tainted, keep it: terraform untaint <its address>.")
}

// deletePayout forgets a payout, and cancels it if it still can be.
func (r *invoiceResource) deletePayout(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := &model.Invoice
	switch {
	case state.IsUnclear() || state.IsFailedPayout() || private.ReadFlag(ctx, req.Private, ledger.PrivateDestroy):
		planPayoutDestroy(model, &resp.Diagnostics)
	default:
		// Half of a replacement: no plan was asked whether it may be destroyed.
		summary, detail := payoutNotReplaced(payoutName(state.Payout()))
		resp.Diagnostics.AddError(summary, detail)
	}
	isOver := state.IsFailedPayout() || state.Status.ValueString() == gateway.StatusPaid
	if !resp.Diagnostics.HasError() && !isOver && a.Ready(&resp.Diagnostics) {
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
		warnPaidInvoice(state, diags)
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
		resp.Diagnostics.AddWarning("A payout is unclear", fmt.Sprintf("Nobody knows whether the payout of %s was made; its status is %q.\n\n%s",
			model.Payout().About, ledger.StatusUnknown, unclearPayoutWays))
	case shown == nil:
		resp.Diagnostics.AddWarning("The gateway does not show payout "+model.ID.ValueString(),
			"It stays in the state, and is not made again: the money may well have moved. If other invoices are missing too, check base_url of the provider's p2p block first. If it never did, remove it with terraform state rm and apply again.")
	case model.IsUnclear():
		one := model.Payout()
		owner := one.Owner()
		one.ID = shown.ID
		r.run.Register.Note(owner, one)
		resp.Diagnostics.AddWarning("The unclear payout was made",
			fmt.Sprintf("It is found under order %q as p2p/%s. If it is tainted, keep it: terraform untaint <its address>.", model.OrderID.ValueString(), shown.ID))
	case shown.Status == gateway.StatusCanceled || shown.Status == gateway.StatusExpired:
		resp.Diagnostics.AddWarning("A payout was not carried out",
			fmt.Sprintf("Payout %s is %q. It stays in the state, and is not made again by itself: to make another, apply with -replace=<its address>, "+
				"or add a new resource.", shown.ID, shown.GatewayStatus))
	}
	if shown != nil {
		before, known := gateway.Answers{}, gateway.Answers{}
		private.ReadJSON(ctx, req.Private, privateAnswers, &before)
		if private.ReadFlag(ctx, req.Private, privateUnread) {
			before.Settle(a)
		}
		model.Take(ctx, a, shown, known, false)
		warnPayoutDrift(&model.Invoice, before.ChangedTo(known), known, &resp.Diagnostics)
		resp.Diagnostics.Append(private.WriteJSON(ctx, resp.Private, privateAnswers, known)...)
		resp.Diagnostics.Append(private.WriteFlag(ctx, resp.Private, privateUnread, false)...)
	}
	model.fillProtection(true)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
}

func warnPayoutDrift(m *gateway.Invoice, changed []string, known gateway.Answers, diags *diag.Diagnostics) {
	for i, name := range changed {
		changed[i] = name + " is now " + known[name]
	}
	if len(changed) > 0 {
		diags.AddWarning("A payout was changed at the gateway",
			fmt.Sprintf("The %s: %s. A payout is sent once, so nothing is planned, and the state keeps what was applied; p2p.amount_to_pay, and the data source "+
				"invoice_invoice, show what the gateway has.", invoiceName(m), strings.Join(changed, ", ")))
	}
}
