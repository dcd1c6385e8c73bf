package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoice"
)

// close makes a link unpayable. It succeeds when nobody can pay it any more,
// for whatever reason; one that the state knows as paid is only forgotten.
func (r *paymentLinkResource) close(ctx context.Context, state *paymentLinkModel, diags *diag.Diagnostics) {
	id := state.ID.ValueString()
	if state.ID.IsNull() {
		// The creation was never answered; the order id tells what became of it.
		payment, err := r.find(ctx, state)
		if err != nil {
			failedCall{attempt: fmt.Sprintf("find the payment of order %q, which may have been issued", state.OrderID.ValueString())}.report(diags, err)
			return
		}
		if payment == nil {
			if stillUnderWay(state, r.settleTime) {
				diags.AddError("A payment may still be issued", unclearLink(state.OrderID.ValueString(), r.settleTime))
			}
			return
		}
		id = string(payment.ID)
	}
	if state.Status.ValueString() == invoice.PaymentSuccessful {
		warnPaid(id, diags)
		return
	}
	if r.run.isAdopted(id) {
		// create_before_destroy: the new resource lives on this payment.
		return
	}
	if r.makeUnpayable(ctx, id, diags) {
		warnPaid(id, diags)
		// A configured order id is looked up before it is issued again; one that was
		// made is gone with the link.
		r.run.paidMeanwhile("payment", "", "payment "+id)
	}
}

// makeUnpayable closes a payment. Whatever closing answers, what the payment is
// afterwards decides; it may turn out to be paid.
func (r *paymentLinkResource) makeUnpayable(ctx context.Context, id string, diags *diag.Diagnostics) (paid bool) {
	payment, err := r.client.ClosePayment(ctx, id)
	if err == nil && payment.IsClosed() {
		return false
	}
	failed := failedCall{attempt: "close payment " + id, unclear: "It may have been closed. Destroy again: closing twice does no harm."}
	payment, findErr := r.client.FindPayment(ctx, id)
	switch {
	case findErr != nil && err == nil:
		failed.report(diags, findErr)
	case findErr != nil:
		failed.report(diags, err)
	case payment == nil, payment.IsClosed(), payment.IsFailed(), payment.IsExpired(time.Now()):
	case payment.IsPaid():
		return true
	case err != nil:
		failed.next = fmt.Sprintf("The payment is %q and can still be paid. Try again; or close it in the merchant's account, "+
			"and let Terraform forget it: terraform state rm <address of this resource>.", payment.Status)
		failed.report(diags, err)
	default:
		diags.AddWarning("The payment may still be payable",
			fmt.Sprintf("The gateway accepted closing payment %s, but shows it as %q. Look it up in the merchant's account: %s", id, payment.Status, payment.URL))
	}
	return false
}

func warnPaid(id string, diags *diag.Diagnostics) {
	diags.AddWarning("A paid payment link is only removed from the state",
		fmt.Sprintf("Payment %s has been paid, and a paid payment cannot be closed. Terraform forgets it; the money stays where it is. "+
			"To give it back, use invoice_refund with this payment's id.", id))
}
