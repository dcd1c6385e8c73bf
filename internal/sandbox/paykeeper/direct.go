package paykeeper

import (
	"cmp"
	"database/sql"
	"fmt"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Add stores an invoice as it is, for instance one of the past, and returns
// what is stored. Only PayAmount is required. The other defaults:
// CreatedDatetime is now, ID follows from it, Status is created, and
// ExpiryDatetime is 30 days later. A paid invoice gets a payment at the time of
// its creation.
func (g *Gateway) Add(i Invoice) (Invoice, error) {
	err := g.Transact(func(tx *sql.Tx) error {
		i.CreatedDatetime = cmp.Or(i.CreatedDatetime, g.now())
		at, err := time.ParseInLocation(timeFormat, i.CreatedDatetime, g.zone())
		if err != nil {
			return err
		}
		if i.ID == "" {
			if i.ID, _, err = freeID(tx, at); err != nil {
				return err
			}
		}
		i.Status = cmp.Or(i.Status, "created")
		i.ExpiryDatetime = cmp.Or(i.ExpiryDatetime, expiryAfter(at, lifetime))
		if i.Status == "paid" && i.PaymentID == "" {
			if err := i.pay(tx, cmp.Or(i.PaidDatetime, i.CreatedDatetime)); err != nil {
				return err
			}
		}
		return invoices.Insert(tx, i)
	})
	if err != nil {
		return i, fmt.Errorf("add PayKeeper invoice %s: %w", i.ID, err)
	}
	return i, nil
}

// Outbox returns the mails that were sent, oldest first.
func (g *Gateway) Outbox() ([]Mail, error) {
	return sandbox.NewObjects(g.Sandbox, "mail", mails, nil).All()
}

// Pay pays as a person does on the bill's page. It is an error if the page does
// not offer to pay: the invoice is expired or revoked. A paid invoice stays as
// it is.
func (g *Gateway) Pay(id string) error {
	i, err := g.pay(id)
	if err == nil && i.Status != "paid" {
		err = fmt.Errorf("its status is %s", i.Status)
	}
	if err != nil {
		return fmt.Errorf("pay PayKeeper invoice %s: %w", id, err)
	}
	return nil
}

// EndRefund ends a refund as done or failed. It is an error if the refund is not
// started.
func (g *Gateway) EndRefund(id, status string) error {
	was, err := g.endStarted(id, status)
	if err == nil && was.Status != "started" {
		err = fmt.Errorf("its status is %s", was.Status)
	}
	if err != nil {
		return fmt.Errorf("end PayKeeper refund %s: %w", id, err)
	}
	return nil
}

// ShowRefunds lets the list show all refunds that it has not shown yet.
func (g *Gateway) ShowRefunds() error {
	return g.Transact(func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE paykeeper_refunds SET shown_at = 0`)
		return err
	})
}

// Refund gives a part of a payment back, as a person does in the cabinet. The
// rules are those of the API. A held payment gives no refund.
func (g *Gateway) Refund(paymentID, amount, user string) (r Refund, err error) {
	part, err := readRefundAmount(amount)
	if err == nil {
		err = g.Transact(func(tx *sql.Tx) (err error) {
			if err := g.settle(tx); err != nil {
				return err
			}
			r, err = g.giveBack(tx, reversal{payment: paymentID, user: user, amount: part, isPartial: true})
			return err
		})
	}
	if err != nil {
		return r, fmt.Errorf("refund PayKeeper payment %s: %w", paymentID, err)
	}
	return r, nil
}

// SetStatus gives an invoice any status. The status need not be in the
// document. A paid invoice gets a payment and a time, and the merchant is notified; any other
// has none. A
// created or sent one expires again if its day has come.
func (g *Gateway) SetStatus(id, status string) error {
	return g.Invoices.UpdateInTx(id, func(tx *sql.Tx, i *Invoice) error {
		switch {
		case status != "paid":
			i.Status, i.PaymentID, i.PaidDatetime = status, "", ""
		case i.Status != "paid":
			if err := i.pay(tx, g.now()); err != nil {
				return err
			}
			return g.notify(tx, *i)
		}
		return nil
	})
}
