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

// NoteStored notes what the state holds. Terraform shows it whatever becomes of it:
// a plan of it, or a read, may never be asked for. The problem is that a new one pays
// the same, nil for none.
func (o Outgoing) NoteStored(run *Run) (problem diag.Diagnostic) {
	if _, found := run.outgoing.note(o.owner(), entry{Outgoing: o}); found {
		return o.twinOfStored()
	}
	return nil
}

// NoteFound notes that the gateway shows an unclear one under the id.
func (o Outgoing) NoteFound(run *Run, id string) {
	owner := o.owner()
	o.ID = id
	run.outgoing.note(owner, entry{Outgoing: o})
}

// RefuseReplacement reports whether a new refund or payout would replace one that was
// made, and adds an error that says so.
func (k *Kind) RefuseReplacement(ctx context.Context, data private.Reader, diags *diag.Diagnostics) bool {
	kept := ReadKept(ctx, data)
	if kept != "" {
		diags.Append(k.notReplaced(kept))
	}
	return kept != ""
}

// PlanNew reports whether a new one may be made, as far as the plan knows, and adds
// an error if not.
func (o Outgoing) PlanNew(ctx context.Context, run *Run, data private.Data, diags *diag.Diagnostics) bool {
	planned := entry{Outgoing: o, isNew: true}
	if unclear, found := run.outgoing.unclear(o.Kind); found && o.Key == "" {
		// It may be the unclear one itself, which is tainted.
		diags.Append(unclear.mayBeTheSame())
		return false
	}
	if left, found := run.outgoing.noteLeaving(planned); found {
		diags.Append(left.mayBeMadeAgain())
		return false
	}
	twin, found := run.outgoing.note(ownerOfNew(ctx, data), planned)
	if found {
		diags.Append(twin.twin())
	}
	return !found
}

// PlanStored adds an error if a new one pays what this stored one pays, or is going
// to pay by the plan.
func (o Outgoing) PlanStored(run *Run, planned Outgoing, diags *diag.Diagnostics) {
	if _, found := run.outgoing.note(o.owner(), entry{Outgoing: o, plannedKey: planned.Key}); found {
		diags.Append(o.twinOfStored())
	}
}

// PlanDestroy refuses to forget one that was made, or may have been, or that a new
// one may be under another name. Else it adds the warning.
func (o Outgoing) PlanDestroy(run *Run, warning diag.Diagnostic, diags *diag.Diagnostics) {
	if o.refuseToForget(warning, diags) {
		return
	}
	if _, found := run.outgoing.noteLeaving(entry{Outgoing: o, isLeaving: true}); found {
		diags.Append(o.mayBeMadeAgain())
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

// RefuseChange adds an error for an attribute that changes.
func (o Outgoing) RefuseChange(attribute path.Path, diags *diag.Diagnostics) {
	diags.Append(o.notChanged(attribute))
}

// Sending is a refund or a payout that is being sent.
type Sending struct {
	register *register
	owner    string
}

// Send looks at a new one again before it is sent: what was unknown while planning
// is known now. It adds an error if another one pays the same.
func (o Outgoing) Send(ctx context.Context, run *Run, diags *diag.Diagnostics) *Sending {
	owner := ownerOfCreated(ctx)
	if twin, found := run.outgoing.note(owner, entry{Outgoing: o, isNew: true}); found {
		diags.Append(twin.twin())
	}
	return &Sending{&run.outgoing, owner}
}

// NoteMade notes what was made, or may have been.
func (s *Sending) NoteMade(made Outgoing) { s.register.note(s.owner, entry{Outgoing: made}) }

// NoteNotMade notes that nothing was made.
func (s *Sending) NoteNotMade() { s.register.forget(s.owner) }
