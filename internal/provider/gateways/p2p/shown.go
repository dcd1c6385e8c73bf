package p2p

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var statuses = map[string]string{
	p2p.StatusNew: gateway.StatusCreated, p2p.StatusPaid: gateway.StatusPaid, p2p.StatusExpired: gateway.StatusExpired,
	p2p.StatusCanceled: gateway.StatusCanceled, p2p.StatusDispute: gateway.StatusDisputed,
	p2p.StatusRecalculated: gateway.StatusPaid, p2p.StatusRecalculation: gateway.StatusPaid, p2p.StatusReCalculation: gateway.StatusPaid,
}

func (g *Gateway) shown(i *p2p.Invoice, known *gateway.Invoice) *gateway.ShownInvoice {
	shown := &gateway.ShownInvoice{
		ID:            string(i.ID),
		URL:           string(i.URL),
		Status:        i.Status,
		GatewayStatus: i.Status,
		Amount:        attributes.NewMoney(i.Sum.Amount),
		Currency:      i.Sum.Currency,
		OrderID:       string(i.InternalID),
		CustomerID:    string(i.UserID),
		Created:       i.Created,
		Updated:       i.Updated,
		Expires:       i.Expires,
		IsExpired:     i.IsExpired(time.Now()),
		Arguments: map[string]attr.Value{
			"direction":          attributes.StringOrNull(i.Type),
			"payment_option":     attributes.StringOrNull(string(i.PaymentOption)),
			"payment_method":     attributes.StringOrNull(string(i.PaymentMethod)),
			"payment_requisites": requisitesOf(i.PaymentRequisites),
		},
		Computed: computed(i),
	}
	if ours, known := statuses[i.Status]; known {
		shown.Status = ours
	}
	if i.IsCanceled() {
		shown.Gone = "it is canceled"
	}
	if limit, _ := known.Object(g).Attributes()["max_amount"].(attributes.Decimal); attributes.IsBetween(i.Sum.Amount, known.Amount.Number(), limit.Number()) {
		shown.Amount = known.Amount // the gateway made the sum unique
	}
	if i.IsPaid() && !known.Amount.IsNull() {
		shown.Amount = attributes.NullDecimal() // the gateway recalculates what was paid: no drift
	}
	if known.Object(g).IsNull() {
		// An import: the configuration that is generated from it has to be valid.
		shown.Arguments["notification_url"] = types.StringValue("")
		if shown.Arguments["payment_requisites"].IsNull() {
			shown.Arguments["payment_requisites"] = types.ObjectValueMust(requisitesTypes, map[string]attr.Value{
				"requisites": types.StringNull(), "holder": types.StringNull(),
			})
		}
	} else {
		// Requisites are read by an import only, and not remembered.
		delete(shown.Arguments, "payment_requisites")
	}
	if deals, ok := shown.Computed["deals"].(types.List); ok && g.hidesReceiver(known) {
		shown.Computed["deals"] = withoutRequisites(deals)
	}
	return shown
}

func computed(i *p2p.Invoice) map[string]attr.Value {
	return map[string]attr.Value{
		"amount_to_pay":       attributes.NewMoney(i.Sum.Amount),
		"received_from_taker": sumOf(i.ReceivedSumFromTaker, i.Sum.Currency),
		"received_from_maker": sumOf(i.ReceivedSumFromMaker, i.Sum.Currency),
		"service_fee":         sumOf(i.ServiceFeeSum, i.Sum.Currency),
		"payout":              sumOf(i.PayoutSum, ""),
		"store_id":            attributes.StringOrNull(string(i.StoreID)),
		"store_name":          attributes.StringOrNull(string(i.StoreName)),
		"deals":               dealsOf(i.Deals),
	}
}

func requisitesOf(requisites *p2p.Requisites) types.Object {
	if requisites == nil || requisites.Requisites == "" {
		return types.ObjectNull(requisitesTypes)
	}
	return types.ObjectValueMust(requisitesTypes, map[string]attr.Value{
		"requisites": types.StringValue(requisites.Requisites), "holder": attributes.StringOrNull(requisites.Holder),
	})
}
