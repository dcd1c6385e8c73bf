package ledger

import (
	"context"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// DestroyKind is why a link or an invoice is destroyed. Whether one that was paid
// may be forgotten depends on it.
type DestroyKind int

const (
	// DestroyFirst is half of a replacement that nobody was asked about, such as
	// a taint: the other half has not begun.
	DestroyFirst DestroyKind = iota
	// DestroyLast is the end of a replacement with create_before_destroy. Terraform
	// plans it in the apply.
	DestroyLast
	// DestroyPlanned was in the plan, for all to see.
	DestroyPlanned
)

// PrivateTold is true once a destroy has failed since the object is paid. What
// create_before_destroy leaves over is always planned by the apply that ends it,
// and must not fail for ever.
const PrivateTold = "told"

// PlanDestroy notes a destroy that is planned. A run that also carries it out has
// planned it on its way.
func (r *Run) PlanDestroy(owner string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.destroys[owner] = true
}

func (r *Run) isDestroyPlanned(owner string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.destroys[owner]
}

// KindOfDestroy is why a stored object is destroyed; private is that of its plan.
func (r *Run) KindOfDestroy(ctx context.Context, owner string, data private.Reader) DestroyKind {
	switch {
	case !private.ReadFlag(ctx, data, PrivateDestroy):
		return DestroyFirst
	case r.isDestroyPlanned(owner) && !private.ReadFlag(ctx, data, PrivateTold):
		return DestroyLast
	}
	return DestroyPlanned
}
