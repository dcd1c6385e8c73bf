package ledger

import (
	"context"
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
	// privateReplaced is the id of the object that a planned one replaces.
	privateReplaced = "replaced"
	// PrivateKept names the stored object that must not be replaced, "" when it may
	// be. Only the plan of what is to replace it has it.
	PrivateKept = "kept"
	// PrivateDestroy is true where a destroy was planned, so that it could be
	// refused. A destroy without it is half of a replacement.
	PrivateDestroy = "destroy"
)

// WriteReplaced notes the id of a stored object in its plan. Should Terraform
// replace the object, for whatever reason, the plan of the new one shows it.
func WriteReplaced(ctx context.Context, data private.Writer, id string) diag.Diagnostics {
	return private.WriteJSON(ctx, data, privateReplaced, id)
}

// ReadReplaced returns the id of the object that is replaced, "" for none. Only
// the plan of an object without a state may be asked.
func ReadReplaced(ctx context.Context, data private.Reader) (id string) {
	private.ReadJSON(ctx, data, privateReplaced, &id)
	return id
}

// plannedPrivate is the data data of a plan that is being applied. The
// framework hands it to Update and Delete, but not to Create.
type plannedPrivate map[string][]byte

// GetKey has the signature of the framework's data data.
func (p plannedPrivate) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

type plannedPrivateKey struct{}

func WithPlannedPrivate(ctx context.Context, data []byte) context.Context {
	var private plannedPrivate
	if json.Unmarshal(data, &private) != nil {
		return ctx // there is none
	}
	return context.WithValue(ctx, plannedPrivateKey{}, private)
}

// plannedPrivateOf returns the private data of the plan that Create applies.
func plannedPrivateOf(ctx context.Context) plannedPrivate {
	private, _ := ctx.Value(plannedPrivateKey{}).(plannedPrivate)
	return private
}
