package paykeeper

import (
	"context"
	"errors"
	"net/url"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// OperationRefund is the call in errors.
const OperationRefund = pathReverse

// RefundRequest asks for money of a payment to be given back.
type RefundRequest struct {
	PaymentID string
	Amount    values.Decimal
	Cart      Cart
	// Sequence counts the refunds of one payment, all or those that have the same amount, from 1.
	Sequence int64
	// IsHeld reports whether something else has a refund, by its id.
	IsHeld func(refundID string) bool
	// Adopt reports whether a refund is taken that is there already.
	Adopt bool
}

// MadeRefund is a refund that the gateway has accepted, or that was there already.
type MadeRefund struct {
	// Refund is nil where it is accepted, and not among the payment's refunds yet.
	Refund *Refund
	// IsAdopted reports whether it was there already, and nothing was sent.
	IsAdopted bool
	// IsInferred reports whether no answer came, or none that can be read: the refund was found
	// among those of the payment.
	IsInferred bool
	// Refused is what the gateway said if it refused the refund, and shows it all the same.
	Refused *transport.Error
	// Before are the ids of the refunds that the payment had before it was sent.
	Before []string
	// LookUp is why the payment's refunds could not be read afterwards.
	LookUp error
	// GivenBack is what the payment's refunds come to afterwards, and Paid what was paid. The
	// first may be more: somebody else has refunded the payment at the same time.
	GivenBack, Paid values.Decimal
	// Now is the payment afterwards, where the refund is accepted and not shown; nil if it could
	// not be read.
	Now *Payment
}

// IsOfHeld reports whether the call was no refund: on a payment that was only held (a two-stage
// shop), it cancels the authorisation, or captures what is left.
func (m *MadeRefund) IsOfHeld() bool {
	return m.Refund == nil && m.Now != nil && (m.Now.Status == PaymentCanceled || m.Now.Amount.LessThan(m.Paid.Decimal))
}

// refunding is a request under way. It has the payment's lock.
type refunding struct {
	RefundRequest
	client *Client
	own    *paymentRefunds
	// paid is what was paid, and given what was given back when it was last looked at.
	paid, given values.Decimal
	now         *Payment
}

var errNoAmount = errors.New("the amount of a refund is positive, and in whole kopecks")

// CreateRefund gives money back. The payment and its refunds are looked at before anything is
// sent, and afterwards whatever came back: one new refund of the amount is the one that was
// sent. It is sent once.
//
// A [*RefundRefusal] is in the error where this client did not send it, and an
// [*UnclearRefund] where nobody knows what became of it.
func (c *Client) CreateRefund(ctx context.Context, request RefundRequest) (*MadeRefund, error) {
	if !request.Amount.IsPositive() || !request.Amount.Equal(request.Amount.Truncate(2)) {
		return nil, c.gateway.NotSent(pathReverse, errNoAmount)
	}
	r := &refunding{RefundRequest: request, client: c, own: c.refunds.of(request.PaymentID)}
	made, err := r.create(ctx)
	if refusal, isOurs := errors.AsType[*RefundRefusal](err); isOurs && refusal.Kind == RefusedTooEarly && r.waitForTurn(ctx) {
		return r.create(ctx)
	}
	return made, err
}

func (r *refunding) create(ctx context.Context) (*MadeRefund, error) {
	c := r.client
	unlock, err := c.gateway.Lock(ctx, pathReverse, "payment "+values.PlainID(r.PaymentID))
	if err != nil {
		return nil, err
	}
	defer unlock()
	seen, err := r.before(ctx)
	switch {
	case err != nil:
		return nil, asNotSent(err)
	case seen.refusal != nil:
		return nil, c.gateway.NotSent(pathReverse, seen.refusal)
	}
	open := &openRefund{amount: r.Amount, login: c.login, before: idsOf(seen.refunds)}
	if seen.there != nil {
		r.own.add(seen.there)
		return &MadeRefund{Refund: seen.there, IsAdopted: true, Before: open.before}, nil
	}
	r.paid = seen.payment.Amount
	form, err := r.form(seen)
	if err != nil {
		return nil, c.gateway.NotSent(pathReverse, err)
	}
	return r.after(ctx, open, r.reverse(ctx, open, form))
}

// asNotSent is the error of a look before anything was sent.
func asNotSent(err error) error {
	if e, ok := errors.AsType[*transport.Error](err); ok {
		corrected := *e
		corrected.Outcome = transport.NotDone
		return &corrected
	}
	return err
}

func idsOf(refunds []Refund) []string {
	ids := make([]string, len(refunds))
	for i := range refunds {
		ids[i] = string(refunds[i].ID)
	}
	return ids
}

func (r *refunding) isHeld(one *Refund) bool {
	return r.own.has(one) || r.IsHeld != nil && r.IsHeld(string(one.ID))
}

func (r *refunding) form(seen *refundable) (url.Values, error) {
	form := url.Values{"id": {string(seen.payment.ID)}, "amount": {r.Amount.StringFixed(2)}, "partial": {"true"}}
	// false may give back everything, whatever the amount says.
	if p := seen.payment; p.IsUntouched() && r.Amount.Equal(p.Amount.Decimal) {
		form.Set("partial", "false")
	}
	if len(r.Cart) > 0 {
		cart, err := plainJSON(r.Cart)
		if err != nil {
			return nil, err
		}
		form.Set("refund_cart", cart)
	}
	return form, nil
}

// reverse sends the refund. The answer has no id. What was refused because of its token is sent
// again, once, unless the payment has the refund all the same.
func (r *refunding) reverse(ctx context.Context, open *openRefund, form url.Values) error {
	c := r.client
	token, err := c.gateway.Token(ctx, c.token, "")
	if err != nil {
		return err
	}
	if err = c.reverse(ctx, form, token); !isStaleToken(err) {
		return err
	}
	found, lookUp := r.findNew(ctx, open)
	if found != nil || lookUp != nil {
		return err
	}
	if token, renewed := c.gateway.Token(ctx, c.token, token); renewed == nil {
		return c.reverse(ctx, form, token)
	}
	return err
}

func (c *Client) reverse(ctx context.Context, form url.Values, token string) error {
	body, answer, err := c.post(ctx, pathReverse, form, token)
	if err != nil {
		return err
	}
	if err := parseSuccess(body); err != nil {
		return c.unusable(pathReverse, answer, err)
	}
	return nil
}
