package invoice

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
)

// The guide's test merchant (section 8).
const (
	merchantID = "c24360cfac0a0c40c518405f6bc68cb0"
	apiKey     = "1526fec01b5d11f4df4f2160627ce351"
)

// reply is one answer of the server. cut breaks the connection instead.
type reply struct {
	status int
	body   string
	cut    bool
}

// ok is an answer with HTTP 200.
func ok(body string) reply { return reply{status: 200, body: body} }

type received struct {
	method, operation, body string
	header                  http.Header
}

// server answers each operation with its replies in their order; the last one
// goes on.
type server struct {
	url      string
	mu       sync.Mutex
	replies  map[string][]reply
	requests []received
}

func newServer(t *testing.T, replies map[string][]reply) *server {
	t.Helper()
	s := &server{replies: replies}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	s.url = web.URL + "/api/v2"
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	operation := strings.TrimPrefix(r.URL.Path, "/api/v2/")
	s.mu.Lock()
	s.requests = append(s.requests, received{r.Method, operation, string(body), r.Header.Clone()})
	answer := reply{status: 404, body: "404 page not found"}
	if list := s.replies[operation]; len(list) > 0 {
		answer = list[0]
		if len(list) > 1 {
			s.replies[operation] = list[1:]
		}
	}
	s.mu.Unlock()
	if answer.cut {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(answer.status)
	_, _ = io.WriteString(w, answer.body)
}

func (s *server) seen() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.requests...)
}

// steps lists the operations that the server received: "CreatePayment GetPaymentByOrder".
func (s *server) steps() string {
	requests := s.seen()
	names := make([]string, len(requests))
	for i, r := range requests {
		names[i] = r.operation
	}
	return strings.Join(names, " ")
}

func (s *server) wantSteps(t *testing.T, want string) {
	t.Helper()
	if got := s.steps(); got != want {
		t.Errorf("requests: %q, want %q", got, want)
	}
}

// client repeats a call twice, with pauses that cost a test nothing.
func (s *server) client() *Client {
	return New(s.url, merchantID, apiKey, gateway.Config{
		MaxRetries:     2,
		RequestTimeout: 10 * time.Second,
		WaitMin:        time.Millisecond,
		WaitMax:        2 * time.Millisecond,
	})
}

// one is a client of a server that answers everything in one way.
func one(t *testing.T, answer reply) (*server, *Client) {
	t.Helper()
	all := map[string][]reply{}
	for _, operation := range operations {
		all[operation] = []reply{answer}
	}
	s := newServer(t, all)
	return s, s.client()
}

var operations = []string{
	opCreateTerminal, opGetTerminal, opCreatePayment, opGetPayment, opGetPaymentByOrder, opClosePayment, opCreateRefund, opGetRefund,
}

func decimalOf(t *testing.T, text string) gateway.Decimal {
	t.Helper()
	d, err := gateway.ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func pointer[T any](value T) *T { return &value }

func at(text string) gateway.Time {
	t, err := gateway.ParseTime(text)
	if err != nil {
		panic(err)
	}
	return gateway.Time{Time: t}
}

// decoded reads one JSON document as the client does.
func decoded[T any](t *testing.T, document string) *T {
	t.Helper()
	value := new(T)
	if err := json.Unmarshal([]byte(document), value); err != nil {
		t.Fatalf("%v: %s", err, document)
	}
	return value
}

// wantSame compares two values as JSON, so that a failure shows both in full.
func wantSame(t *testing.T, got, want any) {
	t.Helper()
	g, _ := json.MarshalIndent(got, "", " ")
	w, _ := json.MarshalIndent(want, "", " ")
	if string(g) != string(w) {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

// wantJSON compares documents by value.
func wantJSON(t *testing.T, got, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatalf("%v: %s", err, got)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%v: %s", err, want)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("got  %s\nwant %s", got, want)
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
