package paykeeper

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// FindUnclear searches for what was sent. What this run issued is another one.
func (g *Gateway) FindUnclear(ctx context.Context, known *gateway.Invoice) (*gateway.ShownInvoice, error) {
	var diags diag.Diagnostics
	request := g.request(ctx, known, &diags)
	if diags.HasError() {
		return nil, errors.New(diags[0].Detail())
	}
	found, err := g.Client.FindCreated(ctx, request, ledger.SentAt(known.CreatedAt), func(id string) bool { return g.run.IsIssued(g.Name(), id) })
	switch {
	case errors.Is(err, paykeeper.ErrNoSearch):
		return nil, gateway.ErrNoLookUp
	case found == nil || err != nil:
		return nil, err
	}
	return g.shown(found, known), nil
}

// Find looks an invoice up by its id.
func (g *Gateway) Find(ctx context.Context, known *gateway.Invoice) (*gateway.ShownInvoice, error) {
	invoice, err := g.Client.FindInvoice(ctx, known.ID.ValueString())
	if invoice == nil || err != nil {
		return nil, err
	}
	return g.shown(invoice, known), nil
}
