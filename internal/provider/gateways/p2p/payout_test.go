package p2p

import "testing"

func TestMasked(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"2200000000000053": "…0053", "2200 0000 0000 0053": "…0053", "+7 (999) 123-45-67": "…4567", "1234567": "…", "": "…", "ИВАН": "…",
	} {
		if got := masked(number); got != want {
			t.Errorf("masked(%q) = %q, want %q", number, got, want)
		}
	}
}
