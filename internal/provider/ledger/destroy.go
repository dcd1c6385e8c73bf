package ledger

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// DestroyReason is why a link or an invoice is destroyed. Whether one that was paid may
// be forgotten depends on it.
type DestroyReason int

const (
	// DestroyBeforeSuccessor is half of a replacement that nobody was asked about,
	// such as a taint: the other half has not begun.
	DestroyBeforeSuccessor DestroyReason = iota
	// DestroyAfterSuccessor is the end of a replacement with create_before_destroy.
	// Terraform plans it in the apply.
	DestroyAfterSuccessor
	// DestroyPlanned was in the plan, for all to see.
	DestroyPlanned
)

// NoteDestroy notes a destroy that is planned. A run that also carries it out has
// planned it on its way.
func (r *Run) NoteDestroy(owner string) { r.destroys.set(owner, true) }

// ReasonOfDestroy is why a stored object is destroyed; data is that of its plan.
func (r *Run) ReasonOfDestroy(ctx context.Context, owner string, data private.Reader) DestroyReason {
	switch {
	case !private.ReadFlag(ctx, data, privateDestroy):
		return DestroyBeforeSuccessor
	case r.destroys.of(owner) && !private.ReadFlag(ctx, data, privateRefused):
		return DestroyAfterSuccessor
	}
	return DestroyPlanned
}

// MarkDestroy tells Delete that a destroy was planned, and so could be refused.
func MarkDestroy(ctx context.Context, data private.Writer) diag.Diagnostics {
	return private.WriteFlag(ctx, data, privateDestroy, true)
}

// UnmarkDestroy keeps the mark out of the state: it holds for one destroy.
func UnmarkDestroy(ctx context.Context, data private.Writer) diag.Diagnostics {
	return private.WriteFlag(ctx, data, privateDestroy, false)
}

// MarkRefused notes whether the destroy of a paid object was refused. What
// create_before_destroy leaves over is always planned by the apply that ends it, and
// must not fail for ever.
func MarkRefused(ctx context.Context, data private.Writer, isRefused bool) diag.Diagnostics {
	return private.WriteFlag(ctx, data, privateRefused, isRefused)
}
