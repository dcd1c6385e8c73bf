package paykeeper

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// office is a server that checks its token and changes it.
type office struct {
	mu       sync.Mutex
	number   int // the current token
	fetches  int
	previews int
	rotateAt int // the token changes once, after this many previews
	// single invalidates the old token whenever a new one is fetched.
	single bool
}

func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.URL.Path == pathToken {
		time.Sleep(20 * time.Millisecond) // time for the others to arrive
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	form, _ := url.ParseQuery(string(body))
	switch {
	case r.URL.Path == pathToken:
		o.fetches++
		if o.single {
			o.number++
		}
		fmt.Fprintf(w, `{"token":"token-%d"}`, o.number)
	case r.URL.Path == pathSearch:
		_, _ = io.WriteString(w, "[]")
	case form.Get("token") != fmt.Sprintf("token-%d", o.number):
		_, _ = io.WriteString(w, staleToken)
	default:
		o.previews++
		fmt.Fprintf(w, `{"invoice_id":%d}`, o.previews)
		if o.previews == o.rotateAt {
			o.number++
		}
	}
}

// Two hundred creations share one fetch. A token that changes in their midst costs one more
// fetch, but no error and no second invoice.
func TestTheTokenIsShared(t *testing.T) {
	const calls = 200
	for _, test := range []struct {
		name     string
		rotateAt int
		single   bool
		fetches  int
	}{
		{name: "one token", fetches: 1},
		{name: "one token at a time", single: true, fetches: 1},
		{name: "rotation", rotateAt: 50, fetches: 2},
		{name: "rotation, one token at a time", rotateAt: 50, single: true, fetches: 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := &office{rotateAt: test.rotateAt, single: test.single}
			web := httptest.NewServer(o)
			defer web.Close()
			c := clientOf(&clienttest.Server{URL: web.URL})
			var all sync.WaitGroup
			var mu sync.Mutex
			ids := map[values.ID]bool{}
			for i := range calls {
				all.Go(func() {
					request := sampleRequest(t)
					request.OrderID = fmt.Sprintf("order-%d", i)
					created, err := c.CreateInvoice(t.Context(), request)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					defer mu.Unlock()
					ids[created.ID] = true
				})
			}
			all.Wait()
			if o.fetches != test.fetches || o.previews != calls || len(ids) != calls {
				t.Errorf("%d fetches (want %d), %d previews, %d ids", o.fetches, test.fetches, o.previews, len(ids))
			}
		})
	}
}

// Every call that changes something survives a stale token, but only once.
func TestAStaleToken(t *testing.T) {
	for name, call := range calls(t) {
		if name[0] != '!' {
			continue
		}
		answers := map[string]reply{pathPreview: ok(preview), pathSend: ok(success), pathRevoke: ok(success)}
		replies := map[string][]reply{pathToken: {ok(`{"token":"one"}`), ok(`{"token":"two"}`)}, pathSearch: {none}, pathByID: {ok(sample)}}
		for path, answer := range answers {
			replies[path] = []reply{ok(staleToken), answer}
		}
		s := newServer(t, replies)
		if err := call(t.Context(), clientOf(s)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		clienttest.Contains(t, s.Last().Body, "token=two")

		for path := range answers {
			s.Set(path, ok(staleToken))
		}
		s.Forget()
		err := call(t.Context(), clientOf(s))
		clienttest.Outcome(t, err, transport.Refused)
		clienttest.Contains(t, err.Error(), "«Токен безопасности не верен.»")
		step := name[1:]
		if step == "create" {
			step = "preview"
		}
		if got := strings.Count(s.Steps(), step); got != 2 || strings.Count(s.Steps(), "token") != 2 {
			t.Errorf("%s: %s", name, s.Steps())
		}
	}
}

func TestWhatSaysThatTheTokenIsStale(t *testing.T) {
	for body, want := range map[string]bool{
		staleToken: true,
		`{"result":"fail","msg":"Токен безопасности не верен."}`:    true,
		`{"result":"fail","msg":"Неверный токен"}`:                  false,
		`{"result":"fail","msg":"Счёт не найден."}`:                 false,
		`{"result":"success","msg":"Токен безопасности не верен."}`: false,
	} {
		s := newServer(t, map[string][]reply{pathRevoke: {ok(body)}, pathByID: {ok(fresh())}})
		_ = clientOf(s).RevokeInvoice(t.Context(), invoiceID)
		if got := strings.HasPrefix(s.Steps(), "token revoke token revoke"); got != want {
			t.Errorf("%s: %s", body, s.Steps())
		}
	}
	// A server error with these words does not say that the server did nothing.
	s := newServer(t, map[string][]reply{pathPreview: {{Status: 500, Body: staleToken}}})
	_, err := clientOf(s).CreateInvoice(t.Context(), CreateInvoiceRequest{Amount: clienttest.Decimal(t, "1")})
	clienttest.Outcome(t, err, transport.Unclear)
	s.WantSteps(t, "token preview")
}

func TestParseToken(t *testing.T) {
	for body, want := range map[string]string{
		`{"token":"abc"}`: "abc", `[{"token":"abc"}]`: "abc", `{"token":12}`: "12",
		`{"token":""}`: "", `{"token":null}`: "", `{}`: "", `[]`: "", `[{"token":"a"},{"token":"b"}]`: "", `"abc"`: "", ``: "", `[1]`: "", `{"token":{}}`: "",
	} {
		if got, err := parseToken([]byte(body)); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", body, got, err)
		}
	}
}

// Without a token nothing was sent, whatever went wrong with it.
func TestWithoutATokenNothingIsDone(t *testing.T) {
	for _, answer := range []reply{cut, {Status: 500}, ok(""), ok("{}"), ok("<html>"), {Status: 401}} {
		for name, call := range calls(t) {
			if name[0] != '!' {
				continue
			}
			s := newServer(t, map[string][]reply{pathToken: {answer}, pathSearch: {none}})
			err := call(t.Context(), clientOf(s))
			if outcome := transport.OutcomeOf(err); err == nil || outcome == transport.Unclear {
				t.Errorf("%v, %s: %d, %v", answer, name, outcome, err)
			}
			clienttest.Contains(t, err.Error(), pathToken)
			if last := s.Last(); last.Path != pathToken {
				t.Errorf("%s: %s", name, s.Steps())
			}
		}
	}
	// The same holds when the second token cannot be fetched after the first was refused.
	s := newServer(t, map[string][]reply{pathToken: {ok(`{"token":"one"}`), {Status: 500}}, pathPreview: {ok(staleToken)}})
	_, err := clientOf(s).CreateInvoice(t.Context(), CreateInvoiceRequest{Amount: clienttest.Decimal(t, "1")})
	clienttest.Outcome(t, err, transport.NotDone)
	s.WantSteps(t, "token preview token token token")
}

var _ http.Handler = (*office)(nil)
