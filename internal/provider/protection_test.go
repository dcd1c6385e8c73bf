package provider

import (
	"encoding/json"
	"testing"
)

func TestRefundKeysIgnoreSpelling(t *testing.T) {
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

func mustJSON(t testing.TB, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
