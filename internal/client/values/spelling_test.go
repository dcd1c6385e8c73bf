package values_test

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// spelling is a pair of texts, and whether they mean the same.
type spelling struct {
	a, b string
	want bool
}

func checkSpellings(t *testing.T, same func(a, b string) bool, spellings []spelling) {
	t.Helper()
	for _, one := range spellings {
		if got := same(one.a, one.b); got != one.want {
			t.Errorf("%q and %q are the same: %t", one.a, one.b, got)
		}
	}
}

func TestSameID(t *testing.T) {
	checkSpellings(t, values.SameID, []spelling{
		{"order-1", "order-1", true},
		{"007", "7", true},
		{"7", "0007", true},
		{" 7 ", "7", true},
		{"ABCDEF", "abcdef", true},
		{"00Ab", "aB", true},
		{"0", "000", true},
		{"", "", true},
		{"", " ", true},
		{"7", "70", false},
		{"order-1", "order-01", false},
		{"", "0", false},
		{"0", "", false},
		{"", "7", false},
	})
}

func TestSameCurrency(t *testing.T) {
	checkSpellings(t, values.SameCurrency, []spelling{
		{"RUB", "RUB", true},
		{"RUB", "rub", true},
		{"RUB", "RUR", true},
		{"643", "RUB", true},
		{"rur", " 643", true},
		{"EUR", "eur", true},
		{"978", "EUR", true},
		{"", "", true},
		{"RUB", "USD", false},
		{"RUB", "", false},
		{"643", "840", false},
	})
}
