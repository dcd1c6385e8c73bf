package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// claimOrder makes one known order id on two invoices an error, at gateways whose
// order ids are unique. id is that of the stored or the replaced invoice.
func (r *invoiceResource) claimOrder(ctx context.Context, a invoiceAdapter, orderID types.String, id string, isIssued bool, resp *resource.ModifyPlanResponse) {
	if a.findsByOrder() && r.run.ClaimOrder(ctx, a.name(), orderID, id, isIssued, resp.Private) {
		ledger.RefuseTakenOrder("invoice", orderID, &resp.Diagnostics)
	}
}

// claimPayout claims the order id of a payout, which no invoice may have either.
// Two payouts are told apart by rules of their own, and before.
func (r *invoiceResource) claimPayout(ctx context.Context, plan, state *invoiceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	a := r.adapterOf(plan)
	switch {
	case resp.Diagnostics.HasError() || req.Plan.Raw.IsNull() || a == nil:
	case req.State.Raw.IsNull():
		r.claimOrder(ctx, a, plan.OrderID, ledger.ReadReplaced(ctx, req.Private), true, resp)
	case state.isFailedPayout(): // its order id may be used again
	default:
		resp.Diagnostics.Append(ledger.WriteReplaced(ctx, resp.Private, state.owner(), false)...)
		r.claimOrder(ctx, a, plan.OrderID, state.owner(), false, resp)
	}
}
