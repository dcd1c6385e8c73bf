package provider

import (
	"context"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// destroyKind is why a link or an invoice is destroyed. Whether one that was paid
// may be forgotten depends on it.
type destroyKind int

const (
	// destroyFirst is half of a replacement that nobody was asked about, such as
	// a taint: the other half has not begun.
	destroyFirst destroyKind = iota
	// destroyLast is the end of a replacement with create_before_destroy. Terraform
	// plans it in the apply.
	destroyLast
	// destroyPlanned was in the plan, for all to see.
	destroyPlanned
)

// privateTold is true once a destroy has failed since the object is paid. What
// create_before_destroy leaves over is always planned by the apply that ends it,
// and must not fail for ever.
const privateTold = "told"

// planDestroy notes a destroy that is planned. A run that also carries it out has
// planned it on its way.
func (r *run) planDestroy(owner string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.destroys[owner] = true
}

func (r *run) isDestroyPlanned(owner string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.destroys[owner]
}

// kindOfDestroy is why a stored object is destroyed; private is that of its plan.
func (r *run) kindOfDestroy(ctx context.Context, owner string, data private.Reader) destroyKind {
	switch {
	case !private.ReadFlag(ctx, data, privateDestroy):
		return destroyFirst
	case r.isDestroyPlanned(owner) && !private.ReadFlag(ctx, data, privateTold):
		return destroyLast
	}
	return destroyPlanned
}
