package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// readPlan reads the models of a plan. One stays empty: the state of a new object, or the
// plan of a destroy.
func readPlan[M any](ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (plan, state M) {
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	return plan, state
}

// replaceUnpayable plans a new object in place of one that can no longer be paid. Terraform
// replaces an object only if an attribute changes.
func replaceUnpayable(ctx context.Context, resp *resource.ModifyPlanResponse) {
	for _, name := range []string{"status", "url", "id"} {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), types.StringUnknown())...)
	}
	resp.RequiresReplace.Append(path.Root("status"))
}
