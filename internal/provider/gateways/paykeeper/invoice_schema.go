package paykeeper

import (
	"sync"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

type invoiceBlock struct {
	ServiceName types.String `tfsdk:"service_name"`
	ClientEmail types.String `tfsdk:"client_email"`
	ClientPhone types.String `tfsdk:"client_phone"`
	ExpiryDate  types.String `tfsdk:"expiry_date"`
	Send        types.Bool   `tfsdk:"send"`
	Cart        types.List   `tfsdk:"cart"`
	Language    types.String `tfsdk:"language"`
	ResultURL   types.String `tfsdk:"result_url"`
}

// Traits says what is particular about its invoices. Order ids need not be unique
// (section 3.4), so no invoice is found by its own.
func (*Gateway) Traits() gateway.InvoiceTraits {
	return gateway.InvoiceTraits{
		Arguments: []gateway.Argument{
			{Name: "service_name", IsRewritten: true},
			{Name: "client_email"},
			{Name: "client_phone"},
			{Name: "expiry_date"},
			{Name: "cart"},
			{Name: "language"},
			{Name: "result_url"},
			{Name: gateway.ArgumentSend, IsChangeable: true},
		},
	}
}

// ResourceSchema describes the object paykeeper of the resource. It is made once: every read asks
// for it.
func (*Gateway) ResourceSchema() schema.SingleNestedAttribute { return resourceSchema() }

var resourceSchema = sync.OnceValue(func() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "An invoice of PayKeeper. Source: «JSON API PayKeeper», sections 3.1 (byid), 3.4 (preview), 3.5 (send), 3.6 (revoke). " +
			"`order_id` is its `orderid`, which need not be unique, `customer_id` its `clientid`; the currency is always `RUB`. " +
			"When a plan reads many invoices, it reads them from lists (sections 3.2, 3.3), if that takes fewer requests. Created ones are in no list, so each is read alone.",
		Attributes: map[string]schema.Attribute{
			"service_name": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the invoice is for, shown to the payer.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"client_email": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The payer's e-mail address; needed for `send`.",
				Validators:          []validator.String{attributes.IsEmail()},
			},
			"client_phone": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The payer's phone number.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"expiry_date": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The first day, in the zone of `paykeeper.timezone` of the provider (Moscow), on which the invoice can no longer be paid: `YYYY-MM-DD`, tomorrow at the earliest. The gateway decides when unset.",
				Validators:          []validator.String{attributes.IsDate()},
			},
			gateway.ArgumentSend: schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether the gateway mails the invoice to `client_email`. It is mailed once, in place, when this turns true. " +
					"If mailing fails, the invoice stays, with a warning, and the next apply tries again.",
			},
			"language": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: aboutLanguage + ": " + attributes.Quoted(languages) + ". It travels inside `service_name`, as public clients send it. The server decides when unset.",
				Validators:          []validator.String{stringvalidator.OneOf(languages...)},
			},
			"result_url": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: aboutResultURL + ": an http or https URL. It travels inside `service_name`, as public clients send it. The server decides when unset.",
				Validators:          []validator.String{attributes.IsWebAddress()},
			},
			"cart": schema.ListNestedAttribute{
				Optional:            true,
				MarkdownDescription: "The lines of the fiscal receipt (54-FZ). Their `sum` values must add up to `amount`. They travel inside `service_name` (section 3.4); what a line holds is known from public clients.",
				NestedObject:        cartLines(),
			},
		},
	}
})

// DataSourceSchema describes the object paykeeper of the data source.
func (*Gateway) DataSourceSchema() datasource.Attribute {
	return datasource.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: "What only PayKeeper returns. Source: «JSON API PayKeeper», section 3.1.",
		Attributes: map[string]datasource.Attribute{
			"service_name": attributes.LookedUpText("What the invoice is for."),
			"client_email": attributes.LookedUpText("The payer's e-mail address."),
			"client_phone": attributes.LookedUpText("The payer's phone number."),
			"expiry_date":  attributes.LookedUpText("The first day, in the zone of `paykeeper.timezone` of the provider (Moscow), on which it can no longer be paid: `YYYY-MM-DD`."),
			"language":     attributes.LookedUpText(aboutLanguage + "."),
			"result_url":   attributes.LookedUpText(aboutResultURL + "."),
			"cart": datasource.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The lines of the fiscal receipt (54-FZ).",
				NestedObject: datasource.NestedAttributeObject{Attributes: map[string]datasource.Attribute{
					"name":     attributes.LookedUpText("The product or service."),
					"price":    attributes.LookedUpMoney("The price of one unit"),
					"quantity": datasource.StringAttribute{Computed: true, CustomType: attributes.DecimalType{}, MarkdownDescription: "The quantity."},
					"sum":      attributes.LookedUpMoney("The price of the whole line"),
					"tax":      attributes.LookedUpText("The VAT rate."),

					"item_type":    attributes.LookedUpText(aboutItemType + "."),
					"payment_type": attributes.LookedUpText(aboutPaymentType + "."),
					"measure":      attributes.LookedUpText(aboutMeasure),
				}},
			},
		},
	}
}
