package sandbox

import (
	"cmp"
	"database/sql"
	"fmt"
	"time"
)

// Direct access to PayKeeper's state, for tests.

// PayKeeperInvoices are all invoices, oldest first, also revoked ones.
func (s *Sandbox) PayKeeperInvoices() ([]PayKeeperInvoice, error) {
	var all []PayKeeperInvoice
	err := s.transact(func(tx *sql.Tx) (err error) {
		if err := s.expirePayKeeperInvoices(tx); err != nil {
			return err
		}
		all, err = collect(tx, scanPayKeeperInvoice, selectPayKeeperInvoices+`ORDER BY number`)
		return err
	})
	return all, err
}

// AddPayKeeperInvoice stores an invoice as it is, such as one of the past, and
// answers it as it is stored. Only PayAmount must be set. An ID is made of
// CreatedDatetime, which is now if empty; Status is created and ExpiryDatetime
// 30 days off, unless set otherwise. A paid one gets a payment, at the time of
// its creation, unless it has one.
func (s *Sandbox) AddPayKeeperInvoice(i PayKeeperInvoice) (PayKeeperInvoice, error) {
	err := s.transact(func(tx *sql.Tx) error {
		i.CreatedDatetime = cmp.Or(i.CreatedDatetime, s.paykeeperNow())
		at, err := time.ParseInLocation(paykeeperTime, i.CreatedDatetime, s.paykeeperZone())
		if err != nil {
			return err
		}
		if i.ID == "" {
			if i.ID, _, err = freePayKeeperID(tx, at); err != nil {
				return err
			}
		}
		i.Status = cmp.Or(i.Status, "created")
		i.ExpiryDatetime = cmp.Or(i.ExpiryDatetime, paykeeperExpiry(at, paykeeperLifetime))
		if i.Status == "paid" && i.PaymentID == "" {
			if err := i.pay(tx, cmp.Or(i.PaidDatetime, i.CreatedDatetime)); err != nil {
				return err
			}
		}
		return insertPayKeeperInvoice(tx, i)
	})
	if err != nil {
		return i, fmt.Errorf("add PayKeeper invoice %s: %w", i.ID, err)
	}
	return i, nil
}

// PayKeeperOutbox are the mails that were sent, oldest first.
func (s *Sandbox) PayKeeperOutbox() ([]PayKeeperMail, error) {
	var all []PayKeeperMail
	err := s.transact(func(tx *sql.Tx) (err error) {
		all, err = collect(tx, scanPayKeeperMail, `SELECT `+paykeeperMailColumns+` FROM paykeeper_mails ORDER BY number`)
		return err
	})
	return all, err
}

func (s *Sandbox) paykeeperInvoice(id string) (PayKeeperInvoice, error) {
	var i PayKeeperInvoice
	err := s.transact(func(tx *sql.Tx) (err error) {
		if err := s.expirePayKeeperInvoices(tx); err != nil {
			return err
		}
		i, err = findPayKeeperInvoice(tx, id)
		return err
	})
	return i, err
}

// payPayKeeper pays an invoice that can be paid. Any other is answered as it
// is, and nothing changes. So paying twice is paying once.
func (s *Sandbox) payPayKeeper(id string) (PayKeeperInvoice, error) {
	var i PayKeeperInvoice
	err := s.transact(func(tx *sql.Tx) (err error) {
		if err := s.expirePayKeeperInvoices(tx); err != nil {
			return err
		}
		if i, err = findPayKeeperInvoice(tx, id); err != nil || !i.payable() {
			return err
		}
		if err := i.pay(tx, s.paykeeperNow()); err != nil {
			return err
		}
		return updatePayKeeperInvoice(tx, id, i)
	})
	return i, err
}

// payable says whether the bill's page takes money. It does for created ones,
// whose address a shop may give to its client itself (document, section 3.4).
func (i *PayKeeperInvoice) payable() bool { return i.Status == "created" || i.Status == "sent" }

// PayPayKeeperInvoice pays like a person on the bill's page. It is an error
// when the page would not have let them: the invoice is expired or revoked.
// Paying a paid one changes nothing.
func (s *Sandbox) PayPayKeeperInvoice(id string) error {
	i, err := s.payPayKeeper(id)
	if err == nil && i.Status != "paid" {
		err = fmt.Errorf("its status is %s", i.Status)
	}
	if err != nil {
		return fmt.Errorf("pay PayKeeper invoice %s: %w", id, err)
	}
	return nil
}

// SetPayKeeperInvoiceStatus gives an invoice any status, also ones the
// document does not list. One made paid gets a payment and a time; any other
// has none. One made created or sent expires again if its day has come.
func (s *Sandbox) SetPayKeeperInvoiceStatus(id, status string) error {
	err := s.transact(func(tx *sql.Tx) error {
		i, err := findPayKeeperInvoice(tx, id)
		switch {
		case err != nil:
			return err
		case status != "paid":
			i.Status, i.PaymentID, i.PaidDatetime = status, "", ""
		case i.Status != "paid":
			if err := i.pay(tx, s.paykeeperNow()); err != nil {
				return err
			}
		}
		return updatePayKeeperInvoice(tx, id, i)
	})
	if err != nil {
		return fmt.Errorf("set the status of PayKeeper invoice %s: %w", id, err)
	}
	return nil
}

// UpdatePayKeeperInvoice changes an invoice behind the API's back. It is not
// atomic, so that change may call the sandbox.
func (s *Sandbox) UpdatePayKeeperInvoice(id string, change func(*PayKeeperInvoice)) error {
	i, err := s.paykeeperInvoice(id)
	if err == nil {
		change(&i)
		err = s.transact(func(tx *sql.Tx) error { return updatePayKeeperInvoice(tx, id, i) })
	}
	if err != nil {
		return fmt.Errorf("update PayKeeper invoice %s: %w", id, err)
	}
	return nil
}

// DeletePayKeeperInvoice removes an invoice without a trace; its mails stay.
func (s *Sandbox) DeletePayKeeperInvoice(id string) error {
	return s.exec("delete PayKeeper invoice", id, `DELETE FROM paykeeper_invoices WHERE id = ?`, id)
}
