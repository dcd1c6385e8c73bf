package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var (
	_ datasource.DataSourceWithConfigure      = (*paymentDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*paymentDataSource)(nil)
)

// paymentDataSource shows a payment as its gateway has it, whoever issued it.
type paymentDataSource struct{ finders []gateway.PaymentFinder }

func newPaymentDataSource() datasource.DataSource {
	return &paymentDataSource{gateway.Select[gateway.PaymentFinder](unconfigured)}
}

func (d *paymentDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_payment"
}

func (d *paymentDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = paymentDataSchema(gateway.Names(d.finders))
}

func (d *paymentDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		d.finders = gateway.Select[gateway.PaymentFinder](data.gateways)
	}
}

// ValidateConfig refuses a key of another gateway. What is unknown may turn out to be null.
func (d *paymentDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	chosen, isKnown := chosenGateway(ctx, d.finders, req.Config, &resp.Diagnostics)
	if !isKnown {
		return
	}
	for _, other := range d.finders {
		for _, key := range other.PaymentKeys() {
			var value types.String
			resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(key), &value)...)
			if value.IsNull() || value.IsUnknown() || slices.Contains(chosen.PaymentKeys(), key) {
				continue
			}
			resp.Diagnostics.AddAttributeError(path.Root(key), fmt.Sprintf("The gateway %q finds no payment by %s", chosen.Name(), key),
				fmt.Sprintf("A payment is found by %s with gateway = %q. With gateway = %q give %s instead.",
					key, other.Name(), chosen.Name(), strings.Join(chosen.PaymentKeys(), " or ")))
		}
	}
}

func (d *paymentDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	chosen, isKnown := chosenGateway(ctx, d.finders, req.Config, &resp.Diagnostics)
	if !isKnown || !chosen.LookUp(req, resp) {
		return
	}
	for _, key := range chosen.PaymentKeys() {
		var value types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(key), &value)...)
		if value.IsNull() {
			continue
		}
		payment, err := chosen.FindPayment(ctx, key, value.ValueString())
		switch {
		case err != nil:
			gateway.FailedCall{
				Attempt: fmt.Sprintf("look up the payment with the %s %q", key, value.ValueString()), Attributes: chosen.PaymentKeys(),
			}.Report(&resp.Diagnostics, err)
		case payment == nil:
			resp.Diagnostics.AddAttributeError(path.Root(key), "No such payment",
				fmt.Sprintf("%s knows no payment with the %s %q for this merchant.", chosen.Title(), key, value.ValueString()))
		default:
			shown := shownPayment(payment)
			shown["gateway"] = types.StringValue(chosen.Name())
			if key != "id" {
				shown[key] = value // as it is configured
			}
			for attribute, value := range shown {
				resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
			}
		}
	}
}

func paymentDataSchema(gateways []string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A payment of Invoice API v2 or of PayKeeper, by its id, by the merchant's order id, or by the invoice that it paid. " +
			"No gateway returns the receipt.\n\n" +
			"Of an invoice of PayKeeper that nobody has paid yet, `paid` is false, `refunds` is empty, and all else is null. " +
			"So one configuration can issue an invoice and look up its payment from the first apply.\n\n" +
			"Source: Invoice API guide, sections 7.2.4 (GetPayment), 7.2.5 (GetPaymentByOrder), 9.2 (decline codes). " +
			"The calls of PayKeeper, `/info/payments/byid/` and `/info/refunds/bypaymentid/`, are known from public clients.",
		Attributes: map[string]schema.Attribute{
			"gateway": gatewayOfDataSource(gateways),
			"id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The payment id to look up; give this, or `order_id` (Invoice API v2), or `invoice_id` (PayKeeper).",
				Validators: []validator.String{
					attributes.IsNotBlank(),
					stringvalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("order_id"), path.MatchRoot("invoice_id")),
				},
			},
			"order_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The merchant's order id. Invoice API v2 looks payments up by it; order ids of PayKeeper need not be unique.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"invoice_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The id of the invoice whose payment to look up. PayKeeper only.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"customer_id":       attributes.LookedUpText("The merchant's own id of the payer. PayKeeper only."),
			"terminal_id":       attributes.LookedUpText("The id of the terminal, if the gateway returns it. Invoice API v2 only."),
			"amount":            attributes.LookedUpMoney("What is to be paid, or was"),
			"refunded_amount":   attributes.LookedUpMoney("What was given back of a payment of PayKeeper: the gateway's own figure, or the sum of the refunds that are carried out, if that is more"),
			"currency":          attributes.LookedUpText("`RUB`, `USD` or `EUR`; always `RUB` for PayKeeper."),
			"description":       attributes.LookedUpText("What the order is. Invoice API v2 only."),
			"custom_parameters": schema.StringAttribute{Computed: true, CustomType: jsontypes.NormalizedType{}, MarkdownDescription: "The merchant's own data, as JSON. Invoice API v2 only."},
			"payment_method": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The payment method, if the gateway returns it. Invoice API v2 only.",
				Attributes: map[string]schema.Attribute{
					"type":        attributes.LookedUpText("The way to pay, such as `card`."),
					"terminal_id": attributes.LookedUpText("The id of the terminal."),
				},
			},
			"payment_system": attributes.LookedUpText("The number of the payment system, the gateway's `payment_system_id`. PayKeeper only."),
			"url":            attributes.LookedUpText("The address of the payment page. Invoice API v2 only."),
			"status": attributes.LookedUpText("The gateway's own word. Invoice API v2: `init`, `successful`, `fail`, `closed`; also `created`, `process`, `error` and `refunded`. " +
				"PayKeeper: `pending`, `obtained`, `stuck`, `success`, `canceled`, `failed`, `refunding`, `refunded` and `partially_refunded`."),
			"paid": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the money was taken or held, even if it was given back later: `successful` and `refunded` of Invoice API v2; " +
				"`obtained`, `stuck`, `success`, `refunding`, `refunded` and `partially_refunded` of PayKeeper."},
			"status_description": attributes.LookedUpText("What the gateway says about the status. Invoice API v2 only."),
			"decline_reason": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "What a decline code in `status_description` means (guide, section 9.2); null when there is none that the guide knows. The function `decline_reason` gives the same. Invoice API v2 only.",
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
			"updated_at": attributes.LookedUpTime("When the status last changed; for PayKeeper, the latest time that it tells of the payment and its refunds"),
			"expires_at": attributes.LookedUpTime("Until when a payment of Invoice API v2 can be paid"),
			"paid_at":    attributes.LookedUpTime("When a payment of PayKeeper was paid"),
			"refunds": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "What was given back, or is about to be, oldest first. PayKeeper only: Invoice API v2 lists no refunds, so there it is null.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":         attributes.LookedUpText("The refund's id. Its import id is `paykeeper/<payment id>/<refund id>`."),
					"number":     attributes.LookedUpText("The gateway's `refund_number`."),
					"amount":     attributes.LookedUpMoney("How much goes back"),
					"remaining":  attributes.LookedUpMoney("How much of the payment is left after it"),
					"status":     attributes.LookedUpText("`init` (the result comes later), `successful` or `fail`; another word is shown as it came."),
					"created_at": attributes.LookedUpTime("When it was made"),
					"made_by":    attributes.LookedUpText("The login that made it."),
				}},
			},
		},
	}
}
