package ledger

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// paidObject is what turned out to be paid when it was to be withdrawn.
type paidObject struct{ name, importID string }

// NotePaid notes what turned out to be paid when it was to be withdrawn: the plan
// did not know, and whatever replaces it would ask for the money a second time.
// orderID is "" for one that has none of the merchant's own.
func (r *Run) NotePaid(kind, orderID, name, importID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paid == nil {
		r.paid = map[key]paidObject{}
	}
	r.paid[key{kind, orderID}] = paidObject{name, importID}
}

// RefusePaid reports whether something was paid meanwhile for the same order, or
// maybe for the same where there is none to tell by, and adds an error that says so.
func (r *Run) RefusePaid(kind, orderID string, diags *diag.Diagnostics) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	paid, isPaid := r.paid[key{kind, orderID}]
	if isPaid {
		diags.AddAttributeError(path.Root("order_id"), "The order has been paid meanwhile",
			fmt.Sprintf("In this run the %s was to be withdrawn, and turned out to be paid after the plan was made. Nothing was issued: it would ask for the money a second time. "+
				"If this one was to replace it, take it out of the configuration. If it is the same one under another name, import it: import { to = <its address>, id = %q }. "+
				"Only if it is about something else, apply again.", paid.name, paid.importID))
	}
	return isPaid
}

// RefusePaidReplacement adds an error where the destroy of a paid object is half of
// a replacement. name is how messages begin with it, noun what it is.
func RefusePaidReplacement(why Destroy, noun, name string, diags *diag.Diagnostics) {
	switch why {
	case DestroyPlanned:
	case DestroyBeforeSuccessor:
		diags.AddError("A paid "+noun+" is not replaced",
			fmt.Sprintf("%s has been paid, and Terraform was about to replace it: it was tainted, by hand or by a provisioner that failed, or it was paid after the plan was made. "+
				"Nothing was issued, and it stays in the state: another one would ask for the money a second time. "+
				"If it is tainted, keep it: "+Untaint+". If its configuration changed, put that back.", name))
	case DestroyAfterSuccessor:
		diags.AddError("A paid "+noun+" was replaced",
			fmt.Sprintf("%s has been paid, and its successor has been issued already, since create_before_destroy comes first: it was tainted, or it was paid after the plan was made. "+
				"If both are about the same order, take the new one out of the configuration and apply: that withdraws it. "+
				"The paid one stays in the state until the next apply, which only forgets it. Note its id: a refund needs it.", name))
	}
}

// half is one of two things that are planned for one order.
type half struct {
	order key
	isNew bool
}

// MatchPaidWithNew notes that a paid object is forgotten, or a new one issued, and
// reports whether the other half was noted for the same order.
func (r *Run) MatchPaidWithNew(kind, orderID string, isNew bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	order := key{kind, orderID}
	r.halves.add(half{order, isNew})
	return r.halves[half{order, !isNew}]
}
