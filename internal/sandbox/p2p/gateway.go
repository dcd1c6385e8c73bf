// Package p2p imitates the merchant invoices API of a P2P gateway: invoices in
// and out, the deals that hold requisites for them, notifications, and the page
// on which a person says that the transfer is done.
package p2p

import (
	"cmp"
	"embed"
	"errors"
	"net/http"
	"sync"
	"time"

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
	path     = "/p2p"
	apiPath  = path + "/api/merchant"
	pagePath = path + "/invoice"
)

// Options configure the gateway.
type Options struct {
	// APIKey and SecretKey identify and sign calls. "" means DemoAPIKey and
	// DemoSecretKey.
	APIKey, SecretKey string
	// NotificationInterval is the time between the three tries to deliver a
	// notification; 60 seconds when zero.
	NotificationInterval time.Duration
	// Requisites is how many deals can wait for a transfer at the same time;
	// without limit when zero.
	Requisites int
}

// Gateway is the imitated gateway.
type Gateway struct {
	*sandbox.Sandbox
	options Options

	// Invoices give tests direct access. The merchant is not told of what they
	// change.
	Invoices sandbox.Objects[Invoice]

	// mu guards last, by invoice: it is closed once the invoice's newest
	// notification has been tried, so that the next one arrives after it.
	mu   sync.Mutex
	last map[string]chan struct{}
}

// New makes the gateway; a sandbox is opened with Join.
func New(options Options) *Gateway {
	options.APIKey = cmp.Or(options.APIKey, DemoAPIKey)
	options.SecretKey = cmp.Or(options.SecretKey, DemoSecretKey)
	options.NotificationInterval = cmp.Or(options.NotificationInterval, time.Minute)
	return &Gateway{options: options, last: map[string]chan struct{}{}}
}

//go:embed pages/*.html
var pageFiles embed.FS

var pages = sandbox.NewPages(pageFiles)

// Join makes the gateway part of a sandbox.
func (g *Gateway) Join(s *sandbox.Sandbox) (sandbox.Gateway, error) {
	if g.options.NotificationInterval < 0 || g.options.Requisites < 0 {
		return sandbox.Gateway{}, errors.New("the notification interval and the number of requisites must not be negative")
	}
	g.Sandbox = s
	g.Invoices = sandbox.NewObjects(s, "P2P invoice", invoices, g.sweep)
	var operations []string
	for _, m := range methods {
		operations = append(operations, m.operation)
	}
	return sandbox.Gateway{
		Schema: schema,
		Routes: func(mux *http.ServeMux) {
			for _, m := range methods {
				mux.HandleFunc(m.verb+" "+apiPath+m.path, func(w http.ResponseWriter, r *http.Request) { g.serveAPI(w, r, m) })
			}
			mux.HandleFunc("GET "+pagePath, g.servePayPage)
			mux.HandleFunc("POST "+pagePath, sandbox.Form("Заявка не найдена", g.pressOnPage))
			mux.HandleFunc(apiPath+"/", serveUnknown)
		},
		Environment: func(base string) []sandbox.Variable {
			return []sandbox.Variable{
				{Name: "INVOICE_P2P_BASE_URL", Value: base + path},
				{Name: "INVOICE_P2P_API_KEY", Value: g.options.APIKey},
				{Name: "INVOICE_P2P_SECRET_KEY", Value: g.options.SecretKey},
			}
		},
		Overview:   g.overview,
		Tick:       func() { _ = g.sweep() }, // What fails here shows at the next call.
		Operations: operations,
		Switches:   Switches,
	}, nil
}
