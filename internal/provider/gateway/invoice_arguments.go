package gateway

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// InvoiceArguments are what reaches a gateway, of the root and of the gateway's own object. Some
// gateways answer a creation or a mail with what was sent, and rewrite its texts only afterwards.
func InvoiceArguments(f InvoiceFinder) ArgumentTable {
	table := ArgumentTable{
		{Name: "amount", Answer: func(s *ShownInvoice) attr.Value { return s.Amount }, IsOpen: true},
		{Name: "currency", Answer: func(s *ShownInvoice) attr.Value { return attributes.StringOrNull(s.Currency) }, IsOpen: true},
		{Name: "order_id", Answer: func(s *ShownInvoice) attr.Value { return attributes.StringOrNull(s.OrderID) }, IsOpen: true, IsSettledLater: true},
		{Name: "customer_id", Answer: func(s *ShownInvoice) attr.Value { return attributes.StringOrNull(s.CustomerID) }, IsOpen: true, IsSettledLater: true},
	}
	a, hasArguments := f.(InvoiceAdapter)
	if !hasArguments {
		return table
	}
	described := a.ResourceSchema().Attributes
	for _, own := range a.Traits().Arguments {
		argument := own
		argument.Name, argument.IsOpen, argument.IsSensitive = a.Name()+"."+own.Name, true, attributes.HoldsSecret(described[own.Name])
		argument.IsSettledLater = !own.IsChangeable
		argument.Value = func(m *Invoice) attr.Value {
			return attributes.NullIfEmpty(valueOrNull(m.Object(a).Attributes(), own.Name))
		}
		argument.Set = func(m *Invoice, value attr.Value) { m.setInside(a, map[string]attr.Value{own.Name: value}) }
		argument.Answer = func(s *ShownInvoice) attr.Value { return valueOrNull(s.Arguments, own.Name) }
		table = append(table, argument)
	}
	return table
}

func valueOrNull(values map[string]attr.Value, name string) attr.Value {
	if value, exists := values[name]; exists {
		return value
	}
	return types.StringNull()
}

// ApplyRemote takes what only the gateway knows.
func (m *Invoice) ApplyRemote(f InvoiceFinder, shown *ShownInvoice) {
	m.setInside(f, shown.Computed)
	m.Observe(shown)
	m.Gateway = types.StringValue(f.Name())
}

// setInside sets attributes of a gateway's object, where it has them. What is not known there
// becomes null.
func (m *Invoice) setInside(f InvoiceFinder, given map[string]attr.Value) {
	object, exists := m.Objects[f.Name()]
	if !exists {
		return
	}
	ctx := context.Background()
	inside := attributes.WithoutUnknowns(ctx, object)
	for name, value := range given {
		if _, exists := inside[name]; exists {
			inside[name] = value
		}
	}
	m.SetObject(f, types.ObjectValueMust(object.AttributeTypes(ctx), inside))
}
