package p2p

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// An invoice is stored as JSON, with columns to find it by. Sums are TEXT.
// Times are TEXT in timeFormat and UTC, which sorts. next_at is when an open
// invoice changes by itself. requisite is the number of its deal's requisites,
// and 0 without a deal.
const schema = `
CREATE TABLE IF NOT EXISTS p2p_invoices (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE, internal_id TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL,
	amount TEXT NOT NULL, currency TEXT NOT NULL, next_at TEXT NOT NULL, requisite INTEGER NOT NULL, data TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS p2p_invoices_internal_id ON p2p_invoices (internal_id);
CREATE INDEX IF NOT EXISTS p2p_invoices_status ON p2p_invoices (status);`

// timeFormat is 2024-11-04T13:55:45+00:00 (document, sample answer), in UTC.
const timeFormat = "2006-01-02T15:04:05-07:00"

func (g *Gateway) now() string { return g.Now().UTC().Format(timeFormat) }

// Invoice is an invoice as it is stored. What was not sent is "". Its JSON has the
// names of the API.
type Invoice struct {
	// ID is a UUID.
	ID         string `json:"id"`
	InternalID string `json:"internalId"`
	UserID     string `json:"userId"`
	// Type is "in" or "out"; Status new, paid, canceled, expired or dispute.
	Type   string `json:"type"`
	Status string `json:"status"`
	// Amount is the sum to pay, with two decimals such as "1000.00". With a
	// MaxAmount it may be more than RequestedAmount.
	Amount          string `json:"amount"`
	RequestedAmount string `json:"requestedAmount"`
	MaxAmount       string `json:"maxAmount"`
	Currency        string `json:"currency"`
	PaymentMethod   string `json:"paymentMethod"`
	PaymentOption   string `json:"paymentOption"`
	// PaymentRequisites are where a payout goes, and nil if none were sent.
	PaymentRequisites   *Requisites `json:"paymentRequisites"`
	NotificationURL     string      `json:"notificationUrl"`
	NotificationToken   string      `json:"notificationToken"`
	StartDeal           bool        `json:"startDeal"`
	AllowMatching       bool        `json:"allowMatching"`
	CrossBorderCurrency string      `json:"crossBorderCurrency"`
	// These are not in the document [V].
	StrictlySingleTransfer   bool   `json:"strictlySingleTransfer"`
	CrossBorderRequisiteType string `json:"crossBorderRequisiteType"`
	SuccessURL               string `json:"successUrl"`
	CancelURL                string `json:"cancelUrl"`
	ReceivedFromTaker        *Sum   `json:"receivedSumFromTaker"`
	ReceivedFromMaker        *Sum   `json:"receivedSumFromMaker"`
	ServiceFee               *Sum   `json:"serviceFeeSum"`
	Payout                   *Sum   `json:"payoutSum"`
	CreatedAt                string `json:"createdAt"`
	ExpireAt                 string `json:"expireAt"`
	UpdatedAt                string `json:"updatedAt"`
	Deals                    []Deal `json:"deals"`
	// Base is the address of the sandbox at the creation of the invoice. Links
	// in notifications start with it.
	Base string `json:"base"`
}

// Requisites are where to send money.
type Requisites struct {
	Requisites string `json:"requisites"`
	Holder     string `json:"holder"`
}

// Sum is a sum of money. Subunit is the number of decimals of Amount.
type Sum struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
	Subunit  int    `json:"subunit"`
}

// Deal is a deal of an invoice. It reserves the requisites of a person.
type Deal struct {
	ID string `json:"id"`
	// Status is transfer_waiting, transfer_confirmed [P] or canceled [?].
	Status        string     `json:"status"`
	PaymentMethod string     `json:"paymentMethod"`
	PaymentOption string     `json:"paymentOption"`
	Requisites    Requisites `json:"requisites"`
	// Number is the number of the requisites, from 1.
	Number int `json:"number"`
	// CanceledAt is when the deal ends if nothing was paid.
	CanceledAt string `json:"canceledAt"`
	Rate       string `json:"rate"`
	QRCodeLink string `json:"qrCodeLink"`
	IsActive   bool   `json:"isActive"`
	// DisputeReason and DisputeAttachment are "" without a dispute.
	DisputeReason     string `json:"disputeReason"`
	DisputeAttachment string `json:"disputeAttachment"`
	// DisputeAmount is what was paid, in a dispute about the sum.
	DisputeAmount string `json:"disputeAmount"`
}

// activeDeal is the deal that waits for a transfer, and nil if there is none.
func (i *Invoice) activeDeal() *Deal {
	for n := range i.Deals {
		if i.Deals[n].IsActive {
			return &i.Deals[n]
		}
	}
	return nil
}

var invoices = sandbox.Table[Invoice]{
	Name: "p2p_invoices", Key: "id",
	Columns: `id, internal_id, type, status, amount, currency, next_at, requisite, data`,
	Fields: func(i *Invoice) []any {
		next, requisite := i.ExpireAt, 0
		if deal := i.activeDeal(); deal != nil {
			next, requisite = min(next, deal.CanceledAt), deal.Number
		}
		copied := *i
		return []any{&copied.ID, &copied.InternalID, &copied.Type, &copied.Status, &copied.Amount, &copied.Currency, &next, &requisite, storedInvoice{i}}
	},
}

// storedInvoice writes and reads the column data.
type storedInvoice struct{ *Invoice }

// Value implements driver.Valuer.
func (i storedInvoice) Value() (driver.Value, error) {
	data, err := json.Marshal(i.Invoice)
	return string(data), err
}

// Scan implements sql.Scanner.
func (i storedInvoice) Scan(value any) error {
	data, ok := value.(string)
	if !ok {
		return fmt.Errorf("an invoice is stored as %T", value)
	}
	if strings.HasPrefix(data, `{"ID":`) {
		data = olderNames.Replace(data)
	}
	return json.Unmarshal([]byte(data), i.Invoice)
}

// olderNames are those that older versions have stored, where they are others
// than in capitals only. A quote inside a value would be escaped.
var olderNames = strings.NewReplacer(`"ReceivedFromTaker":`, `"receivedSumFromTaker":`, `"ReceivedFromMaker":`, `"receivedSumFromMaker":`,
	`"ServiceFee":`, `"serviceFeeSum":`, `"Payout":`, `"payoutSum":`)

// transactAndNotify runs work in one transaction, in which the merchants of the
// invoices whose status has changed are notified.
func (g *Gateway) transactAndNotify(work func(tx *sql.Tx, changed *[]Invoice) error) error {
	return g.Transact(func(tx *sql.Tx) error {
		var changed []Invoice
		if err := work(tx, &changed); err != nil {
			return err
		}
		return g.notify(tx, changed)
	})
}

// sweep lets open invoices expire and deals end when their time has come. It
// runs before invoices are read. It also runs now and then by itself, because
// an expiry is notified.
func (g *Gateway) sweep() error {
	return g.transactAndNotify(func(tx *sql.Tx, changed *[]Invoice) error {
		now := g.now()
		due, err := invoices.Select(tx, `WHERE status = 'new' AND next_at <= ? ORDER BY number`, now)
		if err != nil {
			return err
		}
		for _, i := range due {
			if i.ExpireAt <= now {
				i.become("expired", i.ExpireAt)
				*changed = append(*changed, i)
			} else if deal := i.activeDeal(); deal != nil {
				i.UpdatedAt = deal.CanceledAt
				deal.Status, deal.IsActive = "canceled", false
			}
			if err := invoices.Update(tx, i.ID, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// setStatus gives an invoice another status, if allowed agrees, and notifies
// the merchant.
func (g *Gateway) setStatus(id, status string, allowed func(*Invoice) bool) error {
	if err := g.sweep(); err != nil {
		return err
	}
	return g.transactAndNotify(func(tx *sql.Tx, changed *[]Invoice) error {
		i, err := invoices.Get(tx, id)
		if err != nil || i.Status == status || !allowed(&i) {
			return err
		}
		i.become(status, g.now())
		*changed = append(*changed, i)
		return invoices.Update(tx, id, i)
	})
}

// SetStatus gives an invoice any status, which need not be a known one, and
// notifies the merchant of a change. A paid invoice gets its sums, and its deal
// is confirmed.
func (g *Gateway) SetStatus(id, status string) error {
	if err := g.setStatus(id, status, func(*Invoice) bool { return true }); err != nil {
		return fmt.Errorf("set the status of P2P invoice %s: %w", id, err)
	}
	return nil
}
