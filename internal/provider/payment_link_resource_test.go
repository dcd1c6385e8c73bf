package provider

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

const linkAddress = "invoice_payment_link.order"

// linkTerminal is a terminal for links; linkBody is a link with everything set.
const (
	linkTerminal = `
resource "invoice_terminal" "web" {
  alias = "web"
  name  = "Сайт"
}
`
	linkBody = `
resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.web.id
  amount      = "1500.50"
  order_id    = "order-1"
  description = "Заказ 1"
  currency    = "RUB"
  payment_method = "card"
  success_url = "https://example.com/ok"
  fail_url    = "http://example.com/fail"
  custom_parameters = jsonencode({ customer = "42", n = 1 })
  transaction_type  = "payment"
  when_unpayable    = "keep"
  receipt = [
    { name = "Кофе, кг", price = "2001.00", quantity = "0.5", discount = "0%", result_price = "1000.50" },
    { name = "Воронка", price = "500", quantity = 1, result_price = "500" },
  ]
}
`
	linkConfig = linkTerminal + linkBody
)

// autoLink is a link whose order id is made by the provider.
var autoLink = withLine(linkConfig, "order_id", "")

func (w *workspace) payments() []sandbox.InvoicePayment {
	w.t.Helper()
	all, err := w.sandbox.InvoicePayments()
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// onlyPayment is the one payment that there has to be.
func (w *workspace) onlyPayment() sandbox.InvoicePayment {
	w.t.Helper()
	all := w.payments()
	if len(all) != 1 {
		w.t.Fatalf("%d payments, want 1: %+v", len(all), all)
	}
	return all[0]
}

// statuses lists the payments' statuses, oldest first.
func (w *workspace) statuses(want string) {
	w.t.Helper()
	var all []string
	for _, payment := range w.payments() {
		all = append(all, payment.Status)
	}
	if got := strings.Join(all, " "); got != want {
		w.t.Errorf("payments are %q, want %q", got, want)
	}
}

func (w *workspace) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// expire makes the only payment one that was never paid in time.
func (w *workspace) expire() {
	w.t.Helper()
	w.check(w.sandbox.UpdateInvoicePayment(w.onlyPayment().ID, func(p *sandbox.InvoicePayment) {
		p.CreatedAt = time.Now().Add(-48 * time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
		p.ExpiresAt = time.Now().Add(-24 * time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
	}))
}

func TestLinkSendsWhatTheGuideSays(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	want := `{"order":{"currency":"RUB","amount":1500.5,"description":"Заказ 1","id":"order-1"},` +
		`"settings":{"terminal_id":"` + w.terminals()[0].ID + `","payment_method":"card","success_url":"https://example.com/ok","fail_url":"http://example.com/fail"},` +
		`"custom_parameters":{"customer":"42","n":1},` +
		`"receipt":[{"name":"Кофе, кг","price":2001,"discount":"0%","resultPrice":1000.5,"quantity":0.5},{"name":"Воронка","price":500,"resultPrice":500,"quantity":1}],"trtype":1}`
	if got := w.sandbox.Requests("CreatePayment")[0].Body; got != want {
		t.Errorf("sent\n%s, want\n%s", got, want)
	}
	payment := w.onlyPayment()
	w.inState(linkAddress, map[string]any{
		"id": payment.ID, "url": w.server.URL + "/invoice/pay/" + payment.ID, "status": "init", "amount": "1500.50", "order_id": "order-1",
		"expires_at": strings.Replace(payment.ExpiresAt[:19], " ", "T", 1) + "Z", "updated_at": nil,
	})
}

func TestLinkTransactionTypes(t *testing.T) {
	for name, number := range map[string]string{"payment": `"trtype":1`, "hold": `"trtype":2`, "recurring": `"trtype":4`} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(withLine(linkConfig, "transaction_type", fmt.Sprintf("transaction_type = %q", name)))
			if got := w.sandbox.Requests("CreatePayment")[0].Body; !strings.Contains(got, number) {
				t.Errorf("sent %s, want %s", got, number)
			}
		})
	}
}

// Apply, destroy, apply: no open payment twice. Where the gateway refuses an
// order id it has seen, that is the designed error.
func TestLinkApplyDestroyApply(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.mustApply(linkConfig)
		w.destroy().succeeds()
		w.statuses("closed")
		w.write(linkConfig)
		if !strings.Contains(strings.Join(dialect, " "), "repeated_order=error") {
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)
			w.statuses("closed init")
			return
		}
		w.apply().fails().errors("@order_id", "Cannot issue the payment link", "Invoice API v2, CreatePayment", "error 7",
			`does not take order id "order-1" again`, `"order-1-2"`)
		w.statuses("closed")
		w.notInState(linkAddress)
		w.write(withLine(linkConfig, "order_id", `order_id = "order-1-2"`))
		w.apply().succeeds()
		w.statuses("closed init")
	})
}

func TestLinkWithMadeOrderID(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.mustApply(autoLink)
		if made := w.onlyPayment().OrderID; len(made) != 32 || w.attributes(linkAddress)["order_id"] != made {
			t.Errorf("order id %q, in state %v; want the same 32 characters", made, w.attributes(linkAddress)["order_id"])
		}
		w.sent("GetPaymentByOrder", 0)
		w.destroy().succeeds()
		w.mustApply(autoLink)
		w.statuses("closed init")
	})
}

func TestLinkSameWrittenOtherwise(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	config := withLine(linkConfig, "amount", `amount = "1500.5"`)
	config = withLine(config, "custom_parameters", `custom_parameters = "{ \"n\": 1, \"customer\": \"42\" }"`)
	config = strings.Replace(strings.Replace(config, `"500", quantity = 1,`, `"500.00", quantity = "1.0",`, 1), `"1000.50"`, `"1000.5"`, 1)
	w.write(config)
	w.plan().succeeds().quiet().changes(nil)
}

func TestLinkChangeIssuesANewOne(t *testing.T) {
	for attribute, line := range map[string]string{
		"amount": `amount = "1500.51"`, "description": `description = "Другой заказ"`, "currency": `currency = "USD"`,
		"payment_method": `payment_method = "sbp"`, "success_url": `success_url = "https://example.com/other"`,
		"fail_url": `fail_url = "https://example.com/other"`, "custom_parameters": `custom_parameters = jsonencode({ customer = "43" })`,
		"transaction_type": `transaction_type = "hold"`, "order_id": `order_id = "order-2"`,
	} {
		t.Run(attribute, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(linkConfig)
			w.write(withLine(linkConfig, attribute, line))
			w.plan().succeeds().changes(map[string]string{linkAddress: "replace"}).
				warns("A new payment link will be issued", attribute+" changed")
			w.apply().succeeds()
			w.statuses("closed init")
			w.plan().succeeds().changes(nil)
		})
	}
	t.Run("receipt", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(autoLink)
		first := w.attributes(linkAddress)["order_id"]
		w.write(strings.Replace(autoLink, `"Воронка"`, `"Фильтр"`, 1))
		w.plan().succeeds().changes(map[string]string{linkAddress: "replace"}).warns("receipt changed")
		w.apply().succeeds()
		w.statuses("closed init")
		if w.attributes(linkAddress)["order_id"] == first {
			t.Error("the new link has the old one's made order id")
		}
	})
	t.Run("when_unpayable only", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(linkConfig)
		w.sandbox.ResetRequests()
		w.write(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
		w.plan().succeeds().quiet().changes(map[string]string{linkAddress: "update"})
		w.apply().succeeds()
		w.sent("CreatePayment", 0)
		w.sent("ClosePayment", 0)
		w.plan().succeeds().changes(nil)
	})
}

func TestLinkAdoptsTheSame(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.mustApply(linkConfig)
		w.exec("state", "rm", linkAddress)
		r := w.mustApply(linkConfig)
		if strings.Contains(strings.Join(dialect, " "), "rewrite_description=true") {
			r.warns("The adopted payment has another description", "@description", "Заказ 1, филиал №7")
		} else {
			r.quiet()
		}
		w.sent("CreatePayment", 1)
		w.statuses("init")
		w.destroy().succeeds()
		w.statuses("closed")
	})
}

func TestLinkOrderHasAnotherOpenPayment(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	id := w.onlyPayment().ID
	w.exec("state", "rm", linkAddress)
	config := withLine(linkConfig, "amount", `amount = "99"`)
	w.write(withLine(config, "custom_parameters", `custom_parameters = jsonencode({ customer = "1" })`))
	w.apply().fails().errors("@order_id", "The order has another open payment", id, `amount: "99.00" is wanted, the gateway has "1500.50"`,
		"custom_parameters:", `import { to = invoice_payment_link.NAME id = "`+id+`" }`)
	w.sent("CreatePayment", 1)
	w.statuses("init")
}

func TestLinkOrderIsAlreadyPaid(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	id := w.onlyPayment().ID
	w.check(w.sandbox.PayInvoicePayment(id, sandbox.TestCard))
	w.exec("state", "rm", linkAddress)
	w.write(linkConfig)
	w.apply().fails().errors("@order_id", "The order is already paid", id, "1500.50 RUB", "An order is not paid twice: nothing was issued")
	w.sent("CreatePayment", 1)
}

func TestLinkOrderInAnUnknownStatus(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.SetInvoicePaymentStatus(w.onlyPayment().ID, "frozen", ""))
	w.plan().succeeds().changes(nil) // an unknown status is passed through
	w.inState(linkAddress, map[string]any{"status": "init"})
	w.exec("state", "rm", linkAddress)
	w.apply().fails().errors("@order_id", "The order has a payment in an unknown status", `"frozen"`)
	w.sent("CreatePayment", 1)
}

func TestLinkClosedIsIssuedAgain(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.SetInvoicePaymentStatus(w.onlyPayment().ID, "closed", ""))
	w.plan().succeeds().changes(map[string]string{linkAddress: "create"}).warns("Gone at the gateway: payment "+w.onlyPayment().ID, "it is closed")
	w.apply().succeeds()
	w.statuses("closed init")
	w.plan().succeeds().changes(nil)
}

func TestLinkAbsentIsIssuedAgain(t *testing.T) {
	for _, dialect := range []string{"error_status=400", "error_status=200"} {
		t.Run(dialect, func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.mustApply(linkConfig)
			w.check(w.sandbox.DeleteInvoicePayment(w.onlyPayment().ID))
			w.plan().succeeds().changes(map[string]string{linkAddress: "create"}).warns("Gone at the gateway", "knows no such payment")
			w.destroy().succeeds()
			w.sent("ClosePayment", 0)
		})
	}
}

func TestLinkGoneDuringDestroy(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.DeleteInvoicePayment(w.onlyPayment().ID))
	w.destroy("-refresh=false").succeeds()
	w.notInState(linkAddress)
}

func TestLinkClosedTwice(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.SetInvoicePaymentStatus(w.onlyPayment().ID, "closed", ""))
	w.destroy("-refresh=false").succeeds()
	w.notInState(linkAddress)
}

func TestLinkPaidIsNoChangeAndIsForgotten(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.mustApply(linkConfig)
		w.check(w.sandbox.PayInvoicePayment(w.onlyPayment().ID, sandbox.TestCard))
		w.plan().succeeds().quiet().changes(nil)
		w.apply().succeeds()
		w.inState(linkAddress, map[string]any{"status": "successful"})
		w.sandbox.ResetRequests()
		w.destroy().succeeds().warns("A paid payment link is only removed from the state", w.onlyPayment().ID)
		w.sent("ClosePayment", 0)
		w.statuses("successful")
	})
}

// Paid after the last refresh: the gateway refuses to close it, and the link is
// looked at once more.
func TestLinkPaidDuringDestroy(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.PayInvoicePayment(w.onlyPayment().ID, sandbox.TestCard))
	w.destroy("-refresh=false").succeeds().warns("A paid payment link is only removed from the state")
	w.notInState(linkAddress)
	w.statuses("successful")
}

func TestLinkPaidAndChanged(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(autoLink)
	w.check(w.sandbox.PayInvoicePayment(w.onlyPayment().ID, sandbox.TestCard))
	w.write(withLine(autoLink, "amount", `amount = "10"`))
	w.plan().succeeds().changes(map[string]string{linkAddress: "replace"}).
		warns("The replaced payment link is already paid", w.onlyPayment().ID).warns("A new payment link will be issued")
}

func TestLinkFailed(t *testing.T) {
	t.Run("keep", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(linkConfig)
		w.check(w.sandbox.PayInvoicePayment(w.onlyPayment().ID, sandbox.DeclinedCard))
		w.plan().succeeds().changes(nil)
		w.apply().succeeds()
		w.inState(linkAddress, map[string]any{"status": "fail"})
		w.destroy().succeeds().quietBut("The terminal")
		w.notInState(linkAddress)
	})
	t.Run("renew", func(t *testing.T) {
		w := newWorkspace(t)
		config := withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`)
		w.mustApply(config)
		w.check(w.sandbox.PayInvoicePayment(w.onlyPayment().ID, sandbox.DeclinedCard))
		w.plan().succeeds().changes(map[string]string{linkAddress: "replace"}).warns("A new payment link will be issued", `when_unpayable is "renew"`)
		w.apply().succeeds()
		w.statuses("fail init")
		w.plan().succeeds().changes(nil)
		w.inState(linkAddress, map[string]any{"order_id": "order-1"})
	})
	t.Run("renew, order id refused", func(t *testing.T) {
		w := newWorkspace(t, "repeated_order=error")
		w.mustApply(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
		w.check(w.sandbox.PayInvoicePayment(w.onlyPayment().ID, sandbox.DeclinedCard))
		w.apply().fails().errors("@order_id", `does not take order id "order-1" again`, "another order_id")
	})
}

func TestLinkExpired(t *testing.T) {
	for _, dialect := range []string{"expired=init", "expired=fail"} {
		t.Run(dialect+" keep", func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.mustApply(linkConfig)
			w.expire()
			w.plan().succeeds().changes(nil)
			w.destroy().succeeds()
			w.notInState(linkAddress)
		})
		t.Run(dialect+" renew", func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.mustApply(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
			w.expire()
			w.plan().succeeds().changes(map[string]string{linkAddress: "replace"}).warns("failed or expired")
			w.apply().succeeds()
			if got := w.payments(); len(got) != 2 || got[1].Status != "init" {
				t.Errorf("payments %+v, want an expired and an open one", got)
			}
			w.plan().succeeds().changes(nil)
		})
	}
}

// The guide's samples show one and the same time for creation and expiry: that
// is no expiry.
func TestLinkExpiryEqualToCreationIsNone(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
	w.check(w.sandbox.UpdateInvoicePayment(w.onlyPayment().ID, func(p *sandbox.InvoicePayment) {
		p.CreatedAt = "2019-07-20T19:19:10.000Z"
		p.ExpiresAt = "2019-07-20T19:19:10.000Z"
	}))
	w.plan().succeeds().changes(nil)
}

func TestLinkDriftIssuesANewOne(t *testing.T) {
	w := newWorkspace(t, "rewrite_description=true")
	w.mustApply(linkConfig)
	w.check(w.sandbox.UpdateInvoicePayment(w.onlyPayment().ID, func(p *sandbox.InvoicePayment) { p.Amount = "1" }))
	w.plan().succeeds().changes(map[string]string{linkAddress: "replace"}).warns("amount changed")
	w.check(w.sandbox.UpdateInvoicePayment(w.onlyPayment().ID, func(p *sandbox.InvoicePayment) { p.Amount = "1500.50" }))
	w.plan().succeeds().changes(nil)
	w.check(w.sandbox.UpdateInvoicePayment(w.onlyPayment().ID, func(p *sandbox.InvoicePayment) { p.Amount = "1" }))
	w.destroy().succeeds()
	w.statuses("closed")
}

func TestLinkImport(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		for _, by := range []string{"id", "order"} {
			t.Run(by, func(t *testing.T) {
				w := newWorkspace(t, dialect...)
				w.mustApply(linkConfig)
				w.exec("state", "rm", linkAddress)
				id := w.onlyPayment().ID
				if by == "order" {
					id = "order/order-1"
				}
				w.write(linkConfig + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}", linkAddress, id))
				w.sandbox.ResetRequests()
				w.plan().succeeds().changes(map[string]string{linkAddress: "update"})
				w.apply().succeeds()
				w.plan().succeeds().quiet().changes(nil)
				w.sent("CreatePayment", 0)
				w.sent("ClosePayment", 0)
				w.inState(linkAddress, map[string]any{"success_url": "https://example.com/ok", "description": "Заказ 1", "status": "init"})
				// From here on it is a link like any other.
				w.write(withLine(linkConfig, "amount", `amount = "7"`))
				w.plan().succeeds().changes(map[string]string{linkAddress: "replace"})
				w.write(linkConfig)
				w.destroy().succeeds()
				w.statuses("closed")
			})
		}
	})
}

// The imported link is another one than the configuration asks for: that never
// replaces it, and never claims to have changed it.
func TestLinkImportDiffers(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.exec("state", "rm", linkAddress)
	config := withLine(linkConfig, "amount", `amount = "2000"`)
	w.write(config + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}", linkAddress, w.onlyPayment().ID))
	w.plan().succeeds().changes(map[string]string{linkAddress: "update"}).warns("@amount", `The gateway has amount = "1500.50"`)
	w.apply().fails().errors("@amount", "The imported object cannot be changed", `The gateway has amount = "1500.50"`)
	w.write(config)
	w.destroy().succeeds()
	w.statuses("closed")
}

func TestLinkImportRefused(t *testing.T) {
	w := newWorkspace(t)
	w.write(linkConfig)
	for _, id := range []string{"nothing", "order/nothing"} {
		if output, ok := w.exec("import", linkAddress, id); ok || !strings.Contains(output, "Cannot import payment") {
			t.Errorf("import of %s: %s", id, output)
		}
	}
	w.mustApply(linkConfig)
	w.check(w.sandbox.SetInvoicePaymentStatus(w.onlyPayment().ID, "closed", ""))
	w.exec("state", "rm", linkAddress)
	if output, ok := w.exec("import", linkAddress, w.onlyPayment().ID); ok || !strings.Contains(output, "it is closed") {
		t.Errorf("import of a closed one: %s", output)
	}
}

// With create_before_destroy the new resource adopts the open payment, and the
// old resource's destroy must not close it.
func TestLinkCreateBeforeDestroy(t *testing.T) {
	w := newWorkspace(t)
	config := withLine(linkConfig, "when_unpayable", "lifecycle {\n create_before_destroy = true\n}")
	w.mustApply(config)
	w.mustApply(strings.Replace(config, `"Воронка"`, `"Фильтр"`, 1))
	w.statuses("init")
	w.sent("ClosePayment", 0)
	w.write(withLine(config, "order_id", `order_id = "order-2"`))
	w.apply().succeeds()
	w.statuses("closed init")
}

func TestLinkReceiptThatDoesNotAddUp(t *testing.T) {
	w := newWorkspace(t)
	w.write(withLine(linkConfig, "amount", `amount = "1500.51"`))
	w.plan().succeeds().warns("@receipt", "The receipt does not add up", "add up to 1500.50, and amount is 1500.51", "54-FZ")
	w.write(linkConfig)
	w.plan().succeeds().quiet()
	w.mustApply(linkTerminal + `
resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.web.id
  amount      = 10
  receipt     = []
}`)
	if got := w.sandbox.Requests("CreatePayment")[0].Body; !strings.Contains(got, `"receipt":[]`) {
		t.Errorf("sent %s", got)
	}
}

func TestLinkBadInput(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ж", n) }
	cases := map[string]struct{ attribute, line, says string }{
		"amount negative":       {"amount", `amount = -1`, `"-1" is negative. It must be a positive decimal number with at most two decimals`},
		"amount zero":           {"amount", `amount = "0"`, `"0" is zero`},
		"amount three decimals": {"amount", `amount = "1.001"`, "has more decimals than allowed"},
		"amount a word":         {"amount", `amount = "ten"`, `"ten" is not a decimal number`},
		"amount with an e":      {"amount", `amount = "1e3"`, `"1e3" is not a decimal number`},
		"amount empty":          {"amount", `amount = ""`, `"" is not a decimal number`},
		"amount endless":        {"amount", fmt.Sprintf("amount = %q", strings.Repeat("9", 80)), "is out of range"},
		"terminal empty":        {"terminal_id", `terminal_id = ""`, "is blank. It must not be empty or blank"},
		"currency unknown":      {"currency", `currency = "GBP"`, `value must be one of: ["RUB" "USD" "EUR"]`},
		"order id empty":        {"order_id", `order_id = ""`, "must be between 1 and 36"},
		"order id too long":     {"order_id", fmt.Sprintf("order_id = %q", long(37)), "must be between 1 and 36"},
		"description too long":  {"description", fmt.Sprintf("description = %q", long(201)), "must be between 1 and 200"},
		"success_url no scheme": {"success_url", `success_url = "example.com/ok"`, "does not begin with http:// or https://"},
		"success_url script":    {"success_url", `success_url = "javascript:alert(1)"`, "does not begin with http:// or https://"},
		"fail_url no host":      {"fail_url", `fail_url = "https:///x"`, "has no host"},
		"parameters no JSON":    {"custom_parameters", `custom_parameters = "{"`, "not valid JSON"},
		"parameters a list":     {"custom_parameters", `custom_parameters = "[1]"`, "is JSON, but not an object"},
		"transaction type":      {"transaction_type", `transaction_type = "1"`, `value must be one of: ["payment" "hold" "recurring"]`},
		"when_unpayable":        {"when_unpayable", `when_unpayable = "never"`, `value must be one of: ["keep" "renew"]`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.write(withLine(linkConfig, c.attribute, c.line))
			w.plan().fails().errors("@"+c.attribute, c.says)
			w.nothingSent()
		})
	}
	for name, c := range map[string]struct{ from, to, says string }{
		"price negative":     {`price = "500"`, `price = "-500"`, `receipt[1].price: the value "-500" is negative`},
		"quantity zero":      {"quantity = 1", "quantity = 0", `receipt[1].quantity: the value "0" is zero. It must be a positive decimal number with at most six decimals`},
		"result price three": {`result_price = "500"`, `result_price = "500.005"`, `receipt[1].result_price: the value "500.005" has more decimals than allowed`},
		"name empty":         {`name = "Воронка"`, `name = ""`, "receipt[1].name: the value is blank"},
	} {
		t.Run("receipt "+name, func(t *testing.T) {
			w := newWorkspace(t)
			w.write(strings.Replace(linkConfig, c.from, c.to, 1))
			w.plan().fails().errors(c.says)
			w.nothingSent()
		})
	}
}

// The gateway's own refusals come in its words, at the attribute.
func TestLinkRefusedByTheGateway(t *testing.T) {
	w := newWorkspace(t)
	w.write(withLine(linkConfig, "terminal_id", `terminal_id = "no-such"`))
	w.apply().fails().errors("@terminal_id", "Cannot issue the payment link", "Invoice API v2, CreatePayment: HTTP 400, error 3", "knows no terminal with this id")
	w.notInState(linkAddress)
}

// Each fault hits the creation once: one payment comes of it, and no error.
func TestLinkCreationThroughFaults(t *testing.T) {
	for name, fault := range creationFaults {
		for kind, config := range map[string]string{"configured order id": linkConfig, "made order id": autoLink} {
			t.Run(name+", "+kind, func(t *testing.T) {
				w := newWorkspace(t, "repeated_order=new")
				fault.Operation, fault.Times = "CreatePayment", 1
				w.sandbox.Inject(fault)
				w.mustApply(config)
				w.statuses("init")
			})
		}
	}
}

// The order id had a payment before, so finding one afterwards proves nothing:
// the creation is not repeated.
func TestLinkUnclearUnderAUsedOrderID(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.destroy().succeeds()
	w.sandbox.ResetRequests()
	w.sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultLostAnswer, Times: 1})
	w.write(linkConfig)
	w.apply().fails().errors("Cannot issue the payment link", "The payment may have been issued", `order "order-1"`, `data "invoice_payment"`)
	w.sent("CreatePayment", 1)
	// What was issued is found by the next apply.
	w.mustApply(linkConfig)
	w.sent("CreatePayment", 1)
	w.statuses("closed init")
}

// Nothing answers any more, not even look-ups: the order id is kept, and the
// next apply closes what may exist before it issues another.
func TestLinkUnclearWithMadeOrderIDIsNotLost(t *testing.T) {
	for name, lost := range map[string]sandbox.FaultKind{"issued": sandbox.FaultLostAnswer, "not issued": sandbox.FaultStatus} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.write(autoLink)
			w.sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: lost, Status: 500})
			w.sandbox.Inject(sandbox.Fault{Operation: "GetPaymentByOrder", Kind: sandbox.FaultStatus, Status: 500})
			w.apply().fails().errors("Cannot issue the payment link", "looking it up did not settle it", "The payment may have been issued", "closes the payment if it is there")
			w.sent("CreatePayment", 1)
			w.inState(linkAddress, map[string]any{"status": "unknown", "id": nil})
			w.sandbox.ClearFaults()
			w.mustApply(autoLink)
			open := 0
			for _, payment := range w.payments() {
				if payment.Status == "init" {
					open++
				}
			}
			if open != 1 {
				t.Errorf("%d open payments, want 1: %+v", open, w.payments())
			}
		})
	}
}

func TestLinkUnclearIsDestroyed(t *testing.T) {
	w := newWorkspace(t)
	w.write(autoLink)
	w.sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultLostAnswer})
	w.sandbox.Inject(sandbox.Fault{Operation: "GetPaymentByOrder", Kind: sandbox.FaultHTML})
	w.apply().fails()
	w.sandbox.ClearFaults()
	w.destroy().succeeds()
	w.statuses("closed")
}

func TestLinkThatCannotBeClosedStays(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.sandbox.Inject(sandbox.Fault{Operation: "ClosePayment", Kind: sandbox.FaultStatus, Status: 500})
	w.destroy().fails().errors("Cannot close payment "+w.onlyPayment().ID, "Invoice API v2, ClosePayment: HTTP 500", `The payment is "init" and can still be paid`, "terraform state rm")
	if w.attributes(linkAddress) == nil {
		t.Error("the link was lost from the state")
	}
	w.sandbox.ClearFaults()
	w.destroy().succeeds()
	w.statuses("closed")
}

// A lost answer to closing is repeated: closing twice does no harm.
func TestLinkClosedThroughALostAnswer(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.sandbox.Inject(sandbox.Fault{Operation: "ClosePayment", Kind: sandbox.FaultLostAnswer, Times: 1})
	w.destroy().succeeds()
	w.statuses("closed")
}

// Two resources with one order id are created at once: one payment is issued.
func TestLinkTwiceInOneRun(t *testing.T) {
	w := newWorkspace(t)
	w.write(linkConfig + strings.Replace(linkBody, `"order"`, `"twin"`, 1))
	w.apply().succeeds().warns("@order_id", "Two payment links have one order_id", w.onlyPayment().ID)
	w.sent("CreatePayment", 1)
	w.statuses("init")
	w.destroy().succeeds()
	w.statuses("closed")
}

// A gateway that answers a repeated order id with the old, closed payment has
// issued nothing.
func TestLinkRepeatedOrderAnswersTheOldPayment(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.destroy().succeeds()
	old := `{"id":"` + w.onlyPayment().ID + `","order":{"amount":1500.5,"currency":"RUB","id":"order-1"},"status":"closed"}`
	w.write(linkConfig + w.through(func(operation string) string {
		if operation == "CreatePayment" {
			return old
		}
		return ""
	}))
	w.apply().fails().errors("@order_id", "The gateway issued no new payment", w.onlyPayment().ID, `"closed"`, `"order-1-2"`)
	w.notInState(linkAddress)
}

// What closing answers is not always what became of the payment.
func TestLinkClosingAnswersSomethingElse(t *testing.T) {
	t.Run("accepted, and still open", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(linkConfig)
		w.write(linkConfig + w.through(func(operation string) string {
			if operation == "ClosePayment" {
				return `{"id":"x","status":"init"}`
			}
			return ""
		}))
		w.destroy().succeeds().warns("The payment may still be payable", w.onlyPayment().ID, `shows it as "init"`)
	})
	t.Run("accepted, although paid", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(linkConfig)
		w.check(w.sandbox.PayInvoicePayment(w.onlyPayment().ID, sandbox.TestCard))
		w.write(linkConfig + w.through(func(operation string) string {
			if operation == "ClosePayment" {
				return `{"id":"x","status":"successful"}`
			}
			return ""
		}))
		w.destroy("-refresh=false").succeeds().warns("A paid payment link is only removed from the state")
	})
	t.Run("refused, and still open", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(linkConfig)
		w.write(linkConfig + w.through(func(operation string) string {
			if operation == "ClosePayment" {
				return `{"error":8,"description":"Идёт оплата"}`
			}
			return ""
		}))
		w.destroy().fails().errors("Cannot close payment "+w.onlyPayment().ID, "«Идёт оплата»", `The payment is "init" and can still be paid`)
		if w.attributes(linkAddress) == nil {
			t.Error("the link was lost from the state")
		}
	})
}

// A gateway that leaves out all it may leave out, and writes the id in another
// way when it is read.
func TestLinkTerseGateway(t *testing.T) {
	w := newWorkspace(t)
	config := withLine(linkConfig, "terminal_id", `terminal_id = "45"`) + w.through(func(operation string) string {
		switch operation {
		case "GetPaymentByOrder":
			return `{"error":7,"description":"Заказ не найден"}`
		case "CreatePayment":
			return `{"id":7,"order":{"amount":"1500.50"},"payment_url":"https://p/7"}`
		case "GetPayment":
			return `{"id":"07","order":{"amount":1500.5},"payment_url":"https://p/7","custom_parameters":[],"expire_date":"soon"}`
		case "ClosePayment":
			return `{"id":7,"status":"closed"}`
		}
		return ""
	})
	w.mustApply(config).quiet()
	w.inState(linkAddress, map[string]any{"id": "7", "status": nil, "description": "Заказ 1", "custom_parameters": `{"customer":"42","n":1}`})
	w.destroy().succeeds()
}

// Nobody waited for the end of the request, so that nothing is found proves
// nothing: it is looked up for a while, and never sent again.
func TestLinkUnderWayIsNotIssuedTwice(t *testing.T) {
	for name, config := range map[string]string{"configured order id": linkConfig, "made order id": autoLink} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			impatient := strings.Replace(providerBlock(w.server.URL), "max_retries = 2", "max_retries = 2\n  request_timeout = \"150ms\"", 1)
			w.mustApply(linkTerminal)
			slow := sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultDelay, Delay: 250 * time.Millisecond, Times: 1}
			w.sandbox.Inject(slow)
			w.write(config + impatient)
			// The sandbox gives up with its caller: here the work is never done.
			w.apply().fails().errors("Cannot issue the payment link", "no answer within 150ms (request_timeout)", "it was looked up and is not there, but it may still come", "may have been issued")
			w.sent("CreatePayment", 1)
			if name == "made order id" {
				w.inState(linkAddress, map[string]any{"status": "unknown"})
				w.apply().fails().errors("A payment may still be issued", "Apply again in 3s")
				w.sent("CreatePayment", 1)
				time.Sleep(3 * time.Second)
			}
			w.mustApply(config)
			w.statuses("init")
		})
	}
}

// A gateway timeout in between (504), and the payment comes a moment later.
func TestLinkThatComesLateIsFound(t *testing.T) {
	w := newWorkspace(t)
	lookUps := 0
	w.write(linkConfig + w.through(func(operation string) string {
		if operation == "GetPaymentByOrder" {
			if lookUps++; lookUps <= 3 {
				return `{"error":7,"description":"Заказ не найден"}`
			}
		}
		return ""
	}))
	w.sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultStatusAfter, Status: 504, Times: 1})
	w.apply().succeeds()
	w.sent("CreatePayment", 1)
	w.statuses("init")
}

// What GetPayment leaves out has not changed; what it rewrites, though the
// creation did not say so, is no reason to issue a link again and again.
func TestLinkReadGivesBackLess(t *testing.T) {
	for name, order := range map[string]string{
		"no order": `[]`, "amount only": `{"amount":1500.5}`, "nulls": `{"amount":"1500.50","currency":null,"description":null,"id":null}`,
		"another description": `{"amount":1500.5,"description":"ЗАКАЗ 1"}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			config := linkConfig + w.through(func(operation string) string {
				if operation != "GetPayment" {
					return ""
				}
				return `{"id":"` + w.onlyPayment().ID + `","order":` + order + `,"status":"init","custom_parameters":null,"payment_url":"https://p"}`
			})
			w.write(config)
			w.apply().succeeds()
			for range 2 {
				w.apply().succeeds().changes(nil)
			}
			w.inState(linkAddress, map[string]any{"amount": "1500.50", "description": "Заказ 1", "custom_parameters": `{"customer":"42","n":1}`})
			w.sent("CreatePayment", 1)
		})
	}
}

func TestLinkPaidAndDriftedIsLeftAlone(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	id := w.onlyPayment().ID
	w.check(w.sandbox.PayInvoicePayment(id, sandbox.TestCard))
	w.check(w.sandbox.UpdateInvoicePayment(id, func(p *sandbox.InvoicePayment) { p.Amount = "1" }))
	w.plan().succeeds().changes(nil).warns("A paid payment was changed at the gateway", id, `amount: "1500.50" was applied, the gateway now has "1.00"`)
	w.destroy().succeeds()
}

// An expired payment still waits in its status: it is closed before another one
// is issued for the order.
func TestLinkExpiredIsClosedBeforeTheNext(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.expire()
	w.exec("state", "rm", linkAddress)
	w.mustApply(linkConfig)
	w.statuses("closed init")
}

func TestLinkPaidWithItsOrderIDChanged(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	id := w.onlyPayment().ID
	w.check(w.sandbox.PayInvoicePayment(id, sandbox.TestCard))
	w.write(withLine(linkConfig, "amount", `amount = "10"`))
	w.plan().succeeds().changes(map[string]string{linkAddress: "replace"}).
		warns("@order_id", "The replaced payment link is already paid", id, `order "order-1" has been paid`, "then fails to issue another", "give a new order_id")
}

func TestLinkKeptUnpayableIsTold(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.PayInvoicePayment(w.onlyPayment().ID, sandbox.DeclinedCard))
	w.apply().succeeds().warns("A payment link can no longer be paid", w.onlyPayment().ID, `when_unpayable = "renew"`)
	w.plan().succeeds().quiet()
}

// Some servers show the request's headers in their error pages.
func TestErrorsHoldNoSecrets(t *testing.T) {
	w := newWorkspace(t)
	basic := base64.StdEncoding.EncodeToString([]byte(sandbox.TestMerchantID + ":" + sandbox.TestAPIKey))
	for name, answer := range map[string]string{
		"in the text":    `{"error":9,"description":"key ` + sandbox.TestAPIKey + ` is bad","additions":{"auth":["Basic ` + basic + `"]}}`,
		"in a page":      `<html>Authorization: Basic ` + basic + ` ` + sandbox.TestAPIKey + `</html>`,
		"in broken JSON": `{"key":"` + sandbox.TestAPIKey,
	} {
		w.write(linkTerminal + w.through(func(string) string { return answer }))
		if r := w.apply(); r.ok || !strings.Contains(r.describe(), "***") || strings.Contains(r.output, sandbox.TestAPIKey+" is") ||
			strings.Contains(r.describe(), sandbox.TestAPIKey) || strings.Contains(r.describe(), basic) {
			t.Errorf("%s: %s", name, r.describe())
		}
	}
}

// The expired payment of the order was paid at the last moment.
func TestLinkExpiredTurnsOutPaid(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.expire()
	w.exec("state", "rm", linkAddress)
	id := w.onlyPayment().ID
	w.write(linkConfig + w.through(func(operation string) string {
		switch operation {
		case "ClosePayment":
			return `{"error":8,"description":"Платёж уже оплачен"}`
		case "GetPayment":
			return `{"id":"` + id + `","order":{"amount":1500.5},"status":"successful"}`
		}
		return ""
	}))
	w.apply().fails().errors("@order_id", "The order is already paid", id)
	w.sent("CreatePayment", 1)
}
