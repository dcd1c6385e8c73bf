package provider

import (
	"net/http"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

func intellectmoneySettingsSchema() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "IntellectMoney: invoices and their history, to look up.",
		Attributes: map[string]schema.Attribute{
			"base_url": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The address of the API, https, or http on a loopback host (default `" + intellectmoney.DefaultBaseURL + "`). Environment: `INVOICE_INTELLECTMONEY_BASE_URL`.",
				Validators:          []validator.String{attributes.IsBaseURL()},
			},
			"bearer_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The bearer token. Environment: `INVOICE_INTELLECTMONEY_BEARER_TOKEN`.",
				Validators:          []validator.String{attributes.IsCredential()},
			},
			"sign_secret_key": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The key that requests are signed with. Environment: `INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY`.",
				Validators:          []validator.String{attributes.IsCredential()},
			},
			"user_token": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The user token; or give `login` and `password`. Environment: `INVOICE_INTELLECTMONEY_USER_TOKEN`.",
				Validators:          []validator.String{attributes.IsCredential()},
			},
			"login": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The login, instead of `user_token`. Environment: `INVOICE_INTELLECTMONEY_LOGIN`.",
				Validators:          []validator.String{attributes.IsCredential()},
			},
			"password": schema.StringAttribute{
				Optional:            true,
				Sensitive:           true,
				MarkdownDescription: "The password that belongs to `login`. Environment: `INVOICE_INTELLECTMONEY_PASSWORD`.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
		},
	}
}

func configureIntellectMoney(object types.Object, common transport.Config, diags *diag.Diagnostics) gateway.Configured[intellectmoney.Client] {
	s := gateway.Settings{Gateway: "intellectmoney", Prefix: "INVOICE_INTELLECTMONEY_", Object: object}
	baseURL := s.Get("base_url", intellectmoney.DefaultBaseURL)
	bearerToken, signKey := s.Get("bearer_token", ""), s.Get("sign_secret_key", "")
	user := intellectmoney.Credentials{UserToken: s.Optional("user_token"), Login: s.Optional("login"), Password: s.Optional("password")}
	switch {
	case user.UserToken != "" || user.Login != "" && user.Password != "":
	case user.Login != "":
		s.MarkMissing("password")
	case user.Password != "":
		s.MarkMissing("login")
	default:
		s.MarkMissing("user_token")
	}
	s.CheckBaseURL(baseURL, diags)
	for name, value := range map[string]string{
		"bearer_token": bearerToken, "sign_secret_key": signKey, "user_token": user.UserToken, "login": user.Login,
	} {
		s.CheckCredential(name, value, diags)
	}
	connected := gateway.Configured[intellectmoney.Client]{Title: intellectmoney.Name, Missing: s.Missing}
	if !s.IsIncomplete() {
		connected.Client = intellectmoney.New(baseURL, bearerToken, signKey, user, common)
	}
	return connected
}

var (
	saysSignature = regexp.MustCompile(`(?i)подпис|sign`)
	saysUser      = regexp.MustCompile(`(?i)токен|token|логин|login|парол|password|авториз|auth`)
)

// intellectmoneyErrors goes by the gateway's words: its codes tell nothing.
var intellectmoneyErrors = gateway.Errors{
	Explain: func(e *transport.Error) (attribute, advice string) {
		switch {
		case saysSignature.MatchString(e.Text):
			return "", "Check sign_secret_key of the provider's intellectmoney block (INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY): requests are signed with it."
		case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden, saysUser.MatchString(e.Text):
			return "", "Check bearer_token, and user_token or login and password, of the provider's intellectmoney block " +
				"(INVOICE_INTELLECTMONEY_BEARER_TOKEN, INVOICE_INTELLECTMONEY_USER_TOKEN)."
		}
		return "", ""
	},
	AttributeOf: func(string) string { return "" },
}
