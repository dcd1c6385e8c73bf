package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// newTerminalDataSource shows a terminal as the gateway has it.
func newTerminalDataSource() datasource.DataSource {
	return &lookUpDataSource[invoiceapi.Terminal]{
		kind: "terminal", schema: terminalDataSchema(), show: showTerminal,
		findBy: finders[invoiceapi.Terminal]{
			"alias": (*invoiceapi.Client).FindTerminal,
			"id":    (*invoiceapi.Client).FindTerminalByID,
		},
	}
}

func terminalDataSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A terminal of Invoice API v2, as the gateway has it now. The gateway never returns the logo.\n\n" +
			"Source: Invoice API guide, section 7.2.2 (GetTerminal).",
		Attributes: map[string]schema.Attribute{
			"alias": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The alias to look up; set this or `id`. After a look-up by `id` it is null, unless the gateway returns it.",
				Validators: []validator.String{
					stringvalidator.UTF8LengthBetween(1, 50),
					stringvalidator.ExactlyOneOf(path.MatchRoot("alias"), path.MatchRoot("id")),
				},
			},
			"id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The id to look up; give this or `alias`.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"name":          attributes.LookedUpText("The name shown on the payment page."),
			"description":   attributes.LookedUpText("More about the terminal."),
			"type":          attributes.LookedUpText("`static` or `dynamic`."),
			"default_price": attributes.LookedUpMoney("The amount of a payment unless another is named"),
			"can_comments":  schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether a payer may leave a comment."},
			"url":           attributes.LookedUpText("The address of the payment page."),
		},
	}
}

func showTerminal(terminal *invoiceapi.Terminal) map[string]attr.Value {
	var as terminalModel
	terminalArguments.Import(&as, terminal)
	as.applyRemote(terminal)
	return map[string]attr.Value{
		"id": as.ID, "alias": attributes.StringOrNull(string(terminal.Alias)), "name": as.Name, "description": as.Description,
		"type": as.Type, "default_price": as.DefaultPrice, "can_comments": as.CanComments, "url": as.URL,
	}
}
