package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

var _ function.Function = receiptTotalFunction{}

// receiptTotalFunction adds up the lines of a receipt or of a cart.
type receiptTotalFunction struct{}

func newReceiptTotalFunction() function.Function { return receiptTotalFunction{} }

func (receiptTotalFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "receipt_total"
}

// The parameter is dynamic: lines that are written in different ways are a tuple of different
// types, and no list of one type takes them all.
func (receiptTotalFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "What the lines of a receipt come to",
		MarkdownDescription: "Adds up `result_price` of the lines of a receipt, or `sum` of the lines of PayKeeper's `cart`. It is exact. " +
			"The result has two decimals and can be used as `amount`. No lines are `0.00`.\n\n" +
			"Lines that `receipt_line` made, lines written by hand, with `discount` and without, and lines read from a resource can be mixed. " +
			"A line without either value is an error that names it. While one is unknown, so is the total.\n\n" + functionsNeed +
			" Without this one, write `amount` by hand. The provider warns when the receipt does not add up to it.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name: "lines", AllowUnknownValues: true,
				MarkdownDescription: "The lines: a list or a tuple of objects. A set is an error, since it drops equal lines.",
			},
		},
		Return: function.StringReturn{},
	}
}

func (receiptTotalFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var lines types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &lines); resp.Error != nil {
		return
	}
	var total types.String
	if total, resp.Error = receiptTotal(lines); resp.Error == nil {
		resp.Error = resp.Result.Set(ctx, total)
	}
}

func receiptTotal(lines types.Dynamic) (types.String, *function.FuncError) {
	if _, isSet := lines.UnderlyingValue().(types.Set); isSet {
		return types.StringNull(), function.NewArgumentFuncError(0, "a set drops equal lines; give a list")
	}
	if lines.IsUnknown() || lines.IsUnderlyingValueUnknown() {
		return types.StringUnknown(), nil
	}
	elements, isList := elementsOf(lines.UnderlyingValue())
	if !isList {
		return types.StringNull(), function.NewArgumentFuncError(0, "the value is not a list of lines. Put a single line into brackets, and take the values of a map")
	}
	total, isKnown := decimal.Decimal{}, true
	for i, line := range elements {
		price, known, problem := linePriceOf(i, line)
		if problem != "" {
			return types.StringNull(), function.NewArgumentFuncError(0, problem)
		}
		total, isKnown = total.Add(price), isKnown && known
	}
	if !isKnown {
		return types.StringUnknown(), nil
	}
	return types.StringValue(total.StringFixed(2)), nil
}

func elementsOf(list attr.Value) ([]attr.Value, bool) {
	if list == nil || list.IsNull() {
		return nil, false
	}
	switch list := list.(type) {
	case types.List:
		return list.Elements(), true
	case types.Tuple:
		return list.Elements(), true
	}
	return nil, false
}

// linePriceOf reads what a line comes to: its result_price in a receipt, its sum in a cart.
func linePriceOf(index int, line attr.Value) (price decimal.Decimal, isKnown bool, problem string) {
	if line.IsUnknown() {
		return price, false, ""
	}
	fields := fieldsOf(line)
	label := fmt.Sprintf("lines[%d]", index)
	if name, isText := inside(fields["name"]).(types.String); isText && name.ValueString() != "" {
		label += fmt.Sprintf(" (%q)", name.ValueString())
	}
	for _, field := range []string{"result_price", "sum"} {
		value := inside(fields[field])
		if value == nil || value.IsNull() {
			continue
		}
		if value.IsUnknown() {
			return price, false, ""
		}
		price, err := readNumber(0, numberText(value), attributes.IsNotNegative(2))
		if err != nil {
			return price, true, label + "." + field + ": " + err.Text
		}
		return price, true, ""
	}
	return price, true, label + " has no result_price, and no sum either"
}

// fieldsOf is nil for what has no fields.
func fieldsOf(line attr.Value) map[string]attr.Value {
	switch line := inside(line).(type) {
	case types.Object:
		return line.Attributes()
	case types.Map:
		return line.Elements()
	}
	return nil
}

// inside unwraps a value whose type HCL did not know, such as a null.
func inside(value attr.Value) attr.Value {
	if dynamic, is := value.(types.Dynamic); is && !dynamic.IsUnknown() {
		return dynamic.UnderlyingValue()
	}
	return value
}

// numberText writes a number as HCL does.
func numberText(value attr.Value) string {
	switch value := value.(type) {
	case types.String:
		return value.ValueString()
	case types.Number:
		return value.ValueBigFloat().Text('f', -1)
	}
	return value.String()
}
