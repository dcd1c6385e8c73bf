package sandbox

import (
	"net/http"
	"regexp"
	"strings"
)

// masked stands for what the journal does not show.
const masked = "***"

// secretNames are the names of fields that the journal does not show: credentials,
// and what a person pays with or can be reached by.
const secretNames = `(?:[\w.-]*(?:token|passw|secret|signature|api_?key|cvc|cvv|requisite|phone|mail|card_?number|qr_?code|holder|fio)[\w.-]*` +
	`|sign|key|card|pan|short_?pan|account|payment_?account|recipient_?account|ip_?add?ress|ip)`

// Bodies may be cut in the middle, so they are masked as text. An absent or empty
// value stays as it is: that a field is empty is worth knowing. A rule is tried
// only on texts that have its mark, since patterns are slow.
var maskRules = []struct {
	mark        string
	pattern     *regexp.Regexp
	replacement string
}{
	// JSON, and JSON in a text of JSON.
	{`"`, regexp.MustCompile(`(?i)"(` + secretNames + `)"(\s*:\s*)(?:"(?:[^"\\]|\\.|\\$)+(?:"|$)|-?\d[\d.eE+-]*)`), `"$1"$2"` + masked + `"`},
	{`\"`, regexp.MustCompile(`(?i)\\"(` + secretNames + `)\\"(\s*:\s*)\\"(?:[^"\\]|\\[^"])+`), `\"$1\"$2\"` + masked},
	// Queries and forms, of PHP clients too.
	{`=`, regexp.MustCompile(`(?i)(^|[&?;])(` + secretNames + `(?:\[\w*\]|%5B\w*%5D)*)=[^&\s"']+`), `$1$2=` + masked},
	{`name="`, regexp.MustCompile(`(?i)(name="` + secretNames + `"\r?\n(?:[^\r\n]+\r?\n)*\r?\n)[^\r\n]+`), `${1}` + masked},
	// User and password of an address, in JSON of PHP and in forms, too.
	{`@`, userinfo, `${1}` + masked + `@`},
	{`%40`, userinfo, `${1}` + masked + `@`},
	// XML.
	{`<`, regexp.MustCompile(`(?i)<(` + secretNames + `)>[^<]+`), `<$1>` + masked},
	// The hash that a shop answers PayKeeper.
	{`OK `, regexp.MustCompile(`\bOK [0-9a-fA-F]{32}\b`), `OK ` + masked},
	// Wherever they stand: mail addresses and telephone numbers.
	{`@`, mailAddress, masked}, {`%40`, mailAddress, masked},
	{`+`, telephone, masked}, {`%2B`, telephone, masked}, {`%2b`, telephone, masked},
	{`79`, mobile, masked}, {`89`, mobile, masked},
}

var (
	mailAddress  = regexp.MustCompile(`(?i)[\p{L}\p{N}._%+-]+(?:@|%40)[\p{L}\p{N}.-]+\.\p{L}{2,}`)
	telephone    = regexp.MustCompile(`(?i)(?:\+|%2B)\d(?:(?:[\s()+.-]|%20|%28|%29)*\d){9,14}`)
	mobile       = regexp.MustCompile(`\b[78]9\d{9}\b`)
	userinfo     = regexp.MustCompile(`(?i)((?::|%3A)(?:\\?/|%2F){2})(?:[^\s/\\"'<>&?#%]|%[^23]|%2[^3F]|%3[^F])*(?:@|%40)`)
	cardNumber   = regexp.MustCompile(`\b\d(?:[ +-]?\d){12,18}\b`)
	secretHeader = regexp.MustCompile(`(?i)auth|cookie|identity|sign|token|key|secret|passw`)
)

// maskText masks a body, a query or a text.
func maskText(text string) string {
	for _, rule := range maskRules {
		if !strings.Contains(text, rule.mark) {
			continue
		}
		text = rule.pattern.ReplaceAllString(text, rule.replacement)
	}
	if !hasCardDigits(text) {
		return text
	}
	return cardNumber.ReplaceAllStringFunc(text, func(number string) string {
		if isCardNumber(number) {
			return masked
		}
		return number
	})
}

// hasCardDigits reports whether a text has as many digits as a card number. It
// saves the time of the pattern.
func hasCardDigits(text string) bool {
	digits := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			digits++
		}
	}
	return digits >= 13
}

// isCardNumber reports whether the last digit is the check digit of a card number
// (Luhn). PayKeeper's ids are no cards: they have 17 digits, of which the first
// four are a year.
func isCardNumber(text string) bool {
	digits := strings.NewReplacer(" ", "", "-", "", "+", "").Replace(text)
	if len(digits) == 17 && strings.HasPrefix(digits, "20") {
		return false
	}
	sum := 0
	for i := range len(digits) {
		digit := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			digit = digit*2%10 + digit/5
		}
		sum += digit
	}
	return sum%10 == 0
}

// maskHeaders are headers as the journal shows them.
func maskHeaders(headers http.Header) map[string]string {
	shown := map[string]string{}
	for name, values := range headers {
		shown[name] = maskText(strings.Join(values, ", "))
		if secretHeader.MatchString(name) {
			kind, _, isOfKind := strings.Cut(values[0], " ")
			shown[name] = masked
			if isOfKind && (kind == "Basic" || kind == "Bearer") {
				shown[name] = kind + " " + masked
			}
		}
	}
	return shown
}
