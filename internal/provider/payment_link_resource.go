package provider

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoice"
)

var (
	_ resource.ResourceWithConfigure      = (*paymentLinkResource)(nil)
	_ resource.ResourceWithIdentity       = (*paymentLinkResource)(nil)
	_ resource.ResourceWithImportState    = (*paymentLinkResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*paymentLinkResource)(nil)
	_ resource.ResourceWithValidateConfig = (*paymentLinkResource)(nil)
)

// paymentLinkResource is one order that is paid once. The API issues and
// closes payments; it changes none, so every change issues a new one.
type paymentLinkResource struct{ invoiceAPIResource }

func newPaymentLinkResource() resource.Resource { return &paymentLinkResource{} }

func (r *paymentLinkResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_payment_link"
}

func (r *paymentLinkResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "The payment's id."},
	}}
}

func (r *paymentLinkResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	address := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: description + " (http or https). The gateway never gives it back.",
			Validators:          []validator.String{isWebAddress()},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A payment link of Invoice API v2: one order, paid once, that expires. " +
			"For a page that stays and is paid by many people, use `invoice_terminal`.\n\n" +
			"The gateway cannot change a payment, so every change issues a new link and closes the old one; a paid one cannot be closed and is only forgotten, " +
			"with a warning. A link that was closed or is gone at the gateway is issued again. With a configured `order_id`, an open payment that exists already " +
			"under it is adopted when it is the same, so that nothing is issued twice, also after a crash.\n\n" +
			"Source: Invoice API guide, sections 7.2.3 (CreatePayment), 7.2.4 (GetPayment), 7.2.5 (GetPaymentByOrder), 7.2.6 (ClosePayment).",
		Attributes: map[string]schema.Attribute{
			"terminal_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The id of the terminal that takes the payment.",
				Validators:          []validator.String{isNotBlank()},
			},
			"amount":  amountArgument("What is to be paid: a positive decimal with at most two decimals. `1000` and `1000.00` are the same."),
			"receipt": receiptSchema("7.2.3, fields 4.1–4.5"),
			"currency": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(defaultCurrency),
				MarkdownDescription: "`RUB` (the default), `USD` or `EUR`.",
				Validators:          []validator.String{stringvalidator.OneOf("RUB", "USD", "EUR")},
			},
			"order_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The merchant's own id of the order, 1 to 36 characters. Made by the provider (32 hex digits) when unset. " +
					"A configured one is looked up before anything is issued, so that even a run that was killed loses nothing.",
				Validators:    []validator.String{stringvalidator.UTF8LengthBetween(1, 36), isNotBlank()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "What the order is, shown to the payer; 1 to 200 characters. The gateway may rewrite it.",
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, 200)},
			},
			"payment_method": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The way to pay, such as `card`; which ones there are depends on the terminal.",
				Validators:          []validator.String{isNotBlank()},
			},
			"success_url": address("Where the payer goes after paying"),
			"fail_url":    address("Where the payer goes after a failed payment"),
			"custom_parameters": schema.StringAttribute{
				Optional:            true,
				CustomType:          jsontypes.NormalizedType{},
				MarkdownDescription: "Anything of yours about the payment, as a JSON object: `jsonencode({ customer = \"42\" })`.",
				Validators:          []validator.String{isJSONObject()},
				PlanModifiers:       []planmodifier.String{keepEqualJSON()},
			},
			"transaction_type": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "`payment`: an ordinary one; `hold`: the money is only blocked; `recurring`: the first of a series. " +
					"Left to the gateway when unset. The gateway never gives it back.",
				Validators: []validator.String{stringvalidator.OneOf("payment", "hold", "recurring")},
			},
			"when_unpayable": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(unpayableKeep),
				MarkdownDescription: "What to do with a link that failed or expired: `keep` it (the default), or `renew` it: the next plan issues a new one.",
				Validators:          []validator.String{stringvalidator.OneOf(unpayableKeep, unpayableRenew)},
			},
			"id":  computedText("The payment's id."),
			"url": computedText("The address of the payment page."),
			"status": computedText("The gateway's word: `init` (waiting), `successful` (paid), `fail`, `closed`; also `created`, `process` and `error`. " +
				"`unknown` when the gateway never answered to the creation."),
			"status_description": computedText("What the gateway says about the status. For a decline code such as `[2, 51]` see the data source `invoice_payment`."),
			"created_at":         computedTime("When it was issued"),
			"updated_at":         computedTime("When the status last changed"),
			"expires_at":         computedTime("Until when it can be paid"),
		},
	}
}

func (r *paymentLinkResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config paymentLinkModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	warnReceiptSum(ctx, config.Amount, config.Receipt, &resp.Diagnostics)
}

func (r *paymentLinkResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.State.Raw.IsNull() {
		return
	}
	var state, plan paymentLinkModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	isPaid := state.Status.ValueString() == invoice.PaymentSuccessful
	if req.Plan.Raw.IsNull() {
		if isPaid {
			warnPaid(state.ID.ValueString(), &resp.Diagnostics)
		}
		return
	}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	changed := changedArguments(plan.arguments(), state.arguments())
	switch {
	case readFlag(ctx, req.Private, privateImported):
		warnImportDiffers(importedDifferences(plan.arguments(), state.arguments(), paymentLinkRewritable...), &resp.Diagnostics)
		return
	case len(changed) > 0:
		for _, name := range changed {
			resp.RequiresReplace.Append(path.Root(name))
		}
		detail := fmt.Sprintf("The gateway cannot change payment %s, so a new one replaces it, with a new address: %s changed.",
			state.ID.ValueString(), strings.Join(changed, ", "))
		if !isMade(ctx, req.Config) && plan.OrderID.Equal(state.OrderID) {
			detail += " It gets the same order_id, which not every gateway takes again; and with create_before_destroy the open payment " +
				"would be found under it and kept as it is. A new order_id avoids both."
		}
		resp.Diagnostics.AddWarning("A new payment link will be issued", detail)
	case plan.WhenUnpayable.ValueString() == unpayableRenew && readFlag(ctx, req.Private, privateUnpayable):
		// Terraform only replaces for an attribute that changes.
		for _, name := range []string{"status", "url", "id"} {
			resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(name), types.StringUnknown())...)
		}
		resp.RequiresReplace.Append(path.Root("status"))
		resp.Diagnostics.AddWarning("A new payment link will be issued",
			fmt.Sprintf("Payment %s can no longer be paid (failed or expired), and when_unpayable is %q.", state.ID.ValueString(), unpayableRenew))
	default:
		return
	}
	if isPaid {
		detail := fmt.Sprintf("Payment %s has been paid. Replacing it issues a second link for what may be the same order; the paid one is only removed from the state. "+
			"If that is not wanted, put the configuration back before applying. A refund needs the payment's id: note it.", state.ID.ValueString())
		if !isMade(ctx, req.Config) && plan.OrderID.Equal(state.OrderID) {
			detail = fmt.Sprintf("Payment %s of order %q has been paid, and an order is not paid twice: applying removes it from the state, "+
				"and then fails to issue another. Put the configuration back before applying, or give a new order_id; "+
				"afterwards only importing payment %s brings it back.", state.ID.ValueString(), state.OrderID.ValueString(), state.ID.ValueString())
		}
		resp.Diagnostics.AddAttributeWarning(path.Root("order_id"), "The replaced payment link is already paid", detail)
	}
}

// isMade tells that the order id is the provider's, not the configuration's.
func isMade(ctx context.Context, config tfsdk.Config) bool {
	var orderID types.String
	return !config.GetAttribute(ctx, path.Root("order_id"), &orderID).HasError() && orderID.IsNull()
}

func (r *paymentLinkResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model paymentLinkModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var payment *invoice.Payment
	if model.OrderID.IsUnknown() {
		if name, paid := r.run.isPaidMeanwhile("payment", ""); paid {
			resp.Diagnostics.AddError(paidMeanwhileError(name))
			return
		}
		model.OrderID = types.StringValue(newOrderID())
		payment = r.issueWithNewOrderID(ctx, &model, resp)
	} else {
		defer r.run.lock("order " + model.OrderID.ValueString())()
		payment = r.getOrIssue(ctx, &model, &resp.Diagnostics)
	}
	if payment == nil {
		return
	}
	model.observed(payment)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	resp.Diagnostics.Append(newEcho(model.applied(), paymentAnswer(payment)).write(ctx, resp.Private)...)
	resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateUnread, true)...)
}

func (r *paymentLinkResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model paymentLinkModel
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	if !model.ID.IsNull() {
		resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	}
	if resp.Diagnostics.HasError() || !r.gateway.refresh(model.Amount.IsNull(), &resp.Diagnostics) {
		return
	}
	name := "payment " + model.ID.ValueString()
	if model.ID.IsNull() {
		name = fmt.Sprintf("payment of order %q", model.OrderID.ValueString())
	}
	payment, err := r.find(ctx, &model)
	if err != nil {
		failedCall{attempt: "read " + name}.report(&resp.Diagnostics, err)
		return
	}
	importing := model.Amount.IsNull() // right after an import only the id is known
	if payment == nil && stillUnderWay(&model, r.settleTime) {
		resp.Diagnostics.Append(resp.Identity.Set(ctx, idIdentity{ID: model.OrderID})...)
		resp.Diagnostics.AddWarning("A payment may still be issued", unclearLink(model.OrderID.ValueString(), r.settleTime))
		return
	}
	if payment == nil || payment.IsClosed() {
		seen := "the gateway knows no such payment"
		if payment != nil {
			seen = "it is closed"
		}
		if model.ID.IsNull() {
			resp.Diagnostics.Append(resp.Identity.Set(ctx, idIdentity{ID: model.OrderID})...)
		}
		reportGone(ctx, importing, resp, name, seen)
		return
	}
	switch {
	case importing:
		model.imported()
		model.compare(nil, payment)
		if method := payment.Method.PaymentMethod; method != nil {
			model.TerminalID = stringOrNull(string(method.TerminalID))
		}
		resp.Diagnostics.Append(newEcho(model.applied(), paymentAnswer(payment)).write(ctx, resp.Private)...)
	case model.Status.ValueString() == statusUnknown:
		resp.Diagnostics.Append(newEcho(model.applied(), paymentAnswer(payment)).write(ctx, resp.Private)...)
	default:
		r.refresh(ctx, &model, payment, req.Private, resp)
	}
	model.observed(payment)
	unpayable := payment.IsFailed() || payment.IsExpired(time.Now())
	if unpayable && !readFlag(ctx, req.Private, privateUnpayable) && model.WhenUnpayable.ValueString() == unpayableKeep {
		resp.Diagnostics.AddWarning("A payment link can no longer be paid",
			fmt.Sprintf("Payment %s failed or expired. It is kept; to issue a new link, set when_unpayable = %q.", payment.ID, unpayableRenew))
	}
	resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateUnpayable, unpayable)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
}

// refresh brings the arguments in line with what the gateway has.
func (r *paymentLinkResource) refresh(ctx context.Context, model *paymentLinkModel, payment *invoice.Payment, private privateReader, resp *resource.ReadResponse) {
	remembered := readEcho(ctx, private)
	if readFlag(ctx, private, privateUnread) {
		remembered = remembered.settled(paymentAnswer(payment))
		resp.Diagnostics.Append(remembered.write(ctx, resp.Private)...)
		resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateUnread, false)...)
	}
	drift := linkDrift(remembered, payment)
	if payment.IsPaid() && len(drift) > 0 {
		// Nothing can be repaired, and nobody should be asked to pay again.
		resp.Diagnostics.AddWarning("A paid payment was changed at the gateway",
			fmt.Sprintf("Payment %s:\n- %s\n\nIt is paid, so nothing is planned. The data source invoice_payment shows what the gateway has.",
				payment.ID, strings.Join(drift, "\n- ")))
		return
	}
	model.compare(remembered, payment)
}

// find looks a link up by its id, or by its order id when that is all there is:
// after an import by order id, and when the creation was never answered.
func (r *paymentLinkResource) find(ctx context.Context, model *paymentLinkModel) (*invoice.Payment, error) {
	if model.ID.IsNull() {
		return r.client.FindPaymentByOrder(ctx, model.OrderID.ValueString())
	}
	return r.client.FindPayment(ctx, model.ID.ValueString())
}

// Update calls nothing: it takes when_unpayable, and after an import what the
// gateway never gives back.
func (r *paymentLinkResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	updateState[paymentLinkModel](ctx, req, resp, paymentLinkRewritable...)
}

func (r *paymentLinkResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state paymentLinkModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The same lock as for issuing: what another resource is just adopting must
	// not be closed at the same time.
	defer r.run.lock("order " + state.OrderID.ValueString())()
	r.close(ctx, &state, &resp.Diagnostics)
}

const orderPrefix = "order/"

func (r *paymentLinkResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if orderID, isOrder := strings.CutPrefix(req.ID, orderPrefix); isOrder {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("order_id"), orderID)...)
	} else {
		resource.ImportStatePassthroughWithIdentity(ctx, path.Root("id"), path.Root("id"), req, resp)
	}
	resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateImported, true)...)
}
