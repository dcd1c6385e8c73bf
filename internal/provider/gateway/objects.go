package gateway

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

// Objects are the objects of the gateways at the root of the provider block, of an
// invoice or of a history, by the names of the gateways. A model holds all of them in
// one field, so a further gateway changes no model.
type Objects map[string]types.Object

// source is a plan, a state or a configuration.
type source interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

// Read reads a plan, a state or a configuration: the objects at its root into objects,
// all else into model.
func Read(ctx context.Context, from source, model any, objects *Objects) diag.Diagnostics {
	var root types.Object
	diags := from.Get(ctx, &root)
	values, kinds := root.Attributes(), root.AttributeTypes(ctx)
	own := Objects{}
	for name, value := range values {
		if object, ok := value.(types.Object); ok {
			own[name] = object
			delete(values, name)
			delete(kinds, name)
		}
	}
	rest, more := types.ObjectValue(kinds, values)
	diags.Append(more...)
	diags.Append(rest.As(ctx, model, basetypes.ObjectAsOptions{})...)
	*objects = own // now: the framework has emptied what else the model holds
	return diags
}

// ReadSent reads an invoice as Terraform sends it, of the objects only that of its gateway. It
// reports whether it can.
func ReadSent(ctx context.Context, a InvoiceAdapter, sent wire.Object, m *Invoice) bool {
	kind := a.ResourceSchema().GetType()
	encoded := tfprotov6.DynamicValue{MsgPack: sent[a.Name()]}
	value, err := encoded.Unmarshal(kind.TerraformType(ctx))
	if err != nil {
		return false
	}
	own, err := kind.ValueFromTerraform(ctx, value)
	if err != nil {
		return false
	}
	object, isObject := own.(types.Object)
	sent.Into(ctx, m)
	m.Objects = Objects{a.Name(): object}
	return isObject
}

// Write writes into a state what [Read] reads.
func Write(ctx context.Context, to *tfsdk.State, model any, objects Objects) diag.Diagnostics {
	root, _ := to.Schema.Type().(attr.TypeWithAttributeTypes) // what a schema always is
	kinds, own := root.AttributeTypes(), map[string]attr.Value{}
	for name, kind := range kinds {
		object, ok := kind.(types.ObjectType)
		if !ok {
			continue
		}
		own[name] = types.ObjectNull(object.AttrTypes)
		if given, ok := objects[name]; ok && !given.IsNull() {
			own[name] = given
		}
		delete(kinds, name)
	}
	rest, diags := types.ObjectValueFrom(ctx, kinds, model)
	maps.Copy(own, rest.Attributes())
	whole, more := types.ObjectValue(root.AttributeTypes(), own)
	diags.Append(more...)
	if diags.HasError() {
		return diags
	}
	return to.Set(ctx, whole)
}
