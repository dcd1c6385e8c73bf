package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// privatePaid is true in the plan of a link that was paid. Should Terraform
// replace it, for whatever reason, the plan of the new one shows it.
const privatePaid = "paid"

func (r *paymentLinkResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state, plan paymentLinkModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case req.State.Raw.IsNull():
		r.planNew(ctx, &plan, req, resp)
	case req.Plan.Raw.IsNull():
		resp.Diagnostics.Append(ledger.MarkDestroy(ctx, resp.Private)...)
		r.run.PlanDestroy(state.importID())
		r.run.RefuseAfterEmptyHistory("payment "+state.ID.ValueString(), &resp.Diagnostics)
		if state.wasPaid() {
			warnPaid(state.ID.ValueString(), &resp.Diagnostics)
		}
	default:
		resp.Diagnostics.Append(ledger.WriteReplaced(ctx, resp.Private, state.importID())...)
		resp.Diagnostics.Append(private.WriteFlag(ctx, resp.Private, privatePaid, state.wasPaid())...)
		resp.Diagnostics.Append(ledger.UnmarkDestroy(ctx, resp.Private)...)
		r.planStored(ctx, &plan, &state, req, resp)
	}
}

// planNew looks at a link that is planned as a new one. It may be the creating
// half of a replacement.
func (r *paymentLinkResource) planNew(ctx context.Context, plan *paymentLinkModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	replaced := ledger.ReadReplaced(ctx, req.Private)
	if replaced != "" && private.ReadFlag(ctx, req.Private, privatePaid) {
		resp.Diagnostics.AddError("A paid payment link is not replaced",
			fmt.Sprintf("Payment %s has been paid; replacing it would issue a second link for what may be the same order. Nothing was sent. Either:\n"+
				"- take away what replaces it: -replace, or replace_triggered_by in its lifecycle block;\n"+
				"- add a new resource for another order; or\n"+
				"- let Terraform forget this one: %s", replaced, forgetPaidLink))
		return
	}
	r.claim(ctx, plan, replaced, true, resp)
	r.refuseUnclear(plan, &resp.Diagnostics)
}

func (r *paymentLinkResource) planStored(ctx context.Context, plan, state *paymentLinkModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	changed := attributes.ChangedArguments(plan.arguments(), state.arguments())
	switch {
	case private.ReadFlag(ctx, req.Private, privateImported):
		refuseImportDiffers(importedDifferences(plan.arguments(), state.arguments(), paymentLinkRewritable...), &resp.Diagnostics)
		warnImportRewritten(plan.arguments(), state.arguments(), &resp.Diagnostics, paymentLinkRewritable...)
		changed = nil
	case state.wasPaid():
		// What is not known yet may turn out to be the same. It is looked at again
		// when it is applied.
		for _, name := range attributes.KnownChanges(plan.arguments(), state.arguments()) {
			resp.Diagnostics.AddAttributeError(path.Root(name), "A paid payment link cannot be changed", paidLinkChanges(state, name))
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
	case plan.WhenUnpayable.ValueString() == unpayableRenew && private.ReadFlag(ctx, req.Private, privateUnpayable):
		// Terraform only replaces for an attribute that changes.
		for _, name := range []string{"status", "url", "id"} {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), types.StringUnknown())...)
		}
		resp.RequiresReplace.Append(path.Root("status"))
		resp.Diagnostics.AddWarning("A new payment link will be issued",
			fmt.Sprintf("Payment %s can no longer be paid (failed or expired), and when_unpayable is %q.", state.ID.ValueString(), unpayableRenew))
	}
	r.claim(ctx, plan, state.importID(), len(changed) > 0, resp)
}

// claim makes one known order id on two links an error.
func (r *paymentLinkResource) claim(ctx context.Context, plan *paymentLinkModel, id string, isIssued bool, resp *resource.ModifyPlanResponse) {
	orderID := plan.OrderID
	if r.run.ClaimOrder(ctx, "payment", orderID, id, isIssued, resp.Private) {
		resp.Diagnostics.AddAttributeError(path.Root("order_id"), "Two payment links have one order_id",
			fmt.Sprintf("Order %q is the order of another payment link, too, and one order is paid once. Give each link an order_id of its own. "+
				"If the other one is this one under its old address, add a moved block.", orderID.ValueString()))
	}
}

const forgetPaidLink = ledger.ForgetPaid + " Note the payment's id before: a refund needs it."

func paidLinkChanges(state *paymentLinkModel, name string) string {
	return fmt.Sprintf("Payment %s of order %q has been paid, and a paid order is not changed: another link would ask for the money a second time. Either:\n"+
		"- put %s back to what was applied;\n"+
		"- add a new resource for another order, with an order_id of its own; or\n"+
		"- let Terraform forget this one: %s", state.ID.ValueString(), state.OrderID.ValueString(), name, forgetPaidLink)
}

// isMade reports whether the order id is the provider's, not the configuration's.
func isMade(ctx context.Context, config tfsdk.Config) bool {
	var orderID types.String
	return !config.GetAttribute(ctx, path.Root("order_id"), &orderID).HasError() && orderID.IsNull()
}
