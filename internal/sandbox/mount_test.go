package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// environment is a variable of the sandbox.
func (b *box) environment(name string) string {
	for _, v := range b.Environment(b.URL) {
		if v.Name == name {
			return v.Value
		}
	}
	return "none"
}

// The mounted gateway answers at the root, beside its usual path. Everything else
// stays.
func TestMount(t *testing.T) {
	b := start(t, sandbox.Options{Mount: "paykeeper"})
	const demo = "Basic ZGVtbzpkZW1v"
	_, _, answer := b.under("demo.server.paykeeper.ru", "GET", "/info/settings/token/", "", "Authorization", demo)
	token := sandboxtest.Decode(t, answer)["token"].(string)
	equal(t, "usual path", b.token(), token)
	_, _, answer = b.under("", "POST", "/change/invoice/preview/", "pay_amount=10&token="+token, "Authorization", demo, "Content-Type", "application/x-www-form-urlencoded")
	id := sandboxtest.Decode(t, answer)["invoice_id"].(string)
	status, page := b.Browse("/bill/" + id + "/")
	equal(t, "bill", status, 200)
	contains(t, page, "Оплатить")
	status, page = b.Submit("/bill/"+id+"/", nil)
	equal(t, "paid", status, 200)
	contains(t, page, "Оплачен")
	equal(t, "base URL", b.environment("INVOICE_PAYKEEPER_BASE_URL"), b.URL)
	equal(t, "the others'", b.environment("INVOICE_P2P_BASE_URL"), b.URL+"/p2p")
	equal(t, "gateway in the journal", operations(b.journal("?gateway=paykeeper")), "paykeeper.preview paykeeper.token paykeeper.token")
	equal(t, "url in the journal", b.journal("?limit=1")[0]["url"], b.URL+"/change/invoice/preview/")

	for path, want := range map[string]int{"/": 200, "/healthz": 200, "/sandbox/clock": 200, "/sandbox/journal": 200, "/nope": 404, "/paykeeper": 404, "/info/nope/": 404} {
		status, _ := b.Browse(path)
		equal(t, path, status, want)
	}
	b.Terminal()
	// The pages are no API there either.
	status, _, _ = b.under("evil.example", "GET", "/bill/"+id+"/", "")
	equal(t, "rebound", status, 403)
	status, _, _ = b.under("evil.example", "POST", "/change/invoice/revoke/", "", "Origin", "http://evil.example")
	equal(t, "rebound API", status, 403)
}

func TestMountOthers(t *testing.T) {
	invoice := start(t, sandbox.Options{Mount: "invoice"})
	invoice.Terminal()
	response, answer, err := invoice.Send("POST", "/api/v2/GetTerminal", `{"alias":"N1"}`, func(r *http.Request) {
		r.SetBasicAuth("c24360cfac0a0c40c518405f6bc68cb0", "1526fec01b5d11f4df4f2160627ce351")
		r.Header.Set("Content-Type", "application/json")
	})
	must(t, err)
	equal(t, "status", response.StatusCode, 200)
	contains(t, answer, "Магазин")
	equal(t, "base URL", invoice.environment("INVOICE_BASE_URL"), invoice.URL+"/api/v2")

	// What is signed is the address that the client knows.
	p2p := start(t, sandbox.Options{Mount: "p2p"})
	const body = `{"type":"in","amount":"1000","currency":"RUB","notificationUrl":"https://shop.example/","notificationToken":"tok"}`
	status, _, answer := p2p.under("", "POST", "/api/merchant/invoices", body, "X-Identity", "demo-api-key", "Content-Type", "application/json",
		"X-Signature", sign("POST"+p2p.URL+"/api/merchant/invoices"+body, "demo-secret-key"))
	equal(t, "P2P", status, 200)
	status, page := p2p.Browse("/invoice?id=" + sandboxtest.Decode(t, answer)["id"].(string))
	equal(t, "page", status, 200)
	contains(t, page, "Заявка")

	if _, err := gateways.Open(gateways.Options{Options: sandbox.Options{Mount: "nope"}}); err == nil || !strings.Contains(err.Error(), `"intellectmoney"`) {
		t.Error(err)
	}
	for _, name := range gateways.Names {
		start(t, sandbox.Options{Mount: name})
	}
}
