package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// withdraw makes an invoice unpayable. When that fails, what the invoice is now
// decides; it may turn out to be paid.
func (r *invoiceResource) withdraw(ctx context.Context, a invoiceAdapter, state *invoiceModel, diags *diag.Diagnostics) (paid bool) {
	err := a.withdraw(ctx, state.ID.ValueString())
	if err == nil {
		return false
	}
	shown, findErr := a.find(ctx, state)
	switch {
	case findErr == nil && (shown == nil || shown.gone != "" || shown.isExpired):
	case findErr == nil && shown.isPaid():
		return true
	default:
		failed := failedCall{attempt: "withdraw " + state.name(), unclear: "It may have been withdrawn. Destroy again: that does no harm."}
		if findErr == nil {
			failed.next = fmt.Sprintf("It is %q. Try again; or withdraw it in the merchant's account, and let Terraform forget it: "+
				ledger.StateRm+".", shown.gatewayStatus)
		}
		failed.report(diags, err)
	}
	return false
}

// paidInvoiceStays is what a destroy of a paid invoice says.
func paidInvoiceStays(state *invoiceModel) diag.Diagnostic {
	return diag.NewWarningDiagnostic("A paid invoice is only removed from the state",
		fmt.Sprintf("The %s has been paid, and cannot be withdrawn. Terraform forgets it; the money stays where it is.", state.name()))
}
