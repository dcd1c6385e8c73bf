package provider

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// register is what one run knows of the money that goes out: refunds and payouts.
//
// Terraform shows them one by one and in any order: a stored one when its turn
// comes, which may be after a new one was planned. So each is noted when it is
// seen, and whichever of two comes second learns of the first.
type register struct {
	mu      sync.Mutex
	byOwner map[string]outgoing
	// leaving are those that the plan forgets, and those new ones that have no key yet.
	leaving []outgoing
	owners  map[string][]string // by key
}

// outgoing is a refund or a payout.
type outgoing struct {
	kind   string // refund or payout
	id     string // the gateway's; "" while there is none
	status string
	// keys say what is paid: two with one key would pay it twice. A stored one has
	// the key that it has, and the one that is planned for it.
	keys      []string
	about     string // for messages, such as "500 for payment p-1"
	isNew     bool   // about to be made
	isFailed  bool   // by the gateway's own word: it was not made
	isLeaving bool   // made, and about to be forgotten
	// isUnclear: nobody knows whether it was made, unless it was found since.
	isUnclear bool
}

// name is how messages call it.
func (o outgoing) name() string {
	switch {
	case o.isUnclear && o.id == "":
		return "of " + o.about + " (nobody knows whether it was made)"
	case o.id == "":
		return "of " + o.about
	}
	return fmt.Sprintf("%s of %s (status %q)", o.id, o.about, o.status)
}

// note remembers one, and returns another that pays the same when one of the two
// is about to be made. Two that exist both already are no matter.
func (r *register) note(owner string, one outgoing) (twin outgoing, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byOwner == nil {
		r.byOwner, r.owners = map[string]outgoing{}, map[string][]string{}
	}
	r.byOwner[owner] = one
	for _, key := range one.keys {
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

// noteLeaving remembers one that is about to be forgotten, or a new one without a
// key, and returns another: the new one may turn out to be the one that is left.
// A creation could not see that: Terraform may forget the old one afterwards.
func (r *register) noteLeaving(one outgoing) (other outgoing, found bool) {
	if one.isFailed || !one.isLeaving && len(one.keys) > 0 {
		return outgoing{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.IndexFunc(r.leaving, func(other outgoing) bool { return other.kind == one.kind && other.isLeaving != one.isLeaving })
	r.leaving = append(r.leaving, one)
	if at < 0 {
		return outgoing{}, false
	}
	return r.leaving[at], true
}

// mayBeMadeAgain is what a user reads about a new one that may be the same as one
// that the plan forgets. attribute is what is not known of it.
func mayBeMadeAgain(attribute, left string) string {
	return fmt.Sprintf("This plan forgets %s, and makes another one of which %s is not known yet: it may be the same one under another name. Nothing was sent. Either:\n%s\n"+
		"- write %s as a value that is known; or\n"+
		"- apply in two steps: first take the old one out, then add the new one.", left, attribute, renamedWay, attribute)
}

// excludes reports whether one of two that pay the same must not be made.
func (o outgoing) excludes(other outgoing) bool {
	return !o.isFailed && !other.isFailed && (o.isNew || other.isNew)
}

// unclear returns one of which nobody knows whether it was made. What is not
// known yet of a new one may be the same.
func (r *register) unclear(kind string) (one outgoing, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.byOwner {
		if one.kind == kind && one.isUnclear && one.id == "" {
			return one, true
		}
	}
	return outgoing{}, false
}

// forget is for what turned out not to be made.
func (r *register) forget(owner string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	one := r.byOwner[owner]
	one.isFailed = true
	r.byOwner[owner] = one
}

// owner names a stored object in the register.
func (o outgoing) owner() string {
	if o.isUnclear || o.id == "" {
		return "unclear " + strings.Join(o.keys, " ")
	}
	return "stored " + o.id
}

// ownerOfNew names a new object: its plan hands the name on to its creation.
func ownerOfNew(ctx context.Context, data private.Data) string {
	var owner string
	private.ReadJSON(ctx, data, privateClaim, &owner)
	if owner == "" {
		owner = "new " + rand.Text()
		_ = private.WriteJSON(ctx, data, privateClaim, owner)
	}
	return owner
}

// ownerOfCreated is the name that the plan gave to what is being created.
func ownerOfCreated(ctx context.Context) string {
	var owner string
	private.ReadJSON(ctx, plannedPrivateOf(ctx), privateClaim, &owner)
	if owner == "" {
		return "new " + rand.Text()
	}
	return owner
}

func amountKey(amount string) string {
	if number, err := values.ParseDecimal(amount); err == nil {
		return number.String()
	}
	return amount
}

// noteStored remembers what the state holds. Terraform shows it here whatever
// becomes of it: a plan of it, or a read, may never be asked for.
func (r *run) noteStored(typeName string, state []byte) *tfprotov6.Diagnostic {
	var one outgoing
	var complain func(stored outgoing) (summary, detail string)
	switch typeName {
	case "invoice_refund":
		var refund storedRefund
		if json.Unmarshal(state, &refund) != nil {
			return nil
		}
		one, complain = refund.outgoing(), twinOfStoredRefund
	case "invoice_invoice":
		var payout storedPayout
		if json.Unmarshal(state, &payout) != nil || !payout.isPayout() {
			return nil
		}
		one, complain = payout.outgoing(), twinOfStoredPayout
	default:
		return nil
	}
	if _, found := r.register.note(one.owner(), one); !found {
		return nil
	}
	summary, detail := complain(one)
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail}
}
