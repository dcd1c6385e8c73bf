package p2p

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func p2pPress(action string) url.Values { return url.Values{"action": {action}} }

func TestP2PPage(t *testing.T) {
	b := start(t, sandbox.Options{})
	created := b.p2pOK("POST", "/invoices", p2pBody(`,"startDeal":true,"internalId":"A-1"`))
	id := created["id"].(string)
	path := strings.TrimPrefix(created["invoiceUrl"].(string), b.URL)
	status, page := b.Browse(path)
	equal(t, "status", status, 200)
	contains(t, page, "1\u00a0000,00 RUB", "A-1", "&#43;7(996)777-99-01", "Получатель 1", "sberbank, SBP", "Я перевёл", "Спор", "01.03.2026 13:30", "Ожидает перевода")
	absent(t, page, "<script", "tok", "Получить реквизиты")
	for _, action := range []string{"", "canceled", "expired", "deal"} {
		b.Submit(path, p2pPress(action))
		equal(t, "untouched by "+action, b.p2pRead(id), created)
	}
	b.Advance(time.Minute)
	_, page = b.Submit(path, p2pPress("paid"))
	contains(t, page, "Оплачена", "9.976821 USDT")
	absent(t, page, "<form")
	paid := b.p2pRead(id)
	equal(t, "paid", paid["status"], "paid")
	b.Submit(path, p2pPress("dispute"))
	equal(t, "stays", b.p2pRead(id), paid)

	disputed := b.p2pNew(`,"startDeal":true`)
	_, page = b.Submit("/p2p/invoice?id="+disputed, p2pPress("dispute"))
	contains(t, page, "Открыт спор")
	equal(t, "dispute", b.p2pRead(disputed)["status"], "dispute")

	status, page = b.Browse("/p2p/invoice?id=none")
	equal(t, "missing", status, 404)
	contains(t, page, "Заявка не найдена")
	status, _ = b.Submit("/p2p/invoice?id=none", p2pPress("paid"))
	equal(t, "press missing", status, 404)
}

func TestP2PPageWithoutADeal(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"p2p_requisites": "none"}})
	id := b.p2pNew(`,"startDeal":true`)
	path := "/p2p/invoice?id=" + id
	_, page := b.Browse(path)
	contains(t, page, "пока нет", "Получить реквизиты")
	absent(t, page, "Я перевёл")
	b.Submit(path, p2pPress("paid")) // Nobody could have transferred.
	equal(t, "status", b.p2pRead(id)["status"], "new")
	_, page = b.Submit(path, p2pPress("deal"))
	contains(t, page, "пока нет")
	b.SetDialect(sandbox.Dialect{})
	_, page = b.Submit(path, p2pPress("deal"))
	contains(t, page, "Получатель 1", "Я перевёл")
	equal(t, "deals", len(p2pDealsOf(b.p2pRead(id))), 1)
	b.Advance(time.Hour)
	_, page = b.Submit(path, p2pPress("paid"))
	contains(t, page, "Срок оплаты истёк")
	absent(t, page, "<form")
	equal(t, "status", b.p2pRead(id)["status"], "expired")

	out := b.p2pNew(`,"type":"out","paymentOption":"TO_CARD","paymentMethod":"bank","paymentRequisites":{"requisites":"2200 1","holder":"Пётр"}`)
	_, page = b.Browse("/p2p/invoice?id=" + out)
	contains(t, page, "Выплата", "2200 1", "Пётр", "Перевод выполнен")
	b.Submit("/p2p/invoice?id="+out, p2pPress("deal"))
	equal(t, "no deal", len(p2pDealsOf(b.p2pRead(out))), 0)
	b.Submit("/p2p/invoice?id="+out, p2pPress("paid"))
	equal(t, "out", b.p2pRead(out)["status"], "paid")
}

func TestP2PPagesEscape(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew(`,"internalId":"<script>1</script>","startDeal":true,"paymentMethod":"<script>","paymentOption":"<script>","paymentRequisites":{"requisites":"<script>","holder":"<script>"}`)
	_, page := b.Browse("/p2p/invoice?id=" + id)
	_, index := b.Browse("/")
	contains(t, page, "&lt;script&gt;")
	absent(t, page+index, "<script")
	contains(t, index, "/p2p/invoice?id="+id, "Ожидает перевода (new)", "INVOICE_P2P_BASE_URL="+b.URL+"/p2p", "INVOICE_P2P_API_KEY=demo-api-key", "INVOICE_P2P_SECRET_KEY=demo-secret-key")
	equal(t, "cross origin", b.Elsewhere("/p2p/invoice?id="+id, "action=paid"), 403)
	equal(t, "status", b.p2pRead(id)["status"], "new")
}
