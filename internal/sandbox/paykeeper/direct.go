package paykeeper

import (
	"cmp"
	"database/sql"
	"fmt"
	"time"
)

// Add stores an invoice as it is, such as one of the past, and answers it as it
// is stored. Only PayAmount must be set. An ID is made of CreatedDatetime, which
// is now if empty; Status is created and ExpiryDatetime 30 days off, unless set
// otherwise. A paid one gets a payment, at the time of its creation, unless it
// has one.
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

// Outbox are the mails that were sent, oldest first.
func (g *Gateway) Outbox() (all []Mail, err error) {
	err = g.Transact(func(tx *sql.Tx) (err error) {
		all, err = mails.All(tx)
		return err
	})
	return all, err
}

// Pay pays like a person on the bill's page. It is an error when the page would
// not have let them: the invoice is expired or revoked. Paying a paid one
// changes nothing.
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

// SetStatus gives an invoice any status, also ones the document does not list.
// One made paid gets a payment and a time; any other has none. One made created
// or sent expires again if its day has come.
func (g *Gateway) SetStatus(id, status string) error {
	return g.Invoices.Set(id, func(tx *sql.Tx, i *Invoice) error {
		switch {
		case status != "paid":
			i.Status, i.PaymentID, i.PaidDatetime = status, "", ""
		case i.Status != "paid":
			return i.pay(tx, g.now())
		}
		return nil
	})
}
