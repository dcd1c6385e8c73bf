package provider

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

var (
	_ unchangedPlanner = (*paymentLinkResource)(nil)
	_ unchangedReader  = (*paymentLinkResource)(nil)
	_ validatedApart   = (*paymentLinkResource)(nil)
)

func (*paymentLinkResource) validatedTogether() []string { return []string{"amount", "receipt"} }

// foundPayment is what readUnchanged has found, for the Read that follows.
type foundPayment struct {
	payment *invoiceapi.Payment
	err     error
}

type foundPaymentKey struct{}

// readUnchanged leaves to Read what is being imported, what is unclear, gone or changed, and
// all warnings.
func (r *paymentLinkResource) readUnchanged(ctx context.Context, state wire.Object, data private.Data) (context.Context, any) {
	var before paymentLinkModel
	state.Into(ctx, &before)
	if r.client == nil || before.ID.IsNull() || before.Amount.IsNull() {
		return ctx, nil
	}
	payment, err := r.find(ctx, &before)
	ctx = context.WithValue(ctx, foundPaymentKey{}, foundPayment{payment, err})
	if err != nil || payment == nil || payment.IsClosed() {
		return ctx, nil
	}
	var told diag.Diagnostics
	after, known := before, paymentLinkArguments.Read(ctx, &before, data)
	if after.wasPaid() {
		warnPaidShown(&after, payment, &told)
	}
	after.refreshArguments(payment, &known, &told)
	after.observe(payment, &known, &told)
	told.Append(ledger.DropPlanned(ctx, data)...)
	told.Append(paymentLinkArguments.Write(ctx, &after, known, data)...)
	if len(told) > 0 || !reflect.DeepEqual(before, after) {
		return ctx, nil
	}
	return ctx, map[string]string{"id": before.ID.ValueString()}
}

// planUnchanged leaves to ModifyPlan what is to be renewed, what was moved here and not read
// yet, and an order id that two links have.
func (r *paymentLinkResource) planUnchanged(ctx context.Context, _, state wire.Object, data private.Data) bool {
	link := paymentLinkModel{
		ID: state.String("id"), OrderID: state.String("order_id"), Status: state.String("status"),
		Paid: state.Bool("paid"), WhenUnpayable: state.String("when_unpayable"),
	}
	marks := remote.ReadMarks(ctx, data)
	isToBeRenewed := marks.Unpayable && link.WhenUnpayable.ValueString() == unpayableRenew
	isUnread := marks.Imported && link.Status.IsNull()
	return !isToBeRenewed && !isUnread && !link.markStored(ctx, data).HasError() &&
		!r.run.ClaimOrder(ctx, apigateway.PaymentKind, link.OrderID, link.importID(), false, data)
}
