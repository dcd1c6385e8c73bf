package provider

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// These maps hold, by key, the private data of a version that kept every answer under one key, and
// left the marks of plans in the state.
var (
	wholeTerminal = map[string]string{
		"remote": `{"answers":{"can_comments":"true","default_price":"250.00","description":"проспект Мира, 12, филиал №7","name":"Кофейня на Мира","type":"static"}}`,
	}
	wholeLink = map[string]string{
		"remote": `{"answers":{"amount":"1500.50","currency":"RUB","custom_parameters":"{\"customer\":\"42\",\"n\":1}",` +
			`"description":"Заказ 1, филиал №7","order_id":"order-1"}}`,
		"replaced": `"1a2b"`, "paid": "false", "destroy": "false",
	}
	wholeRefund = map[string]string{
		"remote": `{"answers":{"amount":"500.00","currency":"RUB","payment_id":"PAYMENT","reason":"Не подошёл размер"}}`,
		"kept":   `"refund 1a2b"`, "destroy": "false",
	}
	wholeInvoice = map[string]string{
		"remote": `{"answers":{"amount":"1500.50","currency":"RUB","customer_id":"Иванов Иван","order_id":"order-1",` +
			`"paykeeper.cart":"[{\"name\":\"Окно\",\"price\":\"500.00\",\"quantity\":\"3\",\"sum\":\"1500.00\",\"tax\":\"vat20\"},` +
			`{\"name\":\"Ручка\",\"price\":\"5.00\",\"quantity\":\"0.1\",\"sum\":\"0.50\",\"tax\":\"none\"}]",` +
			`"paykeeper.client_email":"buyer@example.com","paykeeper.client_phone":"+7 999 123-45-67","paykeeper.expiry_date":"DAY",` +
			`"paykeeper.send":"false","paykeeper.service_name":"Ремонт \u003cокон\u003e \u0026 дверей"}}`,
		"kept": `""`, "replaced": `"paykeeper/1"`, "paid": "false", "destroy": "false",
	}
	wholePayout = map[string]string{
		"remote": `{"answers":{"amount":"700.00","currency":"RUB","order_id":"payout-1","p2p.direction":"out","p2p.payment_method":"sberbank","p2p.payment_option":"TO_CARD"},"unread":true}`,
		"kept":   `"payout p2p/1"`, "destroy": "false",
	}
)

// Such a state opens with an empty plan and without a message. What it remembers still counts, and
// the next apply stores it in short.
func TestStatesWithAllAnswersOpenWithAnEmptyPlan(t *testing.T) {
	opens := func(w *clitest.Workspace, resource string, data map[string]string) {
		t.Helper()
		writePrivate(w, resource, data)
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	}
	t.Run("terminal", func(t *testing.T) {
		w := newWorkspace(t, "rewrite_description=true")
		w.MustApply(terminalConfig)
		opens(w, "invoice_terminal", wholeTerminal)
		w.Must(w.Sandbox.InvoiceAPI.Terminals.Update("mira-12", func(t *invoiceapi.Terminal) { t.Name = "Чужое имя" }))
		w.Plan().Succeeds().ChangesNothing().Warns("A terminal was changed at the gateway", `name: "Кофейня на Мира" was applied, the gateway now has "Чужое имя"`)
	})
	t.Run("payment link", func(t *testing.T) {
		w := newWorkspace(t, "rewrite_description=true")
		w.MustApply(linkConfig)
		opens(w, "invoice_payment_link", wholeLink)
		w.MustApply(linkConfig).SaysNothing().ChangesNothing()
		privateIs(w, "invoice_payment_link", `{"r":{"a":{"description":"Заказ 1, филиал №7"}}}`)
		setAmount := func(amount string) {
			w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = amount }))
		}
		setAmount("1")
		w.MustExec("apply", "-refresh-only", "-auto-approve")
		w.StateHas(linkAddress, map[string]any{"amount": "1.00"})
		privateIs(w, "invoice_payment_link", `{"r":{"a":{"description":"Заказ 1, филиал №7"},"p":{"amount":"1500.50"}}}`)
		w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("amount changed")
		setAmount("1500.50")
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	})
	t.Run("payment link that drifted", func(t *testing.T) {
		w := newWorkspace(t, "rewrite_description=true")
		w.MustApply(linkConfig)
		w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1" }))
		w.MustExec("apply", "-refresh-only", "-auto-approve")
		writePrivate(w, "invoice_payment_link", with(wholeLink, `}}`, `},"applied":{"amount":"1500.50"}}`))
		w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("amount changed")
		w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1500.50" }))
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	})
	t.Run("imported payment link", func(t *testing.T) {
		w := newWorkspace(t, "rewrite_description=true")
		w.MustApply(linkConfig)
		w.Forget(linkAddress)
		w.MustExec("import", linkAddress, "order/order-1")
		writePrivate(w, "invoice_payment_link", with(wholeLink, `}}`, `},"imported":true}`))
		w.Plan().Succeeds().Changes(map[string]string{linkAddress: "update"})
		w.Apply().Succeeds()
		privateIs(w, "invoice_payment_link", `{"r":{"a":{"description":"Заказ 1, филиал №7"}}}`)
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Sent("CreatePayment", 1)
	})
	t.Run("refund", func(t *testing.T) {
		w, payment := newPaidWorkspace(t)
		w.MustApply(refundConfig(payment))
		opens(w, "invoice_refund", with(wholeRefund, "PAYMENT", payment))
		writePrivate(w, "invoice_refund", with(with(wholeRefund, "PAYMENT", payment), "500.00", "400.00"))
		w.Plan().Succeeds().ChangesNothing().Warns("A refund is not what was applied", `the gateway now has "500.00"`)
	})
	t.Run("invoice", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(paykeeperInvoice())
		opens(w, "invoice_invoice", with(wholeInvoice, "DAY", dayFromNow(3)))
		w.Must(w.Sandbox.PayKeeper.Invoices.Update(w.PayKeeperInvoices()[0].ID, func(i *paykeeper.Invoice) { i.ClientEmail = "other@example.com" }))
		w.Plan().Succeeds().Changes(map[string]string{invoiceAddress: "replace"}).Warns("paykeeper.client_email changed")
	})
	t.Run("payout", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(payoutConfig)
		opens(w, "invoice_invoice", wholePayout)
		writePrivate(w, "invoice_invoice", with(wholePayout, "700.00", "600.00"))
		w.Plan().Succeeds().ChangesNothing().Warns("A payout was changed at the gateway", `the gateway now has "700.00"`)
	})
}

// A link that is as it was applied has next to nothing in its private data. What a plan marks for
// a replacement does not stay there.
func TestPrivateDataOfALinkAreSmall(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	privateIs(w, "invoice_payment_link", `{"r":{"u":true}}`)
	w.MustApply(linkConfig)
	privateIs(w, "invoice_payment_link", `{"r":{}}`)
	w.MustApply(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`)).Changes(map[string]string{linkAddress: "update"})
	privateIs(w, "invoice_payment_link", `{"r":{}}`)
}

// Terraform plans a tainted link without its private data, and keeps what is left of them when the
// destroy fails. Nothing is remembered then, so what the gateway answers is no drift.
func TestUntaintedLinkWhoseDestroyFailedHasNoDrift(t *testing.T) {
	w := newWorkspace(t, "rewrite_description=true")
	w.MustApply(linkConfig)
	w.MustExec("taint", linkAddress)
	w.Sandbox.Inject(sandbox.Fault{Operation: "ClosePayment", Kind: sandbox.FaultStatus, Status: 500})
	w.Apply().Fails("Cannot close payment")
	w.Sandbox.ClearFaults()
	privateIs(w, "invoice_payment_link", `{}`)
	w.MustExec("untaint", linkAddress)
	w.MustApply(linkConfig).SaysNothing().ChangesNothing()
	privateIs(w, "invoice_payment_link", `{"r":{"a":{"description":"Заказ 1, филиал №7"}}}`)
	w.Sent("CreatePayment", 1)
}
