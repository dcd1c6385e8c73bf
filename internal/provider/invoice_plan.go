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
	choice := "Exactly one of " + attributes.Quoted(gateway.Names(r.adapters)) + " must be set"
	switch given := r.gatewaysWhere(&config.Invoice, func(object types.Object) bool { return !object.IsNull() }); {
	case len(given) > 1 && len(r.gatewaysWhere(&config.Invoice, types.Object.IsUnknown)) == 0:
		resp.Diagnostics.AddAttributeError(path.Root(given[1]), "An invoice has one gateway", choice+", not "+attributes.Quoted(given)+".")
		return
	case len(given) == 0:
		resp.Diagnostics.AddAttributeError(path.Root(r.adapters[0].Name()), "An invoice needs a gateway", choice+".")
		return
	}
	if a := r.adapterOf(&config.Invoice); a != nil && !resp.Diagnostics.HasError() {
		a.Check(ctx, &config.Invoice, nil, &resp.Diagnostics)
	}
}

// gatewaysWhere names the gateways whose objects are as asked for.
func (r *invoiceResource) gatewaysWhere(m *gateway.Invoice, is func(types.Object) bool) []string {
	var names []string
	for _, a := range r.adapters {
		if is(m.Object(a)) {
			names = append(names, a.Name())
		}
	}
	return names
}

// ModifyPlan decides what becomes of an invoice: it is issued, replaced, mailed or kept.
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
		if state.IsPaid() {
			r.planForgetting(r.adapterOf(&state.Invoice), &state.Invoice, &resp.Diagnostics)
		}
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
	a.Check(ctx, plan, configuredInvoice(ctx, req.Config, &resp.Diagnostics), &resp.Diagnostics)
	ledger.RefusePaidReplacement(ctx, "invoice", req.Private, &resp.Diagnostics)
	replaced := ledger.ReadReplaced(ctx, req.Private)
	r.claimOrder(ctx, a, plan.OrderID, replaced, true, resp)
	r.refuseWhileUnclear(ctx, a, plan, &resp.Diagnostics)
	if replaced == "" {
		r.refusePaidRename(a, plan, true, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("gateway"), a.Name())...)
}

func (r *invoiceResource) planChange(ctx context.Context, plan, state *invoiceResourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	before, after := r.adapterOf(&state.Invoice), r.adapterOf(&plan.Invoice)
	known := remote.ReadMarks(ctx, req.Private)
	if !gateway.IsPayout(after, &plan.Invoice) { // a payout is a new one, and replaces nothing
		resp.Diagnostics.Append(ledger.WriteReplaced(ctx, resp.Private, state.Owner(), state.IsPaid())...)
	}
	replace := func(why string, names ...string) {
		for _, name := range names {
			resp.RequiresReplace.Append(attributes.Path(name))
		}
		if before == after && before.Traits().FindsByOrder && !plan.OrderID.IsNull() && plan.OrderID.Equal(state.OrderID) {
			why += ". It keeps its order_id: with create_before_destroy the open invoice would be found under it, and kept as it is, without the change. A new order_id avoids that"
		}
		resp.Diagnostics.AddWarning("A new invoice will be issued",
			fmt.Sprintf("The gateway cannot modify the %s, so a new one replaces it, with a new address: %s.", invoiceName(&state.Invoice), why))
	}
	unknown := r.gatewaysWhere(&plan.Invoice, types.Object.IsUnknown)
	isToBeRenewed := plan.isToBeRenewed(known)
	switch {
	case len(unknown) > 0 && known.Imported:
		return // the apply checks it
	case state.IsPaid() && !known.Imported:
		refusePaidChange(before, after, &plan.Invoice, &state.Invoice, &resp.Diagnostics)
		return
	case len(unknown) > 0:
		replace(strings.Join(unknown, ", ")+" is not known yet", unknown...)
		return
	case known.Imported:
		remote.PlanImported(invoiceDifferences(before, after, &plan.Invoice, &state.Invoice), &resp.Diagnostics)
		if isToBeRenewed {
			r.refuseRenewal(ctx, before, &plan.Invoice, &state.Invoice, req, resp)
		}
	case before != after:
		replace("its gateway changes", before.Name(), after.Name())
		return
	default:
		if changed := gateway.InvoiceArguments(before).Changed(&plan.Invoice, &state.Invoice); len(changed) > 0 {
			replace(strings.Join(changed, ", ")+" changed", changed...)
			return
		}
		if isToBeRenewed {
			r.planRenewal(ctx, before, &plan.Invoice, &state.Invoice, req, resp)
			return
		}
	}
	send := plan.Object(before).Attributes()[gateway.ArgumentSend]
	sending := plan.Invoice
	sending.KeepObserved(before, &state.Invoice)
	if send != nil && send.IsUnknown() || senderOfUpdate(before, &sending, &state.Invoice) != nil {
		for _, name := range gateway.ObservedAttributes {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), types.StringUnknown())...)
		}
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("paid"), types.BoolUnknown())...)
	}
}

func (m *invoiceResourceModel) isToBeRenewed(known remote.Marks) bool {
	return m.WhenUnpayable.ValueString() == unpayableRenew && known.Unpayable
}

// refuseRenewal reports whether the new invoice would be refused. An error that only time has
// made would block everything else, so it adds a warning.
func (r *invoiceResource) refuseRenewal(ctx context.Context, a gateway.InvoiceAdapter, plan, state *gateway.Invoice, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) bool {
	var problems diag.Diagnostics
	a.Check(ctx, plan, configuredInvoice(ctx, req.Config, &problems), &problems)
	if problems.HasError() {
		resp.Diagnostics.AddWarning("An expired invoice is not renewed",
			fmt.Sprintf("The %s has expired, and when_unpayable is %q, but a new one cannot be issued. %s", invoiceName(state), unpayableRenew, problems.Errors()[0].Detail()))
	}
	return problems.HasError()
}

// planRenewal replaces an expired invoice, unless the new one would be refused.
func (r *invoiceResource) planRenewal(ctx context.Context, a gateway.InvoiceAdapter, plan, state *gateway.Invoice, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.refuseRenewal(ctx, a, plan, state, req, resp) {
		return
	}
	replaceUnpayable(ctx, resp)
	resp.Diagnostics.AddWarning("A new invoice will be issued", fmt.Sprintf("The %s has expired, and when_unpayable is %q.", invoiceName(state), unpayableRenew))
}

// claimOrder adds an error if two invoices have one known order id, at gateways that find
// invoices by it. owner is that of the stored or the replaced invoice.
func (r *invoiceResource) claimOrder(ctx context.Context, a gateway.InvoiceAdapter, orderID types.String, owner string, isIssued bool, resp *resource.ModifyPlanResponse) {
	if a.Traits().FindsByOrder && r.run.ClaimOrder(ctx, a.Name(), orderID, owner, isIssued, resp.Private) {
		ledger.RefuseTakenOrder("invoice", orderID, &resp.Diagnostics)
	}
}

// claimPayout claims the order id of a payout, which no invoice may have either. The ledger
// has compared it with other payouts before.
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

// invoiceDifferences lists what an update cannot make true. What the configuration leaves to
// the gateway is no difference, nor is an amount that the gateway made unique.
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
