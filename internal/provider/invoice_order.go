package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// claimOrder makes one known order id on two invoices an error, at gateways whose
// order ids are unique. id is that of the stored or the replaced invoice.
func (r *invoiceResource) claimOrder(ctx context.Context, a gateway.InvoiceAdapter, orderID types.String, id string, isIssued bool, resp *resource.ModifyPlanResponse) {
	if a.Traits().FindsByOrder && r.run.ClaimOrder(ctx, a.Name(), orderID, id, isIssued, resp.Private) {
		ledger.RefuseTakenOrder("invoice", orderID, &resp.Diagnostics)
	}
}

// claimPayout claims the order id of a payout, which no invoice may have either.
// Two payouts are told apart by rules of their own, and before.
func (r *invoiceResource) claimPayout(ctx context.Context, plan, state *gateway.Invoice, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	a := r.adapterOf(plan)
	switch {
	case resp.Diagnostics.HasError() || req.Plan.Raw.IsNull() || a == nil:
	case req.State.Raw.IsNull():
		r.claimOrder(ctx, a, plan.OrderID, ledger.ReadReplaced(ctx, req.Private), true, resp)
	case state.IsFailedPayout(): // its order id may be used again
	default:
		resp.Diagnostics.Append(ledger.WriteReplaced(ctx, resp.Private, state.Owner(), false)...)
		r.claimOrder(ctx, a, plan.OrderID, state.Owner(), false, resp)
	}
}
