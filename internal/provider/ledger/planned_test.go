package ledger

import (
	"slices"
	"strings"
	"testing"
)

func TestPlannedPrivateReachesCreate(t *testing.T) {
	t.Parallel()
	// The framework writes private data as JSON with values in base64.
	ctx := WithPlannedPrivate(t.Context(), []byte(`{"claim":"ImlkLTEi"}`))
	if got := ownerOfCreated(ctx); got != "id-1" {
		t.Errorf("the owner is %q, want id-1", got)
	}
	for _, none := range []string{"", "{}", "null", "no JSON"} {
		ctx := WithPlannedPrivate(t.Context(), []byte(none))
		if got := ownerOfCreated(ctx); !strings.HasPrefix(got, "new ") {
			t.Errorf("of %q: the owner is %q, want a new one", none, got)
		}
	}
}

// What a plan passes on is in its private data only while there is something to pass on, and does
// not stay in the state.
func TestNothingPlannedStaysInTheState(t *testing.T) {
	t.Parallel()
	ctx, data := t.Context(), privateMap{"r": []byte("{}")}
	expect := func(what string, want ...string) {
		t.Helper()
		var got []string
		for key, value := range data {
			if len(value) > 0 {
				got = append(got, key)
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	WriteReplaced(ctx, data, "id-1", true)
	WriteKept(ctx, data, "refund 1")
	MarkDestroy(ctx, data)
	ownerOfNew(ctx, data)
	expect("planned", "claim", "destroy", "kept", "paid", "r", "replaced")
	if owner, name := ReadReplaced(ctx, data), ReadKept(ctx, data); owner != "id-1" || name != "refund 1" {
		t.Errorf("replaced %q, kept %q", owner, name)
	}
	WriteReplaced(ctx, data, "id-1", false)
	WriteKept(ctx, data, "")
	expect("neither paid nor kept nor destroyed", "claim", "r", "replaced")
	if name := ReadKept(ctx, data); name != "" {
		t.Errorf("%q is still kept", name)
	}
	WriteReplaced(ctx, data, "id-1", true)
	WriteKept(ctx, data, "refund 1")
	MarkDestroy(ctx, data)
	MarkRefused(ctx, data, true)
	DropPlanned(ctx, data)
	expect("dropped", "r", "told")
	if why := (&Run{}).ReasonOfDestroy(ctx, "id-1", data); why != DestroyBeforeSuccessor {
		t.Errorf("a destroy that failed counts as planned: %v", why)
	}
	MarkRefused(ctx, data, false)
	expect("not refused", "r")
}
