package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

func historyRowSchema() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":                attributes.LookedUpText("The invoice's id."),
		"order_id":          attributes.LookedUpText("The merchant's own id of the order."),
		"customer_id":       attributes.LookedUpText("The merchant's own id of the payer. PayKeeper only."),
		"customer_email":    attributes.LookedUpText("The payer's e-mail address."),
		"customer_phone":    attributes.LookedUpText("The payer's phone number. PayKeeper only."),
		"description":       attributes.LookedUpText("What the invoice is for. PayKeeper only."),
		"amount":            attributes.LookedUpMoney("What was to be paid"),
		"paid_amount":       attributes.LookedUpMoney("The amount once the invoice is paid (null before)"),
		"current_amount":    attributes.LookedUpMoney("IntellectMoney's `CurrentAmount` (not what was paid)"),
		"currency":          attributes.LookedUpText("The currency."),
		"status":            attributes.LookedUpText("The status; a gateway's word that is none of ours is shown as it came."),
		"gateway_status":    attributes.LookedUpText("The gateway's own word for the status."),
		"payment_id":        attributes.LookedUpText("The payment that paid it. PayKeeper only."),
		"eshop_id":          attributes.LookedUpText("The shop's number. IntellectMoney only."),
		"organization_name": attributes.LookedUpText("The organization. IntellectMoney only."),
		"rrn":               attributes.LookedUpText("The reference number of the payment. IntellectMoney only."),
		"created_at":        attributes.LookedUpTime("When it was issued"),
		"updated_at":        attributes.LookedUpTime("When it last changed. IntellectMoney only"),
		"expires_at":        attributes.LookedUpTime("Until when it could be paid"),
		"paid_at":           attributes.LookedUpTime("When it was paid. PayKeeper only"),
		"transactions": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "The transactions; null unless `intellectmoney.include_transactions` is true.",
			NestedObject: sharedObject(historyTransactionSchema()),
		},
		"intellectmoney": historyDetailsSchema(),
	}
}

func historyTransactionSchema() map[string]schema.Attribute {
	detail := func(about, field string) schema.StringAttribute {
		return attributes.LookedUpText(about + " (`" + field + "`); null unless `intellectmoney.details` is true.")
	}
	return map[string]schema.Attribute{
		"id":                 attributes.LookedUpText("The transaction's id."),
		"payment_number":     attributes.LookedUpText("Its payment number."),
		"state":              attributes.LookedUpText("The gateway's own word: `Confirm`, others."),
		"type":               attributes.LookedUpText("The gateway's own word: `Purchase`, others."),
		"direction":          attributes.LookedUpText("The gateway's own word: `Withdraw`, others."),
		"input_type":         attributes.LookedUpText("How it was paid: `Acquiring`, others."),
		"amount":             attributes.LookedUpMoney("What was paid"),
		"recipient_amount":   attributes.LookedUpMoney("What the recipient got"),
		"commission":         schema.StringAttribute{Computed: true, CustomType: attributes.DecimalType{}, MarkdownDescription: "The gateway's commission, with at least two decimals (`Comission`)."},
		"description":        attributes.LookedUpText("The gateway's description."),
		"created_at":         attributes.LookedUpTime("When it was made"),
		"account":            detail("The account", "Account"),
		"payment_account":    detail("Where the money came from", "PaymentAccount"),
		"recipient_account":  detail("Where it went to", "RecipientAccount"),
		"currency":           detail("The currency of `amount`", "PaymentAmount.Currency"),
		"recipient_currency": detail("The currency of `recipient_amount`", "RecipientAmount.Currency"),
		"card_number":        detail("The masked card number", "ShortPan"),
		"country":            detail("The country of the payer's bank", "Country"),
		"bank":               detail("The payer's bank", "Bank"),
		"email":              detail("The payer's e-mail address", "UserEmail"),
	}
}

// historyDetailsSchema marks nothing as sensitive: then nobody could show the list of invoices in
// an output, also without details.
func historyDetailsSchema() schema.Attribute {
	details := schema.SingleNestedAttribute{
		Computed: true,
		MarkdownDescription: "What only IntellectMoney tells; null unless `intellectmoney.details` is true. It names the payer, so mind who reads the state. " +
			"Source: «Получение списка СКО», sample answer.",
		Attributes: map[string]schema.Attribute{
			"hold_mode":         schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the money is held first, and taken later (`HoldModeFlag`)."},
			"original_amount":   attributes.LookedUpMoney("The amount before it was changed (`OriginalAmount`)"),
			"surcharge_amount":  attributes.LookedUpMoney("What is added to the amount (`SurchargeAmount`)"),
			"customer_name":     attributes.LookedUpText("The payer's name (`OwnerFIO`)."),
			"eshop_name":        attributes.LookedUpText("The shop's name (`PurchaseData.EshopName`)."),
			"organization_name": attributes.LookedUpText("The organization (`OrganizationName`)."),
			"recurrent":         schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it is paid again and again (`IsRecurrent`)."},
			"form_type":         attributes.LookedUpText("The gateway's own word for the form that it was paid in (`FormType`): `None`, others."),
			"receipt":           schema.StringAttribute{Computed: true, CustomType: jsontypes.NormalizedType{}, MarkdownDescription: "The fiscal receipt as it was sent to the gateway, as JSON (`MerchantReceipt`)."},
			"additional_info": schema.MapAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "The gateway's further lines, by their names (`AdditionalInfo`). The values of a name that stands there twice are joined with `; `.",
			},
		},
	}
	details.CustomType = sharedTypeOf(details.Attributes)
	return details
}

// A history has thousands of rows.

func sharedObject(of map[string]schema.Attribute) schema.NestedAttributeObject {
	return schema.NestedAttributeObject{Attributes: of, CustomType: sharedTypeOf(of)}
}

func sharedTypeOf(of map[string]schema.Attribute) attributes.SharedObjectType {
	kinds := make(map[string]attr.Type, len(of))
	for name, attribute := range of {
		kinds[name] = attribute.GetType()
	}
	return attributes.NewSharedObjectType(kinds)
}
