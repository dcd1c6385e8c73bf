package sandbox

import (
	"database/sql"
	"errors"
	"strconv"
	"time"
)

// Sums are TEXT, as SQLite's numbers are floats. Dates are TEXT in
// invoiceTime, which sorts. Ids do not reference each other, so that tests can
// delete what a gateway never would.
const invoiceSchema = `
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

// invoiceTime is YYYY-MM-DDTHH:mm:ss.sssZ (guide, section 7.2.3), in UTC.
const invoiceTime = "2006-01-02T15:04:05.000Z"

func (s *Sandbox) invoiceNow() string { return s.now().UTC().Format(invoiceTime) }

// Numbers of the first objects under Dialect.IDs "number". They lie apart, so
// that one kind of id taken for another finds nothing. 45 is the guide's.
const (
	invoiceFirstTerminal = 45
	invoiceFirstPayment  = 2245001
	invoiceFirstRefund   = 9900001
)

// invoiceID makes the id of the next row of a table.
func invoiceID(tx *sql.Tx, dialect Dialect, table string, first int64) (string, error) {
	if dialect.IDs == "hex" {
		return hexID(), nil
	}
	number, err := nextNumber(tx, table)
	return strconv.FormatInt(first-1+number, 10), err
}

// InvoiceTerminal is a terminal as it is stored.
type InvoiceTerminal struct {
	ID, Alias, Name, Description string
	// Type is "static" or "dynamic", whatever the dialect calls them.
	Type string
	Logo string
	// DefaultPrice is a decimal such as "15" or "10.5", "" when none was
	// sent.
	DefaultPrice string
	CanComments  bool
	CreatedAt    string
}

// InvoicePayment is a payment as it is stored. What was not sent is "", but
// for the currency (RUB) and the type of transaction (1).
type InvoicePayment struct {
	ID, OrderID string
	// Amount is a decimal such as "1500" or "10.5".
	Amount, Currency, Description, TerminalID string
	Status, StatusDescription                 string
	SuccessURL, FailURL, PaymentMethod        string
	// CustomParameters and Receipt are JSON as it was sent, less the spaces.
	CustomParameters, Receipt string
	// TransactionType is "1", "2" or "4" (guide, section 7.2.3, trtype).
	TransactionType string
	// Account is the masked number of the card that paid.
	Account string
	// Dates as the gateway writes them; UpdatedAt is "" until the status has
	// changed.
	CreatedAt, UpdatedAt, ExpiresAt string
}

// InvoiceRefund is a refund as it is stored.
type InvoiceRefund struct {
	ID, PaymentID, Amount, Currency, Reason, Status string
	// Receipt is JSON as it was sent, less the spaces.
	Receipt              string
	CreatedAt, UpdatedAt string
}

const (
	invoiceTerminalColumns = `id, alias, name, description, type, logo, default_price, can_comments, created_at`
	invoicePaymentColumns  = `id, order_id, amount, currency, description, terminal_id, status, status_description,
		success_url, fail_url, payment_method, custom_parameters, receipt, transaction_type, account,
		created_at, updated_at, expires_at`
	invoiceRefundColumns = `id, payment_id, amount, currency, reason, status, receipt, created_at, updated_at`

	selectInvoiceTerminals = `SELECT ` + invoiceTerminalColumns + ` FROM invoice_terminals `
	selectInvoicePayments  = `SELECT ` + invoicePaymentColumns + ` FROM invoice_payments `
	selectInvoiceRefunds   = `SELECT ` + invoiceRefundColumns + ` FROM invoice_refunds `
)

func (t *InvoiceTerminal) values() []any {
	return []any{t.ID, t.Alias, t.Name, t.Description, t.Type, t.Logo, t.DefaultPrice, t.CanComments, t.CreatedAt}
}

func (p *InvoicePayment) values() []any {
	return []any{p.ID, p.OrderID, p.Amount, p.Currency, p.Description, p.TerminalID, p.Status, p.StatusDescription,
		p.SuccessURL, p.FailURL, p.PaymentMethod, p.CustomParameters, p.Receipt, p.TransactionType, p.Account,
		p.CreatedAt, p.UpdatedAt, p.ExpiresAt}
}

func (r *InvoiceRefund) values() []any {
	return []any{r.ID, r.PaymentID, r.Amount, r.Currency, r.Reason, r.Status, r.Receipt, r.CreatedAt, r.UpdatedAt}
}

func scanInvoiceTerminal(row scanner) (t InvoiceTerminal, err error) {
	err = row.Scan(&t.ID, &t.Alias, &t.Name, &t.Description, &t.Type, &t.Logo, &t.DefaultPrice, &t.CanComments, &t.CreatedAt)
	return t, err
}

func scanInvoicePayment(row scanner) (p InvoicePayment, err error) {
	err = row.Scan(&p.ID, &p.OrderID, &p.Amount, &p.Currency, &p.Description, &p.TerminalID, &p.Status, &p.StatusDescription,
		&p.SuccessURL, &p.FailURL, &p.PaymentMethod, &p.CustomParameters, &p.Receipt, &p.TransactionType, &p.Account,
		&p.CreatedAt, &p.UpdatedAt, &p.ExpiresAt)
	return p, err
}

func scanInvoiceRefund(row scanner) (r InvoiceRefund, err error) {
	err = row.Scan(&r.ID, &r.PaymentID, &r.Amount, &r.Currency, &r.Reason, &r.Status, &r.Receipt, &r.CreatedAt, &r.UpdatedAt)
	return r, err
}

// found turns "no rows" into errNotFound.
func found[T any](row T, err error) (T, error) {
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotFound
	}
	return row, err
}

func findInvoiceTerminal(tx *sql.Tx, where string, arg any) (InvoiceTerminal, error) {
	return found(scanInvoiceTerminal(tx.QueryRow(selectInvoiceTerminals+where, arg)))
}

// findInvoicePayment finds the newest payment that matches.
func findInvoicePayment(tx *sql.Tx, where string, arg any) (InvoicePayment, error) {
	return found(scanInvoicePayment(tx.QueryRow(selectInvoicePayments+where+` ORDER BY number DESC LIMIT 1`, arg)))
}

func findInvoiceRefund(tx *sql.Tx, id string) (InvoiceRefund, error) {
	return found(scanInvoiceRefund(tx.QueryRow(selectInvoiceRefunds+`WHERE id = ?`, id)))
}

func insertInvoiceTerminal(tx *sql.Tx, t InvoiceTerminal) error {
	_, err := tx.Exec(`INSERT INTO invoice_terminals (`+invoiceTerminalColumns+`) VALUES (?,?,?,?,?,?,?,?,?)`, t.values()...)
	return err
}

func insertInvoicePayment(tx *sql.Tx, p InvoicePayment) error {
	_, err := tx.Exec(`INSERT INTO invoice_payments (`+invoicePaymentColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, p.values()...)
	return err
}

func insertInvoiceRefund(tx *sql.Tx, r InvoiceRefund) error {
	_, err := tx.Exec(`INSERT INTO invoice_refunds (`+invoiceRefundColumns+`) VALUES (?,?,?,?,?,?,?,?,?)`, r.values()...)
	return err
}

// updateInvoicePayment stores a payment under the id it had.
func updateInvoicePayment(tx *sql.Tx, id string, p InvoicePayment) error {
	return execOne(tx, `UPDATE invoice_payments SET (`+invoicePaymentColumns+`) = (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) WHERE id = ?`,
		append(p.values(), id)...)
}

// expireInvoicePayments lets payments fail that were not paid in time, if the
// dialect is such. It runs before payments are looked at.
func (s *Sandbox) expireInvoicePayments(tx *sql.Tx, dialect Dialect) error {
	if dialect.Expired != "fail" {
		return nil
	}
	_, err := tx.Exec(`UPDATE invoice_payments SET status = 'fail', status_description = '[3, -20] Expired transaction', updated_at = expires_at
		WHERE status = 'init' AND expires_at <= ?`, s.invoiceNow())
	return err
}

// expired says whether the time to pay is over.
func (p *InvoicePayment) expired(now string) bool { return p.ExpiresAt <= now }

// addInvoicePayment stores a new payment, giving it its id, status and dates.
func (s *Sandbox) addInvoicePayment(tx *sql.Tx, dialect Dialect, p InvoicePayment) (InvoicePayment, error) {
	var err error
	if p.ID, err = invoiceID(tx, dialect, "invoice_payments", invoiceFirstPayment); err != nil {
		return p, err
	}
	if dialect.RewriteDescription && p.Description != "" {
		p.Description += invoiceBranch
	}
	now := s.now().UTC().Truncate(time.Millisecond)
	p.Status = "init"
	p.CreatedAt = now.Format(invoiceTime)
	p.ExpiresAt = now.Add(s.options.LinkLifetime).Format(invoiceTime)
	return p, insertInvoicePayment(tx, p)
}

// invoiceBranch is what the answer to the guide's sample has more than the
// request (section 7.2.1).
const invoiceBranch = ", филиал №7"
