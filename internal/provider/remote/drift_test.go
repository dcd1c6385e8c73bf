package remote

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// model is a resource, and answer is what its gateway answers, by argument.
type model struct {
	OrderID     types.String `tfsdk:"order_id"`
	Currency    types.String `tfsdk:"currency"`
	TerminalID  types.String `tfsdk:"terminal_id"`
	Description types.String `tfsdk:"description"`
	Sent        types.Bool   `tfsdk:"sent"`

	Amount attributes.Decimal `tfsdk:"amount"`
	Cart   types.List         `tfsdk:"cart"`
	Secret types.String       `tfsdk:"secret"`
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

// sent is an argument that an update may change, like send of an invoice.
var sent = Table[model, answer]{{
	Name: "sent", IsOpen: true, IsChangeable: true,
	Answer: func(a *answer) attr.Value {
		if (*a)["sent"] == "" {
			return types.BoolNull()
		}
		return types.BoolValue((*a)["sent"] == "true")
	},
}}

// The gateway shows another value than was to be sent. An update sends it, and from then on the
// gateway's answer belongs to what was sent.
func TestApplyTakesTheAnswerThatBelongsToIt(t *testing.T) {
	t.Parallel()
	state, known := model{Sent: types.BoolValue(true)}, Memory{}
	known.Note("sent", "true")
	expect := func(what string, want bool) {
		t.Helper()
		if state.Sent.ValueBool() != want {
			t.Errorf("%s: sent is %s", what, state.Sent)
		}
	}
	sent.Refresh(&state, &answer{"sent": "false"}, &known)
	expect("not sent", false)
	sent.Refresh(&state, &answer{"sent": "false"}, &known)
	expect("still not sent", false)
	undone := Memory{Answers: known.Answers, Applied: map[string]string{"sent": known.Applied["sent"]}}
	again := state
	sent.Refresh(&again, &answer{"sent": "true"}, &undone)
	if !again.Sent.ValueBool() || len(undone.Applied) > 0 {
		t.Errorf("sent by somebody else: %s, %+v", again.Sent, undone)
	}

	plan := model{Sent: types.BoolValue(true)}
	sent.Apply(&state, &known)
	state = plan
	sent.Refresh(&state, &answer{"sent": "false"}, &known)
	expect("the answer that was known when it was applied", true)
	sent.Refresh(&state, &answer{}, &known)
	expect("left out", true)

	// The configuration may also take over the gateway's value.
	drifted := Memory{Answers: map[string]string{"sent": "true"}, Applied: map[string]string{"sent": "true"}}
	state = model{Sent: types.BoolValue(false)}
	sent.Apply(&state, &drifted)
	sent.Refresh(&state, &answer{"sent": "false"}, &drifted)
	expect("taken into the configuration", false)
	sent.Refresh(&state, &answer{"sent": "true"}, &drifted)
	expect("changed once more", true)
}

// An open argument stays the gateway's to choose: when it was left to the gateway, and when the
// first answer leaves it out.
func TestOpenArgumentsAreTheGatewaysToChoose(t *testing.T) {
	t.Parallel()
	open := Table[model, answer]{{Name: "description", Answer: text("description"), IsOpen: true}}
	strict := Table[model, answer]{{Name: "description", Answer: text("description")}}
	for _, test := range []struct {
		name    string
		table   Table[model, answer]
		applied types.String
		first   string
		want    string
	}{
		{"open, left to the gateway", open, types.StringNull(), "a", ""},
		{"open, first answered later", open, types.StringValue("d"), "", "d"},
		{"open, changed", open, types.StringValue("d"), "a", "b"},
		{"left to the gateway", strict, types.StringNull(), "a", "b"},
		{"first answered later", strict, types.StringValue("d"), "", "b"},
	} {
		m, known := model{Description: test.applied}, Memory{}
		test.table.Remember(&answer{"description": test.first}, &known)
		test.table.Refresh(&m, &answer{"description": "b"}, &known)
		if got := m.Description.ValueString(); got != test.want {
			t.Errorf("%s: the state has %q, want %q", test.name, got, test.want)
		}
	}
}

// The first read after a creation may show what the gateway makes of a text. Later reads may
// not change it.
func TestFirstReadSettlesATextOnce(t *testing.T) {
	t.Parallel()
	table := Table[model, answer]{
		{Name: "description", Answer: text("description"), IsSettledLater: true}, {Name: "currency", Answer: text("currency")},
	}
	m := model{Description: types.StringValue("d"), Currency: types.StringValue("RUB")}
	known := Memory{Marks: Marks{Unread: true}}
	table.Remember(&answer{"description": "d", "currency": "RUB"}, &known)
	table.Refresh(&m, &answer{"description": "D", "currency": "USD"}, &known)
	if m.Description.ValueString() != "d" || m.Currency.ValueString() != "USD" || known.Unread {
		t.Errorf("the first read: %s %s %+v", m.Description, m.Currency, known)
	}
	table.Refresh(&m, &answer{"description": "E"}, &known)
	if m.Description.ValueString() != "E" || m.Currency.ValueString() != "RUB" {
		t.Errorf("the second read: %s %s", m.Description, m.Currency)
	}
}

func TestDriftIsReportedOnce(t *testing.T) {
	t.Parallel()
	table := Table[model, answer]{{Name: "currency", Answer: text("currency")}, {Name: "description", Answer: text("description"), IsSensitive: true}}
	m, known := model{Currency: types.StringValue("RUB")}, Memory{}
	table.Remember(&answer{"currency": "RUB", "description": "secret"}, &known)
	if _, isKept := known.Answers["description"]; isKept {
		t.Error("what is sensitive is remembered")
	}
	now := &answer{"currency": "USD"}
	if got := Listed(table.DriftsOnce(&m, now, &known)); got != "- currency: \"RUB\" was applied, the gateway now has \"USD\"\n" {
		t.Errorf("told %q", got)
	}
	if got := table.DriftsOnce(&m, now, &known); len(got) > 0 {
		t.Errorf("told again: %v", got)
	}
}
