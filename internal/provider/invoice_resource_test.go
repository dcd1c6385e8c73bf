package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

const invoiceAddress = "invoice_invoice.one"

// dayFromNow is a day in Moscow, so many days off.
func dayFromNow(days int) string {
	return time.Now().In(values.Moscow).AddDate(0, 0, days).Format(time.DateOnly)
}

func paykeeperInvoice(lines ...string) string {
	return fmt.Sprintf(`
resource "invoice_invoice" "one" {
  amount      = "1500.50"
  order_id    = "order-1"
  customer_id = "Иванов Иван"
  paykeeper = {
    service_name = "Ремонт <окон> & дверей"
    client_email = "buyer@example.com"
    client_phone = "+7 999 123-45-67"
    expiry_date  = %q
    cart = [
      { name = "Окно", price = "500", quantity = "3", sum = "1500", tax = "vat20" },
      { name = "Ручка", price = "5", quantity = "0.1", sum = "0.50", tax = "none" },
    ]
    %s
  }
}
`, dayFromNow(3), strings.Join(lines, "\n    "))
}

func p2pInvoice(lines ...string) string {
	return fmt.Sprintf(`
resource "invoice_invoice" "one" {
  amount      = "1000"
  order_id    = "order-1"
  customer_id = "uid-1"
  p2p = {
    direction          = "in"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    payment_method     = "sberbank"
    start_deal         = true
    %s
  }
}
`, strings.Join(lines, "\n    "))
}

const payoutConfig = `
resource "invoice_invoice" "one" {
  amount   = "700"
  order_id = "payout-1"
  p2p = {
    direction          = "out"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "the-hook-token"
    payment_option     = "TO_CARD"
    payment_method     = "sberbank"
    payment_requisites = { requisites = "2200000000000053", holder = "ИВАН ИВАНОВ" }
  }
}
`

// dialectsOf are all readings of one gateway's doubtful points: each alone, and
// all together.
func dialectsOf(prefix string, but ...string) [][]string {
	all := []string{}
	list := [][]string{nil}
	for _, one := range sandbox.Switches() {
		if !strings.HasPrefix(one.Name, prefix) {
			continue
		}
		for _, value := range one.Values[1:] {
			if setting := one.Name + "=" + value; !slices.Contains(but, setting) {
				list, all = append(list, []string{setting}), append(all, setting)
			}
		}
	}
	return append(list, all)
}

// paykeeperHistoryDialects are about calls that invoices do not make.
var paykeeperHistoryDialects = []string{"paykeeper_login=303", "paykeeper_login=html", "paykeeper_dates=inclusive", "paykeeper_fullcount=number", "paykeeper_max_page=10"}

func inDialects(t *testing.T, list [][]string, test func(t *testing.T, w *workspace)) {
	for _, dialect := range list {
		name := "default"
		switch len(dialect) {
		case 0:
		case 1:
			name = dialect[0]
		default:
			name = "all"
		}
		t.Run(name, func(t *testing.T) { test(t, newWorkspace(t, dialect...)) })
	}
}

func (w *workspace) paykeeperInvoices() []sandbox.PayKeeperInvoice {
	w.t.Helper()
	all, err := w.sandbox.PayKeeperInvoices()
	w.check(err)
	return all
}

func (w *workspace) p2pInvoices() []sandbox.P2PInvoice {
	w.t.Helper()
	all, err := w.sandbox.P2PInvoices()
	w.check(err)
	return all
}

// invoiceStatuses checks the statuses of all invoices at a gateway, oldest first.
func (w *workspace) invoiceStatuses(want string) {
	w.t.Helper()
	var got []string
	for _, one := range w.paykeeperInvoices() {
		got = append(got, one.Status)
	}
	for _, one := range w.p2pInvoices() {
		got = append(got, one.Status)
	}
	if strings.Join(got, " ") != want {
		w.t.Errorf("invoices are %q, want %q", strings.Join(got, " "), want)
	}
}

// block returns the gateway's object of the invoice in the state.
func (w *workspace) block(name string) map[string]any {
	w.t.Helper()
	block, _ := w.attributes(invoiceAddress)[name].(map[string]any)
	if block == nil {
		w.t.Fatalf("%s.%s is not in the state", invoiceAddress, name)
	}
	return block
}

// Created, sent, paid, revoked behind Terraform's back, destroyed: nothing is
// left to do after any step, and nothing is issued or mailed twice.
func TestPayKeeperInvoiceLife(t *testing.T) {
	inDialects(t, dialectsOf("paykeeper_", append(paykeeperHistoryDialects, "paykeeper_mail=failed")...), func(t *testing.T, w *workspace) {
		w.mustApply(paykeeperInvoice()).quiet()
		first := w.paykeeperInvoices()[0]
		w.inState(invoiceAddress, map[string]any{
			"id": first.ID, "gateway": "paykeeper", "url": w.server.URL + "/paykeeper/bill/" + first.ID + "/", "status": "created", "gateway_status": "created",
			"amount": "1500.50", "currency": "RUB", "order_id": "order-1", "customer_id": "Иванов Иван", "expires_at": dayFromNow(3) + "T00:00:00+03:00",
			"payment_id": nil, "paid_at": nil, "updated_at": nil, "p2p": nil,
		})
		w.sent("paykeeper.send", 0)

		w.write(paykeeperInvoice("send = true"))
		w.apply().succeeds().quiet().changes(map[string]string{invoiceAddress: "update"})
		w.plan().succeeds().quiet().changes(nil)
		w.inState(invoiceAddress, map[string]any{"id": first.ID, "status": "sent"})
		w.sent("paykeeper.preview", 1)
		w.sent("paykeeper.send", 1)

		// Sent is sent: turning it off and on again mails nobody.
		w.mustApply(paykeeperInvoice("send = false")).quiet()
		w.mustApply(paykeeperInvoice("send = true")).quiet()
		w.sent("paykeeper.send", 1)

		w.check(w.sandbox.SetPayKeeperInvoiceStatus(first.ID, "revoked"))
		w.plan().succeeds().warns("Gone at the gateway: invoice paykeeper/" + first.ID).changes(map[string]string{invoiceAddress: "create"})
		w.apply().succeeds()
		w.plan().succeeds().quiet().changes(nil)
		w.sent("paykeeper.preview", 2)
		w.sent("paykeeper.send", 2)
		w.invoiceStatuses("revoked sent")

		second := w.paykeeperInvoices()[1]
		w.check(w.sandbox.PayPayKeeperInvoice(second.ID))
		w.plan().succeeds().quiet().changes(nil)
		w.apply().succeeds()
		w.inState(invoiceAddress, map[string]any{"id": second.ID, "status": "paid", "payment_id": w.paykeeperInvoices()[1].PaymentID})
		if w.attributes(invoiceAddress)["paid_at"] == nil {
			t.Error("paid_at is null")
		}
		w.destroy().succeeds().warns("A paid invoice is only removed from the state", second.ID)
		w.sent("paykeeper.revoke", 0)
		w.invoiceStatuses("revoked paid")

		w.mustApply(paykeeperInvoice())
		w.destroy().succeeds().quiet()
		w.invoiceStatuses("revoked paid revoked")
		w.sent("paykeeper.preview", 3)
		w.sent("paykeeper.token", 5) // once a run that changes something
	})
}

func TestP2PInvoiceLife(t *testing.T) {
	inDialects(t, dialectsOf("p2p_"), func(t *testing.T, w *workspace) {
		w.mustApply(p2pInvoice()).quiet()
		first := w.p2pInvoices()[0]
		w.inState(invoiceAddress, map[string]any{
			"id": first.ID, "gateway": "p2p", "url": w.server.URL + "/p2p/invoice?id=" + first.ID, "status": "created", "gateway_status": "new",
			"amount": "1000", "currency": "RUB", "order_id": "order-1", "customer_id": "uid-1", "paid_at": nil, "payment_id": nil, "paykeeper": nil,
		})
		deals, _ := w.block("p2p")["deals"].([]any)
		if none := w.sandbox.Dialect().P2PRequisites == "none"; none != (len(deals) == 0) {
			t.Errorf("deals: %v", deals)
		}
		for _, one := range deals {
			deal, _ := one.(map[string]any)
			if deal["requisites"] != first.Deals[0].Requisites.Requisites || deal["status"] != "transfer_waiting" || deal["active"] != true || deal["rate"] != "99.23" {
				t.Errorf("deal: %v", deal)
			}
		}
		if sum := w.block("p2p")["amount_to_pay"]; sum != "1000.00" {
			t.Errorf("amount_to_pay = %v", sum)
		}

		w.check(w.sandbox.SetP2PInvoiceStatus(first.ID, "canceled"))
		w.plan().succeeds().warns("Gone at the gateway: invoice p2p/"+first.ID, "it is canceled").changes(map[string]string{invoiceAddress: "create"})
		if w.sandbox.Dialect().P2PRepeatedInternalID == "error" {
			w.apply().fails().errors("Cannot issue the invoice", "заявка с таким идентификатором уже существует")
			w.write(withLine(p2pInvoice(), "order_id", `order_id = "order-2"`))
		}
		w.apply().succeeds()
		w.plan().succeeds().quiet().changes(nil)
		w.invoiceStatuses("canceled new")

		second := w.p2pInvoices()[1]
		w.check(w.sandbox.SetP2PInvoiceStatus(second.ID, "paid"))
		w.plan().succeeds().quiet().changes(nil)
		w.apply().succeeds()
		w.inState(invoiceAddress, map[string]any{"id": second.ID, "status": "paid", "gateway_status": w.sandbox.Dialect().P2PPaid})
		block := w.block("p2p")
		if block["received_from_taker"] != "1000.00" || block["service_fee"] != "10.00" {
			t.Errorf("sums: %v", block)
		}
		if payout, _ := block["payout"].(map[string]any); payout == nil || payout["currency"] != "USDT" {
			t.Errorf("payout: %v", block["payout"])
		}
		w.destroy().succeeds().warns("A paid invoice is only removed from the state", second.ID)
		w.sent("p2p.cancel", 0)

		w.mustApply(withLine(p2pInvoice(), "order_id", `order_id = "order-3"`))
		w.destroy().succeeds().quiet()
		w.invoiceStatuses("canceled paid canceled")
	})
}
