package sandbox

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
)

// An invoice is kept as JSON, beside the fields it is found by. Sums are TEXT;
// times are TEXT in p2pTime and UTC, which sorts. next_at is when something
// happens to an open invoice by itself; requisite is the number of the
// requisites that its deal holds, 0 if none.
const p2pSchema = `
CREATE TABLE IF NOT EXISTS p2p_invoices (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE, internal_id TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
	amount TEXT NOT NULL, currency TEXT NOT NULL, next_at TEXT NOT NULL, requisite INTEGER NOT NULL, data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS p2p_invoices_internal_id ON p2p_invoices (internal_id);
CREATE INDEX IF NOT EXISTS p2p_invoices_status ON p2p_invoices (status);`

// p2pTime is 2024-11-04T13:55:45+00:00 (document, sample answer), in UTC.
const p2pTime = "2006-01-02T15:04:05-07:00"

func (s *Sandbox) p2pNow() string { return s.now().UTC().Format(p2pTime) }

// P2PInvoice is an invoice as it is stored. What was not sent is "".
type P2PInvoice struct {
	// ID is a UUID.
	ID, InternalID, UserID string
	// Type is "in" or "out"; Status new, paid, canceled, expired or dispute.
	Type, Status string
	// Amount is the sum to pay, with two decimals such as "1000.00". It is
	// more than RequestedAmount if MaxAmount let the gateway make it unique.
	Amount, RequestedAmount, MaxAmount, Currency string
	PaymentMethod, PaymentOption                 string
	// PaymentRequisites are where a payout goes; nil if none were sent.
	PaymentRequisites                    *P2PRequisites
	NotificationURL, NotificationToken   string
	StartDeal, AllowMatching             bool
	CrossBorderCurrency                  string
	ReceivedFromTaker, ReceivedFromMaker *P2PSum
	ServiceFee, Payout                   *P2PSum
	CreatedAt, ExpireAt, UpdatedAt       string
	Deals                                []P2PDeal
	// Base is the address the sandbox had when the invoice was created, for
	// the links in notifications.
	Base string
}

// P2PRequisites are where money is sent to.
type P2PRequisites struct {
	Requisites string `json:"requisites"`
	Holder     string `json:"holder"`
}

// P2PSum is a sum of money; Subunit is how many decimals Amount has.
type P2PSum struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Subunit  int    `json:"subunit"`
}

// P2PDeal is a deal of an invoice: someone's requisites, held for it.
type P2PDeal struct {
	ID string
	// Status is transfer_waiting, transfer_confirmed [P] or canceled [?].
	Status, PaymentMethod, PaymentOption string
	Requisites                           P2PRequisites
	// Number tells requisites apart, from 1.
	Number int
	// CanceledAt is when the requisites are let go if nothing was paid.
	CanceledAt, Rate, QRCodeLink string
	IsActive                     bool
}

// activeDeal is the deal that waits for a transfer, nil if none does.
func (i *P2PInvoice) activeDeal() *P2PDeal {
	for n := range i.Deals {
		if i.Deals[n].IsActive {
			return &i.Deals[n]
		}
	}
	return nil
}

// values are those of p2pColumns.
func (i *P2PInvoice) values() ([]any, error) {
	data, err := json.Marshal(i)
	if err != nil {
		return nil, fmt.Errorf("store P2P invoice %s: %w", i.ID, err)
	}
	next, requisite := i.ExpireAt, 0
	if deal := i.activeDeal(); deal != nil {
		next, requisite = min(next, deal.CanceledAt), deal.Number
	}
	return []any{i.ID, i.InternalID, i.Type, i.Status, i.Amount, i.Currency, next, requisite, string(data)}, nil
}

const p2pColumns = `id, internal_id, type, status, amount, currency, next_at, requisite, data`

func scanP2PInvoice(row scanner) (i P2PInvoice, err error) {
	var data string
	if err = row.Scan(&data); err == nil {
		err = json.Unmarshal([]byte(data), &i)
	}
	return i, err
}

// findP2PInvoice finds the newest invoice that matches.
func findP2PInvoice(tx *sql.Tx, where, key string) (P2PInvoice, error) {
	return found(scanP2PInvoice(tx.QueryRow(`SELECT data FROM p2p_invoices `+where+` ORDER BY number DESC LIMIT 1`, key)))
}

func insertP2PInvoice(tx *sql.Tx, i P2PInvoice) error {
	values, err := i.values()
	if err == nil {
		_, err = tx.Exec(`INSERT INTO p2p_invoices (`+p2pColumns+`) VALUES (?,?,?,?,?,?,?,?,?)`, values...)
	}
	return err
}

// updateP2PInvoice stores an invoice under the id it had.
func updateP2PInvoice(tx *sql.Tx, id string, i P2PInvoice) error {
	values, err := i.values()
	if err != nil {
		return err
	}
	return execOne(tx, `UPDATE p2p_invoices SET (`+p2pColumns+`) = (?,?,?,?,?,?,?,?,?) WHERE id = ?`, append(values, id)...)
}

// sweepP2P does what time has brought: open invoices expire, and deals let go
// of their requisites. It runs before invoices are looked at, and now and then
// while nobody looks, since an expiry is told of.
func (s *Sandbox) sweepP2P() error {
	var changed []P2PInvoice
	err := s.transact(func(tx *sql.Tx) error {
		now := s.p2pNow()
		due, err := collect(tx, scanP2PInvoice, `SELECT data FROM p2p_invoices WHERE status = 'new' AND next_at <= ? ORDER BY number`, now)
		if err != nil {
			return err
		}
		for _, i := range due {
			if i.ExpireAt <= now {
				i.become("expired", i.ExpireAt)
				changed = append(changed, i)
			} else if deal := i.activeDeal(); deal != nil {
				i.UpdatedAt = deal.CanceledAt
				deal.Status, deal.IsActive = "canceled", false
			}
			if err := updateP2PInvoice(tx, i.ID, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.notifyP2P(changed...)
	}
	return err
}

// uuid makes a random UUID, version 4.
func uuid() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
