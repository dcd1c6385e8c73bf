package clitest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Diagnostic is one message of the CLI.
type Diagnostic struct {
	Severity, Summary, Detail string
	Snippet                   struct{ Context, Code string } // the place in the configuration
}

func (d Diagnostic) String() string {
	return fmt.Sprintf("%s at %q in %q: %s\n%s", d.Severity, strings.TrimSpace(d.Snippet.Code), d.Snippet.Context, d.Summary, d.Detail)
}

// Result is the outcome of one run of the CLI.
type Result struct {
	t       *testing.T
	command string

	OK       bool
	Messages []Diagnostic
	Planned  map[string]string // addresses to actions: create, update, replace, delete
	Output   string            // everything that it printed
}

// newResult reads the messages and the planned changes from what the CLI printed with -json.
// Other lines do not matter.
func newResult(t *testing.T, args []string, output string, ok bool) *Result {
	t.Helper()
	FailOnCrash(t, output)
	r := &Result{t: t, command: strings.Join(args, " "), OK: ok, Planned: map[string]string{}, Output: output}
	for line := range strings.Lines(output) {
		var event struct {
			Type       string
			Diagnostic Diagnostic
			Change     struct {
				Resource struct{ Addr string }
				Action   string
			}
		}
		if json.Unmarshal([]byte(line), &event) != nil {
			continue
		}
		switch event.Type {
		case "diagnostic":
			r.Messages = append(r.Messages, event.Diagnostic)
		case "planned_change":
			r.Planned[event.Change.Resource.Addr] = event.Change.Action
		}
	}
	return r
}

// Succeeds checks that the command succeeded.
func (r *Result) Succeeds() *Result {
	r.t.Helper()
	if !r.OK {
		r.t.Fatalf("%s failed:\n%s", r.command, r.String())
	}
	return r
}

// Fails checks that the command failed, and that one error has all of the phrases in it.
func (r *Result) Fails(phrases ...string) *Result {
	r.t.Helper()
	if r.OK {
		r.t.Fatalf("%s succeeded, an error was expected:\n%s", r.command, r.Output)
	}
	if len(phrases) == 0 {
		return r
	}
	return r.reports("error", phrases...)
}

// Changes checks all planned changes.
func (r *Result) Changes(want map[string]string) *Result {
	r.t.Helper()
	for address, action := range r.Planned {
		if want[address] != action {
			r.t.Errorf("%s: %s is planned for %s, want %q\n%s", r.command, action, address, want[address], r.String())
		}
	}
	for address, action := range want {
		if r.Planned[address] == "" {
			r.t.Errorf("%s: nothing is planned for %s, want %s\n%s", r.command, address, action, r.String())
		}
	}
	return r
}

// ChangesNothing checks that nothing is planned.
func (r *Result) ChangesNothing() *Result {
	r.t.Helper()
	return r.Changes(nil)
}

// reports checks that a message of this severity has all of the phrases in it. The first phrase
// may be "@name": the line of the configuration that the message points to has to set that
// attribute.
func (r *Result) reports(severity string, phrases ...string) *Result {
	r.t.Helper()
	for _, d := range r.Messages {
		if d.Severity == severity && d.matches(phrases) {
			return r
		}
	}
	r.t.Errorf("%s: no %s says %q:\n%s", r.command, severity, phrases, r.String())
	return r
}

// Warns checks that one warning has all of the phrases in it.
func (r *Result) Warns(phrases ...string) *Result {
	r.t.Helper()
	return r.reports("warning", phrases...)
}

// SaysNothing checks that there is no message at all.
func (r *Result) SaysNothing() *Result {
	r.t.Helper()
	if len(r.Messages) > 0 {
		r.t.Errorf("%s: unexpected messages:\n%s", r.command, r.String())
	}
	return r
}

func (d Diagnostic) matches(phrases []string) bool {
	text := strings.Join(strings.Fields(d.Summary+"\n"+d.Detail), " ")
	for _, phrase := range phrases {
		if attribute, isAttribute := strings.CutPrefix(phrase, "@"); isAttribute {
			if !strings.Contains(d.Snippet.Code, attribute) {
				return false
			}
			continue
		}
		if !strings.Contains(text, phrase) {
			return false
		}
	}
	return true
}

// String is the CLI's messages, or all that it printed.
func (r *Result) String() string {
	if len(r.Messages) == 0 {
		return r.Output
	}
	var b strings.Builder
	for _, d := range r.Messages {
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}

// SaysOnly checks that the summary of each message begins with one of the prefixes.
func (r *Result) SaysOnly(prefixes ...string) *Result {
	r.t.Helper()
	for _, d := range r.Messages {
		if !slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(d.Summary, prefix) }) {
			r.t.Errorf("%s: unexpected message: %s", r.command, d)
		}
	}
	return r
}
