package ledger

import (
	"context"
	"crypto/rand"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// What a plan tells its apply, in the planned private data. Terraform asks for a
// plan of the destroying half only where something is really destroyed: not for
// a taint, a failed provisioner, or a replacement. It hands the private data of
// the first plan of a replacement on to the second one, but not to the apply: that
// plans the creation anew, with nothing of the old object.

const (
	// privateClaim names a new object: its plan hands the name on to its creation.
	privateClaim = "claim"
	// privateReplaced is the owner of the object that a planned one replaces.
	privateReplaced = "replaced"
	// privatePaid is true when that one was paid.
	privatePaid = "paid"
	// privateKept names the stored object that must not be replaced, "" when it may
	// be. Only the plan of what is to replace it has it.
	privateKept = "kept"
	// privateDestroy is true where a destroy was planned, so that it could be
	// refused. A destroy without it is half of a replacement.
	privateDestroy = "destroy"
	// privateRefused is true once a destroy was refused since the object is paid.
	privateRefused = "told"
)

// WriteReplaced notes the owner of a stored object in its plan, and whether it was
// paid. Should Terraform replace the object, for whatever reason, the plan of the new
// one shows it.
func WriteReplaced(ctx context.Context, data private.Writer, owner string, isPaid bool) diag.Diagnostics {
	diags := private.WriteJSON(ctx, data, privateReplaced, owner)
	diags.Append(private.WriteFlag(ctx, data, privatePaid, isPaid)...)
	return diags
}

// ReadReplaced returns the owner of the object that is replaced, "" for none. Only
// the plan of an object without a state may be asked.
func ReadReplaced(ctx context.Context, data private.Reader) (owner string) {
	private.ReadJSON(ctx, data, privateReplaced, &owner)
	return owner
}

// WriteKept names a stored object that must not be replaced, "" when it may be. A
// stored object that is planned is not destroyed: that mark goes.
func WriteKept(ctx context.Context, data private.Writer, name string) diag.Diagnostics {
	diags := private.WriteJSON(ctx, data, privateKept, name)
	diags.Append(UnmarkDestroy(ctx, data)...)
	return diags
}

// ReadKept returns the name of the object that a planned one must not replace, ""
// for none.
func ReadKept(ctx context.Context, data private.Reader) (name string) {
	private.ReadJSON(ctx, data, privateKept, &name)
	return name
}

// ownerOfNew is the name of a new object in its plan.
func ownerOfNew(ctx context.Context, data private.Data) (owner string) {
	if private.ReadJSON(ctx, data, privateClaim, &owner); owner == "" {
		owner = "new " + rand.Text()
		_ = private.WriteJSON(ctx, data, privateClaim, owner)
	}
	return owner
}

// ownerOfCreated is the name that the plan gave to what is being created.
func ownerOfCreated(ctx context.Context) (owner string) {
	planned, _ := ctx.Value(plannedPrivateKey{}).(plannedPrivate)
	if private.ReadJSON(ctx, planned, privateClaim, &owner); owner == "" {
		return "new " + rand.Text()
	}
	return owner
}

// plannedPrivate is the private data of a plan that is being applied.
type plannedPrivate map[string][]byte

// GetKey has the signature of the framework's private data.
func (p plannedPrivate) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

type plannedPrivateKey struct{}

// WithPlannedPrivate hands the private data of a plan on to Create. The framework
// hands it to Update and Delete, but not to Create, and has no other way there than
// the context.
func WithPlannedPrivate(ctx context.Context, data []byte) context.Context {
	var planned plannedPrivate
	if json.Unmarshal(data, &planned) != nil {
		return ctx // there is none
	}
	return context.WithValue(ctx, plannedPrivateKey{}, planned)
}
