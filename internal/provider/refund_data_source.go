package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
)

// newRefundDataSource shows a refund as the gateway has it.
func newRefundDataSource() datasource.DataSource {
	return &lookUpDataSource[invoiceapi.Refund]{
		kind: "refund", schema: refundDataSchema(), show: showRefund,
		findBy: finders[invoiceapi.Refund]{
			"id": (*invoiceapi.Client).FindRefund,
		},
	}
}

func refundDataSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A refund of Invoice API v2, by its id. The gateway never returns the receipt.\n\nSource: Invoice API guide, section 7.2.8 (GetRefund).",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The id to look up.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"payment_id": attributes.LookedUpText("The id of the payment."),
			"amount":     attributes.LookedUpMoney("How much went back"),
			"currency":   attributes.LookedUpText("`RUB`, `USD` or `EUR`."),
			"reason":     attributes.LookedUpText("Why."),
			"status":     attributes.LookedUpText("`init` (the result comes later), `successful` or `fail`."),
			"payment_method": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The payment method that the payment was paid with. Source: guide, section 7.2.8, fields 5.1–5.5.",
				Attributes: map[string]schema.Attribute{
					"terminal_id": attributes.LookedUpText("The id of the terminal that took the payment."),
					"type":        attributes.LookedUpText("The way it was paid, such as `card`."),
					"account":     attributes.LookedUpText("The masked card number."),
					"funds":       attributes.LookedUpMoney("The total of the payment"),
					"bonuses":     schema.StringAttribute{Computed: true, CustomType: attributes.DecimalType{}, MarkdownDescription: aboutBonuses},
				},
			},
			"custom_parameters": schema.StringAttribute{Computed: true, CustomType: jsontypes.NormalizedType{}, MarkdownDescription: "The payment's custom parameters, as JSON."},
			"created_at":        attributes.LookedUpTime("When it was made"),
			"updated_at":        attributes.LookedUpTime("When its status last changed"),
		},
	}
}

func showRefund(refund *invoiceapi.Refund) map[string]attr.Value {
	var as refundModel
	shown := apigateway.ShownRefund(refund)
	as.applyImport(shown)
	as.applyRemote(shown)
	return map[string]attr.Value{
		"id": as.ID, "payment_id": as.PaymentID, "amount": as.Amount, "currency": as.Currency, "reason": as.Reason, "status": as.Status,
		"payment_method": as.PaymentMethod, "custom_parameters": as.CustomParameters, "created_at": as.CreatedAt, "updated_at": as.UpdatedAt,
	}
}
