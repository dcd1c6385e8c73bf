package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// withdraw makes an invoice unpayable. If that fails, its current status decides: it may
// be unpayable already, or paid.
func (r *invoiceResource) withdraw(ctx context.Context, a gateway.InvoiceAdapter, state *gateway.Invoice, diags *diag.Diagnostics) (paid bool) {
	err := a.Withdraw(ctx, state.ID.ValueString())
	if err == nil {
		return false
	}
	failed := gateway.FailedCall{Attempt: "withdraw " + invoiceName(state), Unclear: "It may have been withdrawn. Destroy again: that does no harm."}
	if transport.IsReadOnly(err) {
		failed.Report(diags, err) // one that has expired is not given up either
		return false
	}
	shown, findErr := a.Find(ctx, state)
	switch {
	case findErr == nil && (shown == nil || shown.Gone != "" || shown.IsExpired):
	case findErr == nil && shown.IsPaid():
		return true
	default:
		if findErr == nil {
			failed.Next = fmt.Sprintf("Its status is %q. Try again; or withdraw it in the merchant's account, and let Terraform forget it: "+ledger.StateRm+".", shown.GatewayStatus)
		}
		failed.Report(diags, err)
	}
	return false
}

// paidInvoiceWarning warns about the destroy of a paid invoice.
func paidInvoiceWarning(state *gateway.Invoice) diag.Diagnostic {
	return diag.NewWarningDiagnostic("A paid invoice is only removed from the state",
		fmt.Sprintf("The %s has been paid, and cannot be withdrawn. Terraform forgets it; the money stays where it is.", invoiceName(state)))
}
