package attributes_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

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
		{"paykeeper.cart", `[{"name":"a","tax":"none"}]`, `[{"name":"a","tax":"none"}]`, true},
		{"paykeeper.cart", `[{"name":"a","tax":"none"}]`, `[{"item_type":"goods","measure":<null>,"name":"a","tax":"none"}]`, true},
		{"paykeeper.cart", `[{"item_type":"goods","name":"a"}]`, `[{"item_type":"goods","name":"a","payment_type":"full"}]`, true},
		{"paykeeper.cart", `[{"item_type":"goods","name":"a"}]`, `[{"item_type":"service","name":"a"}]`, false},
		{"paykeeper.cart", `[{"measure":"kg","name":"a"},{"name":"b"}]`, `[{"name":"a"},{"measure":"g","name":"b"}]`, true},
		{"paykeeper.cart", `[{"name":"a","tax":<null>}]`, `[{"name":"a"}]`, true},
		{"paykeeper.cart", `[{"name":"a","tax":"none"}]`, `[{"name":"a"}]`, false},
		{"paykeeper.cart", `[{"name":"a"}]`, `[{"name":"a","tax":"none"}]`, false},
		{"paykeeper.cart", `[{"name":"a"}]`, `[{"name":"a"},{"name":"a"}]`, false},
		{"paykeeper.cart", `[{"name":"a{\",\"measure\":\"kg"}]`, `[{"name":"a{\",\"measure\":\"g"}]`, false},
		{"paykeeper.cart", `["a"]`, `["b"]`, false},
		{"customer_id", "Андре\u0439", "Андре\u0438\u0306", true},
	} {
		if got := attributes.IsSpelledAs(c.attribute, c.a, c.b); got != c.want {
			t.Errorf("%s: %q as %q: %t", c.attribute, c.b, c.a, got)
		}
	}
}

// What is null in a line is not remembered, whatever its texts are like.
func TestTextOf(t *testing.T) {
	t.Parallel()
	kinds := map[string]attr.Type{"item_type": types.StringType, "measure": types.StringType, "name": types.StringType, "tax": types.StringType}
	line := func(itemType, measure, name, tax types.String) attr.Value {
		return types.ObjectValueMust(kinds, map[string]attr.Value{"item_type": itemType, "measure": measure, "name": name, "tax": tax})
	}
	null, tea := types.StringNull(), types.StringValue(`чай,}{"tax":<null>,"`)
	quoted := `"чай,}{\"tax\":<null>,\""`
	got := attributes.TextOf(types.ListValueMust(types.ObjectType{AttrTypes: kinds}, []attr.Value{
		line(null, null, tea, types.StringValue("none")), line(types.StringValue("goods"), null, tea, null), line(null, null, null, null),
	}))
	if want := `[{"name":` + quoted + `,"tax":"none"},{"item_type":"goods","name":` + quoted + `},{}]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := attributes.TextOf(types.BoolValue(true)); got != "true" {
		t.Error(got)
	}
}
