package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

type invoiceResourceModel struct {
	invoiceModel
	WhenUnpayable      types.String `tfsdk:"when_unpayable"`
	DeletionProtection types.Bool   `tfsdk:"deletion_protection"`
}

// invoiceName is how messages call an invoice.
func invoiceName(m *invoiceModel) string {
	kind := "invoice"
	if (*p2pInvoices)(nil).isPayout(m) {
		kind = "payout"
	}
	if m.ID.IsNull() {
		return fmt.Sprintf("unclear %s of %s (order %q)", kind, m.money(), m.OrderID.ValueString())
	}
	return kind + " " + m.key()
}
