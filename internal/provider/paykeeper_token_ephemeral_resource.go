package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/paykeeper"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*paykeeperTokenEphemeral)(nil)

// paykeeperTokenEphemeral is PayKeeper's security token, for what scripts call beside
// Terraform. It is in no state and in no plan.
type paykeeperTokenEphemeral struct{ gateway *paykeeper.Gateway }

func newPayKeeperTokenEphemeral() ephemeral.EphemeralResource { return &paykeeperTokenEphemeral{} }

func (e *paykeeperTokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_paykeeper_token"
}

func (e *paykeeperTokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "PayKeeper's security token, which every call that changes something carries in its form field `token`. For a script that Terraform runs: " +
			"the token is in no state, no plan and no log. A script also needs the login and the password, for HTTP Basic. Needs Terraform 1.10 or OpenTofu 1.11.\n\n" +
			"It is opened in every plan and every apply, and is the token that the provider itself uses in that run, so several of these give the same one, and the provider's own calls go on working. " +
			"PayKeeper changes its token every 24 hours, and fetching one may end the one before: another run, an alias of the provider or a script that fetches its own may do so. " +
			"A call that is refused with «Токен безопасности не верен.» did nothing. Then fetch a new one in the script. Nothing renews a token that a script already has.\n\n" +
			"Without ephemeral resources, let the script fetch the token: `GET /info/settings/token/` with the login and the password.\n\n" +
			"Source: «JSON API PayKeeper», the call `/info/settings/token/`.",
		Attributes: map[string]schema.Attribute{
			"token":    schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The security token."},
			"base_url": schema.StringAttribute{Computed: true, MarkdownDescription: "The address of the merchant's server, without a slash at its end."},
		},
	}
}

func (e *paykeeperTokenEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		e.gateway = gateway.Select[*paykeeper.Gateway](data.gateways)[0]
	}
}

func (e *paykeeperTokenEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	if !e.gateway.Open(ctx, req, resp) {
		return
	}
	token, err := e.gateway.Client.SecurityToken(ctx)
	if err != nil {
		gateway.FailedCall{Attempt: "get the security token of PayKeeper"}.Report(&resp.Diagnostics, err)
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, tokenModel{Token: types.StringValue(token), BaseURL: types.StringValue(e.gateway.Client.BaseURL())})...)
}
