package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// checkReceiver adds an error when a payout does not say where the money goes. The
// configuration has to be asked: write-only values are in no plan.
func checkReceiver(config p2pBlock, diags *diag.Diagnostics) {
	if isMissing(config.PaymentRequisites) && isMissing(config.PaymentRequisitesWO) {
		diags.AddAttributeError(path.Root("p2p").AtName("payment_requisites"), "A payout needs to know where the money goes",
			fmt.Sprintf("Attribute p2p.payment_requisites, or p2p.payment_requisites_wo, is missing: with direction = %q one of them is mandatory. Nothing was sent.", p2p.DirectionOut))
	}
}

// receiverOf returns where the money goes, nil for nowhere.
func receiverOf(ctx context.Context, planned, config p2pBlock, diags *diag.Diagnostics) *p2p.Requisites {
	given := planned.PaymentRequisites
	if given.IsNull() {
		given = config.PaymentRequisitesWO
	}
	if given.IsNull() {
		return nil
	}
	requisites := attributes.ReadObject[requisitesModel](ctx, given, diags)
	return &p2p.Requisites{Requisites: requisites.Requisites.ValueString(), Holder: requisites.Holder.ValueString()}
}

// warnNotFindable warns when the gateway cannot find a new payout by its order id.
func (g *p2pInvoices) warnNotFindable(ctx context.Context, request p2p.CreateInvoiceRequest, created *p2p.Invoice, diags *diag.Diagnostics) {
	if request.Type != p2p.DirectionOut || g.Client.FindsByInternalID() {
		return
	}
	if found, err := g.Client.FindByInternalID(ctx, request.InternalID); err == nil && found != nil {
		return
	}
	diags.AddAttributeWarning(path.Root("order_id"), "The gateway does not find payouts by their order ids",
		fmt.Sprintf("Payout p2p/%s of order %q was made, and looking the order up did not find it. Should the state be lost, nothing would recognise the payout, "+
			"and the next apply would send it again: keep the state safe, or note the id for an import.", created.ID, request.InternalID))
}

// hidesReceiver reports whether the receiver of a payout is kept out of the state:
// then nothing that the gateway gives back may bring it in.
func hidesReceiver(known *gateway.Invoice) bool {
	direction, _ := known.P2P.Attributes()["direction"].(types.String)
	requisites, ok := known.P2P.Attributes()["payment_requisites"].(types.Object)
	return direction.ValueString() == p2p.DirectionOut && ok && requisites.IsNull()
}

// withoutRequisites takes the payee out of deals.
func withoutRequisites(deals types.List) types.List {
	hidden := make([]attr.Value, 0, len(deals.Elements()))
	for _, one := range deals.Elements() {
		deal, ok := one.(types.Object)
		if !ok || deal.IsNull() || deal.IsUnknown() {
			hidden = append(hidden, one)
			continue
		}
		values := deal.Attributes()
		for _, name := range []string{"requisites", "holder", "qr_code_url"} {
			values[name] = types.StringNull()
		}
		hidden = append(hidden, types.ObjectValueMust(dealType.AttrTypes, values))
	}
	return types.ListValueMust(dealType, hidden)
}

// forgetRequisites plans an imported payout without what the import brought in of
// its receiver, if the configuration keeps that out of the state.
func forgetRequisites(ctx context.Context, a gateway.InvoiceAdapter, plan, state *invoiceResourceModel, resp *resource.ModifyPlanResponse) {
	deals, ok := a.Object(&state.Invoice).Attributes()["deals"].(types.List)
	if ok && hidesReceiver(&plan.Invoice) && len(deals.Elements()) > 0 {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(a.Name()).AtName("deals"), withoutRequisites(deals))...)
	}
}
