package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

type invoiceResourceModel struct {
	gateway.Invoice
	WhenUnpayable      types.String `tfsdk:"when_unpayable"`
	DeletionProtection types.Bool   `tfsdk:"deletion_protection"`
}

// invoiceName is how messages call an invoice.
func invoiceName(m *gateway.Invoice) string {
	kind := "invoice"
	if (*p2pInvoices)(nil).IsPayout(m) {
		kind = "payout"
	}
	if m.ID.IsNull() {
		return fmt.Sprintf("unclear %s of %s (order %q)", kind, m.Money(), m.OrderID.ValueString())
	}
	return kind + " " + m.Key()
}
