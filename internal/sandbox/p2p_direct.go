package sandbox

import (
	"database/sql"
	"fmt"
)

// Direct access to the state of the merchant invoices API, for tests.

// P2PInvoices are all invoices, oldest first.
func (s *Sandbox) P2PInvoices() ([]P2PInvoice, error) {
	if err := s.sweepP2P(); err != nil {
		return nil, err
	}
	var all []P2PInvoice
	err := s.transact(func(tx *sql.Tx) (err error) {
		all, err = collect(tx, scanP2PInvoice, `SELECT data FROM p2p_invoices ORDER BY number`)
		return err
	})
	return all, err
}

func (s *Sandbox) p2pInvoice(id string) (P2PInvoice, error) {
	if err := s.sweepP2P(); err != nil {
		return P2PInvoice{}, err
	}
	var i P2PInvoice
	err := s.transact(func(tx *sql.Tx) (err error) {
		i, err = findP2PInvoice(tx, `WHERE id = ?`, id)
		return err
	})
	return i, err
}

// moveP2PInvoice gives an invoice another status, if allowed agrees, and tells
// the merchant.
func (s *Sandbox) moveP2PInvoice(id, status string, allowed func(*P2PInvoice) bool) error {
	if err := s.sweepP2P(); err != nil {
		return err
	}
	var changed []P2PInvoice
	err := s.transact(func(tx *sql.Tx) error {
		i, err := findP2PInvoice(tx, `WHERE id = ?`, id)
		if err != nil || i.Status == status || !allowed(&i) {
			return err
		}
		i.become(status, s.p2pNow())
		changed = append(changed, i)
		return updateP2PInvoice(tx, id, i)
	})
	if err == nil {
		s.notifyP2P(changed...)
	}
	return err
}

// SetP2PInvoiceStatus gives an invoice any status, also ones that are not
// known, and tells the merchant if it is another one. One made paid has its
// sums, and its deal is confirmed.
func (s *Sandbox) SetP2PInvoiceStatus(id, status string) error {
	if err := s.moveP2PInvoice(id, status, func(*P2PInvoice) bool { return true }); err != nil {
		return fmt.Errorf("set the status of P2P invoice %s: %w", id, err)
	}
	return nil
}

// UpdateP2PInvoice changes an invoice behind the API's back. The merchant is
// not told. It is not atomic, so that change may call the sandbox.
func (s *Sandbox) UpdateP2PInvoice(id string, change func(*P2PInvoice)) error {
	i, err := s.p2pInvoice(id)
	if err == nil {
		change(&i)
		err = s.transact(func(tx *sql.Tx) error { return updateP2PInvoice(tx, id, i) })
	}
	if err != nil {
		return fmt.Errorf("update P2P invoice %s: %w", id, err)
	}
	return nil
}

// DeleteP2PInvoice removes an invoice without a trace.
func (s *Sandbox) DeleteP2PInvoice(id string) error {
	return s.exec("delete P2P invoice", id, `DELETE FROM p2p_invoices WHERE id = ?`, id)
}
