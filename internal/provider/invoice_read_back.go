package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// readBack shows what has become of an invoice that was just issued or sent. It
// is nil when the gateway does not tell: that is no reason to lose the invoice.
func readBack(ctx context.Context, a gateway.InvoiceFinder, m *gateway.Invoice, diags *diag.Diagnostics) *gateway.ShownInvoice {
	shown, err := a.Find(ctx, m)
	switch {
	case err != nil:
		diags.AddWarning("The invoice was not read back",
			fmt.Sprintf("It is issued as %s, and reading it failed: %s. The next plan reads it.", invoiceName(m), err))
		return nil
	case shown == nil:
		diags.AddWarning("The gateway does not show the new invoice", fmt.Sprintf("It answered that it issued %s, and does not find it now. The next plan reads it again.", invoiceName(m)))
	}
	return shown
}

func warnNotSent(m *gateway.Invoice, err error, diags *diag.Diagnostics) {
	at := path.Root(m.Gateway.ValueString()).AtName(gateway.ArgumentSend)
	if transport.OutcomeOf(err) == transport.Unclear {
		diags.AddAttributeWarning(at, "The invoice may not have been sent",
			fmt.Sprintf("The %s is issued, and it is not clear whether it was mailed to the payer: %s. Apply once more: if it shows as sent by then, it is not mailed again. Its page: %s",
				invoiceName(m), err, m.URL.ValueString()))
		return
	}
	diags.AddAttributeWarning(at, "The invoice was not sent",
		fmt.Sprintf("The %s is issued, but mailing it to the payer failed: %s. It is not issued again: apply once more to send it. Its page: %s", invoiceName(m), err, m.URL.ValueString()))
}

// warnOtherAmount warns when the gateway made something else of the amount.
func warnOtherAmount(m *gateway.Invoice, shown *gateway.ShownInvoice, diags *diag.Diagnostics) {
	if !shown.Amount.IsNull() && !attributes.EqualDecimals(shown.Amount.ValueString(), m.Amount.ValueString()) {
		diags.AddAttributeWarning(path.Root("amount"), "The gateway made another invoice",
			fmt.Sprintf("%s was asked for, and the gateway shows %s for %s.", m.Amount.ValueString(), shown.Amount.ValueString(), invoiceName(m)))
	}
}

func warnPaidDrift(m *gateway.Invoice, drifts []remote.Drift, diags *diag.Diagnostics) {
	if len(drifts) > 0 {
		changed := make([]string, 0, len(drifts))
		for _, one := range drifts {
			changed = append(changed, one.Name)
		}
		diags.AddWarning("A paid invoice was changed at the gateway",
			fmt.Sprintf("The %s: %s. It is paid, so nothing is planned. The data source invoice_invoice shows what the gateway has.", invoiceName(m), strings.Join(changed, ", ")))
	}
}
