package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
)

// receiptItemModel is one line of a receipt, of a payment link or of a refund.
type receiptItemModel apigateway.ReceiptLine

func receiptSchema(section string) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		Required: true,
		MarkdownDescription: "The lines of the fiscal receipt (54-FZ); may be empty. Their `result_price` should add up to `amount`, " +
			"and each should be `price` × `quantity` less the discount, rounded to kopecks. " +
			"The gateway does not check that, so the provider warns. The gateway never returns the receipt. " +
			"The functions `receipt_line` and `receipt_total` compute both. Source: guide, section " + section + ".",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The product or service.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"price": attributes.Amount("The price of one unit: a positive decimal with at most two decimals."),
			"discount": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The discount as text, such as `10%`, or in roubles, such as `100.50`.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"result_price": attributes.Amount("The price of the whole line after the discount: a positive decimal with at most two decimals."),
			"quantity":     attributes.Quantity(),
		}},
	}
}

// warnReceipt warns about a receipt that does not add up, line by line and in its
// sum. It says nothing of what is unknown, or when there is no receipt. It reads nothing
// else of the configuration, since a thousand are validated in every plan.
func warnReceipt(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) {
	var amount attributes.Decimal
	var receipt types.List
	diags.Append(config.GetAttribute(ctx, path.Root("amount"), &amount)...)
	diags.Append(config.GetAttribute(ctx, path.Root("receipt"), &receipt)...)
	var lines []receiptItemModel
	if receipt.IsNull() || receipt.IsUnknown() || receipt.ElementsAs(ctx, &lines, true).HasError() {
		return
	}
	for i, line := range lines {
		line.warn(path.Root("receipt").AtListIndex(i).AtName("result_price"), diags)
	}
	warnReceiptSum(amount, lines, diags)
}

func warnReceiptSum(amount attributes.Decimal, lines []receiptItemModel, diags *diag.Diagnostics) {
	if amount.Number() == nil || len(lines) == 0 {
		return
	}
	var sum values.Decimal
	for _, line := range lines {
		price := line.ResultPrice.Number()
		if price == nil {
			return
		}
		sum.Decimal = sum.Add(price.Decimal)
	}
	if !sum.Equal(amount.Number().Decimal) && isAmount(amount) && !slices.ContainsFunc(lines, hasNoAmount) {
		diags.AddAttributeWarning(path.Root("receipt"), "The receipt does not add up",
			fmt.Sprintf("The result_price values of its lines add up to %s, and amount is %s. 54-FZ wants them equal; the gateway does not check it.",
				sum.Money(), amount.Number().Money()))
	}
}

// warn warns about a line whose price, quantity and discount make another
// result_price, rounded once, half up, to kopecks.
func (m *receiptItemModel) warn(at path.Path, diags *diag.Diagnostics) {
	price, quantity, result := m.Price.Number(), m.Quantity.Number(), m.ResultPrice.Number()
	if price == nil || quantity == nil || result == nil || m.Discount.IsUnknown() {
		return
	}
	expected := lineTotals(price.Decimal, quantity.Decimal, m.Discount.ValueString())
	if len(expected) == 0 || slices.ContainsFunc(expected, result.Equal) || !m.isValid() {
		return
	}
	discount := ""
	if !m.Discount.IsNull() {
		discount = fmt.Sprintf(", less a discount of %s,", m.Discount.ValueString())
	}
	diags.AddAttributeWarning(at, "A line of the receipt does not add up",
		fmt.Sprintf("%s: the price %s × the quantity %s%s is %s, rounded to kopecks, and result_price is %s. 54-FZ wants them equal; the gateway does not check it.",
			at, price.Money(), quantity, discount, expected[0].StringFixed(2), result.Money()))
}

// isValid reports whether the numbers of a line are what its schema allows. What is not is an error
// already.
func (m *receiptItemModel) isValid() bool {
	return isAmount(m.Price) && isAmount(m.ResultPrice) && attributes.IsQuantity().Problem(m.Quantity.ValueString()) == ""
}

func hasNoAmount(line receiptItemModel) bool { return !isAmount(line.ResultPrice) }

func isAmount(number attributes.Decimal) bool {
	return attributes.IsAmount().Problem(number.ValueString()) == ""
}

// lineTotals is what a line may come to: a discount in roubles may be meant for
// the line, or for each unit. There is none when the discount cannot be read.
func lineTotals(price, quantity decimal.Decimal, discount string) []decimal.Decimal {
	const kopecks = 2
	whole := price.Mul(quantity)
	text := strings.Replace(strings.TrimSpace(discount), ",", ".", 1)
	if text == "" {
		return []decimal.Decimal{whole.Round(kopecks)}
	}
	text, isPercent := strings.CutSuffix(text, "%")
	off, err := values.ParseDecimal(strings.TrimSpace(text))
	switch hundred := decimal.NewFromInt(100); {
	case err != nil, off.IsNegative():
		return nil
	case !isPercent:
		return []decimal.Decimal{whole.Sub(off.Decimal).Round(kopecks), price.Sub(off.Decimal).Mul(quantity).Round(kopecks)}
	case off.GreaterThan(hundred):
		return nil
	default:
		return []decimal.Decimal{whole.Mul(hundred.Sub(off.Decimal)).Shift(-2).Round(kopecks)}
	}
}
