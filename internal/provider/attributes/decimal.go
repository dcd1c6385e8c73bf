package attributes

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
	_ basetypes.StringTypable                    = DecimalType{}
	_ basetypes.StringValuableWithSemanticEquals = Decimal{}
)

// DecimalType is a decimal number in a string: "1000" and "1000.00" are equal.
// What may be written is checked by the validators beside it.
type DecimalType struct{ basetypes.StringType }

// Equal reports whether the other type is this one.
func (t DecimalType) Equal(other attr.Type) bool {
	_, same := other.(DecimalType)
	return same
}

func (t DecimalType) String() string { return "DecimalType" }

// ValueType is the type of its values.
func (t DecimalType) ValueType(context.Context) attr.Value { return Decimal{} }

// ValueFromString makes a value of a text.
func (t DecimalType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Decimal{in}, nil
}

// ValueFromTerraform makes a value of Terraform's.
func (t DecimalType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("unexpected value type %T", value)
	}
	return Decimal{text}, nil
}

// Decimal is a value of [DecimalType].
type Decimal struct{ basetypes.StringValue }

// Type is [DecimalType].
func (v Decimal) Type(context.Context) attr.Type { return DecimalType{} }

// Equal reports whether both are written in the same way.
func (v Decimal) Equal(other attr.Value) bool {
	o, same := other.(Decimal)
	return same && v.StringValue.Equal(o.StringValue)
}

// StringSemanticEquals reports whether both are the same number.
func (v Decimal) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	o, same := other.(Decimal)
	return same && EqualDecimals(v.ValueString(), o.ValueString()), nil
}

// Number is nil when there is none. Validators have seen it before.
func (v Decimal) Number() *values.Decimal {
	number, err := values.ParseDecimal(v.ValueString())
	if v.IsNull() || v.IsUnknown() || err != nil {
		return nil
	}
	return &number
}

// NewDecimal makes a decimal as it is written.
func NewDecimal(text string) Decimal { return Decimal{basetypes.NewStringValue(text)} }

// NullDecimal is no number.
func NullDecimal() Decimal { return Decimal{basetypes.NewStringNull()} }

// NewMoney writes an amount of the gateway with two decimals; null for none.
func NewMoney(amount *values.Decimal) Decimal {
	if amount == nil {
		return NullDecimal()
	}
	return NewDecimal(amount.Money())
}

// EqualDecimals reports whether two texts are the same number, or the same text.
func EqualDecimals(a, b string) bool {
	left, err := values.ParseDecimal(a)
	if err != nil {
		return a == b
	}
	right, err := values.ParseDecimal(b)
	return err == nil && left.Equal(right.Decimal)
}

// OrZero reads no number as zero.
func OrZero(number *values.Decimal) values.Decimal {
	if number == nil {
		return values.Decimal{}
	}
	return *number
}

// IsBetween reports whether all three are known, and number lies in the range, ends included.
func IsBetween(number, low, high *values.Decimal) bool {
	return number != nil && low != nil && high != nil && number.GreaterThanOrEqual(low.Decimal) && number.LessThanOrEqual(high.Decimal)
}
