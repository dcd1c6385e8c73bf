package paykeeper

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// refundable is a payment with its refunds, and what follows from them for a request.
type refundable struct {
	payment *Payment
	refunds []Refund
	// there is the refund that the request asks for, if it exists.
	there   *Refund
	refusal *RefundRefusal
	// isOurs reports whether the refusal is about a refund that this client has made, and
	// that will be over soon.
	isOurs bool
}

// before looks at the payment before anything is sent. While a refund of our own is under
// way, it looks again.
func (r *refunding) before(ctx context.Context) (*refundable, error) {
	seen, err := r.look(ctx)
	if err != nil || !seen.isOurs {
		return seen, err
	}
	later, err := transport.LookUp(ctx, r.client.gateway, func(ctx context.Context) (*refundable, error) {
		again, err := r.look(ctx)
		if err != nil {
			return nil, err
		}
		if seen = again; again.isOurs {
			return nil, nil
		}
		return again, nil
	})
	if later != nil {
		return later, nil
	}
	if err == nil {
		err = context.Cause(ctx) // a stop may come while a look is under way
	}
	if _, isCall := errors.AsType[*transport.Error](err); err != nil && !isCall {
		err = r.client.gateway.NotSent(pathReverse, err) // the run was stopped
	}
	return seen, err
}

func (r *refunding) look(ctx context.Context) (*refundable, error) {
	payment, err := r.client.FindPayment(ctx, r.PaymentID)
	if err != nil {
		return nil, err
	}
	if payment == nil {
		return &refundable{refusal: &RefundRefusal{Kind: RefusedNoPayment, reason: "there is no payment " + r.PaymentID}}, nil
	}
	refunds, err := r.client.Refunds(ctx, payment)
	if err != nil {
		return nil, err
	}
	seen := &refundable{payment: payment, refunds: refunds}
	r.own.close(refunds, r.isHeld)
	if r.judgeThere(seen); seen.there == nil && seen.refusal == nil {
		r.judge(seen)
	}
	return seen, nil
}

func (r *refunding) refuse(seen *refundable, kind RefusalKind, about []Refund, format string, arguments ...any) {
	seen.refusal = &RefundRefusal{Kind: kind, Payment: seen.payment, Refunds: about, Next: len(seen.refunds) + 1, reason: fmt.Sprintf(format, arguments...)}
}

// judgeThere looks for the refund itself: one from a run that was killed after it was sent,
// or one that was forgotten. An apply does not see what the state holds and the plan leaves
// alone, so the sequence has to tell it from the refunds that others have.
func (r *refunding) judgeThere(seen *refundable) {
	if r.own.open != nil {
		r.refuse(seen, RefusedUnderWay, nil, "another refund of payment %s, of %s, was sent in this run, and is not among its refunds yet", seen.payment.ID, r.own.open.amount.Money())
		seen.isOurs = true
		return
	}
	mine, doubtful := r.numbered(seen.refunds)
	switch all, amount := int64(len(seen.refunds)), r.Amount.Money(); {
	case all < r.Sequence-1:
		r.refuse(seen, RefusedTooEarly, nil, "sequence = %d needs %d of the refunds of payment %s before it, and %d are there", r.Sequence, r.Sequence-1, seen.payment.ID, all)
	case len(doubtful) > 0:
		r.refuse(seen, RefusedThere, append(mine, doubtful...), "payment %s has refunds of %s already, and nothing says whether one of them is this one, number %d (sequence)", seen.payment.ID, amount, r.Sequence)
		seen.refusal.IsDoubtful = true
	case len(mine) == 0: // it is not made yet
	case !r.Adopt:
		r.refuse(seen, RefusedThere, mine, "payment %s has a refund of %s already", seen.payment.ID, amount)
	default:
		seen.there = &mine[0]
	}
}

// numbered returns the refund that has the number that the sequence says, and those that may
// have it. The sequence counts the refunds of the payment that have this amount, or all of
// them: both are usual. It counts one that failed, unless that one was made again.
//
// The number among those of the amount decides, where it is the same with those that failed
// and without. The number among all is only a doubt: under the other way to count, the refund
// is somebody else's.
func (r *refunding) numbered(refunds []Refund) (mine, doubtful []Refund) {
	var free []Refund
	var ofAmount, ofAmountNotFailed, notFailed int64
	for i := range refunds {
		one := &refunds[i]
		isSame := one.Amount.Equal(r.Amount.Decimal)
		if isSame {
			ofAmount++
		}
		if one.IsFailed() {
			continue
		}
		notFailed++
		if !isSame {
			continue
		}
		ofAmountNotFailed++
		if r.isHeld(one) {
			continue
		}
		free = append(free, *one)
		switch n := r.Sequence; {
		case ofAmount == n && ofAmountNotFailed == n:
			mine = append(mine, *one)
		case ofAmount == n, ofAmountNotFailed == n, int64(i+1) == n, notFailed == n:
			doubtful = append(doubtful, *one)
		}
	}
	if len(mine) == 0 && ofAmountNotFailed >= r.Sequence {
		doubtful = free // another has its number, so the numbers say nothing
	}
	return mine, doubtful
}

// waitForTurn waits for the refunds of the payment that come before this one, and reports
// whether they are there. This run may make them, in any order. Later runs know a refund by its
// number alone: made before its turn, it would be taken for an earlier one.
func (r *refunding) waitForTurn(ctx context.Context) bool {
	come, _ := transport.LookUp(ctx, r.client.gateway, func(ctx context.Context) (*[]Refund, error) {
		refunds, err := r.client.refundsNow(ctx, r.PaymentID)
		if err != nil || int64(len(refunds)) < r.Sequence-1 {
			return nil, err
		}
		return &refunds, nil
	})
	return come != nil
}

// judge says why the payment cannot give back so much now.
func (r *refunding) judge(seen *refundable) {
	p := seen.payment
	var pending, done []Refund
	listed, isOurs := values.Decimal{}, len(r.own.ids) > 0
	for i := range seen.refunds {
		switch one := seen.refunds[i]; {
		case one.IsDone():
			done = append(done, one)
			listed.Decimal = listed.Add(one.Amount.Decimal)
		case !one.isOver():
			pending = append(pending, one)
			isOurs = isOurs && r.own.has(&one)
		}
	}
	given := values.Decimal{Decimal: decimal.Max(p.RefundAmount.Decimal, listed.Decimal)}
	left := values.Decimal{Decimal: p.Amount.Sub(given.Decimal)}
	switch {
	case len(pending) > 0:
		r.refuse(seen, RefusedUnderWay, pending, "payment %s is %q, and another refund of it is not over", p.ID, p.Status)
		seen.isOurs = isOurs
	case p.Status == PaymentRefunding:
		r.refuse(seen, RefusedUnderWay, nil, "payment %s is %q: another refund of it is not over", p.ID, p.Status)
		seen.isOurs = isOurs
	case !p.CanBeRefunded():
		r.refuse(seen, RefusedStatus, done, "payment %s is %q (%s paid, %s given back), and nothing is given back of such a payment", p.ID, p.Status, p.Amount.Money(), given.Money())
	case p.RefundAmount.GreaterThan(listed.Decimal), p.Status == PaymentPartiallyRefunded && len(done) == 0:
		r.refuse(seen, RefusedListBehind, done, "payment %s is %q with %s given back, and its refunds add up to %s: the list is behind", p.ID, p.Status, p.RefundAmount.Money(), listed.Money())
	case r.Amount.GreaterThan(left.Decimal):
		r.refuse(seen, RefusedTooMuch, done, "payment %s is of %s, of which %s are given back and %s are left, and the refund is of %s", p.ID, p.Amount.Money(), given.Money(), left.Money(), r.Amount.Money())
	}
}
