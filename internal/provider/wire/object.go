// Package wire reads single attributes of what Terraform sends. The framework decodes all of
// it, several times per call. That costs more than everything else in a plan that changes
// nothing.
package wire

import (
	"bytes"
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
)

// Null is how null is encoded.
var Null = []byte{0xc0}

// Object is an object whose attributes are still encoded.
type Object map[string]msgpack.RawMessage

// Read returns an object as Terraform sends it. It is nil if there is none, or if it is
// encoded in another way.
func Read(value *tfprotov6.DynamicValue) Object {
	if value == nil {
		return nil
	}
	return read(value.MsgPack)
}

func read(encoded []byte) Object {
	if len(encoded) == 0 {
		return nil
	}
	rest := bytes.NewReader(encoded) // the decoder reads no further than it has to
	decoder := msgpack.NewDecoder(rest)
	length, err := decoder.DecodeMapLen()
	if err != nil || length < 0 {
		return nil
	}
	object := make(Object, length)
	for range length {
		name, err := decoder.DecodeString()
		if err != nil {
			return nil
		}
		start := len(encoded) - rest.Len()
		if decoder.Skip() != nil {
			return nil
		}
		object[name] = encoded[start : len(encoded)-rest.Len()]
	}
	return object
}

// IsNull reports whether an attribute is null, or not there.
func (o Object) IsNull(name string) bool {
	return len(o[name]) == 0 || bytes.Equal(o[name], Null)
}

// Object returns an object in the object, nil if there is none.
func (o Object) Object(name string) Object { return read(o[name]) }

// String returns a text. It is null if the attribute is not a known text.
func (o Object) String(name string) types.String {
	var text string
	if o.IsNull(name) || msgpack.Unmarshal(o[name], &text) != nil {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// Bool returns a truth value. It is null if the attribute is not a known one.
func (o Object) Bool(name string) types.Bool {
	var truth bool
	if o.IsNull(name) || msgpack.Unmarshal(o[name], &truth) != nil {
		return types.BoolNull()
	}
	return types.BoolValue(truth)
}

// Into fills the fields of a model whose attributes are texts or truth values, by their tags.
// It leaves alone what is of another type.
func (o Object) Into(ctx context.Context, model any) {
	fields := reflect.ValueOf(model).Elem()
	for i := range fields.NumField() {
		name := fields.Type().Field(i).Tag.Get("tfsdk")
		switch field := fields.Field(i).Interface().(type) {
		case types.Bool:
			fields.Field(i).Set(reflect.ValueOf(o.Bool(name)))
		case basetypes.StringValuable:
			kind, _ := field.Type(ctx).(basetypes.StringTypable) // what the type of a text is
			text, _ := kind.ValueFromString(ctx, o.String(name))
			fields.Field(i).Set(reflect.ValueOf(text))
		}
	}
}
