package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultKind is a way of going wrong.
type FaultKind string

// The kinds of faults. "Does the work" means that the call has its effect, which
// is committed before the fault shows.
const (
	// FaultLostAnswer does the work, then cuts the connection.
	FaultLostAnswer FaultKind = "lost_answer"
	// FaultHalfBody does the work, then cuts the connection in the middle of
	// an answer whose Content-Length is right.
	FaultHalfBody FaultKind = "half_body"
	// FaultCut cuts the connection before the work.
	FaultCut FaultKind = "cut"
	// FaultStatus sends Status (503 when 0) instead of doing the work.
	FaultStatus FaultKind = "status"
	// FaultStatusAfter does the work and sends Status (500 when 0).
	FaultStatusAfter FaultKind = "status_after"
	// FaultHTML sends an HTML page with status 200 instead of doing the work, as
	// a captive portal does.
	FaultHTML FaultKind = "html"
	// FaultHTMLAfter does the work and sends such a page.
	FaultHTMLAfter FaultKind = "html_after"
	// FaultDelay waits for Delay, then does the work. If the caller hangs up
	// meanwhile, nothing is done.
	FaultDelay FaultKind = "delay"
	// FaultLate waits for Delay, then does the work even if the caller has hung
	// up. A gateway behind a proxy does that when the proxy gives up first.
	FaultLate FaultKind = "late"
	// FaultDecline lets the bank decline what a person pays on a page, whatever the
	// card. Its operations are those of pages, not of APIs.
	FaultDecline FaultKind = "decline"
)

var faultKinds = []FaultKind{
	FaultLostAnswer, FaultHalfBody, FaultCut, FaultStatus, FaultStatusAfter, FaultHTML, FaultHTMLAfter, FaultDelay, FaultLate, FaultDecline,
}

// Fault makes the sandbox misbehave. Faults act before credentials are checked,
// as a broken network does. At most one fault hits a call: the first injected one
// that is due. Later ones do not count the call.
type Fault struct {
	// Operation is the call to hit, such as "CreatePayment", or the page's, such as
	// "invoice.pay"; "" is any.
	Operation string
	Kind      FaultKind
	// Times is how many calls to hit; 0 means until cleared.
	Times int
	// Every hits every nth matching call only; 0 and 1 mean each.
	Every int
	// Delay passes before the fault acts, whatever its kind.
	Delay time.Duration
	// Status is what FaultStatus and FaultStatusAfter send.
	Status int
	// RetryAfter is sent along with Status as a Retry-After header, if set.
	RetryAfter string
}

type activeFault struct {
	Fault
	// number tells it from the others, on pages.
	number    int
	seen, hit int
}

// Inject puts a fault in force. It panics on an invalid fault, which is a mistake
// of the calling test.
func (s *Sandbox) Inject(fault Fault) {
	if err := s.validate(fault); err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastFault++
	s.faults = append(s.faults, &activeFault{Fault: fault, number: s.lastFault})
}

// removeFault ends the fault with a number, if it is still in force.
func (s *Sandbox) removeFault(number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = slices.DeleteFunc(s.faults, func(f *activeFault) bool { return f.number == number })
}

// ClearFaults ends all faults.
func (s *Sandbox) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// Faults are the faults in force. A fault that has hit Times calls is gone.
func (s *Sandbox) Faults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	faults := make([]Fault, 0, len(s.faults))
	for _, fault := range s.faults {
		faults = append(faults, fault.Fault)
	}
	return faults
}

func (s *Sandbox) validate(f Fault) error {
	if !slices.Contains(faultKinds, f.Kind) {
		return fmt.Errorf("fault kind %q: allowed are %s", f.Kind, Quoted(faultKinds))
	}
	operations := s.operations
	if f.Kind == FaultDecline {
		operations = s.payments()
	}
	if f.Operation != "" && !slices.Contains(operations, f.Operation) {
		return problem{
			fmt.Errorf("fault operation %q: allowed for %s are \"\" (any), %s", f.Operation, f.Kind, Quoted(operations)),
			Textf("Для неисправности «%s» вызова «%s» нет. Есть %s.", Textf(faultWords.Of(string(f.Kind))), f.Operation, Quoted(operations)),
		}
	}
	if f.Kind == FaultDecline && (f.Delay != 0 || f.Status != 0 || f.RetryAfter != "") {
		return fmt.Errorf("fault %s: it has no delay, status and retry_after", f.Kind)
	}
	if f.Times < 0 || f.Every < 0 || f.Delay < 0 {
		return fmt.Errorf("fault %s: times, every and delay must not be negative", f.Kind)
	}
	// net/http panics below 100, and a 1xx answer is no answer.
	if f.Status != 0 && (f.Status < 200 || f.Status > 599) {
		return fmt.Errorf("fault %s: status %d is not between 200 and 599", f.Kind, f.Status)
	}
	if strings.ContainsAny(f.RetryAfter, "\r\n") {
		return fmt.Errorf("fault %s: retry_after must be one line", f.Kind)
	}
	return nil
}

// payments are the operations of pages that FaultDecline can hit.
func (s *Sandbox) payments() []string {
	var all []string
	for _, g := range s.gateways {
		if g.Payment != "" {
			all = append(all, g.Payment)
		}
	}
	return all
}

// IsDeclined reports whether the bank declines what a person is paying on a page.
// Asking counts: a gateway asks once for each payment that can be made.
func (s *Sandbox) IsDeclined(payment string) bool {
	_, hit := s.nextFault(payment, true)
	return hit
}

// nextFault is the fault that hits this call of operation, if any.
func (s *Sandbox) nextFault(operation string, isPayment bool) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, fault := range s.faults {
		if isPayment != (fault.Kind == FaultDecline) || (fault.Operation != "" && fault.Operation != operation) {
			continue
		}
		fault.seen++
		if fault.Every > 1 && fault.seen%fault.Every != 0 {
			continue
		}
		fault.hit++
		if fault.Times > 0 && fault.hit >= fault.Times {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		return fault.Fault, true
	}
	return Fault{}, false
}

// act lets the fault act on a call. do does the gateway's own work.
func (f Fault) act(c *Call, w http.ResponseWriter, r *http.Request, do func()) {
	if !f.wait(c, r) {
		return
	}
	switch f.Kind {
	case FaultLostAnswer:
		do()
		c.note(func(*Request) { c.keepAnswer(c.header, c.answer.String()) })
		cut(w)
	case FaultHalfBody:
		do()
		maps.Copy(w.Header(), c.header)
		whole := c.answer.Bytes()
		w.Header().Set("Content-Length", strconv.Itoa(len(whole)))
		c.note(func(r *Request) {
			r.Status = c.status
			c.keepAnswer(c.header, c.answer.String())
		})
		w.WriteHeader(c.status)
		_, _ = w.Write(whole[:len(whole)/2])
		_ = http.NewResponseController(w).Flush()
		cut(w)
	case FaultCut:
		cut(w)
	case FaultStatus:
		f.answerStatus(c, w, http.StatusServiceUnavailable)
	case FaultStatusAfter:
		do()
		f.answerStatus(c, w, http.StatusInternalServerError)
	case FaultHTML:
		answerPage(c, w)
	case FaultHTMLAfter:
		do()
		answerPage(c, w)
	case FaultDelay, FaultLate:
		do()
		c.send(w)
	case FaultDecline: // hits pages only
	}
}

// wait lets the fault's delay pass. It reports whether the fault still acts.
func (f Fault) wait(c *Call, r *http.Request) bool {
	switch {
	case f.Delay <= 0:
		return true
	case f.Kind == FaultLate:
		return c.sandbox.Wait(f.Delay, nil)
	}
	return c.sandbox.Wait(f.Delay, r.Context().Done())
}

func answerPage(c *Call, w http.ResponseWriter) {
	const page = "<!DOCTYPE html><html><head><title>Технические работы</title></head><body><h1>Ведутся технические работы</h1></body></html>"
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.note(func(r *Request) {
		r.Status, r.Answered = http.StatusOK, true
		c.keepAnswer(w.Header().Clone(), page)
	})
	_, _ = w.Write([]byte(page))
}

func (f Fault) answerStatus(c *Call, w http.ResponseWriter, fallback int) {
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	status := cmp.Or(f.Status, fallback)
	c.text(w, status, http.StatusText(status))
}

// cut closes the connection.
func cut(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		// An HTTP/2 connection cannot be taken over. This resets the stream.
		panic(http.ErrAbortHandler)
	}
	_ = connection.Close()
}
