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

const destroyInstead = "The next plan would find it missing, and issue another one. To close it, take its resource out of the configuration, or destroy that."

func heldByState(kind, id string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Terraform manages what an action was to close",
		fmt.Sprintf("The state holds %s %s, and an action was to close it. Nothing was closed. %s", kind, id, destroyInstead))
}
