package mask

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

// minSecret is the length of the shortest text that is hidden wherever it stands.
// Hiding shorter ones protects nothing, and makes messages unreadable.
const minSecret = 4

// hider returns a function that replaces known secrets in a text, however they are
// written there. Servers, proxies and scripts that repeat a request escape it as
// JSON, HTML or an address, and some do so twice.
func hider(secrets []string) func(text string) string {
	patterns, numbers := map[string]*regexp.Regexp{}, []*regexp.Regexp{}
	for _, secret := range secrets {
		if number := spaced(secret); number != nil {
			numbers = append(numbers, number)
		}
	}
	return func(text string) string {
		for _, number := range numbers {
			text = number.ReplaceAllLiteralString(text, masked)
		}
		for _, secret := range secrets {
			if len(secret) < minSecret || !strings.Contains(text, unescaped(secret)) {
				continue
			}
			text = strings.ReplaceAll(text, secret, masked)
			if !utf8.ValidString(secret) {
				continue // nothing can escape it
			}
			if patterns[secret] == nil {
				patterns[secret] = regexp.MustCompile(writings(secret))
			}
			text = patterns[secret].ReplaceAllLiteralString(text, masked)
		}
		return text
	}
}

// spaced is a pattern for a number, such as an account or a telephone number, however
// its digits are set apart. It is nil for a text that is not a number, or a short one.
func spaced(secret string) *regexp.Regexp {
	const minDigits = 9
	digits := strings.FieldsFunc(secret, func(r rune) bool { return strings.ContainsRune(" +-().", r) })
	number := strings.Join(digits, "")
	if len(number) < minDigits || strings.Trim(number, "0123456789") != "" {
		return nil
	}
	return regexp.MustCompile(strings.Join(strings.Split(number, ""), `[\s\x{A0}().-]*`))
}

// unescaped is the longest part of a secret that nothing escapes. A text without it
// needs no closer look.
func unescaped(secret string) string {
	longest := ""
	for _, word := range strings.FieldsFunc(secret, needsEscape) {
		if len(word) > len(longest) {
			longest = word
		}
	}
	return longest
}

func needsEscape(r rune) bool {
	return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}

// entities are the characters that HTML has names for.
var entities = map[rune]string{'"': "quot", '&': "amp", '\'': "apos", '<': "lt", '>': "gt", ' ': "nbsp"}

// writings is a pattern for all the ways of writing a secret.
func writings(secret string) string {
	var b strings.Builder
	for _, r := range secret {
		if !needsEscape(r) {
			b.WriteRune(r)
			continue
		}
		// Backslashes are those of JSON and of quotes in a log.
		fmt.Fprintf(&b, `(?:\\|%%(?:25)*5[cC])*(?:%s|`, regexp.QuoteMeta(string(r)))
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\\*u(?i:%04x)`, unit)
		}
		fmt.Fprintf(&b, `|(?i:x%02x|u%08[1]x)|&(?:amp;)*#(?:0*%[1]d|[xX]0*(?i:%[1]x));|`, r)
		for _, one := range []byte(string(r)) {
			fmt.Fprintf(&b, `%%(?:25)*(?i:%02x)`, one)
		}
		if name, ok := entities[r]; ok {
			fmt.Fprintf(&b, `|&(?:amp;)*%s;`, name)
		}
		if r == ' ' {
			b.WriteString(`|\+|\s+`)
		}
		b.WriteString(")")
	}
	return b.String()
}

// quotedFields find the fields of JSON that is itself escaped in a text: as JSON, as
// HTML or in an address. The last value may be cut short.
var quotedFields = []func() *regexp.Regexp{
	quotedField(`\\"`, `(?:\\\\(?:\\.|[^\\])|[^\\])*?`),
	quotedField(`&(?:amp;)*(?:quot|#0*34|#[xX]0*22);`, `(?:\\.|[^\\])*?`),
	quotedField(`%(?:25)*22`, `[^\s]*?`),
}

func quotedField(quote, value string) func() *regexp.Regexp {
	space := `(?:\s|%20|\+)*`
	return lazyregexp.New(`(?s)(` + quote + `)([\w.-]+)(` + quote + space + `(?::|%(?:25)*3[aA])` + space + `)` +
		`(?:` + quote + value + `(?:` + quote + `|$)|[^\s,{}\[\]"&%\\]+)`)
}

// maskFields hides the values of fields with telling names in a text that is not JSON.
func maskFields(text string, isSecret func(name string) bool) string {
	if strings.Contains(text, `"`) {
		text = jsonField().ReplaceAllStringFunc(text, func(field string) string {
			part := jsonField().FindStringSubmatch(field)
			if part[3] == "null" || part[3] == `""` || !isSecret(part[1]) {
				return field
			}
			return `"` + part[1] + `"` + part[2] + `"` + masked + `"`
		})
	}
	if !strings.ContainsAny(text, `\&%`) {
		return text
	}
	for _, compiled := range quotedFields {
		pattern := compiled()
		text = pattern.ReplaceAllStringFunc(text, func(field string) string {
			part := pattern.FindStringSubmatch(field)
			quote, name, colon := part[1], part[2], part[3]
			if value := field[len(quote)+len(name)+len(colon):]; value == "null" || value == quote+quote || !isSecret(name) {
				return field
			}
			return quote + name + colon + quote + masked + quote
		})
	}
	return text
}
