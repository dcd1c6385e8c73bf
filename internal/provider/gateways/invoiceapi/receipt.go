package invoiceapi

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// ReceiptLine is one line of a receipt, of a payment link or of a refund.
type ReceiptLine struct {
	Name        types.String       `tfsdk:"name"`
	Price       attributes.Decimal `tfsdk:"price"`
	Discount    types.String       `tfsdk:"discount"`
	ResultPrice attributes.Decimal `tfsdk:"result_price"`
	Quantity    attributes.Decimal `tfsdk:"quantity"`
}

// ReceiptItems are the lines of a receipt as the API takes them.
func ReceiptItems(ctx context.Context, list types.List, diags *diag.Diagnostics) []invoiceapi.ReceiptItem {
	var lines []ReceiptLine
	diags.Append(list.ElementsAs(ctx, &lines, false)...)
	items := make([]invoiceapi.ReceiptItem, 0, len(lines))
	for _, line := range lines {
		items = append(items, invoiceapi.ReceiptItem{
			Name:        line.Name.ValueString(),
			Price:       attributes.OrZero(line.Price.Number()),
			Discount:    line.Discount.ValueString(),
			ResultPrice: attributes.OrZero(line.ResultPrice.Number()),
			Quantity:    attributes.OrZero(line.Quantity.Number()),
		})
	}
	return items
}
