package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var _ datasource.DataSourceWithConfigure = (*terminalDataSource)(nil)

// terminalDataSource shows a terminal as the gateway has it.
type terminalDataSource struct{ invoiceAPIDataSource }

func newTerminalDataSource() datasource.DataSource { return &terminalDataSource{} }

type terminalDataModel struct {
	ID           types.String       `tfsdk:"id"`
	Alias        types.String       `tfsdk:"alias"`
	Name         types.String       `tfsdk:"name"`
	Description  types.String       `tfsdk:"description"`
	Type         types.String       `tfsdk:"type"`
	DefaultPrice attributes.Decimal `tfsdk:"default_price"`
	CanComments  types.Bool         `tfsdk:"can_comments"`
	URL          types.String       `tfsdk:"url"`
}

func (d *terminalDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_terminal"
}

func (d *terminalDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A terminal of Invoice API v2, as the gateway has it now. The gateway never gives the logo back.\n\n" +
			"Source: Invoice API guide, section 7.2.2 (GetTerminal).",
		Attributes: map[string]schema.Attribute{
			"alias": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "The alias to look up; give this or `id`. Looked up by id it is null, unless the gateway gives it back.",
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

func (d *terminalDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model terminalDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || !d.LookUp(req, resp) {
		return
	}
	var terminal *invoiceapi.Terminal
	var err error
	key, asked := "alias", model.Alias.ValueString()
	if model.Alias.IsNull() {
		key, asked = "id", model.ID.ValueString()
		terminal, err = d.Client.FindTerminalByID(ctx, asked)
	} else {
		terminal, err = d.Client.FindTerminal(ctx, asked)
	}
	if err != nil {
		gateway.FailedCall{Attempt: fmt.Sprintf("look up the terminal with the %s %q", key, asked), Attributes: []string{"alias"}}.Report(&resp.Diagnostics, err)
		return
	}
	if terminal == nil {
		resp.Diagnostics.AddAttributeError(path.Root(key), "No such terminal",
			fmt.Sprintf("%s knows no terminal with the %s %q for this merchant.", invoiceapi.Name, key, asked))
		return
	}
	var as terminalModel
	as.imported(terminal)
	if model.Alias.IsNull() {
		model.Alias = attributes.StringOrNull(string(terminal.Alias))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &terminalDataModel{
		ID: as.ID, Alias: model.Alias, Name: as.Name, Description: as.Description, Type: as.Type,
		DefaultPrice: as.DefaultPrice, CanComments: as.CanComments, URL: as.URL,
	})...)
}
