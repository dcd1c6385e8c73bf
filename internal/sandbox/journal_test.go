package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// steer asks the sandbox itself.
func (b *box) steer(method, path, body string) (int, string) {
	b.T.Helper()
	status, _, answer := b.under("", method, "/sandbox/"+path, body)
	return status, answer
}

// journal reads /sandbox/requests.
func (b *box) journal(query string) (calls []object) {
	b.T.Helper()
	status, answer := b.steer("GET", "requests"+query, "")
	equal(b.T, "status of the journal", status, 200)
	must(b.T, json.Unmarshal([]byte(answer), &calls))
	return calls
}

// operations are those of calls, in their order.
func operations(calls []object) string {
	var all []string
	for _, call := range calls {
		all = append(all, call["operation"].(string))
	}
	return strings.Join(all, " ")
}

func TestJournal(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	b.Refused("GetRefund", sandboxtest.ByID("nope"), 8)
	b.Inject(sandbox.Fault{Operation: "ClosePayment", Kind: sandbox.FaultLostAnswer, Times: 1})
	_, _, _ = b.Post("ClosePayment", sandboxtest.ByID(id))
	b.Inject(sandbox.Fault{Operation: "GetPayment", Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "7", Times: 1})
	_, _, _ = b.Post("GetPayment", sandboxtest.ByID(id))
	b.Inject(sandbox.Fault{Operation: "GetPayment", Kind: sandbox.FaultHTML, Times: 1})
	_, _, _ = b.Post("GetPayment", sandboxtest.ByID(id))
	b.under("demo.server.paykeeper.ru", "GET", "/paykeeper/info/settings/token/", "", "Authorization", "Basic ZGVtbzpkZW1v")

	for query, want := range map[string]string{
		"":                                "paykeeper.token GetPayment GetPayment ClosePayment GetRefund CreatePayment CreateTerminal",
		"?gateway=invoice&status=2xx":     "GetPayment CreatePayment CreateTerminal",
		"?gateway=p2p":                    "",
		"?gateway=&status=&limit=2":       "paykeeper.token GetPayment",
		"?operation=GetPayment":           "GetPayment GetPayment",
		"?status=none":                    "ClosePayment",
		"?status=400":                     "GetRefund",
		"?status=429&operation=GetRefund": "",
	} {
		equal(t, query, operations(b.journal(query)), want)
	}
	for query, part := range map[string]string{"?gateway=nope": "invoice", "?status=9xx": "4xx", "?status=xx": "4xx", "?limit=0": "1000", "?limit=1001": "1000", "?operatoin=x": "operatoin"} {
		status, answer := b.steer("GET", "requests"+query, "")
		equal(t, query, status, 400)
		contains(t, answer, part)
		_, page := b.Browse("/sandbox/journal" + query)
		contains(t, page, `class="problem"`)
	}

	closed := b.journal("?operation=ClosePayment")[0]
	equal(t, "fault", closed["fault"], "lost_answer")
	equal(t, "answered", closed["answered"], false)
	equal(t, "done", closed["done"], true)
	contains(t, closed["answer"].(object)["body"].(string), `"status":"closed"`)
	equal(t, "url", closed["url"], b.URL+"/invoice/api/v2/ClosePayment")
	equal(t, "request", closed["request"].(object)["body"], sandboxtest.ByID(id))
	equal(t, "at", closed["at"], "2026-03-01T09:30:00.123Z")
	refused := b.journal("?status=429")[0]
	equal(t, "Retry-After", refused["answer"].(object)["headers"].(object)["Retry-After"], "7")
	contains(t, b.journal("?operation=GetPayment&limit=1")[0]["answer"].(object)["body"].(string), "Технические работы")

	status, page := b.Browse("/sandbox/journal?gateway=invoice&status=4xx")
	equal(t, "page", status, 200)
	contains(t, page, "GetRefund", "неисправность status", `<option selected>invoice</option>`, `<option selected>4xx</option>`, "curl -X")
	absent(t, page, "<strong>paykeeper.token", "<strong>CreateTerminal")
	_, page = b.Browse("/sandbox/journal?limit=7")
	contains(t, page, "<option selected>7</option>", "без ответа")

	status, answer := b.steer("DELETE", "requests", "")
	equal(t, "DELETE", fmt.Sprint(status, " ", strings.TrimSpace(answer)), "200 []")
	equal(t, "left", len(b.journal("")), 0)
	equal(t, "what tests see", len(b.Requests()), 7)
	b.OK("GetPayment", sandboxtest.ByID(id))
	equal(t, "numbers go on", b.journal("")[0]["number"], 8.0)
}

// Nothing secret is shown, of any gateway.
func TestJournalMasks(t *testing.T) {
	b := start(t, sandbox.Options{})
	b.Terminal()
	_, _, token := b.under("", "GET", "/paykeeper/info/settings/token/", "", "Authorization", "Basic ZGVtbzpkZW1v")
	token = sandboxtest.Decode(t, token)["token"].(string)
	_, _, preview := b.under("", "POST", "/paykeeper/change/invoice/preview/", "pay_amount=10.00&client_email=ivan%40example.com&client_phone=%2B79001234567&clientid=ivan%40example.com&token="+token,
		"Authorization", "Basic ZGVtbzpkZW1v", "Content-Type", "application/x-www-form-urlencoded")
	contains(t, preview, "invoice_id")
	b.under("", "POST", "/p2p/api/merchant/invoices", `{"type":"out","amount":"10","notificationToken":"nt-secret","paymentRequisites":{"requisites":"2200123412341234","holder":"Пётр Орлов"}}`,
		"X-Identity", "demo-api-key", "X-Signature", "c2lnbmF0dXJl", "Content-Type", "application/json")
	b.under("", "POST", "/intellectmoney/personal/user/getUserToken", "Login=demo%40example.com&Password=hunter2", "Authorization", "Bearer demo-bearer-token", "Sign", "abcdef0123")
	b.under("", "GET", "/paykeeper/info/invoice/byid/?id=1&token="+token, "")
	equal(t, "calls", len(b.journal("")), 6)
	_, all := b.steer("GET", "requests", "")
	_, page := b.Browse("/sandbox/journal")
	for _, shown := range []string{all, page} {
		absent(t, shown, "1526fec01b5d11f4df4f2160627ce351", "YzI0MzYw", "ZGVtbzpkZW1v", token, "ivan", "79001234567", "nt-secret", "2200123412341234", "Орлов",
			"demo-api-key", "c2lnbmF0dXJl", "demo-bearer-token", "abcdef0123", "hunter2", "demo%40example", "demo@example")
		contains(t, shown, "Basic ***", "Bearer ***", "pay_amount=10.00", "token=***")
	}
	for operation, parts := range map[string][]string{
		"CreateTerminal":       {`-u "$INVOICE_MERCHANT_ID:$INVOICE_API_KEY"`, "-H 'Content-Type: application/json'", `--data-raw '{"name":"Магазин","alias":"N1"}'`},
		"paykeeper.preview":    {`-u "$INVOICE_PAYKEEPER_LOGIN:$INVOICE_PAYKEEPER_PASSWORD"`, "token=***'"},
		"p2p.create":           {`-H 'X-Identity: '"$INVOICE_P2P_API_KEY"`, "-H 'X-Signature: ***'"},
		"intellectmoney.token": {`-H 'Authorization: Bearer '"$INVOICE_INTELLECTMONEY_BEARER_TOKEN"`},
	} {
		contains(t, b.journal("?operation=" + operation)[0]["curl"].(string), parts...)
	}
}

// The command does what the call did, whatever the texts are.
func TestJournalCurl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl")
	}
	b := start(t, sandbox.Options{})
	b.OK("CreateTerminal", `{"name":"it's $HOME \"x\" `+"`id`"+`","alias":"N1"}`)
	command := b.journal("")[0]["curl"].(string)
	must(t, b.InvoiceAPI.Terminals.Delete("N1"))
	shell := exec.Command("sh", "-c", command)
	for _, v := range b.Environment(b.URL) {
		shell.Env = append(shell.Env, v.Name+"="+v.Value)
	}
	output, err := shell.Output()
	must(t, err)
	contains(t, string(output), `"name":"it's $HOME \"x\" `+"`id`")
}

// The journal keeps a thousand calls, and the beginning of long bodies.
func TestJournalIsBounded(t *testing.T) {
	b := start(t, sandbox.Options{})
	long := `{"id":"` + strings.Repeat("я", 200_000) + `","token":"secret"}`
	_, _, _ = b.Post("GetRefund", long)
	request := b.journal("")[0]["request"].(object)
	equal(t, "cut", request["cut"], true)
	equal(t, "length", len(request["body"].(string)) > 60_000 && len(request["body"].(string)) <= 70_000, true)
	_, page := b.Browse("/sandbox/journal")
	contains(t, page, "Показано начало")
	for range 1100 {
		request, _ := http.NewRequest(http.MethodPost, b.URL+"/invoice/api/v2/GetPayment", strings.NewReader(`{"id":"x"}`))
		response, err := http.DefaultClient.Do(request)
		must(t, err)
		_ = response.Body.Close()
	}
	all := b.journal("?limit=1000")
	equal(t, "calls", len(all), 1000)
	equal(t, "the oldest is gone", len(b.journal("?operation=GetRefund")), 0)
	equal(t, "newest", all[0]["number"], 1101.0)
	began := time.Now()
	_, page = b.Browse("/sandbox/journal")
	equal(t, "on the page", strings.Count(page, "<details>"), 50)
	t.Logf("the page took %v", time.Since(began))
}
