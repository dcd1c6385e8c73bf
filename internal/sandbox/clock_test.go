package sandbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// paykeeper asks PayKeeper.
func (b *box) paykeeper(method, path, form string) string {
	b.T.Helper()
	_, _, answer := b.under("", method, "/paykeeper"+path, form, "Authorization", "Basic ZGVtbzpkZW1v", "Content-Type", "application/x-www-form-urlencoded")
	return answer
}

func (b *box) token() string {
	b.T.Helper()
	return sandboxtest.Decode(b.T, b.paykeeper("GET", "/info/settings/token/", ""))["token"].(string)
}

func TestClockOverHTTP(t *testing.T) {
	b := start(t, sandbox.Options{})
	move := func(body string, want int) string {
		t.Helper()
		status, answer := b.steer("POST", "clock", body)
		equal(t, body, status, want)
		return strings.TrimSpace(answer)
	}
	_, answer := b.steer("GET", "clock", "")
	equal(t, "at first", strings.TrimSpace(answer), `{"advanced":"0s","now":"2026-03-01T09:30:00.123Z"}`)
	equal(t, "advance", move(`{"advance":"25h"}`, 200), `{"advanced":"25h0m0s","now":"2026-03-02T10:30:00.123Z"}`)
	equal(t, "set", move(`{"set":"2026-03-02T14:00:00+03:00"}`, 200), `{"advanced":"25h29m59.877s","now":"2026-03-02T11:00:00Z"}`)
	equal(t, "again", move(`{"set":"2026-03-02T11:00:00Z"}`, 200), `{"advanced":"25h29m59.877s","now":"2026-03-02T11:00:00Z"}`)
	for body, part := range map[string]string{
		`{"set":"2026-03-02T10:59:59Z"}`: "/sandbox/reset", `{"advance":"-1s"}`: "/sandbox/reset", `{"set":"9999-01-01T00:00:00Z"}`: "ahead", `{"advance":"2000000h"}`: "ahead",
		`{"advance":"1 day"}`: "duration", `{"set":"tomorrow"}`: "time", `{}`: "advance", `{"advance":"1h","set":"2027-01-01T00:00:00Z"}`: "want",
		`{"advnace":"1h"}`: "advnace", `{"advance":"1h"} {}`: "follows", `x`: "read the clock", ``: "EOF",
	} {
		contains(t, move(body, 400), part)
	}
	equal(t, "after mistakes", b.Now().UTC().Format(time.RFC3339), "2026-03-02T11:00:00Z")
}

// The clock is that of all gateways. What time brings is there at once.
func TestClockOfAllGateways(t *testing.T) {
	told := make(chan string, 10)
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		told <- string(body)
	}))
	defer shop.Close()
	dialect, err := gateways.Switches.Parse("expired=fail")
	must(t, err)
	b := start(t, sandbox.Options{Dialect: dialect, TickInterval: time.Hour})
	link := b.Payment()
	token := b.token()
	bill := sandboxtest.Decode(t, b.paykeeper("POST", "/change/invoice/preview/", "pay_amount=10&expiry=2026-03-02&token="+token))["invoice_id"].(string)
	order := b.p2pOrder(shop.URL)
	invoice, err := b.IntellectMoney.Add(intellectmoney.Invoice{Amount: "10.00"})
	must(t, err)

	status, _ := b.steer("POST", "clock", `{"advance":"25h"}`)
	equal(t, "status", status, 200)
	equal(t, "link", b.OK("GetPayment", sandboxtest.ByID(link))["status"], "fail")
	contains(t, b.paykeeper("GET", "/info/invoice/byid/?id="+bill, ""), `"status":"expired"`)
	contains(t, b.paykeeper("POST", "/change/invoice/preview/", "pay_amount=10&token="+token), `"result":"fail"`)
	contains(t, b.paykeeper("POST", "/change/invoice/preview/", "pay_amount=10&token="+b.token()), `"invoice_id":"20260302133000`)
	select {
	case body := <-told: // by the tick: nobody has asked
		contains(t, body, order, `"status":"expired"`)
	case <-time.After(10 * time.Second):
		t.Error("the shop was not told of the expiry")
	}
	must(t, b.IntellectMoney.SetState(invoice.ID, "Paid"))
	invoice, err = b.IntellectMoney.Invoices.Get(invoice.ID)
	must(t, err)
	equal(t, "ChangeDate", invoice.ChangeDate.UTC().Format(time.RFC3339), "2026-03-02T10:30:00Z")
}

// p2pOrder makes an invoice whose shop is told, and returns its id.
func (b *box) p2pOrder(shop string) string {
	b.T.Helper()
	body := `{"type":"in","amount":"1000","currency":"RUB","notificationUrl":"` + shop + `","notificationToken":"tok"}`
	signature := sign("POST"+b.URL+"/p2p/api/merchant/invoices"+body, "demo-secret-key")
	status, _, answer := b.under("", "POST", "/p2p/api/merchant/invoices", body, "X-Identity", "demo-api-key", "X-Signature", signature, "Content-Type", "application/json")
	equal(b.T, "P2P", status, 200)
	return sandboxtest.Decode(b.T, answer)["id"].(string)
}

// A restart does not take the clock back to before what has happened.
func TestClockSurvives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	first := start(t, sandbox.Options{Database: file})
	first.Advance(25 * time.Hour)
	must(t, first.Close())
	second := start(t, sandbox.Options{Database: file})
	equal(t, "now", second.Now(), sandboxtest.Begin.Add(25*time.Hour))
}

// Clients read the time of the sandbox from its answers, of pages and calls alike.
func TestAnswersCarryTheSandboxsTime(t *testing.T) {
	b := start(t, sandbox.Options{})
	b.Advance(800 * time.Hour)
	for _, path := range []string{"/", "/paykeeper/info/settings/token/", "/nope"} {
		response, err := http.Get(b.URL + path)
		must(t, err)
		_ = response.Body.Close()
		equal(t, path, response.Header.Get("Date"), "Fri, 03 Apr 2026 17:30:00 GMT")
	}
}
