package attributes_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// A shared object is to Terraform what the framework's own is.
func TestSharedObjectIsAnObject(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	kinds := map[string]attr.Type{"name": types.StringType, "tags": types.ListType{ElemType: types.StringType}}
	plain, shared := types.ObjectType{AttrTypes: kinds}, attributes.NewSharedObjectType(kinds)
	if !shared.TerraformType(ctx).Equal(plain.TerraformType(ctx)) || !shared.Equal(attributes.NewSharedObjectType(kinds)) ||
		shared.Equal(plain) || shared.Equal(attributes.NewSharedObjectType(map[string]attr.Type{"name": types.StringType})) {
		t.Error("its type")
	}
	filled := types.ObjectValueMust(kinds, map[string]attr.Value{"name": types.StringValue("a"), "tags": types.ListNull(types.StringType)})
	for name, own := range map[string]types.Object{"filled": filled, "null": types.ObjectNull(kinds), "unknown": types.ObjectUnknown(kinds)} {
		want, err := own.ToTerraformValue(ctx)
		if err != nil {
			t.Fatal(err)
		}
		value, diags := shared.ValueFromObject(ctx, own)
		again, err := shared.ValueFromTerraform(ctx, want)
		if diags.HasError() || err != nil || !value.Equal(again) || !value.Type(ctx).Equal(shared) || value.IsNull() != own.IsNull() {
			t.Errorf("%s: %s, then %s (%v, %v)", name, value, again, diags, err)
		}
		if got, err := again.ToTerraformValue(ctx); err != nil || !got.Equal(want) {
			t.Errorf("%s: %s, want %s (%v)", name, got, want, err)
		}
	}
	other, err := shared.ValueFromTerraform(ctx, tftypes.NewValue(tftypes.String, "a"))
	if err == nil {
		t.Errorf("a text is no object: %s", other)
	}
	if null, _ := shared.ValueFromObject(ctx, types.ObjectNull(kinds)); null.Equal(types.ObjectNull(kinds)) {
		t.Error("another type is equal")
	}
}
