// Package p2p is the merchant invoices API (P2P), as Terraform sees it: invoices and
// payouts.
package p2p

import (
	"net/http"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

var (
	_ gateway.Payer        = (*Gateway)(nil)
	_ gateway.ObjectShower = (*Gateway)(nil)
)

// Gateway issues and looks up invoices and payouts.
type Gateway struct {
	gateway.Configured[p2p.Client]
	run      *ledger.Run
	adoption ledger.Adoption
}

// New returns the gateway before it is configured.
func New() gateway.Gateway { return &Gateway{Configured: gateway.New[p2p.Client]("p2p", p2p.Name)} }

// Settings describes the block p2p of the provider.
func (*Gateway) Settings() (about string, settings []gateway.Setting) {
	return "The merchant invoices API (P2P): invoices and payouts.", []gateway.Setting{
		{
			Name: "base_url", Check: attributes.IsBaseURL(),
			About: "The address of the store's API, with or without `/api/merchant`, https, or http on a loopback host. There is no default. Signatures include it, " +
				"so behind a proxy, give the address that the gateway knows.",
		},
		{Name: "api_key", IsSecret: true, Check: attributes.IsCredential(), About: "The store's key, sent as `X-Identity`."},
		{Name: "secret_key", IsSecret: true, Check: attributes.IsCredential(), About: "The key that requests are signed with. It is never sent."},
	}
}

// Configure makes the client.
func (g *Gateway) Configure(settings *gateway.Settings, run gateway.Run) {
	g.run, g.adoption = run.Ledger, run.Adoption
	g.Connect(settings, func() *p2p.Client {
		return p2p.New(settings.Value("base_url"), settings.Value("api_key"), settings.Value("secret_key"), run.Transport)
	})
}

// Explain knows wrong keys. The gateway answers texts alone, in no fixed words.
func (*Gateway) Explain(e *transport.Error) (attribute, advice string) {
	if e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden {
		return "", "Check api_key, secret_key and base_url of the provider's p2p block (INVOICE_P2P_API_KEY, INVOICE_P2P_SECRET_KEY, " +
			"INVOICE_P2P_BASE_URL). The address is a part of the signature: it must be the one that the gateway itself uses."
	}
	return "", ""
}
