package clienttest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// Same compares two values as JSON, so that a failure shows both in full.
func Same(t *testing.T, got, want any) {
	t.Helper()
	g, _ := json.MarshalIndent(got, "", " ")
	w, _ := json.MarshalIndent(want, "", " ")
	if string(g) != string(w) {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

// Contains checks that the text has every part.
func Contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in %q", part, text)
		}
	}
}

// Outcome checks that the error says this about its call.
func Outcome(t *testing.T, err error, want transport.Outcome) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if got := transport.OutcomeOf(err); got != want {
		t.Errorf("outcome %d, want %d: %v", got, want, err)
	}
}

// Ended checks for success, or for a failure with this outcome.
func Ended(t *testing.T, err error, failed bool, want transport.Outcome) {
	t.Helper()
	switch {
	case failed:
		Outcome(t, err, want)
	case err != nil:
		t.Error(err)
	}
}
