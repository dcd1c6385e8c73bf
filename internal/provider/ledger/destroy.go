package ledger

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// DestroyReason is why a link or an invoice is destroyed. It decides whether a paid one
// may be forgotten.
type DestroyReason int

const (
	// DestroyBeforeSuccessor is the first half of a replacement. It has no plan of its own,
	// so nothing could refuse it before.
	DestroyBeforeSuccessor DestroyReason = iota
	// DestroyAfterSuccessor is the end of a replacement with create_before_destroy.
	// Terraform plans it in the apply.
	DestroyAfterSuccessor
	// DestroyPlanned was in the plan that the user approved.
	DestroyPlanned
)

// NoteDestroy notes a planned destroy. If the same run carries it out, Terraform planned
// it during the apply.
func (r *Run) NoteDestroy(owner string) { r.destroys.set(owner, true) }

// IsToBeDestroyed reports whether NoteDestroy was called for this owner. Terraform plans the
// destroy of what was taken out of the configuration before it reads it.
func (r *Run) IsToBeDestroyed(owner string) bool { return r.destroys.of(owner) }

// ReasonOfDestroy returns why a stored object is destroyed. data comes from its plan.
func (r *Run) ReasonOfDestroy(ctx context.Context, owner string, data private.Reader) DestroyReason {
	switch {
	case !HasDestroyMark(ctx, data):
		return DestroyBeforeSuccessor
	case r.destroys.of(owner) && !private.ReadFlag(ctx, data, privateRefused):
		return DestroyAfterSuccessor
	}
	return DestroyPlanned
}

// MarkDestroy tells Delete that the destroy was planned, so the plan could refuse it.
func MarkDestroy(ctx context.Context, data private.Writer) diag.Diagnostics {
	return private.WriteFlag(ctx, data, privateDestroy, true)
}

// HasDestroyMark reports whether the mark of a planned destroy is there.
func HasDestroyMark(ctx context.Context, data private.Reader) bool {
	return private.ReadFlag(ctx, data, privateDestroy)
}

// UnmarkDestroy takes the mark of an earlier plan back. It is valid for one destroy.
func UnmarkDestroy(ctx context.Context, data private.Writer) diag.Diagnostics {
	return private.WriteFlag(ctx, data, privateDestroy, false)
}

// MarkRefused notes whether the destroy of a paid object was refused. The apply always
// plans the destroy of what create_before_destroy left behind. It must fail only once.
func MarkRefused(ctx context.Context, data private.Writer, isRefused bool) diag.Diagnostics {
	return private.WriteFlag(ctx, data, privateRefused, isRefused)
}

// NoteStaying notes an object that stays at the gateway when it is destroyed, and reports whether it
// is the first of the run: one warning stands for all.
func (r *Run) NoteStaying() (isFirst bool) { return !r.hasStaying.Swap(true) }
