package sandbox

import (
	"bytes"
	"crypto/subtle"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"time"
)

// MaxRequestBody bounds what a caller can make the sandbox keep.
const MaxRequestBody = 1 << 20

// Request is one API call the sandbox has received. The Authorization header
// is not kept.
type Request struct {
	// Operation is the gateway's name for the call, such as "CreatePayment".
	Operation string
	Method    string
	Path      string
	// Query is what follows the '?' of the address, as it was sent.
	Query string
	Body  string
	// Authorized reports whether the credentials were right. It is false when a
	// fault answered before they were looked at.
	Authorized bool
	// Fault is the fault that hit the call, "" if none did.
	Fault FaultKind
	// Done reports whether the gateway's own code has run. The caller may not know.
	Done bool
	// Status is the HTTP status that was sent, 0 if none was.
	Status int
	// Answered reports whether a whole answer was sent.
	Answered bool
	// At is when the call came in, by the sandbox's clock.
	At time.Time
}

// Requests are the API calls received since the start or the last
// ResetRequests, in the order of their arrival, including unauthorized ones
// and those hit by a fault. With operations given, only those.
func (s *Sandbox) Requests(operations ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var requests []Request
	for _, request := range s.requests {
		if len(operations) == 0 || slices.Contains(operations, request.Operation) {
			requests = append(requests, *request)
		}
	}
	return requests
}

// ResetRequests forgets the calls received so far.
func (s *Sandbox) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Call is one API call in flight. It is the ResponseWriter of the gateway's code.
// The answer is held back until the faults have acted.
type Call struct {
	*http.Request
	// Body is the whole body of the request.
	Body []byte
	// Base is the address that links in the answer start with.
	Base string

	sandbox  *Sandbox
	record   *Request
	exchange *exchange
	header   http.Header
	status   int
	answer   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (c *Call) Header() http.Header { return c.header }

// WriteHeader implements http.ResponseWriter.
func (c *Call) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

// Write implements http.ResponseWriter.
func (c *Call) Write(p []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.answer.Write(p)
}

// Answer sends a body of this content type. err is an error of making the body: a
// test may have stored what is no number or no JSON.
func (c *Call) Answer(status int, contentType string, body []byte, err error) {
	if err != nil {
		Fail(c, err)
		return
	}
	c.header.Set("Content-Type", contentType)
	c.WriteHeader(status)
	_, _ = c.Write(body)
}

// Fail answers that the sandbox itself has failed. This is never the answer of a
// gateway, so a client must not take it for a final one.
func Fail(w http.ResponseWriter, err error) {
	http.Error(w, "sandbox: "+err.Error(), http.StatusInternalServerError)
}

// Authorize records that the call carried the right credentials.
func (c *Call) Authorize() { c.note(func(r *Request) { r.Authorized = true }) }

func (c *Call) note(change func(*Request)) {
	c.sandbox.mu.Lock()
	defer c.sandbox.mu.Unlock()
	change(c.record)
}

// HasLogin reports whether the request carries this login and password (HTTP
// Basic).
func (c *Call) HasLogin(login, password string) bool {
	sentLogin, sentPassword, sent := c.BasicAuth()
	rightLogin, rightPassword := SameSecret(sentLogin, login), SameSecret(sentPassword, password)
	return sent && rightLogin && rightPassword
}

// SameSecret compares two secrets in constant time.
func SameSecret(got, want string) bool {
	return subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}

// IsOfType reports whether the request has this content type.
func (c *Call) IsOfType(contentType string) bool {
	kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	return err == nil && kind == contentType
}

// HandleAPI mounts one call of a gateway's API. Faults and Requests know the call
// by the name of its operation.
func (s *Sandbox) HandleAPI(mux *http.ServeMux, pattern, operation string, work func(*Call)) {
	s.operations = append(s.operations, operation)
	s.HandleUnknown(mux, pattern, func(w http.ResponseWriter, r *http.Request) { s.ServeAPI(w, r, operation, work) })
}

// HandleUnknown mounts what answers those addresses of a gateway's API that are no
// calls.
func (s *Sandbox) HandleUnknown(mux *http.ServeMux, pattern string, serve http.HandlerFunc) {
	s.apiPatterns[pattern] = true
	mux.HandleFunc(pattern, serve)
}

// ServeAPI serves one API call. It records the call and lets the faults in force
// act on it. work is the gateway's own code. It runs when the whole body is read,
// and the answer is sent when its changes are committed.
func (s *Sandbox) ServeAPI(w http.ResponseWriter, r *http.Request, operation string, work func(*Call)) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxRequestBody))
	c := &Call{Request: r, Body: body, Base: s.Base(r), sandbox: s, header: http.Header{}, record: &Request{
		Operation: operation, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Body: string(body), At: s.Now(),
	}}
	s.mu.Lock()
	if !s.options.ForgetRequests {
		s.requests = append(s.requests, c.record)
	}
	c.exchange = s.journal.add(c, s.gatewayOf(r.URL.Path))
	s.mu.Unlock()
	defer s.end(c.record)

	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		c.text(w, http.StatusRequestEntityTooLarge, "request body too large")
		return
	case err != nil: // The caller is gone.
		return
	}
	do := func() {
		c.note(func(r *Request) { r.Done = true })
		work(c)
	}
	if fault, hit := s.nextFault(operation, false); hit {
		c.note(func(r *Request) { r.Fault = fault.Kind })
		fault.act(c, w, r, do)
		return
	}
	do()
	c.send(w)
}

// end is for a call that is over. The journal keeps its record.
func (s *Sandbox) end(record *Request) {
	s.mu.Lock()
	ended := *record
	if s.options.ForgetRequests {
		record.Body = ""
	}
	s.mu.Unlock()
	if s.options.OnRequest != nil {
		s.options.OnRequest(ended)
	}
}

// send sends the gateway's answer.
func (c *Call) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), c.header)
	// First the record: a caller that has its answer must find it in Requests.
	c.note(func(r *Request) {
		r.Status, r.Answered = c.status, true
		c.keepAnswer(c.header, c.answer.String())
	})
	w.WriteHeader(c.status)
	_, _ = w.Write(c.answer.Bytes())
}

// text sends an answer that the gateway's code has not made.
func (c *Call) text(w http.ResponseWriter, status int, text string) {
	c.note(func(r *Request) {
		r.Status, r.Answered = status, true
		c.keepAnswer(w.Header().Clone(), text)
	})
	http.Error(w, text, status)
}
