package sandbox

import (
	"cmp"
	"database/sql"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // for paykeeperZone
)

// Times are TEXT in paykeeperTime, which sorts. The first index holds what the
// history is filtered by, so that a page far down the list is found without
// reading what is skipped; the second is for expirePayKeeperInvoices, which
// every call begins with.
const paykeeperSchema = `
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

// paykeeperTime is YYYY-MM-DD HH:MM:SS (document, table 3.1.1), in Moscow [P].
const (
	paykeeperTime = "2006-01-02 15:04:05"
	paykeeperDate = "2006-01-02"
)

func (s *Sandbox) paykeeperNow() string { return s.now().In(s.paykeeperZone()).Format(paykeeperTime) }

// paykeeperZone is the server's. Times are stored as it writes them.
func (s *Sandbox) paykeeperZone() *time.Location {
	zone, err := time.LoadLocation(s.currentDialect().PayKeeperTimezone)
	if err != nil {
		return moscow // tzdata has them all
	}
	return zone
}

// paykeeperLifetime is how long an invoice holds whose expiry was not sent
// [?]: until the day begins that is so many days off.
const paykeeperLifetime = 30

// paykeeperFirstPayment is the number of the first payment of an invoice.
const paykeeperFirstPayment = 700001

// PayKeeperInvoice is an invoice as it is stored, with the fields of the
// document's table 3.1.1. What was not sent is "".
type PayKeeperInvoice struct {
	// ID is 17 digits, YYYYMMDDhhmmssmmm [V].
	ID string
	// Status is created, sent, paid or expired; or revoked, which the API
	// shows as the dialect has it.
	Status string
	// PayAmount has two decimals, such as "1500.00".
	PayAmount         string
	ClientID, OrderID string
	// PaymentID is the payment that paid the invoice, "" until then.
	PaymentID string
	// ServiceName is as it was sent: text, or JSON with a cart.
	ServiceName, ClientEmail, ClientPhone string
	// Times are YYYY-MM-DD HH:MM:SS in Moscow. ExpiryDatetime is the first
	// moment at which the invoice can no longer be paid; PaidDatetime is ""
	// until it is paid.
	ExpiryDatetime, CreatedDatetime, PaidDatetime string
}

// PayKeeperMail is a mail that send has sent.
type PayKeeperMail struct {
	InvoiceID, To, Subject string
	// Body is plain text; URL is the bill's page, which Body ends with.
	Body, URL string
	// SentAt is in Moscow, YYYY-MM-DD HH:MM:SS.
	SentAt string
}

const (
	paykeeperColumns = `id, status, pay_amount, clientid, orderid, paymentid, service_name, client_email, client_phone,
		expiry_datetime, created_datetime, paid_datetime`
	paykeeperMailColumns = `invoice_id, recipient, subject, body, url, sent_at`

	selectPayKeeperInvoices = `SELECT ` + paykeeperColumns + ` FROM paykeeper_invoices `
)

func (i *PayKeeperInvoice) values() []any {
	return []any{i.ID, i.Status, i.PayAmount, i.ClientID, i.OrderID, i.PaymentID, i.ServiceName, i.ClientEmail, i.ClientPhone,
		i.ExpiryDatetime, i.CreatedDatetime, i.PaidDatetime}
}

func scanPayKeeperInvoice(row scanner) (i PayKeeperInvoice, err error) {
	err = row.Scan(&i.ID, &i.Status, &i.PayAmount, &i.ClientID, &i.OrderID, &i.PaymentID, &i.ServiceName, &i.ClientEmail, &i.ClientPhone,
		&i.ExpiryDatetime, &i.CreatedDatetime, &i.PaidDatetime)
	return i, err
}

func scanPayKeeperMail(row scanner) (m PayKeeperMail, err error) {
	err = row.Scan(&m.InvoiceID, &m.To, &m.Subject, &m.Body, &m.URL, &m.SentAt)
	return m, err
}

func findPayKeeperInvoice(tx *sql.Tx, id string) (PayKeeperInvoice, error) {
	return found(scanPayKeeperInvoice(tx.QueryRow(selectPayKeeperInvoices+`WHERE id = ?`, id)))
}

func insertPayKeeperInvoice(to execer, i PayKeeperInvoice) error {
	_, err := to.Exec(`INSERT INTO paykeeper_invoices (`+paykeeperColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`, i.values()...)
	return err
}

// updatePayKeeperInvoice stores an invoice under the id it had.
func updatePayKeeperInvoice(tx *sql.Tx, id string, i PayKeeperInvoice) error {
	return execOne(tx, `UPDATE paykeeper_invoices SET (`+paykeeperColumns+`) = (?,?,?,?,?,?,?,?,?,?,?,?) WHERE id = ?`, append(i.values(), id)...)
}

func insertPayKeeperMail(tx *sql.Tx, m PayKeeperMail) error {
	_, err := tx.Exec(`INSERT INTO paykeeper_mails (`+paykeeperMailColumns+`) VALUES (?,?,?,?,?,?)`,
		m.InvoiceID, m.To, m.Subject, m.Body, m.URL, m.SentAt)
	return err
}

// expirePayKeeperInvoices lets invoices expire whose expiry day has begun in
// Moscow. It runs before invoices are looked at. That one in created expires
// like one that was sent is [I].
func (s *Sandbox) expirePayKeeperInvoices(tx *sql.Tx) error {
	_, err := tx.Exec(`UPDATE paykeeper_invoices SET status = 'expired' WHERE status IN ('created', 'sent') AND expiry_datetime <= ?`, s.paykeeperNow())
	return err
}

// addPayKeeperInvoice stores a new invoice, giving it its id, status and time.
func (s *Sandbox) addPayKeeperInvoice(tx *sql.Tx, i PayKeeperInvoice) (PayKeeperInvoice, error) {
	at := s.now().In(s.paykeeperZone())
	i.Status, i.CreatedDatetime = "created", at.Format(paykeeperTime)
	i.ExpiryDatetime = cmp.Or(i.ExpiryDatetime, paykeeperExpiry(at, paykeeperLifetime))
	// One that was deleted keeps its id.
	s.mu.Lock()
	if next := s.paykeeper.lastID.Add(time.Millisecond); at.Before(next) {
		at = next
	}
	s.mu.Unlock()
	var err error
	if i.ID, at, err = freePayKeeperID(tx, at); err != nil {
		return i, err
	}
	s.mu.Lock()
	s.paykeeper.lastID = at
	s.mu.Unlock()
	return i, insertPayKeeperInvoice(tx, i)
}

// paykeeperExpiry is the beginning of the day that is so many days off, in the zone of at.
func paykeeperExpiry(at time.Time, days int) string {
	year, month, day := at.Date()
	return time.Date(year, month, day+days, 0, 0, 0, 0, at.Location()).Format(paykeeperTime)
}

// freePayKeeperID is the id of an invoice made at that time, and the time it
// stands for: an id is a time, so of two invoices in one millisecond the
// second takes the next that is free.
func freePayKeeperID(tx *sql.Tx, at time.Time) (string, time.Time, error) {
	for {
		id := paykeeperID(at)
		var taken bool
		err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM paykeeper_invoices WHERE id = ?)`, id).Scan(&taken)
		if err != nil || !taken {
			return id, at, err
		}
		at = at.Add(time.Millisecond)
	}
}

func paykeeperID(at time.Time) string {
	return strings.ReplaceAll(at.Format("20060102150405.000"), ".", "")
}

// pay makes an invoice a paid one, by a payment of its own.
func (i *PayKeeperInvoice) pay(tx *sql.Tx, now string) error {
	var last int64
	err := tx.QueryRow(`SELECT COALESCE(MAX(CAST(paymentid AS INTEGER)), 0) FROM paykeeper_invoices`).Scan(&last)
	if err != nil {
		return err
	}
	i.Status, i.PaidDatetime, i.PaymentID = "paid", now, strconv.FormatInt(max(last+1, paykeeperFirstPayment), 10)
	return nil
}
