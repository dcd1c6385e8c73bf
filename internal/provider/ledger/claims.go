package ledger

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// privateClaim names a new object among the claims of its plan.
const privateClaim = "claim"

// claims are the order ids that the objects of one plan are going to have. Two
// objects with one order id would be two payments of one order.
type claims struct {
	mu     sync.Mutex
	owners map[string]string
}

// claim notes that owner has the order id, and reports whether another one has
// claimed it before.
func (c *claims) claim(kind, orderID, owner string) (taken bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.owners == nil {
		c.owners = map[string]string{}
	}
	key := kind + "/" + orderID
	before, claimed := c.owners[key]
	if !claimed {
		c.owners[key] = owner
	}
	return claimed && before != owner
}

// ClaimOrder claims the order id of a planned object, and reports whether two have
// it, whichever of them Terraform plans first. Two that are stored, and stay as they
// are, may have one: nothing is issued. The two halves of one replacement are one
// owner: id is that of the stored object, or of the replaced one, and "" for an
// object that is new.
func (r *Run) ClaimOrder(ctx context.Context, kind string, orderID types.String, id string, isIssued bool, data private.Data) (taken bool) {
	if r == nil || orderID.IsUnknown() || orderID.ValueString() == "" {
		return false
	}
	if id == "" {
		id = OwnerOfNew(ctx, data)
	}
	taken = r.claims.claim(kind, orderID.ValueString(), id)
	// All that are issued are one owner here, and whoever is stored asks as another.
	if isIssued {
		r.claims.claim("issued "+kind, orderID.ValueString(), "issued")
		return taken
	}
	return taken && r.claims.claim("issued "+kind, orderID.ValueString(), "stored")
}
