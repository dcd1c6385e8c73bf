package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// close makes a link unpayable. It succeeds when nobody can pay it any more, for
// whatever reason. One that was paid is only forgotten, and only by a destroy
// that was planned: a replacement must not go on, or not without a word. told
// reports whether it was refused for that.
func (r *paymentLinkResource) close(ctx context.Context, state *paymentLinkModel, kind ledger.DestroyKind, diags *diag.Diagnostics) (told bool) {
	id, wasPaid := state.ID.ValueString(), state.wasPaid()
	if state.isUnclear() {
		// The creation was never answered; the order id tells what became of it.
		found := r.findUnclear(ctx, state, diags)
		if found == nil {
			return false
		}
		id, wasPaid = string(found.ID), found.WasPaid()
	}
	if !wasPaid && r.run.IsAdopted(id) {
		return false // create_before_destroy: the new resource lives on this payment
	}
	isPaidNow := !wasPaid && r.makeUnpayable(ctx, id, diags)
	if !wasPaid && !isPaidNow {
		return false
	}
	switch kind {
	case ledger.DestroyPlanned:
		warnPaid(id, diags)
	case ledger.DestroyFirst:
		diags.AddError("A paid payment link is not replaced",
			fmt.Sprintf("Payment %s has been paid, and Terraform was about to replace it: it was tainted, by hand or by a provisioner that failed, or it was paid after the plan was made. "+
				"Nothing was issued, and it stays in the state: another link would ask for the money a second time. If it is tainted, keep it with: "+
				"terraform untaint <address of this resource>.", id))
	case ledger.DestroyLast:
		diags.AddError("A paid payment link was replaced",
			fmt.Sprintf("Payment %s has been paid, and its successor has been issued already, since create_before_destroy comes first: it was tainted, or it was paid after the plan was made. "+
				"If both are about the same order, take the new link out of the configuration and apply: that closes it. "+
				"The paid one stays in the state until the next apply, which only forgets it. Note its id: a refund needs it.", id))
	}
	if isPaidNow && kind == ledger.DestroyPlanned {
		// A configured order id is looked up before it is issued again; one that was
		// made is gone with the link.
		r.run.PaidMeanwhile("payment", "", "payment "+id)
	}
	return kind != ledger.DestroyPlanned
}

// makeUnpayable closes a payment. Whatever closing answers, what the payment is
// afterwards decides; it may turn out to be paid.
func (r *paymentLinkResource) makeUnpayable(ctx context.Context, id string, diags *diag.Diagnostics) (paid bool) {
	payment, err := r.client.ClosePayment(ctx, id)
	if err == nil && payment.IsClosed() {
		return false
	}
	failed := gateway.FailedCall{Attempt: "close payment " + id, Unclear: "It may have been closed. Destroy again: closing twice does no harm."}
	payment, findErr := r.client.FindPayment(ctx, id)
	switch {
	case findErr != nil && err == nil:
		failed.Report(diags, findErr)
	case findErr != nil:
		failed.Report(diags, err)
	case payment == nil, payment.IsClosed(), payment.IsFailed(), payment.IsExpired(time.Now()):
	case payment.WasPaid():
		return true
	case err != nil:
		failed.Next = fmt.Sprintf("The payment is %q and can still be paid. Try again; or close it in the merchant's account, "+
			"and let Terraform forget it: terraform state rm <address of this resource>.", payment.Status)
		failed.Report(diags, err)
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
