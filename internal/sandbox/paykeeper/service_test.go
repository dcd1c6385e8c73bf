package paykeeper

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

func TestPayKeeperServiceName(t *testing.T) {
	b := start(t, sandbox.Options{})
	for part, services := range map[string][]string{
		"lang":                 {`{"lang":"de"}`, `{"lang":""}`, `{"lang":null}`, `{"lang":1,"service_name":"a"}`, pkCart("")[:1] + `"lang":"EN",` + pkCart("")[1:]},
		"user_result_callback": {`{"user_result_callback":""}`, `{"user_result_callback":"javascript:alert(1)"}`, `{"user_result_callback":"/back"}`, `{"user_result_callback":{}}`},
	} {
		for _, service := range services {
			pkFails(t, service, b.pkPost("preview", "pay_amount", "1500", "service_name", service), part)
		}
	}
	sent := `{"service_name":"Продукты","user_result_callback":"https://shop.example/back?a=1&b=2","lang":"ru"}`
	id := b.pkBill("service_name", sent)
	equal(t, "as sent", b.pkByID(id)["service_name"], any(sent))
	b.SetDialect(sandbox.Dialect{"paykeeper_service_name": "string"})
	equal(t, "no cart", b.pkByID(id)["service_name"], any(sent))
	equal(t, "cart in a string", b.pkByID(b.pkBill("service_name", pkCart("")[:1]+`"lang":"en",`+pkCart("")[1:]))["service_name"],
		any(`{"cart":"[{\"name\":\"Сыр\",\"price\":\"500.00\",\"quantity\":\"3\",\"sum\":\"1500\",\"tax\":\"vat20\"}]","lang":"en","service_name":"Продукты"}`))
	b.SetDialect(sandbox.Dialect{"paykeeper_service_name": "text"})
	equal(t, "text", b.pkByID(id)["service_name"], any("Продукты"))
}

func TestPayKeeperCallback(t *testing.T) {
	b := start(t, sandbox.Options{})
	back := `href="https://shop.example/back?a=1&amp;b=%22%3e%3cscript%3e"`
	id := b.pkBill("service_name", `{"lang":"ru","user_result_callback":"https://shop.example/back?a=1&b=\"><script>"}`)
	path := "/paykeeper/bill/" + id + "/"
	_, page := b.Browse(path)
	absent(t, page, "shop.example", "Вернуться")
	must(t, b.Pay(id))
	_, page = b.Browse(path)
	contains(t, page, back, "Вернуться в магазин")
	absent(t, page, "<script")
	for _, address := range []string{"javascript:alert(1)", "//evil.example"} {
		must(t, b.Invoices.Update(id, func(i *Invoice) { i.ServiceName = fmt.Sprintf(`{"user_result_callback":%q}`, address) }))
		_, page = b.Browse(path)
		absent(t, page, address, "Вернуться", "ZgotmplZ")
	}
}

// With lang=en the bill is English, unless the person has chosen otherwise.
func TestPayKeeperEnglishBill(t *testing.T) {
	b := start(t, sandbox.Options{})
	english := func(path string, words ...string) {
		t.Helper()
		_, page := b.Browse(path)
		contains(t, page, words...)
		sandboxtest.IsOneLanguage(t, page)
	}
	service := `{"service_name":"Food","lang":"en","user_result_callback":"https://shop.example","cart":[{"name":"Cheese","price":1500,"quantity":1,"sum":1500,"tax":"vat120","item_type":"goods","payment_type":"advance"}]}`
	id := b.pkBill("service_name", service, "orderid", "A-1", "clientid", "Smith", "client_email", "a@example.com")
	path := "/paykeeper/bill/" + id + "/"
	english(path+"?pstype=card", "Invoice No. "+id, "Awaiting payment", "A-1", "Smith", "Order items", "VAT 20/120, goods, advance", "bank card",
		"Pay ₽1,500.00", "Pay before", "Send the invoice to a@example.com", "Revoke the invoice")
	must(t, b.Pay(id))
	english(path+"?outcome=again", "Paid on 1 Mar 2026, 12:30 MSK", "Payment No. 700001", "Back to the shop", "already paid")
	for status, word := range map[string]string{"revoked": "The seller has canceled", "expired": "Ask the seller"} {
		must(t, b.SetStatus(id, status))
		english(path+"?outcome=none", word, "Back to the shop", "Nothing has changed")
	}
}

func TestPayKeeperEnglishPages(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"paykeeper_refund_time": "never"}})
	id := b.paid()
	b.pkReverse(id, "500")
	b.pkPost("send", "id", b.pkBill("client_email", "a@example.com"))
	for path, word := range map[string]string{
		paymentPage(id): "The money has been returned", outboxPath: "Sent emails", loginPath: "Wrong login or password", billPath + "1/": "The invoice was not found",
	} {
		page := b.BrowseEnglish(path)
		contains(t, page, word)
		sandboxtest.IsOneLanguage(t, page)
	}
}

// Each word that Go code makes up has an English text.
func TestPayKeeperWords(t *testing.T) {
	texts, err := pageFiles.ReadFile("pages/en.json")
	must(t, err)
	translated := sandboxtest.Decode(t, string(texts))
	words := []string{}
	for _, table := range []sandbox.Words{statusWords, paymentWords, taxWords, itemWords, settlementWords, methodWords} {
		words = slices.AppendSeq(words, maps.Values(table))
	}
	for _, outcome := range outcomes {
		words = append(words, outcome.notice+outcome.problem)
	}
	for _, word := range words {
		if _, isIn := translated[word]; !isIn {
			t.Errorf("no English for %q", word)
		}
	}
	for _, tax := range taxes {
		if taxWords[tax] == "" {
			t.Errorf("no word for %s", tax)
		}
	}
	equal(t, "an unknown one", taxWords.Of("vat99"), "vat99")
}
