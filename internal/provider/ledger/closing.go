package ledger

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// An action closes what Terraform does not manage. What it manages would be missing at the next
// plan, and be issued again.

// PlanClose notes that an action is to close an object. It adds an error, and returns false, if
// the state holds the object, as far as this is known.
func (r *Run) PlanClose(at path.Path, kind, id string, diags *diag.Diagnostics) bool {
	r.closings.set(idKey(kind, id), true)
	return r.MayClose(at, kind, id, diags)
}

// PlanCloseUnknown notes that an action is to close an object that the plan does not know: it has
// one of some kinds. It adds an error if the state holds an open one of them. The apply
// would not see that, since it reads only what changes.
func (r *Run) PlanCloseUnknown(at path.Path, kinds []string, diags *diag.Diagnostics) {
	for _, kind := range kinds {
		r.openClosings.set(kind, true)
	}
	for _, kind := range kinds {
		if id := r.open.of(kind); id != "" {
			diags.Append(diag.WithPath(at, mayBeClosed(kind, id)))
			return
		}
	}
}

// noteHeld notes an object that the state holds. It returns an error if an action of the plan is
// to close it, or may be.
func (r *Run) noteHeld(kind, id string, isOpen bool) diag.Diagnostic {
	object := idKey(kind, id)
	r.held.set(object, true)
	if isOpen {
		r.open.set(kind, id)
	}
	switch {
	case r.closings.of(object):
		return heldByState(kind, id)
	case isOpen && r.openClosings.of(kind):
		return mayBeClosed(kind, id)
	}
	return nil
}

// overStatuses are those of what nobody can pay any more, so that no action closes it. A status
// that is not here may be open. Those of paid objects are for states without "paid".
var overStatuses = []string{"paid", "successful", "refunded", "closed", "canceled", "expired", "fail", "failed", "error"}

// MayClose reports whether an action may close an object. It adds an error if Terraform manages
// it.
func (r *Run) MayClose(at path.Path, kind, id string, diags *diag.Diagnostics) bool {
	object := idKey(kind, id)
	switch {
	case r.held.of(object):
		diags.Append(diag.WithPath(at, heldByState(kind, id)))
	case r.issued.of(object), r.adopted.of(object):
		diags.AddAttributeError(at, "Terraform manages what the action was to close",
			fmt.Sprintf("A resource has issued or adopted %s %s in this run. Nothing was closed. %s", kind, id, destroyInstead))
	default:
		return true
	}
	return false
}

// mayBeClosed says that an action whose object the plan does not know may close this object.
func mayBeClosed(kind, id string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("An action may close what Terraform manages",
		fmt.Sprintf("The plan does not know yet what an action is to close. The state holds open objects, such as %s %s. It may be one of them, and the apply would not see that. Nothing was closed. "+
			"Make the gateway and the id known in the plan: first apply what they come from (-target), without the action. If that has issued what is to be closed, take it out or destroy it instead.", kind, id))
}

const destroyInstead = "The next plan would find it missing, and issue another one. To close it, take its resource out of the configuration, or destroy that."

func heldByState(kind, id string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Terraform manages what the action was to close",
		fmt.Sprintf("The state holds %s %s, and an action was to close it. Nothing was closed. %s", kind, id, destroyInstead))
}
