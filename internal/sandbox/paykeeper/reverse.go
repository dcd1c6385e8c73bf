package paykeeper

import (
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// What reverse refuses. Only the words about the status are known [P].
var (
	errNoPayment     = &apiError{4, "Платёж не найден."}
	errNotRefundable = &apiError{5, `Нельзя сделать возврат по платежу, статус которого не "совершён"`}
	errTooMuch       = &apiError{6, "Сумма возврата больше остатка по платежу."}
)

// refundable are the statuses of payments that can be given back [P].
var refundable = []string{"success", "stuck", "obtained", "partially_refunded"}

// firstRefund is the number of the first refund.
const firstRefund = 90001

// How long the dialect's late and soon take.
const (
	lateRow = 3 * time.Second
	soonEnd = time.Second
)

// reversal is what a reverse asks for.
type reversal struct {
	payment, user string
	// amount is zero for all that is left.
	amount    decimal.Decimal
	isPartial bool
	cart      string
}

// reverse is /change/payment/reverse/ [P]. It answers before the money is back
// [I]. Every call makes another refund.
func (c *call) reverse() (any, error) {
	partial := c.form.Get("partial")
	if partial != "true" && partial != "false" {
		return nil, refuse("Неверное значение partial: ожидается true или false.")
	}
	var amount decimal.Decimal
	var err error
	// A public client sends no amount with all of a payment [P].
	if partial == "true" || c.form.Get("amount") != "" || c.Is(checks, "document") {
		if amount, err = readRefundAmount(c.form.Get("amount")); err != nil {
			return nil, err
		}
	}
	_, err = c.giveBack(c.tx, reversal{c.form.Get("id"), c.options.Login, amount, partial == "true", c.form.Get("refund_cart")})
	return success, err
}

// readRefundAmount reads an amount, which is positive and in whole kopecks.
func readRefundAmount(text string) (decimal.Decimal, error) {
	amount, err := readNumber(json.Number(text), 2)
	if err != nil || !amount.IsPositive() {
		return decimal.Zero, refuse("Неверная сумма возврата amount.")
	}
	return amount, nil
}

// giveBack makes a refund. That of a held payment is none: the payment changes,
// and a zero Refund is returned.
func (g *Gateway) giveBack(tx *sql.Tx, want reversal) (Refund, error) {
	p, err := payments.Get(tx, want.payment)
	if errors.Is(err, sandbox.ErrNotFound) {
		return Refund{}, errNoPayment
	}
	if err != nil {
		return Refund{}, err
	}
	if !slices.Contains(refundable, p.Status) && (p.Status != "refunding" || g.Is(secondReverse, "refused")) {
		return Refund{}, errNotRefundable
	}
	left, err := p.left(tx)
	if err != nil {
		return Refund{}, err
	}
	if want.amount.IsZero() {
		want.amount = left
	}
	if want.amount.GreaterThan(left) {
		return Refund{}, errTooMuch
	}
	if err := checkRefundCart(want.cart, want.amount); err != nil {
		return Refund{}, err
	}
	if !want.isPartial && g.Is(partialFalse, "all") {
		want.amount = left
	}
	left = left.Sub(want.amount)
	if g.Is(twoStage, "true") && !p.Captured && p.Settled == "" {
		return Refund{}, p.release(tx, left)
	}
	if p.Status != "refunding" {
		p.Settled, p.Status = p.Status, "refunding"
	}
	if err := payments.Update(tx, p.ID, p); err != nil {
		return Refund{}, err
	}
	return g.addRefund(tx, want, left)
}

// release cancels a held payment of which nothing is left. Otherwise it takes
// what is left [V*].
func (p *Payment) release(tx *sql.Tx, left decimal.Decimal) error {
	if left.IsZero() {
		p.Status = "canceled"
	} else {
		p.PayAmount, p.Captured = left.StringFixed(2), true
	}
	return payments.Update(tx, p.ID, *p)
}

// addRefund stores a refund, and ends it if it takes no time.
func (g *Gateway) addRefund(tx *sql.Tx, want reversal, left decimal.Decimal) (Refund, error) {
	number, err := sandbox.NextNumber(tx, refunds.Name)
	if err != nil {
		return Refund{}, err
	}
	var before int
	if err := tx.QueryRow(`SELECT COUNT(*) FROM paykeeper_refunds WHERE payment_id = ?`, want.payment).Scan(&before); err != nil {
		return Refund{}, err
	}
	now := g.Now()
	r := Refund{
		ID: strconv.FormatInt(number-1+firstRefund, 10), PaymentID: want.payment, Number: strconv.Itoa(before + 1), User: want.user,
		Amount: want.amount.StringFixed(2), Remainder: left.StringFixed(2), Datetime: g.now(), Status: "started", Cart: want.cart,
		ShownAt: now.UnixMilli(), EndsAt: never, Outcome: g.Value(refundEnd),
	}
	switch g.Value(refundRow) {
	case "late":
		r.ShownAt = now.Add(lateRow).UnixMilli()
	case "never":
		r.ShownAt = never
	}
	if g.Is(refundTime, "soon") {
		r.EndsAt = now.Add(soonEnd).UnixMilli()
	}
	if err := refunds.Insert(tx, r); err != nil {
		return Refund{}, err
	}
	if g.Is(refundTime, "at_once") {
		err = r.end(tx, r.Outcome)
		r.Status = r.Outcome
	}
	return r, err
}
