package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

var (
	_ basetypes.StringTypable                    = decimalType{}
	_ basetypes.StringValuableWithSemanticEquals = decimalValue{}
)

// decimalType is a decimal number in a string: "1000" and "1000.00" are equal.
// What may be written is checked by the validators beside it.
type decimalType struct{ basetypes.StringType }

func (t decimalType) Equal(other attr.Type) bool {
	_, same := other.(decimalType)
	return same
}

func (t decimalType) String() string { return "decimalType" }

func (t decimalType) ValueType(context.Context) attr.Value { return decimalValue{} }

func (t decimalType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return decimalValue{in}, nil
}

func (t decimalType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("unexpected value type %T", value)
	}
	return decimalValue{text}, nil
}

type decimalValue struct{ basetypes.StringValue }

func (v decimalValue) Type(context.Context) attr.Type { return decimalType{} }

func (v decimalValue) Equal(other attr.Value) bool {
	o, same := other.(decimalValue)
	return same && v.StringValue.Equal(o.StringValue)
}

func (v decimalValue) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	o, same := other.(decimalValue)
	return same && equalDecimals(v.ValueString(), o.ValueString()), nil
}

// decimal is the number; nil when there is none. Validators have seen it before.
func (v decimalValue) decimal() *values.Decimal {
	number, err := values.ParseDecimal(v.ValueString())
	if v.IsNull() || v.IsUnknown() || err != nil {
		return nil
	}
	return &number
}

func newDecimal(text string) decimalValue { return decimalValue{basetypes.NewStringValue(text)} }

func nullDecimal() decimalValue { return decimalValue{basetypes.NewStringNull()} }

// newMoney writes an amount of the gateway with two decimals; null for none.
func newMoney(amount *values.Decimal) decimalValue {
	if amount == nil {
		return nullDecimal()
	}
	return newDecimal(amount.Money())
}

func equalDecimals(a, b string) bool {
	left, err := values.ParseDecimal(a)
	if err != nil {
		return a == b
	}
	right, err := values.ParseDecimal(b)
	return err == nil && left.Equal(right.Decimal)
}
