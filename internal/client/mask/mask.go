// Package mask takes secrets, card numbers and payers out of what is logged or shown.
package mask

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

const masked = "***"

// secretKeys are the names of JSON fields whose values never reach a log,
// compared in lower case without "_" and "-". The address of a QR code contains
// requisites.
var secretKeys = lazyregexp.New(`token|secret|signature|^sign$|password|apikey|card|^(?:short|masked)?pan$|cvc|cvv|requisite|holder|account|qrcode|disputeattachment`)

func isSecretName(name string) bool { return secretKeys().MatchString(plainName(name)) }

func plainName(name string) string {
	return strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))
}

var (
	// jsonField finds fields in a text that is not a complete JSON document: half
	// of one, or JSON among other words. The last value may be cut short.
	jsonField = lazyregexp.New(`(?s)"((?:[^"\\]|\\.)+)"(\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s",{}\[\]]+)`)
	// formBody is the whole of an application/x-www-form-urlencoded body.
	formBody = lazyregexp.New(`^[^\s=&<>{}"]+=[^\s<>{}"]*$`)
)

// digitGroups finds digits among which the number of a bank card may stand.
var (
	digitGroups = lazyregexp.New(`\d+(?:[ -]\d+)*`)
	digitGroup  = lazyregexp.New(`\d+`)
)

// Body makes a body fit for a log. It replaces known secrets, fields with telling
// names, card numbers, and payers' addresses and telephone numbers.
func Body(body []byte, secrets []string) string {
	text := string(body)
	known := hider(secrets)
	hide := func(text string) string { return Payers(maskFields(known(text), isLoggedSecret)) }
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	isJSON := false
	if decoder.Decode(&value) == nil {
		switch value.(type) {
		// Only these two: "500 Internal Server Error" begins with a JSON number.
		case map[string]any, []any:
			if clean, err := json.Marshal(valueIn(value, hide)); err == nil {
				text, isJSON = string(clean), true
			}
		}
	}
	switch {
	case isJSON:
	case formBody().MatchString(text):
		text = formIn(text, hide)
	default:
		text = hide(text)
	}
	return Payers(Cards(known(text)))
}

// Text makes a text fit to be shown. It replaces known secrets, JSON fields with
// telling names, and card numbers.
func Text(text string, secrets []string) string {
	return Cards(maskFields(hider(secrets)(text), isSecretName))
}

// Cards replaces the numbers of bank cards.
func Cards(text string) string { return digitGroups().ReplaceAllStringFunc(text, cardsIn) }

// formIn hides secrets in the values of a form, which are escaped. The rest stays as
// it was sent.
func formIn(text string, hide func(string) string) string {
	pairs := strings.Split(text, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		decoded, err := url.QueryUnescape(name)
		if err != nil {
			decoded = name
		}
		if value != "" && isLoggedSecret(decoded) {
			pairs[i] = name + "=" + masked
			continue
		}
		plain, err := url.QueryUnescape(value)
		if err != nil {
			continue
		}
		if clean := Cards(hide(plain)); clean != plain {
			pairs[i] = name + "=" + strings.ReplaceAll(url.QueryEscape(clean), url.QueryEscape(masked), masked)
		}
	}
	return strings.Join(pairs, "&")
}

// valueIn hides secrets in the decoded document: in JSON they may be written with
// escapes that no pattern covers.
func valueIn(value any, hide func(string) string) any {
	switch v := value.(type) {
	case map[string]any:
		clean := make(map[string]any, len(v))
		// In order, since names may become the same when they are hidden.
		for _, key := range slices.Sorted(maps.Keys(v)) {
			inner := v[key]
			if _, nested := inner.(map[string]any); isLoggedSecret(key) && !nested && inner != nil && inner != "" {
				clean[hide(key)] = masked
			} else {
				clean[hide(key)] = valueIn(inner, hide)
			}
		}
		return clean
	case []any:
		for i := range v {
			v[i] = valueIn(v[i], hide)
		}
		return v
	case string:
		return hide(v)
	}
	return value
}

// cardsIn hides the card numbers in groups of digits. A card number is made
// of whole groups: in "5543 7354 8462 6654 01/22" it ends before the month.
func cardsIn(text string) string {
	const minDigits, maxDigits = 13, 19
	groups := digitGroup().FindAllStringIndex(text, -1)
	var b strings.Builder
	done := 0
	for first := 0; first < len(groups); first++ {
		count, end := 0, 0
		for last := first; last < len(groups) && count < maxDigits; last++ {
			count += groups[last][1] - groups[last][0]
			digits := text[groups[first][0]:groups[last][1]]
			if count >= minDigits && count <= maxDigits && luhn(digits) && !isMadeOfTime(digits) {
				end = last + 1
			}
		}
		if end > 0 {
			b.WriteString(text[done:groups[first][0]] + masked)
			done = groups[end-1][1]
			first = end - 1
		}
	}
	b.WriteString(text[done:])
	return b.String()
}

// isMadeOfTime reports whether digits are an id that begins with the time of its
// making, as PayKeeper's do. No bank has card numbers that begin with 20.
func isMadeOfTime(digits string) bool {
	const layout = "20060102150405"
	if len(digits) != len(layout)+len("000") {
		return false
	}
	made, err := time.Parse(layout, digits[:len(layout)])
	return err == nil && made.Year()/100 == 20
}

// luhn reports whether digits have the check digit of a card number.
func luhn(text string) bool {
	sum, double := 0, false
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] < '0' || text[i] > '9' {
			continue
		}
		digit := int(text[i] - '0')
		if double {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
		double = !double
	}
	return sum%10 == 0
}
