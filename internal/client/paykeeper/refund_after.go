package paykeeper

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// ErrNotLookedAt is in the error of a refund that the gateway has refused, where its payment
// could not be looked at afterwards.
var ErrNotLookedAt = errors.New("the payment's refunds could not be looked at afterwards")

var errAccepted = errors.New("the gateway has accepted the refund")

// after looks for the refund that was sent, and says what became of it.
func (r *refunding) after(ctx context.Context, open *openRefund, sent error) (*MadeRefund, error) {
	failure, _ := errors.AsType[*transport.Error](sent)
	isUnclear := sent != nil && transport.OutcomeOf(sent) == transport.Unclear
	isRefused := sent != nil && !isUnclear
	if isRefused && !isAnswer(failure) {
		return nil, sent // whatever is new is not ours
	}
	r.own.open = open // until it is known
	found, lookUp := r.lookFor(ctx, open, isRefused)
	if isRefused {
		// One that failed is what the gateway has said.
		found = slices.DeleteFunc(found, func(one Refund) bool { return one.IsFailed() })
	}
	switch {
	case len(found) == 1:
		r.own.open = nil
		r.own.add(&found[0])
		made := &MadeRefund{Refund: &found[0], Before: open.before, GivenBack: r.given, Paid: r.paid, IsInferred: isUnclear}
		if isRefused {
			made.Refused = failure
		}
		return made, nil
	case len(found) == 0 && isRefused:
		r.own.open = nil
		if lookUp != nil {
			sent = fmt.Errorf("%w; %w: %w", sent, ErrNotLookedAt, lookUp)
		}
		return nil, sent
	case len(found) == 0 && sent == nil:
		return &MadeRefund{Before: open.before, LookUp: lookUp, Paid: r.paid, Now: r.now}, nil
	case sent == nil:
		sent = r.client.gateway.Error(pathReverse, &transport.Error{Outcome: transport.Unclear, Cause: errAccepted})
	case isRefused:
		corrected := *failure
		corrected.Outcome = transport.Unclear
		sent = &corrected
	}
	return nil, &UnclearRefund{Before: open.before, Candidates: found, Err: sent, LookUp: lookUp, amount: r.Amount.Money()}
}

// isAnswer reports whether a refund that was not carried out came to the gateway at all.
func isAnswer(e *transport.Error) bool {
	return e != nil && e.Operation == pathReverse && e.Status != 0
}

// lookFor looks at once and, unless it was refused, for as long as the gateway may still be
// working on it. An end of the waiting is no error where the refunds could be read.
func (r *refunding) lookFor(ctx context.Context, open *openRefund, isRefused bool) ([]Refund, error) {
	isSeen := false
	find := func(ctx context.Context) (*[]Refund, error) {
		found, err := r.findNew(ctx, open)
		isSeen = isSeen || err == nil
		if found == nil {
			return nil, err
		}
		return &found, nil
	}
	found, err := find(ctx)
	if found == nil && !isRefused {
		found, err = transport.LookUp(ctx, r.client.gateway, find)
	}
	if found != nil {
		return *found, nil
	}
	if isSeen && ctx.Err() != nil {
		err = nil // the stop of the run says nothing about the refunds
	}
	return nil, err
}

// findNew returns the refunds that can be the one that was sent, nil for none.
func (r *refunding) findNew(ctx context.Context, open *openRefund) ([]Refund, error) {
	payment, refunds, err := r.client.paymentNow(ctx, r.PaymentID)
	if err != nil {
		return nil, err
	}
	r.now, r.given = payment, givenBack(refunds)
	return open.among(refunds, r.isHeld), nil
}

// givenBack adds up what was given back, or will be.
func givenBack(refunds []Refund) values.Decimal {
	var sum values.Decimal
	for i := range refunds {
		if !refunds[i].IsFailed() {
			sum.Decimal = sum.Add(refunds[i].Amount.Decimal)
		}
	}
	return sum
}

// refundsNow are the refunds of a payment, which says what an answer without a list means.
func (c *Client) refundsNow(ctx context.Context, paymentID string) ([]Refund, error) {
	_, refunds, err := c.paymentNow(ctx, paymentID)
	return refunds, err
}

func (c *Client) paymentNow(ctx context.Context, paymentID string) (*Payment, []Refund, error) {
	payment, err := c.FindPayment(ctx, paymentID)
	if err != nil {
		return nil, nil, err
	}
	if payment == nil {
		return nil, nil, c.gateway.Error(pathPayment, &transport.Error{Outcome: transport.Refused, Cause: fmt.Errorf("there is no payment %s", paymentID)})
	}
	refunds, err := c.Refunds(ctx, payment)
	return payment, refunds, err
}

// FindUnclearRefund looks for a refund that was sent in an earlier run, and whose answer was
// lost, or which was accepted and not shown. before are the ids that the payment had until
// then. It returns the refund, or all that can be it if there are several, or neither. Where no
// new one has its amount, the new ones of other amounts are returned: somebody else may have
// refunded a part while the whole was sent.
func (c *Client) FindUnclearRefund(ctx context.Context, request RefundRequest, before []string) (*Refund, []Refund, error) {
	refunds, err := c.refundsNow(ctx, request.PaymentID)
	if err != nil {
		return nil, nil, err
	}
	open := &openRefund{amount: request.Amount, login: c.login, before: before}
	fresh := open.fresh(refunds, func(one *Refund) bool { return request.IsHeld != nil && request.IsHeld(string(one.ID)) })
	found := open.ofAmount(fresh)
	switch len(found) {
	case 0:
		return nil, fresh, nil
	case 1:
		return &found[0], nil, nil
	}
	return nil, found, nil
}
