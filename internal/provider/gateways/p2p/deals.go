package p2p

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
)

var dealType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id": types.StringType, "type": types.StringType, "status": types.StringType,
	"payment_method": types.StringType, "payment_option": types.StringType,
	"requisites": types.StringType, "holder": types.StringType, "rate": types.StringType, "active": types.BoolType,
	"cancels_at": attributes.TimeType, "qr_code_url": types.StringType,
	"dispute_reason": types.StringType, "dispute_attachment_url": types.StringType, "payment": types.ObjectType{AttrTypes: sumTypes},
}}

// dealsSchema describes the deals of an invoice.
func dealsSchema() schema.ListNestedAttribute {
	text := func(about string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: about}
	}
	secret := func(about string) schema.StringAttribute {
		return schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: about}
	}
	return schema.ListNestedAttribute{
		Computed: true,
		MarkdownDescription: "The deals (`deals`), with the requisites that the payer pays to. Empty when nobody is free, or no deal was started. " +
			"A server that shows one deal alone (`deal`) has a list of one.",
		PlanModifiers: []planmodifier.List{listplanmodifier.UseStateForUnknown()},
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"id":             text("The deal's id (`deals[].id`)."),
			"type":           text("`in` or `out`, as the direction of the invoice (`deals[].type`)."),
			"status":         text("The gateway's own word: `transfer_waiting`, `transfer_confirmed`, others (`deals[].status`)."),
			"payment_method": text("The bank, by its code (`deals[].paymentMethod`)."),
			"payment_option": text("The type of payment (`deals[].paymentOption`)."),
			"requisites":     secret("The card or phone number that the payer pays to (`deals[].requisites.requisites`)."),
			"holder":         secret("The holder of the card or phone number (`deals[].requisites.holder`)."),
			"rate":           text("The exchange rate (`deals[].rate`)."),
			"active":         schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the deal waits for the payer (`deals[].isActive`)."},
			"cancels_at":     schema.StringAttribute{Computed: true, CustomType: attributes.TimeType, MarkdownDescription: "When the deal is, or will be, canceled (`deals[].canceledAt`, RFC 3339)."},
			"qr_code_url":    secret("The address of a QR code, which holds the requisites (`deals[].qrCodeLink`)."),
			"dispute_reason": text("Why the deal is disputed, in the gateway's own word, such as `no_payment` (`deals[].disputeReason`). Null without a dispute."),
			// Not sensitive: Terraform would plan an update of each older state that is not refreshed.
			"dispute_attachment_url": text("The address of what was attached to the dispute, such as a receipt of the bank (`deals[].disputeAttachment`). " +
				"Null without a dispute, and where `payment_requisites_wo` keeps the receiver out of the state, whom a receipt names."),
			"payment": sum("What was paid in the deal (`deals[].payment`, or its `sum`). The document shows only `null`: of what else a server writes there, nothing is taken."),
		}},
	}
}

func dealsOf(deals p2p.Deals) types.List {
	list := make([]attr.Value, 0, len(deals))
	for _, deal := range deals {
		to := p2p.Requisites{}
		if deal.Requisites != nil {
			to = *deal.Requisites
		}
		list = append(list, types.ObjectValueMust(dealType.AttrTypes, map[string]attr.Value{
			"id": attributes.StringOrNull(string(deal.ID)), "type": attributes.StringOrNull(string(deal.Type)), "status": attributes.StringOrNull(string(deal.Status)),
			"payment_method": attributes.StringOrNull(string(deal.PaymentMethod)), "payment_option": attributes.StringOrNull(string(deal.PaymentOption)),
			"requisites": attributes.StringOrNull(to.Requisites), "holder": attributes.StringOrNull(to.Holder), "rate": attributes.StringOrNull(string(deal.Rate)),
			"active": types.BoolPointerValue(deal.IsActive.Value), "cancels_at": attributes.TimeOrNull(deal.CanceledAt), "qr_code_url": attributes.StringOrNull(string(deal.QRCodeLink)),
			"dispute_reason": attributes.StringOrNull(string(deal.DisputeReason)), "dispute_attachment_url": attributes.StringOrNull(string(deal.DisputeAttachment)),
			"payment": sumOf(deal.Payment.Money, ""),
		}))
	}
	return types.ListValueMust(dealType, list)
}

// withoutRequisites takes the payee out of deals. A QR code and the receipt of a bank show it, too.
func withoutRequisites(deals types.List) types.List {
	hidden := make([]attr.Value, 0, len(deals.Elements()))
	for _, one := range deals.Elements() {
		deal, ok := one.(types.Object)
		if !ok || deal.IsNull() || deal.IsUnknown() {
			hidden = append(hidden, one)
			continue
		}
		values := deal.Attributes()
		for _, name := range []string{"requisites", "holder", "qr_code_url", "dispute_attachment_url"} {
			values[name] = types.StringNull()
		}
		hidden = append(hidden, types.ObjectValueMust(dealType.AttrTypes, values))
	}
	return types.ListValueMust(dealType, hidden)
}
