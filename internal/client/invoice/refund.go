package invoice

import (
	"context"
	"encoding/json"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
)

// Statuses of a refund (section 7.2.7): init may still become either of the others.
const (
	RefundInit       = "init"
	RefundSuccessful = "successful"
	RefundFail       = "fail"
)

// RefundOrder is how much goes back and why (section 7.2.7, fields 2.1–2.3).
type RefundOrder struct {
	Currency string          `json:"currency,omitempty"`
	Amount   gateway.Decimal `json:"amount"`
	Reason   string          `json:"reason,omitempty"`
}

// CreateRefundRequest is what CreateRefund takes (section 7.2.7).
type CreateRefundRequest struct {
	PaymentID string        `json:"id"`
	Refund    RefundOrder   `json:"refund"`
	Receipt   []ReceiptItem `json:"receipt"`
}

// Refund is money on its way back to the payer (section 7.2.8).
type Refund struct {
	ID               gateway.ID
	Refund           RefundOrder
	Status           string
	PaymentID        gateway.ID
	Method           lenientMethod
	Created, Updated gateway.Time
	CustomParameters json.RawMessage
}

func (r *Refund) identity() gateway.ID { return r.ID }

// UnmarshalJSON takes the dates by both of their names.
func (r *Refund) UnmarshalJSON(data []byte) error {
	var wire struct {
		ID               gateway.ID      `json:"id"`
		Refund           RefundOrder     `json:"refund"`
		Status           string          `json:"status"`
		PaymentID        gateway.ID      `json:"payment_id"`
		Method           lenientMethod   `json:"payment_method"`
		CreateDate       gateway.Time    `json:"create_date"`
		DateInsert       gateway.Time    `json:"date_insert"`
		UpdateDate       gateway.Time    `json:"update_date"`
		DateUpdate       gateway.Time    `json:"date_update"`
		CustomParameters json.RawMessage `json:"custom_parameters"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	*r = Refund{
		ID: wire.ID, Refund: wire.Refund, Status: wire.Status, PaymentID: wire.PaymentID,
		Method: wire.Method, CustomParameters: wire.CustomParameters,
		Created: either(wire.CreateDate, wire.DateInsert),
		Updated: either(wire.UpdateDate, wire.DateUpdate),
	}
	return nil
}

func either(a, b gateway.Time) gateway.Time {
	if a.IsZero() {
		return b
	}
	return a
}

// CreateRefund sends money back, once. No look-up settles an unclear answer,
// so the caller must not send it again.
func (c *Client) CreateRefund(ctx context.Context, request CreateRefundRequest) (*Refund, error) {
	refund, err := call[Refund](ctx, c, opCreateRefund, request)
	if err == nil && !isSameID(string(refund.PaymentID), request.PaymentID) {
		return nil, c.isAboutAnother(opCreateRefund, "a refund of payment", request.PaymentID, string(refund.PaymentID))
	}
	return refund, err
}

// FindRefund looks a refund up by its id; nil when there is none.
func (c *Client) FindRefund(ctx context.Context, id string) (*Refund, error) {
	refund, err := call[Refund](ctx, c, opGetRefund, byID{id})
	if err == nil && !isSameID(string(refund.ID), id) {
		return nil, c.isAboutAnother(opGetRefund, "refund", id, string(refund.ID))
	}
	return unlessNotFound(refund, err)
}
