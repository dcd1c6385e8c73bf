package invoiceapi

import (
	"cmp"
	"database/sql"
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// getPayment is GetPayment (guide, section 7.2.4).
func (c *call) getPayment() (any, error) {
	p, err := c.paymentByID()
	if err != nil {
		return nil, err
	}
	return c.paymentAnswer(c.spelled(p)), nil
}

// spelled is a payment as a look-up shows it. The script of the gateway may not
// keep texts as they were sent.
func (c *call) spelled(p Payment) Payment {
	if c.Is(spelling, "php") {
		p.Currency = strings.ToLower(p.Currency)
		if shorter := strings.TrimLeft(p.OrderID, "0"); shorter != "" && strings.Trim(shorter, "0123456789") == "" {
			p.OrderID = shorter
		}
	}
	return p
}

// paymentByID finds the payment with the id of the request.
func (c *call) paymentByID() (Payment, error) {
	id := c.id("id", codeOther, sandbox.Required, 0)
	if err := c.rules.err(); err != nil {
		return Payment{}, err
	}
	p, err := payments.Find(c.tx, "id", id)
	return p, missing(err, codeOther, "id", "Платёж не найден")
}

// getPaymentByOrder is GetPaymentByOrder (guide, section 7.2.5). If an order
// has several payments, the newest one is returned [?].
func (c *call) getPaymentByOrder() (any, error) {
	id := c.id("id", codeOrderID, sandbox.Required, c.rules.maxOrderID())
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	p, err := payments.Find(c.tx, "order_id", id)
	if err != nil {
		return nil, missing(err, codeOrderID, "id", "Платёж по заказу не найден")
	}
	return c.paymentAnswer(c.spelled(p)), nil
}

// closePayment is ClosePayment (guide, section 7.2.6).
func (c *call) closePayment() (any, error) {
	p, err := c.paymentByID()
	if err != nil {
		return nil, err
	}
	if p, err = c.close(c.tx, p); err != nil {
		return nil, err
	}
	p.Status = c.Value(closedAnswer)
	return c.paymentAnswer(p), nil
}

// close closes a payment. A closed payment can be closed again, and a successful
// one cannot be closed [P]. A failed one cannot be closed either [?]. One in init
// can be closed, even if its time is over.
func (g *Gateway) close(tx *sql.Tx, p Payment) (Payment, error) {
	switch p.Status {
	case "closed":
		return p, nil
	case "init":
		p.Status, p.UpdatedAt = "closed", g.now()
		return p, payments.Update(tx, p.ID, p)
	case "successful":
		return p, refuse(codeOther, "id", "Оплаченный платёж нельзя отменить")
	}
	return p, refuse(codeOther, "id", "Платёж в статусе "+p.Status+" нельзя отменить")
}

// pay pays a payment if it can be paid. Otherwise nothing changes, and the
// payment is returned as it is. So paying twice is paying once.
func (g *Gateway) pay(id string, with card) (p Payment, err error) {
	if err := g.expire(); err != nil {
		return p, err
	}
	err = g.Transact(func(tx *sql.Tx) (err error) {
		now := g.now()
		if p, err = payments.Get(tx, id); err != nil || !p.payable(now) {
			return err
		}
		p.Status, p.StatusDescription, p.UpdatedAt = "successful", "", now
		decline := with.decline()
		if g.IsDeclined(payOperation) {
			decline = "[2, 5] Transaction declined"
		}
		if decline != "" {
			p.Status, p.StatusDescription = "fail", decline
		}
		p.Account, p.PaymentMethod = with.masked(), cmp.Or(p.PaymentMethod, "card")
		if err := payments.Update(tx, id, p); err != nil {
			return err
		}
		return g.notifyPayment(tx, p)
	})
	return p, err
}

// createRefund is CreateRefund (guide, section 7.2.7). Only a paid payment can
// be refunded, in its own currency. All its refunds together must not exceed
// its amount [I].
func (c *call) createRefund() (any, error) {
	id := c.id("id", codeOther, sandbox.Required, 0)
	refund := c.object("refund", sandbox.Required)
	r := Refund{
		Currency:  refund.oneOf("currency", codeCurrency, "RUB", "USD", "EUR"),
		Amount:    refund.amount("amount", sandbox.Required),
		Reason:    refund.text("reason", codeOther, sandbox.Optional, 1, 200),
		Receipt:   c.receipt("receipt"),
		Status:    c.Value(refundStatus),
		CreatedAt: c.now(),
	}
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	p, err := payments.Find(c.tx, "id", id)
	if err != nil {
		return nil, missing(err, codeOther, "id", "Платёж не найден")
	}
	if p.Status != "successful" {
		return nil, refuse(codeOther, "id", "Платёж не оплачен, возврат невозможен")
	}
	if r.Currency == "" {
		r.Currency = p.Currency
	}
	if r.Currency != p.Currency {
		return nil, refuse(codeCurrency, "refund.currency", "Валюта возврата не совпадает с валютой платежа")
	}
	left, err := c.refundable(p)
	if err != nil {
		return nil, err
	}
	if amount, err := decimal.NewFromString(r.Amount); err != nil || amount.GreaterThan(left) {
		return nil, refuse(codeAmount, "refund.amount", "Сумма возвратов превышает сумму платежа")
	}
	if r.ID, err = c.newID(c.tx, refunds.Name, firstRefund); err != nil {
		return nil, err
	}
	r.PaymentID = p.ID
	if r.Status != "init" {
		r.UpdatedAt = r.CreatedAt
	}
	if err := refunds.Insert(c.tx, r); err != nil {
		return nil, err
	}
	return c.refundAnswer(r, p), c.notifyRefund(c.tx, r, p)
}

// refundable is the amount of a payment minus its refunds that did not fail.
func (c *call) refundable(p Payment) (decimal.Decimal, error) {
	others, err := refunds.Select(c.tx, `WHERE payment_id = ? AND status <> 'fail'`, p.ID)
	if err != nil {
		return decimal.Zero, err
	}
	left, err := decimal.NewFromString(p.Amount)
	if err != nil {
		return decimal.Zero, err
	}
	for _, refund := range others {
		amount, err := decimal.NewFromString(refund.Amount)
		if err != nil {
			return decimal.Zero, err
		}
		left = left.Sub(amount)
	}
	return left, nil
}

// getRefund is GetRefund (guide, section 7.2.8).
func (c *call) getRefund() (any, error) {
	id := c.id("id", codeOther, sandbox.Required, 0)
	if err := c.rules.err(); err != nil {
		return nil, err
	}
	r, err := refunds.Get(c.tx, id)
	if err != nil {
		return nil, missing(err, codeOther, "id", "Возврат не найден")
	}
	hasSucceeded := r.Status == "init" && c.Is(refundStatus, "init")
	if hasSucceeded {
		r.Status, r.UpdatedAt = "successful", c.now()
		if err := refunds.Update(c.tx, r.ID, r); err != nil {
			return nil, err
		}
	}
	// A test may have deleted the payment. The refund is shown without it.
	p, err := payments.Find(c.tx, "id", r.PaymentID)
	if err != nil && !errors.Is(err, sandbox.ErrNotFound) {
		return nil, err
	}
	if hasSucceeded && err == nil {
		if err := c.notifyRefund(c.tx, r, p); err != nil {
			return nil, err
		}
	}
	return c.refundAnswer(r, p), nil
}
