// Package invoiceapi imitates Invoice API v2: terminals, payments and refunds,
// and the pages on which a person orders and pays.
package invoiceapi

import (
	"cmp"
	"embed"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Test data of the guide, section 8: the credentials the sandbox accepts and
// the card its payment pages accept.
const (
	TestMerchantID = "c24360cfac0a0c40c518405f6bc68cb0"
	TestAPIKey     = "1526fec01b5d11f4df4f2160627ce351" //nolint:gosec // published test data
	TestCard       = "5543735484626654"
	testCardExpiry = "01/22"
	testCardCVC    = "852"
	testCard3DS    = "123456"
)

// DeclinedCard is a card that the guide does not have. Its issuer always
// declines with [2, 51], not sufficient funds. Expiry, CVC and 3DS code are
// those of the test card.
const DeclinedCard = "4000000000009995"

// Where the Invoice API and its pages are mounted.
const (
	name         = "invoice"
	path         = "/" + name
	apiPath      = path + "/api/v2"
	payPath      = path + "/pay/"
	terminalPath = path + "/terminal/"
)

// payOperation is what faults call paying on a page.
const payOperation = "invoice.pay"

// Options configure the gateway. The zero value has the guide's test data.
type Options struct {
	// MerchantID and APIKey are what calls must carry. "" means
	// TestMerchantID and TestAPIKey.
	MerchantID, APIKey string
	// LinkLifetime is how long a payment can be paid after it was created;
	// 24 hours when zero. The guide shows that payments expire (section
	// 7.2.3, expire_date) but not when [?].
	LinkLifetime time.Duration
	// NotifyAddress is where notifications go, "" if nowhere.
	NotifyAddress string
}

// Gateway is the imitated Invoice API. Its fields give tests direct access. A
// deleted terminal leaves its payments, and a deleted payment its refunds.
type Gateway struct {
	*sandbox.Sandbox
	options Options

	Terminals sandbox.Objects[Terminal] // by alias
	Payments  sandbox.Objects[Payment]
	Refunds   sandbox.Objects[Refund]
}

// New makes the gateway. Its Join is for sandbox.Open.
func New(options Options) *Gateway {
	options.MerchantID = cmp.Or(options.MerchantID, TestMerchantID)
	options.APIKey = cmp.Or(options.APIKey, TestAPIKey)
	options.LinkLifetime = cmp.Or(options.LinkLifetime, 24*time.Hour)
	return &Gateway{options: options}
}

//go:embed pages
var pageFiles embed.FS

var pages = sandbox.NewPages(pageFiles)

// Join makes the gateway part of a sandbox.
func (g *Gateway) Join(s *sandbox.Sandbox) (sandbox.Gateway, error) {
	if g.options.LinkLifetime < time.Millisecond {
		return sandbox.Gateway{}, fmt.Errorf("link lifetime %v: it must be at least 1ms, the precision of dates", g.options.LinkLifetime)
	}
	g.Sandbox = s
	g.Terminals = sandbox.NewObjects(s, "terminal", terminals, nil)
	g.Payments = sandbox.NewObjects(s, "payment", payments, g.expire)
	g.Refunds = sandbox.NewObjects(s, "refund", refunds, nil)
	return sandbox.Gateway{
		Name:   name,
		Schema: schema,
		Routes: func(mux *http.ServeMux) {
			for _, operation := range slices.Sorted(maps.Keys(methods)) {
				g.HandleAPI(mux, apiPath+"/"+operation, operation, func(c *sandbox.Call) { g.serveAPI(c, operation, methods[operation]) })
			}
			g.HandleUnknown(mux, apiPath+"/{operation}", func(w http.ResponseWriter, r *http.Request) {
				operation := r.PathValue("operation")
				g.ServeAPI(w, r, operation, func(c *sandbox.Call) { g.serveAPI(c, operation, nil) })
			})
			mux.HandleFunc("GET "+payPath+"{id}", g.servePayPage)
			mux.HandleFunc("POST "+payPath+"{id}", sandbox.Form("Платёж не найден", g.pressOnPage))
			mux.HandleFunc("GET "+terminalPath+"{id}", g.serveTerminalPage)
			mux.HandleFunc("POST "+terminalPath+"{id}", g.orderOnPage)
		},
		Environment: func(base string) []sandbox.Variable {
			return sandbox.Variables("INVOICE_", "BASE_URL", base+apiPath, "MERCHANT_ID", g.options.MerchantID, "API_KEY", g.options.APIKey)
		},
		Overview: g.overview,
		Fixtures: []sandbox.Fixture{terminals.Fixture("terminals"), payments.Fixture("payments"), refunds.Fixture("refunds")},
		Payment:  payOperation,
		Account:  &sandbox.Account{NotifyAddress: g.options.NotifyAddress},
		Tick:     func() { _ = g.expire() }, // an error shows at the next call
		Switches: Switches,
	}, nil
}
