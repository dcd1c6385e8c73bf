package paykeeper

import (
	"cmp"
	"database/sql"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // for zone

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Times are TEXT in timeFormat, which sorts. The first index has all that the
// history filters by: so a page far down the list is found without reading the
// rows before it. The second index is for expire, which runs before every call.
const schema = `
CREATE TABLE IF NOT EXISTS paykeeper_invoices (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, pay_amount TEXT NOT NULL,
	clientid TEXT NOT NULL, orderid TEXT NOT NULL, paymentid TEXT NOT NULL, service_name TEXT NOT NULL,
	client_email TEXT NOT NULL, client_phone TEXT NOT NULL,
	expiry_datetime TEXT NOT NULL, created_datetime TEXT NOT NULL, paid_datetime TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS paykeeper_invoices_created ON paykeeper_invoices (created_datetime, number, status);
CREATE INDEX IF NOT EXISTS paykeeper_invoices_open ON paykeeper_invoices (expiry_datetime) WHERE status IN ('created', 'sent');
CREATE TABLE IF NOT EXISTS paykeeper_mails (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	invoice_id TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL,
	body TEXT NOT NULL, url TEXT NOT NULL, sent_at TEXT NOT NULL
);`

// timeFormat is YYYY-MM-DD HH:MM:SS (document, table 3.1.1), in Moscow [P].
const (
	timeFormat = "2006-01-02 15:04:05"
	dateFormat = "2006-01-02"
)

func (g *Gateway) now() string { return g.Now().In(g.zone()).Format(timeFormat) }

// zone is the zone of the server. Times are stored in it.
func (g *Gateway) zone() *time.Location {
	zone, err := time.LoadLocation(g.Value(timezone))
	if err != nil {
		return sandbox.Moscow // tzdata has all of them
	}
	return zone
}

// lifetime is how many days an invoice can be paid whose expiry was not sent
// [?].
const lifetime = 30

// firstPayment is the number of the first payment of an invoice.
const firstPayment = 700001

// Invoice is an invoice as it is stored, with the fields of the
// document's table 3.1.1. What was not sent is "".
type Invoice struct {
	// ID is 17 digits, YYYYMMDDhhmmssmmm [V].
	ID string `json:"id"`
	// Status is created, sent, paid, expired or revoked. The dialect decides
	// how the API shows a revoked invoice.
	Status string `json:"status"`
	// PayAmount has two decimals, such as "1500.00".
	PayAmount string `json:"pay_amount"`
	ClientID  string `json:"clientid"`
	OrderID   string `json:"orderid"`
	// PaymentID is the payment that paid the invoice, and "" before.
	PaymentID string `json:"paymentid"`
	// ServiceName is as it was sent: text, or JSON with a cart.
	ServiceName string `json:"service_name"`
	ClientEmail string `json:"client_email"`
	ClientPhone string `json:"client_phone"`
	// Times are YYYY-MM-DD HH:MM:SS in Moscow. ExpiryDatetime is the first
	// moment at which the invoice can no longer be paid. PaidDatetime is ""
	// until it is paid.
	ExpiryDatetime  string `json:"expiry_datetime"`
	CreatedDatetime string `json:"created_datetime"`
	PaidDatetime    string `json:"paid_datetime"`
}

// Mail is a mail about an invoice.
type Mail struct {
	InvoiceID string `json:"invoice_id"`
	To        string `json:"to"`
	Subject   string `json:"subject"`
	// Body is plain text, which ends with URL, the page of the bill.
	Body string `json:"body"`
	URL  string `json:"url"`
	// SentAt is in Moscow, YYYY-MM-DD HH:MM:SS.
	SentAt string `json:"sent_at"`
}

var invoices = sandbox.Table[Invoice]{
	Name: "paykeeper_invoices", Key: "id",
	Columns: `id, status, pay_amount, clientid, orderid, paymentid, service_name, client_email, client_phone,
		expiry_datetime, created_datetime, paid_datetime`,
	Fields: func(i *Invoice) []any {
		return []any{&i.ID, &i.Status, &i.PayAmount, &i.ClientID, &i.OrderID, &i.PaymentID, &i.ServiceName, &i.ClientEmail, &i.ClientPhone,
			&i.ExpiryDatetime, &i.CreatedDatetime, &i.PaidDatetime}
	},
}

var mails = sandbox.Table[Mail]{
	Name: "paykeeper_mails", Key: "number",
	Columns: `invoice_id, recipient, subject, body, url, sent_at`,
	Fields:  func(m *Mail) []any { return []any{&m.InvoiceID, &m.To, &m.Subject, &m.Body, &m.URL, &m.SentAt} },
}

// expire lets invoices expire whose expiry day has begun. It runs before
// invoices are read. That created invoices expire like sent ones is [I].
func (g *Gateway) expire(tx *sql.Tx) error {
	_, err := tx.Exec(`UPDATE paykeeper_invoices SET status = 'expired' WHERE status IN ('created', 'sent') AND expiry_datetime <= ?`, g.now())
	return err
}

// add stores a new invoice with an id, status and time.
func (g *Gateway) add(tx *sql.Tx, i Invoice) (Invoice, error) {
	at := g.Now().In(g.zone())
	i.Status, i.CreatedDatetime = "created", at.Format(timeFormat)
	i.ExpiryDatetime = cmp.Or(i.ExpiryDatetime, expiryAfter(at, lifetime))
	// The id of a deleted invoice is not used again.
	g.mu.Lock()
	defer g.mu.Unlock()
	if next := g.lastID.Add(time.Millisecond); at.Before(next) {
		at = next
	}
	var err error
	if i.ID, g.lastID, err = freeID(tx, at); err != nil {
		return i, err
	}
	return i, invoices.Insert(tx, i)
}

// expiryAfter is the beginning of the day that is so many days after at.
func expiryAfter(at time.Time, days int) string {
	year, month, day := at.Date()
	return time.Date(year, month, day+days, 0, 0, 0, 0, at.Location()).Format(timeFormat)
}

// freeID is the id of an invoice that is made at this time, and the time of
// that id. An id is a time in milliseconds: if it is taken, the next free one
// is used.
func freeID(tx *sql.Tx, at time.Time) (string, time.Time, error) {
	for {
		id := idOf(at)
		var taken bool
		err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM paykeeper_invoices WHERE id = ?)`, id).Scan(&taken)
		if err != nil || !taken {
			return id, at, err
		}
		at = at.Add(time.Millisecond)
	}
}

func idOf(at time.Time) string {
	return strings.ReplaceAll(at.Format("20060102150405.000"), ".", "")
}

// pay marks an invoice as paid, by a new payment.
func (i *Invoice) pay(tx *sql.Tx, now string) error {
	payment, err := nextPayment(tx)
	i.Status, i.PaidDatetime, i.PaymentID = "paid", now, strconv.FormatInt(payment, 10)
	return err
}

// nextPayment is the number of the next payment. That of a deleted payment is
// not used again while its invoice is there, nor the other way round.
func nextPayment(tx *sql.Tx) (int64, error) {
	var last int64
	err := tx.QueryRow(`SELECT COALESCE(MAX(last), 0) FROM (SELECT MAX(CAST(paymentid AS INTEGER)) AS last FROM paykeeper_invoices
		UNION ALL SELECT MAX(CAST(id AS INTEGER)) FROM paykeeper_payments)`).Scan(&last)
	return max(last+1, firstPayment), err
}
