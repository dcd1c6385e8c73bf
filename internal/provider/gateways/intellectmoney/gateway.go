// Package intellectmoney is IntellectMoney, as Terraform sees it: invoices and their
// history, to look up.
package intellectmoney

import (
	"net/http"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/lazyregexp"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var (
	_ gateway.InvoiceFinder   = (*Gateway)(nil)
	_ gateway.HistoryFilterer = (*Gateway)(nil)
)

// Gateway reads the history («Получение списка СКО»), for the history and for looking
// one invoice up.
type Gateway struct {
	gateway.Configured[intellectmoney.Client]
}

// New returns the gateway before it is configured.
func New() gateway.Gateway {
	return &Gateway{gateway.New[intellectmoney.Client]("intellectmoney", intellectmoney.Name)}
}

// Settings describes the block intellectmoney of the provider.
func (*Gateway) Settings() (about string, settings []gateway.Setting) {
	return "IntellectMoney: invoices and their history, to look up.", []gateway.Setting{
		{
			Name: "base_url", Check: attributes.IsBaseURL(), Default: intellectmoney.DefaultBaseURL,
			About: "The address of the API, https, or http on a loopback host (default `" + intellectmoney.DefaultBaseURL + "`).",
		},
		{Name: "bearer_token", IsSecret: true, Check: attributes.IsCredential(), About: "The bearer token."},
		{Name: "sign_secret_key", IsSecret: true, Check: attributes.IsCredential(), About: "The key that requests are signed with."},
		{Name: "user_token", IsSecret: true, IsOptional: true, Check: attributes.IsCredential(), About: "The user token. Alternatively, set `login` and `password`."},
		{Name: "login", IsOptional: true, Check: attributes.IsCredential(), About: "The login, instead of `user_token`."},
		{Name: "password", IsSecret: true, IsOptional: true, Check: attributes.IsNotBlank(), About: "The password that belongs to `login`."},
	}
}

// Configure makes the client.
func (g *Gateway) Configure(settings *gateway.Settings, run gateway.Run) {
	user := intellectmoney.Credentials{UserToken: settings.Value("user_token"), Login: settings.Value("login"), Password: settings.Value("password")}
	switch {
	case user.UserToken != "" || user.Login != "" && user.Password != "":
	case user.Login != "":
		settings.MarkMissing("password")
	case user.Password != "":
		settings.MarkMissing("login")
	default:
		settings.MarkMissing("user_token")
	}
	g.Connect(settings, func() *intellectmoney.Client {
		return intellectmoney.New(settings.Value("base_url"), settings.Value("bearer_token"), settings.Value("sign_secret_key"), user, run.Transport)
	})
}

var (
	saysSignature = lazyregexp.New(`(?i)подпис|sign`)
	saysUser      = lazyregexp.New(`(?i)токен|token|логин|login|парол|password|авториз|auth`)
)

// Explain goes by the gateway's words: its codes tell nothing.
func (*Gateway) Explain(e *transport.Error) (attribute, advice string) {
	switch {
	case saysSignature().MatchString(e.Text):
		return "", "Check sign_secret_key of the provider's intellectmoney block (INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY): requests are signed with it."
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden, saysUser().MatchString(e.Text):
		return "", "Check bearer_token, and user_token or login and password, of the provider's intellectmoney block " +
			"(INVOICE_INTELLECTMONEY_BEARER_TOKEN, INVOICE_INTELLECTMONEY_USER_TOKEN)."
	}
	return "", ""
}
