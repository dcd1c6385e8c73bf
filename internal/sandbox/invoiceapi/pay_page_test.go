package invoiceapi

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

func cardForm(number, expiry, cvc, code string) url.Values {
	return url.Values{"card": {number}, "expiry": {expiry}, "cvc": {cvc}, "code": {code}}
}

func TestPayOnThePage(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	path := "/invoice/pay/" + id
	status, page := b.Browse(path)
	equal(t, "status", status, 200)
	contains(t, page, "Магазин", "1500.00 RUB", "6e4e6e9d-a9b3-453a-a11d-52b211ecc028", "Сыр", "10%", "Ожидает оплаты",
		`name="card" value="5543 7354 8462 6654"`, `name="expiry" value="01/22"`, `name="cvc" value="852"`, `name="code" value="123456"`,
		"4000 0000 0000 9995")
	absent(t, page, "https://example.com/", "<script")

	b.Advance(time.Minute)
	status, page = b.Submit(path, cardForm("5543 7354 8462 6654", "01/22", "852", "123456"))
	equal(t, "status", status, 200)
	contains(t, page, "Оплачен", `href="https://example.com/success"`, "554373******6654")
	absent(t, page, "<form", "https://example.com/error")
	got := b.OK("GetPayment", sandboxtest.ByID(id))
	equal(t, "status", got["status"], "successful")
	equal(t, "update_date", got["update_date"], "2026-03-01T09:31:00.123Z")

	// Paying again, with any card, changes nothing.
	b.Advance(time.Minute)
	b.Submit(path, cardForm(DeclinedCard, "01/22", "852", "123456"))
	equal(t, "again", b.OK("GetPayment", sandboxtest.ByID(id)), got)
}

func TestDeclinesOnThePage(t *testing.T) {
	for want, form := range map[string]url.Values{
		"[2, 51] Not sufficient funds":   cardForm("4000 0000 0000 9995", "01/22", "852", "123456"),
		"[3, -19] Authentication failed": cardForm(TestCard, "01/22", "000", "123456"),
		"[3, -19]":                       cardForm(TestCard, "01/22", "852", "000000"),
		"[2, 54] Expired card":           cardForm(TestCard, "02/22", "852", "123456"),
		"[2, 14] No such card":           cardForm("4111111111111111", "01/22", "852", "123456"),
		"[2, 14]":                        {},
	} {
		b := start(t, sandbox.Options{})
		id := b.Payment()
		_, page := b.Submit("/invoice/pay/"+id, form)
		contains(t, page, want, "Не оплачен", `href="https://example.com/error"`)
		absent(t, page, "<form", "https://example.com/success")
		got := b.OK("GetPayment", sandboxtest.ByID(id))
		equal(t, "status", got["status"], "fail")
		contains(t, got["status_description"].(string), want)
		// What failed once stays so.
		b.Submit("/invoice/pay/"+id, cardForm(TestCard, "01/22", "852", "123456"))
		equal(t, "status", b.OK("GetPayment", sandboxtest.ByID(id))["status"], "fail")
	}
}

func TestPagesThatCannotBePaid(t *testing.T) {
	for word, spoil := range map[string]func(*box, string){
		"Срок оплаты истёк": func(b *box, _ string) { b.Advance(24 * time.Hour) },
		"Отменён":           func(b *box, id string) { b.OK("ClosePayment", sandboxtest.ByID(id)) },
		"process":           func(b *box, id string) { must(b.T, b.SetPaymentStatus(id, "process", "")) },
	} {
		b := start(t, sandbox.Options{})
		id := b.Payment()
		spoil(b, id)
		before := b.OK("GetPayment", sandboxtest.ByID(id))
		_, page := b.Browse("/invoice/pay/" + id)
		contains(t, page, word)
		absent(t, page, "<form")
		_, page = b.Submit("/invoice/pay/"+id, cardForm(TestCard, "01/22", "852", "123456"))
		contains(t, page, word)
		equal(t, word, b.OK("GetPayment", sandboxtest.ByID(id)), before)
		if err := b.Pay(id, TestCard); err == nil {
			t.Errorf("%s: was paid", word)
		}
	}
}

func TestPaidByTheTestAPI(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.paid()
	must(t, b.Pay(id, DeclinedCard))
	equal(t, "status", b.OK("GetPayment", sandboxtest.ByID(id))["status"], "successful")
	b = start(t, sandbox.Options{})
	id = b.Payment()
	must(t, b.Pay(id, DeclinedCard))
	equal(t, "status", b.OK("GetPayment", sandboxtest.ByID(id))["status_description"], "[2, 51] Not sufficient funds")
	if err := b.Pay("nope", TestCard); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("err %v", err)
	}
}

func TestStaticTerminalPage(t *testing.T) {
	b := start(t, sandbox.Options{})
	link := b.OK("CreateTerminal", sandboxtest.TerminalSample)["link"].(string)
	path := strings.TrimPrefix(link, b.URL)
	_, page := b.Browse(path)
	contains(t, page, "Магазин на диване", "Ювелирные украшения и пылесосы", "15.00 RUB", "/ads/asd/image.png", "статический")
	absent(t, page, `name="amount"`, `name="comment"`, "<img")
	// The price is fixed, whatever a form says.
	_, page = b.Submit(path, url.Values{"amount": {"1"}, "comment": {"нет"}})
	contains(t, page, "15.00 RUB", "Магазин на диване", "Ожидает оплаты", `name="card"`)
	payments, err := b.Payments.All()
	must(t, err)
	if len(payments) != 1 || payments[0].Amount != "15" || payments[0].Description != "" {
		t.Errorf("payments %+v", payments)
	}
	b.OK("CreateTerminal", `{"name":"a","alias":"free","type":"static"}`)
	terminals, err := b.Terminals.All()
	must(t, err)
	status, _ := b.Submit("/invoice/terminal/"+terminals[1].ID, nil)
	equal(t, "without a price", status, 422)
}

func TestDynamicTerminalPage(t *testing.T) {
	b := start(t, sandbox.Options{})
	b.OK("CreateTerminal", `{"name":"a","alias":"b","type":"dynamic","canComments":true,"defaultPrice":10}`)
	terminals, err := b.Terminals.All()
	must(t, err)
	path := "/invoice/terminal/" + terminals[0].ID
	_, page := b.Browse(path)
	contains(t, page, `name="amount" value="10.00"`, `name="comment"`)
	_, page = b.Submit(path, url.Values{"amount": {" 99,5 "}, "comment": {"за обед"}})
	contains(t, page, "99.50 RUB", "за обед")
	for _, amount := range []string{"", "0", "-1", "1.001", "abc", "1e999999999", "null"} {
		if status, _ := b.Submit(path, url.Values{"amount": {amount}}); status != 422 {
			t.Errorf("amount %q: %d", amount, status)
		}
	}
	if status, _ := b.Submit(path, url.Values{"amount": {"1"}, "comment": {strings.Repeat("я", 201)}}); status != 422 {
		t.Errorf("long comment: %d", status)
	}
	payments, err := b.Payments.All()
	must(t, err)
	equal(t, "payments", len(payments), 1)
}

func TestMissingPages(t *testing.T) {
	b := start(t, sandbox.Options{})
	for _, path := range []string{"/invoice/pay/nope", "/invoice/terminal/nope"} {
		status, page := b.Browse(path)
		equal(t, path, status, 404)
		contains(t, page, "не найден")
		status, _ = b.Submit(path, cardForm(TestCard, "01/22", "852", "123456"))
		equal(t, path, status, 404)
	}
}

func TestPagesEscape(t *testing.T) {
	b := start(t, sandbox.Options{})
	const evil = `<script>alert(1)</script>`
	terminal := b.OK("CreateTerminal", `{"name":"`+evil+`","alias":"`+evil+`","description":"`+evil+`","logo":"`+evil+`"}`)["id"].(string)
	id := b.OK("CreatePayment", `{"order":{"amount":1,"description":"`+evil+`","id":"`+evil+`"},"settings":{"terminal_id":"`+terminal+`"},
		"receipt":[{"name":"`+evil+`","price":1,"discount":"`+evil+`","resultPrice":1,"quantity":1}]}`)["id"].(string)
	for _, path := range []string{"/", "/invoice/pay/" + id, "/invoice/terminal/" + terminal} {
		_, page := b.Browse(path)
		contains(t, page, "&lt;script&gt;")
		absent(t, page, "<script")
	}
	must(t, b.Payments.Update(id, func(p *Payment) { p.Status, p.SuccessURL = "successful", "javascript:alert(1)" }))
	_, page := b.Browse("/invoice/pay/" + id)
	absent(t, page, `"javascript:`)
}

func TestPagesOfOtherSitesCannotPay(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	equal(t, "status", b.Elsewhere("/invoice/pay/"+id, cardForm(TestCard, "01/22", "852", "123456").Encode()), 403)
	equal(t, "payment", b.OK("GetPayment", sandboxtest.ByID(id))["status"], "init")
}
