package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
)

// isSpelledAs reports whether two values of an attribute are the same, or differ
// in spelling alone. Gateways give ids, order ids and currencies back in letters
// of their own: a new payment link for each of them would be one with every apply.
func isSpelledAs(attribute, a, b string) bool {
	switch attribute {
	case "order_id", "payment_id", "terminal_id", "customer_id":
		return gateway.SameID(a, b)
	case "currency":
		return gateway.SameCurrency(a, b)
	}
	return a == b
}

// isSameArgument is the same for values of Terraform.
func isSameArgument(name string, a, b attr.Value) bool {
	if a.Equal(b) {
		return true
	}
	textA, isTextA := a.(basetypes.StringValue)
	textB, isTextB := b.(basetypes.StringValue)
	return isTextA && isTextB && !textA.IsNull() && !textB.IsNull() && isSpelledAs(name, textA.ValueString(), textB.ValueString())
}

// plainCurrency is a currency as configurations write it, whatever the gateway
// calls it.
func plainCurrency(text string) string {
	for _, code := range []string{"RUB", "USD", "EUR"} {
		if gateway.SameCurrency(code, text) {
			return code
		}
	}
	return text
}
