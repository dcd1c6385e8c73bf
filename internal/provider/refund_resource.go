package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoice"
)

var (
	_ resource.ResourceWithConfigure      = (*refundResource)(nil)
	_ resource.ResourceWithIdentity       = (*refundResource)(nil)
	_ resource.ResourceWithImportState    = (*refundResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*refundResource)(nil)
	_ resource.ResourceWithValidateConfig = (*refundResource)(nil)
)

// refundResource is money on its way back. It is sent once: nothing in the API
// changes it, takes it back, or finds one whose answer was lost.
type refundResource struct{ invoiceAPIResource }

func newRefundResource() resource.Resource { return &refundResource{} }

func (r *refundResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_refund"
}

func (r *refundResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "The refund's id."},
	}}
}

func (r *refundResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A refund of a paid payment of Invoice API v2, in full or in part.\n\n" +
			"A refund is money that has moved. It is sent once: a change in the configuration is an error in the plan, destroying only forgets it, with a warning, " +
			"and a refund that the gateway no longer shows is never made again by itself. When the gateway's answer is lost, nobody knows whether the refund was made: " +
			"it is kept with the status `unknown`, and neither repeated, replaced nor destroyed until you have looked it up in the merchant's account " +
			"and said so with `terraform state rm`, followed by an `import` if it was made. A refund has no key: after a run that was killed before it had " +
			"written its state, or with a lost state, look before you apply.\n\n" +
			"Source: Invoice API guide, sections 7.2.7 (CreateRefund) and 7.2.8 (GetRefund).",
		Attributes: map[string]schema.Attribute{
			"payment_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The id of the paid payment.",
				Validators:          []validator.String{isNotBlank()},
			},
			"amount":  amountArgument("How much goes back: a positive decimal with at most two decimals, up to what was paid."),
			"receipt": receiptSchema("7.2.7, fields 3.1–3.5"),
			"currency": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(defaultCurrency),
				MarkdownDescription: "The currency of the payment: `RUB` (the default), `USD` or `EUR`.",
				Validators:          []validator.String{stringvalidator.OneOf("RUB", "USD", "EUR")},
			},
			"reason": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Why; 1 to 200 characters.",
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, 200)},
			},
			"id":     computedText("The refund's id."),
			"status": computedText("`init` (the result comes later), `successful` or `fail`; `unknown` when the gateway never answered."),
			"payment_method": schema.SingleNestedAttribute{
				Computed:            true,
				MarkdownDescription: "How the payment was paid. Source: guide, section 7.2.7, fields 5.1–5.5.",
				PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
				Attributes: map[string]schema.Attribute{
					"terminal_id": schema.StringAttribute{Computed: true, MarkdownDescription: "The id of the terminal that took the payment."},
					"type":        schema.StringAttribute{Computed: true, MarkdownDescription: "The way it was paid, such as `card`."},
					"account":     schema.StringAttribute{Computed: true, MarkdownDescription: "The masked card number."},
					"funds":       schema.StringAttribute{Computed: true, CustomType: decimalType{}, MarkdownDescription: "The total of the payment, with two decimals."},
					"bonuses":     schema.Int64Attribute{Computed: true, MarkdownDescription: "Bonus points used for paying; may be negative."},
				},
			},
			"custom_parameters": schema.StringAttribute{
				Computed: true, CustomType: jsontypes.NormalizedType{},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
				MarkdownDescription: "The payment's custom parameters, as JSON.",
			},
			"created_at": computedTime("When it was made"),
			"updated_at": computedTime("When its status last changed"),
		},
	}
}

func (r *refundResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config refundModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	warnReceiptSum(ctx, config.Amount, config.Receipt, &resp.Diagnostics)
}

const refundStays = "Money that has been sent back stays sent: destroying only makes Terraform forget the refund."

// unclearRefund is what a user reads about a refund that may have been made.
func unclearRefund(paymentID, amount string) string {
	return fmt.Sprintf("A refund of %s for payment %s was sent, and the gateway's answer never came: it may have been made. It is not sent again.\n\n"+
		"To find out, look the payment up in the merchant's account, or ask the gateway's support. Then:\n"+
		"- if it was made: terraform state rm <address of this resource>, and import it by the id that the account shows:\n"+
		"  import {\n    to = invoice_refund.NAME\n    id = \"…\"\n  }\n"+
		"- if it was not: terraform state rm <address of this resource>, and apply again.\n\n"+
		"Until then, other resources can be planned and applied with -target.", amount, paymentID)
}

func (r *refundResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state, plan refundModel
	if !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if req.State.Raw.IsNull() {
		r.guardNew(ctx, &plan, req.Private, &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ID.ValueString()
	if req.Plan.Raw.IsNull() {
		if state.Status.ValueString() == statusUnknown {
			resp.Diagnostics.AddError("An unclear refund is not destroyed", unclearRefund(state.PaymentID.ValueString(), state.Amount.ValueString()))
		} else {
			resp.Diagnostics.AddWarning("The refund will only be forgotten", fmt.Sprintf("Refund %s. %s", id, refundStays))
		}
		return
	}
	// Terraform hands this on when it plans the creating half of a replacement.
	resp.Diagnostics.Append(writeReplaced(ctx, resp.Private, id)...)
	changed := certainlyChanged(plan.arguments(), state.arguments())
	if readFlag(ctx, req.Private, privateImported) {
		warnImportDiffers(importedDifferences(plan.arguments(), state.arguments(), refundRewritable...), &resp.Diagnostics)
		return
	}
	for _, name := range changed {
		resp.Diagnostics.AddAttributeError(path.Root(name), "A refund cannot be changed",
			fmt.Sprintf("Refund %s has been sent; changing it would send money a second time. Either:\n"+
				"- put %s back to what was applied;\n"+
				"- add a new resource for a further refund; or\n"+
				"- let Terraform forget this one: terraform state rm <address of this resource>, and take it out of the configuration; "+
				"left there, the next apply would send another refund.", id, name))
	}
}

// guardNew looks at a refund that is planned as a new one. It may be the
// creating half of a replacement, or one that is unclear and therefore tainted:
// either would send money a second time.
func (r *refundResource) guardNew(ctx context.Context, plan *refundModel, private privateReader, diags *diag.Diagnostics) {
	if r.run == nil {
		return
	}
	if unclear, found := r.run.unclearRefund(plan.PaymentID); found {
		diags.AddAttributeError(path.Root("payment_id"), "A refund of this payment is unclear", unclearRefund(unclear.PaymentID, unclear.Amount))
		return
	}
	if id := readReplaced(ctx, private); id != "" {
		diags.AddError("A refund is not replaced", fmt.Sprintf("Refund %s has been sent; replacing it would send money a second time. "+
			"For a further refund, add a new resource. To let Terraform forget this one: terraform state rm <address of this resource>, "+
			"and take it out of the configuration.", id))
		return
	}
	if twin, found := r.run.twinRefund(plan.PaymentID, plan.Amount); found {
		diags.AddAttributeWarning(path.Root("amount"), "The same amount has been refunded already",
			fmt.Sprintf("The state holds refund %s of %s for payment %s. Applying sends the same amount once more.", twin.ID, twin.Amount, twin.PaymentID))
	}
}

func (r *refundResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model refundModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	request := model.request(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	refund, err := r.client.CreateRefund(ctx, request)
	if err != nil {
		unclear := unclearRefund(model.PaymentID.ValueString(), model.Amount.ValueString())
		if gateway.OutcomeOf(err) == gateway.Unclear {
			// Kept, so that nothing sends it again: it can neither be replaced
			// nor destroyed.
			model.unclear()
			resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
			resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
		}
		failedCall{
			attempt: "make the refund", unclear: unclear,
			attributes: []string{"amount", "receipt", "currency", "reason"},
		}.report(&resp.Diagnostics, err)
		return
	}
	model.observed(refund)
	warnFailedRefund(&model, resp.Diagnostics.AddWarning)
	warnOtherRefund(&model, refund, resp.Diagnostics.AddWarning)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	resp.Diagnostics.Append(newEcho(model.applied(), refundAnswer(refund)).write(ctx, resp.Private)...)
}

func (r *refundResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model refundModel
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	if resp.Diagnostics.HasError() || !r.gateway.refresh(model.PaymentID.IsNull(), &resp.Diagnostics) {
		return
	}
	if model.ID.IsNull() {
		resp.Diagnostics.AddWarning("A refund is unclear", fmt.Sprintf("Nobody knows whether the refund of %s for payment %s was made; its status is %q.",
			model.Amount.ValueString(), model.PaymentID.ValueString(), statusUnknown))
		return
	}
	id := model.ID.ValueString()
	refund, err := r.client.FindRefund(ctx, id)
	if err != nil {
		failedCall{attempt: "read refund " + id}.report(&resp.Diagnostics, err)
		return
	}
	importing := model.PaymentID.IsNull()
	switch {
	case refund == nil && importing:
		resp.Diagnostics.AddError("Cannot import refund "+id, "Nothing was imported: the gateway knows no such refund.")
		return
	case refund == nil:
		resp.Diagnostics.AddWarning("The gateway does not show refund "+id,
			"It stays in the state, and is not made again: the money may well have moved. If it never did, remove it with terraform state rm and apply again.")
		return
	case importing:
		model.imported(refund)
		resp.Diagnostics.Append(newEcho(model.applied(), refundAnswer(refund)).write(ctx, resp.Private)...)
	}
	if drift := refundDrift(readEcho(ctx, req.Private), refund); len(drift) > 0 {
		resp.Diagnostics.AddWarning("A refund is not what was applied",
			fmt.Sprintf("Refund %s:\n- %s\n\nNothing is planned: a refund is never made again by itself.", id, strings.Join(drift, "\n- ")))
	}
	model.observed(refund)
	warnFailedRefund(&model, resp.Diagnostics.AddWarning)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

func refundDrift(remembered echo, refund *invoice.Refund) []string {
	answer := refundAnswer(refund)
	var drift []string
	for _, name := range []string{"payment_id", "amount", "currency", "reason"} {
		// What does not come back has not changed.
		if _, drifted := remembered.seen(name, answer[name]); drifted && answer[name] != "" && answer[name] != "0.00" {
			drift = append(drift, fmt.Sprintf("%s: %q was applied, the gateway now has %q", name, remembered[name].Applied, answer[name]))
		}
	}
	return drift
}

// warnOtherRefund tells when the gateway made another refund than was asked for.
func warnOtherRefund(model *refundModel, refund *invoice.Refund, warn func(summary, detail string)) {
	if !refund.Refund.Amount.IsZero() && !equalDecimals(model.Amount.ValueString(), refund.Refund.Amount.String()) {
		warn("The gateway made another refund", fmt.Sprintf("Refund %s of payment %s: %s was asked for, the gateway answers %s.",
			refund.ID, model.PaymentID.ValueString(), model.Amount.ValueString(), refund.Refund.Amount.Money()))
	}
}

func warnFailedRefund(model *refundModel, warn func(summary, detail string)) {
	if model.Status.ValueString() == invoice.RefundFail {
		warn("A refund failed", fmt.Sprintf("The gateway could not make refund %s of payment %s. It is not made again by itself: "+
			"to try once more, remove it with terraform state rm and apply, or add a new resource.", model.ID.ValueString(), model.PaymentID.ValueString()))
	}
}

// Update calls nothing: it only happens after an import, to take from the
// configuration what the gateway never gives back.
func (r *refundResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	updateState[refundModel](ctx, req, resp, refundRewritable...)
}

func (r *refundResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state refundModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if state.Status.ValueString() == statusUnknown {
		resp.Diagnostics.AddError("An unclear refund is neither destroyed nor replaced", unclearRefund(state.PaymentID.ValueString(), state.Amount.ValueString()))
		return
	}
	resp.Diagnostics.AddWarning("The refund is only forgotten", fmt.Sprintf("Refund %s. %s", state.ID.ValueString(), refundStays))
}

func (r *refundResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughWithIdentity(ctx, path.Root("id"), path.Root("id"), req, resp)
	resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateImported, true)...)
}
