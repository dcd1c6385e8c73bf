package attributes

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
)

var plainDecimal = lazyregexp.New(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// IsAmount allows what all gateways take as money: positive, at most two
// decimals, plain notation.
func IsAmount() TextValidator {
	return TextValidator{
		Allowed: `must be a positive decimal number with at most two decimals in plain notation, such as "1000" or "99.90"`,
		Problem: func(text string) string { return decimalProblem(text, 2) },
	}
}

// IsQuantity allows fractions, such as kilograms.
func IsQuantity() TextValidator {
	return TextValidator{
		Allowed: `must be a positive decimal number with at most six decimals in plain notation, such as "1" or "0.125"`,
		Problem: func(text string) string { return decimalProblem(text, 6) },
	}
}

// IsNotNegative allows zero and what is more, with so many decimals at the most.
func IsNotNegative(decimals int) TextValidator {
	return TextValidator{
		Allowed: fmt.Sprintf("must be a decimal number with at most %d decimals in plain notation, and not negative", decimals),
		Problem: func(text string) string { return unsignedProblem(text, decimals) },
	}
}

// maxDigits before the point: a thousand billions. More is a mistake.
const maxDigits = 15

// decimalProblem wants a positive number.
func decimalProblem(text string, decimals int) string {
	if problem := unsignedProblem(text, decimals); problem != "" {
		return problem
	}
	if strings.Trim(text, "-0.") == "" {
		return quoted(text) + " is zero"
	}
	return ""
}

func unsignedProblem(text string, decimals int) string {
	if !plainDecimal().MatchString(text) {
		return quoted(text) + " is not a decimal number" + hintAtDecimal(text)
	}
	whole, fraction, _ := strings.Cut(text, ".")
	if len(fraction) > decimals {
		return quoted(text) + " has more decimals than allowed"
	}
	number, err := values.ParseDecimal(text)
	switch {
	case err != nil || len(whole) > maxDigits:
		return quoted(text) + " is out of range"
	case number.IsNegative():
		return quoted(text) + " is negative"
	}
	return ""
}

// hintAtDecimal says how a number would be written.
func hintAtDecimal(text string) string {
	hasComma, hasSpace := strings.Contains(text, ","), strings.ContainsFunc(text, unicode.IsSpace)
	switch {
	case hasComma && hasSpace:
		return " (write a point, not a comma, and no spaces)"
	case hasComma:
		return " (write a point, not a comma)"
	case hasSpace:
		return " (write no spaces)"
	}
	return ""
}

// quoted cuts what would fill a screen: 1/3 has 155 digits in HCL.
func quoted(text string) string {
	const maxShown = 40
	if shown := []rune(text); len(shown) > maxShown {
		text = string(shown[:maxShown]) + "…"
	}
	return `"` + text + `"`
}
