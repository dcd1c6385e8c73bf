package values

import "strings"

// currencyCodes maps former names of currencies, and their numbers in ISO 4217, to
// their names.
var currencyCodes = map[string]string{"RUR": "RUB", "643": "RUB", "810": "RUB", "840": "USD", "978": "EUR"}

// SameCurrency reports whether two codes name one currency: RUB, rub, RUR and
// 643 do. An empty code differs from every currency.
func SameCurrency(a, b string) bool { return currencyOf(a) == currencyOf(b) }

func currencyOf(code string) string {
	code = strings.ToUpper(strings.TrimSpace(code))
	if name, ok := currencyCodes[code]; ok {
		return name
	}
	return code
}
