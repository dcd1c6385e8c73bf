package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// newImportedInvoice is an invoice as an import takes it.
func newImportedInvoice(ctx context.Context, req list.ListRequest, a gateway.InvoiceAdapter, shown *gateway.ShownInvoice) (*invoiceResourceModel, diag.Diagnostics) {
	nothing := req.NewListResult(ctx).Resource
	kind, _ := nothing.Raw.Type().(tftypes.Object) // what a resource always is
	values := make(map[string]tftypes.Value, len(kind.AttributeTypes))
	for name, inner := range kind.AttributeTypes {
		values[name] = tftypes.NewValue(inner, nil)
	}
	nothing.Raw = tftypes.NewValue(kind, values)
	model := new(invoiceResourceModel)
	diags := gateway.Read(ctx, nothing, model, &model.Objects)
	model.importShown(a, gateway.InvoiceArguments(a), shown)
	model.fillProtection(gateway.IsPayout(a, &model.Invoice))
	return model, diags
}

// displayName is what people know an invoice by: the order, the payer and the amount, as far as
// there are any.
func (m *invoiceResourceModel) displayName() string {
	var parts []string
	for _, one := range []string{m.OrderID.ValueString(), m.CustomerID.ValueString()} {
		if plain := strings.Join(strings.Fields(one), " "); plain != "" {
			parts = append(parts, plain)
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "invoice "+m.ID.ValueString())
	}
	if !m.Amount.IsNull() {
		parts = append(parts, m.Money())
	}
	return strings.Join(parts, ", ")
}

// writeListed writes the whole resource, as an import would.
func (m *invoiceResourceModel) writeListed(ctx context.Context, result *list.ListResult) {
	if m.Amount.IsNull() {
		result.Diagnostics.AddWarning("An invoice has no amount",
			fmt.Sprintf("The gateway gives the %s no amount that can be read. Write its amount into the configuration before you import it.", invoiceName(&m.Invoice)))
	}
	state := tfsdk.State{Raw: result.Resource.Raw, Schema: result.Resource.Schema}
	result.Diagnostics.Append(gateway.Write(ctx, &state, m, m.Objects)...)
	result.Resource.Raw = state.Raw
}
