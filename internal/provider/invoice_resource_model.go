package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

type invoiceResourceModel struct {
	gateway.Invoice
	WhenUnpayable      types.String   `tfsdk:"when_unpayable"`
	DeletionProtection types.Bool     `tfsdk:"deletion_protection"`
	Timeouts           timeouts.Value `tfsdk:"timeouts"`
}

// configuredInvoice is the invoice of a configuration, with its write-only arguments.
func configuredInvoice(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) *gateway.Invoice {
	var model invoiceResourceModel
	diags.Append(gateway.Read(ctx, config, &model, &model.Objects)...)
	return &model.Invoice
}

// invoiceName is what messages call an invoice.
func invoiceName(m *gateway.Invoice) string {
	kind := "invoice"
	if paysOut(m) {
		kind = "payout"
	}
	if m.ID.IsNull() {
		return fmt.Sprintf("unclear %s of %s (order %q)", kind, m.Money(), m.OrderID.ValueString())
	}
	return kind + " " + m.Key()
}

// paysOut reports whether an invoice is a payout, whether or not its gateway is configured.
func paysOut(m *gateway.Invoice) bool {
	return gateway.IsPayout(adapterAmong(gateway.Select[gateway.InvoiceAdapter](unconfigured), m), m)
}

// adapterOf returns the gateway of an invoice, nil while it is unknown.
func (r *invoiceResource) adapterOf(m *gateway.Invoice) gateway.InvoiceAdapter {
	return adapterAmong(r.adapters, m)
}

// adapterAmong finds the gateway whose object is set. An import has none yet, and names
// the gateway.
func adapterAmong(adapters []gateway.InvoiceAdapter, m *gateway.Invoice) gateway.InvoiceAdapter {
	for _, a := range adapters {
		if object := m.Object(a); !object.IsNull() && !object.IsUnknown() {
			return a
		}
	}
	for _, a := range adapters {
		if m.Gateway.ValueString() == a.Name() {
			return a
		}
	}
	return nil
}
