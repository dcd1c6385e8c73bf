// Package ledger holds what the resources of one run know of each other: which keys and
// orders are taken, what was issued, adopted or paid meanwhile, and which money goes out.
package ledger

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/keylock"
)

// Run is the ledger of one provider instance, so of one plan or apply.
type Run struct {
	settleTime      time.Duration
	locks           keylock.Locks
	adopted, issued notes[key, bool]      // by id
	held, closings  notes[key, bool]      // by id: in the state; to be closed by an action
	open            notes[string, string] // by kind: the id of one that the state holds
	openClosings    notes[string, bool]   // by kind: an action closes one, the plan does not know which
	claims          notes[key, claim]
	unclear         notes[key, timetypes.RFC3339] // when the creation was sent
	paid            notes[key, paidObject]
	halves          notes[half, bool]
	destroys        notes[string, bool] // by owner
	hasEmptyHistory atomic.Bool
	hasStaying      atomic.Bool // something that is destroyed stays at the gateway
	outgoing        register
}

// NewRun begins a run. settleTime is how long a gateway may keep working on a request
// that it did not answer.
func NewRun(settleTime time.Duration) *Run { return &Run{settleTime: settleTime} }

// key identifies an object by its kind and its id or order id. A kind is a gateway, or a
// noun that only one gateway has, such as a terminal.
type key struct{ kind, id string }

// idKey is the same however the gateway spells the id this time.
func idKey(kind, id string) key { return key{kind, values.PlainID(id)} }

// notes is a map for concurrent use. Its zero value is ready.
type notes[K comparable, V any] struct {
	mu  sync.Mutex
	all map[K]V
}

// of returns the note under a key, or the zero value.
func (n *notes[K, V]) of(k K) V {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.all[k]
}

func (n *notes[K, V]) set(k K, value V) { n.change(k, func(V) V { return value }) }

func (n *notes[K, V]) change(k K, change func(before V) V) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.all == nil {
		n.all = map[K]V{}
	}
	n.all[k] = change(n.all[k])
}

// Lock gives the caller sole use of a key until it calls unlock: two resources with one
// alias must not both find it free. It gives up when the context ends.
func (r *Run) Lock(ctx context.Context, kind, id string) (unlock func(), err error) {
	unlock, err = r.locks.Lock(ctx, kind+" "+id)
	if err != nil {
		return nil, fmt.Errorf("nothing was sent: the time was up, or the run ended, before it was the turn of %s %q: %w", kind, id, err)
	}
	return unlock, nil
}
