package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var (
	_ datasource.DataSourceWithConfigure      = (*refundDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*refundDataSource)(nil)
)

// refundDataSource shows a refund as its gateway has it, whoever made it.
type refundDataSource struct{ refunders []gateway.Refunder }

func newRefundDataSource() datasource.DataSource {
	return &refundDataSource{gateway.Select[gateway.Refunder](unconfigured)}
}

func (d *refundDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_refund"
}

func (d *refundDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = refundDataSchema(gateway.Names(d.refunders))
}

func (d *refundDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		d.refunders = gateway.Select[gateway.Refunder](data.gateways)
	}
}

// ValidateConfig wants the payment where a refund is found among those of its payment only.
func (d *refundDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	chosen, isKnown := chosenGateway(ctx, d.refunders, req.Config, &resp.Diagnostics)
	var payment types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("payment_id"), &payment)...)
	if isKnown && chosen.RefundTraits().IsOfPayment && payment.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("payment_id"), "A refund of this gateway needs its payment_id",
			chosen.Title()+" finds a refund among those of its payment. Give payment_id, the number of the payment.")
	}
}

func (d *refundDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	chosen, isKnown := chosenGateway(ctx, d.refunders, req.Config, &resp.Diagnostics)
	var id, payment types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("id"), &id)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("payment_id"), &payment)...)
	if !isKnown || resp.Diagnostics.HasError() || !chosen.LookUp(req, resp) {
		return
	}
	asked := fmt.Sprintf("the id %q", id.ValueString())
	if !payment.IsNull() {
		asked += fmt.Sprintf(" of payment %q", payment.ValueString())
	}
	refund, err := chosen.FindRefund(ctx, payment.ValueString(), id.ValueString())
	switch {
	case err != nil:
		gateway.FailedCall{Attempt: "look up the refund with " + asked, Attributes: []string{"id", "payment_id"}}.Report(&resp.Diagnostics, err)
		return
	case refund == nil:
		resp.Diagnostics.AddAttributeError(path.Root("id"), "No such refund",
			fmt.Sprintf("%s knows no refund with %s for this merchant.", chosen.Title(), asked))
		return
	case !payment.IsNull() && refund.PaymentID != "" && !values.SameID(refund.PaymentID, payment.ValueString()):
		resp.Diagnostics.AddAttributeError(path.Root("payment_id"), "The refund is of another payment",
			fmt.Sprintf("%s shows refund %q as one of payment %q, and payment_id is %q.", chosen.Title(), refund.ID, refund.PaymentID, payment.ValueString()))
		return
	}
	shown := shownRefund(refund)
	shown["gateway"] = types.StringValue(chosen.Name())
	if !payment.IsNull() {
		shown["payment_id"] = payment // as it is configured
	}
	for attribute, value := range shown {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(attribute), value)...)
	}
}

func refundDataSchema(gateways []string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A refund of Invoice API v2, by its id, or of PayKeeper, by its payment and its id. No gateway returns the receipt.\n\n" +
			"Source: Invoice API guide, section 7.2.8 (GetRefund). PayKeeper's call, `/info/refunds/bypaymentid/`, is known from public clients.",
		Attributes: map[string]schema.Attribute{
			"gateway": gatewayOfDataSource(gateways),
			"id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The id to look up.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"payment_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The id of the payment. PayKeeper needs it: it lists refunds by payment.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"amount":   attributes.LookedUpMoney("How much went back"),
			"currency": attributes.LookedUpText("`RUB`, `USD` or `EUR`; always `RUB` for PayKeeper."),
			"reason":   attributes.LookedUpText("Why. Invoice API v2 only."),
			"status":   attributes.LookedUpText("`init` (the result comes later), `successful` or `fail`; another word is shown as it came."),
			"payment_method": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The payment method that the payment was paid with. Invoice API v2 only. Source: guide, section 7.2.8, fields 5.1–5.5.",
				Attributes: map[string]schema.Attribute{
					"terminal_id": attributes.LookedUpText("The id of the terminal that took the payment."),
					"type":        attributes.LookedUpText("The way it was paid, such as `card`."),
					"account":     attributes.LookedUpText("The masked card number."),
					"funds":       attributes.LookedUpMoney("The total of the payment"),
					"bonuses":     schema.StringAttribute{Computed: true, CustomType: attributes.DecimalType{}, MarkdownDescription: aboutBonuses},
				},
			},
			"custom_parameters": schema.StringAttribute{Computed: true, CustomType: jsontypes.NormalizedType{}, MarkdownDescription: "The payment's custom parameters, as JSON. Invoice API v2 only."},
			"created_at":        attributes.LookedUpTime("When it was made"),
			"updated_at":        attributes.LookedUpTime("When its status last changed, if the gateway returns it"),
		},
	}
}

// shownRefund holds the attributes of a refund. The ones that its gateway does not have are left
// out.
func shownRefund(r *gateway.ShownRefund) map[string]attr.Value {
	shown := map[string]attr.Value{
		"id": attributes.StringOrNull(r.ID), "payment_id": attributes.StringOrNull(r.PaymentID), "amount": attributes.NewMoney(&r.Amount),
		"currency": attributes.CurrencyOrNull(r.Currency), "reason": attributes.StringOrNull(r.Reason), "status": attributes.StringOrNull(r.Status),
		"custom_parameters": r.CustomParameters, "created_at": attributes.TimeOrNull(r.Created), "updated_at": attributes.TimeOrNull(r.Updated),
	}
	if !r.PaymentMethod.IsNull() {
		shown["payment_method"] = r.PaymentMethod
	}
	return shown
}
