package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoice"
)

// close makes a link unpayable. It succeeds when nobody can pay it any more,
// for whatever reason; a paid one is only forgotten.
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
	failed := failedCall{attempt: "close payment " + id, unclear: "It may have been closed. Destroy again: closing twice does no harm."}
	payment, err := r.client.ClosePayment(ctx, id)
	if err == nil && payment.IsClosed() {
		return
	}
	if err != nil && gateway.OutcomeOf(err) != gateway.Refused {
		failed.report(diags, err)
		return
	}
	// Refused, or accepted with another status: what it is now decides.
	payment, findErr := r.client.FindPayment(ctx, id)
	switch {
	case findErr != nil:
		if err == nil {
			err = findErr
		}
		failed.report(diags, err)
	case payment == nil, payment.IsClosed(), payment.IsFailed(), payment.IsExpired(time.Now()):
	case payment.IsPaid():
		warnPaid(id, diags)
	case err != nil:
		failed.next = fmt.Sprintf("The payment is %q and can still be paid. Try again, or close it in the merchant's account.", payment.Status)
		failed.report(diags, err)
	default:
		diags.AddWarning("The payment may still be payable",
			fmt.Sprintf("The gateway accepted closing payment %s, but shows it as %q. Look it up in the merchant's account: %s", id, payment.Status, payment.URL))
	}
}

func warnPaid(id string, diags *diag.Diagnostics) {
	diags.AddWarning("A paid payment link is only forgotten",
		fmt.Sprintf("Payment %s has been paid, and a paid payment cannot be closed. Terraform forgets it; the money stays where it is. "+
			"To give it back, use invoice_refund with this payment's id.", id))
}
