package p2p

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// Withdraw cancels an invoice.
func (g *Gateway) Withdraw(ctx context.Context, id string) error {
	return g.Client.CancelInvoice(ctx, id)
}

func (g *Gateway) request(ctx context.Context, planned, config *gateway.Invoice, diags *diag.Diagnostics) p2p.CreateInvoiceRequest {
	block := attributes.ReadObject[invoiceBlock](ctx, planned.Object(g), diags)
	written := attributes.ReadObject[invoiceBlock](ctx, config.Object(g), diags) // write-only values are in no plan
	request := p2p.CreateInvoiceRequest{
		Type:                block.Direction.ValueString(),
		Amount:              planned.Amount.ValueString(),
		MaxAmount:           block.MaxAmount.ValueString(),
		Currency:            planned.Currency.ValueString(),
		NotificationURL:     block.NotificationURL.ValueString(),
		NotificationToken:   block.NotificationToken.ValueString(),
		InternalID:          planned.OrderID.ValueString(),
		UserID:              planned.CustomerID.ValueString(),
		PaymentOption:       block.PaymentOption.ValueString(),
		PaymentMethod:       block.PaymentMethod.ValueString(),
		StartDeal:           block.StartDeal.ValueBoolPointer(),
		CrossBorderCurrency: block.CrossBorderCurrency.ValueString(),
		AllowMatching:       block.AllowMatching.ValueBoolPointer(),
	}
	request.PaymentRequisites = receiverOf(ctx, block, written, diags)
	if request.Type == p2p.DirectionOut {
		request.StartDeal = nil // type in only
		checkReceiver(written, diags)
	}
	if block.NotificationToken.IsNull() {
		request.NotificationToken = written.NotificationTokenWO.ValueString()
	}
	if request.NotificationToken == "" {
		diags.AddAttributeError(path.Root("p2p").AtName("notification_token"), "The notification token is empty",
			"Neither p2p.notification_token nor p2p.notification_token_wo has a value. Nothing was sent.")
	}
	return request
}

// Issue creates an invoice or a payout. One that is there already under the order id
// is adopted, or an error.
func (g *Gateway) Issue(ctx context.Context, planned, config *gateway.Invoice, diags *diag.Diagnostics) *gateway.ShownInvoice {
	request := g.request(ctx, planned, config, diags)
	if diags.HasError() {
		return nil
	}
	freeID := false
	if request.InternalID != "" {
		unlock, err := g.run.Lock(ctx, g.Name(), request.InternalID)
		if err != nil {
			gateway.FailedCall{Attempt: "issue the invoice"}.Report(diags, err)
			return nil
		}
		defer unlock()
		existing, isFailed := g.findExisting(ctx, request, diags)
		switch {
		case isFailed:
			return nil
		case existing != nil && g.isOver(existing):
			if !g.endExpired(ctx, existing, request, diags) {
				return nil
			}
		case existing != nil:
			return g.takeOver(existing, request, planned, diags)
		default:
			freeID = true
		}
	}
	sent := time.Now()
	created, err := g.Client.CreateInvoice(ctx, request, freeID)
	if err != nil {
		return g.issueFailed(err, request, sent, diags)
	}
	g.run.NoteIssued(g.Name(), string(created.ID))
	g.warnNotFindable(ctx, request, created, diags)
	return g.shown(created, planned)
}

// findExisting looks the internal id up before anything is created under it. It reports
// whether it failed: then an error was added, and nothing may be created.
func (g *Gateway) findExisting(ctx context.Context, request p2p.CreateInvoiceRequest, diags *diag.Diagnostics) (existing *p2p.Invoice, isFailed bool) {
	existing, err := g.Client.FindByInternalID(ctx, request.InternalID)
	switch {
	case err == nil, errors.Is(err, p2p.ErrAbsenceUnproven):
		return existing, false
	case transport.OutcomeOf(err) == transport.Refused && !p2p.IsStrangersPage(err) && g.Client.Meet(ctx):
		return nil, false // a server without this call: it is not documented
	}
	gateway.FailedCall{
		Attempt: fmt.Sprintf("look for order %q before creating it", request.InternalID),
		Next:    "Nothing was created: it could have been there already. Try again later.",
	}.Report(diags, err)
	return nil, true
}

// issueFailed reports a failed creation, and returns what may have been made.
func (g *Gateway) issueFailed(err error, request p2p.CreateInvoiceRequest, sent time.Time, diags *diag.Diagnostics) *gateway.ShownInvoice {
	unclear := transport.OutcomeOf(err) == transport.Unclear
	if request.Type == p2p.DirectionOut {
		gateway.FailedCall{Attempt: "make the payout", Unclear: ledger.Outgoing{Kind: ledger.Payouts, About: fmt.Sprintf("%s %s (order %q)", request.Amount, request.Currency, request.InternalID)}.Unclear()}.Report(diags, err)
		if unclear {
			// Kept, so that nothing sends it again.
			return &gateway.ShownInvoice{Status: ledger.StatusUnknown, Computed: computed(&p2p.Invoice{})}
		}
		return nil
	}
	failed := gateway.FailedCall{
		Attempt: "issue the invoice",
		Unclear: "The invoice may have been created. Nobody has its address, and it expires by itself, an hour after its creation in the gateway's documents.",
	}
	if request.InternalID != "" {
		failed.Unclear += fmt.Sprintf(" To find out, look for order %q in the store's account. Terraform keeps the order id: "+
			"the next apply looks for the invoice, and cancels it if it is there, before it issues another.", request.InternalID)
	}
	failed.Report(diags, err)
	if unclear && request.InternalID != "" {
		shown := gateway.UnclearInvoice(sent)
		shown.Computed = computed(&p2p.Invoice{})
		return shown
	}
	return nil
}

// Find looks an invoice up by its id. A payout whose creation was never answered has none,
// and is looked up by its order id.
func (g *Gateway) Find(ctx context.Context, known *gateway.Invoice) (*gateway.ShownInvoice, error) {
	var invoice *p2p.Invoice
	var err error
	switch {
	case !known.ID.IsNull():
		invoice, err = g.Client.FindInvoice(ctx, known.ID.ValueString())
	case known.OrderID.ValueString() != "":
		invoice, err = g.Client.FindByInternalID(ctx, known.OrderID.ValueString())
		if invoice != nil && (invoice.Type != p2p.DirectionOut || g.isOver(invoice)) {
			invoice = nil // the order had another one before
		}
		if errors.Is(err, p2p.ErrAbsenceUnproven) || transport.OutcomeOf(err) == transport.Refused {
			err = nil
		}
	}
	if invoice == nil || err != nil {
		return nil, err
	}
	return g.shown(invoice, known), nil
}
