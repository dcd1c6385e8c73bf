package remote

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// model is a resource of these tests, and answer what its gateway answers, by argument.
type model struct {
	OrderID     types.String `tfsdk:"order_id"`
	Currency    types.String `tfsdk:"currency"`
	TerminalID  types.String `tfsdk:"terminal_id"`
	Description types.String `tfsdk:"description"`
	Sent        types.Bool   `tfsdk:"sent"`
	P2P         types.Object `tfsdk:"p2p"`
}

type answer map[string]string

func text(name string) func(*answer) attr.Value {
	return func(a *answer) attr.Value { return attributes.StringOrNull((*a)[name]) }
}

func TestRefreshForgivesSpelling(t *testing.T) {
	t.Parallel()
	table := Table[model, answer]{
		{Name: "order_id", Answer: text("order_id")}, {Name: "currency", Answer: text("currency")},
		{Name: "terminal_id", Answer: text("terminal_id")}, {Name: "description", Answer: text("description")},
	}
	for _, test := range []struct {
		name, answer, value string
		drifted             bool
	}{
		{"order_id", "7", "007", false},
		{"order_id", "8", "8", true},
		{"currency", "RUR", "RUB", false},
		{"currency", "643", "RUB", false},
		{"currency", "USD", "USD", true},
		{"terminal_id", "0045", "45", false},
		{"description", "d, филиал №7", "d", false},
		{"description", "d", "d", false},
		{"description", "D", "D", true},
		{"description", "", "d", false},
	} {
		m := model{OrderID: types.StringValue("007"), Currency: types.StringValue("RUB"), TerminalID: types.StringValue("45"), Description: types.StringValue("d")}
		var known Memory
		table.Remember(&answer{"order_id": "007", "terminal_id": "45", "description": "d, филиал №7"}, &known)
		now := &answer{test.name: test.answer}
		if drifted := len(table.Drifts(&m, now, &known)) == 1; drifted != test.drifted {
			t.Errorf("%s %q: drifted %t", test.name, test.answer, drifted)
		}
		table.Refresh(&m, now, &known)
		if value := textOf(attribute(&m, test.name).Interface().(attr.Value)); value != test.value {
			t.Errorf("%s %q: the state has %q, want %q", test.name, test.answer, value, test.value)
		}
	}
}
