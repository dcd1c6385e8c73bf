package attributes

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"golang.org/x/text/unicode/norm"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// IsSpelledAs reports whether two values of an attribute are the same, or differ
// in spelling alone. Gateways give ids, order ids and currencies back in letters
// of their own: a new payment link for each of them would be one with every apply.
// Terraform composes letters such as й, and gateways give back what they were sent.
func IsSpelledAs(attribute, a, b string) bool {
	a, b = norm.NFC.String(a), norm.NFC.String(b)
	switch attribute[strings.LastIndex(attribute, ".")+1:] {
	case "order_id", "payment_id", "terminal_id", "customer_id":
		return values.SameID(a, b)
	case "currency":
		return values.SameCurrency(a, b)
	case "client_email", "payment_method", "payment_option":
		return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
	case "client_phone":
		return phoneDigits(a) == phoneDigits(b)
	case "cart":
		return isSameCart(a, b)
	}
	return a == b
}

// phoneDigits is a telephone number without what sets its digits apart. In Russia 8
// is dialled for +7.
func phoneDigits(number string) string {
	digits := DigitsOf(number)
	if domestic, ok := strings.CutPrefix(digits, "8"); ok && len(digits) == 11 {
		return "7" + domestic
	}
	return digits
}

// DigitsOf leaves all but the digits out.
func DigitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// IsSameArgument is the same for values of Terraform.
func IsSameArgument(name string, a, b attr.Value) bool {
	if a.Equal(b) {
		return true
	}
	if list, isList := a.(types.List); isList && !list.IsNull() && !b.IsNull() {
		return IsSpelledAs(name, a.String(), b.String())
	}
	textA, isTextA := a.(basetypes.StringValue)
	textB, isTextB := b.(basetypes.StringValue)
	return isTextA && isTextB && !textA.IsNull() && !textB.IsNull() && IsSpelledAs(name, textA.ValueString(), textB.ValueString())
}
