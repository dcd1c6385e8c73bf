package ledger

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// The guard of refunds and payouts. Each is sent once: never a second time under another
// name, and never as a replacement. Terraform does not forget one by accident.

// NoteStored notes one that the state holds, and returns an error if a new one has the
// same key. Terraform may neither plan nor read it afterwards.
func (o Outgoing) NoteStored(run *Run) (problem diag.Diagnostic) {
	if twin, found := run.outgoing.note(o.owner(), entry{Outgoing: o}); found {
		return o.repeatedBy(twin)
	}
	return nil
}

// NoteFound notes that the gateway shows an unclear one under an id.
func (o Outgoing) NoteFound(run *Run, id string) {
	owner := o.owner()
	o.ID = id
	run.outgoing.note(owner, entry{Outgoing: o})
}

// IsHeldByOther reports whether another resource of this run, or an action, has the one that
// the gateway has under an id.
func (o Outgoing) IsHeldByOther(run *Run, id string) bool {
	return run.outgoing.isHeld(o.Kind, id, o.owner())
}

// RefuseReplacement reports whether a new refund or payout would replace one that was
// made, and adds an error if so.
func (k *Kind) RefuseReplacement(ctx context.Context, data private.Reader, diags *diag.Diagnostics) bool {
	kept := ReadKept(ctx, data)
	if kept != "" {
		diags.Append(k.notReplaced(kept))
	}
	return kept != ""
}

// PlanNew reports whether a new one may be made, as far as the plan can know. It adds an
// error if not.
func (o Outgoing) PlanNew(ctx context.Context, run *Run, data private.Data, diags *diag.Diagnostics) bool {
	return o.plan(run, func() string { return ownerOfNew(ctx, data) }, false, diags)
}

// PlanAction is PlanNew for one that an action makes.
func (o Outgoing) PlanAction(run *Run, diags *diag.Diagnostics) bool {
	return o.plan(run, ownerOfAction, true, diags)
}

func (o Outgoing) plan(run *Run, owner func() string, byAction bool, diags *diag.Diagnostics) bool {
	planned := entry{Outgoing: o, isNew: true, byAction: byAction, isPlanned: true}
	if unclear, found := run.outgoing.unclear(o.Kind); found && o.Key == "" {
		// It may replace the unclear one, which is tainted.
		diags.Append(unclear.mayBeTheSame())
		return false
	}
	if o.Key == "" && o.MayEqual != nil {
		if other, found := run.outgoing.noteOpen(planned); found {
			diags.Append(other.mayBeTwinOf(planned))
			return false
		}
	}
	if left, found := run.outgoing.noteLeaving(planned); found {
		diags.Append(left.mayBeMadeAgain())
		return false
	}
	name := owner()
	if twin, found := run.outgoing.note(name, planned); found {
		diags.Append(twin.mayBeTwinOf(planned))
		return false
	}
	if unclear, found := run.outgoing.noteSource(planned); found {
		diags.Append(unclear.unsettledBeside(o))
		return false
	}
	problem := run.outgoing.spending.plan(name, o)
	if problem != nil {
		diags.Append(problem)
	}
	return problem == nil
}

// PlanStored adds an error if a new one has the key of this stored one, or the key that
// the plan gives to it.
func (o Outgoing) PlanStored(run *Run, planned Outgoing, diags *diag.Diagnostics) {
	if twin, found := run.outgoing.note(o.owner(), entry{Outgoing: o, plannedKey: planned.Key}); found {
		diags.Append(o.repeatedBy(twin))
	}
	if other, found := run.outgoing.noteSource(entry{Outgoing: o}); found {
		diags.Append(o.unsettledBeside(other.Outgoing))
	}
}

// PlanDestroy adds an error if this one must not be forgotten, or if a new one may be
// the same under another name. Otherwise it adds the warning.
func (o Outgoing) PlanDestroy(run *Run, warning diag.Diagnostic, diags *diag.Diagnostics) {
	if o.refuseToForget(warning, diags) {
		return
	}
	if _, found := run.outgoing.noteLeaving(entry{Outgoing: o, isLeaving: true}); found {
		diags.Append(o.mayBeMadeAgain())
	}
}

// RefuseDestroy reports whether this one must not be destroyed, and adds the error, or
// otherwise the warning. data comes from the plan. The destroying half of a replacement
// has none, so no plan has decided about it.
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
		diags.AddError(o.Kind.outcomeUnknown(), o.Unclear())
		return true
	case o.IsFailed:
		diags.AddWarning("A failed "+o.Kind.noun+" will be forgotten", "No money was sent by the "+o.Name()+".")
	case o.Protection.IsNull() || o.Protection.ValueBool():
		diags.AddError("The "+o.Kind.noun+" is protected from being forgotten",
			fmt.Sprintf("The %s has been sent, and deletion_protection is not false in the state. "+
				"Once forgotten, it could be sent a second time. Either put it back into the configuration; or:\n%s", o.Name(), WaysToForget(o.Kind.resource)))
		return true
	default:
		diags.Append(warning)
	}
	return false
}

// RefuseChange adds an error about an attribute that changes.
func (o Outgoing) RefuseChange(attribute path.Path, diags *diag.Diagnostics) {
	diags.AddAttributeError(attribute, "A "+o.Kind.noun+" cannot be changed",
		fmt.Sprintf("The %s has been sent; changing it would send money a second time. Either put %s back to what was applied, and add a new resource for a further %s; "+
			"or let Terraform forget this one:\n%s", o.Name(), attribute, o.Kind.noun, WaysToForget(o.Kind.resource)))
}

// Sending is a refund or a payout that is about to be sent.
type Sending struct {
	register *register
	owner    string
	byAction bool
}

// Send checks a new one again before it is sent, when everything is known. It adds an
// error if another one has the same key, or if it would pass the limit of the run.
func (o Outgoing) Send(ctx context.Context, run *Run, diags *diag.Diagnostics) *Sending {
	return o.send(&Sending{register: &run.outgoing, owner: ownerOfCreated(ctx)}, diags)
}

// SendByAction is Send for one that an action makes.
func (o Outgoing) SendByAction(run *Run, diags *diag.Diagnostics) *Sending {
	return o.send(&Sending{register: &run.outgoing, owner: run.outgoing.ownerOfInvoked(o), byAction: true}, diags)
}

func (o Outgoing) send(s *Sending, diags *diag.Diagnostics) *Sending {
	if twin, found := s.register.note(s.owner, entry{Outgoing: o, isNew: true, byAction: s.byAction}); found {
		diags.Append(twin.twinOf(s.byAction))
	}
	if !diags.HasError() { // else it is not sent
		if problem := s.register.spending.reserve(s.owner, o); problem != nil {
			diags.Append(problem)
		}
	}
	return s
}

// NoteMade notes that it was made, or may have been. One that the gateway has given up by
// then moves no money.
func (s *Sending) NoteMade(made Outgoing) {
	s.register.note(s.owner, entry{Outgoing: made, byAction: s.byAction})
	if made.IsFailed {
		s.register.spending.release(s.owner)
	}
}

// NoteNotMade notes that it was not made.
func (s *Sending) NoteNotMade() { s.register.markNotMade(s.owner) }
