// Package intellectmoney imitates IntellectMoney, as far as the history of its
// invoices («СКО») goes. The API here creates none: tests add them, or a history
// is made up.
package intellectmoney

import (
	"cmp"
	"database/sql"
	"errors"
	"net/http"
	"sync"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// What calls must carry and be signed with, unless Options say otherwise. Real
// user tokens are base64, with '+' and '/' in them, which a form has to escape:
// so has the demo's.
const (
	DemoBearerToken   = "demo-bearer-token" //nolint:gosec // demo data
	DemoSignSecretKey = "demo-sign-secret-key"
	DemoUserToken     = "demo/user+token"
	DemoLogin         = "demo@example.com"
	DemoPassword      = "demo"
)

// The shop and the organisation that the demo's user has, whose invoices are
// found without IsHoldingSearch.
const (
	DemoEshopID        = 450000
	DemoOrganizationID = 10042
)

// path is where the API is mounted; https://api.intellectmoney.ru has it at its
// root (document, first lines).
const path = "/intellectmoney"

// Options configure the gateway.
type Options struct {
	// BearerToken, SignSecretKey and UserToken are what calls must carry and be
	// signed with. Login and Password are what a user token is given for. ""
	// means the value of the Demo constant of the same name.
	BearerToken, SignSecretKey, UserToken string
	Login, Password                       string
	// MaxInvoices is how many invoices a selection may have, Skip and Take
	// aside, before it is refused as too large; without limit when zero. That
	// there is a limit is in the document, how much it is not.
	MaxInvoices int
}

// Gateway is the imitated IntellectMoney.
type Gateway struct {
	*sandbox.Sandbox
	options Options

	// Invoices give tests direct access, with their transactions. ChangeDate
	// stays unless a change sets it.
	Invoices sandbox.Objects[Invoice]

	// mu guards userToken, the token in force.
	mu        sync.Mutex
	userToken string
}

// New makes the gateway; a sandbox is opened with Join.
func New(options Options) *Gateway {
	options.BearerToken = cmp.Or(options.BearerToken, DemoBearerToken)
	options.SignSecretKey = cmp.Or(options.SignSecretKey, DemoSignSecretKey)
	options.Login = cmp.Or(options.Login, DemoLogin)
	options.Password = cmp.Or(options.Password, DemoPassword)
	return &Gateway{options: options, userToken: cmp.Or(options.UserToken, DemoUserToken)}
}

// Join makes the gateway part of a sandbox.
func (g *Gateway) Join(s *sandbox.Sandbox) (sandbox.Gateway, error) {
	if g.options.MaxInvoices < 0 {
		return sandbox.Gateway{}, errors.New("the most invoices of a selection must not be negative")
	}
	g.Sandbox = s
	g.Invoices = sandbox.NewObjects(s, "IntellectMoney invoice", store{}, nil)
	var operations []string
	for _, m := range methods {
		operations = append(operations, m.operation)
	}
	return sandbox.Gateway{
		Schema: schema,
		Routes: func(mux *http.ServeMux) {
			for _, m := range methods {
				mux.HandleFunc(path+m.path, func(w http.ResponseWriter, r *http.Request) { g.serveAPI(w, r, m) })
			}
		},
		Environment: func(base string) []sandbox.Variable {
			return []sandbox.Variable{
				{Name: "INVOICE_INTELLECTMONEY_BASE_URL", Value: base + path},
				{Name: "INVOICE_INTELLECTMONEY_BEARER_TOKEN", Value: g.options.BearerToken},
				{Name: "INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY", Value: g.options.SignSecretKey},
				{Name: "INVOICE_INTELLECTMONEY_USER_TOKEN", Value: g.currentUserToken()},
			}
		},
		Overview:   g.overview,
		Seed:       func(tx *sql.Tx, n int, m sandbox.MadeUp) error { return g.seed(tx, n, madeUp{m}) },
		Operations: operations,
		Switches:   Switches,
	}, nil
}
