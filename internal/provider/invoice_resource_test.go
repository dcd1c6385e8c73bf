package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
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
	for _, one := range gateways.Switches {
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

func inDialects(t *testing.T, list [][]string, test func(t *testing.T, w *clitest.Workspace)) {
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

// invoiceBlock returns the gateway's object of the invoice in the state.
func invoiceBlock(w *clitest.Workspace, name string) map[string]any {
	w.T.Helper()
	block, _ := w.Attributes(invoiceAddress)[name].(map[string]any)
	if block == nil {
		w.T.Fatalf("%s.%s is not in the state", invoiceAddress, name)
	}
	return block
}

// Created, sent, paid, revoked behind Terraform's back, destroyed: nothing is
// left to do after any step, and nothing is issued or mailed twice.
func TestPayKeeperInvoiceLife(t *testing.T) {
	inDialects(t, dialectsOf("paykeeper_", append(paykeeperHistoryDialects, "paykeeper_mail=failed")...), func(t *testing.T, w *clitest.Workspace) {
		w.MustApply(paykeeperInvoice()).SaysNothing()
		first := w.PayKeeperInvoices()[0]
		w.StateHas(invoiceAddress, map[string]any{
			"id": first.ID, "gateway": "paykeeper", "url": w.URL + "/paykeeper/bill/" + first.ID + "/", "status": "created", "gateway_status": "created",
			"amount": "1500.50", "currency": "RUB", "order_id": "order-1", "customer_id": "Иванов Иван", "expires_at": dayFromNow(3) + "T00:00:00+03:00",
			"payment_id": nil, "paid_at": nil, "updated_at": nil, "p2p": nil,
		})
		w.Sent("paykeeper.send", 0)

		w.Write(paykeeperInvoice("send = true"))
		w.Apply().Succeeds().SaysNothing().Changes(map[string]string{invoiceAddress: "update"})
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.StateHas(invoiceAddress, map[string]any{"id": first.ID, "status": "sent"})
		w.Sent("paykeeper.preview", 1)
		w.Sent("paykeeper.send", 1)

		// Sent is sent: turning it off and on again mails nobody.
		w.MustApply(paykeeperInvoice("send = false")).SaysNothing()
		w.MustApply(paykeeperInvoice("send = true")).SaysNothing()
		w.Sent("paykeeper.send", 1)

		w.Must(w.Sandbox.PayKeeper.SetStatus(first.ID, "revoked"))
		w.Plan().Succeeds().Warns("Gone at the gateway: invoice paykeeper/" + first.ID).Changes(map[string]string{invoiceAddress: "create"})
		w.Apply().Succeeds()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Sent("paykeeper.preview", 2)
		w.Sent("paykeeper.send", 2)
		w.InvoicesAre("revoked sent")

		second := w.PayKeeperInvoices()[1]
		w.Must(w.Sandbox.PayKeeper.Pay(second.ID))
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Apply().Succeeds()
		w.StateHas(invoiceAddress, map[string]any{"id": second.ID, "status": "paid", "payment_id": w.PayKeeperInvoices()[1].PaymentID})
		if w.Attributes(invoiceAddress)["paid_at"] == nil {
			t.Error("paid_at is null")
		}
		w.Destroy().Succeeds().Warns("A paid invoice is only removed from the state", second.ID)
		w.Sent("paykeeper.revoke", 0)
		w.InvoicesAre("revoked paid")

		w.MustApply(paykeeperInvoice())
		w.Destroy().Succeeds().SaysNothing()
		w.InvoicesAre("revoked paid revoked")
		w.Sent("paykeeper.preview", 3)
		w.Sent("paykeeper.token", 5) // once a run that changes something
	})
}

func TestP2PInvoiceLife(t *testing.T) {
	inDialects(t, dialectsOf("p2p_"), func(t *testing.T, w *clitest.Workspace) {
		w.MustApply(p2pInvoice()).SaysNothing()
		first := w.P2PInvoices()[0]
		w.StateHas(invoiceAddress, map[string]any{
			"id": first.ID, "gateway": "p2p", "url": w.URL + "/p2p/invoice?id=" + first.ID, "status": "created", "gateway_status": "new",
			"amount": "1000", "currency": "RUB", "order_id": "order-1", "customer_id": "uid-1", "paid_at": nil, "payment_id": nil, "paykeeper": nil,
		})
		deals, _ := invoiceBlock(w, "p2p")["deals"].([]any)
		if none := w.Sandbox.Dialect()["p2p_requisites"] == "none"; none != (len(deals) == 0) {
			t.Errorf("deals: %v", deals)
		}
		for _, one := range deals {
			deal, _ := one.(map[string]any)
			if deal["requisites"] != first.Deals[0].Requisites.Requisites || deal["status"] != "transfer_waiting" || deal["active"] != true || deal["rate"] != "99.23" {
				t.Errorf("deal: %v", deal)
			}
		}
		if sum := invoiceBlock(w, "p2p")["amount_to_pay"]; sum != "1000.00" {
			t.Errorf("amount_to_pay = %v", sum)
		}

		w.Must(w.Sandbox.P2P.SetStatus(first.ID, "canceled"))
		w.Plan().Succeeds().Warns("Gone at the gateway: invoice p2p/"+first.ID, "it is canceled").Changes(map[string]string{invoiceAddress: "create"})
		if w.Sandbox.Dialect()["p2p_repeated_internal_id"] == "error" {
			w.Apply().Fails("Cannot issue the invoice", "заявка с таким идентификатором уже существует")
			w.Write(withLine(p2pInvoice(), "order_id", `order_id = "order-2"`))
		}
		w.Apply().Succeeds()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.InvoicesAre("canceled new")

		second := w.P2PInvoices()[1]
		w.Must(w.Sandbox.P2P.SetStatus(second.ID, "paid"))
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Apply().Succeeds()
		w.StateHas(invoiceAddress, map[string]any{"id": second.ID, "status": "paid", "gateway_status": w.Sandbox.Dialect()["p2p_paid"]})
		block := invoiceBlock(w, "p2p")
		if block["received_from_taker"] != "1000.00" || block["service_fee"] != "10.00" {
			t.Errorf("sums: %v", block)
		}
		if payout, _ := block["payout"].(map[string]any); payout == nil || payout["currency"] != "USDT" {
			t.Errorf("payout: %v", block["payout"])
		}
		w.Destroy().Succeeds().Warns("A paid invoice is only removed from the state", second.ID)
		w.Sent("p2p.cancel", 0)

		w.MustApply(withLine(p2pInvoice(), "order_id", `order_id = "order-3"`))
		w.Destroy().Succeeds().SaysNothing()
		w.InvoicesAre("canceled paid canceled")
	})
}
