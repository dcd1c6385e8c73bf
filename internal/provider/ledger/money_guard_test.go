package ledger

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

func TestExcludes(t *testing.T) {
	t.Parallel()
	made, planned := entry{Outgoing: Outgoing{Kind: Refunds, ID: "1", Key: "k"}}, entry{Outgoing: Outgoing{Kind: Refunds, Key: "k"}, isNew: true}
	failed, unclear := entry{Outgoing: Outgoing{Kind: Refunds, ID: "2", IsFailed: true, Key: "k"}}, entry{Outgoing: Outgoing{Kind: Refunds, IsUnclear: true, Key: "k"}}
	other, nothing := entry{Outgoing: Outgoing{Kind: Refunds, Key: "l"}, isNew: true}, entry{Outgoing: Outgoing{Kind: Refunds}, isNew: true}
	for name, c := range map[string]struct {
		a, b entry
		want bool
	}{
		"a new one and one that was made":    {planned, made, true},
		"a new one and an unclear one":       {planned, unclear, true},
		"two new ones":                       {planned, planned, true},
		"a new one and one that failed":      {planned, failed, false},
		"two that were made":                 {made, entry{Outgoing: Outgoing{Kind: Refunds, ID: "3", Key: "k"}}, false},
		"one that was made, and unclear one": {made, unclear, false},
		"another new one":                    {other, made, false},
		"a new one that is not known yet":    {nothing, made, false},
	} {
		for range 2 {
			var r register
			r.note("a", c.a)
			if _, found := r.note("b", c.b); found != c.want {
				t.Errorf("%s: found = %t, want %t", name, found, c.want)
			}
			if _, found := r.note("b", c.b); found != c.want {
				t.Errorf("%s, seen again: found = %t, want %t", name, found, c.want)
			}
			c.a, c.b = c.b, c.a
		}
	}
	// The same refund may be planned again, also under the id that it got.
	var r register
	r.note("a", planned)
	if _, found := r.note("a", planned); found {
		t.Error("one that is planned again is its own twin")
	}
	r.note("a", entry{Outgoing: Outgoing{Kind: Refunds, ID: "9", Key: "k"}})
	if _, found := r.note("stored 9", entry{Outgoing: Outgoing{Kind: Refunds, ID: "9", Key: "k"}}); found {
		t.Error("one that was just made is its own twin")
	}
}

func TestRegisterNotesWhatLeaves(t *testing.T) {
	t.Parallel()
	gone := entry{Outgoing: Outgoing{Kind: Refunds, ID: "r-1", Key: "a"}, isLeaving: true}
	unknown := entry{Outgoing: Outgoing{Kind: Refunds}, isNew: true}
	for name, c := range map[string]struct {
		first, second entry
		want          bool
	}{
		"left, then unknown":  {gone, unknown, true},
		"unknown, then left":  {unknown, gone, true},
		"two that are left":   {gone, entry{Outgoing: Outgoing{Kind: Refunds, ID: "r-2"}, isLeaving: true}, false},
		"two unknown ones":    {unknown, unknown, false},
		"a known one":         {gone, entry{Outgoing: Outgoing{Kind: Refunds, Key: "b"}, isNew: true}, false},
		"another kind":        {gone, entry{Outgoing: Outgoing{Kind: Payouts}, isNew: true}, false},
		"one that has failed": {entry{Outgoing: Outgoing{Kind: Refunds, ID: "r-1", IsFailed: true}, isLeaving: true}, unknown, false},
	} {
		var r register
		r.noteLeaving(c.first)
		other, found := r.noteLeaving(c.second)
		if found != c.want || found && other.ID != c.first.ID {
			t.Errorf("%s: %+v, %t", name, other, found)
		}
	}
}

// A gateway may give a refund and a payout the same id. They are still two things.
func TestKindsStayApart(t *testing.T) {
	t.Parallel()
	var r Run
	var diags diag.Diagnostics
	refund := Outgoing{Kind: Refunds, ID: "5", Key: "7"}
	refund.NoteStored(&r)
	Outgoing{Kind: Payouts, ID: "5", Key: "7", IsFailed: true}.NoteStored(&r)
	if !(Outgoing{Kind: Payouts, Key: "7"}).PlanNew(t.Context(), &r, privateMap{}, &diags) || diags.HasError() {
		t.Errorf("a payout is refused because of a refund: %v", diags)
	}
	refund.ID = ""
	if refund.PlanNew(t.Context(), &r, privateMap{}, &diags) || !diags.HasError() {
		t.Error("a refund that is stored may be made again")
	}
}

func TestLockEndsWithTheContext(t *testing.T) {
	t.Parallel()
	var r Run
	unlock, err := r.Lock(t.Context(), "terminal", "web")
	if err != nil {
		t.Fatal(err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := r.Lock(ended, "terminal", "web"); err == nil || !strings.Contains(err.Error(), "nothing was sent") {
		t.Errorf("a second lock: %v", err)
	}
	unlock()
	if _, err := r.Lock(t.Context(), "terminal", "web"); err != nil {
		t.Errorf("a lock that was given back: %v", err)
	}
}

// A new one without a key may be an unclear one. Only that of a resource is in the state.
func TestUnclearOneThatMayBeTheSame(t *testing.T) {
	t.Parallel()
	unclear := Outgoing{Kind: Refunds, Key: "k", About: "5 for payment p-1", IsUnclear: true}
	const byAction, byResource = "Invoke the action again only if it was not made", "terraform state rm"
	for name, c := range map[string]struct {
		make           func(*Run)
		says, saysNone string
	}{
		"by an action": {func(run *Run) {
			var diags diag.Diagnostics
			Outgoing{Kind: Refunds, Key: "k"}.SendByAction(run, &diags).NoteMade(unclear)
		}, byAction, byResource},
		"by a resource": {func(run *Run) { unclear.NoteStored(run) }, byResource, byAction},
	} {
		for _, plan := range []func(Outgoing, *Run, *diag.Diagnostics) bool{
			func(o Outgoing, run *Run, diags *diag.Diagnostics) bool {
				return o.PlanNew(t.Context(), run, privateMap{}, diags)
			},
			func(o Outgoing, run *Run, diags *diag.Diagnostics) bool { return o.PlanAction(run, diags) },
		} {
			var run Run
			var diags diag.Diagnostics
			c.make(&run)
			may := plan(Outgoing{Kind: Refunds, MayEqual: func(string) bool { return false }}, &run, &diags)
			if got := said(diags); may || !strings.Contains(got, "It may be the refund of 5 for payment p-1 (outcome unknown)") || !strings.Contains(got, c.says) || strings.Contains(got, c.saysNone) {
				t.Errorf("%s: %q", name, got)
			}
		}
	}
}

// What came out of a payment and is unclear holds back what is to come out of it, in whatever
// order the two are planned.
func TestRegisterNotesSources(t *testing.T) {
	t.Parallel()
	unclear, planned := entry{Outgoing: Outgoing{Kind: Refunds, IsUnclear: true, Source: "p"}}, entry{Outgoing: Outgoing{Kind: Refunds, Source: "p"}, isNew: true}
	found := unclear
	found.ID = "1"
	elsewhere, anywhere := planned, planned
	elsewhere.Source, anywhere.Source = "q", ""
	for name, c := range map[string]struct {
		a, b entry
		want bool
	}{
		"unclear and new":            {unclear, planned, true},
		"found and new":              {found, planned, false},
		"two new":                    {planned, planned, false},
		"two unclear":                {unclear, unclear, false},
		"new, of another payment":    {unclear, elsewhere, false},
		"new, where it is no matter": {entry{Outgoing: Outgoing{Kind: Refunds, IsUnclear: true}}, anywhere, false},
	} {
		for range 2 {
			var r register
			if _, first := r.noteSource(c.a); first {
				t.Errorf("%s: found before it is there", name)
			}
			if _, second := r.noteSource(c.b); second != c.want {
				t.Errorf("%s: found = %t, want %t", name, second, c.want)
			}
			c.a, c.b = c.b, c.a
		}
	}
}
