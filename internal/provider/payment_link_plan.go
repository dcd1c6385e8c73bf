package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

func (r *paymentLinkResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	plan, state := readPlan[paymentLinkModel](ctx, req, resp)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case req.State.Raw.IsNull():
		r.planNew(ctx, &plan, req, resp)
	case req.Plan.Raw.IsNull():
		resp.Diagnostics.Append(ledger.MarkDestroy(ctx, resp.Private)...)
		r.run.NoteDestroy(state.importID())
		r.run.RefuseAfterEmptyHistory("payment "+state.ID.ValueString(), &resp.Diagnostics)
		if state.wasPaid() {
			warnPaid(state.ID.ValueString(), &resp.Diagnostics)
		}
	default:
		resp.Diagnostics.Append(state.markStored(ctx, resp.Private)...)
		r.planStored(ctx, &plan, &state, req, resp)
	}
}

// markStored tells the plan of a replacement, if there is to be one, about the stored link.
func (m *paymentLinkModel) markStored(ctx context.Context, data private.Writer) diag.Diagnostics {
	diags := ledger.WriteReplaced(ctx, data, m.importID(), m.wasPaid())
	diags.Append(ledger.UnmarkDestroy(ctx, data)...)
	return diags
}

// planNew looks at a link that is planned as a new one. It may be the creating
// half of a replacement.
func (r *paymentLinkResource) planNew(ctx context.Context, plan *paymentLinkModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if ledger.RefusePaidReplacement(ctx, "payment link", req.Private, &resp.Diagnostics) {
		return
	}
	r.claim(ctx, plan, ledger.ReadReplaced(ctx, req.Private), true, resp)
	r.refuseUnclear(plan, &resp.Diagnostics)
}

func (r *paymentLinkResource) planStored(ctx context.Context, plan, state *paymentLinkModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	changed, known := paymentLinkArguments.Changed(plan, state), remote.ReadMarks(ctx, req.Private)
	switch {
	case refuseUnread(known.Imported && state.Status.IsNull(), state.name(), &resp.Diagnostics):
		return
	case known.Imported:
		remote.PlanImported(paymentLinkArguments.Contradictions(plan, state), &resp.Diagnostics)
		changed = nil
	case state.wasPaid():
		// What is not known yet may turn out to be the same. It is looked at again
		// when it is applied.
		for _, name := range paymentLinkArguments.CertainlyChanged(plan, state) {
			ledger.RefusePaidChange(path.Root(name), "payment link", state.name(), &resp.Diagnostics)
		}
		changed = nil
	case len(changed) > 0:
		for _, name := range changed {
			resp.RequiresReplace.Append(path.Root(name))
		}
		detail := fmt.Sprintf("The gateway cannot change %s, so a new one replaces it, with a new address: %s changed.",
			state.name(), strings.Join(changed, ", "))
		if !isMade(ctx, req.Config) && plan.OrderID.Equal(state.OrderID) {
			detail += " It gets the same order_id, which not every gateway takes again; and with create_before_destroy the open payment " +
				"would be found under it and kept as it is. A new order_id avoids both."
		}
		resp.Diagnostics.AddWarning("A new payment link will be issued", detail)
	case plan.WhenUnpayable.ValueString() == unpayableRenew && known.Unpayable:
		replaceUnpayable(ctx, resp)
		resp.Diagnostics.AddWarning("A new payment link will be issued",
			fmt.Sprintf("Payment %s can no longer be paid (failed or expired), and when_unpayable is %q.", state.ID.ValueString(), unpayableRenew))
	}
	r.claim(ctx, plan, state.importID(), len(changed) > 0, resp)
}

// claim makes one known order id on two links an error.
func (r *paymentLinkResource) claim(ctx context.Context, plan *paymentLinkModel, id string, isIssued bool, resp *resource.ModifyPlanResponse) {
	if r.run.ClaimOrder(ctx, apigateway.PaymentKind, plan.OrderID, id, isIssued, resp.Private) {
		ledger.RefuseTakenOrder("payment link", plan.OrderID, &resp.Diagnostics)
	}
}

// isMade reports whether the order id is the provider's, not the configuration's.
func isMade(ctx context.Context, config tfsdk.Config) bool {
	var orderID types.String
	return !config.GetAttribute(ctx, path.Root("order_id"), &orderID).HasError() && orderID.IsNull()
}
