package paykeeper

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

func (g *Gateway) shown(i *paykeeper.Invoice, known *gateway.Invoice) *gateway.ShownInvoice {
	service := paykeeper.ParseServiceName(string(i.ServiceName))
	shown := &gateway.ShownInvoice{
		ID:            string(i.ID),
		URL:           known.URL.ValueString(), // only preview answers it
		Status:        i.Status,                // the same words
		GatewayStatus: i.Status,
		PaymentID:     i.PaidBy(),
		Amount:        attributes.MoneyOrNull(i.Amount),
		Currency:      gateway.DefaultCurrency,
		OrderID:       string(i.OrderID),
		CustomerID:    string(i.ClientID),
		Created:       i.Created,
		Expires:       i.Expires,
		Paid:          i.Paid,
		IsExpired:     i.IsExpired(time.Now()),
		Arguments: map[string]attr.Value{
			"service_name":       attributes.StringOrNull(service.Name),
			"client_email":       attributes.StringOrNull(string(i.ClientEmail)),
			"client_phone":       attributes.StringOrNull(string(i.ClientPhone)),
			"expiry_date":        attributes.StringOrNull(expiryDate(i.Expires.Time, g.Zone())),
			gateway.ArgumentSend: types.BoolNull(),
			"cart":               cartList(service.Cart),
			"language":           attributes.StringOrNull(service.Language),
			"result_url":         attributes.StringOrNull(service.ResultURL),
		},
	}
	if shown.URL == "" {
		shown.URL = g.Client.InvoiceURL(shown.ID)
	}
	if i.Status == paykeeper.StatusCreated {
		// It is not mailed. If it should be, the next plan mails it.
		shown.Arguments[gateway.ArgumentSend] = types.BoolValue(false)
	}
	if promised := g.promisedExpiry(i, known); i.Status == paykeeper.StatusExpired && (promised.IsZero() || time.Until(promised) > values.ClockTolerance) {
		shown.Gone = "it shows as expired before its time, so it was revoked"
	}
	return shown
}

// promisedExpiry is until when the invoice was to be payable; zero means for ever. What was
// known before comes first, since revoking may have changed it.
func (g *Gateway) promisedExpiry(i *paykeeper.Invoice, known *gateway.Invoice) time.Time {
	if before, err := time.Parse(time.RFC3339, known.ExpiresAt.ValueString()); err == nil {
		if before.Format(time.DateTime) == i.Expires.Format(time.DateTime) {
			return i.Expires.Time // another zone may have been set since
		}
		return before
	}
	configured, _ := known.Object(g).Attributes()["expiry_date"].(types.String)
	if day, err := time.ParseInLocation(time.DateOnly, configured.ValueString(), g.Zone()); err == nil {
		return day
	}
	return i.Expires.Time
}

// expiryDate is the first day, in a zone, that is wholly after the expiry:
// "2026-12-01 00:00:00" and "2026-11-30 23:59:59" both mean the first of December.
func expiryDate(expires time.Time, zone *time.Location) string {
	if expires.IsZero() {
		return ""
	}
	local := expires.In(zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
	if day.Before(local) {
		day = day.AddDate(0, 0, 1)
	}
	return day.Format(time.DateOnly)
}
