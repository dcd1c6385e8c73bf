package paykeeper

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Statuses of a refund.
const (
	RefundStarted = "started"
	RefundDone    = "done"
	RefundFailed  = "failed"
)

// Refund is one line of the list of a payment's refunds. Amounts are in roubles; the time is
// in the server's zone.
type Refund struct {
	ID        values.ID       `json:"id"`
	PaymentID values.ID       `json:"payment_id"`
	Number    values.Text     `json:"refund_number"`
	User      values.Text     `json:"user"` // the login that made it
	Amount    values.Decimal  `json:"-"`
	Remainder *values.Decimal `json:"-"` // what was left of the payment; nil where it does not say
	Created   values.Time     `json:"datetime"`
	Status    string          `json:"status"`
}

// IsPending reports whether the money is on its way back.
func (r *Refund) IsPending() bool { return r.Status == RefundStarted }

// IsDone reports whether the money was given back.
func (r *Refund) IsDone() bool { return r.Status == RefundDone }

// IsFailed reports whether no money was given back.
func (r *Refund) IsFailed() bool { return r.Status == RefundFailed }

// isOver reports whether nothing more becomes of it. A word that nobody knows does not say so.
func (r *Refund) isOver() bool { return r.IsDone() || r.IsFailed() }

// String is the refund in one line, for messages.
func (r *Refund) String() string {
	created := ""
	if !r.Created.IsZero() {
		created = r.Created.Format(time.RFC3339)
	}
	parts := []string{fmt.Sprintf("refund %s of %s", r.ID, r.Amount.Money()), r.Status, string(r.User), created}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ", ")
}

// Refunds lists the refunds of a payment, the oldest first. An empty answer, or one that is
// no list, is none only where the payment says that nothing was given back.
func (c *Client) Refunds(ctx context.Context, payment *Payment) ([]Refund, error) {
	body, answer, err := c.get(ctx, pathRefunds, url.Values{"id": {string(payment.ID)}})
	isNone := isNotFound(err, saysNoRefunds)
	if err != nil && !isNone {
		return nil, err
	}
	var refunds []Refund
	if !isNone {
		refunds, isNone, err = parseRefunds(body)
	}
	switch {
	case isNone && !payment.IsUntouched():
		doubt := fmt.Errorf("payment %s is %q with %s given back, but the gateway returns no list of its refunds", payment.ID, payment.Status, payment.RefundAmount.Money())
		if err != nil { // it is in the gateway's own words
			return nil, fmt.Errorf("%w; %w", err, doubt)
		}
		failure := answer.Unusable(doubt)
		if len(body) == 0 {
			failure.Cause = fmt.Errorf("%w: %w", doubt, ErrEmptyAnswer)
		}
		return nil, c.gateway.Error(pathRefunds, failure)
	case isNone:
		return []Refund{}, nil
	}
	for i := range refunds {
		one := &refunds[i]
		c.moveTimes(&one.Created)
		if err == nil && one.PaymentID != "" && !values.SameID(string(one.PaymentID), string(payment.ID)) {
			err = fmt.Errorf("refund %s is of payment %q, not %q", one.ID, one.PaymentID, payment.ID)
		}
	}
	if err != nil {
		return nil, c.unusable(pathRefunds, answer, err)
	}
	slices.SortStableFunc(refunds, oldestFirst)
	return withoutRepeats(refunds), nil
}

// withoutRepeats leaves out lines that the gateway shows twice.
func withoutRepeats(refunds []Refund) []Refund {
	seen := map[string]bool{}
	return slices.DeleteFunc(refunds, func(one Refund) bool {
		id := values.PlainID(string(one.ID))
		isRepeat := seen[id]
		seen[id] = true
		return isRepeat
	})
}

// NumberOf is the number of a refund among those of its payment that have its amount, the oldest
// first, those that failed too.
func NumberOf(id string, refunds []Refund) (number int64) {
	at := slices.IndexFunc(refunds, func(one Refund) bool { return values.SameID(string(one.ID), id) })
	for i := range at + 1 {
		if refunds[i].Amount.Equal(refunds[at].Amount.Decimal) {
			number++
		}
	}
	return number
}

// oldestFirst orders by time, and then by the ids as numbers.
func oldestFirst(a, b Refund) int {
	idA, idB := values.PlainID(string(a.ID)), values.PlainID(string(b.ID))
	return cmp.Or(a.Created.Compare(b.Created.Time), cmp.Compare(len(idA), len(idB)), cmp.Compare(idA, idB))
}

// parseRefunds reads a list, or the one refund that stands in its place. Nothing, and a
// document that is neither, may mean that there are none.
func parseRefunds(body []byte) (refunds []Refund, isNone bool, err error) {
	if len(body) == 0 {
		return nil, true, nil
	}
	var rows []json.RawMessage
	switch {
	case !json.Valid(body):
		return nil, false, errors.New("it is no JSON document")
	case body[0] == '[':
		err = json.Unmarshal(body, &rows)
	default:
		if hasNoID(body) {
			return nil, true, nil
		}
		rows = []json.RawMessage{body}
	}
	refunds = make([]Refund, len(rows))
	for i, row := range rows {
		if err == nil {
			refunds[i], err = parseRefund(row)
		}
	}
	if err != nil {
		return nil, false, err
	}
	return refunds, false, nil
}

// hasNoID reports whether a document cannot be a refund.
func hasNoID(body []byte) bool {
	var wire struct {
		ID json.RawMessage `json:"id"`
	}
	return json.Unmarshal(body, &wire) != nil || wire.ID == nil
}

// parseRefund reads a line. One whose amount cannot be read must not count as nothing.
func parseRefund(row []byte) (Refund, error) {
	var wire struct {
		Refund
		Amount    json.RawMessage `json:"amount"`
		Remainder json.RawMessage `json:"remainder"`
	}
	if err := json.Unmarshal(row, &wire); err != nil {
		return Refund{}, err
	}
	if wire.ID == "" {
		return Refund{}, errNoID
	}
	amount := values.ReadDecimal(wire.Amount)
	if amount == nil || amount.IsNegative() {
		return Refund{}, fmt.Errorf("refund %s has no amount that can be read", wire.ID)
	}
	wire.Refund.Amount, wire.Refund.Remainder = *amount, values.ReadDecimal(wire.Remainder)
	return wire.Refund, nil
}
