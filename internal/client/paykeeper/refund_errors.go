package paykeeper

import (
	"fmt"
	"strings"
)

// RefusalKind is why a refund was not sent.
type RefusalKind int

const (
	// RefusedNoPayment means that the gateway knows no such payment.
	RefusedNoPayment RefusalKind = iota + 1
	// RefusedStatus means that the status of the payment does not let it be refunded.
	RefusedStatus
	// RefusedUnderWay means that another refund of the payment is not over, or may be under way.
	RefusedUnderWay
	// RefusedListBehind means that the payment says more than the list of its refunds.
	RefusedListBehind
	// RefusedTooMuch means that less is left than the refund asks for.
	RefusedTooMuch
	// RefusedThere means that it is there already and may not be taken, or several may be it.
	RefusedThere
	// RefusedTooEarly means that the refunds that come before it are not there yet.
	RefusedTooEarly
)

// RefundRefusal is why this client did not send a refund. Nothing was sent.
type RefundRefusal struct { //nolint:errname // it is named for what it is about
	Kind    RefusalKind
	Payment *Payment // as it was seen; nil if there is none
	Refunds []Refund // those that the refusal is about
	// IsDoubtful reports whether nothing says if one of those that are there is the one.
	IsDoubtful bool
	// Next is the sequence of a refund that comes after all that are there.
	Next   int
	reason string
}

func (r *RefundRefusal) Error() string { return withRefunds(r.reason, r.Refunds) }

// UnclearRefund is a refund that was sent, and of which nobody knows what became.
type UnclearRefund struct { //nolint:errname // it is named for what it is about
	// Before are the ids of the refunds that the payment had before it was sent.
	Before []string
	// Candidates are the new ones of the same amount, if there are several.
	Candidates []Refund
	// Err is what came instead of an answer, and LookUp why the refunds could not be read.
	Err, LookUp error
	amount      string
}

func (u *UnclearRefund) Error() string {
	switch {
	case len(u.Candidates) > 0:
		return withRefunds(fmt.Sprintf("%s; %d refunds of %s have appeared since, and nothing says which of them it is", u.Err, len(u.Candidates), u.amount), u.Candidates)
	case u.LookUp != nil:
		return fmt.Sprintf("%s; the payment's refunds could not be looked at afterwards: %s", u.Err, u.LookUp)
	}
	return fmt.Sprintf("%s; the payment's refunds were looked at afterwards, and no new one of %s is among them yet", u.Err, u.amount)
}

func (u *UnclearRefund) Unwrap() error { return u.Err }

func withRefunds(text string, refunds []Refund) string {
	if len(refunds) == 0 {
		return text
	}
	lines := make([]string, len(refunds))
	for i := range refunds {
		lines[i] = refunds[i].String()
	}
	return text + ": " + strings.Join(lines, "; ")
}
