package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"
)

// box is a sandbox behind a real server, asked over HTTP with raw JSON.
type box struct {
	*Sandbox
	t   *testing.T
	url string
}

// begin is the time all tests start at.
var begin = time.Date(2026, 3, 1, 9, 30, 0, 123_000_000, time.UTC)

func start(t *testing.T, options Options) *box {
	t.Helper()
	if options.Now == nil {
		options.Now = func() time.Time { return begin }
	}
	s, err := Open(options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		server.Close()
		_ = s.Close()
	})
	return &box{s, t, server.URL}
}

// unfollowed shows a redirect as it is.
var unfollowed = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// send makes one request and answers what came back, with the body that was
// read. dress gives the request what its gateway expects of every one, change
// what the test wants beyond.
func (b *box) send(method, path, body string, dress func(*http.Request), change ...func(*http.Request)) (*http.Response, string, error) {
	b.t.Helper()
	request, err := http.NewRequest(method, b.url+path, strings.NewReader(body))
	must(b.t, err)
	for _, c := range append([]func(*http.Request){dress}, change...) {
		c(request)
	}
	response, err := unfollowed.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	return response, string(answer), err
}

// post sends one API call and answers the HTTP status and the body.
func (b *box) post(operation, body string, change ...func(*http.Request)) (int, string, error) {
	b.t.Helper()
	response, answer, err := b.send(http.MethodPost, "/invoice/api/v2/"+operation, body, func(r *http.Request) {
		r.SetBasicAuth(TestMerchantID, TestAPIKey)
		r.Header.Set("Content-Type", "application/json")
	}, change...)
	if response == nil {
		return 0, "", err
	}
	return response.StatusCode, answer, err
}

// elsewhere sends a form as a page of another site would, and answers the HTTP
// status.
func (b *box) elsewhere(path, form string) int {
	b.t.Helper()
	response, _, err := b.send(http.MethodPost, path, form, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://evil.example")
	})
	must(b.t, err)
	return response.StatusCode
}

type object = map[string]any

func decode(t *testing.T, body string) object {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	var answer object
	if err := decoder.Decode(&answer); err != nil {
		t.Fatalf("answer %q: %v", body, err)
	}
	return answer
}

// ok calls and wants success.
func (b *box) ok(operation, body string) object {
	b.t.Helper()
	status, answer, err := b.post(operation, body)
	if err != nil || status != http.StatusOK {
		b.t.Fatalf("%s %s: %d %s %v", operation, body, status, answer, err)
	}
	got := decode(b.t, answer)
	if _, failed := got["error"]; failed {
		b.t.Fatalf("%s %s: %s", operation, body, answer)
	}
	return got
}

// refused calls and wants an error body with the code, on HTTP 400.
func (b *box) refused(operation, body string, code invoiceCode) object {
	b.t.Helper()
	status, answer, err := b.post(operation, body)
	if err != nil {
		b.t.Fatal(err)
	}
	got := decode(b.t, answer)
	if status != http.StatusBadRequest || got["error"] != number(int(code)) {
		b.t.Fatalf("%s %s: want 400 with error %d, got %d %s", operation, body, code, status, answer)
	}
	if text, _ := got["description"].(string); text == "" {
		b.t.Fatalf("%s: no description in %s", operation, answer)
	}
	if _, isObject := got["additions"].(object); !isObject {
		b.t.Fatalf("%s: no additions in %s", operation, answer)
	}
	return got
}

func number(n int) json.Number {
	text, _ := json.Marshal(n)
	return json.Number(text)
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %#v, want %#v", what, got, want)
	}
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in %s", part, text)
		}
	}
}

func absent(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%q in %s", part, text)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// terminal creates a terminal and answers its id.
func (b *box) terminal() string {
	b.t.Helper()
	return b.ok("CreateTerminal", `{"name":"Магазин","alias":"N1"}`)["id"].(string)
}

// payment creates a terminal and a payment of 1500 RUB, and answers its id.
func (b *box) payment() string {
	b.t.Helper()
	return b.ok("CreatePayment", paymentBody(b.terminal()))["id"].(string)
}

func paymentBody(terminal string) string {
	return `{"order":{"currency":"RUB","amount":1500,"description":"Тестовый платеж","id":"6e4e6e9d-a9b3-453a-a11d-52b211ecc028"},
		"settings":{"terminal_id":"` + terminal + `","payment_method":"card","success_url":"https://example.com/success","fail_url":"https://example.com/error"},
		"custom_parameters":{"b": 1, "a":[1.50]},
		"receipt":[{"name":"Сыр","price":50,"discount":"10%","resultPrice":10,"quantity":1}],"trtype":1}`
}

func byID(id string) string { return `{"id":"` + id + `"}` }

// paid creates a payment and pays it.
func (b *box) paid() string {
	b.t.Helper()
	id := b.payment()
	must(b.t, b.PayInvoicePayment(id, TestCard))
	return id
}

func refundBody(payment, amount string) string {
	return `{"id":"` + payment + `","refund":{"amount":` + amount + `,"currency":"RUB","reason":"Refund payment"},
		"receipt":[{"name":"Сыр","price":50,"discount":"10%","resultPrice":10,"quantity":1}]}`
}
