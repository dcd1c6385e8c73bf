package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// noBreak is a space at which no line ends.
const noBreak = "\u00a0"

var currencySigns = map[string]string{"RUB": "₽", "RUR": "₽", "USD": "$", "EUR": "€", "KZT": "₸"}

// showMoney shows an amount to a person, with a currency if one is given. It never
// rounds: an amount of more than two decimals keeps them.
func showMoney(to string, amount any, currency ...string) string {
	number, err := decimal.NewFromString(fmt.Sprint(amount))
	unit := strings.Join(currency, "")
	if err != nil {
		return strings.TrimSpace(fmt.Sprint(amount) + " " + unit)
	}
	digits := number.Abs().StringFixed(max(2, -number.Exponent()))
	whole, decimals, _ := strings.Cut(digits, ".")
	sign := ""
	if number.IsNegative() {
		sign = "−"
	}
	shown := cmp.Or(currencySigns[unit], unit)
	if to == english {
		if shown == unit && unit != "" {
			shown += noBreak
		}
		return sign + shown + group(whole, ",") + "." + decimals
	}
	if shown != "" {
		shown = noBreak + shown
	}
	return sign + group(whole, noBreak) + "," + decimals + shown
}

// RussianMoney shows an amount in a text that is Russian in all languages, such as
// a mail.
func RussianMoney(amount any, currency string) string { return showMoney(russian, amount, currency) }

// group puts a mark between thousands.
func group(digits, mark string) string {
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + mark + digits[at:]
	}
	return digits
}

// The layouts of times on pages, by language.
var (
	momentLayouts = map[string]string{russian: "02.01.2006 15:04 МСК", english: "2 Jan 2006, 15:04 MSK"}
	secondLayouts = map[string]string{russian: "02.01.2006 15:04:05 МСК", english: "2 Jan 2006, 15:04:05 MSK"}
)

// showMoment shows a time of the APIs to a person, in Moscow. Texts without a zone
// are of Moscow, too.
func showMoment(layout string, at any) string {
	switch at := at.(type) {
	case time.Time:
		return at.In(Moscow).Format(layout)
	case *time.Time:
		if at == nil {
			return ""
		}
		return at.In(Moscow).Format(layout)
	default:
		text := fmt.Sprint(at)
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			parsed, err = time.ParseInLocation(time.DateTime, text, Moscow)
		}
		if err != nil {
			return text
		}
		return parsed.In(Moscow).Format(layout)
	}
}

// durationText is a duration in whole seconds as a person writes it, and nil if there is none.
func durationText(d time.Duration) any {
	if d == 0 {
		return nil
	}
	if d%time.Hour == 0 {
		return Textf("%d ч", d/time.Hour)
	}
	return Textf("%d ч %d мин %d с", d/time.Hour, d%time.Hour/time.Minute, d%time.Minute/time.Second)
}

// thousands is an amount whose commas are between thousands.
var thousands = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d*)?$`)

// ReadMoney reads an amount as a person writes it in the language of the page:
// 1,500.00 on an English one, 1 500,00 on a Russian one. It returns "" for more than
// two decimals. They may be thousands after the mark of another language.
func ReadMoney(r *http.Request, text string) string {
	amount := strings.NewReplacer(" ", "", noBreak, "", "\u202f", "", "₽", "").Replace(text)
	if languageOf(r) == english && thousands.MatchString(amount) {
		amount = strings.ReplaceAll(amount, ",", "")
	}
	amount = strings.ReplaceAll(amount, ",", ".")
	if _, decimals, _ := strings.Cut(amount, "."); len(decimals) > 2 {
		return ""
	}
	return amount
}

// RussianMoment shows a time in a text that is Russian in all languages, such as a
// mail.
func RussianMoment(at any) string { return showMoment(momentLayouts[russian], at) }
