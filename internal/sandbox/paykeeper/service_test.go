package paykeeper

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
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

// With lang=en all words of the bill are English, and the frame's.
func TestPayKeeperEnglishBill(t *testing.T) {
	b := start(t, sandbox.Options{})
	english := func(id string, words ...string) {
		t.Helper()
		_, page := b.Browse("/paykeeper/bill/" + id + "/?pstype=card")
		contains(t, page, words...)
		body := regexp.MustCompile(`(?s)<html lang="en">.*</html>`).FindString(page)
		body = regexp.MustCompile(`МСК|По-русски`).ReplaceAllString(body, "")
		if russian := regexp.MustCompile(`\p{Cyrillic}+`).FindAllString(body, -1); body == "" || russian != nil {
			t.Errorf("Russian: %q in %s", russian, body)
		}
	}
	service := `{"service_name":"Food","lang":"en","user_result_callback":"https://shop.example","cart":[{"name":"Cheese","price":1500,"quantity":1,"sum":1500,"tax":"none"}]}`
	id := b.pkBill("service_name", service, "orderid", "A-1", "clientid", "Smith")
	english(id, "Invoice No. "+id, "Awaiting payment", "Order A-1", "Payer Smith", "Goods or service", "VAT", "Payment method card", "Pay 1500.00 RUB", "Pay before")
	must(t, b.Pay(id))
	english(id, "Paid", "Payment <a", "Back to the shop")
	for status, word := range map[string]string{"revoked": "The seller has canceled", "expired": "Ask the seller"} {
		must(t, b.SetStatus(id, status))
		english(id, word)
	}
}
