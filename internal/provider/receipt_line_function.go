package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

var _ function.Function = receiptLineFunction{}

// receiptLineFunction makes a line of a receipt, and computes what it comes to.
type receiptLineFunction struct{}

func newReceiptLineFunction() function.Function { return receiptLineFunction{} }

// Positions of the arguments, for errors.
const (
	lineName int64 = iota
	linePrice
	lineQuantity
	lineDiscount
)

// receiptLineTypes are what the receipt of a link and of a refund takes.
var receiptLineTypes = map[string]attr.Type{
	"name": types.StringType, "price": types.StringType, "quantity": types.StringType,
	"discount": types.StringType, "result_price": types.StringType,
}

func (receiptLineFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "receipt_line"
}

// The parameters are texts, so that numbers and texts both work: a CLI writes a number as
// the shortest decimal that means it, 0.1 as "0.1". As a number, "0.1" would be a binary one.
func (receiptLineFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A line of a receipt, with its result_price",
		MarkdownDescription: "Makes a line of `receipt` in `invoice_payment_link` and `invoice_refund`: an object of `name`, `price`, `quantity`, `discount` and " +
			"`result_price`. The `result_price` is `price` × `quantity`, less the discount, rounded once, half up, to kopecks. It is exact: " +
			"2190.00 × 0.755 less 10% is 1488.11. PayKeeper's `cart` takes it as `sum`.\n\n" +
			"Numbers and texts both work. What HCL computed is read as the decimal that was meant. All values of the line are texts, amounts have two decimals, " +
			"`discount` is null where there is none. A discount of 100% gives `0.00`, which a receipt does not take.\n\n" +
			functionsNeed + " Without this one, write the line as an object. The provider warns when it does not add up.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "name", AllowUnknownValues: true, MarkdownDescription: "The product or service."},
			function.StringParameter{Name: "price", AllowUnknownValues: true, MarkdownDescription: "The price of one unit: a positive decimal with at most two decimals."},
			function.StringParameter{Name: "quantity", AllowUnknownValues: true, MarkdownDescription: "The quantity: a positive decimal with at most six decimals."},
		},
		VariadicParameter: function.StringParameter{
			Name: "discount", AllowNullValue: true, AllowUnknownValues: true,
			MarkdownDescription: "What is taken off the whole line: a share such as `10%`, or roubles such as `50.00`. " +
				"Left out, `null` or an empty text, as CSV files have it, is none. One at most.",
		},
		Return: function.ObjectReturn{AttributeTypes: receiptLineTypes},
	}
}

func (receiptLineFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var name, price, quantity types.String
	var discounts []types.String
	if resp.Error = req.Arguments.Get(ctx, &name, &price, &quantity, &discounts); resp.Error != nil {
		return
	}
	var line types.Object
	if line, resp.Error = receiptLine(name, price, quantity, discounts); resp.Error == nil {
		resp.Error = resp.Result.Set(ctx, line)
	}
}

// receiptLine leaves unknown only what depends on unknown arguments: the framework takes a line
// that is unknown as a whole for one without its required attributes.
func receiptLine(name, priceText, quantityText types.String, discounts []types.String) (types.Object, *function.FuncError) {
	none := types.ObjectNull(receiptLineTypes)
	if problem := problemOf(lineName, name.ValueString(), attributes.IsNotBlank()); problem != nil && !name.IsUnknown() {
		return none, problem
	}
	price, problem := readNumberIfKnown(linePrice, priceText, attributes.IsAmount())
	if problem != nil {
		return none, problem
	}
	quantity, problem := readNumberIfKnown(lineQuantity, quantityText, attributes.IsQuantity())
	if problem != nil {
		return none, problem
	}
	if len(discounts) > 1 {
		return none, function.NewArgumentFuncError(lineDiscount+1, fmt.Sprintf("%d discounts were given, and a line has one at most. Add them up", len(discounts)))
	}
	line := map[string]attr.Value{
		"name": name, "price": types.StringUnknown(), "quantity": types.StringUnknown(), "discount": types.StringNull(), "result_price": types.StringUnknown(),
	}
	if price != nil {
		line["price"] = types.StringValue(price.StringFixed(2))
	}
	if quantity != nil {
		line["quantity"] = types.StringValue(quantity.String())
	}
	var discount types.String
	if len(discounts) == 1 {
		if discount, problem = readDiscount(discounts[0]); problem != nil {
			return none, problem
		}
		line["discount"] = discount
	}
	if price != nil && quantity != nil && !discount.IsUnknown() {
		whole := price.Mul(*quantity)
		if roubles, err := values.ParseDecimal(discount.ValueString()); err == nil && roubles.GreaterThan(whole) {
			return none, function.NewArgumentFuncError(lineDiscount, fmt.Sprintf(
				"the discount %s is above the price of the line, which is %s. A share of it ends with a percent sign, as in \"10%%\"", discount.ValueString(), whole))
		}
		line["result_price"] = types.StringValue(lineTotals(*price, *quantity, discount.ValueString())[0].StringFixed(2))
	}
	return types.ObjectValueMust(receiptLineTypes, line), nil
}

// readDiscount writes a discount as receipts have it (guide, section 7.2.3): "10%", or "50.00" of
// the whole line. It is null for none.
func readDiscount(discount types.String) (types.String, *function.FuncError) {
	text := strings.TrimSpace(discount.ValueString())
	switch {
	case discount.IsUnknown():
		return discount, nil
	case text == "":
		return types.StringNull(), nil
	}
	if share, isShare := strings.CutSuffix(text, "%"); isShare {
		percent, problem := readNumber(lineDiscount, strings.TrimSpace(share), attributes.IsNotNegative(6))
		if problem == nil && percent.GreaterThan(decimal.NewFromInt(100)) {
			problem = function.NewArgumentFuncError(lineDiscount, "the discount "+text+" is more than 100%")
		}
		return types.StringValue(percent.String() + "%"), problem
	}
	roubles, problem := readNumber(lineDiscount, text, attributes.IsNotNegative(2))
	return types.StringValue(roubles.StringFixed(2)), problem
}
