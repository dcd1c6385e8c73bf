package sandbox

import (
	"strings"
	"testing"
	"time"
)

func TestShowMoney(t *testing.T) {
	for _, test := range []struct{ amount, currency, russian, english string }{
		{"48500", "RUB", "48_500,00_₽", "₽48,500.00"},
		{"48500.5", "RUB", "48_500,50_₽", "₽48,500.50"},
		{"1234567.89", "RUB", "1_234_567,89_₽", "₽1,234,567.89"},
		{"999", "RUB", "999,00_₽", "₽999.00"},
		{"0.00012345", "BTC", "0,00012345_BTC", "BTC_0.00012345"},
		{"-1000", "USD", "−1_000,00_$", "−$1,000.00"},
		{"1500.10", "", "1_500,10", "1,500.10"},
		{"", "RUB", "RUB", "RUB"},
		{"many", "", "many", "many"},
	} {
		for to, want := range map[string]string{russian: test.russian, english: test.english} {
			var currency []string
			if test.currency != "" {
				currency = []string{test.currency}
			}
			if got := strings.ReplaceAll(showMoney(to, test.amount, currency...), noBreak, "_"); got != want {
				t.Errorf("%s %s in %s: got %q, want %q", test.amount, test.currency, to, got, want)
			}
		}
	}
}

func TestShowMoment(t *testing.T) {
	at := time.Date(2026, 3, 1, 21, 30, 5, 0, time.UTC)
	for _, value := range []any{at, &at, "2026-03-01T21:30:05Z", "2026-03-02T02:30:05+05:00", "2026-03-02 00:30:05"} {
		if got := showMoment(momentLayouts[russian], value); got != "02.03.2026 00:30 МСК" {
			t.Errorf("%v: %s", value, got)
		}
		if got := showMoment(secondLayouts[english], value); got != "2 Mar 2026, 00:30:05 MSK" {
			t.Errorf("%v: %s", value, got)
		}
	}
	for _, value := range []any{"", "soon", (*time.Time)(nil)} {
		if got := showMoment(momentLayouts[russian], value); got != "" && got != "soon" {
			t.Errorf("%v: %s", value, got)
		}
	}
}

func TestTexts(t *testing.T) {
	texts := dictionary{"ещё %d": "%d more", "%s, через %d": "%s, each %d-th"}
	left := Textf("%s, через %d", Textf("ещё %d", 2), 3)
	for to, want := range map[string]string{russian: "ещё 2, через 3", english: "2 more, each 3-th"} {
		if got := texts.show(to, left, nil); got != want {
			t.Errorf("%s: %s", to, got)
		}
	}
	// A name is no format.
	if got := texts.show(english, "100%d", nil); got != "100%d" {
		t.Error(got)
	}
}
