package attributes

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// StringOrNull reads "" as "none".
func StringOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// KeepID keeps an id that is known: it is the identity, which must not change
// because a gateway writes it in another way.
func KeepID(known types.String, answer values.ID) types.String {
	if known.IsNull() || known.IsUnknown() {
		return types.StringValue(string(answer))
	}
	return known
}

// CanonicalJSON writes a document with sorted keys and no spaces; "" for what
// holds nothing (null, {}, and PHP's []).
func CanonicalJSON(document json.RawMessage) string {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return ""
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	switch string(text) {
	case "null", "{}", "[]", `""`:
		return ""
	}
	return string(text)
}

// JSONOrNull reads a document that holds nothing as "none".
func JSONOrNull(document json.RawMessage) jsontypes.Normalized {
	text := CanonicalJSON(document)
	if text == "" {
		return jsontypes.NewNormalizedNull()
	}
	return jsontypes.NewNormalizedValue(text)
}

// MoneyOrNull reads an amount of zero as "none": nothing is paid, or given back, for nothing.
func MoneyOrNull(amount values.Decimal) Decimal {
	if amount.IsZero() {
		return NullDecimal()
	}
	return NewMoney(&amount)
}

// CurrencyOrNull is a currency as configurations write it, whatever the gateway calls it.
func CurrencyOrNull(text string) types.String {
	for _, code := range []string{"RUB", "USD", "EUR"} {
		if values.SameCurrency(code, text) {
			return types.StringValue(code)
		}
	}
	return StringOrNull(text)
}

// TimeOrNull reads the zero time as "none".
func TimeOrNull(t values.Time) timetypes.RFC3339 {
	if t.IsZero() {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(t.Time)
}

// WithoutUnknowns returns the attributes of an object with null for what is not
// known, and for all of them when there is no object.
func WithoutUnknowns(ctx context.Context, object types.Object) map[string]attr.Value {
	inside := maps.Clone(object.Attributes())
	if inside == nil {
		inside = map[string]attr.Value{}
	}
	for name, kind := range object.AttributeTypes(ctx) {
		if value, ok := inside[name]; !ok || value.IsUnknown() {
			inside[name] = nullOf(ctx, kind)
		}
	}
	return inside
}

func nullOf(ctx context.Context, kind attr.Type) attr.Value {
	value, err := kind.ValueFromTerraform(ctx, tftypes.NewValue(kind.TerraformType(ctx), nil))
	if err != nil {
		return types.StringNull() // no type of the framework refuses null
	}
	return value
}

// NullIfEmpty reads an object in which everything is null as none: where an object holds secrets,
// generated configuration has null for each.
func NullIfEmpty(value attr.Value) attr.Value {
	object, isObject := value.(types.Object)
	if !isObject || object.IsUnknown() {
		return value
	}
	for _, inside := range object.Attributes() {
		if !inside.IsNull() {
			return value
		}
	}
	return types.ObjectNull(object.AttributeTypes(context.Background()))
}

// ReadObject reads the object of a gateway. What is null or not known is the
// zero value.
func ReadObject[T any](ctx context.Context, object types.Object, diags *diag.Diagnostics) T {
	var into T
	if !object.IsNull() && !object.IsUnknown() {
		diags.Append(object.As(ctx, &into, basetypes.ObjectAsOptions{})...)
	}
	return into
}
