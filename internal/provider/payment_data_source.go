package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
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
	return &lookUpDataSource[paymentDataModel, invoiceapi.Payment]{
		kind: "payment", schema: paymentDataSchema(), show: (*paymentDataModel).show,
		findBy: finders[invoiceapi.Payment]{
			"id":       (*invoiceapi.Client).FindPayment,
			"order_id": (*invoiceapi.Client).FindPaymentByOrder,
		},
	}
}

type paymentDataModel struct {
	ID                types.String         `tfsdk:"id"`
	OrderID           types.String         `tfsdk:"order_id"`
	TerminalID        types.String         `tfsdk:"terminal_id"`
	Amount            attributes.Decimal   `tfsdk:"amount"`
	Currency          types.String         `tfsdk:"currency"`
	Description       types.String         `tfsdk:"description"`
	CustomParameters  jsontypes.Normalized `tfsdk:"custom_parameters"`
	PaymentMethod     types.Object         `tfsdk:"payment_method"`
	URL               types.String         `tfsdk:"url"`
	Status            types.String         `tfsdk:"status"`
	Paid              types.Bool           `tfsdk:"paid"`
	StatusDescription types.String         `tfsdk:"status_description"`
	DeclineReason     types.Object         `tfsdk:"decline_reason"`
	CreatedAt         timetypes.RFC3339    `tfsdk:"created_at"`
	UpdatedAt         timetypes.RFC3339    `tfsdk:"updated_at"`
	ExpiresAt         timetypes.RFC3339    `tfsdk:"expires_at"`
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
			"paid":               schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the money was taken, even if it was given back later."},
			"status_description": attributes.LookedUpText("What the gateway says about the status."),
			"decline_reason": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "What a decline code in `status_description` means (guide, section 9.2, in its words); null when there is none.",
				Attributes: map[string]schema.Attribute{
					"code":        attributes.LookedUpText("The code, such as `[2, 51]`."),
					"error":       attributes.LookedUpText("Its name, such as `Not sufficient funds`."),
					"description": attributes.LookedUpText("What it means."),
					"cause":       attributes.LookedUpText("What may be behind it; null where the guide says nothing."),
				},
			},
			"created_at": attributes.LookedUpTime("When it was issued"),
			"updated_at": attributes.LookedUpTime("When the status last changed"),
			"expires_at": attributes.LookedUpTime("Until when it can be paid"),
		},
	}
}

var (
	paymentMethodTypes = map[string]attr.Type{"type": types.StringType, "terminal_id": types.StringType}
	declineReasonTypes = map[string]attr.Type{"code": types.StringType, "error": types.StringType, "description": types.StringType, "cause": types.StringType}
)

func (m *paymentDataModel) show(payment *invoiceapi.Payment) {
	var link paymentLinkModel
	paymentLinkArguments.Import(&link, payment)
	link.applyRemote(payment)
	*m = paymentDataModel{
		ID: link.ID, OrderID: m.OrderID, Amount: link.Amount, Currency: link.Currency, Description: link.Description,
		CustomParameters: link.CustomParameters, URL: link.URL, Status: link.Status, Paid: link.Paid, StatusDescription: link.StatusDescription,
		CreatedAt: link.CreatedAt, UpdatedAt: link.UpdatedAt, ExpiresAt: link.ExpiresAt,
		PaymentMethod: types.ObjectNull(paymentMethodTypes),
		DeclineReason: types.ObjectNull(declineReasonTypes),
	}
	if m.OrderID.IsNull() {
		m.OrderID = link.OrderID
	}
	if method := payment.Method.PaymentMethod; method != nil {
		m.TerminalID = attributes.StringOrNull(string(method.TerminalID))
		m.PaymentMethod = types.ObjectValueMust(paymentMethodTypes, map[string]attr.Value{
			"type": attributes.StringOrNull(method.Type), "terminal_id": m.TerminalID,
		})
	}
	if reason, known := invoiceapi.FindDeclineReason(string(payment.StatusDescription)); known {
		m.DeclineReason = types.ObjectValueMust(declineReasonTypes, map[string]attr.Value{
			"code": types.StringValue(reason.Code), "error": types.StringValue(reason.Error),
			"description": types.StringValue(reason.Description), "cause": attributes.StringOrNull(reason.Cause),
		})
	}
}
