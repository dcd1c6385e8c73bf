package sandbox

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// browse reads a page the way a browser does, following redirects.
func (b *box) browse(path string) (int, string) {
	b.t.Helper()
	response, err := http.Get(b.url + path)
	must(b.t, err)
	return b.read(response)
}

// submit sends a form.
func (b *box) submit(path string, form url.Values) (int, string) {
	b.t.Helper()
	response, err := http.PostForm(b.url+path, form)
	must(b.t, err)
	return b.read(response)
}

func (b *box) read(response *http.Response) (int, string) {
	b.t.Helper()
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	must(b.t, err)
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") && !strings.Contains(response.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		b.t.Errorf("no policy on %s", response.Request.URL)
	}
	return response.StatusCode, string(body)
}

func card(number, expiry, cvc, code string) url.Values {
	return url.Values{"card": {number}, "expiry": {expiry}, "cvc": {cvc}, "code": {code}}
}

func TestPayOnThePage(t *testing.T) {
	b := start(t, Options{})
	id := b.payment()
	path := "/invoice/pay/" + id
	status, page := b.browse(path)
	equal(t, "status", status, 200)
	contains(t, page, "Магазин", "1500.00 RUB", "6e4e6e9d-a9b3-453a-a11d-52b211ecc028", "Сыр", "10%", "Ожидает оплаты",
		`name="card" value="5543 7354 8462 6654"`, `name="expiry" value="01/22"`, `name="cvc" value="852"`, `name="code" value="123456"`,
		"4000 0000 0000 9995")
	absent(t, page, "https://example.com/", "<script")

	b.Advance(time.Minute)
	status, page = b.submit(path, card("5543 7354 8462 6654", "01/22", "852", "123456"))
	equal(t, "status", status, 200)
	contains(t, page, "Оплачен", `href="https://example.com/success"`, "554373******6654")
	absent(t, page, "<form", "https://example.com/error")
	got := b.ok("GetPayment", byID(id))
	equal(t, "status", got["status"], "successful")
	equal(t, "update_date", got["update_date"], "2026-03-01T09:31:00.123Z")

	// Paying again, with any card, changes nothing.
	b.Advance(time.Minute)
	b.submit(path, card(DeclinedCard, "01/22", "852", "123456"))
	equal(t, "again", b.ok("GetPayment", byID(id)), got)
}

func TestDeclinesOnThePage(t *testing.T) {
	for want, form := range map[string]url.Values{
		"[2, 51] Not sufficient funds":   card("4000 0000 0000 9995", "01/22", "852", "123456"),
		"[3, -19] Authentication failed": card(TestCard, "01/22", "000", "123456"),
		"[3, -19]":                       card(TestCard, "01/22", "852", "000000"),
		"[2, 54] Expired card":           card(TestCard, "02/22", "852", "123456"),
		"[2, 14] No such card":           card("4111111111111111", "01/22", "852", "123456"),
		"[2, 14]":                        {},
	} {
		b := start(t, Options{})
		id := b.payment()
		_, page := b.submit("/invoice/pay/"+id, form)
		contains(t, page, want, "Не оплачен", `href="https://example.com/error"`)
		absent(t, page, "<form", "https://example.com/success")
		got := b.ok("GetPayment", byID(id))
		equal(t, "status", got["status"], "fail")
		contains(t, got["status_description"].(string), want)
		// What failed once stays so.
		b.submit("/invoice/pay/"+id, card(TestCard, "01/22", "852", "123456"))
		equal(t, "status", b.ok("GetPayment", byID(id))["status"], "fail")
	}
}

func TestPagesThatCannotBePaid(t *testing.T) {
	for word, spoil := range map[string]func(*box, string){
		"Срок оплаты истёк": func(b *box, _ string) { b.Advance(24 * time.Hour) },
		"Отменён":           func(b *box, id string) { b.ok("ClosePayment", byID(id)) },
		"process":           func(b *box, id string) { must(b.t, b.SetInvoicePaymentStatus(id, "process", "")) },
	} {
		b := start(t, Options{})
		id := b.payment()
		spoil(b, id)
		before := b.ok("GetPayment", byID(id))
		_, page := b.browse("/invoice/pay/" + id)
		contains(t, page, word)
		absent(t, page, "<form")
		_, page = b.submit("/invoice/pay/"+id, card(TestCard, "01/22", "852", "123456"))
		contains(t, page, word)
		equal(t, word, b.ok("GetPayment", byID(id)), before)
		if err := b.PayInvoicePayment(id, TestCard); err == nil {
			t.Errorf("%s: was paid", word)
		}
	}
}

func TestPaidByTheTestAPI(t *testing.T) {
	b := start(t, Options{})
	id := b.paid()
	must(t, b.PayInvoicePayment(id, DeclinedCard))
	equal(t, "status", b.ok("GetPayment", byID(id))["status"], "successful")
	b = start(t, Options{})
	id = b.payment()
	must(t, b.PayInvoicePayment(id, DeclinedCard))
	equal(t, "status", b.ok("GetPayment", byID(id))["status_description"], "[2, 51] Not sufficient funds")
	if err := b.PayInvoicePayment("nope", TestCard); !IsNotFound(err) {
		t.Errorf("err %v", err)
	}
}

func TestStaticTerminalPage(t *testing.T) {
	b := start(t, Options{})
	link := b.ok("CreateTerminal", terminalSample)["link"].(string)
	path := strings.TrimPrefix(link, b.url)
	_, page := b.browse(path)
	contains(t, page, "Магазин на диване", "Ювелирные украшения и пылесосы", "15.00 RUB", "/ads/asd/image.png", "статический")
	absent(t, page, `name="amount"`, `name="comment"`, "<img")
	// The price is fixed, whatever a form says.
	_, page = b.submit(path, url.Values{"amount": {"1"}, "comment": {"нет"}})
	contains(t, page, "15.00 RUB", "Магазин на диване", "Ожидает оплаты", `name="card"`)
	payments, err := b.InvoicePayments()
	must(t, err)
	if len(payments) != 1 || payments[0].Amount != "15" || payments[0].Description != "" {
		t.Errorf("payments %+v", payments)
	}
	b.ok("CreateTerminal", `{"name":"a","alias":"free","type":"static"}`)
	terminals, err := b.InvoiceTerminals()
	must(t, err)
	status, _ := b.submit("/invoice/terminal/"+terminals[1].ID, nil)
	equal(t, "without a price", status, 422)
}

func TestDynamicTerminalPage(t *testing.T) {
	b := start(t, Options{})
	b.ok("CreateTerminal", `{"name":"a","alias":"b","type":"dynamic","canComments":true,"defaultPrice":10}`)
	terminals, err := b.InvoiceTerminals()
	must(t, err)
	path := "/invoice/terminal/" + terminals[0].ID
	_, page := b.browse(path)
	contains(t, page, `name="amount" value="10.00"`, `name="comment"`)
	_, page = b.submit(path, url.Values{"amount": {" 99,5 "}, "comment": {"за обед"}})
	contains(t, page, "99.50 RUB", "за обед")
	for _, amount := range []string{"", "0", "-1", "1.001", "abc", "1e999999999", "null"} {
		if status, _ := b.submit(path, url.Values{"amount": {amount}}); status != 422 {
			t.Errorf("amount %q: %d", amount, status)
		}
	}
	if status, _ := b.submit(path, url.Values{"amount": {"1"}, "comment": {strings.Repeat("я", 201)}}); status != 422 {
		t.Errorf("long comment: %d", status)
	}
	equal(t, "payments", b.stored(), 1)
}

func TestMissingPages(t *testing.T) {
	b := start(t, Options{})
	for _, path := range []string{"/invoice/pay/nope", "/invoice/terminal/nope"} {
		status, page := b.browse(path)
		equal(t, path, status, 404)
		contains(t, page, "не найден")
		status, _ = b.submit(path, card(TestCard, "01/22", "852", "123456"))
		equal(t, path, status, 404)
	}
}

func TestPagesEscape(t *testing.T) {
	b := start(t, Options{})
	const evil = `<script>alert(1)</script>`
	terminal := b.ok("CreateTerminal", `{"name":"`+evil+`","alias":"`+evil+`","description":"`+evil+`","logo":"`+evil+`"}`)["id"].(string)
	id := b.ok("CreatePayment", `{"order":{"amount":1,"description":"`+evil+`","id":"`+evil+`"},"settings":{"terminal_id":"`+terminal+`"},
		"receipt":[{"name":"`+evil+`","price":1,"discount":"`+evil+`","resultPrice":1,"quantity":1}]}`)["id"].(string)
	for _, path := range []string{"/", "/invoice/pay/" + id, "/invoice/terminal/" + terminal} {
		_, page := b.browse(path)
		contains(t, page, "&lt;script&gt;")
		absent(t, page, "<script")
	}
	must(t, b.UpdateInvoicePayment(id, func(p *InvoicePayment) { p.Status, p.SuccessURL = "successful", "javascript:alert(1)" }))
	_, page := b.browse("/invoice/pay/" + id)
	absent(t, page, `"javascript:`)
}

func TestPagesOfOtherSitesCannotPay(t *testing.T) {
	b := start(t, Options{})
	id := b.payment()
	equal(t, "status", b.elsewhere("/invoice/pay/"+id, card(TestCard, "01/22", "852", "123456").Encode()), 403)
	equal(t, "payment", b.ok("GetPayment", byID(id))["status"], "init")
}
