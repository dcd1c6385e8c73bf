package attributes

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ basetypes.ObjectTypable  = SharedObjectType{}
	_ basetypes.ObjectValuable = SharedObject{}
)

// SharedObjectType is an object of which there are thousands. They share one description of their
// type: the framework's own objects make a new one for each, also for null, and keep it.
type SharedObjectType struct {
	basetypes.ObjectType
	described tftypes.Type
}

// NewSharedObjectType describes the objects with these attributes.
func NewSharedObjectType(of map[string]attr.Type) SharedObjectType {
	own := types.ObjectType{AttrTypes: of}
	return SharedObjectType{own, own.TerraformType(context.Background())}
}

// TerraformType is the shared description.
func (t SharedObjectType) TerraformType(context.Context) tftypes.Type { return t.described }

// Equal reports whether the other type is one of this kind, with the same attributes.
func (t SharedObjectType) Equal(other attr.Type) bool {
	o, same := other.(SharedObjectType)
	return same && t.ObjectType.Equal(o.ObjectType)
}

// ValueType is the type of its values.
func (t SharedObjectType) ValueType(context.Context) attr.Value { return SharedObject{} }

// ValueFromObject makes a value of an object.
func (t SharedObjectType) ValueFromObject(_ context.Context, in basetypes.ObjectValue) (basetypes.ObjectValuable, diag.Diagnostics) {
	return SharedObject{in, t}, nil
}

// ValueFromTerraform makes a value of Terraform's.
func (t SharedObjectType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.ObjectType.ValueFromTerraform(ctx, in)
	object, isObject := value.(basetypes.ObjectValue)
	if err != nil || !isObject {
		return value, err
	}
	return SharedObject{object, t}, nil
}

// SharedObject is a value of [SharedObjectType].
type SharedObject struct {
	basetypes.ObjectValue
	of SharedObjectType
}

// Type is [SharedObjectType].
func (v SharedObject) Type(context.Context) attr.Type { return v.of }

// Equal reports whether both are the same object.
func (v SharedObject) Equal(other attr.Value) bool {
	o, same := other.(SharedObject)
	return same && v.ObjectValue.Equal(o.ObjectValue)
}

// ToTerraformValue writes the object with the shared description.
func (v SharedObject) ToTerraformValue(ctx context.Context) (tftypes.Value, error) {
	switch {
	case v.IsUnknown():
		return tftypes.NewValue(v.of.described, tftypes.UnknownValue), nil
	case v.IsNull():
		return tftypes.NewValue(v.of.described, nil), nil
	}
	inside := make(map[string]tftypes.Value, len(v.of.AttrTypes))
	for name, value := range v.Attributes() {
		written, err := value.ToTerraformValue(ctx)
		if err != nil {
			return tftypes.Value{}, err
		}
		inside[name] = written
	}
	return tftypes.NewValue(v.of.described, inside), nil
}
