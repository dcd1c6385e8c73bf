package paykeeper

import (
	"strings"
	"sync"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// ownRefunds is what this client has done about refunds since it was made, by payments.
type ownRefunds struct {
	mu        sync.Mutex
	byPayment map[string]*paymentRefunds
}

// paymentRefunds is what this client has done about one payment. It is used under the
// payment's lock.
type paymentRefunds struct {
	// ids are the refunds that the client has made or found there.
	ids map[string]bool
	// open was sent, and is not found among the refunds yet.
	open *openRefund
}

// openRefund is a refund whose id is not known.
type openRefund struct {
	amount values.Decimal
	login  string // that sent it
	before []string
}

func (o *ownRefunds) of(paymentID string) *paymentRefunds {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.byPayment == nil {
		o.byPayment = map[string]*paymentRefunds{}
	}
	id := values.PlainID(paymentID)
	if o.byPayment[id] == nil {
		o.byPayment[id] = &paymentRefunds{ids: map[string]bool{}}
	}
	return o.byPayment[id]
}

func (p *paymentRefunds) add(r *Refund) { p.ids[values.PlainID(string(r.ID))] = true }

func (p *paymentRefunds) has(r *Refund) bool { return p.ids[values.PlainID(string(r.ID))] }

// close finds the open refund among those that nobody has. It stays open where none of them
// can be it, or several can.
func (p *paymentRefunds) close(refunds []Refund, isHeld func(*Refund) bool) {
	if p.open == nil {
		return
	}
	if found := p.open.among(refunds, isHeld); len(found) == 1 {
		p.add(&found[0])
		p.open = nil
	}
}

// among are the refunds that can be it: those of its amount that were not there before, and
// that nobody has, whatever became of them.
func (o *openRefund) among(refunds []Refund, isHeld func(*Refund) bool) []Refund {
	return o.ofAmount(o.fresh(refunds, isHeld))
}

// fresh are the refunds that were not there before, and that nobody has.
func (o *openRefund) fresh(refunds []Refund, isHeld func(*Refund) bool) (fresh []Refund) {
	old := make(map[string]bool, len(o.before))
	for _, id := range o.before {
		old[values.PlainID(id)] = true
	}
	for i := range refunds {
		if one := &refunds[i]; !old[values.PlainID(string(one.ID))] && !isHeld(one) {
			fresh = append(fresh, *one)
		}
	}
	return fresh
}

// ofAmount leaves out what somebody else has tried in vain: taken for it, that would let it be
// sent again.
func (o *openRefund) ofAmount(refunds []Refund) (found []Refund) {
	for i := range refunds {
		one := &refunds[i]
		isOthers := one.User != "" && !strings.EqualFold(string(one.User), o.login)
		if one.Amount.Equal(o.amount.Decimal) && (!one.IsFailed() || !isOthers) {
			found = append(found, *one)
		}
	}
	return found
}
