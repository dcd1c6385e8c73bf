package paykeeper

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Statuses of an invoice (section 3.1). A created one has not been sent to the
// client and is not shown in lists (section 3.4); it can be paid all the same.
const (
	StatusCreated = "created"
	StatusSent    = "sent"
	StatusPaid    = "paid"
	StatusExpired = "expired"
)

// Invoice is one invoice (section 3.1.1). Amounts are in roubles; times, which
// the gateway writes without an offset, are in the server's zone.
type Invoice struct {
	ID       values.ID      `json:"id"` // 17 digits
	Status   string         `json:"status"`
	Amount   values.Decimal `json:"pay_amount"`
	ClientID values.Text    `json:"clientid"`
	OrderID  values.Text    `json:"orderid"`
	// ServiceName may hold a receipt as well: see [ParseServiceName].
	ServiceName values.Text `json:"service_name"`
	ClientEmail values.Text `json:"client_email"`
	ClientPhone values.Text `json:"client_phone"`
	Expires     values.Time `json:"expiry_datetime"`
	Created     values.Time `json:"created_datetime"`
	Paid        values.Time `json:"paid_datetime"` // zero until it is paid
	PaymentID   values.ID   `json:"paymentid"`     // see [Invoice.PaidBy]
	UserID      values.ID   `json:"user_id"`
	UserLogin   values.Text `json:"user_login"`
}

// IsPaid reports whether the money has come; such an invoice cannot be revoked.
func (i *Invoice) IsPaid() bool { return i.Status == StatusPaid }

// PaidBy returns the id of its payment, "" until it is paid. A server may write 0 for none.
func (i *Invoice) PaidBy() string {
	if values.PlainID(string(i.PaymentID)) == "0" {
		return ""
	}
	return string(i.PaymentID)
}

// IsSent reports whether the client was mailed and has not paid yet.
func (i *Invoice) IsSent() bool { return i.Status == StatusSent }

// IsExpired reports whether it can no longer be paid. The status says so only once
// the server has noticed; the date is right at once.
func (i *Invoice) IsExpired(now time.Time) bool {
	return i.Status == StatusExpired || i.isWaiting() && !i.Expires.IsZero() && !now.Before(i.Expires.Time)
}

// IsOpen reports whether it can be paid.
func (i *Invoice) IsOpen(now time.Time) bool { return i.isWaiting() && !i.IsExpired(now) }

func (i *Invoice) isWaiting() bool { return i.Status == StatusCreated || i.Status == StatusSent }

// FindInvoice looks an invoice up by its id (section 3.1), a created one too;
// nil when the gateway says that there is none.
func (c *Client) FindInvoice(ctx context.Context, id string) (*Invoice, error) {
	invoice, _, err := c.findInvoice(ctx, id)
	return invoice, err
}

// findInvoice also returns the answer's JSON.
func (c *Client) findInvoice(ctx context.Context, id string) (*Invoice, []byte, error) {
	body, answer, err := c.get(ctx, pathByID, url.Values{"id": {id}})
	if isNotFound(err, saysNoInvoice) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	invoice, err := parseInvoice(body)
	if err == nil && !values.SameID(string(invoice.ID), id) {
		err = fmt.Errorf("it is about invoice %q, not %q", invoice.ID, id)
	}
	if err != nil {
		return nil, nil, c.unusable(pathByID, answer, err)
	}
	c.local(invoice)
	if invoice.OrderID != "" && !invoice.Created.IsZero() {
		c.seen.Store(invoice)
	}
	return invoice, body, nil
}

func parseInvoice(body []byte) (*Invoice, error) {
	invoice := new(Invoice)
	if err := readSingle(body, invoice); err != nil {
		return nil, err
	}
	if invoice.ID == "" {
		return nil, errNoID
	}
	return invoice, nil
}

// SendInvoice mails a created invoice to its client (section 3.5). Sending
// twice mails twice, so after an unclear answer it is not sent again; but an
// invoice that has become "sent" was mailed.
func (c *Client) SendInvoice(ctx context.Context, id string) error {
	_, err := transport.CreateByKey(ctx, c.gateway, pathSend,
		func(ctx context.Context) (*Invoice, error) { return nil, c.changeInvoice(ctx, pathSend, id) },
		func(ctx context.Context) (*Invoice, error) {
			invoice, err := c.FindInvoice(ctx, id)
			switch {
			case err != nil:
				return nil, err
			case invoice == nil:
				return nil, fmt.Errorf("invoice %s is not found", id)
			case !invoice.IsSent():
				// The letter may still be on its way: that proves nothing.
				return nil, fmt.Errorf("invoice %s is %s", id, invoice.Status)
			}
			return invoice, nil
		},
		func(*Invoice) error { return nil })
	return err
}

// SendInvoiceAgain mails an invoice that is sent already. Its status proves nothing then, so
// after an unclear answer nobody knows whether another letter has gone out.
func (c *Client) SendInvoiceAgain(ctx context.Context, id string) error {
	return c.changeInvoice(ctx, pathSend, id)
}

// RevokeInvoice withdraws an invoice (section 3.6), so that it cannot be paid.
// Revoking one that is gone already succeeds: a repeated call may be refused
// because the first one, whose answer was lost, was carried out. A paid one is
// refused.
func (c *Client) RevokeInvoice(ctx context.Context, id string) error {
	err := c.changeInvoice(ctx, pathRevoke, id)
	if e, ok := errors.AsType[*transport.Error](err); !ok || e.Outcome != transport.Refused || e.Text == "" {
		return err
	}
	if isNotFound(err, saysNoInvoice) {
		return nil
	}
	// What byid says of a revoked invoice is not documented; "not found" and
	// "expired" both mean that it is gone.
	invoice, findErr := c.FindInvoice(ctx, id)
	if findErr == nil && (invoice == nil || invoice.Status == StatusExpired) {
		return nil
	}
	return err
}

// changeInvoice sends a call that answers {"result":"success"} and no more.
func (c *Client) changeInvoice(ctx context.Context, path, id string) error {
	c.refresh.noteWritten(values.ID(id))
	body, answer, err := c.change(ctx, path, url.Values{"id": {id}})
	if err != nil {
		return err
	}
	if err := parseSuccess(body); err != nil {
		return c.unusable(path, answer, err)
	}
	return nil
}

func parseSuccess(body []byte) error {
	var wire struct {
		Result values.Text `json:"result"`
	}
	if err := readSingle(body, &wire); err != nil {
		return err
	}
	if wire.Result != "success" && wire.Result != "true" {
		return errNoSuccess
	}
	return nil
}
