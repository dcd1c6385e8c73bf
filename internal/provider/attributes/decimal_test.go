package attributes_test

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

func TestDecimalsAreEqualByValue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want bool
	}{{"1000", "1000.00", true}, {"0.5", "0.50", true}, {"1000", "1000.01", false}, {"a", "a", true}, {"a", "1", false}, {"1", "a", false}} {
		if got := attributes.EqualDecimals(c.a, c.b); got != c.want {
			t.Errorf("%s equals %s: %t", c.a, c.b, got)
		}
		if got, _ := attributes.NewDecimal(c.a).StringSemanticEquals(t.Context(), attributes.NewDecimal(c.b)); got != c.want {
			t.Errorf("%s semantically equals %s: %t", c.a, c.b, got)
		}
	}
}
