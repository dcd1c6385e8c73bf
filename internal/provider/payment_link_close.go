package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// close makes a link unpayable. It succeeds when nobody can pay it any more, for
// whatever reason. A paid link is only forgotten, and only by a planned destroy: a
// replacement must not go on. isRefused reports whether it was stopped.
func (r *paymentLinkResource) close(ctx context.Context, state *paymentLinkModel, why ledger.DestroyReason, diags *diag.Diagnostics) (isRefused bool) {
	id, wasPaid := state.ID.ValueString(), state.wasPaid()
	if state.isUnclear() {
		// The creation was never answered; the order id tells what became of it.
		found := r.findUnclear(ctx, state, diags)
		if found == nil {
			return false
		}
		id, wasPaid = string(found.ID), found.WasPaid()
	}
	if !wasPaid && r.run.IsAdopted(apigateway.PaymentKind, id) {
		return false // create_before_destroy: the new resource lives on this payment
	}
	isPaidNow := !wasPaid && r.makeUnpayable(ctx, id, diags)
	if !wasPaid && !isPaidNow {
		return false
	}
	if why != ledger.DestroyPlanned {
		ledger.RefusePaidDestroy(why, "payment link", "payment "+id, diags)
		return true
	}
	warnPaid(id, diags)
	if isPaidNow {
		// A configured order id is looked up before it is issued again; one that was
		// made is gone with the link.
		r.run.NotePaidMeanwhile(apigateway.PaymentKind, "", "payment "+id, id)
	}
	return false
}

// makeUnpayable closes a payment. What the payment is afterwards decides, not the
// answer to closing it. It may turn out to be paid.
func (r *paymentLinkResource) makeUnpayable(ctx context.Context, id string, diags *diag.Diagnostics) (paid bool) {
	payment, err := r.client.ClosePayment(ctx, id)
	if err == nil && payment.IsClosed() {
		return false
	}
	failed := gateway.FailedCall{Attempt: "close payment " + id, Unclear: "It may have been closed. Destroy again: closing twice does no harm."}
	if transport.IsReadOnly(err) {
		failed.Report(diags, err) // one that can no longer be paid is not given up either
		return false
	}
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
			"and let Terraform forget it: "+ledger.StateRm+".", payment.Status)
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
