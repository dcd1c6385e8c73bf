package gateway

import "strings"

// SameID reports whether two ids differ in spelling alone, if at all. No id is not
// the same as an id.
func SameID(a, b string) bool { return PlainID(a) == PlainID(b) }

// PlainID is one spelling of an id: scripts make 7 of "007", and databases fold case
// and blanks.
func PlainID(id string) string {
	id = strings.ToLower(strings.TrimSpace(id))
	if plain := strings.TrimLeft(id, "0"); plain != "" || id == "" {
		return plain
	}
	return "0"
}

// currencyCodes are other names of currencies: what they were called, and their
// numbers in ISO 4217.
var currencyCodes = map[string]string{"RUR": "RUB", "643": "RUB", "810": "RUB", "840": "USD", "978": "EUR"}

// SameCurrency reports whether two codes name one currency: RUB, rub, RUR and
// 643 do. No currency is not the same as a currency.
func SameCurrency(a, b string) bool { return currencyOf(a) == currencyOf(b) }

func currencyOf(code string) string {
	code = strings.ToUpper(strings.TrimSpace(code))
	if name, ok := currencyCodes[code]; ok {
		return name
	}
	return code
}
