// Package ledger is what the resources of one run know of each other: which keys and
// orders are taken, what was issued, adopted or paid meanwhile, and money that went out.
package ledger

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/keylock"
)

// Run is what the resources of one provider instance, so of one plan or apply,
// have to know of each other. Its zero value is ready for use.
type Run struct {
	locks keylock.Locks

	mu sync.Mutex // for all that follows
	// adopted and issued hold objects by their ids, in one spelling.
	adopted, issued set[key]
	// claims holds the order ids of what this run plans.
	claims map[key]claim
	// unclear holds the orders of unclear objects, with the times of their creations.
	unclear map[key]time.Time
	// paid holds what turned out to be paid in this run.
	paid map[key]paidObject
	// halves holds the orders of paid objects that are forgotten, and of new ones.
	halves set[half]
	// destroys holds the owners whose destroy this run planned.
	destroys        set[string]
	hasEmptyHistory bool
	outgoing        register
}

// key names an object by its kind and its id or order id. A kind is a gateway, or
// what only one gateway has, such as a terminal.
type key struct{ kind, id string }

// idKey is the same however the gateway spells the id this time.
func idKey(kind, id string) key { return key{kind, values.PlainID(id)} }

// set is a set whose zero value is ready for use.
type set[K comparable] map[K]bool

func (s *set[K]) add(k K) {
	if *s == nil {
		*s = set[K]{}
	}
	(*s)[k] = true
}

// Lock makes the caller the only one that works on a key of ours, until it calls
// unlock: two resources with one alias must not both find it free. It gives up when
// the context ends; nothing has been sent then.
func (r *Run) Lock(ctx context.Context, kind, id string) (unlock func(), err error) {
	unlock, err = r.locks.Lock(ctx, kind+" "+id)
	if err != nil {
		return nil, fmt.Errorf("nothing was sent: the run ended while another resource was working on %s %q: %w", kind, id, err)
	}
	return unlock, nil
}
