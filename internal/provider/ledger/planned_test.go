package ledger

import (
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
