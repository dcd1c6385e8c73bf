package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// stored is how many payments there are.
func (b *box) stored() int {
	b.T.Helper()
	payments, err := b.InvoiceAPI.Payments.All()
	must(b.T, err)
	return len(payments)
}

func TestFaultLostAnswer(t *testing.T) {
	b := start(t, sandbox.Options{})
	body := sandboxtest.PaymentBody(b.Terminal())
	b.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultLostAnswer, Times: 1})
	if status, answer, err := b.Post("CreatePayment", body); err == nil {
		t.Fatalf("an answer: %d %s", status, answer)
	}
	equal(t, "payments", b.stored(), 1)
	got := b.Requests("CreatePayment")
	if len(got) != 1 || got[0].Answered || !got[0].Done || got[0].Status != 0 || got[0].Fault != sandbox.FaultLostAnswer || got[0].Body != body {
		t.Errorf("requests %+v", got)
	}
	b.OK("CreatePayment", body)
	if got := b.Requests("CreatePayment"); len(got) != 2 || !got[1].Answered || got[1].Fault != "" || got[1].Status != 200 {
		t.Errorf("requests %+v", got)
	}
}

func TestFaultHalfBody(t *testing.T) {
	b := start(t, sandbox.Options{})
	body := sandboxtest.PaymentBody(b.Terminal())
	b.Inject(sandbox.Fault{Kind: sandbox.FaultHalfBody, Times: 1})
	status, answer, err := b.Post("CreatePayment", body)
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
		fault  sandbox.Fault
		status int
		stored int
	}{
		{sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "1"}, 429, 0},
		{sandbox.Fault{Kind: sandbox.FaultStatus}, 503, 0},
		{sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 502, RetryAfter: "2"}, 502, 1},
		{sandbox.Fault{Kind: sandbox.FaultStatusAfter}, 500, 1},
	} {
		b := start(t, sandbox.Options{})
		body := sandboxtest.PaymentBody(b.Terminal())
		b.Inject(test.fault)
		response, err := http.Post(b.URL+"/invoice/api/v2/CreatePayment", "application/json", strings.NewReader(body))
		must(t, err)
		_ = response.Body.Close()
		equal(t, "Retry-After", response.Header.Get("Retry-After"), test.fault.RetryAfter)
		status, answer, err := b.Post("CreatePayment", body)
		if err != nil || status != test.status || strings.HasPrefix(answer, "{") {
			t.Errorf("%+v: %d %s %v", test.fault, status, answer, err)
		}
		equal(t, "payments", b.stored(), test.stored)
	}
}

func TestFaultHTML(t *testing.T) {
	for kind, stored := range map[sandbox.FaultKind]int{sandbox.FaultHTML: 0, sandbox.FaultHTMLAfter: 1} {
		b := start(t, sandbox.Options{})
		body := sandboxtest.PaymentBody(b.Terminal())
		b.Inject(sandbox.Fault{Kind: kind})
		status, answer, err := b.Post("CreatePayment", body)
		if err != nil || status != 200 {
			t.Errorf("%s: %d %v", kind, status, err)
		}
		contains(t, answer, "<html>")
		equal(t, string(kind)+": payments", b.stored(), stored)
	}
}

func TestFaultDelay(t *testing.T) {
	ended := make(chan sandbox.Request, 10)
	b := start(t, sandbox.Options{OnRequest: func(r sandbox.Request) { ended <- r }})
	body := sandboxtest.PaymentBody(b.Terminal())
	b.Inject(sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 80 * time.Millisecond, Times: 1})
	began := time.Now()
	b.OK("CreatePayment", body)
	if waited := time.Since(began); waited < 80*time.Millisecond {
		t.Errorf("waited %v", waited)
	}
	// A caller that hangs up during the delay ends it, and nothing is done.
	b.Inject(sandbox.Fault{Kind: sandbox.FaultDelay, Delay: time.Hour})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := b.Post("CreatePayment", body, func(r *http.Request) { *r = *r.WithContext(ctx) }); err == nil {
		t.Error("an answer")
	}
	var last sandbox.Request
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
	b := start(t, sandbox.Options{})
	body := sandboxtest.PaymentBody(b.Terminal())
	b.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultCut, Times: 1})
	if status, answer, err := b.Post("CreatePayment", body); err == nil {
		t.Errorf("an answer: %d %s", status, answer)
	}
	equal(t, "payments", b.stored(), 0)
	if got := b.Requests("CreatePayment"); len(got) != 1 || got[0].Answered || got[0].Done || got[0].Fault != sandbox.FaultCut {
		t.Errorf("requests %+v", got)
	}
}

func TestFaultLate(t *testing.T) {
	ended := make(chan sandbox.Request, 10)
	b := start(t, sandbox.Options{OnRequest: func(r sandbox.Request) { ended <- r }})
	body := sandboxtest.PaymentBody(b.Terminal())
	b.Inject(sandbox.Fault{Kind: sandbox.FaultLate, Delay: 200 * time.Millisecond, Times: 1})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := b.Post("CreatePayment", body, func(r *http.Request) { *r = *r.WithContext(ctx) }); err == nil {
		t.Error("an answer")
	}
	equal(t, "payments before the work", b.stored(), 0)
	var last sandbox.Request
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
	b.Inject(sandbox.Fault{Kind: sandbox.FaultLate, Delay: time.Hour})
	time.AfterFunc(20*time.Millisecond, func() { _ = b.Close() })
	if status, answer, err := b.Post("CreatePayment", body); err == nil && answer != "" {
		t.Errorf("an answer: %d %s", status, answer)
	}
}

func TestFaultsCount(t *testing.T) {
	b := start(t, sandbox.Options{})
	hits := func(calls int) string {
		var pattern strings.Builder
		for range calls {
			if status, _, err := b.Post("GetPayment", sandboxtest.ByID("nope")); err == nil && status == 503 {
				pattern.WriteByte('x')
			} else {
				pattern.WriteByte('.')
			}
		}
		return pattern.String()
	}
	b.Inject(sandbox.Fault{Operation: "GetRefund", Kind: sandbox.FaultStatus})
	equal(t, "other operation", hits(2), "..")
	b.ClearFaults()
	b.Inject(sandbox.Fault{Operation: "GetPayment", Kind: sandbox.FaultStatus, Every: 3, Times: 2})
	equal(t, "every third, twice", hits(10), "..x..x....")
	equal(t, "faults left", len(b.Faults()), 0)
	b.Inject(sandbox.Fault{Kind: sandbox.FaultStatus})
	equal(t, "until cleared", hits(3), "xxx")
	b.ClearFaults()
	b.Inject(sandbox.Fault{Kind: sandbox.FaultHTML, Every: 2})
	b.Inject(sandbox.Fault{Kind: sandbox.FaultStatus})
	equal(t, "two faults", hits(4), "x.x.")
	b.ClearFaults()
	equal(t, "cleared", hits(2), "..")
}

func TestFaultsOverHTTP(t *testing.T) {
	b := start(t, sandbox.Options{})
	send := func(method, body string, change ...func(*http.Request)) (int, string) {
		t.Helper()
		response, answer, err := b.Send(method, "/sandbox/faults", body, func(*http.Request) {}, change...)
		must(t, err)
		return response.StatusCode, answer
	}
	const sent = `{"operation":"CreatePayment","kind":"status","times":2,"every":3,"delay":"1.5s","status":429,"retry_after":"7"}`
	if status, answer := send("POST", sent); status != 200 || strings.TrimSpace(answer) != "["+sent+"]" {
		t.Errorf("%d %s", status, answer)
	}
	equal(t, "faults", b.Faults(), []sandbox.Fault{{Operation: "CreatePayment", Kind: sandbox.FaultStatus, Times: 2, Every: 3,
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
