package ledger

import (
	"cmp"
	"context"
	"crypto/rand"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// Plans pass these values on in their private data. Terraform plans a destroy only if
// nothing replaces the object: not for a taint, a failed provisioner or a replacement.
// The first plan of a replacement passes its private data on to the second one. The
// apply plans the creation again, and gets none of it.

const (
	// privateClaim names a new object. The plan passes the name on to the creation.
	privateClaim = "claim"
	// privateReplaced is the owner of the replaced object.
	privateReplaced = "replaced"
	// privatePaid is true if the replaced object was paid.
	privatePaid = "paid"
	// privateKept names a stored object that must not be replaced. The plan of the
	// replacement reads it.
	privateKept = "kept"
	// privateDestroy is true if the destroy was planned. A destroy without it is half of
	// a replacement.
	privateDestroy = "destroy"
	// privateRefused is true once a destroy was refused because the object is paid.
	privateRefused = "told"
)

// WriteReplaced notes the owner of a stored object, and whether it was paid. If Terraform
// replaces the object, for whatever reason, the plan of the new one reads that.
func WriteReplaced(ctx context.Context, data private.Writer, owner string, isPaid bool) diag.Diagnostics {
	diags := private.WriteJSON(ctx, data, privateReplaced, owner)
	diags.Append(private.WriteFlag(ctx, data, privatePaid, isPaid)...)
	return diags
}

// ReadReplaced returns the owner of the replaced object, "" for none. It is for the plan
// of a new object only.
func ReadReplaced(ctx context.Context, data private.Reader) (owner string) {
	private.ReadJSON(ctx, data, privateReplaced, &owner)
	return owner
}

// WriteKept names a stored object that must not be replaced; name is "" if it may be. It
// also removes the mark of an earlier planned destroy.
func WriteKept(ctx context.Context, data private.Writer, name string) diag.Diagnostics {
	diags := UnmarkDestroy(ctx, data)
	if name == "" {
		diags.Append(private.Remove(ctx, data, privateKept)...)
	} else {
		diags.Append(private.WriteJSON(ctx, data, privateKept, name)...)
	}
	return diags
}

// ReadKept returns the name of the object that a new one must not replace, "" for none.
func ReadKept(ctx context.Context, data private.Reader) (name string) {
	private.ReadJSON(ctx, data, privateKept, &name)
	return name
}

// DropPlanned keeps what a plan has passed on out of the state, once it is applied or has
// failed. The next plan passes it on anew.
func DropPlanned(ctx context.Context, data private.Writer) diag.Diagnostics {
	return private.Remove(ctx, data, privateClaim, privateReplaced, privatePaid, privateKept, privateDestroy)
}

// ownerOfNew returns the name of a new object, and makes it in its first plan.
func ownerOfNew(ctx context.Context, data private.Data) (owner string) {
	if private.ReadJSON(ctx, data, privateClaim, &owner); owner == "" {
		owner = "new " + rand.Text()
		_ = private.WriteJSON(ctx, data, privateClaim, owner)
	}
	return owner
}

// ownerOfAction names what an action makes. No plan passes a name on to the action.
func ownerOfAction() string { return "action " + rand.Text() }

// ownerOfCreated returns the name that the plan gave to the object being created.
func ownerOfCreated(ctx context.Context) (owner string) {
	planned, _ := ctx.Value(plannedPrivateKey{}).(private.Encoded)
	private.ReadJSON(ctx, planned, privateClaim, &owner)
	return cmp.Or(owner, "new "+rand.Text())
}

type plannedPrivateKey struct{}

// WithPlannedPrivate passes the private data of a plan on to Create. The framework passes
// it on to Update and Delete only, and leaves no other way than the context.
func WithPlannedPrivate(ctx context.Context, data []byte) context.Context {
	planned := private.Decode(data)
	if planned == nil {
		return ctx
	}
	return context.WithValue(ctx, plannedPrivateKey{}, planned)
}
