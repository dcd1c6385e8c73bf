package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

type terminalModel struct {
	ID           types.String       `tfsdk:"id"`
	Alias        types.String       `tfsdk:"alias"`
	Name         types.String       `tfsdk:"name"`
	Description  types.String       `tfsdk:"description"`
	Type         types.String       `tfsdk:"type"`
	Logo         types.String       `tfsdk:"logo"`
	DefaultPrice attributes.Decimal `tfsdk:"default_price"`
	CanComments  types.Bool         `tfsdk:"can_comments"`
	URL          types.String       `tfsdk:"url"`
	Timeouts     timeouts.Value     `tfsdk:"timeouts"`
}

type terminalIdentity struct {
	Alias types.String `tfsdk:"alias"`
}

// terminalArguments are what the user may set.
var terminalArguments = remote.Table[terminalModel, invoiceapi.Terminal]{
	{Name: "alias"},
	{Name: "name", Answer: func(t *invoiceapi.Terminal) attr.Value { return attributes.StringOrNull(t.Name) }},
	{Name: "description", Answer: func(t *invoiceapi.Terminal) attr.Value { return attributes.StringOrNull(t.Description) }, IsRewritten: true},
	{Name: "type", Answer: func(t *invoiceapi.Terminal) attr.Value { return attributes.StringOrNull(string(t.Type)) }},
	{Name: "logo"},
	{Name: "default_price", Answer: func(t *invoiceapi.Terminal) attr.Value {
		return attributes.MoneyOrNull(attributes.OrZero(t.DefaultPrice))
	}},
	{Name: "can_comments", Answer: func(t *invoiceapi.Terminal) attr.Value { return types.BoolPointerValue(t.CanComments) }},
}

func (m *terminalModel) identity() any { return terminalIdentity{Alias: m.Alias} }

func (m *terminalModel) request() invoiceapi.CreateTerminalRequest {
	request := invoiceapi.CreateTerminalRequest{
		Name:         m.Name.ValueString(),
		Alias:        m.Alias.ValueString(),
		Description:  m.Description.ValueString(),
		Type:         m.Type.ValueString(),
		Logo:         m.Logo.ValueString(),
		DefaultPrice: m.DefaultPrice.Number(),
	}
	// An unknown bool would read as false: it is left to the gateway.
	if !m.CanComments.IsUnknown() {
		request.CanComments = m.CanComments.ValueBoolPointer()
	}
	return request
}

// applyRemote takes what only the gateway knows.
func (m *terminalModel) applyRemote(terminal *invoiceapi.Terminal) {
	m.ID = attributes.KeepID(m.ID, terminal.ID)
	m.URL = attributes.StringOrNull(terminal.URL)
}
