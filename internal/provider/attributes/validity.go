package attributes

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// Validate checks what a gateway gives as a configuration with it would be checked: texts, and
// lists of objects with texts.
func Validate(ctx context.Context, at path.Path, value attr.Value, as schema.Attribute, diags *diag.Diagnostics) {
	if value.IsNull() {
		if as.IsRequired() {
			diags.AddAttributeError(at, "A value is missing", "Attribute "+at.String()+" is required, and the gateway has no value for it.")
		}
		return
	}
	switch a := as.(type) {
	case schema.StringAttribute:
		text, _ := value.(basetypes.StringValuable) // what the schema has
		plain, _ := text.ToStringValue(ctx)
		for _, one := range a.Validators {
			var resp validator.StringResponse
			one.ValidateString(ctx, validator.StringRequest{Path: at, PathExpression: at.Expression(), ConfigValue: plain}, &resp)
			diags.Append(resp.Diagnostics...)
		}
	case schema.ListNestedAttribute:
		list, _ := value.(types.List)
		for i, element := range list.Elements() {
			object, _ := element.(types.Object)
			for name, inner := range a.NestedObject.Attributes {
				Validate(ctx, at.AtListIndex(i).AtName(name), object.Attributes()[name], inner, diags)
			}
		}
	}
}
