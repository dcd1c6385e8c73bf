package attributes

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

// keepEquivalent plans the value of the state where the configuration only
// writes it differently. The framework's semantic equality does not work in
// plans: without this, "1000" → "1000.00" would be a new payment link.
type keepEquivalent struct {
	equal func(ctx context.Context, a, b string) bool
}

// KeepEqualDecimal keeps what is the same number.
func KeepEqualDecimal() planmodifier.String {
	return keepEquivalent{equal: func(_ context.Context, a, b string) bool { return EqualDecimals(a, b) }}
}

// KeepEqualJSON keeps what is the same document.
func KeepEqualJSON() planmodifier.String {
	return keepEquivalent{equal: func(ctx context.Context, a, b string) bool {
		equal, diags := jsontypes.NewNormalizedValue(a).StringSemanticEquals(ctx, jsontypes.NewNormalizedValue(b))
		return equal && !diags.HasError()
	}}
}

func (m keepEquivalent) Description(context.Context) string {
	return "The same value written in another way is no change."
}

func (m keepEquivalent) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (m keepEquivalent) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if m.equal(ctx, req.StateValue.ValueString(), req.PlanValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}

// keepIfEmpty plans the object of the state where the configuration has one in which everything
// is null.
type keepIfEmpty struct{}

// KeepIfEmpty is for an object of secrets. Configuration that was generated for an imported one
// does not show them, and is no change.
func KeepIfEmpty() planmodifier.Object { return keepIfEmpty{} }

func (keepIfEmpty) Description(context.Context) string {
	return "An object in which everything is null is no change."
}

func (m keepIfEmpty) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepIfEmpty) PlanModifyObject(_ context.Context, req planmodifier.ObjectRequest, resp *planmodifier.ObjectResponse) {
	if !req.ConfigValue.IsNull() && NullIfEmpty(req.ConfigValue).IsNull() && !req.StateValue.IsNull() {
		resp.PlanValue = req.StateValue
	}
}

// KeepNull keeps an attribute with a default null where an older version has stored nothing: the
// default is what it was, so nothing changes.
func KeepNull() planmodifier.String { return keepNull{} }

type keepNull struct{}

func (keepNull) Description(context.Context) string {
	return "What an older version has not stored is the default."
}

func (m keepNull) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepNull) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if !req.State.Raw.IsNull() && req.StateValue.IsNull() && req.ConfigValue.IsNull() {
		resp.PlanValue = req.StateValue
	}
}
