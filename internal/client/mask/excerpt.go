package mask

import (
	"strings"
	"unicode"
)

// Excerpt is the beginning of what a gateway sent, for an error message: one short line
// without secrets. Secrets go first: half a secret would not be recognised as one.
func Excerpt(text string, secrets []string) string {
	text = Text(text, secrets)
	const maxRunes = 200
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if runes := []rune(text); len(runes) > maxRunes {
		// The last word goes too: it may be half a token that nobody knows of.
		text = strings.TrimRightFunc(string(runes[:maxRunes]), func(r rune) bool {
			return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("+/=_-.~%", r))
		}) + "…"
	}
	return text
}
