package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// sendNew mails an invoice that was just issued, and reports whether that succeeded.
// One that is not sent is no failure: the next plan sends it.
func sendNew(ctx context.Context, a invoiceAdapter, id string, m *invoiceModel, diags *diag.Diagnostics) bool {
	err := a.send(ctx, id)
	if err != nil {
		warnNotSent(m, err, diags)
	}
	return err == nil
}

// sendOnce mails an invoice, unless the gateway shows that it is mailed or paid
// already: a state that was not refreshed does not know, and a second letter
// cannot be taken back. It reports whether the invoice is sent by now.
func (r *invoiceResource) sendOnce(ctx context.Context, a invoiceAdapter, m *invoiceModel, diags *diag.Diagnostics) bool {
	shown, err := a.find(ctx, m)
	if err != nil {
		failedCall{
			attempt: fmt.Sprintf("look at %s before sending it", invoiceName(m)),
			next:    "Nothing was mailed: it may have been mailed already. Try again later.",
		}.report(diags, err)
		return false
	}
	if isToBeSent := shown == nil || types.BoolValue(false).Equal(shown.arguments["send"]); isToBeSent {
		if err := a.send(ctx, m.ID.ValueString()); err != nil {
			failedCall{attempt: "send " + invoiceName(m), unclear: "It may have been mailed. Apply again: an invoice that shows as sent is not mailed twice."}.report(diags, err)
			return false
		}
		shown = readBack(ctx, a, m, diags)
	}
	if shown != nil {
		// With no answers known, only what the gateway alone tells is taken.
		m.take(ctx, a, shown, answers{}, false)
	}
	return true
}
