package p2p

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
	apiKey    = "test_api_key"
	secretKey = "test_secret"
	invoiceID = "991a0e40-8cbd-405a-80fa-c84f2e4d5c6a"
	notFound  = `[{"message":"Invoice not found"}]`

	create   = "POST /api/merchant/invoices"
	byID     = "GET /api/merchant/invoices/" + invoiceID
	cancel   = "POST /api/merchant/invoices/" + invoiceID + "/cancel"
	internal = "GET /api/merchant/internal-id/00001"
)

// sample is the answer of the document, as it prints it.
const sample = `{
"id": "991a0e40-8cbd-405a-80fa-c84f2e4d5c6a",
"internalId": "00001",
"userId": "uid-1",
"type": "in",
"status": "new",
"paymentMethod": "sberbank",
"paymentOption": null,
"paymentRequisites": null,
"sum": {
"amount": "1000.00",
"currency": "RUB",
"subunit": 2
},
"storeId": 1,
"storeName": "Demo Test",
"receivedSumFromTaker": null,
"receivedSumFromMaker": null,
"serviceFeeSum": null,
"payoutSum": null,
"createdAt": "2024-11-04T13:55:45+00:00",
"expireAt": "2024-11-04T14:55:45+00:00",
"updatedAt": "2024-11-04T13:58:34+00:00",
"invoiceUrl": "http:\/\/pay.doamin.com\/invoice?id=991a0e40-8cbd-405a-80fa-c84f2e4d5c6a",
"deals": [
{
"id": "595af0e7-261d-4451-b651-3cfeecc0755c",
"type": "in",
"status": "transfer_waiting",
"paymentMethod": "sberbank",
"paymentOption": "SBP",
"requisites": {
"requisites": "+7(996)777-99-77",
"holder": "holder name"
},
"canceledAt": "2024-11-04T14:25:48+00:00",
"disputeAttachment": null,
"disputeReason": null,
"disputeReasonData": [],
"payment": null,
"rate": "99.23",
"isActive": true,
"qrCodeLink": "https:\/\/www.sberbank.com\/sms\/pbpn?requisiteNumber=79967779977"
}
]
}`

// fresh is the sample as a server would answer it just now; changes come in
// pairs, old and new.
func fresh(changes ...string) string {
	now := time.Now().UTC()
	pairs := append([]string{
		"2024-11-04T13:55:45+00:00", now.Format(time.RFC3339),
		"2024-11-04T14:55:45+00:00", now.Add(time.Hour).Format(time.RFC3339),
	}, changes...)
	return strings.NewReplacer(pairs...).Replace(sample)
}

// reply is one answer of the server. cut breaks the connection instead.
type reply struct {
	status int
	body   string
	cut    bool
	header []string
}

func ok(body string) reply { return reply{status: 200, body: body} }

var (
	cut    = reply{cut: true}
	absent = reply{status: 404, body: notFound}
)

type received struct {
	step, body string
	header     http.Header
	chunked    bool
}

// server answers each step ("POST /path") with its replies in their order; the
// last one goes on.
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
	s.url = web.URL
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	step := r.Method + " " + r.URL.EscapedPath()
	s.mu.Lock()
	s.requests = append(s.requests, received{step, string(body), r.Header.Clone(), len(r.TransferEncoding) > 0})
	answer := reply{status: 404, body: "<html>no such page</html>"}
	if list := s.replies[step]; len(list) > 0 {
		answer = list[0]
		if len(list) > 1 {
			s.replies[step] = list[1:]
		}
	}
	s.mu.Unlock()
	if answer.cut {
		panic(http.ErrAbortHandler)
	}
	for i := 0; i < len(answer.header); i += 2 {
		w.Header().Set(answer.header[i], answer.header[i+1])
	}
	w.WriteHeader(answer.status)
	_, _ = io.WriteString(w, answer.body)
}

func (s *server) answer(step string, replies ...reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies[step] = replies
}

// wantSteps compares what was received, in short words: "create internal".
func (s *server) wantSteps(t *testing.T, want string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	names := map[string]string{create: "create", byID: "find", cancel: "cancel", internal: "internal"}
	steps := make([]string, len(s.requests))
	for i, r := range s.requests {
		steps[i] = r.step
		if name, ok := names[r.step]; ok {
			steps[i] = name
		}
	}
	if got := strings.Join(steps, " "); got != want {
		t.Errorf("requests: %q, want %q", got, want)
	}
}

func (s *server) seen() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.requests...)
}

// client repeats a call twice, with pauses that cost a test nothing.
func (s *server) client(log gateway.LogFunc) *Client {
	return New(s.url, apiKey, secretKey, gateway.Config{
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

func pointer[T any](value T) *T { return &value }

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

func moneyOf(t *testing.T, amount string) Money {
	t.Helper()
	d, err := gateway.ParseDecimal(amount)
	if err != nil {
		t.Fatal(err)
	}
	return Money{Amount: &d, Currency: "RUB", Subunit: 2}
}

func at(t *testing.T, text string) gateway.Time {
	t.Helper()
	value, err := gateway.ParseTime(text)
	if err != nil {
		t.Fatal(err)
	}
	return gateway.Time{Time: value}
}
