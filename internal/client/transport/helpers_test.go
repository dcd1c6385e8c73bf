package transport

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// server is an httptest server that counts and keeps what it receives.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	requests []received
	conns    int
}

type received struct {
	method, path, body string
	header             http.Header
	at                 time.Time
}

func newServer(t *testing.T, serve http.HandlerFunc) *server {
	t.Helper()
	s := unstarted(t, serve)
	s.Start()
	return s
}

// unstarted leaves TLS to the test. The server is silent, since handshakes fail on purpose.
func unstarted(t *testing.T, serve http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The body is read first, since only then does the server notice that the client has
		// gone.
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.requests = append(s.requests, received{r.Method, r.URL.Path, string(body), r.Header.Clone(), time.Now()})
		s.mu.Unlock()
		serve(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.mu.Lock()
			s.conns++
			s.mu.Unlock()
		}
	}
	t.Cleanup(s.Close)
	return s
}

func (s *server) seen() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.requests...)
}

func (s *server) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

// records collects what the client logs.
type records struct {
	mu   sync.Mutex
	list []record
}

type record struct {
	level   slog.Level
	message string
	fields  map[string]any
}

func (r *records) log(_ context.Context, level slog.Level, message string, fields map[string]any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, record{level, message, fields})
}

func (r *records) at(level slog.Level) []record {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []record
	for _, one := range r.list {
		if one.level == level {
			list = append(list, one)
		}
	}
	return list
}

// attempts counts the calls that were tried, even those that reached no server. Each leaves one
// line at debug level.
func (r *records) attempts() int { return len(r.at(LevelDebug)) }

// text is everything that was logged.
func (r *records) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var b strings.Builder
	for _, one := range r.list {
		fmt.Fprintln(&b, one.level, one.message, one.fields)
	}
	return b.String()
}

// testRules are the rules for the calls of these tests.
var testRules = map[string]Rule{"Make": Never(), "Make with a key": AfterLookUp("key"), "Read": AtOnce()}

// quick is a configuration whose pauses cost a test nothing.
func quick(retries int) Config {
	return Config{
		Name:           "Test gateway",
		Rules:          testRules,
		MaxRetries:     retries,
		RequestTimeout: 10 * time.Second,
		WaitMin:        time.Millisecond,
		WaitMax:        2 * time.Millisecond,
		UserAgent:      "test/1",
	}
}

func callTo(url string, safe bool) Call {
	operation := "Make"
	if safe {
		operation = "Read"
	}
	return Call{
		Operation: operation,
		Method:    http.MethodPost,
		URL:       url + "/Make",
		Header:    http.Header{"Authorization": {"Basic c2VjcmV0"}, "Content-Type": {"application/json"}},
		Body:      []byte(`{"name":"Магазин"}`),
	}
}

// answering serves the same answer every time. The headers come in pairs.
func answering(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cutting breaks the connection before the first byte of an answer.
func cutting(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// halving breaks the connection in the middle of the body.
func halving(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, `{"id":"1"`)
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// hanging does not answer until the client goes away.
func hanging(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// closedPort is an address that refuses every connection.
func closedPort(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	return s.URL
}

// outcomeOf is what is known after a call, with or without an answer.
func outcomeOf(answer *Answer, err error) Outcome {
	if err != nil {
		return OutcomeOf(err)
	}
	return answer.outcome()
}

func wantContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in %q", part, text)
		}
	}
}
