package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
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
