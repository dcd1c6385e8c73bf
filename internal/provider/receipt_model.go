package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoice"
)

// receiptItemModel is one line of a receipt, of a payment link or of a refund.
type receiptItemModel struct {
	Name        types.String `tfsdk:"name"`
	Price       decimalValue `tfsdk:"price"`
	Discount    types.String `tfsdk:"discount"`
	ResultPrice decimalValue `tfsdk:"result_price"`
	Quantity    decimalValue `tfsdk:"quantity"`
}

func receiptSchema(section string) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		Required: true,
		MarkdownDescription: "The lines of the fiscal receipt (54-FZ); may be empty. Their `result_price` should add up to `amount`: " +
			"the gateway does not check that, so the provider warns. The gateway never gives the receipt back. Source: guide, section " + section + ".",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The product or service.",
				Validators:          []validator.String{isNotBlank()},
			},
			"price": amountArgument("The price of one unit: a positive decimal with at most two decimals."),
			"discount": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The discount as text, such as `10%`.",
				Validators:          []validator.String{isNotBlank()},
			},
			"result_price": amountArgument("The price of the whole line after the discount: a positive decimal with at most two decimals."),
			"quantity":     quantityArgument(),
		}},
	}
}

func receiptItems(ctx context.Context, list types.List, diags *diag.Diagnostics) []invoice.ReceiptItem {
	var lines []receiptItemModel
	diags.Append(list.ElementsAs(ctx, &lines, false)...)
	items := make([]invoice.ReceiptItem, 0, len(lines))
	for _, line := range lines {
		items = append(items, invoice.ReceiptItem{
			Name:        line.Name.ValueString(),
			Price:       orZero(line.Price.decimal()),
			Discount:    line.Discount.ValueString(),
			ResultPrice: orZero(line.ResultPrice.decimal()),
			Quantity:    orZero(line.Quantity.decimal()),
		})
	}
	return items
}

func orZero(number *gateway.Decimal) gateway.Decimal {
	if number == nil {
		return gateway.Decimal{}
	}
	return *number
}

// warnReceiptSum warns about a receipt that does not add up. It says nothing
// while a value is unknown, or when there is no receipt to add up.
func warnReceiptSum(ctx context.Context, amount decimalValue, receipt types.List, diags *diag.Diagnostics) {
	if amount.decimal() == nil || receipt.IsNull() || receipt.IsUnknown() || len(receipt.Elements()) == 0 {
		return
	}
	var lines []receiptItemModel
	if receipt.ElementsAs(ctx, &lines, true).HasError() {
		return
	}
	var sum gateway.Decimal
	for _, line := range lines {
		price := line.ResultPrice.decimal()
		if price == nil {
			return
		}
		sum.Decimal = sum.Add(price.Decimal)
	}
	if !sum.Equal(amount.decimal().Decimal) {
		diags.AddAttributeWarning(path.Root("receipt"), "The receipt does not add up",
			fmt.Sprintf("The result_price values of its lines add up to %s, and amount is %s. 54-FZ wants them equal; the gateway does not check it.",
				sum.Money(), amount.decimal().Money()))
	}
}
