package ledger

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// The rules for money that goes out. It is sent once: never a second time under
// another name, never in place of another, and Terraform does not forget it by
// accident.

// NoteStored notes one that the state holds. Terraform shows it whatever becomes of
// it: a plan of it, or a read, may never be asked for. It returns what is wrong when
// a new one pays the same, else nil.
func (r *Run) NoteStored(one Outgoing) (problem diag.Diagnostic) {
	if _, found := r.outgoing.note(one.owner(), entry{Outgoing: one}); found {
		return one.twinOfStored()
	}
	return nil
}

// NoteFound notes that an unclear one was found, under the id.
func (r *Run) NoteFound(one Outgoing, id string) {
	owner := one.owner()
	one.ID = id
	r.outgoing.note(owner, entry{Outgoing: one})
}

// RefuseReplacement reports whether a planned one would replace one that was made,
// and adds an error that says so.
func (k *Kind) RefuseReplacement(ctx context.Context, data private.Reader, diags *diag.Diagnostics) bool {
	kept := ReadKept(ctx, data)
	if kept != "" {
		diags.Append(k.notReplaced(kept))
	}
	return kept != ""
}

// PlanNew reports whether one may be made, as far as the plan knows, and adds an
// error if not.
func (r *Run) PlanNew(ctx context.Context, one Outgoing, data private.Data, diags *diag.Diagnostics) bool {
	planned := entry{Outgoing: one, isNew: true}
	if unclear, found := r.outgoing.unclear(one.Kind); found && one.Key == "" {
		// It may be the unclear one itself, which is tainted.
		diags.Append(unclear.mayBeTheSame())
		return false
	}
	if left, found := r.outgoing.noteLeaving(planned); found {
		diags.Append(left.mayBeMadeAgain())
		return false
	}
	twin, found := r.outgoing.note(ownerOfNew(ctx, data), planned)
	if found {
		diags.Append(twin.twin())
	}
	return !found
}

// PlanStored refuses a new one that pays what a stored one pays, or what the plan has
// it pay.
func (r *Run) PlanStored(stored, planned Outgoing, diags *diag.Diagnostics) {
	if _, found := r.outgoing.note(stored.owner(), entry{Outgoing: stored, plannedKey: planned.Key}); found {
		diags.Append(stored.twinOfStored())
	}
}

// PlanDestroy refuses to forget one that was made, or may have been, or that a new
// one may be under another name. Else it adds the warning.
func (r *Run) PlanDestroy(one Outgoing, warning diag.Diagnostic, diags *diag.Diagnostics) {
	if one.refuseToForget(warning, diags) {
		return
	}
	if _, found := r.outgoing.noteLeaving(entry{Outgoing: one, isLeaving: true}); found {
		diags.Append(one.mayBeMadeAgain())
	}
}

// RefuseDestroy reports whether one must not be destroyed after all, and adds an
// error that says why, or else the warning. data is that of the plan. Half of a
// replacement has none: no plan was asked whether it may be destroyed.
func (o Outgoing) RefuseDestroy(ctx context.Context, warning diag.Diagnostic, data private.Reader, diags *diag.Diagnostics) bool {
	if !o.IsUnclear && !o.IsFailed && !private.ReadFlag(ctx, data, privateDestroy) {
		diags.Append(o.Kind.notReplaced(o.Name()))
		return true
	}
	return o.refuseToForget(warning, diags)
}

func (o Outgoing) refuseToForget(warning diag.Diagnostic, diags *diag.Diagnostics) bool {
	switch {
	case o.IsUnclear:
		diags.AddError(o.Kind.outcomeUnknown(), o.Kind.Unclear(o.About))
		return true
	case o.IsFailed:
		diags.AddWarning("A failed "+o.Kind.noun+" will be forgotten", "No money was sent by the "+o.Name()+".")
	case o.Protection.IsNull() || o.Protection.ValueBool():
		diags.Append(o.protected())
		return true
	default:
		diags.Append(warning)
	}
	return false
}

// RefuseChange adds an error for an attribute of one that was made.
func (o Outgoing) RefuseChange(attribute path.Path, diags *diag.Diagnostics) {
	diags.Append(o.notChanged(attribute))
}

// Sending is one that is being sent.
type Sending struct {
	register *register
	owner    string
}

// Send looks at one again before it is sent: what was unknown while planning is
// known now. It adds an error if another one pays the same.
func (r *Run) Send(ctx context.Context, one Outgoing, diags *diag.Diagnostics) Sending {
	owner := ownerOfCreated(ctx)
	if twin, found := r.outgoing.note(owner, entry{Outgoing: one, isNew: true}); found {
		diags.Append(twin.twin())
	}
	return Sending{&r.outgoing, owner}
}

// NoteMade notes what was made, or may have been.
func (s Sending) NoteMade(made Outgoing) { s.register.note(s.owner, entry{Outgoing: made}) }

// NoteNotMade notes that none was made.
func (s Sending) NoteNotMade() { s.register.forget(s.owner) }
