package ledger

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Outgoing is a refund or a payout: money that goes out. It is sent once.
type Outgoing struct {
	Kind   *Kind
	ID     string // the import id; "" while there is none
	Status string
	// Key says what is paid. Two with one key would pay it twice. It is "" while part of
	// it is unknown.
	Key string
	// Source is what the money comes out of, where that gives nothing more while something that
	// came out of it is unclear; "" otherwise.
	Source string
	// Amount is the most that goes out. It is nil while that is not known, and of one that
	// is not about to be made.
	Amount   *values.Decimal
	Currency string // of the amount; "" is RUB
	// MayEqual reports whether this one, while it has no key, may turn out to have a key. The
	// apply of an action does not see what the state holds, and a resource that the apply
	// refuses is sent by the next one: so the plan has to ask.
	MayEqual  func(key string) bool
	About     string // for messages, such as "500 for payment p-1"
	IsFailed  bool   // the gateway says that it was not made
	IsPending bool   // it may still fail
	IsUnclear bool   // the creation was never answered; an ID says that it was found
	// ImportExample is an import id as one of this gateway has it; "" for that of the kind.
	ImportExample string
	// IsSought means that every plan looks for one that is unclear.
	IsSought bool
	// Protection is deletion_protection in the state, since the configuration may be
	// gone. Null protects too: an import and older versions leave it null.
	Protection types.Bool
}

// Name is what messages call it.
func (o Outgoing) Name() string {
	switch {
	case o.IsUnclear && o.ID == "":
		return o.Kind.noun + " of " + o.About + " (outcome unknown)"
	case o.ID == "":
		return o.Kind.noun + " of " + o.About
	}
	return fmt.Sprintf("%s %s of %s (status %q)", o.Kind.noun, o.ID, o.About, o.Status)
}

// KeptName is the name of one that must not be replaced. It is "" for one that failed,
// since no money has moved.
func (o Outgoing) KeptName() string {
	if o.IsFailed {
		return ""
	}
	return o.Name()
}

// owner identifies a stored one in the register.
func (o Outgoing) owner() string {
	if o.IsUnclear || o.ID == "" {
		return "unclear " + o.Kind.noun + " " + o.Key
	}
	return "stored " + o.Kind.noun + " " + o.ID
}

// register holds the refunds and payouts that one run has seen.
//
// Terraform plans them one by one and in any order: a stored one may come after a new
// one. So each is noted when it is seen, and the second of two finds the first.
type register struct {
	mu      sync.Mutex
	byOwner map[string]entry
	owners  map[key][]string
	// open holds the new ones whose key the plan does not know.
	open []entry
	// leaving holds those that the plan forgets, and the new ones without a key.
	leaving []entry
	// unsettled holds the stored ones that are unclear, and planned the new ones, by their sources.
	unsettled, planned map[string]entry
	// spending holds what the new ones come to.
	spending spending
}

type entry struct {
	Outgoing
	plannedKey string // the key that the plan gives to a stored one
	isNew      bool   // the plan makes it
	byAction   bool   // an action makes it, or has made it: it is in no state
	isPlanned  bool   // nothing has been sent for it yet
	isLeaving  bool   // the plan forgets it
}

func (e entry) keys() []key {
	keys := []key{{e.Kind.noun, e.Key}, {e.Kind.noun, e.plannedKey}}
	return slices.DeleteFunc(keys, func(k key) bool { return k.id == "" })
}

// excludes reports whether one of two with the same key must not be made. Two that were
// both made already are left alone.
func (e entry) excludes(other entry) bool {
	return !e.IsFailed && !other.IsFailed && (e.isNew || other.isNew)
}

// note remembers an entry, and returns another one with the same key if one of the two
// must not be made.
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
	for _, planned := range r.open {
		if !found && mayBeTwins(planned, one) {
			twin, found = planned, true
		}
	}
	return twin, found
}

// mayBeTwins reports whether an action and a resource may make the same one. The plan does not
// know the key of at least one of them.
func mayBeTwins(one, other entry) bool {
	isPair := one.Kind == other.Kind && one.byAction != other.byAction && !one.IsFailed && !other.IsFailed
	switch {
	case !isPair, one.Key != "" && other.Key != "":
		return false
	case one.Key != "":
		return other.MayEqual != nil && other.MayEqual(one.Key)
	case other.Key != "":
		return one.MayEqual != nil && one.MayEqual(other.Key)
	}
	return true
}

// noteOpen remembers a new one whose key the plan does not know. It returns another one that
// may be the same.
func (r *register) noteOpen(one entry) (other entry, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, other := range slices.Concat(r.open, slices.Collect(maps.Values(r.byOwner))) {
		if mayBeTwins(one, other) {
			return other, true
		}
	}
	r.open = append(r.open, one)
	return entry{}, false
}

// ownerOfInvoked returns the owner of an action that is being invoked. Some versions of
// Terraform plan it a second time, within the run that invokes it.
func (r *register) ownerOfInvoked(one Outgoing) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, owner := range r.owners[key{one.Kind.noun, one.Key}] {
		if planned := r.byOwner[owner]; planned.byAction && planned.isPlanned {
			planned.isPlanned = false
			r.byOwner[owner] = planned
			return owner
		}
	}
	return ownerOfAction()
}

// noteSource remembers a new one, or a stored one that is unclear. It returns one of the other
// sort that has the same source, if there is any. The stored one is noted when it is planned:
// by then it was looked for.
func (r *register) noteSource(one entry) (other entry, found bool) {
	if one.Source == "" || !one.isNew && (!one.IsUnclear || one.ID != "") {
		return entry{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.unsettled == nil {
		r.unsettled, r.planned = map[string]entry{}, map[string]entry{}
	}
	if one.isNew {
		r.planned[one.Source] = one
		other, found = r.unsettled[one.Source]
	} else {
		r.unsettled[one.Source] = one
		other, found = r.planned[one.Source]
	}
	return other, found
}

// noteLeaving remembers one that the plan forgets, or a new one without a key, and
// returns one of the other sort if there is any: the two may be the same one. The
// creation cannot see that, since Terraform may forget the old one afterwards.
func (r *register) noteLeaving(one entry) (other entry, found bool) {
	if one.IsFailed || !one.isLeaving && one.Key != "" {
		return entry{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, before := range r.leaving {
		if before.Kind == one.Kind && before.isLeaving != one.isLeaving && !found {
			other, found = before, true
		}
	}
	r.leaving = append(r.leaving, one)
	return other, found
}

// unclear returns one whose creation was never answered, if there is any.
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

// isHeld reports whether an owner other than this one has an id.
func (r *register) isHeld(kind *Kind, id, exceptOwner string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for owner, one := range r.byOwner {
		if one.Kind == kind && one.ID == id && owner != exceptOwner {
			return true
		}
	}
	return false
}

// markNotMade notes that the gateway did not make it.
func (r *register) markNotMade(owner string) {
	r.spending.release(owner)
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.byOwner[owner]
	one.IsFailed = true
	r.byOwner[owner] = one
}
