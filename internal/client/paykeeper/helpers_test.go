package paykeeper

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
)

const (
	login     = "admin"
	password  = "s3cr3t+word"
	invoiceID = "20140402085214805" // the id in the document's request (section 3.1)

	// As servers write «Счёт не найден.» and «Токен безопасности не верен.».
	notFound   = `{"result":"fail","msg":"\u0421\u0447\u0451\u0442 \u043d\u0435 \u043d\u0430\u0439\u0434\u0435\u043d."}`
	staleToken = `{"result":"fail","msg":"\u0422\u043e\u043a\u0435\u043d \u0431\u0435\u0437\u043e\u043f\u0430\u0441\u043d\u043e\u0441\u0442\u0438 \u043d\u0435 \u0432\u0435\u0440\u0435\u043d."}`
	success    = `{"result":"success"}`
)

// sample is one invoice with the fields of section 3.1.1.
const sample = `{
  "id": "20140402085214805",
  "status": "created",
  "pay_amount": "1500.00",
  "clientid": "Иванов Иван",
  "orderid": "A-1",
  "service_name": "Услуга",
  "client_email": "ivanov@example.com",
  "client_phone": "+7 900 000-00-00",
  "expiry_datetime": "2014-04-12 00:00:00",
  "created_datetime": "2014-04-02 08:52:14",
  "paid_datetime": null,
  "paymentid": null,
  "user_id": "7",
  "user_login": "admin"
}`

const preview = `{"invoice_id":"20140402085214805","invoice_url":"https:\/\/demo.server.paykeeper.ru\/bill\/20140402085214805\/","invoice":"<html>letter<\/html>"}`

// fresh is the sample as a server would show it just now; changes come in
// pairs, old and new.
func fresh(changes ...string) string {
	now := time.Now().In(gateway.Moscow)
	pairs := append([]string{
		"2014-04-12 00:00:00", now.Add(48 * time.Hour).Format(time.DateTime),
		"2014-04-02 08:52:14", now.Format(time.DateTime),
	}, changes...)
	return strings.NewReplacer(pairs...).Replace(sample)
}

func listOf(invoices ...string) reply { return ok("[" + strings.Join(invoices, ",") + "]") }

// reply is one answer of the server. cut breaks the connection instead.
type reply struct {
	status int
	body   string
	cut    bool
	header []string
}

func ok(body string) reply { return reply{status: 200, body: body} }

var (
	cut  = reply{cut: true}
	none = ok("[]")
)

type received struct {
	method, path, query, body string
	header                    http.Header
}

// server answers each path with its replies in their order; the last one goes
// on. Without replies, the token call answers one. As real servers do, it
// calls everything text/html.
type server struct {
	url      string
	mu       sync.Mutex
	replies  map[string][]reply
	requests []received
}

func newServer(t *testing.T, replies map[string][]reply) *server {
	t.Helper()
	if replies == nil {
		replies = map[string][]reply{}
	}
	if replies[pathToken] == nil {
		replies[pathToken] = []reply{ok(`{"token":"token-one"}`)}
	}
	s := &server{replies: replies}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	s.url = web.URL
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.requests = append(s.requests, received{r.Method, r.URL.Path, r.URL.RawQuery, string(body), r.Header.Clone()})
	answer := reply{status: 404, body: "<html>no such page</html>"}
	if list := s.replies[r.URL.Path]; len(list) > 0 {
		answer = list[0]
		if len(list) > 1 {
			s.replies[r.URL.Path] = list[1:]
		}
	}
	s.mu.Unlock()
	if answer.cut {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	for i := 0; i < len(answer.header); i += 2 {
		w.Header().Set(answer.header[i], answer.header[i+1])
	}
	w.WriteHeader(answer.status)
	_, _ = io.WriteString(w, answer.body)
}

func (s *server) answer(path string, replies ...reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies[path] = replies
}

func (s *server) last() received {
	all := s.seen()
	return all[len(all)-1]
}

func (s *server) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// steps lists what was received by the last part of its path: "token preview".
func (s *server) steps() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make([]string, len(s.requests))
	for i, r := range s.requests {
		parts := strings.Split(strings.Trim(r.path, "/"), "/")
		names[i] = parts[len(parts)-1]
	}
	return strings.Join(names, " ")
}

func (s *server) wantSteps(t *testing.T, want string) {
	t.Helper()
	if got := s.steps(); got != want {
		t.Errorf("requests: %q, want %q", got, want)
	}
}

func (s *server) seen() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.requests...)
}

// client repeats a call twice, with pauses that cost a test nothing.
func (s *server) client() *Client { return s.logging(nil) }

func (s *server) logging(log gateway.LogFunc) *Client {
	return New(s.url, login, password, gateway.Config{
		MaxRetries:     2,
		RequestTimeout: 10 * time.Second,
		WaitMin:        time.Millisecond,
		WaitMax:        2 * time.Millisecond,
		Log:            log,
	})
}

// records collects everything that a client logs.
type records struct {
	mu   sync.Mutex
	text strings.Builder
}

func (r *records) log(_ context.Context, _ slog.Level, message string, fields map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintln(&r.text, message, fields)
}

func decimalOf(t *testing.T, text string) gateway.Decimal {
	t.Helper()
	d, err := gateway.ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func at(t *testing.T, text string) gateway.Time {
	t.Helper()
	value, err := gateway.ParseTime(text)
	if err != nil {
		t.Fatal(err)
	}
	return gateway.Time{Time: value}
}

func wantSame(t *testing.T, got, want any) {
	t.Helper()
	g, _ := json.MarshalIndent(got, "", " ")
	w, _ := json.MarshalIndent(want, "", " ")
	if string(g) != string(w) {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

func wantContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in %q", part, text)
		}
	}
}

func wantOutcome(t *testing.T, err error, want gateway.Outcome) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if got := gateway.OutcomeOf(err); got != want {
		t.Errorf("outcome %d, want %d: %v", got, want, err)
	}
}
