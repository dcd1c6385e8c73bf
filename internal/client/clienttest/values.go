package clienttest

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Decimal is a number that a test writes down.
func Decimal(t *testing.T, text string) values.Decimal {
	t.Helper()
	d, err := values.ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Time is a time that a test writes down.
func Time(t *testing.T, text string) values.Time {
	t.Helper()
	value, err := values.ParseTime(text)
	if err != nil {
		t.Fatal(err)
	}
	return values.Time{Time: value}
}
