package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
)

// Levels of what the client logs: calls at debug, bodies at trace.
const (
	LevelDebug = slog.LevelDebug
	LevelTrace = slog.LevelDebug - 4
)

// LogFunc receives what the client logs, already masked. The client knows no
// Terraform, so the provider passes a function that hands over to tflog.
type LogFunc func(ctx context.Context, level slog.Level, message string, fields map[string]any)

const masked = "***"

// secretKeys are the names of JSON fields whose values never reach a log,
// compared in lower case without "_" and "-".
var secretKeys = regexp.MustCompile(`token|secret|signature|^sign$|password|apikey|card|^pan$|cvc|cvv|requisite|holder|account`)

// cardNumber finds what may be the number of a bank card, in groups or not.
var cardNumber = regexp.MustCompile(`\d(?:[ -]?\d){12,18}`)

// maskBody makes a body fit for a log: known secrets, fields with telling
// names, and card numbers are replaced wherever they stand.
func maskBody(body []byte, secrets []string) string {
	text := string(body)
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err == nil {
		if clean, err := json.Marshal(maskValue(value)); err == nil {
			text = string(clean)
		}
	}
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, masked)
		}
	}
	return cardNumber.ReplaceAllStringFunc(text, func(digits string) string {
		if luhn(digits) {
			return masked
		}
		return digits
	})
}

func maskValue(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			if secretKeys.MatchString(strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(key))) {
				if _, nested := inner.(map[string]any); !nested && inner != nil && inner != "" {
					v[key] = masked
					continue
				}
			}
			v[key] = maskValue(inner)
		}
		return v
	case []any:
		for i := range v {
			v[i] = maskValue(v[i])
		}
		return v
	}
	return value
}

// luhn tells a card number from any other run of digits.
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
