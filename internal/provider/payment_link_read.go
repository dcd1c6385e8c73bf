package provider

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

func (r *paymentLinkResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model paymentLinkModel
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	if resp.Diagnostics.HasError() || !r.gateway.Refresh(model.Amount.IsNull(), &resp.Diagnostics) {
		return
	}
	resp.Diagnostics.Append(ledger.DropPlanned(ctx, resp.Private)...)
	payment, err := r.find(ctx, &model)
	if err != nil {
		gateway.FailedCall{Attempt: "read " + model.name()}.Report(&resp.Diagnostics, err)
		return
	}
	before, importing, isUnclear := model, model.Amount.IsNull(), model.isUnclear() // right after an import only the id is known
	switch {
	case isUnclear:
		if !r.readUnclear(ctx, &model, payment, resp) {
			return
		}
	case model.wasPaid():
		warnPaidShown(&model, payment, &resp.Diagnostics)
		if payment == nil {
			model.Paid = types.BoolValue(true)
			resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
			return
		}
	case payment == nil, payment.IsClosed():
		remote.ReportGone(ctx, importing, resp, model.name(), seenOf(payment))
		return
	}
	known := paymentLinkArguments.Read(ctx, &model, req.Private)
	switch {
	case importing:
		model.applyImport(payment)
		paymentLinkArguments.Remember(payment, &known)
	case isUnclear:
		paymentLinkArguments.Remember(payment, &known)
	default:
		model.refreshArguments(payment, &known, &resp.Diagnostics)
	}
	model.observe(payment, &known, &resp.Diagnostics)
	if !before.wasPaid() && model.wasPaid() && r.run.IsToBeDestroyed(model.importID()) {
		warnPaid(model.ID.ValueString(), &resp.Diagnostics) // its plan did not know yet
	}
	resp.Diagnostics.Append(paymentLinkArguments.Write(ctx, &model, known, resp.Private)...)
	if reflect.DeepEqual(before, model) {
		return // encoding the same state again costs as much as decoding it did
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
}

// refreshArguments takes over what was changed at the gateway. What was paid keeps what was
// applied.
func (m *paymentLinkModel) refreshArguments(payment *invoiceapi.Payment, known *remote.Memory, diags *diag.Diagnostics) {
	if m.wasPaid() || payment.WasPaid() {
		warnPaidLinkDrift(m, payment, known, diags)
	} else {
		paymentLinkArguments.Refresh(m, payment, known)
	}
}

// observe takes what only the gateway knows, and looks at the clock.
func (m *paymentLinkModel) observe(payment *invoiceapi.Payment, known *remote.Memory, diags *diag.Diagnostics) {
	m.applyRemote(payment)
	unpayable := !m.wasPaid() && (payment.IsFailed() || payment.IsExpired(time.Now()))
	if unpayable && !known.Unpayable && m.WhenUnpayable.ValueString() == unpayableKeep {
		diags.AddWarning("A payment link can no longer be paid",
			fmt.Sprintf("Payment %s failed or expired. It is kept; to issue a new link, set when_unpayable = %q.", payment.ID, unpayableRenew))
	}
	known.Unpayable = unpayable
}

// warnPaidShown warns when the gateway shows a paid link as anything but paid. The link stays in
// the state.
func warnPaidShown(model *paymentLinkModel, payment *invoiceapi.Payment, diags *diag.Diagnostics) {
	switch {
	case payment == nil:
	case payment.IsPaid(), payment.Status == "", payment.WasPaid() && payment.Status == model.Status.ValueString():
		return
	}
	diags.AddWarning("A paid payment link is no longer shown as paid",
		fmt.Sprintf("Payment %s was paid, and now %s. It stays in the state as paid, and is not issued again: nobody should be asked to pay twice.",
			model.ID.ValueString(), seenOf(payment)))
}

func seenOf(payment *invoiceapi.Payment) string {
	switch {
	case payment == nil:
		return "the gateway knows no such payment"
	case payment.IsClosed():
		return "it is closed"
	}
	return fmt.Sprintf("the gateway shows it as %q", payment.Status)
}

// warnPaidLinkDrift warns about a paid payment that was changed at the gateway. Nothing can repair
// it, and nobody should be asked to pay again.
func warnPaidLinkDrift(model *paymentLinkModel, payment *invoiceapi.Payment, known *remote.Memory, diags *diag.Diagnostics) {
	if drifts := paymentLinkArguments.Drifts(model, payment, known); len(drifts) > 0 {
		diags.AddWarning("A paid payment link was changed at the gateway",
			fmt.Sprintf("Payment %s:\n%s\nIt is paid, so nothing is planned. The data source invoice_payment shows what the gateway has.", payment.ID, remote.Listed(drifts)))
	}
}

// find looks a link up by its id, or by its order id when that is all there is:
// after an import by order id, and when the creation was never answered. What readUnchanged
// has found is not asked for again.
func (r *paymentLinkResource) find(ctx context.Context, model *paymentLinkModel) (*invoiceapi.Payment, error) {
	if found, isFound := ctx.Value(foundPaymentKey{}).(foundPayment); isFound {
		return found.payment, found.err
	}
	if model.ID.IsNull() {
		return r.client.FindPaymentByOrder(ctx, model.OrderID.ValueString())
	}
	return r.client.FindPayment(ctx, model.ID.ValueString())
}
