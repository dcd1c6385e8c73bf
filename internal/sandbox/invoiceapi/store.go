package invoiceapi

import (
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Sums are TEXT, because SQLite's numbers are floats. Dates are TEXT in
// timeFormat, which sorts. There are no foreign keys, so that tests can delete
// what a gateway never deletes.
const schema = `
CREATE TABLE IF NOT EXISTS invoice_terminals (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE, alias TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL, description TEXT NOT NULL, type TEXT NOT NULL, logo TEXT NOT NULL,
	default_price TEXT NOT NULL, can_comments INTEGER NOT NULL, created_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS invoice_payments (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE, order_id TEXT NOT NULL,
	amount TEXT NOT NULL, currency TEXT NOT NULL, description TEXT NOT NULL, terminal_id TEXT NOT NULL,
	status TEXT NOT NULL, status_description TEXT NOT NULL, success_url TEXT NOT NULL, fail_url TEXT NOT NULL,
	payment_method TEXT NOT NULL, custom_parameters TEXT NOT NULL, receipt TEXT NOT NULL,
	transaction_type TEXT NOT NULL, account TEXT NOT NULL,
	created_at TEXT NOT NULL, updated_at TEXT NOT NULL, expires_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS invoice_payments_order ON invoice_payments (order_id);
CREATE TABLE IF NOT EXISTS invoice_refunds (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE, payment_id TEXT NOT NULL,
	amount TEXT NOT NULL, currency TEXT NOT NULL, reason TEXT NOT NULL, status TEXT NOT NULL,
	receipt TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS invoice_refunds_payment ON invoice_refunds (payment_id);`

// timeFormat is YYYY-MM-DDTHH:mm:ss.sssZ (guide, section 7.2.3), in UTC.
const timeFormat = "2006-01-02T15:04:05.000Z"

func (g *Gateway) now() string { return g.Now().UTC().Format(timeFormat) }

// With ids=number the first objects have these numbers. They lie apart, so that
// an id of another kind finds nothing. 45 is from the guide.
const (
	firstTerminal = 45
	firstPayment  = 2245001
	firstRefund   = 9900001
)

// newID makes the id of the next row of a table.
func (g *Gateway) newID(tx *sql.Tx, table string, first int64) (string, error) {
	if g.Is(ids, "hex") {
		return sandbox.HexID(), nil
	}
	number, err := sandbox.NextNumber(tx, table)
	return strconv.FormatInt(first-1+number, 10), err
}

// Terminal is a terminal as it is stored. Its fields in fixtures have the API's
// names, as those of payments and refunds.
type Terminal struct {
	ID          string `json:"id"`
	Alias       string `json:"alias"`
	Name        string `json:"name"`
	Description string `json:"description"`
	// Type is "static" or "dynamic", whatever the dialect calls them.
	Type string `json:"type"`
	Logo string `json:"logo"`
	// DefaultPrice is a decimal such as "15" or "10.5", and "" when none was
	// sent.
	DefaultPrice string `json:"defaultPrice"`
	CanComments  bool   `json:"canComments"`
	CreatedAt    string `json:"create_date"`
}

// Payment is a payment as it is stored. What was not sent is "", except the
// currency (RUB) and the type of transaction (1).
type Payment struct {
	ID      string `json:"id"`
	OrderID string `json:"order_id"`
	// Amount is a decimal such as "1500" or "10.5".
	Amount            string `json:"amount"`
	Currency          string `json:"currency"`
	Description       string `json:"description"`
	TerminalID        string `json:"terminal_id"`
	Status            string `json:"status"`
	StatusDescription string `json:"status_description"`
	SuccessURL        string `json:"success_url"`
	FailURL           string `json:"fail_url"`
	PaymentMethod     string `json:"payment_method"`
	// CustomParameters and Receipt are JSON as it was sent, without spaces.
	CustomParameters string `json:"custom_parameters"`
	Receipt          string `json:"receipt"`
	// TransactionType is "1", "2" or "4" (guide, section 7.2.3, trtype).
	TransactionType string `json:"trtype"`
	// Account is the masked number of the card that paid.
	Account string `json:"account"`
	// The dates are in timeFormat. UpdatedAt is "" until the status changes.
	CreatedAt string `json:"create_date"`
	UpdatedAt string `json:"update_date"`
	ExpiresAt string `json:"expire_date"`
}

// Refund is a refund as it is stored.
type Refund struct {
	ID        string `json:"id"`
	PaymentID string `json:"payment_id"`
	Amount    string `json:"amount"`
	Currency  string `json:"currency"`
	Reason    string `json:"reason"`
	Status    string `json:"status"`
	// Receipt is JSON as it was sent, without spaces.
	Receipt   string `json:"receipt"`
	CreatedAt string `json:"create_date"`
	UpdatedAt string `json:"update_date"`
}

var terminals = sandbox.Table[Terminal]{
	Name: "invoice_terminals", Key: "alias",
	Columns: `id, alias, name, description, type, logo, default_price, can_comments, created_at`,
	Fields: func(t *Terminal) []any {
		return []any{&t.ID, &t.Alias, &t.Name, &t.Description, &t.Type, &t.Logo, &t.DefaultPrice, &t.CanComments, &t.CreatedAt}
	},
}

var payments = sandbox.Table[Payment]{
	Name: "invoice_payments", Key: "id",
	Columns: `id, order_id, amount, currency, description, terminal_id, status, status_description,
		success_url, fail_url, payment_method, custom_parameters, receipt, transaction_type, account,
		created_at, updated_at, expires_at`,
	Fields: func(p *Payment) []any {
		return []any{&p.ID, &p.OrderID, &p.Amount, &p.Currency, &p.Description, &p.TerminalID, &p.Status, &p.StatusDescription,
			&p.SuccessURL, &p.FailURL, &p.PaymentMethod, &p.CustomParameters, &p.Receipt, &p.TransactionType, &p.Account,
			&p.CreatedAt, &p.UpdatedAt, &p.ExpiresAt}
	},
}

var refunds = sandbox.Table[Refund]{
	Name: "invoice_refunds", Key: "id",
	Columns: `id, payment_id, amount, currency, reason, status, receipt, created_at, updated_at`,
	Fields: func(r *Refund) []any {
		return []any{&r.ID, &r.PaymentID, &r.Amount, &r.Currency, &r.Reason, &r.Status, &r.Receipt, &r.CreatedAt, &r.UpdatedAt}
	},
}

// expire lets payments fail that were not paid in time, if the dialect says so.
// It runs before payments are read, and now and then by itself, because a failure
// is notified.
func (g *Gateway) expire() error {
	if g.Is(expired, "init") {
		return nil
	}
	return g.Transact(func(tx *sql.Tx) error {
		due, err := payments.Select(tx, `WHERE status = 'init' AND expires_at <= ? ORDER BY expires_at, number`, g.now())
		for _, p := range due {
			p.Status, p.StatusDescription, p.UpdatedAt = "fail", "[3, -20] Expired transaction", p.ExpiresAt
			err = errors.Join(err, payments.Update(tx, p.ID, p), g.notifyPayment(tx, p))
		}
		return err
	})
}

// payable reports whether a payment can be paid now. runOut reports whether its
// time to pay is over.
func (p *Payment) payable(now string) bool { return p.Status == "init" && now < p.ExpiresAt }
func (p *Payment) runOut(now string) bool  { return p.Status == "init" && now >= p.ExpiresAt }

// addPayment stores a new payment with an id, status and dates.
func (g *Gateway) addPayment(tx *sql.Tx, p Payment) (Payment, error) {
	var err error
	if p.ID, err = g.newID(tx, payments.Name, firstPayment); err != nil {
		return p, err
	}
	p.Description = g.rewritten(p.Description)
	now := g.Now().UTC().Truncate(time.Millisecond)
	p.Status = "init"
	p.CreatedAt = now.Format(timeFormat)
	p.ExpiresAt = now.Add(g.options.LinkLifetime).Format(timeFormat)
	return p, payments.Insert(tx, p)
}

// rewritten is a description as the gateway stores it. The addition is from the
// answer to the guide's sample (section 7.2.1).
func (g *Gateway) rewritten(description string) string {
	if description != "" && g.Is(rewriteDescription, "true") {
		return description + ", филиал №7"
	}
	return description
}
