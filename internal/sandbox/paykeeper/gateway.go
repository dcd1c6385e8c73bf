// Package paykeeper imitates PayKeeper: its API of invoices, payments and refunds,
// the bill on which a person pays, the page of a payment, and the mails it sends.
package paykeeper

import (
	"cmp"
	"database/sql"
	"embed"
	"net/http"
	"sync"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// The login and password that calls must carry, and the secret word that
// notifications are signed with, unless Options say otherwise.
const (
	DemoLogin      = "demo"
	DemoPassword   = "demo"
	DemoSecretWord = "demo-secret-word"
)

// Where the API and the pages are mounted. A real server has both at its root:
// a bill is at https://<server>/bill/<id>/ [P].
const (
	name        = "paykeeper"
	path        = "/" + name
	billPath    = path + "/bill/"
	paymentPath = path + "/payment/"
	outboxPath  = path + "/outbox/"
	loginPath   = path + "/login/"
)

// payOperation is what faults call paying on a bill.
const payOperation = "paykeeper.pay"

// Options configure the gateway.
type Options struct {
	// Login and Password are what calls must carry. "" means DemoLogin and
	// DemoPassword.
	Login, Password string
	// SecretWord is what notifications are signed with. "" means DemoSecretWord.
	SecretWord string
	// NotifyAddress is where notifications go, "" if nowhere.
	NotifyAddress string
}

// Gateway is the imitated PayKeeper.
type Gateway struct {
	*sandbox.Sandbox
	options Options

	// Invoices give tests direct access. A deleted invoice leaves its mails.
	Invoices sandbox.Objects[Invoice]
	// Payments and Refunds do, too. A deleted payment leaves its refunds.
	Payments sandbox.Objects[Payment]
	Refunds  sandbox.Objects[Refund]

	// mu guards what is not in the database: the security token, and the time
	// of the newest id. A restart makes a new token, as a rotation does.
	mu     sync.Mutex
	token  string
	issued time.Time
	lastID time.Time
}

// New makes the gateway. Its Join is for sandbox.Open.
func New(options Options) *Gateway {
	options.Login = cmp.Or(options.Login, DemoLogin)
	options.Password = cmp.Or(options.Password, DemoPassword)
	options.SecretWord = cmp.Or(options.SecretWord, DemoSecretWord)
	return &Gateway{options: options}
}

//go:embed pages
var pageFiles embed.FS

var pages = sandbox.NewPages(pageFiles)

// Join makes the gateway part of a sandbox.
func (g *Gateway) Join(s *sandbox.Sandbox) (sandbox.Gateway, error) {
	g.Sandbox = s
	g.Invoices = sandbox.NewObjects(s, "PayKeeper invoice", invoices, func() error { return g.Transact(g.expire) })
	settle := func() error { return g.Transact(g.settle) }
	g.Payments = sandbox.NewObjects(s, "PayKeeper payment", payments, settle)
	g.Refunds = sandbox.NewObjects(s, "PayKeeper refund", refunds, settle)
	return sandbox.Gateway{
		Name:   name,
		Schema: schema + paymentSchema,
		Routes: func(mux *http.ServeMux) {
			for _, m := range methods {
				g.HandleAPI(mux, path+m.path+"{$}", m.operation, func(c *sandbox.Call) { g.serveAPI(c, m) })
			}
			mux.HandleFunc("GET "+billPath+"{id}/{$}", g.serveBill)
			mux.HandleFunc("POST "+billPath+"{id}/{$}", sandbox.Form("Счёт не найден", g.pressOnPage))
			mux.HandleFunc("GET "+paymentPath+"{id}/{$}", g.servePayment)
			mux.HandleFunc("POST "+paymentPath+"{id}/{$}", sandbox.Form("Возврат не найден", g.endOnPage))
			mux.HandleFunc("GET "+outboxPath+"{$}", g.serveOutbox)
			mux.HandleFunc("GET "+loginPath+"{$}", func(w http.ResponseWriter, r *http.Request) { renderLogin(w, r, http.StatusOK) })
		},
		Environment: func(base string) []sandbox.Variable {
			return sandbox.Variables("INVOICE_PAYKEEPER_", "BASE_URL", base+path, "LOGIN", g.options.Login, "PASSWORD", g.options.Password)
		},
		Overview: g.overview,
		Seed:     func(tx *sql.Tx, n int, m sandbox.MadeUp) error { return seed(tx, n, madeUp{m}) },
		// With an invoice that is paid, the database makes a payment that is not
		// there yet.
		Fixtures: []sandbox.Fixture{payments.Fixture("payments"), refunds.Fixture("refunds"), invoices.Fixture("invoices"), mails.Fixture("mails")},
		Forget:   g.forget,
		Payment:  payOperation,
		Account:  &sandbox.Account{NotifyAddress: g.options.NotifyAddress},
		Switches: Switches,
	}, nil
}
