package chaos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// The answer to every refund and payout is lost: every other connection is cut, and
// the rest get the 502 of a proxy (ten calls without any answer end the run). Each is sent once, each is an
// error that says what may have happened, and nothing is sent again.
func TestMoneyIsSentOnce(t *testing.T) {
	each := size(10, 100)
	w := newWorkspace(t)
	w.write(linksConfig(each, "order-${count.index}"))
	w.mustApply()
	payments, err := w.box.InvoiceAPI.Payments.All()
	check(t, err)
	ids := make([]string, 0, each)
	for _, payment := range payments {
		check(t, w.box.InvoiceAPI.Pay(payment.ID, invoiceapi.TestCard))
		ids = append(ids, payment.ID)
	}
	list, err := json.Marshal(ids)
	check(t, err)

	w.write(linksConfig(each, "order-${count.index}") + fmt.Sprintf(`
locals {
  payments = %s
}

resource "invoice_refund" "back" {
  count      = %d
  payment_id = local.payments[count.index]
  amount     = "100"
  reason     = "Чай остыл"
  receipt    = [{ name = "Чай", price = "100", quantity = 1, result_price = "100" }]
}

resource "invoice_invoice" "payout" {
  count    = %d
  amount   = "700"
  order_id = "payout-${count.index}"
  p2p = {
    direction          = "out"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    payment_option     = "TO_CARD"
    payment_method     = "sberbank"
    payment_requisites = { requisites = format("22000000%%08d", count.index), holder = "ИВАН ИВАНОВ" }
  }
}
`, list, each, each))
	for _, operation := range []string{"CreateRefund", "p2p.create"} {
		w.box.Inject(sandbox.Fault{Operation: operation, Kind: sandbox.FaultLostAnswer, Every: 2})
		w.box.Inject(sandbox.Fault{Operation: operation, Kind: sandbox.FaultStatusAfter, Status: http.StatusBadGateway})
	}
	w.box.ResetRequests()
	first := w.apply()

	explained := 0
	for _, text := range first.errors {
		refund := strings.Contains(text, "Cannot make the refund") && strings.Contains(text, "it may have been made. It is not sent again.") && strings.Contains(text, "look the payment up in the merchant's account")
		payout := strings.Contains(text, "Cannot make the payout") && strings.Contains(text, "it may have been made. It is not sent again.") && strings.Contains(text, "look at the store's payouts")
		if refund || payout {
			explained++
		} else {
			t.Errorf("an error that does not explain: %s", text)
		}
	}
	if first.ok || explained != 2*each {
		t.Errorf("%d errors that explain, want %d: %s", explained, 2*each, first.describe())
	}
	w.sentOnce(each)

	w.box.ClearFaults()
	w.box.ResetRequests()
	for range 3 {
		w.apply()
	}
	again := len(w.box.Requests("CreateRefund", "p2p.create"))
	if again != 0 {
		t.Errorf("the next three applies sent %d refunds and payouts", again)
	}
	figure("%d refunds and %d payouts, every answer lost or a proxy's 502: each sent once, %d errors that say so, %d sent by the next three applies", each, each, explained, again)
}

// sentOnce checks that every payment has one refund, and every payout is there once.
func (w *workspace) sentOnce(each int) {
	w.t.Helper()
	refunds, err := w.box.InvoiceAPI.Refunds.All()
	check(w.t, err)
	sent := map[string]int{}
	for _, refund := range refunds {
		sent["refund of payment "+refund.PaymentID]++
	}
	payouts, err := w.box.P2P.Invoices.All()
	check(w.t, err)
	for _, payout := range payouts {
		sent["payout to "+payout.PaymentRequisites.Requisites]++
	}
	for what, times := range sent {
		if times != 1 {
			w.t.Errorf("%s was sent %d times", what, times)
		}
	}
	if len(sent) != 2*each {
		w.t.Errorf("%d refunds and payouts are at the gateways, want %d", len(sent), 2*each)
	}
}
