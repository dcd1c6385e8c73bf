package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
)

var _ datasource.DataSourceWithConfigure = (*terminalDataSource)(nil)

// terminalDataSource shows a terminal as the gateway has it.
type terminalDataSource struct{ gateway *apigateway.Gateway }

func newTerminalDataSource() datasource.DataSource { return &terminalDataSource{} }

func (d *terminalDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_terminal"
}

func (d *terminalDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = terminalDataSchema()
}

func (d *terminalDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		d.gateway = data.invoiceAPI()
	}
}

func (d *terminalDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !d.gateway.LookUp(req, resp) {
		return
	}
	var alias, id types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("alias"), &alias)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &id)...)
	key, value, find := "alias", alias, d.gateway.Client.FindTerminal
	if alias.IsNull() {
		key, value, find = "id", id, d.gateway.Client.FindTerminalByID
	}
	terminal, err := find(ctx, value.ValueString())
	switch {
	case err != nil:
		gateway.FailedCall{
			Attempt: fmt.Sprintf("look up the terminal with the %s %q", key, value.ValueString()), Attributes: []string{"alias", "id"},
		}.Report(&resp.Diagnostics, err)
	case terminal == nil:
		resp.Diagnostics.AddAttributeError(path.Root(key), "No such terminal",
			fmt.Sprintf("%s knows no terminal with the %s %q for this merchant.", d.gateway.Title(), key, value.ValueString()))
	default:
		shown := showTerminal(terminal)
		if !alias.IsNull() {
			shown["alias"] = alias // as it is configured
		}
		for attribute, value := range shown {
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
		}
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
