package ledger

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// claim is an order id that an object of the plan is going to have. Two objects with
// one order id would be two payments of one order.
type claim struct {
	owner    string // the first one that claimed it
	isIssued bool   // one of its owners is about to be issued
}

// ClaimOrder claims the order id of a planned object, and reports whether two have
// it, whichever of them Terraform plans first. Two that are stored, and stay as they
// are, may have one: nothing is issued. The two halves of one replacement are one
// owner: owner is that of the stored object, or of the replaced one, and "" for an
// object that is new.
func (r *Run) ClaimOrder(ctx context.Context, kind string, orderID types.String, owner string, isIssued bool, data private.Data) (isTaken bool) {
	if orderID.IsUnknown() || orderID.ValueString() == "" {
		return false
	}
	if owner == "" {
		owner = ownerOfNew(ctx, data)
	}
	r.claims.change(key{kind, orderID.ValueString()}, func(order claim) claim {
		if order.owner == "" {
			order.owner = owner
		}
		order.isIssued = order.isIssued || isIssued
		isTaken = order.owner != owner && order.isIssued
		return order
	})
	return isTaken
}

// RefuseTakenOrder adds an error for an order id that two objects have.
func RefuseTakenOrder(noun string, orderID types.String, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("order_id"), "Two "+noun+"s have one order_id",
		fmt.Sprintf("Order %q is the order of another %s, too, and one order is paid once. Give each an order_id of its own. "+
			"If the other one is this one under its old address, add a moved block.", orderID.ValueString(), noun))
}
