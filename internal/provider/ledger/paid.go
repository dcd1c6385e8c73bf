package ledger

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// paidObject turned out to be paid when Terraform wanted to withdraw it.
type paidObject struct{ name, importID string }

// NotePaidMeanwhile notes an object that turned out to be paid when Terraform wanted to
// withdraw it. The plan did not know, and a replacement would ask for the money a second
// time. orderID is "" if the merchant gave none.
func (r *Run) NotePaidMeanwhile(kind, orderID, name, importID string) {
	r.paid.set(key{kind, orderID}, paidObject{name, importID})
}

// RefusePaidMeanwhile reports whether an object of the same order was paid meanwhile. If
// orderID is "", that is any object without one. It adds an error if so.
func (r *Run) RefusePaidMeanwhile(kind, orderID string, diags *diag.Diagnostics) bool {
	paid := r.paid.of(key{kind, orderID})
	isPaid := paid != paidObject{}
	if isPaid {
		diags.AddAttributeError(path.Root("order_id"), "The order has been paid meanwhile",
			fmt.Sprintf("This run was about to withdraw the %s, but it has been paid since the plan was made. Nothing was issued: a new one would ask for the money a second time. "+
				"If this one was to replace it, take it out of the configuration. If it is the same one under another name, import it: import { to = <its address>, id = %q }. "+
				"Only if it is about something else, apply again.", paid.name, paid.importID))
	}
	return isPaid
}

// RefusePaidReplacement reports whether a planned object would replace a paid one. It adds
// an error if so.
func RefusePaidReplacement(ctx context.Context, noun string, data private.Reader, diags *diag.Diagnostics) bool {
	isPaid := private.ReadFlag(ctx, data, privatePaid)
	if isPaid {
		diags.AddError("A paid "+noun+" cannot be replaced",
			fmt.Sprintf("The %s %s has been paid; replacing it would ask for the money a second time. Nothing was sent. Either:\n"+
				"- take away what replaces it: -replace, or replace_triggered_by in its lifecycle block;\n"+
				"- add a new resource, with another order_id, for a further %s; or\n"+
				"- let Terraform forget this one: %s", noun, ReadReplaced(ctx, data), noun, forgetPaid))
	}
	return isPaid
}

// RefusePaidChange adds an error about an attribute of a paid object that changes.
func RefusePaidChange(attribute path.Path, noun, name string, diags *diag.Diagnostics) {
	diags.AddAttributeError(attribute, "A paid "+noun+" cannot be changed",
		fmt.Sprintf("The %s has been paid; another one in its place would ask for the money a second time. Nothing was sent. Either:\n"+
			"- put %s back to what was applied;\n"+
			"- add a new resource, with another order_id, for a further %s; or\n"+
			"- let Terraform forget this one: %s", name, attribute, noun, forgetPaid))
}

// RefusePaidDestroy adds an error if the destroy of a paid object is half of a replacement.
func RefusePaidDestroy(why DestroyReason, noun, name string, diags *diag.Diagnostics) {
	switch why {
	case DestroyPlanned:
	case DestroyBeforeSuccessor:
		diags.AddError("A paid "+noun+" cannot be replaced",
			fmt.Sprintf("The %s has been paid, and Terraform was about to replace it: it is tainted, by hand or by a failed provisioner, or it was paid after the plan was made. "+
				"Nothing was issued, and it stays in the state: another one would ask for the money a second time. "+
				"If it is tainted, keep it: "+Untaint+". If its configuration changed, put that back.", name))
	case DestroyAfterSuccessor:
		diags.AddError("A paid "+noun+" was replaced",
			fmt.Sprintf("The %s has been paid, and its successor has been issued already, since create_before_destroy issues it first: the old one was tainted, or it was paid after the plan was made. "+
				"If both are for the same order, take the new one out of the configuration and apply: that withdraws it. "+
				"The paid one stays in the state until the next apply, which only forgets it. Note its id: a refund needs it.", name))
	}
}

// half is one of the two halves of a rename: a paid object is forgotten, or a new one of
// its order is issued.
type half struct {
	order key
	isNew bool
}

// MatchPaidWithNew notes one half, and reports whether the other half was noted before.
func (r *Run) MatchPaidWithNew(kind, orderID string, isNew bool) bool {
	order := key{kind, orderID}
	r.halves.set(half{order, isNew}, true)
	return r.halves.of(half{order, !isNew})
}
