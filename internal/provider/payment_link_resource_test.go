package provider

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
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

func (w *workspace) payments() []invoiceapi.Payment {
	w.t.Helper()
	all, err := w.sandbox.InvoiceAPI.Payments.All()
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// onlyPayment is the one payment that there has to be.
func (w *workspace) onlyPayment() invoiceapi.Payment {
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
	w.check(w.sandbox.InvoiceAPI.Payments.Update(w.onlyPayment().ID, func(p *invoiceapi.Payment) {
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

func TestLinkClosedIsIssuedAgain(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.InvoiceAPI.SetPaymentStatus(w.onlyPayment().ID, "closed", ""))
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
			w.check(w.sandbox.InvoiceAPI.Payments.Delete(w.onlyPayment().ID))
			w.plan().succeeds().changes(map[string]string{linkAddress: "create"}).warns("Gone at the gateway", "knows no such payment")
			w.destroy().succeeds()
			w.sent("ClosePayment", 0)
		})
	}
}

func TestLinkPaidIsNoChangeAndIsForgotten(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.mustApply(linkConfig)
		w.check(w.sandbox.InvoiceAPI.Pay(w.onlyPayment().ID, invoiceapi.TestCard))
		w.plan().succeeds().quiet().changes(nil)
		w.apply().succeeds()
		w.inState(linkAddress, map[string]any{"status": "successful"})
		w.sandbox.ResetRequests()
		w.destroy().succeeds().warns("A paid payment link is only removed from the state", w.onlyPayment().ID)
		w.sent("ClosePayment", 0)
		w.statuses("successful")
	})
}

func TestLinkFailed(t *testing.T) {
	t.Run("keep", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(linkConfig)
		w.check(w.sandbox.InvoiceAPI.Pay(w.onlyPayment().ID, invoiceapi.DeclinedCard))
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
		w.check(w.sandbox.InvoiceAPI.Pay(w.onlyPayment().ID, invoiceapi.DeclinedCard))
		w.plan().succeeds().changes(map[string]string{linkAddress: "replace"}).warns("A new payment link will be issued", `when_unpayable is "renew"`)
		w.apply().succeeds()
		w.statuses("fail init")
		w.plan().succeeds().changes(nil)
		w.inState(linkAddress, map[string]any{"order_id": "order-1"})
	})
	t.Run("renew, order id refused", func(t *testing.T) {
		w := newWorkspace(t, "repeated_order=error")
		w.mustApply(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
		w.check(w.sandbox.InvoiceAPI.Pay(w.onlyPayment().ID, invoiceapi.DeclinedCard))
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
	w.check(w.sandbox.InvoiceAPI.Payments.Update(w.onlyPayment().ID, func(p *invoiceapi.Payment) {
		p.CreatedAt = "2019-07-20T19:19:10.000Z"
		p.ExpiresAt = "2019-07-20T19:19:10.000Z"
	}))
	w.plan().succeeds().changes(nil)
}

func TestLinkDriftIssuesANewOne(t *testing.T) {
	w := newWorkspace(t, "rewrite_description=true")
	w.mustApply(linkConfig)
	w.check(w.sandbox.InvoiceAPI.Payments.Update(w.onlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1" }))
	w.plan().succeeds().changes(map[string]string{linkAddress: "replace"}).warns("amount changed")
	w.check(w.sandbox.InvoiceAPI.Payments.Update(w.onlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1500.50" }))
	w.plan().succeeds().changes(nil)
	w.check(w.sandbox.InvoiceAPI.Payments.Update(w.onlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1" }))
	w.destroy().succeeds()
	w.statuses("closed")
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
	w.check(w.sandbox.InvoiceAPI.Pay(id, invoiceapi.TestCard))
	w.check(w.sandbox.InvoiceAPI.Payments.Update(id, func(p *invoiceapi.Payment) { p.Amount = "1" }))
	w.plan().succeeds().changes(nil).warns("A paid payment was changed at the gateway", id, `amount: "1500.50" was applied, the gateway now has "1.00"`)
	w.destroy().succeeds()
}

func TestLinkKeptUnpayableIsTold(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.InvoiceAPI.Pay(w.onlyPayment().ID, invoiceapi.DeclinedCard))
	w.apply().succeeds().warns("A payment link can no longer be paid", w.onlyPayment().ID, `when_unpayable = "renew"`)
	w.plan().succeeds().quiet()
}

// Some servers show the request's headers in their error pages.
func TestErrorsHoldNoSecrets(t *testing.T) {
	w := newWorkspace(t)
	basic := base64.StdEncoding.EncodeToString([]byte(invoiceapi.TestMerchantID + ":" + invoiceapi.TestAPIKey))
	for name, answer := range map[string]string{
		"in the text":    `{"error":9,"description":"key ` + invoiceapi.TestAPIKey + ` is bad","additions":{"auth":["Basic ` + basic + `"]}}`,
		"in a page":      `<html>Authorization: Basic ` + basic + ` ` + invoiceapi.TestAPIKey + `</html>`,
		"in broken JSON": `{"key":"` + invoiceapi.TestAPIKey,
	} {
		w.write(linkTerminal + w.through(func(string) string { return answer }))
		if r := w.apply(); r.ok || !strings.Contains(r.describe(), "***") || strings.Contains(r.output, invoiceapi.TestAPIKey+" is") ||
			strings.Contains(r.describe(), invoiceapi.TestAPIKey) || strings.Contains(r.describe(), basic) {
			t.Errorf("%s: %s", name, r.describe())
		}
	}
}
