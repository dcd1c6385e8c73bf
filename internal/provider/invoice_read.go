package provider

import (
	"context"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

func (r *invoiceResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model invoiceResourceModel
	resp.Diagnostics.Append(gateway.Read(ctx, req.State, &model, &model.Objects)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
	importing := model.Amount.IsNull() // an import gives only the gateway and the id
	a := r.adapterOf(&model.Invoice)
	if resp.Diagnostics.HasError() || !a.Refresh(importing, &resp.Diagnostics) {
		return
	}
	resp.Diagnostics.Append(ledger.DropPlanned(ctx, resp.Private)...)
	switch {
	case gateway.IsPayout(a, &model.Invoice):
		r.readPayout(ctx, a, &model, req, resp)
		return
	case model.IsUnclear():
		r.readUnclear(ctx, a, &model, resp)
		return
	}
	name, wasPaid := invoiceName(&model.Invoice), model.IsPaid()
	shown, err := find(ctx, a, &model.Invoice, importing)
	switch {
	case err != nil:
		gateway.FailedCall{Attempt: "read " + name}.Report(&resp.Diagnostics, err)
		return
	case wasPaid: // it stays, whatever the gateway shows
	case shown == nil:
		remote.ReportGone(ctx, importing, resp, name, "the gateway knows no such invoice")
		return
	case shown.Gone != "":
		remote.ReportGone(ctx, importing, resp, name, shown.Gone)
		return
	}
	before, arguments := model, gateway.InvoiceArguments(a)
	known := arguments.Read(ctx, &model.Invoice, req.Private)
	if importing && shown != nil {
		model.importShown(a, arguments, shown)
		arguments.Remember(shown, &known)
	} else {
		model.refresh(a, arguments, shown, &known, &resp.Diagnostics)
	}
	model.observe(a, shown, &known, &resp.Diagnostics)
	if !wasPaid && model.IsPaid() && r.run.IsToBeDestroyed(model.Owner()) { // its plan did not know yet
		r.planForgetting(a, &model.Invoice, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(arguments.Write(ctx, &model.Invoice, known, resp.Private)...)
	if reflect.DeepEqual(before, model) {
		return // encoding the same state again costs as much as decoding it did
	}
	resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, &model, model.Objects)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
}

// importShown fills in what an import takes from the gateway.
func (m *invoiceResourceModel) importShown(a gateway.InvoiceAdapter, arguments gateway.ArgumentTable, shown *gateway.ShownInvoice) {
	m.ApplyRemote(a, shown)
	arguments.Import(&m.Invoice, shown)
	m.WhenUnpayable = types.StringValue(unpayableKeep)
}

// refresh takes over what the gateway shows. What was paid keeps what was applied.
func (m *invoiceResourceModel) refresh(a gateway.InvoiceAdapter, arguments gateway.ArgumentTable, shown *gateway.ShownInvoice, known *remote.Memory, diags *diag.Diagnostics) {
	if m.IsPaid() || shown.WasPaid() {
		readPaid(&m.Invoice, a, shown, known, diags)
		return
	}
	m.ApplyRemote(a, shown)
	arguments.Refresh(&m.Invoice, shown, known)
}

// observe looks at the clock, and fills in what an import leaves open: it knows only now
// whether it is a payout.
func (m *invoiceResourceModel) observe(a gateway.InvoiceAdapter, shown *gateway.ShownInvoice, known *remote.Memory, diags *diag.Diagnostics) {
	isPayout := gateway.IsPayout(a, &m.Invoice)
	m.fillProtection(isPayout)
	unpayable := !m.IsPaid() && shown.IsExpired && !isPayout
	if unpayable && !known.Unpayable && m.WhenUnpayable.ValueString() == unpayableKeep {
		diags.AddWarning("An invoice can no longer be paid",
			fmt.Sprintf("The %s has expired. It is kept. To issue a new one, set when_unpayable = %q.", invoiceName(&m.Invoice), unpayableRenew))
	}
	known.Unread, known.Unpayable = false, unpayable
}

// find reads an invoice for a refresh, one of many, or for an import. What readUnchanged has
// found is not asked for again.
func find(ctx context.Context, a gateway.InvoiceAdapter, m *gateway.Invoice, importing bool) (*gateway.ShownInvoice, error) {
	if found, isFound := ctx.Value(foundInvoiceKey{}).(foundInvoice); isFound {
		return found.shown, found.err
	}
	if many, ok := a.(gateway.InvoiceRefresher); ok && !importing {
		return many.RefreshInvoice(ctx, m)
	}
	return a.Find(ctx, m)
}

// readBack returns what the gateway shows of an invoice that was just issued or sent. It is
// nil if the gateway does not show it: that must not lose the invoice.
func readBack(ctx context.Context, a gateway.InvoiceFinder, m *gateway.Invoice, diags *diag.Diagnostics) *gateway.ShownInvoice {
	shown, err := a.Find(ctx, m)
	switch {
	case err != nil:
		diags.AddWarning("The invoice was not read back", fmt.Sprintf("It is issued as %s, but reading it failed: %s. The next plan reads it.", invoiceName(m), err))
		return nil
	case shown == nil:
		diags.AddWarning("The gateway does not show the new invoice", fmt.Sprintf("It answered that it issued %s, but does not find it now. The next plan reads it again.", invoiceName(m)))
	}
	return shown
}

// warnOtherAmount warns if the gateway changed the amount of a new invoice.
func warnOtherAmount(m *gateway.Invoice, shown *gateway.ShownInvoice, diags *diag.Diagnostics) {
	if !shown.Amount.IsNull() && !attributes.EqualDecimals(shown.Amount.ValueString(), m.Amount.ValueString()) {
		diags.AddAttributeWarning(path.Root("amount"), "The gateway changed the amount",
			fmt.Sprintf("%s was asked for, and the gateway shows %s for %s.", m.Amount.ValueString(), shown.Amount.ValueString(), invoiceName(m)))
	}
}

// warnDrift warns about changes of a paid invoice or a payout at the gateway.
func warnDrift(m *gateway.Invoice, drifts []remote.Drift, diags *diag.Diagnostics) {
	kind := "paid invoice"
	if paysOut(m) {
		kind = "payout"
	}
	if len(drifts) > 0 {
		diags.AddWarning("A "+kind+" was changed at the gateway",
			fmt.Sprintf("The %s:\n%sNothing is planned, and the state keeps what was applied. The data source invoice_invoice shows what the gateway has.", invoiceName(m), remote.Listed(drifts)))
	}
}
