package ledger

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// The rules for money that goes out. It is sent once: never a second time under
// another name, never in place of another, and Terraform does not forget it by
// accident.

// NoteStored notes one that the state holds. Terraform shows it whatever becomes of
// it: a plan of it, or a read, may never be asked for. It refuses a new one that
// pays the same.
func (r *Run) NoteStored(one Outgoing, diags *diag.Diagnostics) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, found := r.outgoing.note(one.owner(), entry{Outgoing: one}); found {
		diags.AddError(one.twinOfStored())
	}
}

// NoteFound notes that an unclear one was found, under the id.
func (r *Run) NoteFound(one Outgoing, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	owner := one.owner()
	one.ID = id
	r.outgoing.note(owner, entry{Outgoing: one})
}

// RefuseReplacement reports whether a planned one would replace one that was made,
// and adds an error that says so.
func (k *Kind) RefuseReplacement(ctx context.Context, data private.Reader, diags *diag.Diagnostics) bool {
	kept := ReadKept(ctx, data)
	if kept != "" {
		diags.AddError(k.notReplaced(kept))
	}
	return kept != ""
}

// PlanNew reports whether one may be made, as far as the plan knows, and adds an
// error if not.
func (r *Run) PlanNew(ctx context.Context, one Outgoing, data private.Data, diags *diag.Diagnostics) bool {
	planned := entry{Outgoing: one, isNew: true}
	keyAttribute := one.Kind.keyAttribute
	r.mu.Lock()
	defer r.mu.Unlock()
	if unclear, found := r.outgoing.unclear(one.Kind); found && one.Key == "" {
		// It may be the unclear one itself, which is tainted.
		summary, detail := unclear.mayBe()
		diags.AddAttributeError(keyAttribute, summary, detail)
		return false
	}
	if left, found := r.outgoing.noteLeaving(planned); found {
		summary, detail := left.mayBeMadeAgain()
		diags.AddAttributeError(keyAttribute, summary, detail)
		return false
	}
	return r.noteNew(ownerOfNew(ctx, data), planned, diags)
}

// noteNew reports whether a new one is the only one that pays what it pays.
func (r *Run) noteNew(owner string, one entry, diags *diag.Diagnostics) bool {
	twin, found := r.outgoing.note(owner, one)
	if found {
		summary, detail := twin.twinOfNew()
		diags.AddAttributeError(one.Kind.twinAttribute, summary, detail)
	}
	return !found
}

// PlanStored refuses a new one that pays what a stored one pays, or is going to say
// that it pays: planned is the stored one as the plan has it.
func (r *Run) PlanStored(stored, planned Outgoing, diags *diag.Diagnostics) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, found := r.outgoing.note(stored.owner(), entry{Outgoing: stored, plannedKey: planned.Key}); found {
		summary, detail := stored.twinOfStored()
		diags.AddAttributeError(stored.Kind.twinAttribute, summary, detail)
	}
}

// PlanDestroy refuses to forget one that was made, or may have been, or that another
// one may be under another name. Else it adds the warning.
func (r *Run) PlanDestroy(one Outgoing, warning diag.Diagnostic, diags *diag.Diagnostics) {
	if one.refuseDestroy(warning, diags) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, found := r.outgoing.noteLeaving(entry{Outgoing: one, isLeaving: true}); found {
		summary, detail := one.mayBeMadeAgain()
		diags.AddAttributeError(one.Kind.keyAttribute, summary, detail)
	}
}

// RefuseDestroy reports whether one must not be destroyed after all, and adds an
// error that says why, or else the warning. data is that of the plan. Half of a
// replacement has none: no plan was asked whether it may be destroyed.
func (o Outgoing) RefuseDestroy(ctx context.Context, warning diag.Diagnostic, data private.Reader, diags *diag.Diagnostics) bool {
	if !o.IsUnclear && !o.IsFailed && !private.ReadFlag(ctx, data, privateDestroy) {
		diags.AddError(o.Kind.notReplaced(o.Name()))
		return true
	}
	return o.refuseDestroy(warning, diags)
}

func (o Outgoing) refuseDestroy(warning diag.Diagnostic, diags *diag.Diagnostics) bool {
	switch {
	case o.IsUnclear:
		diags.AddError(o.Kind.outcomeUnknown(), o.Kind.Unclear(o.About))
	case o.IsFailed:
		diags.AddWarning("A failed "+o.Kind.noun+" will be forgotten", fmt.Sprintf("No money was sent by the %s.", o.Name()))
		return false
	case o.IsProtected:
		diags.AddError("The "+o.Kind.noun+" is protected from being forgotten",
			fmt.Sprintf("The %s has been sent, and deletion_protection is not false in the state. "+
				"Once forgotten, it could be sent a second time. Either put it back into the configuration; or:\n%s", o.Name(), WaysToForget(o.Kind.resource)))
	default:
		diags.Append(warning)
		return false
	}
	return true
}

// RefuseChange adds an error for an attribute of one that was made.
func (o Outgoing) RefuseChange(attribute path.Path, diags *diag.Diagnostics) {
	diags.AddAttributeError(attribute, "A "+o.Kind.noun+" cannot be changed",
		fmt.Sprintf("The %s has been sent; changing it would send money a second time. Either put %s back to what was applied, and add a new resource for a further %s; "+
			"or let Terraform forget this one:\n%s", o.Name(), attribute, o.Kind.noun, WaysToForget(o.Kind.resource)))
}

// WarnUnclear warns about an unclear one that was not found.
func (o Outgoing) WarnUnclear(diags *diag.Diagnostics) {
	diags.AddWarning(o.Kind.outcomeUnknown(),
		fmt.Sprintf("Nobody knows whether the %s of %s was made; its status is %q.\n\n%s", o.Kind.noun, o.About, StatusUnknown, o.Kind.waysOfUnclear()))
}

// Sending is one that is being sent.
type Sending struct {
	run   *Run
	owner string
}

// Send looks at one again before it is sent: what was unknown while planning is
// known now. It adds an error if another one pays the same.
func (r *Run) Send(ctx context.Context, one Outgoing, diags *diag.Diagnostics) Sending {
	r.mu.Lock()
	defer r.mu.Unlock()
	owner := ownerOfCreated(ctx)
	r.noteNew(owner, entry{Outgoing: one, isNew: true}, diags)
	return Sending{r, owner}
}

// NoteMade notes what was made, or may have been.
func (s Sending) NoteMade(made Outgoing) {
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	s.run.outgoing.note(s.owner, entry{Outgoing: made})
}

// NoteNotMade notes that none was made.
func (s Sending) NoteNotMade() {
	s.run.mu.Lock()
	defer s.run.mu.Unlock()
	one := s.run.outgoing.byOwner[s.owner]
	one.IsFailed = true
	s.run.outgoing.byOwner[s.owner] = one
}
