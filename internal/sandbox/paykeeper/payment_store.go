package paykeeper

import (
	"database/sql"
	"errors"
	"math"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// An invoice that has a payment's number has the payment, too, whichever way it
// came to be paid. The last statement is for files that were made before there
// were payments. Of what only PayKeeper knows, the values are made up.
const paymentSchema = `
CREATE TABLE IF NOT EXISTS paykeeper_payments (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, pay_amount TEXT NOT NULL, refund_amount TEXT NOT NULL DEFAULT '',
	clientid TEXT NOT NULL, orderid TEXT NOT NULL, payment_system_id TEXT NOT NULL, unique_id TEXT NOT NULL,
	pending_datetime TEXT NOT NULL, obtain_datetime TEXT NOT NULL, success_datetime TEXT NOT NULL,
	site_description TEXT NOT NULL, system_description TEXT NOT NULL,
	settled TEXT NOT NULL DEFAULT '', captured INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS paykeeper_refunds (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE, payment_id TEXT NOT NULL, refund_number TEXT NOT NULL, user TEXT NOT NULL,
	amount TEXT NOT NULL, remainder TEXT NOT NULL, datetime TEXT NOT NULL, status TEXT NOT NULL, refund_cart TEXT NOT NULL,
	shown_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, outcome TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS paykeeper_refunds_payment ON paykeeper_refunds (payment_id);
CREATE INDEX IF NOT EXISTS paykeeper_refunds_started ON paykeeper_refunds (ends_at) WHERE status = 'started';
CREATE VIEW IF NOT EXISTS paykeeper_paid AS
	SELECT number AS invoice, paymentid AS id, 'success' AS status, pay_amount, clientid, orderid, '1' AS payment_system_id,
		'pk-' || paymentid AS unique_id, paid_datetime AS pending_datetime, paid_datetime AS obtain_datetime,
		paid_datetime AS success_datetime, 'Оплата счёта № ' || id AS site_description, 'Банковская карта' AS system_description
	FROM paykeeper_invoices WHERE paymentid <> '';
CREATE TRIGGER IF NOT EXISTS paykeeper_paid_at_once AFTER INSERT ON paykeeper_invoices WHEN NEW.paymentid <> ''
BEGIN ` + makePayments + ` WHERE invoice = NEW.number; END;
CREATE TRIGGER IF NOT EXISTS paykeeper_paid_later AFTER UPDATE OF paymentid ON paykeeper_invoices
	WHEN NEW.paymentid <> '' AND NEW.paymentid <> OLD.paymentid
BEGIN ` + makePayments + ` WHERE invoice = NEW.number; END;
` + makePayments + ` WHERE id NOT IN (SELECT id FROM paykeeper_payments) ORDER BY invoice;`

const (
	paidColumns = `id, status, pay_amount, clientid, orderid, payment_system_id, unique_id,
		pending_datetime, obtain_datetime, success_datetime, site_description, system_description`
	makePayments = `INSERT OR IGNORE INTO paykeeper_payments (` + paidColumns + `) SELECT ` + paidColumns + ` FROM paykeeper_paid`
)

// Payment is a payment as it is stored. Its fields are those of
// /info/payments/byid/ [P].
type Payment struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	// PayAmount has two decimals. RefundAmount is the sum of the refunds that
	// are done, and "" when there are none.
	PayAmount         string `json:"pay_amount"`
	RefundAmount      string `json:"refund_amount"`
	ClientID          string `json:"clientid"`
	OrderID           string `json:"orderid"`
	PaymentSystemID   string `json:"payment_system_id"`
	UniqueID          string `json:"unique_id"`
	PendingDatetime   string `json:"pending_datetime"`
	ObtainDatetime    string `json:"obtain_datetime"`
	SuccessDatetime   string `json:"success_datetime"`
	SiteDescription   string `json:"site_description"`
	SystemDescription string `json:"system_description"`
	// Settled is the status that the payment returns to when no refund is
	// started any more. "" means that there was none yet.
	Settled string `json:"settled"`
	// Captured reports whether a held payment has been taken in part. It is then
	// held no longer.
	Captured bool `json:"captured"`
}

// Refund is a refund as it is stored. Its fields are those of
// /info/refunds/bypaymentid/ [P].
type Refund struct {
	ID        string `json:"id"`
	PaymentID string `json:"payment_id"`
	// Number counts the refunds of a payment [I].
	Number string `json:"refund_number"`
	// User is the login that made it [I].
	User string `json:"user"`
	// Amount and Remainder have two decimals. Remainder is what is left of the
	// payment after the refund [I].
	Amount    string `json:"amount"`
	Remainder string `json:"remainder"`
	Datetime  string `json:"datetime"`
	// Status is started, done or failed.
	Status string `json:"status"`
	// Cart is refund_cart as it was sent.
	Cart string `json:"refund_cart"`
	// ShownAt and EndsAt say when the list shows the refund, and when it ends by
	// itself with the status Outcome. They are in milliseconds since 1970, and
	// never if it needs a person or a test. That is too large a number for many
	// readers of JSON.
	ShownAt int64  `json:"shown_at,string"`
	EndsAt  int64  `json:"ends_at,string"`
	Outcome string `json:"outcome"`
}

// never is a time that does not come.
const never = math.MaxInt64

var payments = sandbox.Table[Payment]{
	Name: "paykeeper_payments", Key: "id",
	Columns: `id, status, pay_amount, refund_amount, clientid, orderid, payment_system_id, unique_id,
		pending_datetime, obtain_datetime, success_datetime, site_description, system_description, settled, captured`,
	Fields: func(p *Payment) []any {
		return []any{&p.ID, &p.Status, &p.PayAmount, &p.RefundAmount, &p.ClientID, &p.OrderID, &p.PaymentSystemID, &p.UniqueID,
			&p.PendingDatetime, &p.ObtainDatetime, &p.SuccessDatetime, &p.SiteDescription, &p.SystemDescription, &p.Settled, &p.Captured}
	},
}

var refunds = sandbox.Table[Refund]{
	Name: "paykeeper_refunds", Key: "id",
	Columns: `id, payment_id, refund_number, user, amount, remainder, datetime, status, refund_cart, shown_at, ends_at, outcome`,
	Fields: func(r *Refund) []any {
		return []any{&r.ID, &r.PaymentID, &r.Number, &r.User, &r.Amount, &r.Remainder, &r.Datetime, &r.Status, &r.Cart,
			&r.ShownAt, &r.EndsAt, &r.Outcome}
	},
}

// settle ends refunds whose time has come. It runs before payments and refunds
// are read.
func (g *Gateway) settle(tx *sql.Tx) error {
	due, err := refunds.Select(tx, `WHERE status = 'started' AND ends_at <= ? ORDER BY ends_at, number`, g.Now().UnixMilli())
	for _, r := range due {
		err = errors.Join(err, r.end(tx, r.Outcome))
	}
	return err
}

// end ends a refund, and settles its payment. A test may have deleted the
// payment.
func (r Refund) end(tx *sql.Tx, status string) error {
	r.Status = status
	if err := refunds.Update(tx, r.ID, r); err != nil {
		return err
	}
	p, err := payments.Get(tx, r.PaymentID)
	if errors.Is(err, sandbox.ErrNotFound) {
		return nil
	}
	if err == nil && status == "done" {
		err = p.giveBack(r.Amount)
	}
	if err != nil {
		return err
	}
	started, err := p.started(tx)
	if err == nil && len(started) == 0 {
		p.Status = p.Settled
	}
	return errors.Join(err, payments.Update(tx, p.ID, p))
}

// giveBack counts a refund that is done.
func (p *Payment) giveBack(amount string) error {
	back, err := sum(p.RefundAmount, amount)
	if err != nil {
		return err
	}
	paid, err := sum(p.PayAmount)
	p.RefundAmount, p.Settled = back.StringFixed(2), "partially_refunded"
	if back.GreaterThanOrEqual(paid) {
		p.Settled = "refunded"
	}
	return err
}

// started are the amounts of the refunds that have not ended.
func (p *Payment) started(tx *sql.Tx) ([]string, error) {
	return sandbox.Column[string](tx, `SELECT amount FROM paykeeper_refunds WHERE payment_id = ? AND status = 'started'`, p.ID)
}

// left is what can still be given back.
func (p *Payment) left(tx *sql.Tx) (decimal.Decimal, error) {
	started, err := p.started(tx)
	if err != nil {
		return decimal.Zero, err
	}
	gone, err := sum(append(started, p.RefundAmount)...)
	if err != nil {
		return decimal.Zero, err
	}
	paid, err := sum(p.PayAmount)
	return paid.Sub(gone), err
}

// sum adds up stored amounts, of which "" is nothing.
func sum(amounts ...string) (total decimal.Decimal, err error) {
	for _, text := range amounts {
		if text == "" {
			continue
		}
		amount, err := decimal.NewFromString(text)
		if err != nil {
			return total, err
		}
		total = total.Add(amount)
	}
	return total, nil
}
