package sandbox

import (
	"bytes"
	"crypto/subtle"
	"errors"
	"io"
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
	// Done reports whether the call reached the gateway's own code, whether or not
	// the caller learned of it.
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

// Call is one API call in flight. A gateway's code answers through it as
// through a ResponseWriter; what it writes is held back until faults have had
// their say.
type Call struct {
	*http.Request
	// Body is the whole body of the request.
	Body []byte
	// Base is the address that links in the answer start with.
	Base string

	sandbox *Sandbox
	record  *Request
	header  http.Header
	status  int
	answer  bytes.Buffer
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

// Answer answers with a body of that type, unless making it has failed.
func (c *Call) Answer(status int, contentType string, body []byte, err error) {
	if err != nil { // A test has stored what is no number or no JSON.
		Broken(c, err)
		return
	}
	c.header.Set("Content-Type", contentType)
	c.WriteHeader(status)
	_, _ = c.Write(body)
}

// Broken answers that the sandbox itself is broken. It is no gateway's answer,
// so that nobody takes it for a final word.
func Broken(w http.ResponseWriter, err error) {
	http.Error(w, "sandbox: "+err.Error(), http.StatusInternalServerError)
}

// Authorize notes that the call carried the right credentials.
func (c *Call) Authorize() { c.note(func(r *Request) { r.Authorized = true }) }

func (c *Call) note(change func(*Request)) {
	c.sandbox.mu.Lock()
	defer c.sandbox.mu.Unlock()
	change(c.record)
}

// HasLogin reports whether the request carries this login and password
// (Basic).
func (c *Call) HasLogin(login, password string) bool {
	sentLogin, sentPassword, sent := c.BasicAuth()
	rightLogin, rightPassword := SameSecret(sentLogin, login), SameSecret(sentPassword, password)
	return sent && rightLogin && rightPassword
}

// SameSecret compares in constant time.
func SameSecret(got, want string) bool {
	return subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}

// IsOfType reports whether the body is labelled as of this content type.
func (c *Call) IsOfType(contentType string) bool {
	kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	return err == nil && kind == contentType
}

// API serves an API call: it records it, lets the faults in force act on it,
// and runs the gateway's code in between. work runs with the whole body read;
// the answer is sent only after work is done and committed.
func (s *Sandbox) API(w http.ResponseWriter, r *http.Request, operation string, work func(*Call)) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxRequestBody))
	c := &Call{Request: r, Body: body, Base: s.Base(r), sandbox: s, header: http.Header{}, record: &Request{
		Operation: operation, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Body: string(body), At: s.Now(),
	}}
	s.mu.Lock()
	s.requests = append(s.requests, c.record)
	s.mu.Unlock()
	if s.options.OnRequest != nil {
		defer func() {
			s.mu.Lock()
			record := *c.record
			s.mu.Unlock()
			s.options.OnRequest(record)
		}()
	}

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
	if fault, hit := s.nextFault(operation); hit {
		c.note(func(r *Request) { r.Fault = fault.Kind })
		fault.act(c, w, r, do)
		return
	}
	do()
	c.send(w)
}

// send sends the gateway's answer.
func (c *Call) send(w http.ResponseWriter) {
	for name, values := range c.header {
		w.Header()[name] = values
	}
	// Noted first: a caller that has its answer must find it in Requests.
	c.note(func(r *Request) { r.Status, r.Answered = c.status, true })
	w.WriteHeader(c.status)
	_, _ = w.Write(c.answer.Bytes())
}

// text sends an answer that is not the gateway's own.
func (c *Call) text(w http.ResponseWriter, status int, text string) {
	c.note(func(r *Request) { r.Status, r.Answered = status, true })
	http.Error(w, text, status)
}
