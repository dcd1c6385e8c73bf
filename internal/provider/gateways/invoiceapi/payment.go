package invoiceapi

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var _ gateway.PaymentFinder = (*Gateway)(nil)

const keyOrder = "order_id"

// PaymentKeys are the keys of GetPayment and GetPaymentByOrder (sections 7.2.4, 7.2.5).
func (*Gateway) PaymentKeys() []string { return []string{"id", keyOrder} }

// FindPayment looks a payment up, whoever issued it.
func (g *Gateway) FindPayment(ctx context.Context, key, value string) (*gateway.ShownPayment, error) {
	find := g.Client.FindPayment
	if key == keyOrder {
		find = g.Client.FindPaymentByOrder
	}
	payment, err := find(ctx, value)
	if payment == nil || err != nil {
		return nil, err
	}
	return shownPayment(payment), nil
}

var paymentMethodTypes = map[string]attr.Type{"type": types.StringType, "terminal_id": types.StringType}

func shownPayment(p *invoiceapi.Payment) *gateway.ShownPayment {
	shown := &gateway.ShownPayment{
		ID: string(p.ID), OrderID: string(p.Order.ID), Status: p.Status, IsPaid: p.WasPaid(), Amount: attributes.MoneyOrNull(p.Order.Amount),
		Currency: attributes.CurrencyOrNull(p.Order.Currency).ValueString(), Created: p.Created, Updated: p.Updated,
		Own: map[string]attr.Value{
			"description":        attributes.StringOrNull(p.Order.Description),
			"custom_parameters":  attributes.JSONOrNull(p.CustomParameters),
			"url":                attributes.StringOrNull(p.URL),
			"status_description": attributes.StringOrNull(string(p.StatusDescription)),
			"decline_reason":     DeclineReason(string(p.StatusDescription)),
			"expires_at":         attributes.TimeOrNull(p.Expires),
		},
	}
	if method := p.Method.PaymentMethod; method != nil {
		terminalID := attributes.StringOrNull(string(method.TerminalID))
		shown.Own["terminal_id"] = terminalID
		shown.Own["payment_method"] = types.ObjectValueMust(paymentMethodTypes, map[string]attr.Value{
			"type": attributes.StringOrNull(method.Type), "terminal_id": terminalID,
		})
	}
	return shown
}
