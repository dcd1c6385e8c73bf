package private

import "testing"

// Encoded data have no key without a value, as those of the framework.
func TestNoValueRemovesTheKey(t *testing.T) {
	t.Parallel()
	ctx, data := t.Context(), Decode([]byte(`{"one":"dHJ1ZQ==","two":"dHJ1ZQ=="}`))
	if WriteFlag(ctx, data, "one", false); !ReadFlag(ctx, data, "two") || ReadFlag(ctx, data, "one") {
		t.Errorf("the flags are %v", data)
	}
	if text, err := data.Encode(); err != nil || string(text) != `{"two":"dHJ1ZQ=="}` {
		t.Errorf("encoded %s %v", text, err)
	}
	Remove(ctx, data, "two")
	if text, err := data.Encode(); err != nil || text != nil {
		t.Errorf("nothing is encoded as %s %v", text, err)
	}
}
