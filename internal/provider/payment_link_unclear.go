package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// A link whose creation was sent and never answered is kept with its order id,
// the only trace of what may exist. Terraform marks it as tainted, so the next
// apply destroys it, which closes what is found, and issues another.

// keepUnclear saves a link that may or may not exist.
func (m *paymentLinkModel) keepUnclear(ctx context.Context, resp *resource.CreateResponse) {
	m.markUnknown()
	// In the state, since Terraform hands no private state to the destroying half
	// of a replacement.
	m.CreatedAt = timetypes.NewRFC3339TimeValue(time.Now().UTC())
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.identity())...)
}

func (m *paymentLinkModel) isUnclear() bool { return ledger.IsUnclear(m.ID, m.Status) }

// hasSettled reports whether what is found under the order id says what became of
// an unclear creation. A closed or failed one may be older than it.
func hasSettled(found *invoiceapi.Payment) bool {
	return found != nil && !found.IsClosed() && !found.IsFailed()
}

// mayStillBeIssued is what a user reads about an unclear link that may yet come.
func (r *paymentLinkResource) mayStillBeIssued(orderID string) (summary, detail string) {
	return r.run.MayStillBeIssued("A payment", fmt.Sprintf("payment of order %q", orderID))
}

// readUnclear reports whether an unclear link has turned up, to be taken into the state.
func (r *paymentLinkResource) readUnclear(ctx context.Context, model *paymentLinkModel, found *invoiceapi.Payment, resp *resource.ReadResponse) bool {
	orderID := model.OrderID.ValueString()
	switch {
	case !hasSettled(found) && r.run.MayStillCome(model.CreatedAt):
		resp.Diagnostics.AddWarning(r.mayStillBeIssued(orderID))
		return false
	case found == nil || found.IsClosed():
		remote.ReportGone(ctx, false, resp, model.name(), seenOf(found))
		return false
	}
	r.run.SettleUnclear(apigateway.PaymentKind, orderID)
	resp.Diagnostics.AddWarning("The earlier payment link was issued",
		fmt.Sprintf("The creation of order %q was never answered. It was carried out: payment %s is %q. Terraform has marked the link as tainted, "+
			"so it plans to close it and to issue another. To keep it: "+ledger.Untaint+".", orderID, found.ID, found.Status))
	return true
}

// findUnclear looks for what may have been issued. It returns nil when there is
// nothing to close, and when it has reported an error.
func (r *paymentLinkResource) findUnclear(ctx context.Context, state *paymentLinkModel, diags *diag.Diagnostics) *invoiceapi.Payment {
	orderID := state.OrderID.ValueString()
	found, err := r.find(ctx, state)
	switch {
	case err != nil:
		gateway.FailedCall{Attempt: fmt.Sprintf("find the payment of order %q, which may have been issued", orderID)}.Report(diags, err)
		return nil
	case !hasSettled(found) && r.run.MayStillCome(state.CreatedAt):
		diags.AddError(r.mayStillBeIssued(orderID))
		return nil
	case !hasSettled(found):
		return nil
	}
	return found
}

// refuseUnclear stops a new link whose order may still be issued by a creation
// that was left unclear. Usually the destroying half of the taint sees to it; with
// create_before_destroy it comes too late, and no plan reaches the creation.
func (r *paymentLinkResource) refuseUnclear(plan *paymentLinkModel, diags *diag.Diagnostics) {
	orderID := plan.OrderID.ValueString()
	if orderID != "" && r.run.MayStillCome(r.run.UnclearSince(apigateway.PaymentKind, orderID)) {
		summary, detail := r.mayStillBeIssued(orderID)
		diags.AddAttributeError(path.Root("order_id"), summary, detail)
	}
}
