package p2p

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Directions of an invoice, its field "type".
const (
	DirectionIn  = "in"  // money comes in
	DirectionOut = "out" // a payout
)

// Statuses of an invoice; deals have statuses of their own. The last three are words
// of servers that correct the sum of what was paid.
const (
	StatusNew           = "new"
	StatusPaid          = "paid"
	StatusCanceled      = "canceled"
	StatusExpired       = "expired"
	StatusDispute       = "dispute"
	StatusRecalculated  = "recalculated"
	StatusRecalculation = "recalculation"
	StatusReCalculation = "re_calculation"
)

// DealTransferWaiting is the status of a deal that waits for the payer; there are others.
const DealTransferWaiting = "transfer_waiting"

// ErrAbsenceUnproven is the cause when a look-up by internal id finds nothing
// on a server that has not yet found anything in that way.
var ErrAbsenceUnproven = errors.New("this server has not shown yet that it can look up by internal id, so its 404 does not prove that there is no such invoice")

// Invoice is an InvoiceDTO. Sums that the gateway does not give have no amount.
type Invoice struct {
	ID                   values.ID   `json:"id"`
	InternalID           values.ID   `json:"internalId"`
	UserID               values.ID   `json:"userId"`
	Type                 string      `json:"type"`
	Status               string      `json:"status"`
	PaymentMethod        values.Text `json:"paymentMethod"`
	PaymentOption        values.Text `json:"paymentOption"`
	PaymentRequisites    *Requisites `json:"paymentRequisites"`
	Sum                  Money       `json:"sum"`
	StoreID              values.ID   `json:"storeId"`
	StoreName            values.Text `json:"storeName"`
	ReceivedSumFromTaker Money       `json:"receivedSumFromTaker"`
	ReceivedSumFromMaker Money       `json:"receivedSumFromMaker"`
	ServiceFeeSum        Money       `json:"serviceFeeSum"`
	PayoutSum            Money       `json:"payoutSum"`
	Created              values.Time `json:"createdAt"`
	Expires              values.Time `json:"expireAt"`
	Updated              values.Time `json:"updatedAt"`
	URL                  values.Text `json:"invoiceUrl"`
	Deals                Deals       `json:"deals"`
}

// Deal is one transfer from a payer under an invoice.
type Deal struct {
	ID                values.ID   `json:"id"`
	Type              values.Text `json:"type"`
	Status            values.Text `json:"status"`
	PaymentMethod     values.Text `json:"paymentMethod"`
	PaymentOption     values.Text `json:"paymentOption"`
	Requisites        *Requisites `json:"requisites"`
	CanceledAt        values.Time `json:"canceledAt"`        // when it is or will be canceled
	DisputeAttachment values.Text `json:"disputeAttachment"` // may show the requisites
	DisputeReason     values.Text `json:"disputeReason"`
	Payment           PaidSum     `json:"payment"`
	Rate              values.Text `json:"rate"`
	IsActive          Flag        `json:"isActive"`
	QRCodeLink        values.Text `json:"qrCodeLink"` // holds the requisites
}

// IsPaid reports whether the money has moved.
func (i *Invoice) IsPaid() bool {
	switch i.Status {
	case StatusPaid, StatusRecalculated, StatusRecalculation, StatusReCalculation:
		return true
	}
	return false
}

// IsCanceled reports whether it was canceled.
func (i *Invoice) IsCanceled() bool { return i.Status == StatusCanceled }

// IsExpired reports whether it waited too long. The status says so only once the
// server has noticed; the date is right at once.
func (i *Invoice) IsExpired(now time.Time) bool {
	return i.Status == StatusExpired || i.Status == StatusNew && !i.Expires.IsZero() && !now.Before(i.Expires.Time)
}

// IsOpen reports whether it can be paid. One in dispute is neither open nor over.
func (i *Invoice) IsOpen(now time.Time) bool { return i.Status == StatusNew && !i.IsExpired(now) }

// FindInvoice looks an invoice up by its id; nil when the gateway says that
// there is none.
func (c *Client) FindInvoice(ctx context.Context, id string) (*Invoice, error) {
	if err := c.checkID(opFind, id); err != nil {
		return nil, err
	}
	invoice, err := c.invoice(ctx, request{operation: opFind, method: http.MethodGet, path: invoicePath(id), asked: id})
	if isNotFound(err) {
		return nil, nil
	}
	return invoice, err
}

// FindByInternalID looks an invoice up by the merchant's own id. It returns nil
// when there is none, and [ErrAbsenceUnproven] when that cannot be known: the
// call is not documented, and a server without it answers 404 as well.
func (c *Client) FindByInternalID(ctx context.Context, internalID string) (*Invoice, error) {
	if err := c.checkID(opFindInternalID, internalID); err != nil {
		return nil, err
	}
	invoice, err := c.invoice(ctx, request{
		operation: opFindInternalID, method: http.MethodGet, path: pathInternalID + url.PathEscape(internalID), asked: internalID,
	})
	if errors.Is(err, errEmptyList) {
		// The server's way of saying that there is none.
		return nil, c.absent(&transport.Error{Status: http.StatusOK, Outcome: transport.Refused})
	}
	switch {
	case err == nil:
		c.findsByInternalID.Store(true)
	case isNotFound(err):
		if e, ok := errors.AsType[*transport.Error](err); ok {
			return nil, c.absent(e)
		}
	}
	return invoice, err
}

// FindsByInternalID reports whether the server has found something by its
// internal id before.
func (c *Client) FindsByInternalID() bool { return c.findsByInternalID.Load() }

// absent returns nil when the server is known to find what is there, and an error
// otherwise.
func (c *Client) absent(e *transport.Error) error {
	if c.findsByInternalID.Load() {
		return nil
	}
	e.Cause = ErrAbsenceUnproven
	return c.gateway.Error(opFindInternalID, e)
}

// CancelInvoice cancels an invoice; any success counts, whatever its body says.
// Canceling one that is gone already succeeds: a repeated call may be refused
// because the first one, whose answer was lost, was carried out.
func (c *Client) CancelInvoice(ctx context.Context, id string) error {
	if err := c.checkID(opCancel, id); err != nil {
		return err
	}
	_, err := c.do(ctx, request{operation: opCancel, method: http.MethodPost, path: invoicePath(id) + "/cancel"})
	if err == nil || isNotFound(err) {
		return nil
	}
	if e, ok := errors.AsType[*transport.Error](err); !ok || e.Outcome != transport.Refused || e.Text == "" {
		return err
	}
	invoice, findErr := c.FindInvoice(ctx, id)
	if findErr == nil && (invoice == nil || invoice.IsCanceled() || invoice.Status == StatusExpired) {
		return nil
	}
	return err
}

// checkID refuses what would make the path another one.
func (c *Client) checkID(operation, id string) error {
	if id == "" || id == "." || id == ".." {
		return c.gateway.NotSent(operation, fmt.Errorf("an id is needed, not %q", id))
	}
	return nil
}
