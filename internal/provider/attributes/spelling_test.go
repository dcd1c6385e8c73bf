package attributes_test

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

func TestIsSpelledAs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		attribute, a, b string
		want            bool
	}{
		{"order_id", "007", "7", true},
		{"order_id", "7", "8", false},
		{"currency", "rub", "643", true},
		{"currency", "RUB", "USD", false},
		{"paykeeper.client_email", "Anna@Example.com", " anna@example.com", true},
		{"paykeeper.client_email", "anna@example.com", "ann@example.com", false},
		{"paykeeper.client_phone", "+7 (900) 123-45-67", "89001234567", true},
		{"paykeeper.client_phone", "+79001234567", "+79001234568", false},
		{"paykeeper.client_phone", "+8 123", "7 123", false},
		{"p2p.payment_method", "SberBank", "sberbank", true},
		{"p2p.payment_option", "SBP", "TO_CARD", false},
		{"description", "Чай", "чай", false},
		{"description", "Ча\u0439", "Ча\u0438\u0306", true},
		{"customer_id", "Андре\u0439", "Андре\u0438\u0306", true},
	} {
		if got := attributes.IsSpelledAs(c.attribute, c.a, c.b); got != c.want {
			t.Errorf("%s: %q as %q: %t", c.attribute, c.b, c.a, got)
		}
	}
}
