package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

var (
	_ resource.ResourceWithConfigure      = (*invoiceResource)(nil)
	_ resource.ResourceWithIdentity       = (*invoiceResource)(nil)
	_ resource.ResourceWithImportState    = (*invoiceResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*invoiceResource)(nil)
	_ resource.ResourceWithUpgradeState   = (*invoiceResource)(nil)
	_ resource.ResourceWithValidateConfig = (*invoiceResource)(nil)
)

// invoiceResource is an invoice of one of several gateways. Each gateway has an adapter for
// what is its own. No gateway can modify an invoice, so every change except sending it
// issues a new one.
type invoiceResource struct {
	adapters []gateway.InvoiceAdapter
	run      *ledger.Run
}

func newInvoiceResource() resource.Resource {
	return &invoiceResource{adapters: gateway.Select[gateway.InvoiceAdapter](unconfigured)}
}

func (r *invoiceResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_invoice"
	// An unclear invoice gets its id once it is found.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *invoiceResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"gateway": identityschema.StringAttribute{RequiredForImport: true, Description: "The gateway: " + strings.Join(gateway.Names(r.adapters), " or ") + "."},
		"id":      identityschema.StringAttribute{RequiredForImport: true, Description: "The invoice's id at the gateway."},
	}}
}

func (r *invoiceResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	text := func(about string) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: about, Validators: []validator.String{attributes.IsNotBlank()}}
	}
	resp.Schema = schema.Schema{
		Version: 1,
		MarkdownDescription: "An invoice: a page on which one payer pays once, at " + attributes.Quoted(gateway.Names(r.adapters)) + ". What the gateways have in common is at the root, " +
			"with one vocabulary of statuses. What is particular to a gateway is in the object that chooses the gateway.\n\n" +
			"No gateway can modify an invoice: every change issues a new one and revokes or cancels the old one. " +
			"An invoice that was revoked, canceled or is gone at the gateway is issued again; an expired one follows `when_unpayable`. " +
			"What was paid once stays paid: it is neither changed nor issued again, whatever the gateway shows later, and a destroy only forgets it, with a warning. " +
			"With an `order_id`, an invoice whose creation was not answered is kept with the status `unknown`, and the next apply looks for it, and withdraws it, before it issues another.\n\n" +
			aboutPayouts,
		Blocks: timeoutsBlock(ctx),
		Attributes: map[string]schema.Attribute{
			"amount": attributes.Amount("What is to be paid: a positive decimal with at most two decimals. `1000` and `1000.00` are the same."),
			"currency": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(gateway.DefaultCurrency),
				MarkdownDescription: "The currency, `RUB` by default. PayKeeper has no other.",
				Validators:          []validator.String{attributes.IsCurrency()},
			},
			"order_id":    text("The merchant's own id of the order. With one, an invoice whose creation was not answered can be found again. A payout needs one."),
			"customer_id": text("The merchant's own id of the payer."),
			"deletion_protection": schema.BoolAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Whether it is an error to destroy the invoice, to replace it, to take it out of the configuration, or to rename it without `moved`. " +
					"`true` by default for a payout, `false` for all others. What counts is what was applied: set it to `false` and apply before you destroy. " +
					"Even then a payout is never replaced, nor made a second time.",
			},
			"when_unpayable": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(unpayableKeep),
				MarkdownDescription: "What to do with an invoice that expired: `keep` it (the default), or `renew` it, so that the next plan issues a new one. A payout is never renewed.",
				Validators:          []validator.String{stringvalidator.OneOf(unpayableKeep, unpayableRenew)},
			},
			"id":      attributes.ComputedText("The invoice's id at the gateway."),
			"gateway": attributes.ComputedText("The gateway: " + attributes.Quoted(gateway.Names(r.adapters)) + "."),
			"url":     attributes.ComputedText("The page to pay on."),
			"status":  attributes.ComputedText(gateway.AboutStatus + " `unknown`, without an `id`: its creation was never answered."),
			"paid": schema.BoolAttribute{
				Computed:            true,
				MarkdownDescription: "Whether the invoice was ever seen paid. It stays true whatever the gateway shows later. A paid invoice is not issued again. " + gateway.AboutPaid,
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"gateway_status": attributes.ComputedText("The gateway's own word for the status."),
			"payment_id":     attributes.ComputedText("The payment that paid it, if the gateway returns it."),
			"created_at":     attributes.ComputedTime("When it was issued"),
			"updated_at":     attributes.ComputedTime("When it last changed, if the gateway returns it"),
			"expires_at":     attributes.ComputedTime("Until when it can be paid"),
			"paid_at":        attributes.ComputedTime("When it was paid, if the gateway returns it"),
		},
	}
	for _, a := range r.adapters {
		resp.Schema.Attributes[a.Name()] = a.ResourceSchema()
	}
}

func (r *invoiceResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		r.adapters, r.run = gateway.Select[gateway.InvoiceAdapter](data.gateways), data.run
	}
}

// mayIssue reports whether an invoice may be issued. It repeats the checks of the plan, now
// that everything is known. sending is set for a payout.
func (r *invoiceResource) mayIssue(ctx context.Context, a gateway.InvoiceAdapter, model *invoiceResourceModel, config *gateway.Invoice, diags *diag.Diagnostics) (sending *ledger.Sending, may bool) {
	a.Check(ctx, &model.Invoice, config, diags)
	switch {
	case r.run.RefusePaidMeanwhile(a.Name(), model.OrderID.ValueString(), diags):
		return nil, false
	case !a.Ready(diags):
		return nil, false
	case !gateway.IsPayout(a, &model.Invoice):
	case strings.TrimSpace(model.OrderID.ValueString()) == "":
		addOrderMissing(diags)
		return nil, false
	default:
		sending = model.NewPayout(a).Send(ctx, r.run, diags)
	}
	return sending, !diags.HasError()
}

func (r *invoiceResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model invoiceResourceModel
	resp.Diagnostics.Append(gateway.Read(ctx, req.Plan, &model, &model.Objects)...)
	config := configuredInvoice(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	a := r.adapterOf(&model.Invoice)
	sending, may := r.mayIssue(ctx, a, &model, config, &resp.Diagnostics)
	if !may {
		return
	}
	shown := a.Issue(ctx, &model.Invoice, config, &resp.Diagnostics)
	if shown == nil {
		if sending != nil {
			sending.NoteNotMade()
		}
		return
	}
	model.fillProtection(sending != nil)
	known, arguments := remote.Memory{Marks: remote.Marks{Unread: true}}, gateway.InvoiceArguments(a)
	save := func(shown *gateway.ShownInvoice) {
		model.ApplyRemote(a, shown)
		arguments.Remember(shown, &known)
		resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, &model, model.Objects)...)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
	}
	save(shown) // before anything else can fail
	if sending != nil {
		sending.NoteMade(model.Payout())
	}
	sender := senderOf(a, &model.Invoice)
	unsent := sender != nil && !sendNew(ctx, sender, shown.ID, &model.Invoice, &resp.Diagnostics)
	if shown.Brief || sender != nil {
		if again := readBack(ctx, a, &model.Invoice, &resp.Diagnostics); again != nil {
			shown = again
			save(shown)
		}
	}
	if unsent {
		known.Note(a.Name()+"."+gateway.ArgumentSend, "true") // so that the next read sees a difference
	}
	resp.Diagnostics.Append(arguments.Write(ctx, &model.Invoice, known, resp.Private)...)
	warnOtherAmount(&model.Invoice, shown, &resp.Diagnostics)
}

// Update sends an invoice that is to be sent. Otherwise it calls nothing, and takes into the
// state what only the configuration knows.
func (r *invoiceResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.Append(ledger.DropPlanned(ctx, resp.Private)...)
	var state, model invoiceResourceModel
	resp.Diagnostics.Append(gateway.Read(ctx, req.State, &state, &state.Objects)...)
	resp.Diagnostics.Append(gateway.Read(ctx, req.Plan, &model, &model.Objects)...)
	if resp.Diagnostics.HasError() {
		return
	}
	a := r.adapterOf(&state.Invoice)
	arguments := gateway.InvoiceArguments(a)
	known := arguments.Read(ctx, &state.Invoice, req.Private)
	after := r.adapterOf(&model.Invoice)
	remote.RefuseContradictions(invoiceDifferences(a, after, &model.Invoice, &state.Invoice), &resp.Diagnostics)
	if !known.Imported && state.IsPaid() && !gateway.IsPayout(a, &state.Invoice) && !resp.Diagnostics.HasError() {
		refusePaidChange(a, after, &model.Invoice, &state.Invoice, &resp.Diagnostics) // all values are known now
	}
	if !a.Ready(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	model.KeepObserved(a, &state.Invoice)
	arguments.Apply(&state.Invoice, &known)
	if lacks := a.Traits().IsPartial; known.Imported {
		known.Imported = lacks != nil && lacks(configuredInvoice(ctx, req.Config, &resp.Diagnostics))
	}
	model.fillProtection(gateway.IsPayout(a, &model.Invoice))
	if sender := senderOfUpdate(a, &model.Invoice, &state.Invoice); sender != nil {
		if !r.sendOnce(ctx, sender, &model.Invoice, &resp.Diagnostics) {
			return
		}
		known.Unread = true
	}
	resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, &model, model.Objects)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.Identity())...)
	resp.Diagnostics.Append(arguments.Write(ctx, &model.Invoice, known, resp.Private)...)
}

func (r *invoiceResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var model invoiceResourceModel
	resp.Diagnostics.Append(gateway.Read(ctx, req.State, &model, &model.Objects)...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer func() {
		if resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(ledger.DropPlanned(ctx, resp.Private)...)
		}
	}()
	state := &model.Invoice
	a := r.adapterOf(state)
	switch {
	case gateway.IsPayout(a, state):
		r.deletePayout(ctx, a, &model, req, resp)
		return
	case refuseProtected(&model, &resp.Diagnostics):
		return
	}
	unlock := func() {}
	if a.Traits().FindsByOrder && state.OrderID.ValueString() != "" {
		// Another resource may be adopting it.
		var err error
		if unlock, err = r.run.Lock(ctx, a.Name(), state.OrderID.ValueString()); err != nil {
			gateway.FailedCall{Attempt: "withdraw " + invoiceName(state)}.Report(&resp.Diagnostics, err)
			return
		}
	}
	defer unlock()
	paid, why := state.IsPaid(), r.run.ReasonOfDestroy(ctx, state.Owner(), req.Private)
	switch {
	case paid:
	case r.run.IsAdopted(a.Name(), state.ID.ValueString()):
		// create_before_destroy: the new resource has adopted this invoice.
	case !a.Ready(&resp.Diagnostics):
	case state.IsUnclear():
		paid = r.withdrawUnclear(ctx, a, state, &resp.Diagnostics)
	default:
		paid = r.withdraw(ctx, a, state, &resp.Diagnostics)
	}
	if paid {
		r.forgetPaid(ctx, a, &model, why, resp)
	}
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(ledger.MarkRefused(ctx, resp.Private, paid)...)
	}
}

func (r *invoiceResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var identity gateway.InvoiceIdentity
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
	} else {
		gatewayName, id, _ := strings.Cut(req.ID, "/")
		identity = gateway.InvoiceIdentity{Gateway: types.StringValue(gatewayName), ID: types.StringValue(id)}
	}
	if !slices.Contains(gateway.Names(r.adapters), identity.Gateway.ValueString()) || identity.ID.ValueString() == "" {
		resp.Diagnostics.AddError("The import id is not valid",
			fmt.Sprintf("The import id %q must be <gateway>/<id>, with one of the gateways %s, such as \"paykeeper/20261122101500123\".", req.ID, attributes.Quoted(gateway.Names(r.adapters))))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("gateway"), identity.Gateway)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), identity.ID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.Diagnostics.Append(remote.WriteImported(ctx, resp.Private)...)
}
