package sandbox_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// under sends a request under a name, with headers as pairs, and returns what came
// back.
func (b *box) under(host, method, path, body string, headers ...string) (status int, kind, answer string) {
	b.T.Helper()
	response, answer, err := b.Send(method, path, body, func(r *http.Request) {
		if host != "" {
			r.Host = host
		}
		for n := 0; n < len(headers); n += 2 {
			r.Header.Set(headers[n], headers[n+1])
		}
	})
	must(b.T, err)
	return response.StatusCode, response.Header.Get("Content-Type"), answer
}

// Pages and /sandbox/ answer under own names only, whatever port stands there.
func TestHosts(t *testing.T) {
	local, public := start(t, sandbox.Options{}), start(t, sandbox.Options{PublicURL: "https://sandbox.example/x"})
	id := local.Payment()
	for host, want := range map[string]int{
		"localhost": 200, "LOCALHOST:1": 200, "localhost.": 200, "shop.localhost:8085": 200, "127.0.0.1": 200, "127.9.8.7:80": 200, "[::1]:8085": 200, "[::ffff:127.0.0.1]": 200,
		"evil.example": 403, "127.0.0.1.evil.example": 403, "localhost.evil.example:8085": 403, "10.0.0.1": 403, "0.0.0.0": 403, "[::]": 403,
		"sandbox.example": 403, "evillocalhost": 403,
	} {
		for _, path := range []string{"/", "/invoice/pay/" + id, "/sandbox/faults"} {
			status, _, answer := local.under(host, "GET", path, "")
			equal(t, host+" "+path, status, want)
			if want == 403 {
				contains(t, answer, host, local.URL+"/", "-public-url")
			}
		}
		status, _, _ := local.under(host, "GET", "/healthz", "")
		equal(t, host+" /healthz", status, 200)
	}
	for host, want := range map[string]int{"sandbox.example": 200, "SANDBOX.example:443": 200, "localhost": 200, "x.sandbox.example": 403} {
		status, _, _ := public.under(host, "GET", "/", "")
		equal(t, "public "+host, status, want)
	}
	// What no URL has for a host, and a client that is not Go's could send.
	for _, host := range []string{"", "evil.example/.localhost", "localhost:1@evil.example", "evil.example?.localhost", "localhost "} {
		request, answer := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
		request.Host = host
		local.Handler().ServeHTTP(answer, request)
		equal(t, host, answer.Code, 403)
		absent(t, answer.Body.String(), "Open http://evil", "Open http://localhost:1")
	}
	// A reset or a payment under such a name is refused, even without an Origin.
	status, _, _ := local.under("evil.example", "POST", "/sandbox/faults", `{"kind":"html"}`)
	equal(t, "fault", status, 403)
	equal(t, "faults", len(local.Faults()), 0)
}

// The gateways' APIs answer under the real gateways' names, which get into no link.
func TestRealNames(t *testing.T) {
	b := start(t, sandbox.Options{})
	terminal := b.Terminal()
	const login, kind = "Basic YzI0MzYwY2ZhYzBhMGM0MGM1MTg0MDVmNmJjNjhjYjA6MTUyNmZlYzAxYjVkMTFmNGRmNGYyMTYwNjI3Y2UzNTE=", "application/json"
	status, _, answer := b.under("api.invoice.su", "POST", "/invoice/api/v2/CreatePayment", sandboxtest.PaymentBody(terminal), "Authorization", login, "Content-Type", kind)
	equal(t, "status", status, 200)
	contains(t, answer, `"payment_url":"`+b.URL+"/invoice/pay/")
	status, _, answer = b.under("demo.server.paykeeper.ru", "GET", "/paykeeper/info/settings/token/", "", "Authorization", "Basic ZGVtbzpkZW1v")
	equal(t, "paykeeper", status, 200)
	contains(t, answer, `"token"`)
	status, _, answer = b.under("api.invoice.su", "POST", "/invoice/api/v2/Nope", "{}", "Authorization", login)
	equal(t, "unknown operation", status, 400)
	contains(t, answer, "Nope")
	status, _, answer = b.under("p2p.test", "GET", "/p2p/api/merchant/nope", "")
	equal(t, "unknown P2P address", status, 404)
	contains(t, answer, "Not Found")
	absent(t, answer, "p2p.test")
}

// A page of a rebound name of plain http sends nothing that tells it from a program.
// So the APIs answer under names only that no other site can own.
func TestNamesThatOthersCanOwn(t *testing.T) {
	local, public := start(t, sandbox.Options{}), start(t, sandbox.Options{PublicURL: "https://sandbox.example/x"})
	for host, want := range map[string]int{
		"127.0.0.1:1": 200, "LocalHost": 200, "shop.localhost.": 200, "10.0.0.1:8085": 200, "0.0.0.0": 200, "[2001:db8::1]:8085": 200,
		"sandbox:8085": 200, "shop_sandbox_1": 200, "box.local": 200, "host.docker.internal:8085": 200, "Pay.TEST": 200,
		"invoice.su": 200, "api.invoice.su:443": 200, "PAY.invoice.su.": 200, "demo.server.paykeeper.ru": 200, "paykeeper.alfabank.ru": 200,
		"ecom.rosbank-processing.ru": 200, "ecom.gazprombank-processing.ru": 200, "ecom.ubrr.ru": 200, "ecom.rsb.ru": 200, "api.intellectmoney.ru": 200,
		"evil.example": 403, "evil.example:8085": 403, "api.invoice.su.evil.example": 403, "evilinvoice.su": 403, "evil-paykeeper.ru": 403, "alfabank.ru": 403,
		"127.0.0.1.nip.io": 403, "localtest.me": 403, "notlocal": 200, "x.notlocal": 403, "sandbox.example": 403, "su": 200, "evil.example..": 403,
	} {
		status, _, answer := local.under(host, "GET", "/paykeeper/info/settings/token/", "", "Authorization", "Basic ZGVtbzpkZW1v", "User-Agent", "Mozilla/5.0")
		equal(t, host, status, want)
		if want == 403 {
			contains(t, answer, host, local.URL+"/", "-public-url")
			absent(t, answer, `"token"`, "http://"+host)
		}
		unknown, _, _ := local.under(host, "GET", "/nope", "")
		equal(t, host+": unknown", unknown, map[int]int{200: 404, 403: 403}[want])
	}
	status, _, _ := public.under("sandbox.example", "GET", "/paykeeper/info/settings/token/", "", "Authorization", "Basic ZGVtbzpkZW1v")
	equal(t, "public name", status, 200)
	status, _, _ = public.under("x.sandbox.example", "GET", "/paykeeper/info/settings/token/", "", "Authorization", "Basic ZGVtbzpkZW1v")
	equal(t, "below the public name", status, 403)
	for host, want := range map[string]int{"": 404, "evil.example/.localhost": 403, "x:1@evil": 403, "a b": 403, "evil.example?.test": 403} {
		request, answer := httptest.NewRequest(http.MethodGet, "/p2p/api/merchant/nope", nil), httptest.NewRecorder()
		request.Host = host
		local.Handler().ServeHTTP(answer, request)
		equal(t, host, answer.Code, want)
	}
}

// What is refused, and a picture on a page of another site, use up no fault and are
// not in the journal.
func TestOtherSitesUseUpNoFault(t *testing.T) {
	b := start(t, sandbox.Options{})
	b.Inject(sandbox.Fault{Kind: sandbox.FaultLostAnswer, Times: 1})
	const token = "/paykeeper/info/settings/token/"
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
	} {
		status, _, answer := b.under("", "GET", token, "", headers...)
		equal(t, headers[1], status, 403)
		contains(t, answer, "another site")
	}
	status, _, _ := b.under("evil.example", "GET", token, "")
	equal(t, "rebound", status, 403)
	equal(t, "faults and calls", []int{len(b.Faults()), len(b.journal("")), len(b.Requests())}, []int{1, 0, 0})
	b.ClearFaults()
	for _, site := range []string{"same-origin", "none"} {
		status, _, _ := b.under("", "GET", token, "", "Sec-Fetch-Site", site, "Authorization", "Basic ZGVtbzpkZW1v")
		equal(t, site, status, 200)
	}
	status, _, _ = b.under("", "GET", "/", "", "Sec-Fetch-Site", "cross-site", "Accept", "text/html")
	equal(t, "a link to a page", status, 200)
}

// What changes something and comes from a browser comes from an own page.
func TestOrigins(t *testing.T) {
	b := start(t, sandbox.Options{PublicURL: "https://sandbox.example/x"})
	own := strings.TrimPrefix(b.URL, "http://")
	const fault = `{"kind":"html","operation":"GetRefund"}`
	for _, test := range []struct {
		name, host string
		headers    []string
		want       int
	}{
		{"a program", "", nil, 200},
		{"own page", "", []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://" + own}, 200},
		{"own page of an old browser", "", []string{"Origin", "http://" + own}, 200},
		{"own page behind a proxy", "", []string{"Origin", "https://sandbox.example"}, 200},
		{"typed address", "", []string{"Sec-Fetch-Site", "none"}, 200},
		{"another site", "", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another port", "", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another site in an old browser", "", []string{"Origin", "https://evil.example"}, 403},
		{"a sandboxed frame", "", []string{"Origin", "null"}, 403},
		{"a rebound name", "evil.example", []string{"Origin", "http://evil.example"}, 403},
		{"a rebound name, new browser", "evil.example", []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://evil.example"}, 403},
	} {
		status, kind, answer := b.under(test.host, "POST", "/sandbox/faults", fault, test.headers...)
		equal(t, test.name, status, test.want)
		if test.want == 403 {
			equal(t, test.name+": kind", kind, "application/json")
			contains(t, answer, `{"error":"`)
		}
		// An API that answers any name does not answer a page of any name.
		if status, _, answer = b.under(test.host, "POST", "/invoice/api/v2/GetPayment", "{}", test.headers...); test.want == 403 {
			equal(t, test.name+": API", status, 403)
			equal(t, test.name+": calls", strings.Contains(answer, "additions"), false)
		}
	}
	status, kind, answer := b.under("", "POST", "/sandbox/faults", "", "Origin", "https://evil.example", "Accept", "text/html,*/*;q=0.8")
	equal(t, "page", status, 403)
	equal(t, "kind", kind, "text/html; charset=utf-8")
	contains(t, answer, "другого сайта", "https://evil.example")
	status, _, answer = b.under(`evil.example`, "GET", "/", "", "Accept", "text/html")
	equal(t, "page", status, 403)
	contains(t, answer, "-public-url", "https://sandbox.example/x/")
	absent(t, answer, `href="http://evil.example`)
}

// A module for a shop leads its customers to the payment page with a form.
func TestAFormOfAShopLeadsToThePage(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	form := func(host, path, accept string) (int, string) {
		status, _, answer := b.under(host, "POST", path, "card=5543735484626654&expiry=01%2F22&cvc=852&code=123456",
			"Content-Type", "application/x-www-form-urlencoded", "Origin", "https://shop.example", "Sec-Fetch-Site", "cross-site", "Accept", accept)
		return status, answer
	}
	status, _ := form("", "/invoice/pay/"+id, "text/html,*/*")
	equal(t, "status", status, http.StatusSeeOther)
	p, err := b.InvoiceAPI.Payments.Get(id)
	must(t, err)
	equal(t, "payment", p.Status, "init")
	for _, other := range []struct{ host, path, accept string }{
		{"", "/invoice/pay/" + id, "*/*"}, {"evil.example", "/invoice/pay/" + id, "text/html"}, {"", "/sandbox/faults", "text/html"}, {"", "//invoice/pay/" + id, "text/html"}, {"", "/invoice/api/v2/CreateTerminal", "text/html"},
	} {
		if status, answer := form(other.host, other.path, other.accept); status != http.StatusForbidden {
			t.Errorf("%+v: %d %s", other, status, answer)
		}
	}
}

// Links start with what pages answer under, whatever is asked under.
func TestPublicURLIsChecked(t *testing.T) {
	for _, address := range []string{"localhost:8080", "shop.example", "javascript:alert(1)", "http://", "http://:80", "https://shop.example/p?x", "https://shop.example#x", "https://u:p@shop.example", "ftp://shop.example"} {
		if _, err := sandbox.Open(sandbox.Options{PublicURL: address}); err == nil || !strings.Contains(err.Error(), "public URL") || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"https://shop.example:443", "HTTPS://Shop.Example", "https://shop.example:"} {
		status, _, _ := start(t, sandbox.Options{PublicURL: address}).under("", "POST", "/sandbox/reset", "", "Origin", "https://shop.example")
		equal(t, address, status, 204)
	}
	request, answer := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
	request.Host = "192.0.2.2:8085"
	request = request.WithContext(context.WithValue(request.Context(), http.LocalAddrContextKey, net.Addr(&net.TCPAddr{IP: net.IPv4(192, 0, 2, 2), Port: 8085})))
	start(t, sandbox.Options{}).Handler().ServeHTTP(answer, request)
	equal(t, "status", answer.Code, 403)
	contains(t, answer.Body.String(), "Use http://localhost:8085/,")
}
