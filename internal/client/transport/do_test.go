package transport

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const page = "<!DOCTYPE html><html><body>Bad gateway</body></html>"

// repeatCase is one way for an attempt to go. It says what follows for a call that may be sent
// twice (safe) and for one that may not (other).
type repeatCase struct {
	name          string
	serve         http.HandlerFunc
	url           func(*testing.T) string // instead of serve, when no server of ours answers
	timeout       time.Duration
	safe, other   bool // whether the call is repeated
	outcome       Outcome
	onceUnclear   bool     // a call that is sent once ends as Unclear instead
	message       []string // parts of the error
	status        int      // of the answer; 0 means that there is none
	unreached     bool     // no attempt gets as far as the handler
	unusableCause string   // what the error for the answer says
}

var repeatCases = []repeatCase{
	{
		name: "refused connection", url: closedPort,
		safe: true, other: true, outcome: NotDone, unreached: true, message: []string{"connection refused"},
	},
	{
		name: "certificate that nobody trusts", url: untrusted,
		outcome: NotDone, unreached: true, message: []string{"certificate"},
	},
	{
		name: "failed handshake", url: plainOnHTTPS,
		safe: true, other: true, outcome: NotDone, unreached: true, message: []string{"does not look like a TLS handshake"},
	},
	{
		name: "connection cut before the answer", serve: cutting,
		safe: true, outcome: Unclear, message: []string{"EOF"},
	},
	{
		name: "body cut in half", serve: halving,
		safe: true, outcome: Unclear, message: []string{"the answer (HTTP 200) broke off", "unexpected EOF"},
	},
	{
		name: "no answer in time", serve: hanging, timeout: 150 * time.Millisecond,
		safe: true, outcome: Unclear, message: []string{"no answer within 150ms (request_timeout)"},
	},
	{
		name: "429", serve: answering(429, "slow down"), status: 429,
		safe: true, other: true, outcome: NotDone,
	},
	{
		name: "429 with Retry-After", serve: answering(429, "{}", "Retry-After", "0"), status: 429,
		safe: true, other: true, outcome: NotDone,
	},
	{
		// Words do not make it a refusal.
		name: "429 with a documented refusal", serve: answering(429, `{"error":2}`), status: 429,
		safe: true, other: true, outcome: NotDone,
	},
	{
		name: "500", serve: answering(500, ""), status: 500,
		safe: true, outcome: Unclear, unusableCause: "the answer is empty",
	},
	{
		// PHP's exceptions have codes too.
		name: "500 with a documented refusal", serve: answering(500, `{"error":2}`), status: 500,
		safe: true, outcome: Unclear,
	},
	{
		name: "408 with a documented refusal", serve: answering(408, `{"error":2}`), status: 408, outcome: Unclear,
	},
	{
		name: "502", serve: answering(502, page), status: 502,
		safe: true, outcome: Unclear, unusableCause: "the answer is an HTML page",
	},
	{
		name: "503 without Retry-After", serve: answering(503, page), status: 503,
		safe: true, outcome: Unclear,
	},
	{
		// Proxies answer so after time-outs in the middle of the work.
		name: "503 with Retry-After", serve: answering(503, page, "Retry-After", "0"), status: 503,
		safe: true, outcome: Unclear,
	},
	{
		name: "500 with Retry-After", serve: answering(500, page, "Retry-After", "0"), status: 500,
		safe: true, outcome: Unclear,
	},
	{
		name: "504", serve: answering(504, ""), status: 504,
		safe: true, outcome: Unclear,
	},
	{
		name: "HTML with 200", serve: answering(200, "\n\t<HTML>Login</HTML>"), status: 200,
		outcome: Unclear, unusableCause: "base_url may name the wrong server",
	},
	{
		name: "no JSON with 200", serve: answering(200, "OK"), status: 200,
		outcome: Unclear, unusableCause: "unexpected answer: «OK»",
	},
	{name: "400", serve: answering(400, "{}"), status: 400, outcome: Refused, onceUnclear: true},
	{name: "404", serve: answering(404, page), status: 404, outcome: Refused, onceUnclear: true},
	{name: "400 with a documented refusal", serve: answering(400, `{"error":2}`), status: 400, outcome: Refused, onceUnclear: true},
	{name: "403 of a firewall", serve: answering(403, page), status: 403, outcome: Refused, onceUnclear: true},
	{name: "408", serve: answering(408, ""), status: 408, outcome: Unclear},
	{name: "499", serve: answering(499, ""), status: 499, outcome: Unclear},
	{
		name: "301", serve: answering(301, "", "Location", "/elsewhere"), status: 301,
		outcome: Refused, onceUnclear: true, unusableCause: `redirected to "/elsewhere": wrong login`,
	},
	{name: "303", serve: answering(303, page, "Location", "/login"), status: 303, outcome: Unclear, unusableCause: "redirected"},
}

func untrusted(t *testing.T) string {
	t.Helper()
	s := unstarted(t, answering(200, "{}"))
	s.StartTLS()
	return s.URL
}

func plainOnHTTPS(t *testing.T) string {
	t.Helper()
	return strings.Replace(newServer(t, answering(200, "{}")).URL, "http:", "https:", 1)
}

// Each rule for repeating holds with and without repetitions.
func TestDoRepeatsOnlyWhatMayBeRepeated(t *testing.T) {
	for _, c := range repeatCases {
		for _, safe := range []bool{true, false} {
			for _, retries := range []int{0, 2} {
				t.Run(fmt.Sprintf("%s/safe=%t/retries=%d", c.name, safe, retries), func(t *testing.T) {
					t.Parallel()
					c.run(t, safe, retries)
				})
			}
		}
	}
}

func (c repeatCase) run(t *testing.T, safe bool, retries int) {
	t.Helper()
	var s *server
	var url string
	if c.url != nil {
		url = c.url(t)
	} else {
		s = newServer(t, c.serve)
		url = s.URL
	}
	logged := &records{}
	config := quick(retries)
	config.Log = logged.log
	if c.timeout > 0 {
		config.RequestTimeout = c.timeout
	}
	call := callTo(url, safe)

	answer, err := New(config).Do(t.Context(), call)

	want := 1
	if safe && c.safe || !safe && c.other {
		want = 1 + retries
	}
	if got := logged.attempts(); got != want {
		t.Errorf("%d attempts, want %d", got, want)
	}
	if s != nil && len(s.seen()) != want {
		t.Errorf("the server received %d requests, want %d", len(s.seen()), want)
	}
	outcome := c.outcome
	if c.onceUnclear && !safe {
		outcome = Unclear
	}
	if got := outcomeOf(answer, err); got != outcome {
		t.Errorf("outcome %d, want %d (%v)", got, outcome, err)
	}
	c.checkResult(t, answer, err)
}

func (c repeatCase) checkResult(t *testing.T, answer *Answer, err error) {
	t.Helper()
	if c.status == 0 {
		if err == nil {
			t.Fatalf("no error, but the answer %+v", answer)
		}
		wantContains(t, err.Error(), append(c.message, "Test gateway, ")...)
		if strings.Contains(err.Error(), "Post ") {
			t.Errorf("the error repeats the request: %v", err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if answer.Status != c.status {
		t.Errorf("HTTP %d, want %d", answer.Status, c.status)
	}
	wantContains(t, answer.Unusable(nil).Error(), fmt.Sprintf("HTTP %d", c.status), c.unusableCause)
}

func TestDoReturnsTheAnswerThatFollowsFailures(t *testing.T) {
	failures := []http.HandlerFunc{answering(429, "wait"), cutting, answering(500, "oops"), halving}
	var s *server
	s = newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if n := len(s.seen()); n <= len(failures) {
			failures[n-1](w, r)
			return
		}
		answering(200, `{"id":"1"}`, "X-Kept", "yes")(w, r)
	})
	call := callTo(s.URL, true)

	answer, err := New(quick(4)).Do(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Status != 200 || string(answer.Body) != `{"id":"1"}` || answer.Header.Get("X-Kept") != "yes" {
		t.Errorf("got %+v", answer)
	}
	if len(s.seen()) != 5 {
		t.Errorf("%d requests, want 5", len(s.seen()))
	}
	// A repetition is the same request, its body included.
	for i, r := range s.seen() {
		if r.method != "POST" || r.path != "/Make" || r.body != string(call.Body) ||
			r.header.Get("Authorization") != "Basic c2VjcmV0" || r.header.Get("User-Agent") != "test/1" {
			t.Errorf("request %d: %+v", i+1, r)
		}
	}
}

// A refusal ends the repetitions even when it comes late. A 5xx does not.
func TestDoStopsAtALateRefusal(t *testing.T) {
	var s *server
	s = newServer(t, func(w http.ResponseWriter, r *http.Request) {
		answering(map[int]int{1: 500, 2: 500, 3: 400}[len(s.seen())], map[int]string{1: "oops", 2: "final", 3: "final"}[len(s.seen())])(w, r)
	})
	answer, err := New(quick(5)).Do(t.Context(), callTo(s.URL, true))
	if err != nil || string(answer.Body) != "final" || len(s.seen()) != 3 {
		t.Errorf("%+v, %v, %d requests; want the third answer, whole", answer, err, len(s.seen()))
	}
}

func TestRedirectNeverCarriesCredentialsElsewhere(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		other := newServer(t, answering(200, `{"id":"1"}`))
		first := newServer(t, answering(status, "", "Location", other.URL+"/Make"))
		answer, err := New(quick(2)).Do(t.Context(), callTo(first.URL, true))
		if err != nil || answer.Status != status {
			t.Errorf("%d: %+v, %v", status, answer, err)
		}
		if len(first.seen()) != 1 || len(other.seen()) != 0 {
			t.Errorf("%d: %d and %d requests, want 1 and 0", status, len(first.seen()), len(other.seen()))
		}
		wantContains(t, answer.Unusable(nil).Error(), "redirected to", other.URL, "wrong login, or base_url names the wrong server")
	}
}

func TestRedirectToNowhereIsAnError(t *testing.T) {
	for _, safe := range []bool{true, false} {
		s := newServer(t, answering(302, "", "Location", "http://[broken"))
		_, err := New(quick(2)).Do(t.Context(), callTo(s.URL, safe))
		if err == nil || OutcomeOf(err) != Unclear || len(s.seen()) != 1 {
			t.Errorf("safe %t: %v after %d requests", safe, err, len(s.seen()))
		}
	}
}

// The guide asks for TLS 1.2 or newer (Invoice API, section 6.2).
func TestOldTLSIsNotSpoken(t *testing.T) {
	for version, want := range map[uint16]string{tls.VersionTLS11: "protocol version", tls.VersionTLS12: "certificate"} {
		s := unstarted(t, answering(200, "{}"))
		s.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: version} // the client must refuse it
		s.StartTLS()
		_, err := New(quick(0)).Do(t.Context(), callTo(s.URL, false))
		if err == nil {
			t.Fatalf("%s was spoken", tls.VersionName(version))
		}
		wantContains(t, err.Error(), want)
		if OutcomeOf(err) != NotDone || len(s.seen()) != 0 {
			t.Errorf("outcome %d, %d requests", OutcomeOf(err), len(s.seen()))
		}
	}
}

func TestCallThatCannotBeMadeIsNotDone(t *testing.T) {
	call := callTo("http://example.invalid", false)
	call.Method = "BAD METHOD"
	_, err := New(quick(0)).Do(context.Background(), call)
	if err == nil || OutcomeOf(err) != NotDone {
		t.Errorf("%v, outcome %d", err, OutcomeOf(err))
	}
}

func TestUserAgentIsOptional(t *testing.T) {
	s := newServer(t, answering(200, "{}"))
	config := quick(0)
	config.UserAgent = ""
	if _, err := New(config).Do(t.Context(), callTo(s.URL, true)); err != nil {
		t.Fatal(err)
	}
	if got := s.seen()[0].header.Get("User-Agent"); !strings.HasPrefix(got, "Go-http-client") {
		t.Errorf("User-Agent %q", got)
	}
}

// An empty body is sent as none: with a length of zero rather than in chunks, which some
// servers refuse.
func TestAnEmptyBodyIsSentAsNone(t *testing.T) {
	chunked, length := true, int64(-1)
	s := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
		chunked, length = len(r.TransferEncoding) > 0, r.ContentLength
	})
	for _, body := range [][]byte{nil, {}} {
		call := callTo(s.URL, true)
		call.Body = body
		if _, err := New(quick(0)).Do(t.Context(), call); err != nil || chunked || length != 0 {
			t.Errorf("%v, chunked: %t, length %d", err, chunked, length)
		}
	}
}
