package ledger

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// Register is what one run knows of the money that goes out: refunds and payouts.
//
// Terraform shows them one by one and in any order: a stored one when its turn
// comes, which may be after a new one was planned. So each is noted when it is
// seen, and whichever of two comes second learns of the first.
type Register struct {
	mu      sync.Mutex
	byOwner map[string]Outgoing
	// leaving are those that the plan forgets, and those new ones that have no key yet.
	leaving []Outgoing
	owners  map[string][]string // by key
}

// Outgoing is a refund or a payout.
type Outgoing struct {
	Kind   string // refund or payout
	ID     string // the gateway's; "" while there is none
	Status string
	// Keys say what is paid: two with one key would pay it twice. A stored one has
	// the key that it has, and the one that is planned for it.
	Keys      []string
	About     string // for messages, such as "500 for payment p-1"
	IsNew     bool   // about to be made
	IsFailed  bool   // by the gateway's own word: it was not made
	IsLeaving bool   // made, and about to be forgotten
	// IsUnclear: nobody knows whether it was made, unless it was found since.
	IsUnclear bool
}

// Name is how messages call it.
func (o Outgoing) Name() string {
	switch {
	case o.IsUnclear && o.ID == "":
		return "of " + o.About + " (nobody knows whether it was made)"
	case o.ID == "":
		return "of " + o.About
	}
	return fmt.Sprintf("%s of %s (status %q)", o.ID, o.About, o.Status)
}

// Note remembers one, and returns another that pays the same when one of the two
// is about to be made. Two that exist both already are no matter.
func (r *Register) Note(owner string, one Outgoing) (twin Outgoing, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byOwner == nil {
		r.byOwner, r.owners = map[string]Outgoing{}, map[string][]string{}
	}
	r.byOwner[owner] = one
	for _, key := range one.Keys {
		for _, other := range r.owners[key] {
			if before := r.byOwner[other]; other != owner && !found && one.excludes(before) {
				twin, found = before, true
			}
		}
		if !slices.Contains(r.owners[key], owner) {
			r.owners[key] = append(r.owners[key], owner)
		}
	}
	return twin, found
}

// NoteLeaving remembers one that is about to be forgotten, or a new one without a
// key, and returns another: the new one may turn out to be the one that is left.
// A creation could not see that: Terraform may forget the old one afterwards.
func (r *Register) NoteLeaving(one Outgoing) (other Outgoing, found bool) {
	if one.IsFailed || !one.IsLeaving && len(one.Keys) > 0 {
		return Outgoing{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.IndexFunc(r.leaving, func(other Outgoing) bool { return other.Kind == one.Kind && other.IsLeaving != one.IsLeaving })
	r.leaving = append(r.leaving, one)
	if at < 0 {
		return Outgoing{}, false
	}
	return r.leaving[at], true
}

// MayBeMadeAgain is what a user reads about a new one that may be the same as one
// that the plan forgets. attribute is what is not known of it.
func MayBeMadeAgain(attribute, left string) string {
	return fmt.Sprintf("This plan forgets %s, and makes another one of which %s is not known yet: it may be the same one under another name. Nothing was sent. Either:\n%s\n"+
		"- write %s as a value that is known; or\n"+
		"- apply in two steps: first take the old one out, then add the new one.", left, attribute, RenamedWay, attribute)
}

// excludes reports whether one of two that pay the same must not be made.
func (o Outgoing) excludes(other Outgoing) bool {
	return !o.IsFailed && !other.IsFailed && (o.IsNew || other.IsNew)
}

// Unclear returns one of which nobody knows whether it was made. What is not
// known yet of a new one may be the same.
func (r *Register) Unclear(kind string) (one Outgoing, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.byOwner {
		if one.Kind == kind && one.IsUnclear && one.ID == "" {
			return one, true
		}
	}
	return Outgoing{}, false
}

// Forget is for what turned out not to be made.
func (r *Register) Forget(owner string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.byOwner[owner]
	one.IsFailed = true
	r.byOwner[owner] = one
}

// Owner names a stored object in the register.
func (o Outgoing) Owner() string {
	if o.IsUnclear || o.ID == "" {
		return "unclear " + strings.Join(o.Keys, " ")
	}
	return "stored " + o.ID
}

// OwnerOfNew names a new object: its plan hands the name on to its creation.
func OwnerOfNew(ctx context.Context, data private.Data) string {
	var owner string
	private.ReadJSON(ctx, data, privateClaim, &owner)
	if owner == "" {
		owner = "new " + rand.Text()
		_ = private.WriteJSON(ctx, data, privateClaim, owner)
	}
	return owner
}

// OwnerOfCreated is the name that the plan gave to what is being created.
func OwnerOfCreated(ctx context.Context) string {
	var owner string
	private.ReadJSON(ctx, plannedPrivateOf(ctx), privateClaim, &owner)
	if owner == "" {
		return "new " + rand.Text()
	}
	return owner
}

func AmountKey(amount string) string {
	if number, err := values.ParseDecimal(amount); err == nil {
		return number.String()
	}
	return amount
}
