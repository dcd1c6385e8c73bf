package gateway

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// InvoiceArguments are what reaches a gateway, of the root and of the gateway's own object. Some
// gateways answer a creation or a mail with what was sent, and rewrite its texts only afterwards.
func InvoiceArguments(f InvoiceFinder) remote.Table[Invoice, ShownInvoice] {
	table := remote.Table[Invoice, ShownInvoice]{
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
	for _, own := range a.Arguments() {
		argument := own
		argument.Name, argument.IsOpen, argument.IsSensitive = a.Name()+"."+own.Name, true, described[own.Name].IsSensitive()
		argument.IsSettledLater = !own.IsChangeable
		argument.Answer = func(s *ShownInvoice) attr.Value {
			if value, isShown := s.Arguments[own.Name]; isShown {
				return value
			}
			return types.StringNull()
		}
		table = append(table, argument)
	}
	return table
}

// ApplyRemote takes what only the gateway knows.
func (m *Invoice) ApplyRemote(ctx context.Context, f InvoiceFinder, shown *ShownInvoice) {
	if object := f.Object(m); object != nil {
		inside := attributes.WithoutUnknowns(ctx, *object)
		for name := range inside {
			if value, isShown := shown.Computed[name]; isShown {
				inside[name] = value
			}
		}
		*object = types.ObjectValueMust(object.AttributeTypes(ctx), inside)
	}
	m.Observe(shown)
	m.Gateway = types.StringValue(f.Name())
}
