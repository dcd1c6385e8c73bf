package remote

import (
	"context"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// Table lists the arguments of a resource, in the order of its documentation. M is the model of
// the resource, A what its gateway answers. What the gateway never hears of is not in it.
type Table[M, A any] []Argument[M, A]

// Argument is one attribute that the user may set and that reaches the gateway.
type Argument[M, A any] struct {
	// Name is the attribute's; "object.name" for one inside an object.
	Name string
	// Value and Set reach one inside an object. At the root, the tag of the model's field does.
	Value func(*M) attr.Value
	Set   func(*M, attr.Value)
	// Answer is what the gateway gives back, as the attribute would be written: null when an
	// answer leaves it out. It is nil where the gateway never gives it back.
	Answer func(*A) attr.Value
	// IsForImport marks what the gateway gives back in its own way: an import takes it, and
	// nothing else looks at it.
	IsForImport bool
	// IsRewritten marks what the gateway rewrites: after an import the configuration may say
	// something else.
	IsRewritten bool
	// IsSettledLater marks what some gateways rewrite only after they have answered the
	// creation: the first read shows what they made of it.
	IsSettledLater bool
	// IsOpen marks what the gateway may choose where nothing was applied, or nothing was
	// answered before: neither is drift.
	IsOpen bool
	// IsChangeable marks what an update may change.
	IsChangeable bool
	// IsSensitive marks what is neither shown nor remembered.
	IsSensitive bool
}

// Names lists the arguments.
func (t Table[M, A]) Names() []string {
	names := make([]string, 0, len(t))
	for _, argument := range t {
		names = append(names, argument.Name)
	}
	return names
}

// Changed lists the arguments in which a plan differs from the state. Plan modifiers have put
// aside what is only written differently.
func (t Table[M, A]) Changed(plan, state *M) []string {
	return t.differing(plan, state, func(attr.Value) bool { return true })
}

// CertainlyChanged leaves out what is not known yet: it may turn out to be the same, and the
// apply looks at it again.
func (t Table[M, A]) CertainlyChanged(plan, state *M) []string {
	return t.differing(plan, state, func(planned attr.Value) bool { return !planned.IsUnknown() })
}

func (t Table[M, A]) differing(plan, state *M, counts func(planned attr.Value) bool) []string {
	var names []string
	for _, argument := range t {
		if planned := argument.valueIn(plan); !argument.IsChangeable && counts(planned) && !planned.Equal(argument.valueIn(state)) {
			names = append(names, argument.Name)
		}
	}
	return names
}

// attribute is the field of a model that has the attribute's tag.
func attribute(model any, name string) reflect.Value {
	fields := reflect.ValueOf(model).Elem()
	for i := range fields.NumField() {
		if fields.Type().Field(i).Tag.Get("tfsdk") == name {
			return fields.Field(i)
		}
	}
	panic(fmt.Sprintf("%T has no attribute %q", model, name)) // a wrong name in a table, which its test finds
}

func (a Argument[M, A]) valueIn(m *M) attr.Value {
	if a.Value != nil {
		return a.Value(m)
	}
	value, _ := attribute(m, a.Name).Interface().(attr.Value)
	return value
}

func (a Argument[M, A]) setIn(m *M, value attr.Value) {
	if a.Set != nil {
		a.Set(m, value)
		return
	}
	attribute(m, a.Name).Set(reflect.ValueOf(value))
}

// textOf is how a value is remembered; "" for none.
func textOf(value attr.Value) string {
	if value.IsNull() || value.IsUnknown() {
		return ""
	}
	if text, isText := value.(basetypes.StringValuable); isText {
		plain, _ := text.ToStringValue(context.Background())
		return plain.ValueString()
	}
	return attributes.TextOf(value)
}

// valueFrom reads what textOf wrote of a value like this one. Texts and truth values can be read;
// of others the gateway's own has to do.
func valueFrom(text string, like, gateways attr.Value) attr.Value {
	if _, isTruth := like.(types.Bool); isTruth {
		return types.BoolValue(text == "true")
	}
	kind, isText := like.Type(context.Background()).(basetypes.StringTypable)
	if !isText {
		return gateways
	}
	value, _ := kind.ValueFromString(context.Background(), attributes.StringOrNull(text))
	return value
}
