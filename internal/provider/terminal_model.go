package provider

import (
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
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
}

type terminalIdentity struct {
	Alias types.String `tfsdk:"alias"`
}

// terminalRewritable are what the gateway rewrites: after an import the
// configuration may say something else.
var terminalRewritable = []string{"description"}

func (m *terminalModel) identity() any { return terminalIdentity{Alias: m.Alias} }

// arguments are what the user may set, in the order of the documentation.
func (m *terminalModel) arguments() []attributes.Argument {
	return []attributes.Argument{
		{Name: "alias", Value: m.Alias},
		{Name: "name", Value: m.Name},
		{Name: "description", Value: m.Description},
		{Name: "type", Value: m.Type},
		{Name: "logo", Value: m.Logo},
		{Name: "default_price", Value: m.DefaultPrice},
		{Name: "can_comments", Value: m.CanComments},
	}
}

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

// created takes over what the gateway decides. What was applied stays as it
// was written, even where the gateway answers something else.
func (m *terminalModel) created(terminal *invoiceapi.Terminal) {
	m.ID = types.StringValue(string(terminal.ID))
	m.URL = attributes.StringOrNull(terminal.URL)
	if m.Type.IsUnknown() {
		m.Type = attributes.StringOrNull(string(terminal.Type))
	}
	if m.CanComments.IsUnknown() {
		m.CanComments = types.BoolPointerValue(terminal.CanComments)
	}
}

// imported takes everything that the gateway gives back.
func (m *terminalModel) imported(terminal *invoiceapi.Terminal) {
	m.ID = types.StringValue(string(terminal.ID))
	m.URL = attributes.StringOrNull(terminal.URL)
	m.Name = attributes.StringOrNull(terminal.Name)
	m.Description = attributes.StringOrNull(terminal.Description)
	m.Type = attributes.StringOrNull(string(terminal.Type))
	m.DefaultPrice = attributes.NullDecimal()
	if terminal.DefaultPrice != nil && !terminal.DefaultPrice.IsZero() {
		m.DefaultPrice = attributes.NewMoney(terminal.DefaultPrice)
	}
	m.CanComments = types.BoolPointerValue(terminal.CanComments)
}

// terminalAnswer is the gateway's answer in the words of the attributes, for
// the echo: "" is none.
func terminalAnswer(terminal *invoiceapi.Terminal) map[string]string {
	answer := map[string]string{
		"name":          terminal.Name,
		"description":   terminal.Description,
		"type":          string(terminal.Type),
		"default_price": "",
		"can_comments":  "",
	}
	if terminal.DefaultPrice != nil && !terminal.DefaultPrice.IsZero() {
		answer["default_price"] = terminal.DefaultPrice.Money()
	}
	if terminal.CanComments != nil {
		answer["can_comments"] = strconv.FormatBool(*terminal.CanComments)
	}
	return answer
}

// applied is what the state says, in the same words.
func (m *terminalModel) applied() map[string]string {
	applied := map[string]string{
		"name":          m.Name.ValueString(),
		"description":   m.Description.ValueString(),
		"type":          m.Type.ValueString(),
		"default_price": m.DefaultPrice.ValueString(),
		"can_comments":  "",
	}
	if !m.CanComments.IsNull() {
		applied["can_comments"] = strconv.FormatBool(m.CanComments.ValueBool())
	}
	return applied
}

// terminalDrift says, attribute by attribute, what somebody changed at the
// gateway since the terminal was created. Nothing can repair it.
func terminalDrift(remembered echo, terminal *invoiceapi.Terminal) []string {
	answer := terminalAnswer(terminal)
	var drift []string
	for _, name := range []string{"name", "description", "type", "default_price", "can_comments"} {
		// What does not come back has not changed.
		if _, drifted := remembered.seen(name, answer[name]); drifted && answer[name] != "" {
			drift = append(drift, fmt.Sprintf("%s: %q was applied, the gateway now has %q", name, remembered[name].Applied, answer[name]))
		}
	}
	return drift
}
