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
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

func (r *invoiceResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config invoiceResourceModel
	resp.Diagnostics.Append(gateway.Read(ctx, req.Config, &config, &config.Objects)...)
	var given []string
	unknown := false
	for _, a := range r.adapters {
		object := config.Object(a)
		unknown = unknown || object.IsUnknown()
		if !object.IsNull() {
			given = append(given, a.Name())
		}
	}
	switch {
	case len(given) > 1 && !unknown:
		resp.Diagnostics.AddAttributeError(path.Root(given[1]), "An invoice has one gateway",
			fmt.Sprintf("Exactly one of %s must be set, not %s.", attributes.Quoted(gateway.Names(r.adapters)), attributes.Quoted(given)))
		return
	case len(given) == 0:
		resp.Diagnostics.AddAttributeError(path.Root(r.adapters[0].Name()), "An invoice needs a gateway",
			fmt.Sprintf("Exactly one of %s must be set.", attributes.Quoted(gateway.Names(r.adapters))))
		return
	}
	if a := r.adapterOf(&config.Invoice); a != nil && !resp.Diagnostics.HasError() {
		a.Check(ctx, &config.Invoice, false, &resp.Diagnostics)
	}
}

// ModifyPlan decides what becomes of an invoice: a new one, one that replaces
// another, a mail, or nothing.
func (r *invoiceResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state, plan invoiceResourceModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(gateway.Read(ctx, req.State, &state, &state.Objects)...)
	}
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(gateway.Read(ctx, req.Plan, &plan, &plan.Objects)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if r.planProtected(ctx, &plan, &state, req, resp) {
		r.claimPayout(ctx, &plan.Invoice, &state.Invoice, req, resp)
		return
	}
	switch {
	case req.State.Raw.IsNull():
		r.planNew(ctx, &plan.Invoice, req, resp)
	case req.Plan.Raw.IsNull():
		r.run.NoteDestroy(state.Owner())
		r.run.RefuseAfterEmptyHistory("the "+invoiceName(&state.Invoice), &resp.Diagnostics)
		r.planDestroy(&state.Invoice, &resp.Diagnostics)
	default:
		r.planChange(ctx, &plan, &state, req, resp)
		if a := r.adapterOf(&plan.Invoice); a != nil {
			r.claimOrder(ctx, a, plan.OrderID, state.Owner(), len(resp.RequiresReplace) > 0, resp)
		}
		if len(resp.RequiresReplace) > 0 {
			refuseProtected(&state, &resp.Diagnostics)
		}
	}
}

func (r *invoiceResource) planNew(ctx context.Context, plan *gateway.Invoice, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	a := r.adapterOf(plan)
	if a == nil {
		return
	}
	a.MustHaveSettings(&resp.Diagnostics)
	a.Check(ctx, plan, true, &resp.Diagnostics)
	ledger.RefusePaidReplacement(ctx, "invoice", req.Private, &resp.Diagnostics)
	replaced := ledger.ReadReplaced(ctx, req.Private)
	r.claimOrder(ctx, a, plan.OrderID, replaced, true, resp)
	r.refuseWhileUnclear(ctx, a, plan, &resp.Diagnostics)
	if replaced == "" {
		r.refusePaidRename(a, plan, true, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("gateway"), a.Name())...)
}

func (r *invoiceResource) planDestroy(state *gateway.Invoice, diags *diag.Diagnostics) {
	if state.IsPaid() {
		r.refusePaidRename(r.adapterOf(state), state, false, diags)
		diags.Append(paidInvoiceWarning(state))
	}
}

func (r *invoiceResource) planChange(ctx context.Context, plan, state *invoiceResourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	before, after := r.adapterOf(&state.Invoice), r.adapterOf(&plan.Invoice)
	known := remote.Read(ctx, req.Private)
	noteReplaced(ctx, before, after, &plan.Invoice, &state.Invoice, resp)
	replace := func(why string, names ...string) {
		for _, name := range names {
			resp.RequiresReplace.Append(attributes.Path(name))
		}
		if before == after && before.Traits().FindsByOrder && !plan.OrderID.IsNull() && plan.OrderID.Equal(state.OrderID) {
			why += ". It keeps its order_id: with create_before_destroy the open invoice would be found under it, and kept as it is, without the change. A new order_id avoids that"
		}
		r.planReplacement(&state.Invoice, why, &resp.Diagnostics)
	}
	unknown := r.unknownObjects(&plan.Invoice)
	switch {
	case len(unknown) > 0 && known.Imported:
		return // looked at when it is applied
	case state.IsPaid() && !known.Imported:
		planPaidChange(before, after, &plan.Invoice, &state.Invoice, &resp.Diagnostics)
		return
	case len(unknown) > 0:
		replace(strings.Join(unknown, ", ")+" is not known yet", unknown...)
		return
	case known.Imported:
		remote.PlanImported(invoiceDifferences(before, after, &plan.Invoice, &state.Invoice), &resp.Diagnostics)
	case before != after:
		replace("its gateway changes", before.Name(), after.Name())
		return
	default:
		if changed := gateway.InvoiceArguments(before).Changed(&plan.Invoice, &state.Invoice); len(changed) > 0 {
			replace(strings.Join(changed, ", ")+" changed", changed...)
			return
		}
		if plan.WhenUnpayable.ValueString() == unpayableRenew && known.Unpayable {
			r.planRenewal(ctx, before, &plan.Invoice, &state.Invoice, resp)
			return
		}
	}
	send := plan.Object(before).Attributes()[gateway.ArgumentSend]
	sending := plan.Invoice
	sending.KeepObserved(before, &state.Invoice)
	if send != nil && send.IsUnknown() || turnsToSend(before, &sending, &state.Invoice) != nil {
		for _, name := range gateway.ObservedAttributes {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), types.StringUnknown())...)
		}
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("paid"), types.BoolUnknown())...)
	}
}

// unknownObjects names the gateways of which nobody knows yet whether they are
// set.
func (r *invoiceResource) unknownObjects(m *gateway.Invoice) []string {
	var names []string
	for _, a := range r.adapters {
		if m.Object(a).IsUnknown() {
			names = append(names, a.Name())
		}
	}
	return names
}

// planReplacement only warns: Terraform plans the new invoice afterwards, as one
// that has no state.
func (r *invoiceResource) planReplacement(state *gateway.Invoice, why string, diags *diag.Diagnostics) {
	diags.AddWarning("A new invoice will be issued", fmt.Sprintf("No call changes the %s, so a new one replaces it, with a new address: %s.", invoiceName(state), why))
}

// planRenewal replaces an expired invoice, unless the new one would be refused:
// an error made by nothing but time would be in the way of everything else.
func (r *invoiceResource) planRenewal(ctx context.Context, a gateway.InvoiceAdapter, plan, state *gateway.Invoice, resp *resource.ModifyPlanResponse) {
	var problems diag.Diagnostics
	a.Check(ctx, plan, true, &problems)
	if problems.HasError() {
		resp.Diagnostics.AddWarning("An expired invoice is not renewed",
			fmt.Sprintf("The %s has expired, and when_unpayable is %q, but a new one cannot be issued. %s", invoiceName(state), unpayableRenew, problems.Errors()[0].Detail()))
		return
	}
	replaceUnpayable(ctx, resp)
	resp.Diagnostics.AddWarning("A new invoice will be issued",
		fmt.Sprintf("The %s has expired, and when_unpayable is %q.", invoiceName(state), unpayableRenew))
}

// invoiceDifferences are what an update cannot make true. What the configuration
// leaves to the gateway does not contradict it, nor does a sum that the gateway
// made unique.
func invoiceDifferences(before, after gateway.InvoiceAdapter, plan, state *gateway.Invoice) []remote.Contradiction {
	if before != after {
		return []remote.Contradiction{{Name: "gateway", Shown: state.Gateway.String()}}
	}
	planned := plan.Object(before).Attributes()
	limit, _ := planned[before.Traits().AmountLimit].(attributes.Decimal)
	return slices.DeleteFunc(gateway.InvoiceArguments(before).Contradictions(plan, state), func(one remote.Contradiction) bool {
		if one.Name == "amount" && attributes.IsBetween(state.Amount.Number(), plan.Amount.Number(), limit.Number()) {
			return true
		}
		value, inside := planned[strings.TrimPrefix(one.Name, before.Name()+".")]
		return inside && value.IsNull() && !one.IsRewritten
	})
}
