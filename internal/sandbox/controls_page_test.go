package sandbox_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// press sends a form of the page of controls, as pairs of name and value, and
// returns the page that follows.
func (b *box) press(pairs ...string) (status int, page string) {
	b.T.Helper()
	form := url.Values{}
	for n := 0; n < len(pairs); n += 2 {
		form.Set(pairs[n], pairs[n+1])
	}
	return b.Submit("/sandbox/controls", form)
}

func TestDeclineOnPage(t *testing.T) {
	b := start(t, sandbox.Options{})
	status, page := b.press("action", "decline", "operation", "invoice.pay")
	equal(t, "status", status, 200)
	contains(t, page, "отклонить оплату на странице, invoice.pay, ещё 1")

	// It hits neither the API nor other gateways, and what is paid already asks nobody.
	first := b.Payment()
	bill := sandboxtest.Decode(t, b.paykeeper("POST", "/change/invoice/preview/", "pay_amount=10&token="+b.token()))["invoice_id"].(string)
	must(t, b.PayKeeper.Pay(bill))
	equal(t, "left", len(b.Faults()), 1)
	card := url.Values{"card": {invoiceapi.TestCard}, "expiry": {"01/22"}, "cvc": {"852"}, "code": {"123456"}}
	_, page = b.Submit("/invoice/pay/"+first, card)
	contains(t, page, "[2, 5] Transaction declined")
	equal(t, "status", b.OK("GetPayment", sandboxtest.ByID(first))["status"], "fail")
	equal(t, "left", len(b.Faults()), 0)
	second := sandboxtest.IDOf(t, b.OK("CreatePayment", sandboxtest.PaymentBody(b.terminalID())))
	_, page = b.Submit("/invoice/pay/"+second, card)
	contains(t, page, "Вернуться в магазин")
	equal(t, "status", b.OK("GetPayment", sandboxtest.ByID(second))["status"], "successful")
	b.press("action", "decline")
	must(t, b.InvoiceAPI.Pay(second, invoiceapi.TestCard))
	equal(t, "left", len(b.Faults()), 1)

	// A bill can be paid after the bank has declined.
	bill = sandboxtest.Decode(t, b.paykeeper("POST", "/change/invoice/preview/", "pay_amount=10&token="+b.token()))["invoice_id"].(string)
	_, page = b.Submit("/paykeeper/bill/"+bill+"/", nil)
	contains(t, page, "Банк отклонил платёж", "<button>Оплатить")
	contains(t, b.paykeeper("GET", "/info/invoice/byid/?id="+bill, ""), `"status":"created"`)
	_, page = b.Submit("/paykeeper/bill/"+bill+"/?declined", nil)
	contains(t, page, "Оплачен")
	absent(t, page, "Банк отклонил")
}

func TestLoseAnswerOnPage(t *testing.T) {
	b := start(t, sandbox.Options{})
	_, page := b.press("action", "lost_answer", "operation", "CreatePayment")
	contains(t, page, "потерять ответ, CreatePayment, ещё 1")
	_, page = b.press("action", "lost_answer")
	contains(t, page, "потерять ответ, любой вызов, ещё 1")
	b.Inject(sandbox.Fault{Kind: sandbox.FaultHTML, Operation: "GetRefund", Every: 3})
	_, page = b.Browse("/sandbox/controls")
	contains(t, page, "отдать HTML вместо работы, GetRefund, пока не убрать, через 3")
	// The second one is removed, and the others stay.
	numbers := regexp.MustCompile(`name="number" value="(\d+)"`).FindAllStringSubmatch(page, -1)
	equal(t, "faults on the page", len(numbers), 3)
	b.press("action", "remove", "number", numbers[1][1])
	b.press("action", "remove", "number", numbers[1][1])
	equal(t, "left", len(b.Faults()), 2)
	body := sandboxtest.PaymentBody(b.Terminal())
	if status, _, err := b.Post("CreatePayment", body); err == nil {
		t.Errorf("an answer: %d", status)
	}
	equal(t, "payments", b.stored(), 1)
	_, page = b.Browse("/sandbox/controls")
	equal(t, "on the page", strings.Count(page, `value="remove"`), 1)
}

func TestControlsPage(t *testing.T) {
	b := start(t, sandbox.Options{})
	_, page := b.press("action", "advance", "by", "25h")
	contains(t, page, "02.03.2026 13:30:00 МСК", "переведены на 25 ч<", "Сейчас всё исправно")
	b.Terminal()
	_, page = b.press("action", "reset")
	contains(t, page, "01.03.2026 12:30:00 МСК")
	b.Refused("GetTerminal", `{"alias":"N1"}`, 11)
	for part, form := range map[string][]string{
		"Такого действия": {"action", "explode"}, "invoice.pay": {"action", "decline", "operation", "CreatePayment"}, "потерять ответ» вызова": {"action", "lost_answer", "operation", "invoice.pay"},
		"назад": {"action", "advance", "by", "-1h"}, "длительность": {"action", "advance"}, "Какую": {"action", "remove"},
	} {
		status, page := b.press(form...)
		equal(t, part, status, 422)
		contains(t, page, `class="problem"`, part, "Отклонить следующий платёж")
	}
	equal(t, "another site", b.Elsewhere("/sandbox/controls", "action=reset"), 403)
	_, page = b.Browse("/")
	contains(t, page, "/sandbox/controls", "/sandbox/journal")
}

func TestDeclineOverHTTP(t *testing.T) {
	b := start(t, sandbox.Options{})
	for body, want := range map[string]int{`{"kind":"decline","operation":"paykeeper.pay"}`: 200, `{"kind":"decline"}`: 200, `{"kind":"decline","operation":"GetPayment"}`: 400,
		`{"kind":"html","operation":"invoice.pay"}`: 400, `{"kind":"decline","delay":"1s"}`: 400, `{"kind":"decline","status":500}`: 400} {
		status, _ := b.steer("POST", "faults", body)
		equal(t, body, status, want)
	}
}
