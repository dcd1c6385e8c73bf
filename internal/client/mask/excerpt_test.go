package mask

import (
	"strings"
	"testing"
)

func TestExcerptIsOneShortLine(t *testing.T) {
	tests := map[string]string{
		"a\r\n\tb  c ":           "a b c", //nolint:gocritic // the white space is what is tested
		"":                       "",
		"ok\xff\xfe!":            "ok?!",
		strings.Repeat("я", 200): strings.Repeat("я", 200),
		strings.Repeat("я", 201): strings.Repeat("я", 200) + "…",
		// Half a token at the end would not be recognised as a secret.
		strings.Repeat("я", 180) + ": YdUlqkFcVo62XmY6B9VLJfwUODqE9ODk8/q/s1uXguWm": strings.Repeat("я", 180) + ": …",
	}
	for body, want := range tests {
		if got := Excerpt(body, nil); got != want {
			t.Errorf("%.20q: %q", body, got)
		}
	}
}
