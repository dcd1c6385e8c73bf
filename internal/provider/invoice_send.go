package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// senderOf returns the gateway of an invoice that has to be mailed, nil for any other.
func senderOf(a gateway.InvoiceAdapter, m *gateway.Invoice) gateway.Sender {
	if sender, ok := a.(gateway.Sender); ok && sender.IsToBeSent(m) {
		return sender
	}
	return nil
}

// turnsToSend is the same for an update. What was sent once is not sent again,
// whatever the gateway shows.
func turnsToSend(a gateway.InvoiceAdapter, plan, state *gateway.Invoice) gateway.Sender {
	sender := senderOf(a, plan)
	if sender == nil || state.IsPaid() || plan.Object(a).Attributes()[gateway.ArgumentSend].Equal(state.Object(a).Attributes()[gateway.ArgumentSend]) {
		return nil
	}
	return sender
}

// sendNew mails an invoice that was just issued, and reports whether that succeeded.
// One that is not sent is no failure: the next plan sends it.
func sendNew(ctx context.Context, sender gateway.Sender, id string, m *gateway.Invoice, diags *diag.Diagnostics) bool {
	err := sender.Send(ctx, id)
	if err != nil {
		warnNotSent(m, err, diags)
	}
	return err == nil
}

// sendOnce mails an invoice, unless the gateway shows that it is mailed or paid
// already: a state that was not refreshed does not know, and a second letter
// cannot be taken back. It reports whether the invoice is sent by now.
func (r *invoiceResource) sendOnce(ctx context.Context, sender gateway.Sender, m *gateway.Invoice, diags *diag.Diagnostics) bool {
	shown, err := sender.Find(ctx, m)
	if err != nil {
		gateway.FailedCall{
			Attempt: fmt.Sprintf("look at %s before sending it", invoiceName(m)),
			Next:    "Nothing was mailed: it may have been mailed already. Try again later.",
		}.Report(diags, err)
		return false
	}
	if isToBeSent := shown == nil || types.BoolValue(false).Equal(shown.Arguments[gateway.ArgumentSend]); isToBeSent {
		if err := sender.Send(ctx, m.ID.ValueString()); err != nil {
			gateway.FailedCall{Attempt: "send " + invoiceName(m), Unclear: "It may have been mailed. Apply again: an invoice that shows as sent is not mailed twice."}.Report(diags, err)
			return false
		}
		shown = readBack(ctx, sender, m, diags)
	}
	if shown != nil {
		m.ApplyRemote(sender, shown)
	}
	return true
}
