package paykeeper

import (
	"net/url"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func TestPayKeeperPaymentPage(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"paykeeper_refund_time": "never", "paykeeper_refund_row": "late", "paykeeper_second_reverse": "taken"}})
	bill := b.pkBill("orderid", "A-1", "clientid", `<script>`)
	must(t, b.Pay(bill))
	_, page := b.Browse("/paykeeper/bill/" + bill + "/")
	path := "/paykeeper/payment/700001/"
	contains(t, page, `href="`+path+`"`)
	status, page := b.Browse(path)
	equal(t, "status", status, 200)
	contains(t, page, "1\u00a0500,00\u00a0₽", "A-1", "Совершён (success)", "01.03.2026 12:30", "Пока нет", `href="/paykeeper/bill/`+bill+`/"`)
	absent(t, page, "<form", "<script", "Возвращено")

	b.pkReverse("700001", "500")
	b.pkReverse("700001", "300")
	_, page = b.Browse(path)
	contains(t, page, "Возвращается (refunding)", "90001", "500,00\u00a0₽", "1\u00a0000,00\u00a0₽", "demo", "Начат (started), API его ещё не показывает", `value="90002"`)
	b.Advance(3 * time.Second)
	_, page = b.Submit(path, url.Values{"refund": {"90001"}, "status": {"done"}})
	contains(t, page, "Проведён (done)", "<dt>Возвращено</dt><dd>500,00\u00a0₽", `value="90002"`)
	absent(t, page, `value="90001"`, "ещё не показывает")
	_, page = b.Submit(path, url.Values{"refund": {"90001"}, "status": {"failed"}}) // It stays done.
	contains(t, page, "этот возврат уже завершён", "Проведён (done)")
	_, page = b.Submit(path, url.Values{"refund": {"90002"}, "status": {"failed"}})
	contains(t, page, "Не прошёл (failed)", "Проведён (done)", "Возвращён частично (partially_refunded)")
	absent(t, page, "<form")
	equal(t, "given back", b.pkPayment("700001")["refund_amount"], any("500.00"))

	_, page = b.Browse("/")
	contains(t, page, `href="`+b.URL+path+`"`, "Платежи (1)", "Возвращён частично (partially_refunded)")
	for form, want := range map[string]int{"refund=1&status=done": 404, "refund=90001&status=started": 500} {
		values, _ := url.ParseQuery(form)
		status, _ := b.Submit(path, values)
		equal(t, form, status, want)
	}
	status, page = b.Browse("/paykeeper/payment/1/")
	equal(t, "missing", status, 404)
	contains(t, page, "Платёж не найден")
	must(t, b.Invoices.Delete(bill))
	_, page = b.Browse(path)
	absent(t, page, "/paykeeper/bill/")
}

// Another site open in the same browser cannot end a refund.
func TestPayKeeperPaymentCrossOrigin(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"paykeeper_refund_time": "never"}})
	id := b.paid()
	b.pkReverse(id, "500")
	equal(t, "status", b.Elsewhere("/paykeeper/payment/"+id+"/", "refund=90001&status=done"), 403)
	equal(t, "payment", b.pkPayment(id)["status"], any("refunding"))
}
