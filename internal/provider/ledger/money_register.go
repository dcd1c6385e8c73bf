package ledger

import (
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Outgoing is money that goes out: a refund or a payout. It is sent once.
type Outgoing struct {
	Kind   *Kind
	ID     string // by which it is imported; "" while there is none
	Status string
	// Key says what is paid: two with one key would pay it twice. It is "" while that
	// is not known.
	Key       string
	About     string // for messages, such as "500 for payment p-1"
	IsFailed  bool   // by the gateway's own word, it was not made
	IsPending bool   // it may still fail
	IsUnclear bool   // nobody knows whether it was made, unless it has an id
	// Protection is deletion_protection as the state has it, since a configuration
	// that is gone says nothing. Null protects: after an import, and in a state of an
	// older version.
	Protection types.Bool
}

// Name is how messages call it.
func (o Outgoing) Name() string {
	switch {
	case o.IsUnclear && o.ID == "":
		return o.Kind.noun + " of " + o.About + " (nobody knows whether it was made)"
	case o.ID == "":
		return o.Kind.noun + " of " + o.About
	}
	return fmt.Sprintf("%s %s of %s (status %q)", o.Kind.noun, o.ID, o.About, o.Status)
}

// KeptName is the name of one that must not be replaced, "" for one that may be: of
// what failed no money has moved.
func (o Outgoing) KeptName() string {
	if o.IsFailed {
		return ""
	}
	return o.Name()
}

// owner names a stored one in the register.
func (o Outgoing) owner() string {
	if o.IsUnclear || o.ID == "" {
		return "unclear " + o.Kind.noun + " " + o.Key
	}
	return "stored " + o.Kind.noun + " " + o.ID
}

// register is what one run knows of the money that goes out.
//
// Terraform shows refunds and payouts one by one and in any order: a stored one when
// its turn comes, which may be after a new one was planned. So each is noted when it
// is seen, and whichever of two comes second learns of the first.
type register struct {
	mu      sync.Mutex
	byOwner map[string]entry
	owners  map[key][]string
	// leaving are those that the plan forgets, and those new ones that have no key yet.
	leaving []entry
}

// entry is one in the register.
type entry struct {
	Outgoing
	plannedKey string // the key that a stored one is going to have
	isNew      bool   // about to be made
	isLeaving  bool   // made, and about to be forgotten
}

func (e entry) keys() []key {
	keys := []key{{e.Kind.noun, e.Key}, {e.Kind.noun, e.plannedKey}}
	return slices.DeleteFunc(keys, func(k key) bool { return k.id == "" })
}

// excludes reports whether one of two that pay the same must not be made. Two that
// exist both already are no matter.
func (e entry) excludes(other entry) bool {
	return !e.IsFailed && !other.IsFailed && (e.isNew || other.isNew)
}

// note remembers one, and returns another that pays the same when one of the two is
// about to be made.
func (r *register) note(owner string, one entry) (twin entry, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byOwner == nil {
		r.byOwner, r.owners = map[string]entry{}, map[key][]string{}
	}
	r.byOwner[owner] = one
	for _, k := range one.keys() {
		for _, other := range r.owners[k] {
			if before := r.byOwner[other]; other != owner && !found && one.excludes(before) {
				twin, found = before, true
			}
		}
		if !slices.Contains(r.owners[k], owner) {
			r.owners[k] = append(r.owners[k], owner)
		}
	}
	return twin, found
}

// noteLeaving remembers one that is about to be forgotten, or a new one without a
// key, and returns another: the new one may turn out to be the one that is left.
// A creation could not see that: Terraform may forget the old one afterwards.
func (r *register) noteLeaving(one entry) (other entry, found bool) {
	if one.IsFailed || !one.isLeaving && one.Key != "" {
		return entry{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.IndexFunc(r.leaving, func(other entry) bool { return other.Kind == one.Kind && other.isLeaving != one.isLeaving })
	r.leaving = append(r.leaving, one)
	if at < 0 {
		return entry{}, false
	}
	return r.leaving[at], true
}

// unclear returns one of which nobody knows whether it was made.
func (r *register) unclear(kind *Kind) (one entry, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.byOwner {
		if one.Kind == kind && one.IsUnclear && one.ID == "" {
			return one, true
		}
	}
	return entry{}, false
}

// forget notes that what was to be made was not.
func (r *register) forget(owner string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.byOwner[owner]
	one.IsFailed = true
	r.byOwner[owner] = one
}
