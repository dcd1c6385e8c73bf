package doctor

import (
	"context"
	"errors"
	"math/big"
	"slices"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
)

const (
	// noPaymentOfPayKeeper is an id that no payment has.
	noPaymentOfPayKeeper = "2000000001"
	// maxPayments is how many payments of listed invoices are looked at.
	maxPayments = 10
)

// askPayments looks at the payments of the options, and at those of listed invoices until all is seen.
func (k *payKeeperVisit) askPayments(ctx context.Context) {
	k.askAbsentPayment(ctx)
	named := k.wanted(k.options.Payments, func(id string) bool { return isDigits(id) && len(id) <= 12 })
	for _, id := range named {
		k.askPayment(ctx, id, true)
	}
	asked := 0
	for _, row := range k.rows {
		id := row.text("paymentid")
		if !isDigits(id) || slices.Contains(named, id) || row.text("status") != paykeeper.StatusPaid {
			continue
		}
		if asked++; asked > maxPayments || k.hasSeen("paykeeper_payment") && k.hasSeen("paykeeper_no_refunds") && k.hasSeen("paykeeper_refund_order") {
			return
		}
		named = append(named, id)
		k.askPayment(ctx, id, false)
	}
}

func (k *payKeeperVisit) askAbsentPayment(ctx context.Context) {
	a, err := k.ask(func() error {
		_, err := k.client.FindPayment(ctx, noPaymentOfPayKeeper)
		return err
	})
	body := a.json()
	switch {
	case errors.Is(err, paykeeper.ErrEmptyAnswer):
		k.sees("paykeeper_no_payment", "empty")
	case err == nil && kind(body) == "array":
		k.sees("paykeeper_no_payment", "list")
	case err == nil:
		k.sees("paykeeper_no_payment", "refused")
	default:
		k.fails(a, err)
	}
}

func (k *payKeeperVisit) askPayment(ctx context.Context, id string, isNamed bool) {
	var payment *paykeeper.Payment
	a, err := k.ask(func() (err error) {
		payment, err = k.client.FindPayment(ctx, id)
		return err
	})
	if errors.Is(err, paykeeper.ErrEmptyAnswer) {
		err = nil // this is how some say that there is none
	}
	if isNamed {
		k.checkObject("payment", id, payment != nil, err)
	}
	if k.fails(a, err) || payment == nil {
		return
	}
	k.sees("paykeeper_payment", kind(a.json()))
	o := objectIn(a.json())
	k.sees("paykeeper_payment_ids", map[string]string{"string": "string", "number": "number"}[o.kind("id")])
	if payment.IsUntouched() && payment.WasPaid() {
		k.sees("paykeeper_refund_amount", map[string]string{"null": "null", "string": "zero", "number": "zero"}[o.kind("refund_amount")])
	}
	k.askRefunds(ctx, payment)
}

func (k *payKeeperVisit) askRefunds(ctx context.Context, payment *paykeeper.Payment) {
	var refunds []paykeeper.Refund
	a, err := k.ask(func() (err error) {
		refunds, err = k.client.Refunds(ctx, payment)
		return err
	})
	body := a.json()
	if err != nil && a.status() == 200 && !payment.IsUntouched() && (len(body) == 0 || kind(body) == "object") {
		k.add("refunds", "not listed", Warning, "Payment "+string(payment.ID)+" says that money was given back, and its refunds are not listed. "+
			"Terraform shows an error for one until they are.")
		return
	}
	if k.fails(a, err) || err != nil {
		return
	}
	switch {
	case len(refunds) > 0:
	case len(body) == 0:
		k.sees("paykeeper_no_refunds", "empty")
	case kind(body) == "array":
		k.sees("paykeeper_no_refunds", "list")
	case kind(body) == "object":
		k.sees("paykeeper_no_refunds", "object")
	}
	rows := rowsIn(body)
	if len(rows) < 2 {
		return
	}
	first, isNumber := new(big.Int).SetString(rows[0].text("id"), 10)
	last, isNumberToo := new(big.Int).SetString(rows[len(rows)-1].text("id"), 10)
	if isNumber && isNumberToo {
		k.sees("paykeeper_refund_order", map[int]string{-1: "oldest", 1: "newest"}[first.Cmp(last)])
	}
}
