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
	contains(t, page, "Магазин", "1\u00a0500,00\u00a0₽", "6e4e6e9d-a9b3-453a-a11d-52b211ecc028", "Сыр", "10%", "Ожидает оплаты",
		`name="card" value="5543 7354 8462 6654"`, `name="expiry" value="01/22"`, `name="cvc" value="852"`, `name="code" value="123456"`,
		"4000 0000 0000 9995")
	absent(t, page, "https://example.com/", "<script")

	b.Advance(time.Minute)
	status, page = b.Submit(path, cardForm("5543 7354 8462 6654", "01/22", "852", "123456"))
	equal(t, "status", status, 200)
	contains(t, page, "Оплачен", `href="https://example.com/success"`, "554373******6654")
	contains(t, page, "Оплачено картой 554373******6654, 01.03.2026 12:31 МСК")
	absent(t, page, `name="card"`, "https://example.com/error", "Отменить платёж", "уже оплачен")
	got := b.OK("GetPayment", sandboxtest.ByID(id))
	equal(t, "status", got["status"], "successful")
	equal(t, "update_date", got["update_date"], "2026-03-01T09:31:00.123Z")

	// Paying again, with any card, changes nothing.
	b.Advance(time.Minute)
	_, page = b.Submit(path, cardForm(DeclinedCard, "01/22", "852", "123456"))
	contains(t, page, "Этот платёж уже оплачен. Нажатие ничего не изменило")
	_, page = b.Submit(path, url.Values{"action": {"close"}})
	contains(t, page, "Этот платёж уже оплачен")
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
		contains(t, page, want, "Не оплачен", `href="https://example.com/error"`, "новый счёт выставляет магазин")
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
		"Оплатить можно было до 02.03.2026 12:30 МСК. Попросите магазин «Магазин» выставить новый счёт": func(b *box, _ string) { b.Advance(24 * time.Hour) },
		"Магазин отменил платёж": func(b *box, id string) { b.OK("ClosePayment", sandboxtest.ByID(id)) },
		"Обрабатывается":         func(b *box, id string) { must(b.T, b.SetPaymentStatus(id, "process", "")) },
		`"status">held<`:         func(b *box, id string) { must(b.T, b.SetPaymentStatus(id, "held", "")) },
	} {
		b := start(t, sandbox.Options{})
		id := b.Payment()
		spoil(b, id)
		before := b.OK("GetPayment", sandboxtest.ByID(id))
		_, page := b.Browse("/invoice/pay/" + id)
		contains(t, page, word)
		absent(t, page, `name="card"`, "Ничего не изменилось")
		_, page = b.Submit("/invoice/pay/"+id, cardForm(TestCard, "01/22", "852", "123456"))
		contains(t, page, word, "Ничего не изменилось")
		equal(t, word, b.OK("GetPayment", sandboxtest.ByID(id)), before)
		if err := b.Pay(id, TestCard); err == nil {
			t.Errorf("%s: was paid", word)
		}
	}
}

// With expired=fail the gateway says that the time is over.
func TestExpiredPageOfAFailedPayment(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"expired": "fail"}})
	id := b.Payment()
	b.Advance(24 * time.Hour)
	_, page := b.Browse("/invoice/pay/" + id)
	contains(t, page, "Срок оплаты истёк", "Оплатить можно было до", "fail [3, -20] Expired transaction", `href="https://example.com/error"`)
	absent(t, page, "Не оплачен", "Операция заняла", "<form")
}

func TestSellerClosesOnThePage(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	path := "/invoice/pay/" + id
	_, page := b.Submit(path, url.Values{"action": {"other"}})
	contains(t, page, "Ожидает оплаты", "Отменить платёж", "Для продавца", "обычный платёж")
	b.Advance(time.Minute)
	_, page = b.Submit(path, url.Values{"action": {"close"}})
	contains(t, page, "Отменён", "Магазин отменил платёж. Деньги не списаны.")
	absent(t, page, "<form", "Ничего не изменилось")
	got := b.OK("GetPayment", sandboxtest.ByID(id))
	equal(t, "status", got["status"], "closed")
	equal(t, "update_date", got["update_date"], "2026-03-01T09:31:00.123Z")
	equal(t, "elsewhere", b.Elsewhere(path, "action=close"), 403)
	status, _ := b.Submit("/invoice/pay/nope", url.Values{"action": {"close"}})
	equal(t, "missing", status, 404)
}

func TestRefundsOnThePage(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"refund_status": "init"}})
	id := b.paid()
	b.OK("CreateRefund", sandboxtest.RefundBody(id, "100.5"))
	_, page := b.Browse("/invoice/pay/" + id)
	contains(t, page, "Возвраты", "100,50\u00a0₽", "Деньги ещё не вернулись", "Refund payment")
}

// A code that is not in the guide is shown as it is.
func TestDeclinesInWords(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	for description, words := range map[string][]string{
		"[2, 51] Not sufficient funds": {"На карте недостаточно средств.", "Пополните карту"},
		"[2, 95] Reconcile error":      {"возможно, уже проведена", "Не платите ещё раз"},
		"[2, 43]":                      {"Карта заявлена как украденная."},
		"[9, 9] Whatever":              {`<p class="problem">[9, 9] Whatever</p>`, "Узнайте причину"},
		"Whatever":                     {`<p class="problem">Whatever</p>`},
	} {
		must(t, b.SetPaymentStatus(id, "fail", description))
		_, page := b.Browse("/invoice/pay/" + id)
		contains(t, page, append(words, "fail "+description)...)
	}
	must(t, b.SetPaymentStatus(id, "fail", "[2, 51] Not sufficient funds"))
	contains(t, b.BrowseEnglish("/invoice/pay/"+id), "Insufficient funds.", "Back to the shop")
	equal(t, "codes", len(refusals), 24) // of guide section 9.2
}

func TestEnglishPages(t *testing.T) {
	b := start(t, sandbox.Options{})
	terminal := sandboxtest.IDOf(t, b.OK("CreateTerminal", `{"name":"Shop","alias":"N1","type":"dynamic","canComments":true}`))
	id := sandboxtest.IDOf(t, b.OK("CreatePayment", `{"order":{"amount":48500,"id":"A-1"},"settings":{"terminal_id":"`+terminal+`","fail_url":"https://shop.example"},
		"receipt":[{"name":"Tea","price":48500,"discount":"10%","resultPrice":48500,"quantity":1}]}`))
	paths := map[string]string{"/invoice/terminal/" + terminal: "Amount, ₽", "/invoice/pay/" + id: "Pay ₽48,500.00", "/invoice/pay/nope": "The payment was not found"}
	for path, word := range paths {
		page := b.BrowseEnglish(path)
		contains(t, page, word)
		sandboxtest.IsOneLanguage(t, page)
	}
	for status, word := range map[string]string{"successful": "Paid", "fail": "Not paid", "closed": "Canceled", "process": "Being processed", "created": "Created"} {
		must(t, b.SetPaymentStatus(id, status, ""))
		page := b.BrowseEnglish("/invoice/pay/" + id + "?again")
		contains(t, page, `<p class="status">`+word+`</p>`, "Nothing has changed")
		sandboxtest.IsOneLanguage(t, page)
	}
	for _, words := range []sandbox.Words{statusWords, refundWords, methodWords, transactionWords} {
		for _, word := range words {
			isTranslated(t, word)
		}
	}
	for _, r := range refusals {
		isTranslated(t, r.Why)
		isTranslated(t, r.Advice)
	}
	isTranslated(t, refusalOf("?").Advice)
}

// isTranslated wants a word that Go code makes up to have an English text.
func isTranslated(t *testing.T, word string) {
	t.Helper()
	texts, err := pageFiles.ReadFile("pages/en.json")
	must(t, err)
	if _, isIn := sandboxtest.Decode(t, string(texts))[word]; !isIn && word != "WebMoney" {
		t.Errorf("no English for %q", word)
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
	contains(t, page, "Магазин на диване", "Ювелирные украшения и пылесосы", "15,00\u00a0₽", "/ads/asd/image.png", "статический")
	absent(t, page, `name="amount"`, `name="comment"`, "<img")
	// The price is fixed, whatever a form says.
	_, page = b.Submit(path, url.Values{"amount": {"1"}, "comment": {"нет"}})
	contains(t, page, "15,00\u00a0₽", "Магазин на диване", "Ожидает оплаты", `name="card"`)
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
	contains(t, page, `name="amount" value="10.00"`, `name="comment"`, "динамический")
	_, page = b.Submit(path, url.Values{"amount": {" 99,5 "}, "comment": {"за обед"}})
	contains(t, page, "99,50\u00a0₽", "за обед")
	for _, amount := range []string{"", "0", "-1", "1.001", "abc", "1e999999999", "null"} {
		status, page := b.Submit(path, url.Values{"amount": {amount}, "comment": {"за обед"}})
		equal(t, "amount "+amount, status, 422)
		contains(t, page, `value="`+amount+`" inputmode="decimal" autocomplete="off" required aria-invalid="true" aria-describedby="amount-problem"`,
			`id="amount-problem">Введите сумму больше нуля`, ">за обед</textarea>")
		absent(t, page, "comment-problem")
	}
	status, page := b.Submit(path, url.Values{"amount": {"1"}, "comment": {strings.Repeat("я", 201)}})
	equal(t, "long comment", status, 422)
	contains(t, page, `aria-describedby="comment-problem"`, `id="comment-problem">Комментарий длиннее 200`, `value="1"`)
	absent(t, page, "amount-problem")
	_, page = b.Submit(path, url.Values{"amount": {"48 500,00 ₽"}})
	contains(t, page, "48\u00a0500,00\u00a0₽")
	payments, err := b.Payments.All()
	must(t, err)
	equal(t, "payments", len(payments), 2)
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

// The page shows the seller the word that the API answers.
func TestPageHasTheAnswersWord(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"failed_status": "error"}})
	id := b.Payment()
	must(t, b.Pay(id, DeclinedCard))
	_, page := b.Browse("/invoice/pay/" + id)
	contains(t, page, "<code>error [2, 51]")
	equal(t, "answer", b.OK("GetPayment", sandboxtest.ByID(id))["status"], "error")
}
