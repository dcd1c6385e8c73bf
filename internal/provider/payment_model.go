package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var paymentRefundType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id": types.StringType, "number": types.StringType, "amount": attributes.DecimalType{}, "remaining": attributes.DecimalType{},
	"status": types.StringType, "created_at": attributes.TimeType, "made_by": types.StringType,
}}

// shownPayment holds the attributes of a payment. The ones that its gateway does not have are
// left out.
func shownPayment(p *gateway.ShownPayment) map[string]attr.Value {
	shown := map[string]attr.Value{
		"id": attributes.StringOrNull(p.ID), "order_id": attributes.StringOrNull(p.OrderID), "customer_id": attributes.StringOrNull(p.CustomerID),
		"payment_system": attributes.StringOrNull(p.System), "status": attributes.StringOrNull(p.Status), "paid": types.BoolValue(p.IsPaid),
		"amount": p.Amount, "refunded_amount": p.Refunded, "currency": attributes.StringOrNull(p.Currency),
		"created_at": attributes.TimeOrNull(p.Created), "paid_at": attributes.TimeOrNull(p.Paid), "updated_at": attributes.TimeOrNull(p.Updated),
	}
	if p.Refunds != nil {
		refunds := make([]attr.Value, 0, len(p.Refunds))
		for i := range p.Refunds {
			refunds = append(refunds, shownPaymentRefund(&p.Refunds[i]))
		}
		shown["refunds"] = types.ListValueMust(paymentRefundType, refunds)
	}
	maps.Copy(shown, p.Own)
	return shown
}

func shownPaymentRefund(r *gateway.ShownRefund) attr.Value {
	return types.ObjectValueMust(paymentRefundType.AttrTypes, map[string]attr.Value{
		"id": attributes.StringOrNull(r.ID), "number": attributes.StringOrNull(r.Number), "amount": attributes.NewMoney(&r.Amount), "remaining": attributes.NewMoney(r.Remaining),
		"status": attributes.StringOrNull(r.Status), "created_at": attributes.TimeOrNull(r.Created), "made_by": attributes.StringOrNull(r.MadeBy),
	})
}
