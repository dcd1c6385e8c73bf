package invoiceapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// RefundOrder is how much goes back and why (section 7.2.7, fields 2.1–2.3).
type RefundOrder struct {
	Currency string         `json:"currency,omitempty"`
	Amount   values.Decimal `json:"amount"`
	Reason   string         `json:"reason,omitempty"`
}

// CreateRefundRequest is what CreateRefund takes (section 7.2.7).
type CreateRefundRequest struct {
	PaymentID string        `json:"id"`
	Refund    RefundOrder   `json:"refund"`
	Receipt   []ReceiptItem `json:"receipt"`
}

// UnmarshalJSON reads texts that look like numbers, and [] for an empty order.
func (o *RefundOrder) UnmarshalJSON(data []byte) error {
	*o = RefundOrder{}
	if data[0] != '{' {
		return nil
	}
	type plain RefundOrder // without this method
	wire := struct {
		*plain
		Currency values.Text `json:"currency"`
		Reason   values.Text `json:"reason"`
	}{plain: (*plain)(o)}
	err := json.Unmarshal(data, &wire)
	o.Currency, o.Reason = string(wire.Currency), string(wire.Reason)
	return err
}

// Refund is money on its way back to the payer (section 7.2.8).
type Refund struct {
	ID               values.ID       `json:"id"`
	Refund           RefundOrder     `json:"refund"`
	Status           string          `json:"status"`
	PaymentID        values.ID       `json:"payment_id"`
	Method           lenientMethod   `json:"payment_method"`
	Created          values.Time     `json:"create_date"`
	Updated          values.Time     `json:"update_date"`
	CustomParameters json.RawMessage `json:"custom_parameters"`
}

func (r *Refund) identity() values.ID { return r.ID }

// UnmarshalJSON takes the dates by both of their names.
func (r *Refund) UnmarshalJSON(data []byte) error {
	type plain Refund // without this method
	*r = Refund{}
	wire := struct {
		*plain
		Inserted values.Time `json:"date_insert"`
		Changed  values.Time `json:"date_update"`
	}{plain: (*plain)(r)}
	err := json.Unmarshal(data, &wire)
	if r.Created.IsZero() {
		r.Created = wire.Inserted
	}
	if r.Updated.IsZero() {
		r.Updated = wire.Changed
	}
	return err
}

// CreateRefund sends money back, once. No look-up settles an unclear answer, so the
// caller must not send it again. A refusal is unclear, too, if its decline code may
// follow a refund that was made.
func (c *Client) CreateRefund(ctx context.Context, request CreateRefundRequest) (*Refund, error) {
	if err := c.beforeFirstRefund(ctx, request.PaymentID); err != nil {
		return nil, err
	}
	refund, err := call[Refund](ctx, c, opCreateRefund, request)
	if err == nil && !isSameID(refund.PaymentID, request.PaymentID) {
		return nil, c.gateway.Error(opCreateRefund, &transport.Error{Status: http.StatusOK, Outcome: transport.Unclear,
			Cause: fmt.Errorf("a refund of payment %q was asked for, and the answer is about refund %q of payment %q", request.PaymentID, refund.ID, refund.PaymentID)})
	}
	if e, ok := transport.AsRefusal(err); ok {
		if decline, found := findDoubtfulDecline(e); found {
			e.Outcome = transport.Unclear
			e.Cause = fmt.Errorf("%s (%s) does not say that no money has moved", decline.Code, decline.Name)
		}
	}
	return refund, err
}

// beforeFirstRefund looks the payment up as long as the gateway has accepted nothing.
// With a wrong address or wrong credentials, a page would answer the refund, and nobody
// would know whether it came before the work or after it.
func (c *Client) beforeFirstRefund(ctx context.Context, paymentID string) error {
	if c.accepted.Load() {
		return nil
	}
	_, err := c.getPayment(ctx, paymentID)
	e, ok := errors.AsType[*transport.Error](err)
	if !ok {
		return err
	}
	notSent := *e
	notSent.UnderWay, notSent.TimedOut = false, false
	if e.Outcome != transport.Refused || e.Code == "" {
		notSent.Outcome = transport.NotDone // not the gateway's own word
	}
	notSent.Cause = errNotSent
	if e.Cause != nil {
		notSent.Cause = fmt.Errorf("%w: %w", errNotSent, e.Cause)
	}
	return c.gateway.Error(opCreateRefund, &notSent)
}

var errNotSent = errors.New("the refund was not sent, since its payment could not be looked up first (GetPayment)")

// FindRefund looks a refund up by its id; nil when there is none.
func (c *Client) FindRefund(ctx context.Context, id string) (*Refund, error) {
	return unlessNotFound(callByID[Refund](ctx, c, opGetRefund, "refund", id))
}
