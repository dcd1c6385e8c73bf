package sandbox

import (
	"cmp"
	"database/sql"
	"fmt"
)

// Direct access to IntellectMoney's state, for tests.

// IntellectMoneyInvoices are all invoices with their transactions, oldest
// first.
func (s *Sandbox) IntellectMoneyInvoices() ([]IntellectMoneyInvoice, error) {
	var all []IntellectMoneyInvoice
	err := s.transact(func(tx *sql.Tx) (err error) {
		all, err = findIntellectMoneyInvoices(tx, `ORDER BY creation_date, id`)
		return err
	})
	return all, err
}

// AddIntellectMoneyInvoice stores an invoice, which the API cannot create, and
// answers it as it is stored. Only Amount must be set. An ID is made up; the
// state is Created, the shop and the organisation are the demo's, the dates
// are now, and nothing lies on the invoice, unless set otherwise.
// ExpirationDate, OwnerEmail, PurchaseOrderID, Rrn and the receipt stay absent.
func (s *Sandbox) AddIntellectMoneyInvoice(i IntellectMoneyInvoice) (IntellectMoneyInvoice, error) {
	err := s.transact(func(tx *sql.Tx) error {
		s.completeIntellectMoneyInvoice(&i)
		if err := insertIntellectMoneyInvoice(tx, &i); err != nil {
			return err
		}
		stored, err := findIntellectMoneyInvoice(tx, i.ID)
		i = stored
		return err
	})
	if err != nil {
		return i, fmt.Errorf("add IntellectMoney invoice %s: %w", i.ID, err)
	}
	return i, nil
}

func (s *Sandbox) completeIntellectMoneyInvoice(i *IntellectMoneyInvoice) {
	i.State = cmp.Or(i.State, "Created")
	i.Currency = cmp.Or(i.Currency, "RUB")
	i.CurrentAmount, i.SurchargeAmount = cmp.Or(i.CurrentAmount, "0.00"), cmp.Or(i.SurchargeAmount, "0.00")
	i.OriginalAmount = cmp.Or(i.OriginalAmount, i.Amount)
	i.OwnerFIO = cmp.Or(i.OwnerFIO, "  ") // three names, none known (document, sample answer)
	if i.CreationDate.IsZero() {
		i.CreationDate = s.now()
	}
	if i.ChangeDate.IsZero() {
		i.ChangeDate = i.CreationDate
	}
	i.EshopID, i.EshopName, i.EshopURL = cmp.Or(i.EshopID, DemoIntellectMoneyEshopID), cmp.Or(i.EshopName, "Магазин"), cmp.Or(i.EshopURL, "https://shop.example")
	i.OrganizationID, i.OrganizationName = cmp.Or(i.OrganizationID, DemoIntellectMoneyOrganizationID), cmp.Or(i.OrganizationName, "ООО «Зерно»")
}

func findIntellectMoneyInvoice(tx *sql.Tx, id string) (IntellectMoneyInvoice, error) {
	one, err := findIntellectMoneyInvoices(tx, `WHERE id = ?`, id)
	if err == nil && len(one) == 0 {
		err = errNotFound
	}
	if err != nil {
		return IntellectMoneyInvoice{}, err
	}
	return one[0], nil
}

// UpdateIntellectMoneyInvoice changes an invoice behind the API's back, and
// also its transactions; ChangeDate stays unless change sets it. It is not
// atomic, so that change may call the sandbox.
func (s *Sandbox) UpdateIntellectMoneyInvoice(id string, change func(*IntellectMoneyInvoice)) error {
	var i IntellectMoneyInvoice
	err := s.transact(func(tx *sql.Tx) (err error) {
		i, err = findIntellectMoneyInvoice(tx, id)
		return err
	})
	if err == nil {
		change(&i)
		err = s.transact(func(tx *sql.Tx) error { return updateIntellectMoneyInvoice(tx, id, &i) })
	}
	if err != nil {
		return fmt.Errorf("update IntellectMoney invoice %s: %w", id, err)
	}
	return nil
}

// SetIntellectMoneyInvoiceState gives an invoice any state, also ones that are
// not known, as of now. A known one brings the money on the invoice and the
// transactions that belong to it.
func (s *Sandbox) SetIntellectMoneyInvoiceState(id, state string) error {
	err := s.transact(func(tx *sql.Tx) error {
		i, err := findIntellectMoneyInvoice(tx, id)
		if err != nil {
			return err
		}
		if err := i.become(state, s.now()); err != nil {
			return err
		}
		return updateIntellectMoneyInvoice(tx, id, &i)
	})
	if err != nil {
		return fmt.Errorf("set the state of IntellectMoney invoice %s: %w", id, err)
	}
	return nil
}

// DeleteIntellectMoneyInvoice removes an invoice and its transactions without
// a trace.
func (s *Sandbox) DeleteIntellectMoneyInvoice(id string) error {
	err := s.transact(func(tx *sql.Tx) error {
		if _, err := tx.Exec(`DELETE FROM intellectmoney_transactions WHERE invoice_id = ?`, id); err != nil {
			return err
		}
		return execOne(tx, `DELETE FROM intellectmoney_invoices WHERE id = ?`, id)
	})
	if err != nil {
		return fmt.Errorf("delete IntellectMoney invoice %s: %w", id, err)
	}
	return nil
}
