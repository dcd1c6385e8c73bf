package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
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
func (m *invoiceResourceModel) writeListed(ctx context.Context, a gateway.InvoiceAdapter, result *list.ListResult) {
	m.dropInvalid(ctx, a, &result.Diagnostics)
	if m.Amount.IsNull() {
		result.Diagnostics.AddWarning("An invoice has no amount",
			fmt.Sprintf("The gateway gives the %s no amount that can be read. Write its amount into the configuration before you import it.", invoiceName(&m.Invoice)))
	}
	state := tfsdk.State{Raw: result.Resource.Raw, Schema: result.Resource.Schema}
	result.Diagnostics.Append(gateway.Write(ctx, &state, m, m.Objects)...)
	result.Resource.Raw = state.Raw
}

// dropInvalid leaves out what no configuration can have, since one such line would make all that
// is generated invalid. An import does not mind what a configuration leaves to the gateway.
func (m *invoiceResourceModel) dropInvalid(ctx context.Context, a gateway.InvoiceAdapter, diags *diag.Diagnostics) {
	var problems diag.Diagnostics
	given := m.Object(a).Attributes()
	for name, attribute := range a.ResourceSchema().Attributes {
		attributes.Validate(ctx, path.Root(a.Name()).AtName(name), given[name], attribute, &problems)
	}
	a.Check(ctx, &m.Invoice, nil, &problems)
	for _, problem := range problems.Errors() {
		located, isLocated := problem.(diag.DiagnosticWithPath)
		if !isLocated || len(located.Path().Steps()) < 2 {
			continue
		}
		name := located.Path().Steps()[1].String()
		value := given[name]
		if value == nil || value.IsNull() {
			continue
		}
		given[name], _ = value.Type(ctx).ValueFromTerraform(ctx, tftypes.NewValue(value.Type(ctx).TerraformType(ctx), nil))
		diags.AddWarning("A part of an invoice is left out", fmt.Sprintf("The %s has a %s.%s that no configuration can have. %s It is left out here, so that the generated "+
			"configuration is valid; leave it out of yours, too.", invoiceName(&m.Invoice), a.Name(), name, problem.Detail()))
	}
	m.SetObject(a, types.ObjectValueMust(m.Object(a).AttributeTypes(ctx), given))
}
