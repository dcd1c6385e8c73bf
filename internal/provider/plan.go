package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// readPlan reads the models that a plan is made of. A new object has no state and a
// destroy no plan: such a model stays empty.
func readPlan[M any](ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (plan, state M) {
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	return plan, state
}

// replaceUnpayable plans a new object in the place of one that can no longer be paid. Terraform
// only replaces for an attribute that changes.
func replaceUnpayable(ctx context.Context, resp *resource.ModifyPlanResponse) {
	for _, name := range []string{"status", "url", "id"} {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), types.StringUnknown())...)
	}
	resp.RequiresReplace.Append(path.Root("status"))
}
