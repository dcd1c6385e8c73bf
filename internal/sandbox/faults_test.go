package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// stored is how many payments there are.
func (b *box) stored() int {
	b.t.Helper()
	payments, err := b.InvoicePayments()
	must(b.t, err)
	return len(payments)
}

func TestFaultLostAnswer(t *testing.T) {
	b := start(t, Options{})
	body := paymentBody(b.terminal())
	b.Inject(Fault{Operation: "CreatePayment", Kind: FaultLostAnswer, Times: 1})
	if status, answer, err := b.post("CreatePayment", body); err == nil {
		t.Fatalf("an answer: %d %s", status, answer)
	}
	equal(t, "payments", b.stored(), 1)
	got := b.Requests("CreatePayment")
	if len(got) != 1 || got[0].Answered || !got[0].Done || got[0].Status != 0 || got[0].Fault != FaultLostAnswer || got[0].Body != body {
		t.Errorf("requests %+v", got)
	}
	b.ok("CreatePayment", body)
	if got := b.Requests("CreatePayment"); len(got) != 2 || !got[1].Answered || got[1].Fault != "" || got[1].Status != 200 {
		t.Errorf("requests %+v", got)
	}
}

func TestFaultHalfBody(t *testing.T) {
	b := start(t, Options{})
	body := paymentBody(b.terminal())
	b.Inject(Fault{Kind: FaultHalfBody, Times: 1})
	status, answer, err := b.post("CreatePayment", body)
	if status != 200 || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(answer, `{"`) {
		t.Errorf("%d %q %v", status, answer, err)
	}
	equal(t, "payments", b.stored(), 1)
	if got := b.Requests("CreatePayment"); got[0].Answered {
		t.Errorf("requests %+v", got)
	}
}

func TestFaultStatus(t *testing.T) {
	for _, test := range []struct {
		fault  Fault
		status int
		stored int
	}{
		{Fault{Kind: FaultStatus, Status: 429, RetryAfter: "1"}, 429, 0},
		{Fault{Kind: FaultStatus}, 503, 0},
		{Fault{Kind: FaultStatusAfter, Status: 502, RetryAfter: "2"}, 502, 1},
		{Fault{Kind: FaultStatusAfter}, 500, 1},
	} {
		b := start(t, Options{})
		body := paymentBody(b.terminal())
		b.Inject(test.fault)
		response, err := http.Post(b.url+"/invoice/api/v2/CreatePayment", "application/json", strings.NewReader(body))
		must(t, err)
		_ = response.Body.Close()
		equal(t, "Retry-After", response.Header.Get("Retry-After"), test.fault.RetryAfter)
		status, answer, err := b.post("CreatePayment", body)
		if err != nil || status != test.status || strings.HasPrefix(answer, "{") {
			t.Errorf("%+v: %d %s %v", test.fault, status, answer, err)
		}
		equal(t, "payments", b.stored(), test.stored)
	}
}

func TestFaultHTML(t *testing.T) {
	for kind, stored := range map[FaultKind]int{FaultHTML: 0, FaultHTMLAfter: 1} {
		b := start(t, Options{})
		body := paymentBody(b.terminal())
		b.Inject(Fault{Kind: kind})
		status, answer, err := b.post("CreatePayment", body)
		if err != nil || status != 200 {
			t.Errorf("%s: %d %v", kind, status, err)
		}
		contains(t, answer, "<html>")
		equal(t, string(kind)+": payments", b.stored(), stored)
	}
}

func TestFaultDelay(t *testing.T) {
	ended := make(chan Request, 10)
	b := start(t, Options{OnRequest: func(r Request) { ended <- r }})
	body := paymentBody(b.terminal())
	b.Inject(Fault{Kind: FaultDelay, Delay: 80 * time.Millisecond, Times: 1})
	began := time.Now()
	b.ok("CreatePayment", body)
	if waited := time.Since(began); waited < 80*time.Millisecond {
		t.Errorf("waited %v", waited)
	}
	// A caller that hangs up during the delay ends it, and nothing is done.
	b.Inject(Fault{Kind: FaultDelay, Delay: time.Hour})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := b.post("CreatePayment", body, func(r *http.Request) { *r = *r.WithContext(ctx) }); err == nil {
		t.Error("an answer")
	}
	var last Request
	for last.Fault == "" || last.Answered {
		select {
		case last = <-ended:
		case <-time.After(10 * time.Second):
			t.Fatal("the delay outlived its caller")
		}
	}
	equal(t, "done", last.Done, false)
	equal(t, "payments", b.stored(), 1)
}

func TestFaultCut(t *testing.T) {
	b := start(t, Options{})
	body := paymentBody(b.terminal())
	b.Inject(Fault{Operation: "CreatePayment", Kind: FaultCut, Times: 1})
	if status, answer, err := b.post("CreatePayment", body); err == nil {
		t.Errorf("an answer: %d %s", status, answer)
	}
	equal(t, "payments", b.stored(), 0)
	if got := b.Requests("CreatePayment"); len(got) != 1 || got[0].Answered || got[0].Done || got[0].Fault != FaultCut {
		t.Errorf("requests %+v", got)
	}
}

func TestFaultLate(t *testing.T) {
	ended := make(chan Request, 10)
	b := start(t, Options{OnRequest: func(r Request) { ended <- r }})
	body := paymentBody(b.terminal())
	b.Inject(Fault{Kind: FaultLate, Delay: 200 * time.Millisecond, Times: 1})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := b.post("CreatePayment", body, func(r *http.Request) { *r = *r.WithContext(ctx) }); err == nil {
		t.Error("an answer")
	}
	equal(t, "payments before the work", b.stored(), 0)
	var last Request
	for last.Fault == "" {
		select {
		case last = <-ended:
		case <-time.After(10 * time.Second):
			t.Fatal("the work was not done")
		}
	}
	equal(t, "done", last.Done, true)
	equal(t, "payments after the work", b.stored(), 1)

	// Closing the sandbox does not wait for it.
	b.Inject(Fault{Kind: FaultLate, Delay: time.Hour})
	time.AfterFunc(20*time.Millisecond, func() { _ = b.Close() })
	if status, answer, err := b.post("CreatePayment", body); err == nil && answer != "" {
		t.Errorf("an answer: %d %s", status, answer)
	}
}

func TestFaultsCount(t *testing.T) {
	b := start(t, Options{})
	hits := func(calls int) string {
		var pattern strings.Builder
		for range calls {
			if status, _, err := b.post("GetPayment", byID("nope")); err == nil && status == 503 {
				pattern.WriteByte('x')
			} else {
				pattern.WriteByte('.')
			}
		}
		return pattern.String()
	}
	b.Inject(Fault{Operation: "GetRefund", Kind: FaultStatus})
	equal(t, "other operation", hits(2), "..")
	b.ClearFaults()
	b.Inject(Fault{Operation: "GetPayment", Kind: FaultStatus, Every: 3, Times: 2})
	equal(t, "every third, twice", hits(10), "..x..x....")
	equal(t, "faults left", len(b.Faults()), 0)
	b.Inject(Fault{Kind: FaultStatus})
	equal(t, "until cleared", hits(3), "xxx")
	b.ClearFaults()
	b.Inject(Fault{Kind: FaultHTML, Every: 2})
	b.Inject(Fault{Kind: FaultStatus})
	equal(t, "two faults", hits(4), "x.x.")
	b.ClearFaults()
	equal(t, "cleared", hits(2), "..")
}

func TestFaultsOverHTTP(t *testing.T) {
	b := start(t, Options{})
	send := func(method, body string, change ...func(*http.Request)) (int, string) {
		t.Helper()
		response, answer, err := b.send(method, "/sandbox/faults", body, func(*http.Request) {}, change...)
		must(t, err)
		return response.StatusCode, answer
	}
	const sent = `{"operation":"CreatePayment","kind":"status","times":2,"every":3,"delay":"1.5s","status":429,"retry_after":"7"}`
	if status, answer := send("POST", sent); status != 200 || strings.TrimSpace(answer) != "["+sent+"]" {
		t.Errorf("%d %s", status, answer)
	}
	equal(t, "faults", b.Faults(), []Fault{{Operation: "CreatePayment", Kind: FaultStatus, Times: 2, Every: 3,
		Delay: 1500 * time.Millisecond, Status: 429, RetryAfter: "7"}})
	if _, answer := send("GET", ""); strings.TrimSpace(answer) != "["+sent+"]" {
		t.Errorf("GET %s", answer)
	}
	if _, answer := send("DELETE", ""); strings.TrimSpace(answer) != "[]" || len(b.Faults()) != 0 {
		t.Errorf("DELETE %s", answer)
	}
	for _, wrong := range []string{`{"kind":"nope"}`, `{}`, `x`, `{"kind":"delay","delay":"soon"}`, `{"kind":"status","status":42}`,
		`{"kind":"html","operation":"Nope"}`, `{"kind":"html","tiems":1}`, `{"kind":"html","times":-1}`, `{"kind":"status","retry_after":"1\r\nX: y"}`} {
		if status, answer := send("POST", wrong); status != 400 || answer == "" {
			t.Errorf("%s: %d %s", wrong, status, answer)
		}
	}
	if status, _ := send("POST", sent, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }); status != 403 {
		t.Errorf("a page elsewhere injected a fault: %d", status)
	}
	equal(t, "faults", len(b.Faults()), 0)
}
