package gateway

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// Answers remembers, by argument, the gateway's answer that belongs to the value
// in the state. Gateways rewrite what they are sent: the same answer again is
// no drift, another one is.
type Answers map[string]string

// ChangedTo names the arguments to which the gateway now answers differently.
func (a Answers) ChangedTo(now Answers) []string {
	var changed []string
	for name, answer := range now {
		if before, known := a[name]; known && !isSameAnswer(name, before, answer) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed
}

// isSameAnswer reports whether two answers differ in spelling alone, if at all.
func isSameAnswer(name, a, b string) bool {
	return a == b || attributes.IsSpelledAs(name, strings.Trim(a, `"`), strings.Trim(b, `"`))
}

// Settle forgets the answers to texts: some gateways answer a creation or a mail
// with what was sent, and rewrite it only afterwards.
func (a Answers) Settle(of InvoiceAdapter) {
	for name := range a {
		if name != "amount" && name != "currency" && name != of.Name()+"."+ArgumentSend {
			delete(a, name)
		}
	}
}

// Take brings the model in line with what the gateway shows, and the answers
// with it. importing: there is nothing applied yet, all values are the gateway's.
func (m *Invoice) Take(ctx context.Context, f InvoiceFinder, shown *ShownInvoice, known Answers, importing bool) {
	argument := func(name string, current, value attr.Value) attr.Value {
		if value.IsNull() {
			return current // what is left out has not changed
		}
		before, answered := known[name]
		known[name] = value.String()
		if importing || answered && !isSameAnswer(name, before, known[name]) && !current.IsNull() {
			return value
		}
		return current
	}
	text := func(name string, current types.String, value string) types.String {
		taken, _ := argument(name, current, attributes.StringOrNull(value)).(types.String)
		return taken
	}
	m.Amount, _ = argument("amount", m.Amount, shown.Amount).(attributes.Decimal)
	m.Currency = text("currency", m.Currency, shown.Currency)
	m.OrderID = text("order_id", m.OrderID, shown.OrderID)
	m.CustomerID = text("customer_id", m.CustomerID, shown.CustomerID)

	if object, ok := m.Objects[f.Name()]; ok {
		inside := attributes.WithoutUnknowns(ctx, object)
		for name, current := range inside {
			if value, ok := shown.Arguments[name]; ok {
				inside[name] = argument(f.Name()+"."+name, current, value)
			}
			if value, ok := shown.Computed[name]; ok {
				inside[name] = value
			}
		}
		m.SetObject(f, types.ObjectValueMust(object.AttributeTypes(ctx), inside))
	}
	m.Observe(shown)
	m.Gateway = types.StringValue(f.Name())
}
