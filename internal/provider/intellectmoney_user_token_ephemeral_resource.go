package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/intellectmoney"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*intellectMoneyUserTokenEphemeral)(nil)

// intellectMoneyUserTokenEphemeral is IntellectMoney's user token, for what scripts call beside
// Terraform. It is in no state and in no plan.
type intellectMoneyUserTokenEphemeral struct{ gateway *intellectmoney.Gateway }

func newIntellectMoneyUserTokenEphemeral() ephemeral.EphemeralResource {
	return &intellectMoneyUserTokenEphemeral{}
}

func (e *intellectMoneyUserTokenEphemeral) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_intellectmoney_user_token"
}

func (e *intellectMoneyUserTokenEphemeral) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "IntellectMoney's user token, which calls carry as `UserToken`. For a script that Terraform runs: the token is in no state, no plan and no log. " +
			"A script also needs the bearer token, and the key that signs its requests. Needs Terraform 1.10 or OpenTofu 1.11.\n\n" +
			"It is opened in every plan and every apply. It is `intellectmoney.user_token` of the provider where that is set. Otherwise it is the token that the provider has got with `login` and `password` (getUserToken), " +
			"and uses in that run itself, so several of these give the same one. How long a token lasts is not documented, and nothing renews one that a script already has.\n\n" +
			"Without ephemeral resources, give the script the token from where the provider gets it, or let it call getUserToken.\n\n" +
			"Source: IntellectMoney, «Получение списка СКО», the parameter UserToken.",
		Attributes: map[string]schema.Attribute{
			"token":    schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The user token."},
			"base_url": schema.StringAttribute{Computed: true, MarkdownDescription: "The address of the API, without a slash at its end."},
		},
	}
}

func (e *intellectMoneyUserTokenEphemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		e.gateway = gateway.Select[*intellectmoney.Gateway](data.gateways)[0]
	}
}

func (e *intellectMoneyUserTokenEphemeral) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	if !e.gateway.Open(ctx, req, resp) {
		return
	}
	token, err := e.gateway.Client.UserToken(ctx)
	if err != nil {
		gateway.FailedCall{Attempt: "get the user token of IntellectMoney"}.Report(&resp.Diagnostics, err)
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, tokenModel{Token: types.StringValue(token), BaseURL: types.StringValue(e.gateway.Client.BaseURL())})...)
}
