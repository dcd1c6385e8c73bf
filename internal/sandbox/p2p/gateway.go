// Package p2p imitates the merchant invoices API of a P2P gateway: invoices in
// and out, deals that reserve requisites, notifications, and the page on which
// a person says that the transfer is done.
package p2p

import (
	"cmp"
	"embed"
	"errors"
	"net/http"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// The key pair that calls must be signed with, unless Options say otherwise.
const (
	DemoAPIKey    = "demo-api-key" //nolint:gosec // demo data
	DemoSecretKey = "demo-secret-key"
)

// Where the API and its page are mounted. The API's own paths start with
// /api/merchant (document, «Создание инвойса»).
const (
	name     = "p2p"
	path     = "/" + name
	apiPath  = path + "/api/merchant"
	pagePath = path + "/invoice"
)

// Options configure the gateway.
type Options struct {
	// APIKey and SecretKey identify and sign calls. "" means DemoAPIKey and
	// DemoSecretKey.
	APIKey, SecretKey string
	// Requisites is how many deals can wait for a transfer at the same time.
	// Zero means no limit.
	Requisites int
}

// Gateway is the imitated P2P gateway.
type Gateway struct {
	*sandbox.Sandbox
	options Options

	// Invoices give tests direct access. They do not notify merchants.
	Invoices sandbox.Objects[Invoice]
}

// New makes the gateway. Its Join is for sandbox.Open.
func New(options Options) *Gateway {
	options.APIKey = cmp.Or(options.APIKey, DemoAPIKey)
	options.SecretKey = cmp.Or(options.SecretKey, DemoSecretKey)
	return &Gateway{options: options}
}

//go:embed pages
var pageFiles embed.FS

var pages = sandbox.NewPages(pageFiles)

// Join makes the gateway part of a sandbox.
func (g *Gateway) Join(s *sandbox.Sandbox) (sandbox.Gateway, error) {
	if g.options.Requisites < 0 {
		return sandbox.Gateway{}, errors.New("the number of requisites must not be negative")
	}
	g.Sandbox = s
	g.Invoices = sandbox.NewObjects(s, "P2P invoice", invoices, g.sweep)
	return sandbox.Gateway{
		Name:   name,
		Schema: schema,
		Routes: func(mux *http.ServeMux) {
			for _, m := range methods {
				g.HandleAPI(mux, m.verb+" "+apiPath+m.path, m.operation, func(c *sandbox.Call) { g.serveAPI(c, m) })
			}
			mux.HandleFunc("GET "+pagePath, g.servePayPage)
			mux.HandleFunc("POST "+pagePath, sandbox.Form("Заявка не найдена", g.pressOnPage))
			g.HandleUnknown(mux, apiPath+"/", serveUnknown)
		},
		Environment: func(base string) []sandbox.Variable {
			return sandbox.Variables("INVOICE_P2P_", "BASE_URL", base+path, "API_KEY", g.options.APIKey, "SECRET_KEY", g.options.SecretKey)
		},
		Overview: g.overview,
		Tick:     func() { _ = g.sweep() }, // an error shows at the next call
		Fixtures: []sandbox.Fixture{invoices.Fixture("invoices")},
		Switches: Switches,
	}, nil
}
