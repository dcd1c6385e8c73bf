package provider

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// refundLifeDialects hold each reading that the life of a refund can meet, a few at a time.
// These are left out:
//   - paykeeper_two_stage: a held payment gives no refund, and the resource does not support it.
//   - paykeeper_refund_end=failed: no money goes back.
//   - paykeeper_refund_row=never and paykeeper_refund_time=never: only a person ends the wait.
var refundLifeDialects = together(5, dialectsOf("paykeeper_", append([]string{
	"paykeeper_two_stage=true", "paykeeper_refund_end=failed", "paykeeper_refund_row=never", "paykeeper_refund_time=never",
}, paykeeperHistoryDialects...)...))

// The whole life: an invoice is issued and paid, half goes back, then the rest. All is forgotten
// and imported again.
func TestPayKeeperRefundInEveryDialect(t *testing.T) {
	for _, dialect := range refundLifeDialects {
		t.Run(cmp.Or(strings.ReplaceAll(strings.Join(dialect, ","), "paykeeper_", ""), "default"), func(t *testing.T) {
			w := newWorkspace(t, dialect...)
			issued := paykeeperInvoice() + paymentOfOwn
			w.MustApply(issued)
			w.PayInvoices()
			invoice := w.PayKeeperInvoices()[0]
			half := halfOfOwn(`reason = "не подошло"`, `refund_cart = [{ name = "Чай", price = "750.25", quantity = "1", sum = "750.25", tax = "vat10", item_type = "goods" }]`)
			rest := renamed(halfOfOwn("sequence = 2"), "back", "rest")
			applyUntilOver(w, issued+half, refundAddress)
			w.StateHas(paymentAddress, map[string]any{"id": invoice.PaymentID})
			refundsAre(w, "750.25")
			applyUntilOver(w, issued+half+rest, "invoice_refund.rest")
			ids := refundsAre(w, "750.25", "750.25")
			w.StateHas(refundAddress, map[string]any{
				"id": ids[0], "gateway": "paykeeper", "payment_id": invoice.PaymentID, "amount": "750.25", "status": "successful", "currency": "RUB", "updated_at": nil,
			})
			if at, _ := w.Attributes(refundAddress)["created_at"].(string); !strings.Contains(at, "T") {
				t.Errorf("created_at = %q", at)
			}
			w.Apply().Succeeds() // the payment shows the last refund
			w.StateHas(paymentAddress, map[string]any{"status": "refunded", "refunded_amount": "1500.50"})
			halvesWereSent(w, invoice.PaymentID)

			w.Must(os.Remove(filepath.Join(w.Dir, "terraform.tfstate")))
			w.Sandbox.ResetRequests()
			of := "paykeeper/" + invoice.PaymentID + "/"
			w.Write(issued + halfOfOwn() + rest + importing(invoiceAddress, "paykeeper/"+invoice.ID) + importing(refundAddress, of+ids[0]) + importing("invoice_refund.rest", of+ids[1]))
			w.Apply().Succeeds()
			w.Plan().Succeeds().ChangesNothing().SaysNothing()
			w.StateHas(invoiceAddress, map[string]any{"id": invoice.ID, "paid": true})
			w.StateHas(refundAddress, map[string]any{"id": ids[0], "status": "successful", "sequence": 1.0})
			w.StateHas("invoice_refund.rest", map[string]any{"id": ids[1], "status": "successful", "sequence": 2.0})
			w.SentNoChange()
			w.Sent(opReverse, 0)
			refundsAre(w, "750.25", "750.25")
		})
	}
}

// halfOfOwn is a refund of half of what the own invoice was paid with.
func halfOfOwn(lines ...string) string {
	half := withLine(payKeeperRefund("", lines...), "payment_id", "payment_id = "+paymentAddress+".id")
	return withLine(half, "amount", `amount = "750.25"`)
}

// applyUntilOver applies. Where the gateway shows the refund late, or takes its time with it, it
// applies again later, as a user does. Until then no plan looks: where the list of refunds is no
// list while it is empty, money that has gone back and is not listed is an error.
func applyUntilOver(w *clitest.Workspace, config, address string) {
	w.T.Helper()
	w.Write(config)
	w.Apply().Succeeds()
	if status := w.Attributes(address)["status"]; status == "unknown" || status == "init" {
		w.Sandbox.Advance(5 * time.Second)
		w.Apply().Succeeds()
	}
	w.Plan().Succeeds().ChangesNothing()
	w.StateHas(address, map[string]any{"status": "successful"})
}

// halvesWereSent checks the two forms.
func halvesWereSent(w *clitest.Workspace, payment string) {
	w.T.Helper()
	sent := reversals(w)
	if len(sent) != 2 {
		w.T.Fatalf("%d were sent", len(sent))
	}
	for _, one := range sent {
		if one.Get("id") != payment || one.Get("amount") != "750.25" || one.Get("partial") != "true" || one.Get("token") == "" {
			w.T.Errorf("sent %v", one)
		}
	}
	if cart := sent[0].Get("refund_cart"); cart != `[{"name":"Чай","price":750.25,"quantity":1,"sum":750.25,"tax":"vat10","item_type":"goods"}]` {
		w.T.Errorf("the cart is %s", cart)
	}
	if sent[1].Has("refund_cart") {
		w.T.Errorf("sent %v", sent[1])
	}
}

// cartOf is a cart with one line.
func cartOf(sum string) string {
	return `refund_cart = [{ name = "Чай", price = "250", quantity = "2", sum = "` + sum + `", tax = "vat10", item_type = "goods" }]`
}

// The whole payment, of which nothing was given back, goes back with partial=false; nothing else does.
func TestPayKeeperRefundOfTheWholePayment(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	w.MustApply(withLine(payKeeperRefund(payment), "amount", `amount = "1000"`))
	if sent := reversals(w); len(sent) != 1 || sent[0].Get("partial") != "false" {
		t.Errorf("sent %v", sent)
	}
	w, payment = newPayKeeperRefundsBeside(t)
	w.Write(payKeeperRefund(payment) + renamed(withLine(payKeeperRefund(payment), "amount", `amount = "499.99"`), "back", "more"))
	w.Apply().Succeeds() // in one run
	w.Plan().Succeeds().ChangesNothing()
	for _, sent := range reversals(w) {
		if sent.Get("partial") != "true" {
			t.Errorf("sent %v", sent)
		}
	}
}
