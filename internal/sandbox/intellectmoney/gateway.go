// Package intellectmoney imitates IntellectMoney: the history of its invoices
// («СКО»). The API here creates no invoices. Tests add them, or a history is
// made up.
package intellectmoney

import (
	"cmp"
	"database/sql"
	"errors"
	"net/http"
	"sync"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// What calls must carry and be signed with, unless Options say otherwise. A
// real user token is base64 with '+' and '/', which a form has to escape. So is
// the demo's.
const (
	DemoBearerToken   = "demo-bearer-token" //nolint:gosec // demo data
	DemoSignSecretKey = "demo-sign-secret-key"
	DemoUserToken     = "demo/user+token"
	DemoLogin         = "demo@example.com"
	DemoPassword      = "demo"
)

// The shop and the organisation of the demo's user. Without IsHoldingSearch
// only their invoices are found.
const (
	DemoEshopID        = 450000
	DemoOrganizationID = 10042
)

// path is where the API is mounted. The real API is at the root of
// https://api.intellectmoney.ru (document, first lines).
const path = "/intellectmoney"

// Options configure the gateway.
type Options struct {
	// Calls must carry BearerToken and UserToken, and be signed with
	// SignSecretKey. Login and Password get a user token. "" means the Demo
	// constant of the same name.
	BearerToken, SignSecretKey, UserToken string
	Login, Password                       string
	// MaxInvoices is how many invoices a selection may have before it is
	// refused as too large, without regard to Skip and Take. Zero means no
	// limit. The document says that there is a limit, but not which.
	MaxInvoices int
}

// Gateway is the imitated IntellectMoney.
type Gateway struct {
	*sandbox.Sandbox
	options Options

	// Invoices give tests direct access, also to transactions. An update leaves
	// ChangeDate as it is.
	Invoices sandbox.Objects[Invoice]

	// mu guards userToken, the token in force.
	mu        sync.Mutex
	userToken string
}

// New makes the gateway. Its Join is for sandbox.Open.
func New(options Options) *Gateway {
	options.BearerToken = cmp.Or(options.BearerToken, DemoBearerToken)
	options.SignSecretKey = cmp.Or(options.SignSecretKey, DemoSignSecretKey)
	options.Login = cmp.Or(options.Login, DemoLogin)
	options.Password = cmp.Or(options.Password, DemoPassword)
	options.UserToken = cmp.Or(options.UserToken, DemoUserToken)
	return &Gateway{options: options, userToken: options.UserToken}
}

// Join makes the gateway part of a sandbox.
func (g *Gateway) Join(s *sandbox.Sandbox) (sandbox.Gateway, error) {
	if g.options.MaxInvoices < 0 {
		return sandbox.Gateway{}, errors.New("the maximum number of invoices in a selection must not be negative")
	}
	g.Sandbox = s
	g.Invoices = sandbox.NewObjects(s, "IntellectMoney invoice", store{}, nil)
	return sandbox.Gateway{
		Name:   "intellectmoney",
		Schema: schema,
		Routes: func(mux *http.ServeMux) {
			for _, m := range methods {
				g.HandleAPI(mux, path+m.path, m.operation, func(c *sandbox.Call) { g.serveAPI(c, m) })
			}
		},
		Environment: func(base string) []sandbox.Variable {
			return sandbox.Variables("INVOICE_INTELLECTMONEY_", "BASE_URL", base+path, "BEARER_TOKEN", g.options.BearerToken,
				"SIGN_SECRET_KEY", g.options.SignSecretKey, "USER_TOKEN", g.currentUserToken())
		},
		Overview: g.overview,
		Seed:     func(tx *sql.Tx, n int, m sandbox.MadeUp) error { return g.seed(tx, n, madeUp{m}) },
		Fixtures: []sandbox.Fixture{sandbox.NewFixture("invoices", store{}.All, store{}.insert)},
		Forget:   g.forget,
		Switches: Switches,
	}, nil
}
