package p2p

import (
	"maps"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

type invoiceBlock struct {
	Direction                  types.String       `tfsdk:"direction"`
	NotificationURL            types.String       `tfsdk:"notification_url"`
	NotificationToken          types.String       `tfsdk:"notification_token"`
	NotificationTokenWO        types.String       `tfsdk:"notification_token_wo"`
	NotificationTokenWOVersion types.Int64        `tfsdk:"notification_token_wo_version"`
	MaxAmount                  attributes.Decimal `tfsdk:"max_amount"`
	PaymentOption              types.String       `tfsdk:"payment_option"`
	PaymentMethod              types.String       `tfsdk:"payment_method"`
	PaymentRequisites          types.Object       `tfsdk:"payment_requisites"`
	PaymentRequisitesWO        types.Object       `tfsdk:"payment_requisites_wo"`
	PaymentRequisitesWOVersion types.Int64        `tfsdk:"payment_requisites_wo_version"`
	StartDeal                  types.Bool         `tfsdk:"start_deal"`
	CrossBorderCurrency        types.String       `tfsdk:"cross_border_currency"`
	AllowMatching              types.Bool         `tfsdk:"allow_matching"`
	AmountToPay                attributes.Decimal `tfsdk:"amount_to_pay"`
	ReceivedFromTaker          types.Object       `tfsdk:"received_from_taker"`
	ReceivedFromMaker          types.Object       `tfsdk:"received_from_maker"`
	ServiceFee                 types.Object       `tfsdk:"service_fee"`
	Payout                     types.Object       `tfsdk:"payout"`
	StoreID                    types.String       `tfsdk:"store_id"`
	StoreName                  types.String       `tfsdk:"store_name"`
	Deals                      types.List         `tfsdk:"deals"`
}

type requisitesModel struct {
	Requisites types.String `tfsdk:"requisites"`
	Holder     types.String `tfsdk:"holder"`
}

var requisitesTypes = map[string]attr.Type{"requisites": types.StringType, "holder": types.StringType}

// Traits says what is particular about its invoices.
func (g *Gateway) Traits() gateway.InvoiceTraits {
	return gateway.InvoiceTraits{
		Arguments: []gateway.Argument{
			{Name: "direction"},
			{Name: "notification_url"},
			{Name: "notification_token"},
			{Name: "notification_token_wo_version"},
			{Name: "max_amount"},
			{Name: "payment_option"},
			{Name: "payment_method"},
			{Name: "payment_requisites"},
			{Name: "payment_requisites_wo_version"},
			{Name: "start_deal"},
			{Name: "cross_border_currency"},
			{Name: "allow_matching"},
		},
		AmountLimit:  "max_amount",
		FindsByOrder: true,
		IsPartial:    g.isPartial,
	}
}

// ResourceSchema describes the object p2p of the resource. It is made once: every read asks
// for it.
func (*Gateway) ResourceSchema() schema.SingleNestedAttribute { return resourceSchema() }

var resourceSchema = sync.OnceValue(func() schema.SingleNestedAttribute {
	at := func(name string) path.Expression { return path.MatchRoot("p2p").AtName(name) }
	amountToPay := attributes.ComputedText("What the payer has to pay (`sum`; with `max_amount`, the gateway makes sums unique), with two decimals.")
	amountToPay.CustomType = attributes.DecimalType{}
	secret := func(attribute schema.StringAttribute) schema.StringAttribute {
		attribute.Sensitive = true
		return attribute
	}
	text := func(about string) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: about, Validators: []validator.String{attributes.IsNotBlank()}}
	}
	holder := secret(text("Its holder."))
	holder.Validators = append(holder.Validators, stringvalidator.AlsoRequires(at("payment_requisites").AtName("requisites")))
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "An invoice of the merchant invoices API (P2P). Source: «Создание инвойса» (POST /api/merchant/invoices); what is computed, with its name there: «Структура ответа». " +
			"`order_id` is its `internalId`, `customer_id` its `userId`. An open invoice under a configured `order_id` is adopted when it is the same, with a warning, " +
			"unless the provider has `adopt_existing = false`.\n\n" +
			"The gateway never gives back `notification_url`, the token, `max_amount`, `start_deal`, `cross_border_currency` and `allow_matching`: after an import they " +
			"come from the configuration, and nothing is sent. A configuration that `-generate-config-out` wrote is valid as it is: `notification_url` is empty there, there is no token, " +
			"and the requisites of a payout are left as they are. A new invoice needs the address and a token, and a payout the requisites: without them its plan fails. " +
			"Before Terraform and OpenTofu 1.11, take the line `payment_requisites_wo = {}` out.",
		Attributes: map[string]schema.Attribute{
			"direction": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "`in`: money comes in; `out`: a payout. A payout is money that moves: it is sent once, never changed, renewed or made again by itself, " +
					"and needs an `order_id`, `payment_option`, `payment_method` and `payment_requisites` or `payment_requisites_wo`.",
				Validators: []validator.String{stringvalidator.OneOf(p2p.DirectionIn, p2p.DirectionOut)},
			},
			"notification_url": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The address that the gateway posts every change of the status to (http or https). The gateway never returns it: after an import it is empty, until you set it.",
				Validators:          []validator.String{attributes.IsWebAddressOrEmpty()},
			},
			"notification_token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "The secret by which the receiver of notifications recognises the gateway (`X-Notification-Token`). A new invoice needs this or `notification_token_wo`. The gateway never returns it.",
				Validators:          []validator.String{attributes.IsNotBlank(), stringvalidator.ConflictsWith(at("notification_token_wo"))},
			},
			"notification_token_wo": schema.StringAttribute{
				Optional: true, Sensitive: true, WriteOnly: true,
				MarkdownDescription: "The same, kept out of plan and state (Terraform 1.11 or OpenTofu 1.11). To change it, change `notification_token_wo_version` too.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"notification_token_wo_version": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Any number. Changing it issues a new invoice, with the current `notification_token_wo`.",
				Validators:          []validator.Int64{int64validator.AlsoRequires(at("notification_token_wo"))},
			},
			"max_amount": schema.StringAttribute{
				Optional: true, CustomType: attributes.DecimalType{},
				MarkdownDescription: "The maximum that the payer is asked for. The gateway may raise `amount` up to this, so that no two open invoices have the same sum.",
				Validators:          []validator.String{attributes.IsAmount()},
				PlanModifiers:       []planmodifier.String{attributes.KeepEqualDecimal()},
			},
			"payment_option": text("The type of payment, such as `SBP`, `TO_CARD` or `CROSS_BORDER`. Needed for a payout."),
			"payment_method": text("The bank, by its code, such as `sberbank`. Needed for a payout."),
			"payment_requisites": schema.SingleNestedAttribute{
				Optional: true, Sensitive: true, // so CLIs generate {}
				MarkdownDescription: "The card or phone number that a payout goes to. A new payout needs this or `payment_requisites_wo`. Left empty (`{}`), it stays as it is.",
				PlanModifiers:       []planmodifier.Object{attributes.KeepIfEmpty()},
				Attributes: map[string]schema.Attribute{
					"requisites": secret(text("The card or phone number.")),
					"holder":     holder,
				},
			},
			"payment_requisites_wo": schema.SingleNestedAttribute{
				Optional: true, Sensitive: true, WriteOnly: true,
				MarkdownDescription: "The same, kept out of plan and state (Terraform 1.11 or OpenTofu 1.11), as are the requisites in the `deals` of such a payout. " +
					"An import reads the requisites into the state until the next apply.",
				Attributes: map[string]schema.Attribute{
					"requisites": schema.StringAttribute{
						Optional: true, Sensitive: true, WriteOnly: true, MarkdownDescription: "The card or phone number.", Validators: []validator.String{attributes.IsNotBlank()},
					},
					"holder": schema.StringAttribute{
						Optional: true, Sensitive: true, WriteOnly: true, MarkdownDescription: "The holder of the card or phone number.", Validators: []validator.String{attributes.IsNotBlank()},
					},
				},
			},
			"payment_requisites_wo_version": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Any number. Changing it is an error in the plan, as is every change of a payout.",
				Validators:          []validator.Int64{int64validator.AlsoRequires(at("payment_requisites_wo"))},
			},
			"start_deal": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Whether to start a deal at once, so that the payer gets requisites (`deals`). For direction `in` only.",
			},
			"cross_border_currency": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The currency of the bank in a cross-border transfer.",
				Validators:          []validator.String{attributes.IsCurrency()},
			},
			"allow_matching": schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether the gateway may match it with others."},

			"amount_to_pay":       amountToPay,
			"received_from_taker": sum("What was received from the taker (`receivedSumFromTaker`), in the invoice's currency unless the gateway names another."),
			"received_from_maker": sum("What was received from the maker (`receivedSumFromMaker`), in the invoice's currency unless the gateway names another."),
			"service_fee":         sum("The gateway's fee (`serviceFeeSum`), in the invoice's currency unless the gateway names another."),
			"payout":              sum("What is paid out to the store (`payoutSum`), in a currency of its own."),
			"store_id":            attributes.ComputedText("The store's id (`storeId`)."),
			"store_name":          attributes.ComputedText("The store's name (`storeName`)."),
			"deals":               dealsSchema(),
		},
	}
})

// DataSourceSchema describes the object p2p of the data source: of the arguments those that
// the gateway gives back, and all that is computed.
func (g *Gateway) DataSourceSchema() datasource.Attribute {
	computed := maps.Clone(g.ResourceSchema().Attributes)
	maps.DeleteFunc(computed, func(_ string, attribute schema.Attribute) bool { return !attribute.IsComputed() })
	shown := attributes.LookedUp(computed)
	shown["direction"] = attributes.LookedUpText("`in`: money comes in; `out`: a payout.")
	shown["payment_option"] = attributes.LookedUpText("The type of payment.")
	shown["payment_method"] = attributes.LookedUpText("The bank, by its code.")
	shown["payment_requisites"] = datasource.SingleNestedAttribute{
		Computed: true, Sensitive: true,
		MarkdownDescription: "The card or phone number that a payout goes to.",
		Attributes: map[string]datasource.Attribute{
			"requisites": datasource.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The card or phone number."},
			"holder":     datasource.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "Its holder."},
		},
	}
	return datasource.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: "What only the merchant invoices API returns. Source: «Создание инвойса», «Структура ответа».",
		Attributes:          shown,
	}
}
