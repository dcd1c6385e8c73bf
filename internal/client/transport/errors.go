package transport

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Outcome says what is known about a call that did not succeed. It decides
// whether a call that creates or moves money may be sent again.
type Outcome int

const (
	// Unclear means that the call may or may not have been carried out: the answer was
	// lost, cut short, or not the gateway's. It is the zero value, so that an error
	// nobody thought about is never taken for a safe one.
	Unclear Outcome = iota
	// NotDone means that the call was provably not carried out: it never left this
	// machine, or was turned away with 429.
	NotDone
	// Refused means that the gateway answered that it will not do it.
	Refused
)

// Error is a call that did not succeed: what was tried, what came back, and
// what is known about the outcome.
type Error struct {
	Gateway   string // for people: "Invoice API v2"
	Operation string // the gateway's name of the call: "CreatePayment"
	Status    int    // the HTTP status, 0 when there was no answer
	Code      string // the gateway's own error code, "" when it gave none
	Text      string // the gateway's own words, untranslated
	// Fields holds the gateway's remarks on single request fields, by the
	// gateway's field name.
	Fields  map[string][]string
	Outcome Outcome
	// UnderWay says that the gateway may still be working on the request. For a while
	// ([Config.Patience]) a look-up that finds nothing proves nothing.
	UnderWay bool
	// TimedOut says that the client stopped waiting for the gateway, or a proxy did and
	// answered 504. Nobody knows for how long the gateway goes on working, so the call
	// is not sent again even when the object is absent long after.
	TimedOut bool
	// Cause is what went wrong on the way or while reading the answer.
	Cause error
}

func (e *Error) Error() string {
	parts := make([]string, 0, 5)
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.Code != "" {
		parts = append(parts, "error "+e.Code)
	}
	if e.Text != "" {
		parts = append(parts, fmt.Sprintf("«%s»", e.Text))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		parts = append(parts, fmt.Sprintf("%s: «%s»", name, strings.Join(e.Fields[name], "; ")))
	}
	if e.Cause != nil {
		parts = append(parts, e.Cause.Error())
	}
	if len(parts) == 0 {
		parts = append(parts, "no answer")
	}
	return fmt.Sprintf("%s, %s: %s", e.Gateway, e.Operation, strings.Join(parts, ", "))
}

func (e *Error) Unwrap() error { return e.Cause }

// OutcomeOf returns what is known about a failed call. An error that is not an
// [Error] is Unclear: nobody has proved the opposite.
func OutcomeOf(err error) Outcome {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Outcome
	}
	return Unclear
}

// isA reports whether an error, or what it wraps, is of a type.
func isA[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// AsRefusal returns the error of a call that the gateway refused in its own words.
func AsRefusal(err error) (*Error, bool) {
	e, ok := errors.AsType[*Error](err)
	return e, ok && e.Outcome == Refused && e.Cause == nil
}

// maskedError says what another error says, without its secrets.
type maskedError struct {
	text string
	err  error
}

func (e *maskedError) Error() string { return e.text }
func (e *maskedError) Unwrap() error { return e.err }

// hideMessages hides secrets in the names, too: they come from the gateway.
func hideMessages(fields map[string][]string, hide func(string) string) map[string][]string {
	if fields == nil {
		return nil
	}
	clean := make(map[string][]string, len(fields))
	for name, messages := range fields {
		var all []string
		for _, message := range messages {
			all = append(all, hide(message))
		}
		clean[hide(name)] = all
	}
	return clean
}
