package p2p

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// isOver reports whether nothing more comes of an invoice: then its order id may be used
// again. Our clock ends no payout: the gateway may still carry it out.
func (*Gateway) isOver(i *p2p.Invoice) bool {
	if i.Type == p2p.DirectionOut {
		return i.IsCanceled() || i.Status == p2p.StatusExpired
	}
	return i.IsCanceled() || i.IsExpired(time.Now())
}

// takeOver adopts what is there already under the configured order id, or says why not.
func (g *Gateway) takeOver(existing *p2p.Invoice, request p2p.CreateInvoiceRequest, planned *gateway.Invoice, diags *diag.Diagnostics) *gateway.ShownInvoice {
	id := string(existing.ID)
	refuse := func(summary, detail string) *gateway.ShownInvoice {
		g.refuseOrder(existing, summary, detail, diags)
		return nil
	}
	differences := existing.Differences(request)
	switch {
	case request.Type == p2p.DirectionOut && existing.Type == p2p.DirectionOut:
		return refuse("The payout has been made already",
			fmt.Sprintf("Under order %q there is payout %s, which is %q. A payout is sent once: nothing was sent. For another payout, give another order_id.",
				request.InternalID, id, existing.Status))
	case existing.IsPaid():
		return refuse("The order is already paid",
			fmt.Sprintf("Order %q was paid with invoice %s. An order is not paid twice: nothing was created. For another order, give another order_id.", request.InternalID, id))
	case len(differences) > 0 || !existing.IsOpen(time.Now()):
		return refuse("The order has another invoice",
			fmt.Sprintf("Order %q already has invoice %s, which is %q:\n- %s\n\nNothing was created: two invoices of one order could both be paid. "+
				"Give another order_id, or make the configuration the same; then it is adopted. If this one replaces it with create_before_destroy, "+
				"the other is still open now: it needs another order_id.",
				request.InternalID, id, existing.Status, strings.Join(append(differences, "status: "+existing.Status), "\n- ")))
	}
	if g.run.IsIssued(g.Name(), id) {
		diags.AddAttributeError(path.Root("order_id"), "Two invoices have one order_id",
			fmt.Sprintf("Invoice %s of order %q was issued for another resource of this run. Nothing was created: one invoice cannot have two owners, "+
				"and two of one order could both be paid. Give each an order_id of its own.", id, request.InternalID))
		return nil
	}
	if !g.adoption.Adopt(path.Root("order_id"), fmt.Sprintf("invoice p2p/%s of order %q", id, request.InternalID), "cancels it for whoever else manages it", importBlock(existing), diags) {
		return nil
	}
	g.run.NoteAdopted(g.Name(), id)
	return g.shown(existing, planned)
}

// endExpired cancels an invoice whose time is over by our clock, and which the gateway
// still shows as open. Left open, it could be paid beside the new one. It reports whether
// nothing more can come of the old one.
func (g *Gateway) endExpired(ctx context.Context, existing *p2p.Invoice, request p2p.CreateInvoiceRequest, diags *diag.Diagnostics) bool {
	if existing.Status != p2p.StatusNew || existing.Type != p2p.DirectionIn {
		return true
	}
	err := g.Client.CancelInvoice(ctx, string(existing.ID))
	now, findErr := g.Client.FindInvoice(ctx, string(existing.ID))
	switch {
	case findErr == nil && now != nil && now.IsPaid():
		g.refuseOrder(now, "The order is already paid", fmt.Sprintf("Order %q was paid with invoice %s, which was about to be canceled, since its time is over. "+
			"An order is not paid twice: nothing was created. For another order, give another order_id.", request.InternalID, now.ID), diags)
		return false
	case findErr == nil && (now == nil || now.IsCanceled() || now.Status == p2p.StatusExpired):
		return true
	case err == nil:
		err = findErr
	}
	failed := gateway.FailedCall{
		Attempt: fmt.Sprintf("cancel invoice p2p/%s of order %q, whose time is over", existing.ID, request.InternalID),
		Unclear: "It may have been canceled. Nothing was created: two invoices of one order could both be paid. Apply again: canceling twice does no harm.",
	}
	if err == nil {
		diags.AddAttributeError(path.Root("order_id"), "Cannot "+failed.Attempt,
			fmt.Sprintf("The gateway accepted it, and still shows the invoice as %q. Nothing was created: two invoices of one order could both be paid. "+
				"Apply again later, or give another order_id.", now.Status))
		return false
	}
	failed.Report(diags, err)
	return false
}

// refuseOrder says that an order has an invoice already, and how to manage that.
func (*Gateway) refuseOrder(existing *p2p.Invoice, summary, detail string, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root("order_id"), summary,
		fmt.Sprintf("%s\n\nTo manage the existing one as it is, import it:\n\n%s", detail, importBlock(existing)))
}

func importBlock(existing *p2p.Invoice) string {
	return fmt.Sprintf("import {\n  to = invoice_invoice.NAME\n  id = \"p2p/%s\"\n}", existing.ID)
}

// FindUnclear looks the order id up. An invoice that was canceled or has expired may be an
// older one of the same order. Nothing comes of either.
func (g *Gateway) FindUnclear(ctx context.Context, known *gateway.Invoice) (*gateway.ShownInvoice, error) {
	var ignored diag.Diagnostics // a write-only token is not in the state, nor needed here
	found, err := g.Client.FindCreated(ctx, g.request(ctx, known, known, &ignored), ledger.SentAt(known.CreatedAt))
	switch {
	case errors.Is(err, p2p.ErrAbsenceUnproven):
		return nil, nil
	case transport.OutcomeOf(err) == transport.Refused:
		return nil, gateway.ErrNoLookUp
	case found == nil || err != nil:
		return nil, err
	case found.IsCanceled() || found.Status == p2p.StatusExpired:
		return nil, nil
	}
	return g.shown(found, known), nil
}
