package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

var (
	_ resource.ResourceWithConfigure      = (*paymentLinkResource)(nil)
	_ resource.ResourceWithIdentity       = (*paymentLinkResource)(nil)
	_ resource.ResourceWithImportState    = (*paymentLinkResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*paymentLinkResource)(nil)
	_ resource.ResourceWithMoveState      = (*paymentLinkResource)(nil)
	_ resource.ResourceWithUpgradeState   = (*paymentLinkResource)(nil)
	_ resource.ResourceWithValidateConfig = (*paymentLinkResource)(nil)
)

// paymentLinkResource is one order that is paid once. The API issues and
// closes payments; it changes none, so every change issues a new one.
type paymentLinkResource struct{ invoiceAPIResource }

func newPaymentLinkResource() resource.Resource { return &paymentLinkResource{} }

func (r *paymentLinkResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_payment_link"
	// One whose creation was never answered gets its id once it is found.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *paymentLinkResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: "The payment's id."},
	}}
}

func (r *paymentLinkResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	address := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: description + " (http or https). The gateway never returns it.",
			Validators:          []validator.String{attributes.IsWebAddress()},
		}
	}
	resp.Schema = schema.Schema{
		Version: 1,
		MarkdownDescription: "A payment link of Invoice API v2: one order. It is paid once, and it expires. " +
			"For a page that stays and is paid by many people, use `invoice_terminal`.\n\n" +
			"The gateway cannot change a payment, so every change issues a new link and closes the old one. A link that was closed or is gone at the gateway is issued again. " +
			"One that was paid stays as it is: changing or replacing it is an error in the plan, and destroying it only forgets it, with a warning. " +
			"With a configured `order_id`, an open payment that exists already under it is adopted when it is the same, with a warning, so that nothing is issued twice, " +
			"also after a crash; the provider setting `adopt_existing = false` makes that an error. One `order_id` on two links is an error.\n\n" +
			"A link whose creation was never answered is kept with the status `unknown`. The next apply looks it up by its order id, closes it if it is there, and issues another; " +
			"`terraform untaint` keeps it instead.\n\n" +
			aboutMoved("id") + "\n\n" +
			"Source: Invoice API guide, sections 7.2.3 (CreatePayment), 7.2.4 (GetPayment), 7.2.5 (GetPaymentByOrder), 7.2.6 (ClosePayment).",
		Blocks: timeoutsBlock(ctx),
		Attributes: map[string]schema.Attribute{
			"terminal_id": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The id of the terminal that takes the payment.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"amount":  attributes.Amount("What is to be paid: a positive decimal with at most two decimals. `1000` and `1000.00` are the same."),
			"receipt": receiptSchema("7.2.3, fields 4.1–4.5"),
			"currency": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(gateway.DefaultCurrency),
				MarkdownDescription: "`RUB` (the default), `USD` or `EUR`.",
				Validators:          []validator.String{stringvalidator.OneOf("RUB", "USD", "EUR")},
			},
			"order_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "The merchant's own id of the order, 1 to 36 characters. Made by the provider (32 hex digits) when unset. " +
					"A configured one is looked up before anything is issued, so that even a run that was killed loses nothing.",
				Validators:    []validator.String{stringvalidator.UTF8LengthBetween(1, 36), attributes.IsNotSpaces()},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "A description of the order, shown to the payer; 1 to 200 characters. The gateway may rewrite it.",
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, 200)},
			},
			"payment_method": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The payment method, such as `card`. Which ones exist depends on the terminal.",
				Validators:          []validator.String{attributes.IsNotBlank()},
			},
			"success_url": address("Where the payer goes after paying"),
			"fail_url":    address("Where the payer goes after a failed payment"),
			"custom_parameters": schema.StringAttribute{
				Optional:            true,
				CustomType:          jsontypes.NormalizedType{},
				MarkdownDescription: "Your own data about the payment, as a JSON object: `jsonencode({ customer = \"42\" })`.",
				Validators:          []validator.String{attributes.IsJSONObject()},
				PlanModifiers:       []planmodifier.String{attributes.KeepEqualJSON()},
			},
			"transaction_type": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "`payment`: an ordinary payment. `hold`: the money is only blocked. `recurring`: the first payment of a series. " +
					"The gateway decides when unset. The gateway never returns it.",
				Validators: []validator.String{stringvalidator.OneOf("payment", "hold", "recurring")},
			},
			"when_unpayable": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(unpayableKeep),
				MarkdownDescription: "What to do with a link that failed or expired: `keep` it (the default), or `renew` it, so that the next plan issues a new one.",
				Validators:          []validator.String{stringvalidator.OneOf(unpayableKeep, unpayableRenew)},
			},
			"id":  attributes.ComputedText("The payment's id."),
			"url": attributes.ComputedText("The address of the payment page."),
			"status": attributes.ComputedText("The gateway's own word: `init` (waiting), `successful` (paid), `fail`, `closed`; also `created`, `process`, `error` and `refunded`. " +
				"`unknown` when the gateway never answered to the creation."),
			"paid": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "Whether the link was ever seen paid. It stays `true` whatever the gateway shows later. A paid link is never closed, renewed or issued again, " +
					"and changing it is an error in the plan.",
				PlanModifiers: []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"status_description": attributes.ComputedText("What the gateway says about the status. The function `decline_reason` explains a decline code such as `[2, 51]`."),
			"created_at":         attributes.ComputedTime("When it was issued"),
			"updated_at":         attributes.ComputedTime("When the status last changed"),
			"expires_at":         attributes.ComputedTime("Until when it can be paid"),
		},
	}
}

func (r *paymentLinkResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	warnReceipt(ctx, req.Config, &resp.Diagnostics)
}

func (r *paymentLinkResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return stateUpgraders(keep)
}

func (r *paymentLinkResource) MoveState(context.Context) []resource.StateMover {
	return moved{what: "payment_link", calls: []string{"CreatePayment", "GetPayment"}, key: "id"}.movers()
}

func (r *paymentLinkResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model paymentLinkModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var payment *invoiceapi.Payment
	if model.OrderID.IsUnknown() {
		if r.run.RefusePaidMeanwhile(apigateway.PaymentKind, "", &resp.Diagnostics) {
			return
		}
		model.OrderID = types.StringValue(newOrderID())
		payment = r.issueWithNewOrderID(ctx, &model, resp)
	} else {
		unlock, err := r.run.Lock(ctx, apigateway.PaymentKind, model.OrderID.ValueString())
		if err != nil {
			issueFailed(model.OrderID.ValueString()).Report(&resp.Diagnostics, err)
			return
		}
		defer unlock()
		payment = r.getOrIssue(ctx, &model, resp)
	}
	if payment == nil {
		return
	}
	model.applyRemote(payment)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	known := remote.Memory{Marks: remote.Marks{Unread: true}}
	paymentLinkArguments.Remember(payment, &known)
	resp.Diagnostics.Append(paymentLinkArguments.Write(ctx, &model, known, resp.Private)...)
}

// Update calls nothing: it takes when_unpayable, and after an import what the
// gateway never gives back.
func (r *paymentLinkResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	paymentLinkArguments.Update(ctx, (*paymentLinkModel).identity, req, resp)
}

func (r *paymentLinkResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state paymentLinkModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The same lock as for issuing: what another resource is just adopting must
	// not be closed at the same time.
	unlock, err := r.run.Lock(ctx, apigateway.PaymentKind, state.OrderID.ValueString())
	if err != nil {
		gateway.FailedCall{Attempt: "close " + state.name()}.Report(&resp.Diagnostics, err)
		resp.Diagnostics.Append(ledger.DropPlanned(ctx, resp.Private)...)
		return
	}
	defer unlock()
	if r.close(ctx, &state, r.run.ReasonOfDestroy(ctx, state.importID(), req.Private), &resp.Diagnostics) {
		resp.Diagnostics.Append(ledger.MarkRefused(ctx, resp.Private, true)...)
	}
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(ledger.DropPlanned(ctx, resp.Private)...)
	}
}

const orderPrefix = "order/"

func (r *paymentLinkResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if orderID, isOrder := strings.CutPrefix(req.ID, orderPrefix); isOrder {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("order_id"), orderID)...)
	} else {
		resource.ImportStatePassthroughWithIdentity(ctx, path.Root("id"), path.Root("id"), req, resp)
	}
	resp.Diagnostics.Append(remote.WriteImported(ctx, resp.Private)...)
}
