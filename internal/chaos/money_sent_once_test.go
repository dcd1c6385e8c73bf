package chaos

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// TestMoneyIsSentOnce loses the answer to every refund and payout. Half of the connections
// are cut, and the rest get a proxy's 502, since ten calls without any answer would end
// the run. Each is sent once, and none again; an error says what may have happened.
func TestMoneyIsSentOnce(t *testing.T) {
	each := size(10, 100)
	w := newWorkspace(t)
	w.write(linksConfig(each, "order-${count.index}"))
	w.mustApply()
	w.write(linksConfig(each, "order-${count.index}") + refundsAndPayouts(each, w.payLinks()))
	for _, operation := range []string{"CreateRefund", "p2p.create"} {
		w.box.Inject(sandbox.Fault{Operation: operation, Kind: sandbox.FaultLostAnswer, Every: 2})
		w.box.Inject(sandbox.Fault{Operation: operation, Kind: sandbox.FaultStatusAfter, Status: http.StatusBadGateway})
	}
	w.box.ResetRequests()
	first := w.apply()

	explained := 0
	for _, text := range first.errors {
		refund := strings.Contains(text, refundFailed) && strings.Contains(text, lookPaymentUp)
		payout := strings.Contains(text, payoutFailed) && strings.Contains(text, lookAtPayouts)
		if (refund || payout) && strings.Contains(text, "it "+mayHaveBeenMade+". "+isNotSentAgain) {
			explained++
		} else {
			t.Errorf("an error that does not explain: %s", text)
		}
	}
	if first.ok || explained != 2*each {
		t.Errorf("%d errors that explain, want %d: %s", explained, 2*each, first.summary())
	}
	moreThanOnce := w.checkSentOnce(each)

	w.box.ClearFaults()
	w.box.ResetRequests()
	for range 3 {
		w.apply()
	}
	again := len(w.box.Requests("CreateRefund", "p2p.create"))
	if again != 0 {
		t.Errorf("the next three applies sent %d refunds and payouts", again)
	}
	addFigure("%d refunds and %d payouts, every answer lost or a proxy's 502: %d sent more than once, %d by the next three applies (%d errors that say what to do)",
		each, each, moreThanOnce, again, explained)
}

// payLinks pays all payments, and returns their ids.
func (w *workspace) payLinks() []string {
	w.t.Helper()
	payments, err := w.box.InvoiceAPI.Payments.All()
	check(w.t, err)
	ids := make([]string, 0, len(payments))
	for _, payment := range payments {
		check(w.t, w.box.InvoiceAPI.Pay(payment.ID, invoiceapi.TestCard))
		ids = append(ids, payment.ID)
	}
	return ids
}

func refundsAndPayouts(each int, payments []string) string {
	return fmt.Sprintf(`
resource "invoice_refund" "back" {
  count      = %[1]d
  payment_id = ["%[2]s"][count.index]
  amount     = "100"
  reason     = "Чай остыл"
  receipt    = %[3]s
}

resource "invoice_invoice" "payout" {
  count    = %[1]d
  amount   = "700"
  order_id = "payout-${count.index}"
%[4]s}
`, each, strings.Join(payments, `", "`), receipt(`"100"`), p2pPayout(`format("22000000%08d", count.index)`))
}

// checkSentOnce checks that every payment has one refund, and every payout is there once.
// It returns how many there are more than once.
func (w *workspace) checkSentOnce(each int) (moreThanOnce int) {
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
			moreThanOnce++
		}
	}
	if len(sent) != 2*each {
		w.t.Errorf("%d refunds and payouts are at the gateways, want %d", len(sent), 2*each)
	}
	return moreThanOnce
}
