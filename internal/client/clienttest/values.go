package clienttest

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
)

// Decimal reads a number that a test writes down.
func Decimal(t *testing.T, text string) gateway.Decimal {
	t.Helper()
	d, err := gateway.ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Time reads a time that a test writes down.
func Time(t *testing.T, text string) gateway.Time {
	t.Helper()
	value, err := gateway.ParseTime(text)
	if err != nil {
		t.Fatal(err)
	}
	return gateway.Time{Time: value}
}
