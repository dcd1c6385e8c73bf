package paykeeper

import (
	"context"
	"fmt"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var _ gateway.PaymentFinder = (*Gateway)(nil)

const keyInvoice = "invoice_id"

// PaymentKeys leave order ids out: they need not be unique.
func (*Gateway) PaymentKeys() []string { return []string{"id", keyInvoice} }

// FindPayment looks a payment up with its refunds. A payment does not name its invoice, but the
// invoice names its payment.
func (g *Gateway) FindPayment(ctx context.Context, key, value string) (*gateway.ShownPayment, error) {
	if key == keyInvoice {
		invoice, err := g.Client.FindInvoice(ctx, value)
		switch {
		case invoice == nil || err != nil:
			return nil, err
		case invoice.PaidBy() == "" && invoice.IsPaid():
			return nil, fmt.Errorf("%s shows invoice %s as paid and names no payment for it. "+
				"Look into the PayKeeper account; a payment that is there can be looked up by its id", g.Title(), value)
		case invoice.PaidBy() == "":
			return &gateway.ShownPayment{Refunds: []gateway.ShownRefund{}}, nil
		}
		value = invoice.PaidBy()
	}
	payment, err := g.Client.FindPayment(ctx, value)
	if payment == nil || err != nil {
		return nil, err
	}
	refunds, err := g.Client.Refunds(ctx, payment)
	if err != nil {
		return nil, err
	}
	return shownPayment(payment, refunds), nil
}

func shownPayment(p *paykeeper.Payment, refunds []paykeeper.Refund) *gateway.ShownPayment {
	shown := &gateway.ShownPayment{
		ID: string(p.ID), OrderID: string(p.OrderID), CustomerID: string(p.ClientID), System: string(p.SystemID), Status: p.Status, IsPaid: p.WasPaid(),
		Amount: attributes.MoneyOrNull(p.Amount), Currency: gateway.DefaultCurrency, Created: p.Pending,
		Updated: latest(p.Pending, p.Obtained, p.Success), Refunds: make([]gateway.ShownRefund, 0, len(refunds)),
	}
	if shown.Paid = p.Obtained; shown.Paid.IsZero() {
		shown.Paid = p.Success
	}
	back, done := p.RefundAmount, values.Decimal{}
	for i := range refunds {
		refund := &refunds[i]
		shown.Updated = latest(shown.Updated, refund.Created)
		if refund.IsDone() {
			done.Decimal = done.Add(refund.Amount.Decimal)
		}
		shown.Refunds = append(shown.Refunds, *shownRefund(shown.ID, refund))
	}
	if done.GreaterThan(back.Decimal) {
		back = done // the list is ahead of the payment
	}
	shown.Refunded = attributes.NewMoney(&back)
	return shown
}

func latest(times ...values.Time) values.Time {
	var last values.Time
	for _, one := range times {
		if one.After(last.Time) {
			last = one
		}
	}
	return last
}
