package provider

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// These maps hold, by key, the private data that older versions kept for the configurations of
// these tests.
var (
	oldTerminal = map[string]string{
		"echo": `{"can_comments":{"applied":"true","answer":"true"},"default_price":{"applied":"250","answer":"250.00"},` +
			`"description":{"applied":"проспект Мира, 12","answer":"проспект Мира, 12, филиал №7"},` +
			`"name":{"applied":"Кофейня на Мира","answer":"Кофейня на Мира"},"type":{"applied":"static","answer":"static"}}`,
	}
	oldLink = map[string]string{
		"echo": `{"amount":{"applied":"1500.50","answer":"1500.50"},"currency":{"applied":"RUB","answer":"RUB"},` +
			`"custom_parameters":{"applied":"{\"customer\":\"42\",\"n\":1}","answer":"{\"customer\":\"42\",\"n\":1}"},` +
			`"description":{"applied":"Заказ 1","answer":"Заказ 1, филиал №7"},"order_id":{"applied":"order-1","answer":"order-1"}}`,
		"unread": "false", "unpayable": "false",
	}
	oldRefund = map[string]string{
		"destroy": "false",
		"echo": `{"amount":{"applied":"500","answer":"500.00"},"currency":{"applied":"RUB","answer":"RUB"},` +
			`"payment_id":{"applied":"PAYMENT","answer":"PAYMENT"},"reason":{"applied":"Не подошёл размер","answer":"Не подошёл размер"}}`,
	}
	oldInvoice = map[string]string{
		"answers": `{"amount":"\"1500.50\"","currency":"\"RUB\"","customer_id":"\"Иванов Иван\"","order_id":"\"order-1\"",` +
			`"paykeeper.cart":"[{\"name\":\"Окно\",\"price\":\"500.00\",\"quantity\":\"3\",\"sum\":\"1500.00\",\"tax\":\"vat20\"},` +
			`{\"name\":\"Ручка\",\"price\":\"5.00\",\"quantity\":\"0.1\",\"sum\":\"0.50\",\"tax\":\"none\"}]",` +
			`"paykeeper.client_email":"\"buyer@example.com\"","paykeeper.client_phone":"\"+7 999 123-45-67\"","paykeeper.expiry_date":"\"DAY\"",` +
			`"paykeeper.send":"false","paykeeper.service_name":"\"Ремонт \u003cокон\u003e \u0026 дверей\""}`,
		"destroy": "false", "unpayable": "false", "unread": "false",
	}
	oldPayout = map[string]string{
		"answers": `{"amount":"\"700.00\"","currency":"\"RUB\"","order_id":"\"payout-1\"","p2p.direction":"\"out\"",` +
			`"p2p.payment_method":"\"sberbank\"","p2p.payment_option":"\"TO_CARD\""}`,
		"unread": "true",
	}
)

// with replaces a word in old private data.
func with(old map[string]string, word, by string) map[string]string {
	replaced := map[string]string{}
	for key, value := range old {
		replaced[key] = strings.ReplaceAll(value, word, by)
	}
	return replaced
}

// writePrivate replaces the private data of the resource of one type in the state.
func writePrivate(w *clitest.Workspace, resource string, data map[string]string) {
	w.T.Helper()
	file := filepath.Join(w.Dir, "terraform.tfstate")
	text, err := os.ReadFile(file)
	w.Must(err)
	var state map[string]any
	w.Must(json.Unmarshal(text, &state))
	encoded := map[string][]byte{}
	for key, value := range data {
		encoded[key] = []byte(value)
	}
	private, err := json.Marshal(encoded)
	w.Must(err)
	found := false
	for _, one := range state["resources"].([]any) {
		if one := one.(map[string]any); one["type"] == resource {
			one["instances"].([]any)[0].(map[string]any)["private"], found = private, true
		}
	}
	if !found {
		w.T.Fatalf("no %s in the state", resource)
	}
	text, err = json.Marshal(state)
	w.Must(err)
	w.Must(os.WriteFile(file, text, 0o600))
}

// privateIs compares the private data of the resource of one type in the state.
func privateIs(w *clitest.Workspace, resource, want string) {
	w.T.Helper()
	text, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	w.Must(err)
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct{ Private []byte }
		}
	}
	w.Must(json.Unmarshal(text, &state))
	for _, one := range state.Resources {
		if one.Type != resource {
			continue
		}
		var encoded map[string][]byte
		if private := one.Instances[0].Private; len(private) > 0 {
			w.Must(json.Unmarshal(private, &encoded))
		}
		data := map[string]json.RawMessage{}
		for key, value := range encoded {
			data[key] = value
		}
		got, err := json.Marshal(data)
		w.Must(err)
		if string(got) != want {
			w.T.Errorf("the private data of %s are %s, want %s", resource, got, want)
		}
	}
}

// A state of an older version opens with an empty plan and without a message. What it remembers
// still counts.
func TestOlderStatesOpenWithAnEmptyPlan(t *testing.T) {
	opens := func(w *clitest.Workspace, resource string, data map[string]string) {
		t.Helper()
		writePrivate(w, resource, data)
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	}
	t.Run("terminal", func(t *testing.T) {
		w := newWorkspace(t, "rewrite_description=true")
		w.MustApply(terminalConfig)
		opens(w, "invoice_terminal", oldTerminal)
		w.Must(w.Sandbox.InvoiceAPI.Terminals.Update("mira-12", func(t *invoiceapi.Terminal) { t.Name = "Чужое имя" }))
		w.Plan().Succeeds().ChangesNothing().Warns("A terminal was changed at the gateway", `name: "Кофейня на Мира" was applied, the gateway now has "Чужое имя"`)
	})
	t.Run("payment link", func(t *testing.T) {
		w := newWorkspace(t, "rewrite_description=true")
		w.MustApply(linkConfig)
		opens(w, "invoice_payment_link", oldLink)
		w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1" }))
		w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("amount changed")
		w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1500.50" }))
		w.MustApply(linkConfig).SaysNothing().ChangesNothing()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	})
	t.Run("payment link that was never read", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(linkConfig)
		w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Description = "ЗАКАЗ 1" }))
		old := with(oldLink, ", филиал №7", "")
		old["unread"] = "true"
		opens(w, "invoice_payment_link", old)
	})
	t.Run("payment link that drifted", func(t *testing.T) {
		w := newWorkspace(t, "rewrite_description=true")
		w.MustApply(linkConfig)
		w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1" }))
		w.MustExec("apply", "-refresh-only", "-auto-approve")
		w.StateHas(linkAddress, map[string]any{"amount": "1.00"})
		writePrivate(w, "invoice_payment_link", oldLink)
		w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("amount changed")
		w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1500.50" }))
		w.Plan().Succeeds().ChangesNothing()
	})
	t.Run("imported payment link", func(t *testing.T) {
		w := newWorkspace(t, "rewrite_description=true")
		w.MustApply(linkConfig)
		w.Forget(linkAddress)
		w.MustExec("import", linkAddress, "order/order-1")
		old := with(oldLink, `"applied":"Заказ 1"`, `"applied":"Заказ 1, филиал №7"`)
		old["imported"] = "true"
		writePrivate(w, "invoice_payment_link", old)
		w.Plan().Succeeds().Changes(map[string]string{linkAddress: "update"})
		w.Apply().Succeeds()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Sent("CreatePayment", 1)
	})
	t.Run("refund", func(t *testing.T) {
		w, payment := newPaidWorkspace(t)
		w.MustApply(refundConfig(payment))
		opens(w, "invoice_refund", with(oldRefund, "PAYMENT", payment))
		writePrivate(w, "invoice_refund", with(with(oldRefund, "PAYMENT", payment), `"applied":"Не подошёл размер","answer":"Не подошёл размер"`, `"applied":"Брак","answer":"Брак"`))
		w.Plan().Succeeds().ChangesNothing().Warns("A refund is not what was applied", `reason: "Брак" was applied, the gateway now has "Не подошёл размер"`)
	})
	t.Run("invoice", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(paykeeperInvoice())
		opens(w, "invoice_invoice", with(oldInvoice, "DAY", dayFromNow(3)))
		w.Must(w.Sandbox.PayKeeper.Invoices.Update(w.PayKeeperInvoices()[0].ID, func(i *paykeeper.Invoice) { i.ClientEmail = "other@example.com" }))
		w.Plan().Succeeds().Changes(map[string]string{invoiceAddress: "replace"}).Warns("paykeeper.client_email changed")
	})
	t.Run("payout", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(payoutConfig)
		opens(w, "invoice_invoice", oldPayout)
		writePrivate(w, "invoice_invoice", with(oldPayout, "700.00", "600.00"))
		w.Plan().Succeeds().ChangesNothing().Warns("A payout was changed at the gateway", `the gateway now has "700.00"`)
	})
}
