package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// paykeeperHistory reads the history of PayKeeper («JSON API PayKeeper»,
// sections 3.2 and 3.3).
type paykeeperHistory struct {
	gateway.Configured[paykeeper.Client]
}

func (*paykeeperHistory) Name() string { return "paykeeper" }

// Created invoices are in no list (section 3.4).
func (*paykeeperHistory) Statuses() []string {
	return []string{paykeeper.StatusSent, paykeeper.StatusPaid, paykeeper.StatusExpired}
}

func (*paykeeperHistory) TakesMoments() bool { return false }

func (g *paykeeperHistory) Zone() *time.Location { return paykeeperZone(g.Client) }

func (*paykeeperHistory) FilterSchema() schema.Attribute { return nil }

func (*paykeeperHistory) CheckFilter(context.Context, types.Object, *diag.Diagnostics) {}

func (g *paykeeperHistory) Read(ctx context.Context, query gateway.HistoryQuery, diags *diag.Diagnostics) ([]gateway.HistoryRow, error) {
	days := query.Created.Widened()
	invoices, doubt, err := g.Client.History(ctx, paykeeper.Filter{Statuses: query.Statuses, Start: days.From, End: days.Until})
	if err != nil {
		return nil, err
	}
	if doubt != "" {
		diags.AddWarning("The history may not be complete", "PayKeeper's own count does not confirm what it lists: "+doubt+".")
	}
	rows := make([]gateway.HistoryRow, 0, len(invoices))
	for i := range invoices {
		one := &invoices[i]
		// The gateway was asked for the period: what has no readable time is carried.
		inside := one.Created.IsZero() || query.Created.Contains(one.Created.Time)
		if inside && query.Wants(one.Status) {
			rows = append(rows, paykeeperRow(one))
		}
	}
	return rows, nil
}

func paykeeperRow(i *paykeeper.Invoice) gateway.HistoryRow {
	name, _ := paykeeper.ParseServiceName(string(i.ServiceName))
	row := gateway.HistoryRow{
		ID:            types.StringValue(string(i.ID)),
		OrderID:       attributes.StringOrNull(string(i.OrderID)),
		CustomerID:    attributes.StringOrNull(string(i.ClientID)),
		CustomerEmail: attributes.StringOrNull(string(i.ClientEmail)),
		CustomerPhone: attributes.StringOrNull(string(i.ClientPhone)),
		Description:   attributes.StringOrNull(name),
		Amount:        paykeeperAmount(i),
		PaidAmount:    attributes.NullDecimal(),
		CurrentAmount: attributes.NullDecimal(),
		Currency:      types.StringValue(defaultCurrency),
		Status:        attributes.StringOrNull(i.Status),
		GatewayStatus: attributes.StringOrNull(i.Status),
		PaymentID:     attributes.StringOrNull(string(i.PaymentID)),
		CreatedAt:     attributes.TimeOrNull(i.Created),
		ExpiresAt:     attributes.TimeOrNull(i.Expires),
		PaidAt:        attributes.TimeOrNull(i.Paid),
	}
	if i.IsPaid() {
		row.PaidAmount = row.Amount
	}
	return row
}
