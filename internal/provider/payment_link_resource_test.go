package provider

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

func TestLinkSendsWhatTheGuideSays(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	want := `{"order":{"currency":"RUB","amount":1500.5,"description":"Заказ 1","id":"order-1"},` +
		`"settings":{"terminal_id":"` + w.Terminals()[0].ID + `","payment_method":"card","success_url":"https://example.com/ok","fail_url":"http://example.com/fail"},` +
		`"custom_parameters":{"customer":"42","n":1},` +
		`"receipt":[{"name":"Кофе, кг","price":2001,"discount":"0%","resultPrice":1000.5,"quantity":0.5},{"name":"Воронка","price":500,"resultPrice":500,"quantity":1}],"trtype":1}`
	if got := w.Sandbox.Requests("CreatePayment")[0].Body; got != want {
		t.Errorf("sent\n%s, want\n%s", got, want)
	}
	payment := w.OnlyPayment()
	w.StateHas(linkAddress, map[string]any{
		"id": payment.ID, "url": w.URL + "/invoice/pay/" + payment.ID, "status": "init", "amount": "1500.50", "order_id": "order-1",
		"expires_at": strings.Replace(payment.ExpiresAt[:19], " ", "T", 1) + "Z", "updated_at": nil,
	})
}

func TestLinkSendsTheTransactionType(t *testing.T) {
	for name, number := range map[string]string{"payment": `"trtype":1`, "hold": `"trtype":2`, "recurring": `"trtype":4`} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(withLine(linkConfig, "transaction_type", fmt.Sprintf("transaction_type = %q", name)))
			if got := w.Sandbox.Requests("CreatePayment")[0].Body; !strings.Contains(got, number) {
				t.Errorf("sent %s, want %s", got, number)
			}
		})
	}
}

func TestLinkWrittenOtherwiseIsTheSame(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	config := withLine(linkConfig, "amount", `amount = "1500.5"`)
	config = withLine(config, "custom_parameters", `custom_parameters = "{ \"n\": 1, \"customer\": \"42\" }"`)
	config = strings.Replace(strings.Replace(config, `"500", quantity = 1,`, `"500.00", quantity = "1.0",`, 1), `"1000.50"`, `"1000.5"`, 1)
	w.Write(config)
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
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
			w.MustApply(linkConfig)
			w.Write(withLine(linkConfig, attribute, line))
			w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).
				Warns("A new payment link will be issued", attribute+" changed")
			w.Apply().Succeeds()
			w.PaymentsAre("closed init")
			w.Plan().Succeeds().ChangesNothing()
		})
	}
	t.Run("receipt", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(autoLink)
		first := w.Attributes(linkAddress)["order_id"]
		w.Write(strings.Replace(autoLink, `"Воронка"`, `"Фильтр"`, 1))
		w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("receipt changed")
		w.Apply().Succeeds()
		w.PaymentsAre("closed init")
		if w.Attributes(linkAddress)["order_id"] == first {
			t.Error("the new link has the old one's made order id")
		}
	})
	t.Run("when_unpayable only", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(linkConfig)
		w.Sandbox.ResetRequests()
		w.Write(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
		w.Plan().Succeeds().SaysNothing().Changes(map[string]string{linkAddress: "update"})
		w.Apply().Succeeds()
		w.Sent("CreatePayment", 0)
		w.Sent("ClosePayment", 0)
		w.Plan().Succeeds().ChangesNothing()
	})
}

func TestClosedLinkIsIssuedAgain(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(w.OnlyPayment().ID, "closed", ""))
	w.Plan().Succeeds().Changes(map[string]string{linkAddress: "create"}).Warns("Gone at the gateway: payment "+w.OnlyPayment().ID, "it is closed")
	w.Apply().Succeeds()
	w.PaymentsAre("closed init")
	w.Plan().Succeeds().ChangesNothing()
}

func TestAbsentLinkIsIssuedAgain(t *testing.T) {
	for _, dialect := range []string{"error_status=400", "error_status=200"} {
		t.Run(dialect, func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.MustApply(linkConfig)
			w.Must(w.Sandbox.InvoiceAPI.Payments.Delete(w.OnlyPayment().ID))
			w.Plan().Succeeds().Changes(map[string]string{linkAddress: "create"}).Warns("Gone at the gateway", "knows no such payment")
			w.Destroy().Succeeds()
			w.Sent("ClosePayment", 0)
		})
	}
}

func TestPaidLinkPlansEmptyAndIsForgotten(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.MustApply(linkConfig)
		w.Must(w.Sandbox.InvoiceAPI.Pay(w.OnlyPayment().ID, invoiceapi.TestCard))
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Apply().Succeeds()
		w.StateHas(linkAddress, map[string]any{"status": "successful"})
		w.Sandbox.ResetRequests()
		w.Destroy().Succeeds().Warns("A paid payment link is only removed from the state", w.OnlyPayment().ID)
		w.Sent("ClosePayment", 0)
		w.PaymentsAre("successful")
	})
}

func TestFailedLinkIsKeptOrRenewed(t *testing.T) {
	t.Run("keep", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(linkConfig)
		w.Must(w.Sandbox.InvoiceAPI.Pay(w.OnlyPayment().ID, invoiceapi.DeclinedCard))
		w.Plan().Succeeds().ChangesNothing()
		w.Apply().Succeeds()
		w.StateHas(linkAddress, map[string]any{"status": "fail"})
		w.Destroy().Succeeds().SaysOnly("The terminal")
		w.StateLacks(linkAddress)
	})
	t.Run("renew", func(t *testing.T) {
		w := newWorkspace(t)
		config := withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`)
		w.MustApply(config)
		w.Must(w.Sandbox.InvoiceAPI.Pay(w.OnlyPayment().ID, invoiceapi.DeclinedCard))
		w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("A new payment link will be issued", `when_unpayable is "renew"`)
		w.Apply().Succeeds()
		w.PaymentsAre("fail init")
		w.Plan().Succeeds().ChangesNothing()
		w.StateHas(linkAddress, map[string]any{"order_id": "order-1"})
	})
	t.Run("renew, order id refused", func(t *testing.T) {
		w := newWorkspace(t, "repeated_order=error")
		w.MustApply(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
		w.Must(w.Sandbox.InvoiceAPI.Pay(w.OnlyPayment().ID, invoiceapi.DeclinedCard))
		w.Apply().Fails("@order_id", `does not take order id "order-1" again`, "another order_id")
	})
}

func TestExpiredLinkIsKeptOrRenewed(t *testing.T) {
	for _, dialect := range []string{"expired=init", "expired=fail"} {
		t.Run(dialect+" keep", func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.MustApply(linkConfig)
			expireLink(w)
			w.Plan().Succeeds().ChangesNothing()
			w.Destroy().Succeeds()
			w.StateLacks(linkAddress)
		})
		t.Run(dialect+" renew", func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.MustApply(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
			expireLink(w)
			w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("failed or expired")
			w.Apply().Succeeds()
			if got := w.Payments(); len(got) != 2 || got[1].Status != "init" {
				t.Errorf("payments %+v, want an expired and an open one", got)
			}
			w.Plan().Succeeds().ChangesNothing()
		})
	}
}

// The guide's samples show the same time for creation and expiry. That is no expiry.
func TestLinkExpiryEqualToCreationIsNone(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
	w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) {
		p.CreatedAt = "2019-07-20T19:19:10.000Z"
		p.ExpiresAt = "2019-07-20T19:19:10.000Z"
	}))
	w.Plan().Succeeds().ChangesNothing()
}

func TestLinkDriftIssuesANewOne(t *testing.T) {
	w := newWorkspace(t, "rewrite_description=true")
	w.MustApply(linkConfig)
	w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1" }))
	w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("amount changed")
	w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1500.50" }))
	w.Plan().Succeeds().ChangesNothing()
	w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Amount = "1" }))
	w.Destroy().Succeeds()
	w.PaymentsAre("closed")
}

func TestLinkReceiptThatDoesNotAddUpIsAWarning(t *testing.T) {
	w := newWorkspace(t)
	w.Write(withLine(linkConfig, "amount", `amount = "1500.51"`))
	w.Plan().Succeeds().Warns("@receipt", "The receipt does not add up", "add up to 1500.50, and amount is 1500.51", "54-FZ")
	w.Write(linkConfig)
	w.Plan().Succeeds().SaysNothing()
	w.MustApply(linkTerminal + `
resource "invoice_payment_link" "order" {
  terminal_id = invoice_terminal.web.id
  amount      = 10
  receipt     = []
}`)
	if got := w.Sandbox.Requests("CreatePayment")[0].Body; !strings.Contains(got, `"receipt":[]`) {
		t.Errorf("sent %s", got)
	}
}

func TestLinkInputIsCheckedInThePlan(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ж", n) }
	cases := map[string]badLine{
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
	refusesLines(t, linkConfig, cases)
	for name, c := range map[string]struct{ from, to, says string }{
		"price negative":     {`price = "500"`, `price = "-500"`, `receipt[1].price: the value "-500" is negative`},
		"quantity zero":      {"quantity = 1", "quantity = 0", `receipt[1].quantity: the value "0" is zero. It must be a positive decimal number with at most six decimals`},
		"result price three": {`result_price = "500"`, `result_price = "500.005"`, `receipt[1].result_price: the value "500.005" has more decimals than allowed`},
		"name empty":         {`name = "Воронка"`, `name = ""`, "receipt[1].name: the value is blank"},
	} {
		t.Run("receipt "+name, func(t *testing.T) {
			w := newWorkspace(t)
			w.Write(strings.Replace(linkConfig, c.from, c.to, 1))
			w.Plan().Fails(c.says)
			w.SentNothing()
		})
	}
}

// The gateway leaves out everything optional and spells the id differently when it is read.
func TestLinkWorksWithATerseGateway(t *testing.T) {
	w := newWorkspace(t)
	config := withLine(linkConfig, "terminal_id", `terminal_id = "45"`) + w.GatewayThatAnswers(func(operation string) string {
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
	w.MustApply(config).SaysNothing()
	w.StateHas(linkAddress, map[string]any{"id": "7", "status": nil, "description": "Заказ 1", "custom_parameters": `{"customer":"42","n":1}`})
	w.Destroy().Succeeds()
}

// What GetPayment leaves out has not changed. What it rewrites, though the creation did not say
// so, issues no link again and again.
func TestLinkReadThatGivesBackLessIsNoDrift(t *testing.T) {
	for name, order := range map[string]string{
		"no order": `[]`, "amount only": `{"amount":1500.5}`, "nulls": `{"amount":"1500.50","currency":null,"description":null,"id":null}`,
		"another description": `{"amount":1500.5,"description":"ЗАКАЗ 1"}`,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			config := linkConfig + w.GatewayThatAnswers(func(operation string) string {
				if operation != "GetPayment" {
					return ""
				}
				return `{"id":"` + w.OnlyPayment().ID + `","order":` + order + `,"status":"init","custom_parameters":null,"payment_url":"https://p"}`
			})
			w.Write(config)
			w.Apply().Succeeds()
			for range 2 {
				w.Apply().Succeeds().ChangesNothing()
			}
			w.StateHas(linkAddress, map[string]any{"amount": "1500.50", "description": "Заказ 1", "custom_parameters": `{"customer":"42","n":1}`})
			w.Sent("CreatePayment", 1)
		})
	}
}

func TestPaidLinkThatDriftedIsLeftAlone(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	id := w.OnlyPayment().ID
	w.Must(w.Sandbox.InvoiceAPI.Pay(id, invoiceapi.TestCard))
	w.Must(w.Sandbox.InvoiceAPI.Payments.Update(id, func(p *invoiceapi.Payment) { p.Amount = "1" }))
	w.Plan().Succeeds().ChangesNothing().Warns("A paid payment link was changed at the gateway", id, `amount: "1500.50" was applied, the gateway now has "1.00"`)
	w.Destroy().Succeeds()
}

func TestLinkKeptUnpayableIsAWarning(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Must(w.Sandbox.InvoiceAPI.Pay(w.OnlyPayment().ID, invoiceapi.DeclinedCard))
	w.Apply().Succeeds().Warns("A payment link can no longer be paid", w.OnlyPayment().ID, `when_unpayable = "renew"`)
	w.Plan().Succeeds().SaysNothing()
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
		w.Write(linkTerminal + w.GatewayThatAnswers(func(string) string { return answer }))
		if r := w.Apply(); r.OK || !strings.Contains(r.String(), "***") || strings.Contains(r.Output, invoiceapi.TestAPIKey+" is") ||
			strings.Contains(r.String(), invoiceapi.TestAPIKey) || strings.Contains(r.String(), basic) {
			t.Errorf("%s: %s", name, r.String())
		}
	}
}
