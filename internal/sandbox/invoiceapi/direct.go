package invoiceapi

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Pay pays as a person does on the payment page. TestCard succeeds.
// DeclinedCard and unknown numbers make the payment fail, which is no error
// here. It is an error if the page does not offer to pay: the payment is
// closed, failed or out of time. A paid payment stays as it is.
func (g *Gateway) Pay(id, number string) error {
	before, err := g.Payments.Get(id)
	if err != nil {
		return err
	}
	after, err := g.pay(id, testCard(number))
	switch {
	case err != nil:
		return fmt.Errorf("pay payment %s: %w", id, err)
	case after.Status == "successful":
		return nil
	case before.Status != "init":
		return fmt.Errorf("pay payment %s: its status is %s", id, before.Status)
	case after.Status == "init":
		return fmt.Errorf("pay payment %s: it ran out at %s", id, before.ExpiresAt)
	}
	return nil
}

// SetPaymentStatus gives a payment any status, with its description and a new
// update_date. The status need not be in the guide. The merchant is notified of a
// change to successful or fail.
func (g *Gateway) SetPaymentStatus(id, status, description string) error {
	return g.Payments.UpdateInTx(id, func(tx *sql.Tx, p *Payment) error {
		hasChanged := p.Status != status
		p.Status, p.StatusDescription, p.UpdatedAt = status, description, g.now()
		if !hasChanged {
			return nil
		}
		return g.notifyPayment(tx, *p)
	})
}

// SetRefundStatus gives a refund any status and a new update_date. The
// merchant is notified of a change to successful.
func (g *Gateway) SetRefundStatus(id, status string) error {
	return g.Refunds.UpdateInTx(id, func(tx *sql.Tx, r *Refund) error {
		hasChanged := r.Status != status
		r.Status, r.UpdatedAt = status, g.now()
		p, err := payments.Find(tx, "id", r.PaymentID)
		if errors.Is(err, sandbox.ErrNotFound) || !hasChanged {
			return nil
		}
		if err != nil {
			return err
		}
		return g.notifyRefund(tx, *r, p)
	})
}
