package paykeeper

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func TestPayKeeperBill(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.pkBill("orderid", "A-1", "clientid", "Иванов", "service_name", pkCart(""))
	path := "/paykeeper/bill/" + id + "/"
	status, page := b.Browse(path + "?pstype=sbp_default")
	equal(t, "status", status, 200)
	contains(t, page, "1\u00a0500,00\u00a0₽", "A-1", "Иванов", "Продукты", "Сыр", "500,00\u00a0₽", "НДС 20\u00a0%", "Ожидает оплаты", "<button>Оплатить", "СБП", "31.03.2026 00:00")
	absent(t, page, "<script", `"cart"`)
	b.Advance(time.Minute)
	_, page = b.Submit(path, nil)
	contains(t, page, "Оплачен 01.03.2026 12:31 МСК", "Платёж № 700001")
	absent(t, page, "<form", "уже оплачен")
	paid := b.pkByID(id)
	equal(t, "paid_datetime", paid["paid_datetime"], "2026-03-01 12:31:00")
	b.Advance(time.Minute)
	for _, action := range []string{"", "send", "revoke", "other"} {
		_, page = b.Submit(path, url.Values{"action": {action}})
		contains(t, page, "Оплачен 01.03.2026 12:31 МСК")
		if action == "" {
			contains(t, page, "Этот счёт уже оплачен. Нажатие ничего не изменило")
		} else {
			contains(t, page, "Ничего не изменилось")
		}
	}
	must(t, b.Pay(id))
	equal(t, "once", b.pkByID(id), paid)
	other := b.pkBill()
	must(t, b.Pay(other))
	equal(t, "own payment", b.pkByID(other)["paymentid"], "700002")

	for word, spoil := range map[string]func(id string){
		"Оплатить можно было до 31.03.2026 00:00 МСК. Попросите продавца": func(string) { b.Advance(31 * 24 * time.Hour) },
		"Продавец отменил счёт":                                           func(id string) { b.pkPost("revoke", "id", id) },
		`<p class="status">held<`: func(id string) { must(t, b.SetStatus(id, "held")) },
	} {
		id := b.pkBill()
		spoil(id)
		before := b.pkByID(id)
		_, page := b.Submit("/paykeeper/bill/"+id+"/", nil)
		contains(t, page, word, "Ничего не изменилось")
		absent(t, page, "<form")
		equal(t, word, b.pkByID(id), before)
	}
	status, page = b.Browse("/paykeeper/bill/1/")
	equal(t, "missing", status, 404)
	contains(t, page, "Счёт не найден")
	status, _ = b.Submit("/paykeeper/bill/1/", nil)
	equal(t, "pay missing", status, 404)
}

func TestSellerSendsAndRevokesOnTheBill(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.pkBill("client_email", "a@example.com")
	path := "/paykeeper/bill/" + id + "/"
	press := func(action string) string {
		t.Helper()
		_, page := b.Submit(path, url.Values{"action": {action}})
		return page
	}
	_, page := b.Browse(path)
	contains(t, page, "Для продавца", "Отправить счёт на a@example.com", "Отозвать счёт", "<code>created</code>")
	contains(t, press("send"), "Письмо отправлено.", "<code>sent</code>")
	outbox, err := b.Outbox()
	must(t, err)
	equal(t, "mails", len(outbox), 1)
	equal(t, "to", outbox[0].To, "a@example.com")
	equal(t, "url", outbox[0].URL, b.URL+path)
	b.SetDialect(sandbox.Dialect{"paykeeper_mail": "failed"})
	page = press("send")
	contains(t, page, "Письмо не отправлено.")
	absent(t, page, "Письмо отправлено.")
	contains(t, press("revoke"), "Счёт отозван.", "Продавец отменил счёт", "<code>expired</code>") // as byid answers
	contains(t, press("revoke"), "Продавец отменил счёт")
	contains(t, press("send"), "Продавец отменил счёт")
	contains(t, press(""), "Ничего не изменилось")
	invoice, err := b.Invoices.Get(id)
	must(t, err)
	equal(t, "status", invoice.Status, "revoked")
	equal(t, "elsewhere", b.Elsewhere(path, "action=send"), 403)

	// A link of an earlier outcome does not lie about what is now.
	_, page = b.Browse("/paykeeper/bill/" + b.pkBill() + "/?outcome=revoked")
	absent(t, page, "Счёт отозван")
	contains(t, page, "у него нет адреса почты")
	absent(t, page, `value="send"`)
}

func TestPayKeeperOutbox(t *testing.T) {
	b := start(t, sandbox.Options{})
	_, page := b.Browse("/paykeeper/outbox/")
	contains(t, page, "Пока нет")
	id := b.pkBill("client_email", "a@example.com", "orderid", "A-1", "service_name", pkCart(""))
	_, page = b.Browse("/paykeeper/outbox/")
	contains(t, page, "Пока нет") // A preview sends nothing.
	b.Advance(time.Minute)
	b.pkPost("send", "id", id)
	b.pkPost("send", "id", id) // Again is another mail.
	outbox, err := b.Outbox()
	must(t, err)
	equal(t, "mails", len(outbox), 2)
	address := b.URL + "/paykeeper/bill/" + id + "/"
	mail := outbox[0]
	contains(t, mail.Body, "на сумму 1\u00a0500,00\u00a0₽.", "A-1", "Продукты", "Сыр — 3 × 500,00\u00a0₽ = 1\u00a0500,00\u00a0₽", address)
	mail.Body = ""
	equal(t, "mail", mail, Mail{InvoiceID: id, To: "a@example.com", Subject: "Счёт № " + id, URL: address, SentAt: "2026-03-01 12:31:00"})
	_, page = b.Browse("/paykeeper/outbox/")
	contains(t, page, "a@example.com", "Счёт № "+id, `href="`+address+`"`, "01.03.2026 12:31 МСК")
	second := b.pkBill("client_email", "b@example.com")
	b.pkPost("send", "id", second)
	_, page = b.Browse("/paykeeper/outbox/")
	if strings.Index(page, "b@example.com") > strings.Index(page, "a@example.com") {
		t.Error("the newest mail is not the first")
	}
	_, page = b.Browse("/")
	contains(t, page, address, "/paykeeper/outbox/", "a@example.com", "Ожидает оплаты (sent)", "INVOICE_PAYKEEPER_BASE_URL="+b.URL+"/paykeeper", "INVOICE_PAYKEEPER_LOGIN=demo", "INVOICE_PAYKEEPER_PASSWORD=demo")
}

func TestPayKeeperPagesEscape(t *testing.T) {
	b := start(t, sandbox.Options{})
	evil := `"><script>alert(1)</script>`
	id := b.pkBill("client_email", "a@example.com", "orderid", evil, "clientid", evil,
		"service_name", `{"service_name":"<script>","cart":[{"name":"<script>","price":1500,"quantity":1,"sum":1500,"tax":"none"}]}`)
	html := b.pkPost("preview", "pay_amount", "1", "orderid", evil, "service_name", evil)["invoice"].(string)
	b.pkPost("send", "id", id)
	_, bill := b.Browse("/paykeeper/bill/" + id + "/?pstype=%3Cscript%3E")
	_, outbox := b.Browse("/paykeeper/outbox/")
	_, index := b.Browse("/")
	contains(t, outbox, "&lt;script&gt;")
	for _, page := range []string{html, bill, outbox, index} {
		absent(t, page, "<script")
	}
}

// Another site open in the same browser cannot pay.
func TestPayKeeperCrossOrigin(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.pkBill()
	equal(t, "status", b.Elsewhere("/paykeeper/bill/"+id+"/", ""), 403)
	equal(t, "invoice", b.pkByID(id)["status"], "created")
}

func TestPayKeeperDirect(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.pkBill()
	must(t, b.Invoices.Update(id, func(i *Invoice) { i.PayAmount, i.ServiceName = "7.00", "иное" }))
	equal(t, "amount", b.pkByID(id)["pay_amount"], "7.00")
	equal(t, "service_name", b.pkByID(id)["service_name"], "иное")
	must(t, b.SetStatus(id, "paid"))
	equal(t, "paymentid", b.pkByID(id)["paymentid"], "700001")
	must(t, b.SetStatus(id, "something"))
	got := b.pkByID(id)
	equal(t, "status", got["status"], "something")
	equal(t, "paymentid", got["paymentid"], nil)
	equal(t, "paid_datetime", got["paid_datetime"], nil)
	must(t, b.Invoices.Delete(id))
	pkFails(t, "deleted", b.pkByID(id), "не найден")
	for name, err := range map[string]error{
		"delete": b.Invoices.Delete(id), "status": b.SetStatus(id, "paid"), "pay": b.Pay(id),
		"update": b.Invoices.Update(id, func(*Invoice) { t.Error("changed") }),
	} {
		if !errors.Is(err, sandbox.ErrNotFound) || !strings.Contains(err.Error(), id) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
