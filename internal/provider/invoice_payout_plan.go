package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// aboutPayouts is for the documentation.
const aboutPayouts = "A payout (`p2p.direction = \"out\"`) is money that moves. It is sent once, under an `order_id` of its own, and the plan says so with a warning. After that:\n\n" +
	"- It is never changed, renewed or replaced: a change in the configuration, `-replace` and `replace_triggered_by` are errors in the plan, and a tainted one is an error, " +
	"at the latest in the apply, before anything is sent. The ways out: put the configuration back, or keep a tainted one with `terraform untaint`.\n" +
	"- It is not forgotten by accident: see `deletion_protection`. A new name needs `moved` (or `terraform state mv`); `removed` with `destroy = false` " +
	"(or `terraform state rm`) lets Terraform forget it. Destroying one that is allowed to be destroyed cancels it if it still can be.\n" +
	"- Two payouts under one `order_id` are an error, unless both were made already or one was not carried out.\n" +
	"- One that the gateway calls canceled or expired was not carried out: it may be forgotten, with a warning, or replaced with `-replace`. Only the gateway's word counts, " +
	"not the clock.\n" +
	"- A sum that the gateway recalculates is a warning, and nothing is planned.\n" +
	"- When the gateway's answer is lost, nobody knows whether the payout was made: it is kept with the status `unknown`, and neither repeated, replaced nor destroyed. " +
	"Every plan looks it up by its `order_id`, where the gateway can; once it is found, `terraform untaint` keeps it. Else look it up yourself, and say so with " +
	"`terraform state rm`, followed by an `import` if it was made.\n\n" +
	"On a gateway that cannot look payouts up by their order ids, which a warning tells, a lost state can lead to a second one."

// planNewPayout plans a payout that is going to be made, and refuses whatever
// would replace one that was, or that is protected.
func (r *invoiceResource) planNewPayout(ctx context.Context, plan *gateway.Invoice, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) (planned bool) {
	diags := &resp.Diagnostics
	a := r.adapterOf(plan)
	switch isPayout := a != nil && gateway.IsPayout(a, plan); {
	case isPayout && ledger.Payouts.RefuseReplacement(ctx, req.Private, diags):
		return true
	case !isPayout:
		return refuseProtectedReplacement(ctx, req.Private, diags)
	}
	a.MustHaveSettings(diags)
	a.Check(ctx, plan, true, diags)
	if plan.OrderID.IsNull() {
		addOrderMissing(diags)
	}
	var config invoiceResourceModel
	diags.Append(gateway.Read(ctx, req.Config, &config, &config.Objects)...)
	if plan.Payout().PlanNew(ctx, r.run, resp.Private, diags) && !diags.HasError() {
		warnMoneyLeaves(ctx, a, plan, &config.Invoice, diags)
	}
	diags.Append(resp.Plan.SetAttribute(ctx, path.Root("gateway"), a.Name())...)
	return true
}

// warnMoneyLeaves says how much will go where. Terraform shows one of several
// warnings that have the same summary.
func warnMoneyLeaves(ctx context.Context, a gateway.InvoiceAdapter, plan, config *gateway.Invoice, diags *diag.Diagnostics) {
	amount, order := "An amount that is not known yet", "not known yet"
	if !plan.Amount.IsUnknown() {
		amount = plan.Money()
	}
	receiver := ""
	if payer, ok := a.(gateway.Payer); ok {
		receiver = payer.Receiver(ctx, config)
	}
	if !plan.OrderID.IsUnknown() {
		order = fmt.Sprintf("%q", plan.OrderID.ValueString())
	}
	diags.AddAttributeWarning(path.Root("amount"), fmt.Sprintf("%s will be paid out to %s (order %s)", amount, receiver, order),
		"Applying sends the money. It cannot be taken back.")
}

// payoutDestroyWarning is what a destroy of a payout says.
func payoutDestroyWarning(state *gateway.Invoice) diag.Diagnostic {
	if state.Status.ValueString() == gateway.StatusPaid {
		return paidInvoiceWarning(state)
	}
	return diag.NewWarningDiagnostic("The payout will be canceled if it still can be", fmt.Sprintf("The %s is %q.", invoiceName(state), state.GatewayStatus.ValueString()))
}

// planPayoutChange refuses every change: money that moves cannot be changed, and
// replacing a payout would send it a second time.
func (r *invoiceResource) planPayoutChange(ctx context.Context, plan, state *invoiceResourceModel, imported bool, resp *resource.ModifyPlanResponse) {
	a := r.adapterOf(&state.Invoice)
	object := plan.Object(a)
	switch {
	case object.IsUnknown(): // looked at when it is applied
	case object.IsNull():
		state.Payout().RefuseChange(path.Root(a.Name()), &resp.Diagnostics)
	case imported:
		remote.RefuseContradictions(invoiceDifferences(a, a, &plan.Invoice, &state.Invoice), &resp.Diagnostics)
		forgetReceiver(ctx, a, plan, state, resp)
	default:
		for _, name := range gateway.InvoiceArguments(a).CertainlyChanged(&plan.Invoice, &state.Invoice) {
			state.Payout().RefuseChange(attributes.Path(name), &resp.Diagnostics)
		}
	}
	state.Payout().PlanStored(r.run, plan.Payout(), &resp.Diagnostics)
}

// forgetReceiver plans an imported payout without what the import brought in of its
// receiver, if the configuration keeps that out of the state.
func forgetReceiver(ctx context.Context, a gateway.InvoiceAdapter, plan, state *invoiceResourceModel, resp *resource.ModifyPlanResponse) {
	payer, ok := a.(gateway.Payer)
	if !ok {
		return
	}
	if name, value := payer.WithoutReceiver(&plan.Invoice, &state.Invoice); name != "" {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(a.Name()).AtName(name), value)...)
	}
}
