package provider

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

var (
	_ unchangedPlanner = (*invoiceResource)(nil)
	_ unchangedReader  = (*invoiceResource)(nil)
)

// foundInvoice is what readUnchanged has found, for the Read that follows.
type foundInvoice struct {
	shown *gateway.ShownInvoice
	err   error
}

type foundInvoiceKey struct{}

// readUnchanged leaves to Read payouts, what is being imported, what is unclear, gone or
// changed, and all warnings.
func (r *invoiceResource) readUnchanged(ctx context.Context, state wire.Object, data private.Data) (context.Context, any) {
	var told diag.Diagnostics
	a := r.adapterIn(state)
	if a == nil || gateway.IsPayoutIn(a, state) || state.String("id").ValueString() == "" || state.IsNull("amount") || !a.Refresh(false, &told) {
		return ctx, nil
	}
	var before invoiceResourceModel
	if !gateway.ReadSent(ctx, a, state, &before.Invoice) {
		return ctx, nil
	}
	state.Into(ctx, &before)
	shown, err := find(ctx, a, &before.Invoice, false)
	ctx = context.WithValue(ctx, foundInvoiceKey{}, foundInvoice{shown, err})
	if err != nil || shown == nil || shown.Gone != "" {
		return ctx, nil
	}
	after, arguments := before, gateway.InvoiceArguments(a)
	known := arguments.Read(ctx, &before.Invoice, data)
	after.refresh(a, arguments, shown, &known, &told)
	after.observe(a, shown, &known, &told)
	told.Append(ledger.DropPlanned(ctx, data)...)
	told.Append(arguments.Write(ctx, &after.Invoice, known, data)...)
	if len(told) > 0 || !reflect.DeepEqual(before, after) {
		return ctx, nil
	}
	return ctx, map[string]string{"gateway": before.Gateway.ValueString(), "id": before.ID.ValueString()}
}

// planUnchanged leaves to ModifyPlan payouts, what is unclear, what is to be renewed, a default
// of deletion_protection that the state lacks, and an order id that two invoices have.
func (r *invoiceResource) planUnchanged(ctx context.Context, config, state wire.Object, data private.Data) bool {
	invoice := storedInvoice(state)
	isToBeRenewed := remote.ReadMarks(ctx, data).Unpayable && invoice.WhenUnpayable.ValueString() == unpayableRenew
	lacksDefault := config.IsNull("deletion_protection") && !invoice.DeletionProtection.Equal(types.BoolValue(false))
	a := r.adapterIn(state)
	if a == nil || gateway.IsPayoutIn(a, state) || invoice.ID.IsNull() || isToBeRenewed || lacksDefault {
		return false
	}
	isTaken := a.Traits().FindsByOrder && r.run.ClaimOrder(ctx, a.Name(), invoice.OrderID, invoice.Owner(), false, data)
	return !isTaken && !invoice.markStored(ctx, data).HasError()
}

// storedInvoice is what a plan needs to know of an invoice that is no payout.
func storedInvoice(state wire.Object) invoiceResourceModel {
	return invoiceResourceModel{
		Invoice: gateway.Invoice{
			ID: state.String("id"), Gateway: state.String("gateway"), OrderID: state.String("order_id"),
			Status: state.String("status"), Paid: state.Bool("paid"),
		},
		WhenUnpayable: state.String("when_unpayable"), DeletionProtection: state.Bool("deletion_protection"),
	}
}

// adapterIn returns the gateway whose object is set.
func (r *invoiceResource) adapterIn(state wire.Object) gateway.InvoiceAdapter {
	for _, a := range r.adapters {
		if !state.IsNull(a.Name()) {
			return a
		}
	}
	return nil
}

// markStored tells the plan of a replacement, if there is to be one, about the stored
// invoice, which is no payout.
func (m *invoiceResourceModel) markStored(ctx context.Context, data private.Writer) diag.Diagnostics {
	kept := ""
	if m.DeletionProtection.ValueBool() {
		kept = invoiceName(&m.Invoice)
	}
	diags := ledger.WriteKept(ctx, data, kept)
	diags.Append(ledger.WriteReplaced(ctx, data, m.Owner(), m.IsPaid())...)
	return diags
}
