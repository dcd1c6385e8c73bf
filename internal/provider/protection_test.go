package provider

import (
	"encoding/json"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// What protects refunds and payouts, helpers.

func TestExcludes(t *testing.T) {
	t.Parallel()
	made, planned := ledger.Outgoing{ID: "1", Keys: []string{"k"}}, ledger.Outgoing{IsNew: true, Keys: []string{"k"}}
	failed, unclear := ledger.Outgoing{ID: "2", IsFailed: true, Keys: []string{"k"}}, ledger.Outgoing{IsUnclear: true, Keys: []string{"k"}}
	other, nothing := ledger.Outgoing{IsNew: true, Keys: []string{"l"}}, ledger.Outgoing{IsNew: true}
	for name, c := range map[string]struct {
		a, b ledger.Outgoing
		want bool
	}{
		"a new one and one that was made":    {planned, made, true},
		"a new one and an unclear one":       {planned, unclear, true},
		"two new ones":                       {planned, planned, true},
		"a new one and one that failed":      {planned, failed, false},
		"two that were made":                 {made, ledger.Outgoing{ID: "3", Keys: []string{"k"}}, false},
		"one that was made, and unclear one": {made, unclear, false},
		"another new one":                    {other, made, false},
		"a new one that is not known yet":    {nothing, made, false},
	} {
		for range 2 {
			var r ledger.Register
			r.Note("a", c.a)
			if _, found := r.Note("b", c.b); found != c.want {
				t.Errorf("%s: found = %t, want %t", name, found, c.want)
			}
			if _, found := r.Note("b", c.b); found != c.want {
				t.Errorf("%s, seen again: found = %t, want %t", name, found, c.want)
			}
			c.a, c.b = c.b, c.a
		}
	}
	// The same one, planned again, and under the id that it got.
	var r ledger.Register
	r.Note("a", planned)
	if _, found := r.Note("a", planned); found {
		t.Error("one that is planned again is its own twin")
	}
	r.Note("a", ledger.Outgoing{ID: "9", Keys: []string{"k"}})
	if _, found := r.Note("stored 9", ledger.Outgoing{ID: "9", Keys: []string{"k"}}); found {
		t.Error("one that was just made is its own twin")
	}
}

func TestRefundKeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{refundKey("p", "500", 1), refundKey("p", "500.00", 1), true},
		{refundKey("007", "0.10", 1), refundKey("7", "0.1", 1), true},
		{refundKey("AB", "5", 1), refundKey(" ab ", "5", 1), true},
		{refundKey("p", "500", 1), refundKey("p", "500", 2), false},
		{refundKey("p", "500", 1), refundKey("q", "500", 1), false},
		{refundKey("p", "500", 1), refundKey("p", "50", 1), false},
		{refundKey("7", "500", 1), refundKey("70", "500", 1), false},
	} {
		if (c.a == c.b) != c.want {
			t.Errorf("%q and %q: the same = %t, want %t", c.a, c.b, !c.want, c.want)
		}
	}
}

func mustJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
