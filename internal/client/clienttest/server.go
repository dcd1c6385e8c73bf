// Package clienttest holds what the tests of the gateways' clients share. Only tests import it.
package clienttest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Reply is one answer of a Server.
type Reply struct {
	Status int
	Body   string
	Cut    bool     // breaks the connection instead of answering
	Header []string // in pairs, name and value
}

// OK is an answer with HTTP 200.
func OK(body string) Reply { return Reply{Status: 200, Body: body} }

// Request is what a Server received.
type Request struct {
	Method, Path, Query, Body string
	Header                    http.Header
	Chunked                   bool
}

// Server is a gateway that answers as a test says and keeps what it receives. Replies are the
// answers to each step, in their order, and the last one repeats. A test that computes its
// answers sets Answer instead, which handles one request at a time.
type Server struct {
	URL     string
	Replies map[string][]Reply
	Step    func(Request) string     // the key of a request in Replies
	Name    func(step string) string // the name of a step in Steps, if it is shorter
	Header  []string                 // the headers of every answer, in pairs
	Answer  func(n int, r Request) Reply

	mu       sync.Mutex
	requests []Request
}

// Start lets the server serve until the test ends.
func Start(t *testing.T, s *Server) *Server {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	s.URL = web.URL
	return s
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	reply := s.reply(Request{
		r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header.Clone(), len(r.TransferEncoding) > 0,
	})
	if reply.Cut {
		panic(http.ErrAbortHandler)
	}
	for _, pairs := range [][]string{s.Header, reply.Header} {
		for i := 0; i < len(pairs); i += 2 {
			w.Header().Set(pairs[i], pairs[i+1])
		}
	}
	w.WriteHeader(reply.Status)
	_, _ = io.WriteString(w, reply.Body)
}

// reply keeps the request and finds its answer.
func (s *Server) reply(r Request) Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	if s.Answer != nil {
		return s.Answer(len(s.requests)-1, r)
	}
	step := s.Step(r)
	list := s.Replies[step]
	if len(list) == 0 {
		return Reply{Status: 404, Body: "404 page not found"}
	}
	if len(list) > 1 {
		s.Replies[step] = list[1:]
	}
	return list[0]
}

// Set changes the replies to a step from now on.
func (s *Server) Set(step string, replies ...Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Replies[step] = replies
}

// Seen returns what was received so far.
func (s *Server) Seen() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// Last returns the last request.
func (s *Server) Last() Request {
	all := s.Seen()
	return all[len(all)-1]
}

// Forget drops what was received so far.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Steps lists what was received, in short words: "token preview search".
func (s *Server) Steps() string {
	requests := s.Seen()
	names := make([]string, len(requests))
	for i, r := range requests {
		names[i] = s.Step(r)
		if s.Name != nil {
			names[i] = s.Name(names[i])
		}
	}
	return strings.Join(names, " ")
}

// WantSteps checks the steps that were received.
func (s *Server) WantSteps(t *testing.T, want string) {
	t.Helper()
	if got := s.Steps(); got != want {
		t.Errorf("requests: %q, want %q", got, want)
	}
}
