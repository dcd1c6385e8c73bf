package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// planProtected plans payouts, and protects invoices with deletion_protection. It reports
// whether nothing else is left to plan.
func (r *invoiceResource) planProtected(ctx context.Context, plan, state *invoiceResourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (planned bool) {
	r.planProtectionDefault(ctx, plan, req, resp)
	switch {
	case req.State.Raw.IsNull():
		return r.planNewPayout(ctx, &plan.Invoice, req, resp)
	case req.Plan.Raw.IsNull():
		resp.Diagnostics.Append(ledger.MarkDestroy(ctx, resp.Private)...)
		if paysOut(&state.Invoice) {
			state.Payout().PlanDestroy(r.run, payoutDestroyWarning(&state.Invoice), &resp.Diagnostics)
			return true
		}
		return refuseProtected(state, &resp.Diagnostics)
	}
	isPayout, kept := paysOut(&state.Invoice), ""
	switch {
	case isPayout:
		kept = state.Payout().KeptName()
	case state.DeletionProtection.ValueBool():
		kept = invoiceName(&state.Invoice)
	}
	resp.Diagnostics.Append(ledger.WriteKept(ctx, resp.Private, kept)...)
	if isPayout {
		r.planPayoutChange(ctx, plan, state, remote.ReadMarks(ctx, req.Private).Imported, resp)
	}
	return isPayout
}

// fillProtection sets the default of deletion_protection. An import and older versions leave
// it null, and a plan that does not know the direction leaves it unknown.
func (m *invoiceResourceModel) fillProtection(isPayout bool) {
	if m.DeletionProtection.IsNull() || m.DeletionProtection.IsUnknown() {
		m.DeletionProtection = types.BoolValue(isPayout)
	}
}

// planProtectionDefault plans the default of deletion_protection. It depends on the
// direction, so the schema cannot have it.
func (r *invoiceResource) planProtectionDefault(ctx context.Context, plan *invoiceResourceModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	a := r.adapterOf(&plan.Invoice)
	if req.Plan.Raw.IsNull() || a == nil || gateway.MayBePayout(a, &plan.Invoice) {
		return
	}
	var configured types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("deletion_protection"), &configured)...)
	if !configured.IsNull() {
		return
	}
	plan.DeletionProtection = types.BoolValue(gateway.IsPayout(a, &plan.Invoice))
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("deletion_protection"), plan.DeletionProtection)...)
}

// refuseProtected reports whether an invoice is protected from being destroyed or replaced.
// It adds an error if so.
func refuseProtected(state *invoiceResourceModel, diags *diag.Diagnostics) bool {
	if !state.DeletionProtection.ValueBool() {
		return false
	}
	diags.AddError("The invoice is protected from being destroyed", fmt.Sprintf("The %s has deletion_protection = true in the state. Nothing was changed. "+
		"Either put it back into the configuration as it was applied; or:\n%s", invoiceName(&state.Invoice), ledger.WaysToForget("invoice_invoice")))
	return true
}

// refuseProtectedReplacement reports whether a planned invoice would replace a protected one.
// It adds an error if so.
func refuseProtectedReplacement(ctx context.Context, data private.Reader, diags *diag.Diagnostics) bool {
	kept := ledger.ReadKept(ctx, data)
	if kept != "" {
		diags.AddError("The invoice is protected from being replaced", fmt.Sprintf("The %s has deletion_protection = true in the state. Nothing was sent:\n%s;\n"+
			"- or set deletion_protection = false in it, and apply that first.", kept, ledger.WaysAroundReplacement))
	}
	return kept != ""
}
