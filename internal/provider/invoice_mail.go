package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// senderOf returns the gateway of an invoice that has to be mailed, nil for others.
func senderOf(a gateway.InvoiceAdapter, m *gateway.Invoice) gateway.Sender {
	if sender, ok := a.(gateway.Sender); ok && sender.IsToBeSent(m) {
		return sender
	}
	return nil
}

// senderOfUpdate is [senderOf] for an update. An invoice that was sent is not sent again,
// whatever the gateway shows.
func senderOfUpdate(a gateway.InvoiceAdapter, plan, state *gateway.Invoice) gateway.Sender {
	sender := senderOf(a, plan)
	if sender == nil || state.IsPaid() || plan.Object(a).Attributes()[gateway.ArgumentSend].Equal(state.Object(a).Attributes()[gateway.ArgumentSend]) {
		return nil
	}
	return sender
}

// sendNew mails an invoice that was just issued, and reports whether that succeeded. A
// failure is a warning, since the next plan sends it.
func sendNew(ctx context.Context, sender gateway.Sender, id string, m *gateway.Invoice, diags *diag.Diagnostics) bool {
	err := sender.Send(ctx, id)
	if err == nil {
		return true
	}
	at, page := path.Root(sender.Name()).AtName(gateway.ArgumentSend), m.URL.ValueString()
	if transport.OutcomeOf(err) == transport.Unclear {
		diags.AddAttributeWarning(at, "The invoice may not have been sent",
			fmt.Sprintf("The %s is issued, and it is not clear whether it was mailed to the payer: %s. Apply once more: if it shows as sent by then, it is not mailed again. Its page: %s",
				invoiceName(m), err, page))
	} else {
		diags.AddAttributeWarning(at, "The invoice was not sent",
			fmt.Sprintf("The %s is issued, but mailing it to the payer failed: %s. It is not issued again: apply once more to send it. Its page: %s", invoiceName(m), err, page))
	}
	return false
}

// sendOnce mails an invoice, unless the gateway shows that it was mailed or paid: the state
// may be out of date, and a second letter cannot be taken back. It reports whether the
// invoice has been sent.
func (r *invoiceResource) sendOnce(ctx context.Context, sender gateway.Sender, m *gateway.Invoice, diags *diag.Diagnostics) bool {
	shown, err := sender.Find(ctx, m)
	if err != nil {
		gateway.FailedCall{
			Attempt: fmt.Sprintf("look at %s before sending it", invoiceName(m)),
			Next:    "Nothing was mailed, since it may have been mailed before. Try again later.",
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
