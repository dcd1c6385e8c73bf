package sandbox

import (
	"database/sql"
	"errors"
	"fmt"
)

// Direct access to the Invoice API's state, for tests: to see what was stored,
// and to change at the gateway what its API cannot change. Errors say what was
// asked for; a missing object is an error.

// InvoiceTerminals are all terminals, oldest first.
func (s *Sandbox) InvoiceTerminals() ([]InvoiceTerminal, error) {
	return listInvoice(s, scanInvoiceTerminal, selectInvoiceTerminals)
}

// InvoicePayments are all payments, oldest first.
func (s *Sandbox) InvoicePayments() ([]InvoicePayment, error) {
	return listInvoice(s, scanInvoicePayment, selectInvoicePayments)
}

// InvoiceRefunds are all refunds, oldest first.
func (s *Sandbox) InvoiceRefunds() ([]InvoiceRefund, error) {
	return listInvoice(s, scanInvoiceRefund, selectInvoiceRefunds)
}

func listInvoice[T any](s *Sandbox, scan func(scanner) (T, error), query string) ([]T, error) {
	var all []T
	err := s.transact(func(tx *sql.Tx) (err error) {
		if err := s.expireInvoicePayments(tx, s.currentDialect()); err != nil {
			return err
		}
		all, err = collect(tx, scan, query+`ORDER BY number`)
		return err
	})
	return all, err
}

func (s *Sandbox) invoicePayment(id string) (InvoicePayment, error) {
	var p InvoicePayment
	err := s.transact(func(tx *sql.Tx) (err error) {
		if err := s.expireInvoicePayments(tx, s.currentDialect()); err != nil {
			return err
		}
		p, err = findInvoicePayment(tx, `WHERE id = ?`, id)
		return err
	})
	return p, err
}

func (s *Sandbox) invoiceTerminal(where, key string) (InvoiceTerminal, error) {
	var t InvoiceTerminal
	err := s.transact(func(tx *sql.Tx) (err error) {
		t, err = findInvoiceTerminal(tx, where, key)
		return err
	})
	return t, err
}

// exec changes one row and says what could not be done.
func (s *Sandbox) exec(what, key, query string, args ...any) error {
	err := s.transact(func(tx *sql.Tx) error { return execOne(tx, query, args...) })
	if err != nil {
		return fmt.Errorf("%s %s: %w", what, key, err)
	}
	return nil
}

// UpdateInvoiceTerminal changes the terminal with this alias behind the API's
// back. It is not atomic, so that change may call the sandbox.
func (s *Sandbox) UpdateInvoiceTerminal(alias string, change func(*InvoiceTerminal)) error {
	t, err := s.invoiceTerminal(`WHERE alias = ?`, alias)
	if err != nil {
		return fmt.Errorf("update terminal %s: %w", alias, err)
	}
	change(&t)
	return s.exec("update terminal", alias,
		`UPDATE invoice_terminals SET (`+invoiceTerminalColumns+`) = (?,?,?,?,?,?,?,?,?) WHERE alias = ?`, append(t.values(), alias)...)
}

// UpdateInvoicePayment changes the payment with this id behind the API's back.
// It is not atomic, so that change may call the sandbox.
func (s *Sandbox) UpdateInvoicePayment(id string, change func(*InvoicePayment)) error {
	p, err := s.invoicePayment(id)
	if err != nil {
		return fmt.Errorf("update payment %s: %w", id, err)
	}
	change(&p)
	if err := s.transact(func(tx *sql.Tx) error { return updateInvoicePayment(tx, id, p) }); err != nil {
		return fmt.Errorf("update payment %s: %w", id, err)
	}
	return nil
}

// SetInvoicePaymentStatus gives a payment any status, also ones the guide does
// not list, with its description and a new update_date.
func (s *Sandbox) SetInvoicePaymentStatus(id, status, description string) error {
	return s.exec("set the status of payment", id,
		`UPDATE invoice_payments SET status = ?, status_description = ?, updated_at = ? WHERE id = ?`, status, description, s.invoiceNow(), id)
}

// SetInvoiceRefundStatus gives a refund any status and a new update_date.
func (s *Sandbox) SetInvoiceRefundStatus(id, status string) error {
	return s.exec("set the status of refund", id,
		`UPDATE invoice_refunds SET status = ?, updated_at = ? WHERE id = ?`, status, s.invoiceNow(), id)
}

// DeleteInvoiceTerminal removes a terminal without a trace; its payments stay.
func (s *Sandbox) DeleteInvoiceTerminal(alias string) error {
	return s.exec("delete terminal", alias, `DELETE FROM invoice_terminals WHERE alias = ?`, alias)
}

// DeleteInvoicePayment removes a payment without a trace; its refunds stay.
func (s *Sandbox) DeleteInvoicePayment(id string) error {
	return s.exec("delete payment", id, `DELETE FROM invoice_payments WHERE id = ?`, id)
}

// DeleteInvoiceRefund removes a refund without a trace.
func (s *Sandbox) DeleteInvoiceRefund(id string) error {
	return s.exec("delete refund", id, `DELETE FROM invoice_refunds WHERE id = ?`, id)
}

// IsNotFound says whether err means that direct access met no such object.
func IsNotFound(err error) bool { return errors.Is(err, errNotFound) }
