package p2p

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

func p2pPress(action string) url.Values { return url.Values{"action": {action}} }

func TestP2PPage(t *testing.T) {
	b := start(t, sandbox.Options{})
	created := b.p2pOK("POST", "/invoices", p2pBody(`,"startDeal":true,"internalId":"A-1"`))
	id := created["id"].(string)
	path := strings.TrimPrefix(created["invoiceUrl"].(string), b.URL)
	status, page := b.Browse(path)
	equal(t, "status", status, 200)
	contains(t, page, "1\u00a0000,00\u00a0₽", "A-1", "&#43;7(996)777-99-01", "Получатель 1", "Номер телефона", "Сбербанк", "СБП по номеру телефона", ">Я перевёл<", "Открыть спор", "01.03.2026 13:30", "Ожидает перевода")
	absent(t, page, "<script", "tok", "Получить реквизиты")
	for _, action := range []string{"", "canceled", "expired", "deal"} {
		b.Submit(path, p2pPress(action))
		equal(t, "untouched by "+action, b.p2pRead(id), created)
	}
	b.Advance(time.Minute)
	_, page = b.Submit(path, p2pPress("paid"))
	contains(t, page, "Оплачена", "9,976821\u00a0USDT", "01.03.2026 12:31 МСК, СБП по номеру телефона, Сбербанк")
	absent(t, page, "<form", "уже оплачена")
	paid := b.p2pRead(id)
	equal(t, "paid", paid["status"], "paid")
	for _, action := range []string{"paid", "dispute", "cancel", ""} {
		_, page = b.Submit(path, p2pPress(action))
		contains(t, page, "Эта заявка уже оплачена. Нажатие ничего не изменило.")
		equal(t, "stays after "+action, b.p2pRead(id), paid)
	}

	disputed := b.p2pNew(`,"startDeal":true`)
	_, page = b.Submit("/p2p/invoice?id="+disputed, p2pPress("dispute"))
	contains(t, page, "Открыт спор", "Причина: перевод не найден.", "Не переводите ещё раз")
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
	contains(t, page, "Срок оплаты истёк", "Оплатить можно было до 01.03.2026 13:30 МСК", "выставить новую заявку", "Ничего не изменилось")
	absent(t, page, "<form")
	equal(t, "status", b.p2pRead(id)["status"], "expired")

	out := b.p2pNew(`,"type":"out","paymentOption":"TO_CARD","paymentMethod":"bank","paymentRequisites":{"requisites":"2200 1","holder":"Пётр"}`)
	_, page = b.Browse("/p2p/invoice?id=" + out)
	contains(t, page, "<h1>Выплата</h1>", "Это выплата", "2200 1", "Пётр", "Номер карты", "перевод на карту", ">Перевод выполнен<", "Ожидает выплаты", "Выплатить до")
	absent(t, page, "Я перевёл", "Оплатить до")
	b.Submit("/p2p/invoice?id="+out, p2pPress("deal"))
	equal(t, "no deal", len(p2pDealsOf(b.p2pRead(out))), 0)
	b.Submit("/p2p/invoice?id="+out, p2pPress("paid"))
	_, page = b.Submit("/p2p/invoice?id="+out, p2pPress("paid"))
	contains(t, page, "Выплачена", "Эта выплата уже сделана")
	equal(t, "out", b.p2pRead(out)["status"], "paid")
}

func TestP2PSellerCancelsOnThePage(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew(`,"startDeal":true,"cancelUrl":"https://shop.example/canceled"`)
	path := "/p2p/invoice?id=" + id
	_, page := b.Browse(path)
	contains(t, page, "Для продавца", "Отменить заявку")
	_, page = b.Submit(path, p2pPress("cancel"))
	contains(t, page, "Отменена", "Магазин отменил заявку. Не переводите деньги.", `href="https://shop.example/canceled"`)
	absent(t, page, "<form", "Ничего не изменилось", "Куда перевести")
	canceled := b.p2pRead(id)
	equal(t, "status", canceled["status"], "canceled")
	equal(t, "deal", p2pDealsOf(canceled)[0].(object)["status"], "canceled")
	_, page = b.Submit(path, p2pPress("paid"))
	contains(t, page, "Ничего не изменилось", "Отменена")
	equal(t, "stays", b.p2pRead(id), canceled)
	equal(t, "elsewhere", b.Elsewhere("/p2p/invoice?id="+b.p2pNew(""), "action=cancel"), 403)
	status, _ := b.Submit("/p2p/invoice?id=none", p2pPress("cancel"))
	equal(t, "missing", status, 404)
	must(t, b.Invoices.Update(id, func(i *Invoice) { i.CancelURL = "javascript:alert(1)" }))
	_, page = b.Browse(path)
	absent(t, page, "javascript", "Вернуться в магазин")
}

func TestP2PEnglishPages(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.p2pNew(`,"startDeal":true`)
	must(t, b.Invoices.Update(id, func(i *Invoice) { i.Deals[0].Requisites.Holder, i.SuccessURL = "Peter", "https://shop.example" }))
	out := b.p2pNew(`,"type":"out","paymentOption":"CROSS_BORDER","paymentMethod":"kaspi","paymentRequisites":{"requisites":"2200 1","holder":"Peter"}`)
	for _, words := range [][3]string{
		{"new", "I have transferred", "The transfer is done"}, {"paid", "Paid", "Paid out"}, {"canceled", "Do not transfer money", "The shop has canceled the payout"},
		{"expired", "It could be paid before 1 Mar 2026, 13:30 MSK", "It could be paid out before"}, {"dispute", "In dispute", "In dispute"},
		{"recalculated", "the amount was recalculated", "the amount was recalculated"},
	} {
		for n, id := range []string{id, out} {
			must(t, b.SetStatus(id, words[0]))
			page := b.BrowseEnglish("/p2p/invoice?id=" + id + "&again")
			contains(t, page, words[n+1], "₽1,000.00")
			sandboxtest.IsOneLanguage(t, page)
		}
	}
	texts, err := pageFiles.ReadFile("pages/en.json")
	must(t, err)
	translated := sandboxtest.Decode(t, string(texts))
	for _, table := range []sandbox.Words{statusWords, payoutWords, optionWords, reasonWords} {
		for _, word := range table {
			if _, isIn := translated[word]; !isIn {
				t.Errorf("no English for %q", word)
			}
		}
	}
}

// Options that nobody knows, and banks, are shown as they are.
func TestP2POptionsInWords(t *testing.T) {
	b := start(t, sandbox.Options{})
	for option, words := range map[string][]string{
		"TO_CARD": {"Номер карты", "перевод на карту<"}, "SBP": {"Номер телефона", "СБП по номеру телефона"}, "SBP_QR": {"Данные QR-кода", "СБП по QR-коду<"},
		"MANUAL_SBP_QR": {"Данные QR-кода", "СБП по QR-коду, вручную"}, "CROSS_BORDER": {"Номер карты", "перевод на карту за границей"},
		"MOBILE_TOP_UP": {"Номер телефона", "пополнение мобильного телефона"}, "OTHER": {"<dd>OTHER</dd>"},
	} {
		id := b.p2pNew(`,"startDeal":true,"paymentMethod":"somebank","paymentOption":"` + option + `"`)
		_, page := b.Browse("/p2p/invoice?id=" + id)
		contains(t, page, append(words, "<dd>somebank</dd>")...)
	}
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

// The page shows the seller the word that the API answers.
func TestP2PPageHasTheAnswersWord(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"p2p_paid": "recalculated"}})
	id := b.p2pNew(`,"startDeal":true`)
	_, page := b.Submit("/p2p/invoice?id="+id, p2pPress("paid"))
	contains(t, page, "<code>recalculated</code>")
	equal(t, "answer", b.p2pRead(id)["status"], "recalculated")
}
