package paykeeper

import (
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

func TestPayKeeperInvoice(t *testing.T) {
	b := start(t, sandbox.Options{})
	made := b.pkPost("preview", "pay_amount", "1500.5", "clientid", "Иванов", "orderid", "A-1", "service_name", "Услуга",
		"client_email", "a@example.com", "client_phone", "+7 900", "expiry", "2026-03-05")
	id := "20260301123000123" // sandboxtest.Begin, in Moscow
	equal(t, "invoice_id", made["invoice_id"], id)
	equal(t, "invoice_url", made["invoice_url"], b.URL+"/paykeeper/bill/"+id+"/")
	contains(t, made["invoice"].(string), "<html", "1\u00a0500,50\u00a0₽", "A-1", "Услуга", b.URL+"/paykeeper/bill/"+id+"/")
	want := object{
		"id": id, "user_id": "1", "user_login": "demo", "status": "created", "pay_amount": "1500.50", "clientid": "Иванов", "orderid": "A-1",
		"paymentid": nil, "service_name": "Услуга", "client_email": "a@example.com", "client_phone": "+7 900",
		"expiry_datetime": "2026-03-05 00:00:00", "created_datetime": "2026-03-01 12:30:00", "paid_datetime": nil,
	}
	equal(t, "byid", b.pkByID(id), want)

	b.Advance(time.Minute)
	equal(t, "send", b.pkPost("send", "id", id), object{"result": "success"})
	want["status"] = "sent"
	equal(t, "sent", b.pkByID(id), want)
	b.Advance(time.Hour)
	must(t, b.Pay(id))
	want["status"], want["paymentid"], want["paid_datetime"] = "paid", "700001", "2026-03-01 13:31:00"
	equal(t, "paid", b.pkByID(id), want)
	pkFails(t, "revoke", b.pkPost("revoke", "id", id), "paid")
	pkFails(t, "send", b.pkPost("send", "id", id), "paid")
	equal(t, "unchanged", b.pkByID(id), want)

	second := b.pkBill()
	equal(t, "revoke", b.pkPost("revoke", "id", second), object{"result": "success"})
	equal(t, "revoked", b.pkByID(second)["status"], "expired")
	pkFails(t, "send revoked", b.pkPost("send", "id", second), "expired")
	pkFails(t, "unknown", b.pkByID("20000101000000000"), "Счёт не найден.")
	pkFails(t, "send unknown", b.pkPost("send", "id", "1"), "Счёт не найден.")
	pkFails(t, "revoke unknown", b.pkPost("revoke", "id", "1"), "Счёт не найден.")
}

// Every call makes a new invoice, also within one millisecond; ids are never
// given twice.
func TestPayKeeperIDs(t *testing.T) {
	b := start(t, sandbox.Options{})
	equal(t, "first", b.pkBill("orderid", "same"), "20260301123000123")
	equal(t, "second", b.pkBill("orderid", "same"), "20260301123000124")
	must(t, b.Invoices.Delete("20260301123000124"))
	equal(t, "third", b.pkBill("orderid", "same"), "20260301123000125")

	file := filepath.Join(t.TempDir(), "x.db")
	first := start(t, sandbox.Options{Database: file})
	id := first.pkBill()
	invoice := first.pkByID(id)
	must(t, first.Close())
	second := start(t, sandbox.Options{Database: file})
	equal(t, "kept", second.pkByID(id), invoice)
	equal(t, "next", second.pkBill(), "20260301123000124")
}

func TestPayKeeperEscapesJSON(t *testing.T) {
	b := start(t, sandbox.Options{})
	response, answer := b.pk(http.MethodGet, "/info/invoice/byid/?id=1", "")
	equal(t, "type", response.Header.Get("Content-Type"), "text/html; charset=utf-8")
	equal(t, "status", response.StatusCode, 200)
	contains(t, answer, `\u0421\u0447\u0451\u0442 \u043d\u0435 \u043d\u0430\u0439\u0434\u0435\u043d.`)
	_, answer = b.pk(http.MethodPost, "/change/invoice/preview/", "pay_amount=1")
	contains(t, answer, `\u0422\u043e\u043a\u0435\u043d`)
	id := b.pkBill("orderid", `😀/"<\`)
	answer = b.pkGet("/info/invoice/byid/?id=" + id)
	contains(t, answer, `"\ud83d\ude00\/\"<\\"`)
	equal(t, "decoded", decode(t, answer)["orderid"], `😀/"<\`)
	for _, r := range answer {
		if r > 126 {
			t.Fatalf("not ASCII: %s", answer)
		}
	}
	b.SetDialect(sandbox.Dialect{"paykeeper_content_type": "json"})
	response, _ = b.pk(http.MethodGet, "/info/invoice/byid/?id=1", "")
	equal(t, "type", response.Header.Get("Content-Type"), "application/json")
}

func TestPayKeeperLogin(t *testing.T) {
	b := start(t, sandbox.Options{}, Options{Login: "shop", Password: "secret"})
	calls := map[string]string{
		"/info/settings/token/": "GET", "/info/invoice/byid/": "GET", "/info/invoice/list/": "GET", "/info/invoice/listcount/": "GET",
		"/info/invoice/search/": "GET", "/change/invoice/preview/": "POST", "/change/invoice/send/": "POST", "/change/invoice/revoke/": "POST",
		"/info/payments/byid/": "GET", "/info/refunds/bypaymentid/": "GET", "/change/payment/reverse/": "POST",
	}
	for path, method := range calls {
		for name, login := range map[string]func(*http.Request){
			"demo": func(*http.Request) {}, "password": func(r *http.Request) { r.SetBasicAuth("shop", "demo") },
			"login": func(r *http.Request) { r.SetBasicAuth("demo", "secret") }, "none": func(r *http.Request) { r.Header.Del("Authorization") },
		} {
			response, answer := b.pk(method, path, "", login)
			if response.StatusCode != http.StatusUnauthorized || response.Header.Get("WWW-Authenticate") == "" || !strings.Contains(answer, "<html") {
				t.Errorf("%s with %s: %d %s", path, name, response.StatusCode, answer)
			}
		}
	}
	equal(t, "calls", len(b.Requests()), 4*len(calls))
	for _, request := range b.Requests() {
		if request.Authorized || request.Status != 401 {
			t.Errorf("%+v", request)
		}
	}
	right := func(r *http.Request) { r.SetBasicAuth("shop", "secret") }
	response, answer := b.pk("GET", "/info/settings/token/", "", right)
	if response.StatusCode != http.StatusOK || decode(t, answer)["token"] == "" {
		t.Error(answer)
	}

	b.SetDialect(sandbox.Dialect{"paykeeper_login": "303"})
	response, _ = b.pk("GET", "/info/invoice/list/", "")
	equal(t, "303", response.StatusCode, 303)
	equal(t, "location", response.Header.Get("Location"), b.URL+"/paykeeper/login/")
	status, page := b.Browse("/paykeeper/login/")
	equal(t, "login page", status, 200)
	contains(t, page, "Вход в личный кабинет")
	b.SetDialect(sandbox.Dialect{"paykeeper_login": "html"})
	response, answer = b.pk("POST", "/change/invoice/send/", "")
	equal(t, "html", response.StatusCode, 200)
	contains(t, answer, "<html", "Вход в личный кабинет")
}

func TestPayKeeperToken(t *testing.T) {
	b := start(t, sandbox.Options{})
	token := b.pkToken()
	equal(t, "length", len(token), 32)
	equal(t, "kept", b.pkToken(), token)
	try := func(token string) object {
		t.Helper()
		_, answer := b.pk("POST", "/change/invoice/preview/", url.Values{"pay_amount": {"1"}, "token": {token}}.Encode())
		return decode(t, answer)
	}
	refused := func(what, token string) {
		t.Helper()
		equal(t, what, try(token), object{"result": "fail", "msg": "Токен безопасности не верен."})
	}
	refused("none", "")
	refused("wrong", strings.Repeat("0", 32))
	for _, call := range []string{"invoice/send", "invoice/revoke", "payment/reverse"} {
		_, answer := b.pk("POST", "/change/"+call+"/", "id=1&token=x")
		pkFails(t, call, decode(t, answer), "Токен безопасности не верен.")
	}
	// A body that is no form has no token; nor does the query.
	_, answer := b.pk("POST", "/change/invoice/preview/", "pay_amount=1&token="+token, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
	pkFails(t, "json", decode(t, answer), "Токен")
	_, answer = b.pk("POST", "/change/invoice/preview/?token="+token, "pay_amount=1")
	pkFails(t, "query", decode(t, answer), "Токен")

	b.RotateToken()
	refused("rotated", token)
	next := b.pkToken()
	if next == token {
		t.Error("the token did not change")
	}
	b.Advance(24*time.Hour - time.Millisecond)
	if made := try(next); made["invoice_id"] == nil {
		t.Errorf("still good: %v", made)
	}
	equal(t, "kept", b.pkToken(), next)
	b.Advance(time.Millisecond)
	refused("24 hours", next)
	if b.pkToken() == next {
		t.Error("the token did not rotate")
	}
	invoices, err := b.Invoices.All()
	must(t, err)
	equal(t, "invoices", len(invoices), 1)

	b.SetDialect(sandbox.Dialect{"paykeeper_token_kills": "true"})
	first := b.pkToken()
	if b.pkToken() == first {
		t.Error("the same token again")
	}
	refused("killed", first)
}

func TestPayKeeperMethods(t *testing.T) {
	b := start(t, sandbox.Options{})
	_, answer := b.pk("POST", "/info/invoice/byid/?id=1", "")
	pkFails(t, "POST byid", decode(t, answer), "GET")
	_, answer = b.pk("GET", "/change/invoice/preview/?pay_amount=1&token="+b.pkToken(), "")
	pkFails(t, "GET preview", decode(t, answer), "POST")
	response, _ := b.pk("GET", "/info/invoice/other/", "")
	equal(t, "unknown", response.StatusCode, 404)
}

func TestPayKeeperRequests(t *testing.T) {
	b := start(t, sandbox.Options{})
	token := b.pkToken()
	id := b.pkBill("client_email", "a@example.com")
	b.pkByID(id)
	for _, call := range []string{"list", "listcount", "search"} {
		b.pkGet("/info/invoice/" + call + "/?query=x")
	}
	b.pkPost("send", "id", id)
	b.pkPost("revoke", "id", id)
	for operation, want := range map[string]sandbox.Request{
		"paykeeper.byid": {Method: "GET", Path: "/paykeeper/info/invoice/byid/", Query: "id=" + id},
		"paykeeper.list": {Method: "GET", Path: "/paykeeper/info/invoice/list/", Query: "query=x"}, "paykeeper.listcount": {Method: "GET", Path: "/paykeeper/info/invoice/listcount/", Query: "query=x"},
		"paykeeper.search":  {Method: "GET", Path: "/paykeeper/info/invoice/search/", Query: "query=x"},
		"paykeeper.preview": {Method: "POST", Path: "/paykeeper/change/invoice/preview/", Body: "client_email=a%40example.com&pay_amount=1500&token=" + token},
		"paykeeper.send":    {Method: "POST", Path: "/paykeeper/change/invoice/send/", Body: "id=" + id + "&token=" + token},
		"paykeeper.revoke":  {Method: "POST", Path: "/paykeeper/change/invoice/revoke/", Body: "id=" + id + "&token=" + token},
	} {
		want.Operation, want.Authorized, want.Done, want.Status, want.Answered, want.At = operation, true, true, 200, true, sandboxtest.Begin
		equal(t, operation, b.Requests(operation), []sandbox.Request{want})
	}
	equal(t, "tokens", len(b.Requests("paykeeper.token")), 4)
	// A lost answer was work done.
	b.Inject(sandbox.Fault{Operation: "paykeeper.preview", Kind: sandbox.FaultLostAnswer, Times: 1})
	if response, _, err := b.Send(http.MethodPost, "/paykeeper/change/invoice/preview/", "pay_amount=1&token="+token, pkDress); err == nil {
		t.Errorf("answered %d", response.StatusCode)
	}
	invoices, err := b.Invoices.All()
	must(t, err)
	equal(t, "invoices", len(invoices), 2)
}
