package paykeeper

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// Statuses of the lists. Created invoices are in none (section 3.4).
func (*Gateway) Statuses() []string {
	return []string{paykeeper.StatusSent, paykeeper.StatusPaid, paykeeper.StatusExpired}
}

// TakesMoments reports that a period consists of days.
func (*Gateway) TakesMoments() bool { return false }

// ReadHistory reads the lists («JSON API PayKeeper», sections 3.2 and 3.3).
func (g *Gateway) ReadHistory(ctx context.Context, query gateway.HistoryQuery, diags *diag.Diagnostics) (gateway.History, error) {
	days := query.Created.Widened()
	invoices, doubt, err := g.Client.History(ctx, paykeeper.Filter{Statuses: query.Statuses, Start: days.From, End: days.Until})
	if err != nil {
		return gateway.History{}, err
	}
	if doubt != "" {
		diags.AddWarning("The history may not be complete", "PayKeeper's own count does not confirm what it lists: "+doubt+".")
	}
	rows := make([]gateway.HistoryRow, 0, len(invoices))
	for i := range invoices {
		if one := &invoices[i]; query.Includes(one.Created, one.Status) {
			rows = append(rows, historyRow(one))
		}
	}
	return gateway.History{Rows: rows}, nil
}

// ListInvoices reads the list («JSON API PayKeeper», section 3.2).
func (g *Gateway) ListInvoices(ctx context.Context, query gateway.HistoryQuery, isWhole bool) iter.Seq2[*gateway.ShownInvoice, error] {
	days := query.Created.Widened()
	stream := paykeeper.Stream{
		Filter:  paykeeper.Filter{Statuses: query.Statuses, Start: days.From, End: days.Until},
		Wants:   func(row *paykeeper.Invoice) bool { return query.Includes(row.Created, row.Status) },
		IsWhole: isWhole,
	}
	return func(push func(*gateway.ShownInvoice, error) bool) {
		for invoice, err := range g.Client.StreamInvoices(ctx, stream) {
			var shown *gateway.ShownInvoice
			if invoice != nil {
				shown = g.shown(invoice, &gateway.Invoice{})
			}
			if !push(shown, err) {
				return
			}
		}
	}
}

func historyRow(i *paykeeper.Invoice) gateway.HistoryRow {
	row := gateway.HistoryRow{
		ID:            types.StringValue(string(i.ID)),
		OrderID:       attributes.StringOrNull(string(i.OrderID)),
		CustomerID:    attributes.StringOrNull(string(i.ClientID)),
		CustomerEmail: attributes.StringOrNull(string(i.ClientEmail)),
		CustomerPhone: attributes.StringOrNull(string(i.ClientPhone)),
		Description:   attributes.StringOrNull(paykeeper.ParseServiceName(string(i.ServiceName)).Name),
		Amount:        attributes.MoneyOrNull(i.Amount),
		PaidAmount:    attributes.NullDecimal(),
		CurrentAmount: attributes.NullDecimal(),
		Currency:      types.StringValue(gateway.DefaultCurrency),
		Status:        attributes.StringOrNull(i.Status),
		GatewayStatus: attributes.StringOrNull(i.Status),
		PaymentID:     attributes.StringOrNull(i.PaidBy()),
		CreatedAt:     attributes.TimeOrNull(i.Created),
		ExpiresAt:     attributes.TimeOrNull(i.Expires),
		PaidAt:        attributes.TimeOrNull(i.Paid),
	}
	if i.IsPaid() {
		row.PaidAmount = row.Amount
	}
	return row
}
