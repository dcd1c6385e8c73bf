package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	pkgateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

var (
	_ resource.ResourceWithConfigure       = (*refundResource)(nil)
	_ resource.ResourceWithIdentity        = (*refundResource)(nil)
	_ resource.ResourceWithImportState     = (*refundResource)(nil)
	_ resource.ResourceWithModifyPlan      = (*refundResource)(nil)
	_ resource.ResourceWithMoveState       = (*refundResource)(nil)
	_ resource.ResourceWithUpgradeIdentity = (*refundResource)(nil)
	_ resource.ResourceWithUpgradeState    = (*refundResource)(nil)
	_ resource.ResourceWithValidateConfig  = (*refundResource)(nil)
)

// refundResource is money on its way back. It is sent once: no gateway changes it or takes it
// back, and not all find one whose answer was lost.
type refundResource struct {
	refunders []gateway.Refunder
	run       *ledger.Run
}

func newRefundResource() resource.Resource {
	return &refundResource{refunders: gateway.Select[gateway.Refunder](unconfigured)}
}

func (r *refundResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_refund"
	// A refund whose answer was lost gets its id once the gateway shows it.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *refundResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Version: 1, Attributes: map[string]identityschema.Attribute{
		"id":         identityschema.StringAttribute{RequiredForImport: true, Description: "The refund's id."},
		"gateway":    identityschema.StringAttribute{OptionalForImport: true, Description: "The gateway, where a refund is found among those of its payment only: paykeeper."},
		"payment_id": identityschema.StringAttribute{OptionalForImport: true, Description: "The payment's id, where gateway is given."},
	}}
}

func (r *refundResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: 2,
		MarkdownDescription: "A refund of a paid payment of Invoice API v2 or of PayKeeper, in full or in part.\n\n" +
			"A refund is money that has moved. It is sent once, and the plan says so with a warning. After that:\n\n" +
			"- It is never changed or replaced: a change in the configuration, `-replace` and `replace_triggered_by` are errors in the plan, and a tainted one is an error, " +
			"at the latest in the apply, before anything is sent. The ways out: put the configuration back, or keep a tainted one with `terraform untaint`.\n" +
			"- It is not forgotten by accident: see `deletion_protection`. A new name needs `moved` (or `terraform state mv`); `removed` with `destroy = false` " +
			"(or `terraform state rm`) lets Terraform forget it.\n" +
			"- A further refund of the same payment and amount needs another `sequence`.\n" +
			"- One that failed by the gateway's word (`fail`, `error`) was not made: it may be forgotten, with a warning, or replaced with `-replace`.\n" +
			"- One that the gateway no longer shows stays, with a warning.\n" +
			"- When the gateway's answer is lost, nobody knows whether the refund was made: it is kept with the status `unknown`, and neither repeated, replaced nor destroyed " +
			"until you have looked it up in the merchant's account and said so with `terraform state rm`, followed by an `import` if it was made. " +
			"Until you know, `terraform untaint` keeps it and lets everything else be planned and applied, except further refunds of a payment of PayKeeper.\n\n" +
			"A refund of `invoice` has no key: after a run that was killed before it had written its state, or with a lost state, look before you apply.\n\n" +
			"**PayKeeper** lists the refunds of a payment, so one of `paykeeper` is found again:\n\n" +
			"- The payment and its refunds are looked at first. Nothing is sent if the payment is not paid, if less is left than `amount`, or while another refund of it is under way: the error says what was seen.\n" +
			"- If a refund of this amount is there already, and no other resource has it, it is adopted, with a warning, and nothing is sent: a run was killed after it had sent it, or the state was lost. " +
			"`sequence` counts the refunds of one amount, oldest first. They are made in that order, so give one with a higher sequence a `depends_on`. An import gives a refund its number among those of its amount. " +
			"If the number does not say which refund is meant, nothing is sent, and an error names them. With `adopt_existing = false` one that is there is an error, too.\n" +
			"- **After a killed run or with a lost state, wait and look at the payment before you apply again.** A refund whose call is still running at PayKeeper is not seen, and is sent again if enough is left.\n" +
			"- If the answer is lost, the new refund of this amount is looked for in the same apply. As long as PayKeeper does not show it, its status is `unknown`, and every plan looks for it. " +
			"If several new ones fit, a warning names them, and you import the right one.\n" +
			"- A refund that PayKeeper has accepted, and does not list yet, is `unknown` too, but no error.\n" +
			"- `reason` is not sent, since PayKeeper has no field for it.\n" +
			"- **Two-stage payments, which are held first, are not supported.** On a held payment this call does not refund: the full amount cancels the authorisation, a part captures the rest. " +
			"PayKeeper's answers do not tell a held payment from another; only its notifications do, which a provider does not get. Do not use this resource in such a shop.\n\n" +
			aboutMoved("id") + "\n\n" +
			"Source: Invoice API guide, sections 7.2.7 (CreateRefund) and 7.2.8 (GetRefund); for PayKeeper, what the vendor's modules and public clients call " +
			"(`/change/payment/reverse/`, `/info/refunds/bypaymentid/`, `/info/payments/byid/`).",
		Blocks: timeoutsBlock(ctx),
		Attributes: map[string]schema.Attribute{
			"payment_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The id of the paid payment. Of PayKeeper it is the payment's number, which `invoice_invoice` has as `payment_id`, and never the id of the invoice.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"gateway": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(defaultRefunder),
				MarkdownDescription: "The gateway: " + attributes.Quoted(gateway.Names(r.refunders)) + " (default `" + defaultRefunder + "`).",
				Validators:          []validator.String{stringvalidator.OneOf(gateway.Names(r.refunders)...)},
				PlanModifiers:       []planmodifier.String{attributes.KeepNull()},
			},
			"amount":      attributes.Amount("The amount to refund: a positive decimal with at most two decimals, up to what was paid and is left."),
			"receipt":     refundReceiptSchema(),
			"refund_cart": pkgateway.RefundCartSchema(),
			"currency": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(gateway.DefaultCurrency),
				MarkdownDescription: "The currency of the payment: `RUB` (the default; the only one of PayKeeper), `USD` or `EUR`.",
				Validators:          []validator.String{stringvalidator.OneOf("RUB", "USD", "EUR")},
			},
			"sequence": schema.Int64Attribute{
				Optional: true, Computed: true,
				Default: int64default.StaticInt64(defaultSequence),
				MarkdownDescription: "Tells several refunds of the same payment and amount apart: `1` (the default), `2` and so on. A further one " +
					"without a number of its own is an error, since it could be the first one under another name. It is not sent to the gateway; " +
					"changing it makes no call. PayKeeper's refunds are found again by it after a run that was killed. So number those of one payment in the order in which they are made: " +
					"all of them, or those of each amount.",
				Validators: []validator.Int64{int64validator.AtLeast(1)},
			},
			"deletion_protection": schema.BoolAttribute{
				Optional: true, Computed: true,
				Default: booldefault.StaticBool(true),
				MarkdownDescription: "Whether it is an error to destroy the refund, to take it out of the configuration, or to rename it without `moved` (`true`, the default). " +
					"What counts is what was applied: set it to `false` and apply before you destroy. Even then a refund is only forgotten, and never made a second time. " +
					"One that failed can be forgotten in any case.",
			},
			"reason": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The reason, 1 to 200 characters. PayKeeper does not get it.",
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, 200)},
			},
			"id":     attributes.ComputedText("The refund's id."),
			"status": attributes.ComputedText("`init` (the result comes later; PayKeeper's `started`), `successful` (`done`) or `fail` (`failed`), or another word of the gateway's, such as `process` or `error`; `unknown` without an `id` when the gateway never answered."),
			"payment_method": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The payment method that the payment was paid with; null for PayKeeper. Source: guide, section 7.2.7, fields 5.1–5.5.",
				PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
				Attributes: map[string]schema.Attribute{
					"terminal_id": schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the terminal that took the payment."},
					"type":        schema.StringAttribute{Computed: true, MarkdownDescription: "The way it was paid, such as `card`."},
					"account":     schema.StringAttribute{Computed: true, MarkdownDescription: "The masked card number."},
					"funds":       schema.StringAttribute{Computed: true, CustomType: attributes.DecimalType{}, MarkdownDescription: "The total of the payment, with two decimals."},
					"bonuses":     schema.StringAttribute{Computed: true, CustomType: attributes.DecimalType{}, MarkdownDescription: aboutBonuses},
				},
			},
			"custom_parameters": schema.StringAttribute{
				Computed: true, CustomType: jsontypes.NormalizedType{},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "The payment's custom parameters, as JSON; null for PayKeeper.",
			},
			"created_at": attributes.ComputedTime("When it was made"),
			"updated_at": attributes.ComputedTime("When its status last changed"),
		},
	}
}

// refundReceiptSchema is the receipt of a refund. The gateway that needs one says so.
func refundReceiptSchema() schema.ListNestedAttribute {
	receipt := receiptSchema("7.2.7, fields 3.1–3.5")
	receipt.Required, receipt.Optional = false, true
	receipt.MarkdownDescription = "Of `" + apigateway.Name + "`, where it is mandatory. " + receipt.MarkdownDescription
	return receipt
}

func (r *refundResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		r.refunders, r.run = gateway.Select[gateway.Refunder](data.gateways), data.run
	}
}

func (r *refundResource) MoveState(context.Context) []resource.StateMover {
	return moved{what: "refund", calls: []string{"CreateRefund", "GetRefund"}, key: "id"}.movers()
}

func (r *refundResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model refundModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	refunder := refunderOf(r.refunders, &model)
	if resp.Diagnostics.HasError() || !refunder.Ready(&resp.Diagnostics) {
		return
	}
	// What was unknown while planning is known now.
	order := model.order(r.run)
	order.Unclear = func() string { return model.outgoing().Unclear() }
	refunder.CheckRefund(ctx, order, &resp.Diagnostics)
	sending := model.outgoing().Send(ctx, r.run, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	made := refunder.MakeRefund(ctx, order, &resp.Diagnostics)
	var known remote.Memory
	switch {
	case made.Shown != nil:
		model.applyRemote(made.Shown)
		refundArguments.Remember(made.Shown, &known)
	case made.IsUnclear:
		// Kept, so that nothing sends it again: it can neither be replaced nor destroyed.
		model.markUnknown()
		known.Before, known.Accepted = made.Before, made.IsAccepted
		if made.IsAccepted {
			warnAccepted(&model, couldNotLook(made.Seen), `Its status is "unknown" until a plan finds it there. It is not sent again.`, &resp.Diagnostics)
		}
	default:
		sending.NoteNotMade()
		return
	}
	sending.NoteMade(model.outgoing())
	warnFailedRefund(&model, resp.Diagnostics.AddWarning)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	resp.Diagnostics.Append(refundArguments.Write(ctx, &model, known, resp.Private)...)
}

// Update calls nothing: it takes into the state what is Terraform's alone and,
// after an import, what the gateway never gives back.
func (r *refundResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	refundArguments.Update(ctx, (*refundModel).identity, req, resp)
}

func (r *refundResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state refundModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.outgoing().RefuseDestroy(ctx, refundDestroyWarning(&state), req.Private, &resp.Diagnostics) {
		resp.Diagnostics.Append(ledger.DropPlanned(ctx, resp.Private)...)
	}
}

func (r *refundResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var identity refundIdentity
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
	} else {
		identity = refundOfImportID(req.ID)
	}
	model := refundModel{ID: identity.ID, Gateway: identity.Gateway, PaymentID: identity.PaymentID}
	refunder := refunderOf(r.refunders, &model)
	isOfPayment := refunder != nil && refunder.RefundTraits().IsOfPayment
	if refunder == nil || identity.ID.ValueString() == "" || isOfPayment != (identity.PaymentID.ValueString() != "") {
		resp.Diagnostics.AddError("The import id is not valid", r.aboutImportID(req.ID))
		return
	}
	model.fillIn()
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), model.ID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("gateway"), model.Gateway)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("payment_id"), model.PaymentID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	resp.Diagnostics.Append(remote.WriteImported(ctx, resp.Private)...)
}

// refundOfImportID reads an import id. One without the name of a gateway is that of the default.
func refundOfImportID(id string) refundIdentity {
	name, rest, _ := strings.Cut(id, "/")
	named := refundModel{Gateway: types.StringValue(name)}
	if !named.traits().IsOfPayment {
		return refundIdentity{ID: types.StringValue(id), Gateway: types.StringNull(), PaymentID: types.StringNull()}
	}
	payment, id, _ := strings.Cut(rest, "/")
	return refundIdentity{ID: types.StringValue(strings.TrimSpace(id)), Gateway: named.Gateway, PaymentID: types.StringValue(strings.TrimSpace(payment))}
}

func (r *refundResource) aboutImportID(id string) string {
	var about strings.Builder
	fmt.Fprintf(&about, "The import id %q, or the identity, must be the refund's id", id)
	if id == "" {
		about.Reset()
		about.WriteString("The identity must hold the refund's id")
	}
	for _, one := range r.refunders {
		if one.RefundTraits().IsOfPayment {
			fmt.Fprintf(&about, "; of %s it is %s/<payment id>/<refund id>, and the identity has gateway, payment_id and id", one.Name(), one.Name())
		}
	}
	return about.String() + "."
}
