package ledger

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// claim says which object of the plan has an order id. Two objects with one order id
// would be two payments of one order.
type claim struct {
	owner    string // the first one that claimed it
	isIssued bool   // the plan issues one of the objects that claim it
}

// ClaimOrder claims the order id of a planned object, and reports whether another object
// has it, in whatever order Terraform plans the two. Two stored objects that stay as they
// are may share one, since nothing is issued. owner names the stored object, or the
// replaced one, so that the two halves of a replacement are one owner. It is "" for a
// new object.
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

// RefuseTakenOrder adds an error about an order id that two objects have.
func RefuseTakenOrder(noun string, orderID types.String, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("order_id"), "Two "+noun+"s have one order_id",
		fmt.Sprintf("Another %[2]s also has the order_id %[1]q, and one order is paid once. Give each an order_id of its own. "+
			"If the other one is this one under its old address, add a moved block.", orderID.ValueString(), noun))
}
