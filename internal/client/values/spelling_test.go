package values_test

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

func TestSameID(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
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
	} {
		if got := values.SameID(test.a, test.b); got != test.want {
			t.Errorf("SameID(%q, %q) = %t", test.a, test.b, got)
		}
	}
}

func TestSameCurrency(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
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
	} {
		if got := values.SameCurrency(test.a, test.b); got != test.want {
			t.Errorf("SameCurrency(%q, %q) = %t", test.a, test.b, got)
		}
	}
}
