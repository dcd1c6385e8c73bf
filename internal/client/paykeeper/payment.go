package paykeeper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Statuses of a payment. The first three are alike as to the money.
const (
	PaymentSuccess           = "success"
	PaymentObtained          = "obtained"
	PaymentStuck             = "stuck"
	PaymentRefunding         = "refunding"
	PaymentRefunded          = "refunded"
	PaymentCanceled          = "canceled"
	PaymentPartiallyRefunded = "partially_refunded"
)

// ErrEmptyAnswer is the cause where a look-up of a payment or of its refunds is answered with
// nothing at all. Some servers mean "none" by it, so it proves neither that nor the opposite.
var ErrEmptyAnswer = errors.New("the answer is empty, which says neither that there is one nor that there is none")

// Payment is what was paid for an invoice. Amounts are in roubles; times are in the
// server's zone.
type Payment struct {
	ID     values.ID      `json:"id"` // a small number, not the invoice's
	Status string         `json:"status"`
	Amount values.Decimal `json:"pay_amount"`
	// RefundAmount is what was given back so far; a server may write null for nothing.
	RefundAmount      values.Decimal `json:"refund_amount"`
	ClientID          values.Text    `json:"clientid"`
	OrderID           values.Text    `json:"orderid"`
	SystemID          values.ID      `json:"payment_system_id"`
	UniqueID          values.Text    `json:"unique_id"`
	Pending           values.Time    `json:"pending_datetime"`
	Obtained          values.Time    `json:"obtain_datetime"`
	Success           values.Time    `json:"success_datetime"`
	SiteDescription   values.Text    `json:"site_description"`
	SystemDescription values.Text    `json:"system_description"`
}

// WasPaid reports whether the money has come, whatever became of it later.
func (p *Payment) WasPaid() bool {
	return p.CanBeRefunded() || p.Status == PaymentRefunding || p.Status == PaymentRefunded
}

// CanBeRefunded reports whether its status lets money be given back.
func (p *Payment) CanBeRefunded() bool {
	return slices.Contains([]string{PaymentSuccess, PaymentObtained, PaymentStuck, PaymentPartiallyRefunded}, p.Status)
}

// IsUntouched reports whether the payment says that nothing was given back, and nothing is
// being given back.
func (p *Payment) IsUntouched() bool {
	return p.RefundAmount.IsZero() && !strings.Contains(strings.ToLower(p.Status), "refund")
}

// FindPayment looks a payment up by its id; nil when the gateway says that there is none. The
// error is [ErrEmptyAnswer] where it says nothing.
func (c *Client) FindPayment(ctx context.Context, id string) (*Payment, error) {
	body, answer, err := c.get(ctx, pathPayment, url.Values{"id": {id}})
	if isNotFound(err, saysNoPayment) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	payment, err := parsePayment(body)
	if err == nil && payment != nil && !values.SameID(string(payment.ID), id) {
		err = fmt.Errorf("it is about payment %q, not %q", payment.ID, id)
	}
	if err != nil {
		failure := answer.Unusable(err)
		if errors.Is(err, ErrEmptyAnswer) {
			failure.Cause = fmt.Errorf("payment %s: %w", id, err)
		}
		return nil, c.gateway.Error(pathPayment, failure)
	}
	if payment != nil {
		c.moveTimes(&payment.Pending, &payment.Obtained, &payment.Success)
	}
	return payment, nil
}

// parsePayment returns nil for an empty list.
func parsePayment(body []byte) (*Payment, error) {
	if len(body) == 0 {
		return nil, ErrEmptyAnswer
	}
	if isEmptyList(body) {
		return nil, nil
	}
	payment := new(Payment)
	if err := readSingle(body, payment); err != nil {
		return nil, err
	}
	if payment.ID == "" {
		return nil, errNoID
	}
	return payment, nil
}

// isEmptyList reports whether an answer is a list of nothing.
func isEmptyList(body []byte) bool {
	return bytes.HasPrefix(body, []byte("[")) && bytes.HasSuffix(body, []byte("]")) && len(bytes.TrimSpace(body[1:len(body)-1])) == 0
}
