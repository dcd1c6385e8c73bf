package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

func (r *invoiceResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config invoiceResourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	var given []string
	unknown := false
	for _, a := range r.adapters {
		object := a.object(&config.invoiceModel)
		unknown = unknown || object.IsUnknown()
		if !object.IsNull() {
			given = append(given, a.name())
		}
	}
	switch {
	case len(given) > 1 && !unknown:
		resp.Diagnostics.AddAttributeError(path.Root(given[1]), "An invoice has one gateway",
			fmt.Sprintf("Exactly one of %s must be set, not %s.", quoted(namesOf(r.adapters)), quoted(given)))
		return
	case len(given) == 0:
		resp.Diagnostics.AddAttributeError(path.Root(r.adapters[0].name()), "An invoice needs a gateway",
			fmt.Sprintf("Exactly one of %s must be set.", quoted(namesOf(r.adapters))))
		return
	}
	if a := r.adapterOf(&config.invoiceModel); a != nil && !resp.Diagnostics.HasError() {
		a.check(ctx, &config.invoiceModel, false, &resp.Diagnostics)
	}
}

// ModifyPlan decides what becomes of an invoice: a new one, one that replaces
// another, a mail, or nothing.
func (r *invoiceResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state, plan invoiceResourceModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if r.planProtected(ctx, &plan, &state, req, resp) {
		r.claimPayout(ctx, &plan.invoiceModel, &state.invoiceModel, req, resp)
		return
	}
	switch {
	case req.State.Raw.IsNull():
		r.planNew(ctx, &plan.invoiceModel, req, resp)
	case req.Plan.Raw.IsNull():
		r.run.NoteDestroy(state.owner())
		r.run.RefuseAfterEmptyHistory("the "+state.name(), &resp.Diagnostics)
		r.planDestroy(&state.invoiceModel, &resp.Diagnostics)
	default:
		r.planChange(ctx, &plan, &state, req, resp)
		if a := r.adapterOf(&plan.invoiceModel); a != nil {
			r.claimOrder(ctx, a, plan.OrderID, state.owner(), len(resp.RequiresReplace) > 0, resp)
		}
		if len(resp.RequiresReplace) > 0 {
			refuseProtected(&state, &resp.Diagnostics)
		}
	}
}

func (r *invoiceResource) planNew(ctx context.Context, plan *invoiceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	a := r.adapterOf(plan)
	if a == nil {
		return
	}
	a.mustHaveSettings(&resp.Diagnostics)
	a.check(ctx, plan, true, &resp.Diagnostics)
	ledger.RefusePaidReplacement(ctx, "invoice", req.Private, &resp.Diagnostics)
	replaced := ledger.ReadReplaced(ctx, req.Private)
	r.claimOrder(ctx, a, plan.OrderID, replaced, true, resp)
	r.refuseWhileUnclear(ctx, a, plan, &resp.Diagnostics)
	if replaced == "" {
		r.refusePaidRename(a, plan, true, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("gateway"), a.name())...)
}

func (r *invoiceResource) planDestroy(state *invoiceModel, diags *diag.Diagnostics) {
	if state.isPaid() {
		r.refusePaidRename(r.adapterOf(state), state, false, diags)
		diags.Append(paidInvoiceStays(state))
	}
}

func (r *invoiceResource) planChange(ctx context.Context, plan, state *invoiceResourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	before, after := r.adapterOf(&state.invoiceModel), r.adapterOf(&plan.invoiceModel)
	imported := private.ReadFlag(ctx, req.Private, privateImported)
	noteReplaced(ctx, before, after, &plan.invoiceModel, &state.invoiceModel, resp)
	replace := func(why string, names ...string) {
		for _, name := range names {
			resp.RequiresReplace.Append(attributePath(name))
		}
		if before == after && before.findsByOrder() && !plan.OrderID.IsNull() && plan.OrderID.Equal(state.OrderID) {
			why += ". It keeps its order_id: with create_before_destroy the open invoice would be found under it, and kept as it is, without the change. A new order_id avoids that"
		}
		r.planReplacement(&state.invoiceModel, why, &resp.Diagnostics)
	}
	unknown := r.unknownObjects(&plan.invoiceModel)
	switch {
	case len(unknown) > 0 && imported:
		return // looked at when it is applied
	case state.isPaid() && !imported:
		planPaidChange(before, after, &plan.invoiceModel, &state.invoiceModel, &resp.Diagnostics)
		return
	case len(unknown) > 0:
		replace(strings.Join(unknown, ", ")+" is not known yet", unknown...)
		return
	case imported:
		refuseImportDiffers(invoiceDifferences(before, after, &plan.invoiceModel, &state.invoiceModel), &resp.Diagnostics)
		warnImportRewritten(plan.arguments(before), state.arguments(before), &resp.Diagnostics, rewritableName)
	case before != after:
		replace("its gateway changes", before.name(), after.name())
		return
	default:
		if changed := changedArguments(plan.arguments(before), state.arguments(before)); len(changed) > 0 {
			replace(strings.Join(changed, ", ")+" changed", changed...)
			return
		}
		if plan.WhenUnpayable.ValueString() == unpayableRenew && private.ReadFlag(ctx, req.Private, privateUnpayable) {
			r.planRenewal(ctx, before, &plan.invoiceModel, &state.invoiceModel, resp)
			return
		}
	}
	send := before.object(&plan.invoiceModel).Attributes()["send"]
	sending := plan.invoiceModel
	sending.keepObserved(before, &state.invoiceModel)
	if send != nil && send.IsUnknown() || turnsToSend(before, &sending, &state.invoiceModel) {
		for _, name := range observedAttributes {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), types.StringUnknown())...)
		}
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("paid"), types.BoolUnknown())...)
	}
}

// unknownObjects names the gateways of which nobody knows yet whether they are
// set.
func (r *invoiceResource) unknownObjects(m *invoiceModel) []string {
	var names []string
	for _, a := range r.adapters {
		if a.object(m).IsUnknown() {
			names = append(names, a.name())
		}
	}
	return names
}

// turnsToSend reports whether an update has an invoice to send. What was sent once is
// not sent again, whatever the gateway shows.
func turnsToSend(a invoiceAdapter, plan, state *invoiceModel) bool {
	return !state.isPaid() && a.toSend(plan) && !a.object(plan).Attributes()["send"].Equal(a.object(state).Attributes()["send"])
}

// planReplacement only warns: Terraform plans the new invoice afterwards, as one
// that has no state.
func (r *invoiceResource) planReplacement(state *invoiceModel, why string, diags *diag.Diagnostics) {
	diags.AddWarning("A new invoice will be issued", fmt.Sprintf("No call changes the %s, so a new one replaces it, with a new address: %s.", state.name(), why))
}

// planRenewal replaces an expired invoice, unless the new one would be refused:
// an error made by nothing but time would be in the way of everything else.
func (r *invoiceResource) planRenewal(ctx context.Context, a invoiceAdapter, plan, state *invoiceModel, resp *resource.ModifyPlanResponse) {
	var problems diag.Diagnostics
	a.check(ctx, plan, true, &problems)
	if problems.HasError() {
		resp.Diagnostics.AddWarning("An expired invoice is not renewed",
			fmt.Sprintf("The %s has expired, and when_unpayable is %q, but a new one cannot be issued. %s", state.name(), unpayableRenew, problems.Errors()[0].Detail()))
		return
	}
	// Terraform only replaces for an attribute that changes.
	for _, name := range []string{"status", "url", "id"} {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), types.StringUnknown())...)
	}
	resp.RequiresReplace.Append(path.Root("status"))
	resp.Diagnostics.AddWarning("A new invoice will be issued",
		fmt.Sprintf("The %s has expired, and when_unpayable is %q.", state.name(), unpayableRenew))
}

// invoiceDifferences are what an update cannot make true. What the configuration
// leaves to the gateway does not contradict it, nor does a sum that the gateway
// made unique.
func invoiceDifferences(before, after invoiceAdapter, plan, state *invoiceModel) []argument {
	if before != after {
		return []argument{{name: "gateway", value: state.Gateway}}
	}
	planned := before.object(plan).Attributes()
	most, _ := planned["max_amount"].(attributes.Decimal)
	return slices.DeleteFunc(importedDifferences(plan.arguments(before), state.arguments(before), rewritableName), func(one argument) bool {
		if one.name == "amount" && isBetween(state.Amount.Number(), plan.Amount.Number(), most.Number()) {
			return true
		}
		value, inside := planned[strings.TrimPrefix(one.name, before.name()+".")]
		return inside && value.IsNull()
	})
}

// rewritableName is what some gateways rewrite: after an import it may differ.
const rewritableName = "paykeeper.service_name"
