package p2p

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// checkReceiver adds an error when a payout does not say where the money goes. The
// configuration has to be asked: write-only values are in no plan.
func checkReceiver(config invoiceBlock, diags *diag.Diagnostics) {
	if isMissing(config.PaymentRequisites) && isMissing(config.PaymentRequisitesWO) {
		diags.AddAttributeError(path.Root("p2p").AtName("payment_requisites"), "A payout needs to know where the money goes",
			fmt.Sprintf("Attribute p2p.payment_requisites, or p2p.payment_requisites_wo, is missing: with direction = %q one of them is mandatory. Nothing was sent.", p2p.DirectionOut))
	}
}

// receiverOf returns where the money goes, nil for nowhere.
func receiverOf(ctx context.Context, planned, config invoiceBlock, diags *diag.Diagnostics) *p2p.Requisites {
	given := receiverIn(planned.PaymentRequisites, config.PaymentRequisitesWO)
	if given.IsNull() {
		return nil
	}
	requisites := attributes.ReadObject[requisitesModel](ctx, given, diags)
	return &p2p.Requisites{Requisites: requisites.Requisites.ValueString(), Holder: requisites.Holder.ValueString()}
}

// receiverIn is whichever of the two is given, or null.
func receiverIn(requisites, writeOnly types.Object) types.Object {
	for _, given := range []types.Object{requisites, writeOnly} {
		if !attributes.NullIfEmpty(given).IsNull() {
			return given
		}
	}
	return types.ObjectNull(requisitesTypes)
}

// warnNotFindable warns when the gateway cannot find a new payout by its order id.
func (g *Gateway) warnNotFindable(ctx context.Context, request p2p.CreateInvoiceRequest, created *p2p.Invoice, diags *diag.Diagnostics) {
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

// hidesReceiver reports whether the receiver of a payout is kept out of the state. Then
// nothing that the gateway gives back may bring it in.
func (g *Gateway) hidesReceiver(known *gateway.Invoice) bool {
	requisites, ok := known.Object(g).Attributes()["payment_requisites"].(types.Object)
	return gateway.IsPayout(g, known) && ok && attributes.NullIfEmpty(requisites).IsNull()
}

// PayoutChoice is the direction.
func (*Gateway) PayoutChoice() (argument, value string) { return "direction", p2p.DirectionOut }

// WithoutReceiver hides what an import brought in of the receiver: the deals show it.
func (g *Gateway) WithoutReceiver(plan, state *gateway.Invoice) (attribute string, value attr.Value) {
	deals, ok := state.Object(g).Attributes()["deals"].(types.List)
	if !ok || !g.hidesReceiver(plan) || len(deals.Elements()) == 0 {
		return "", nil
	}
	return "deals", withoutRequisites(deals)
}

// Receiver is where a payout goes to, masked.
func (g *Gateway) Receiver(ctx context.Context, config *gateway.Invoice) string {
	var ignored diag.Diagnostics
	block := attributes.ReadObject[invoiceBlock](ctx, config.Object(g), &ignored)
	to := receiverIn(block.PaymentRequisites, block.PaymentRequisitesWO)
	requisites := attributes.ReadObject[requisitesModel](ctx, to, &ignored).Requisites
	if to.IsUnknown() || requisites.IsUnknown() {
		return "requisites that are not known yet"
	}
	return masked(requisites.ValueString())
}

// masked leaves the last four digits of a card or phone number.
func masked(number string) string {
	digits := attributes.DigitsOf(number)
	if len(digits) < 2*4 {
		return "…"
	}
	return "…" + digits[len(digits)-4:]
}
