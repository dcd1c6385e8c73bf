package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

// newPaymentDataSource shows a payment as the gateway has it, whoever issued it.
func newPaymentDataSource() datasource.DataSource {
	return &lookUpDataSource[invoiceapi.Payment]{
		kind: "payment", schema: paymentDataSchema(), show: showPayment,
		findBy: finders[invoiceapi.Payment]{
			"id":       (*invoiceapi.Client).FindPayment,
			"order_id": (*invoiceapi.Client).FindPaymentByOrder,
		},
	}
}

func paymentDataSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A payment of Invoice API v2, by its id or by the merchant's order id. The gateway never returns the receipt.\n\n" +
			"Source: Invoice API guide, sections 7.2.4 (GetPayment), 7.2.5 (GetPaymentByOrder), 9.2 (decline codes).",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The payment id to look up; give this or `order_id`.",
				Validators: []validator.String{
					attributes.IsNotBlank(),
					stringvalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("order_id")),
				},
			},
			"order_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The merchant's order id to look up; give this or `id`.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"terminal_id":       attributes.LookedUpText("The id of the terminal, if the gateway returns it."),
			"amount":            attributes.LookedUpMoney("What is to be paid"),
			"currency":          attributes.LookedUpText("`RUB`, `USD` or `EUR`."),
			"description":       attributes.LookedUpText("What the order is."),
			"custom_parameters": schema.StringAttribute{Computed: true, CustomType: jsontypes.NormalizedType{}, MarkdownDescription: "The merchant's own data, as JSON."},
			"payment_method": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The payment method, if the gateway returns it.",
				Attributes: map[string]schema.Attribute{
					"type":        attributes.LookedUpText("The way to pay, such as `card`."),
					"terminal_id": attributes.LookedUpText("The id of the terminal."),
				},
			},
			"url":                attributes.LookedUpText("The address of the payment page."),
			"status":             attributes.LookedUpText("The gateway's own word: `init`, `successful`, `fail`, `closed`; also `created`, `process`, `error` and `refunded`."),
			"paid":               schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the money was taken or held, even if it was given back later: `successful` and `refunded`."},
			"status_description": attributes.LookedUpText("What the gateway says about the status."),
			"decline_reason": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "What a decline code in `status_description` means (guide, section 9.2); null when there is none that the guide knows. The function `decline_reason` gives the same.",
				Attributes: map[string]schema.Attribute{
					"code":           attributes.LookedUpText("The code, such as `[2, 51]`."),
					"name":           attributes.LookedUpText("Its name, such as `Not sufficient funds`."),
					"description":    attributes.LookedUpText("What it means, in English."),
					"description_ru": attributes.LookedUpText("What it means, in the guide's words."),
					"cause":          attributes.LookedUpText("What may be behind it, in English; null where the guide says nothing."),
					"cause_ru":       attributes.LookedUpText("What may be behind it, in the guide's words; null where it says nothing."),
				},
			},
			"created_at": attributes.LookedUpTime("When it was issued"),
			"updated_at": attributes.LookedUpTime("When the status last changed"),
			"expires_at": attributes.LookedUpTime("Until when it can be paid"),
		},
	}
}

var paymentMethodTypes = map[string]attr.Type{"type": types.StringType, "terminal_id": types.StringType}

func showPayment(payment *invoiceapi.Payment) map[string]attr.Value {
	var link paymentLinkModel
	paymentLinkArguments.Import(&link, payment)
	link.applyRemote(payment)
	shown := map[string]attr.Value{
		"id": link.ID, "order_id": link.OrderID, "amount": link.Amount, "currency": link.Currency, "description": link.Description,
		"custom_parameters": link.CustomParameters, "url": link.URL, "status": link.Status, "paid": link.Paid,
		"status_description": link.StatusDescription, "created_at": link.CreatedAt, "updated_at": link.UpdatedAt, "expires_at": link.ExpiresAt,
		"decline_reason": declineReason(string(payment.StatusDescription)),
	}
	if method := payment.Method.PaymentMethod; method != nil {
		terminalID := attributes.StringOrNull(string(method.TerminalID))
		shown["terminal_id"] = terminalID
		shown["payment_method"] = types.ObjectValueMust(paymentMethodTypes, map[string]attr.Value{
			"type": attributes.StringOrNull(method.Type), "terminal_id": terminalID,
		})
	}
	return shown
}
