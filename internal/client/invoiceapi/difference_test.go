package invoiceapi

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// listed writes differences one after another, the rewritable ones in brackets.
func listed(all Differences) string {
	var parts []string
	for _, d := range all {
		text := d.Field + " " + d.Want + "/" + d.Got
		if d.Rewritable {
			text = "(" + text + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

func TestTerminalDifferences(t *testing.T) {
	tests := []struct {
		name string
		want func(*CreateTerminalRequest)
		got  func(*Terminal)
		diff string
	}{
		{name: "the guide's sample: only the description is rewritten", diff: "(description Ювелирные украшения и пылесосы/Ювелирные украшения и пылесосы, филиал №7)"},
		{name: "name", got: func(g *Terminal) { g.Name = "X" }, diff: "name Магазин на диване/X"},
		{name: "type", got: func(g *Terminal) { g.Type = TerminalDynamic }, diff: "type static/dynamic"},
		{name: "no type asked for", want: func(w *CreateTerminalRequest) { w.Type = "" }},
		{name: "price", got: func(g *Terminal) { *g.DefaultPrice = clienttest.Decimal(t, "15.01") }, diff: "default_price 15.00/15.01"},
		{name: "price not answered", got: func(g *Terminal) { g.DefaultPrice = nil }},
		{name: "name and type not answered", got: func(g *Terminal) { g.Name, g.Type = "", "" }},
		{name: "price gone", got: func(g *Terminal) { g.DefaultPrice, g.saysDefaultPrice = nil, true }, diff: "default_price 15.00/"},
		{name: "price zero", got: func(g *Terminal) { *g.DefaultPrice = clienttest.Decimal(t, "0") }, diff: "default_price 15.00/"},
		{name: "no price asked for", want: func(w *CreateTerminalRequest) { w.DefaultPrice = nil }, diff: "default_price /15.00"},
		{name: "no price is price zero", want: func(w *CreateTerminalRequest) { w.DefaultPrice = nil }, got: func(g *Terminal) { *g.DefaultPrice = clienttest.Decimal(t, "0.00") }},
		{name: "no price on either side", want: func(w *CreateTerminalRequest) { w.DefaultPrice = nil }, got: func(g *Terminal) { g.DefaultPrice = nil }},
		{name: "comments", want: func(w *CreateTerminalRequest) { w.CanComments = new(true) }, diff: "can_comments true/false"},
		{name: "comments the other way", want: func(w *CreateTerminalRequest) { w.CanComments = new(false) }, got: func(g *Terminal) { *g.CanComments = true }, diff: "can_comments false/true"},
		{name: "comments the same", want: func(w *CreateTerminalRequest) { w.CanComments = new(false) }},
		{name: "comments not answered", want: func(w *CreateTerminalRequest) { w.CanComments = new(true) }, got: func(g *Terminal) { g.CanComments = nil }},
		{name: "what never comes back", want: func(w *CreateTerminalRequest) { w.Alias, w.Logo = "other", "other" }},
		{name: "description the same", want: func(w *CreateTerminalRequest) {
			w.Description = "Ювелирные украшения и пылесосы, филиал №7"
		}, diff: "-"},
	}
	const rewritten = "(description Ювелирные украшения и пылесосы/Ювелирные украшения и пылесосы, филиал №7)"
	for _, test := range tests {
		want, got := terminalRequest(t), wantTerminal(t)
		if test.want != nil {
			test.want(&want)
		}
		if test.got != nil {
			test.got(got)
		}
		all := got.Differences(want)
		expected := strings.TrimSuffix(strings.TrimPrefix(test.diff, rewritten), "-")
		if hard := listed(all.Hard()); hard != expected {
			t.Errorf("%s: %q, want %q", test.name, hard, expected)
		}
		if (test.diff != "-") != strings.HasSuffix(listed(all), rewritten) {
			t.Errorf("%s: %q", test.name, listed(all))
		}
	}
}

func TestPaymentDifferences(t *testing.T) {
	asked := func(document string) func(*CreatePaymentRequest) {
		return func(w *CreatePaymentRequest) { w.CustomParameters = json.RawMessage(document) }
	}
	answered := func(document string) func(*Payment) {
		return func(g *Payment) { g.CustomParameters = json.RawMessage(document) }
	}
	method := func(m PaymentMethod) func(*Payment) {
		return func(g *Payment) { g.Method = lenientMethod{&m} }
	}
	tests := []struct {
		name string
		want func(*CreatePaymentRequest)
		got  func(*Payment)
		diff string
	}{
		{name: "the guide's sample: none"},
		{name: "amount", got: func(g *Payment) { g.Order.Amount = clienttest.Decimal(t, "1500.01") }, diff: "amount 1500.00/1500.01"},
		{name: "currency", got: func(g *Payment) { g.Order.Currency = "USD" }, diff: "currency RUB/USD"},
		{name: "currency in another spelling", got: func(g *Payment) { g.Order.Currency = "643" }},
		{name: "currency in small letters", got: func(g *Payment) { g.Order.Currency = " rub" }},
		{name: "order id", got: func(g *Payment) { g.Order.ID = "other" }, diff: "order_id " + orderID + "/other"},
		{name: "order id in another spelling", got: func(g *Payment) { g.Order.ID = values.ID(strings.ToUpper(orderID) + " ") }},
		{name: "terminal in another spelling", got: method(PaymentMethod{TerminalID: "0045"})},
		{name: "currency not answered", got: func(g *Payment) { g.Order.Currency = "" }},
		{name: "currency not asked for", want: func(w *CreatePaymentRequest) { w.Order.Currency = "" }},
		{name: "terminal", got: method(PaymentMethod{TerminalID: "46"}), diff: "terminal_id 45/46"},
		{name: "terminal the same", got: method(PaymentMethod{TerminalID: "45", Type: "card"})},
		{name: "terminal not answered", got: method(PaymentMethod{})},
		{name: "method", got: method(PaymentMethod{Type: "sbp"}), diff: "payment_method card/sbp"},
		{name: "method not asked for", want: func(w *CreatePaymentRequest) { w.Settings.PaymentMethod = "" }, got: method(PaymentMethod{Type: "sbp"})},
		{name: "parameters", want: asked(`{"a":1}`), got: answered(`{"a":2}`), diff: `custom_parameters {"a":1}/{"a":2}`},
		{name: "parameters in another order", want: asked(`{"a":1,"b":[1,{"c":null}]}`), got: answered(` {"b": [1, {"c": null}], "a": 1.0}`)},
		{name: "parameters not given back", want: asked(`{"a":1}`), got: answered(`null`)},
		{name: "parameters given back as nothing", want: asked(`{"a":1}`), got: answered(`[]`)},
		{name: "parameters given back as {}", want: asked(`{"a":1}`), got: answered(`{}`)},
		{name: "parameters absent", want: asked(`{"a":1}`), got: answered(``)},
		{name: "parameters nobody asked for", want: asked(``), got: answered(`{"a":2}`), diff: `custom_parameters /{"a":2}`},
		{name: "no parameters on either side", want: asked(`null`), got: answered(`[]`)},
		{name: "parameters that are no object", want: asked(`{"a":1}`), got: answered(`"x"`), diff: `custom_parameters {"a":1}/"x"`},
		{name: "description", got: func(g *Payment) { g.Order.Description = "X" }, diff: "(description Тестовый платеж/X)"},
		{name: "several", got: func(g *Payment) { g.Order = Order{Amount: clienttest.Decimal(t, "1"), Currency: "EUR"} }, diff: "amount 1500.00/1.00, currency RUB/EUR, (description Тестовый платеж/)"},
	}
	for _, test := range tests {
		want, got := paymentRequest(t), wantPayment(t)
		if test.want != nil {
			test.want(&want)
		}
		if test.got != nil {
			test.got(got)
		}
		if diff := listed(got.Differences(want)); diff != test.diff {
			t.Errorf("%s: %q, want %q", test.name, diff, test.diff)
		}
	}
}

func TestDifferencesNameEveryField(t *testing.T) {
	all := Differences{
		{Field: "name", Want: "a", Got: "b"},
		{Field: "description", Want: "x", Rewritable: true},
		{Field: "default_price", Got: "15.00"},
	}
	const want = `name: "a" is wanted, the gateway has "b"; description: "x" is wanted, the gateway has none; default_price: none is wanted, the gateway has "15.00"`
	if got := all.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if hard := listed(all.Hard()); hard != "name a/b, default_price /15.00" {
		t.Errorf("hard: %s", hard)
	}
	if all.asError() == nil || Differences(nil).asError() != nil || all[1:2].Hard().asError() != nil {
		t.Error("only differences are an error")
	}
}

func TestSameJSON(t *testing.T) {
	empties := []string{``, `null`, `{}`, `[]`, ` { } `, `{broken`}
	for _, a := range empties {
		for _, b := range empties {
			if !sameJSON(json.RawMessage(a), json.RawMessage(b)) {
				t.Errorf("%q and %q both mean nothing", a, b)
			}
		}
		for _, b := range []string{`{"a":null}`, `0`, `""`, `false`, `[0]`} {
			if sameJSON(json.RawMessage(a), json.RawMessage(b)) || sameJSON(json.RawMessage(b), json.RawMessage(a)) {
				t.Errorf("%q is not %q", a, b)
			}
		}
	}
	if !sameJSON(json.RawMessage(`[1,"a"]`), json.RawMessage(`[ 1, "\u0061" ]`)) || sameJSON(json.RawMessage(`[1,2]`), json.RawMessage(`[2,1]`)) {
		t.Error("lists are compared by value, in their order")
	}
	// Numbers are compared by value too, with all of their digits.
	for b, same := range map[string]bool{
		`[{"n":10.50}]`: true, `[{"n":10.5}]`: true, `[{"n":1.05e1}]`: true, `[{"n":"10.5"}]`: false, `[{"n":10.500000000000000001}]`: false,
	} {
		if sameJSON(json.RawMessage(`[{"n":10.5}]`), json.RawMessage(b)) != same {
			t.Errorf("10.5 and %s: same is not %t", b, same)
		}
	}
	if sameJSON(json.RawMessage(`{"n":9007199254740993}`), json.RawMessage(`{"n":9007199254740992}`)) {
		t.Error("the last digit is lost")
	}
}

func TestMoneyOfNothingIsNone(t *testing.T) {
	for _, value := range []*values.Decimal{nil, {}, new(clienttest.Decimal(t, "0.00"))} {
		if got := money(value); got != "" {
			t.Errorf("%v: %q", value, got)
		}
	}
}
