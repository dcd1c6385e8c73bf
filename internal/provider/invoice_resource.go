package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ resource.ResourceWithConfigure      = (*invoiceResource)(nil)
	_ resource.ResourceWithIdentity       = (*invoiceResource)(nil)
	_ resource.ResourceWithImportState    = (*invoiceResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*invoiceResource)(nil)
	_ resource.ResourceWithValidateConfig = (*invoiceResource)(nil)
)

// invoiceResource is an invoice of one of several gateways. What is common is
// here, what is a gateway's own in its adapter. No gateway changes an invoice,
// so every change but sending it issues a new one.
type invoiceResource struct {
	adapters []invoiceAdapter
	run      *run
}

func newInvoiceResource() resource.Resource {
	return &invoiceResource{adapters: invoiceAdapters(&providerData{})}
}

func (r *invoiceResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_invoice"
	// A payout whose creation was never answered gets its id once it is found.
	resp.ResourceBehavior.MutableIdentity = true
}

func (r *invoiceResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"gateway": identityschema.StringAttribute{RequiredForImport: true, Description: "The gateway: paykeeper or p2p."},
		"id":      identityschema.StringAttribute{RequiredForImport: true, Description: "The invoice's id at the gateway."},
	}}
}

func (r *invoiceResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	text := func(about string) schema.StringAttribute {
		return schema.StringAttribute{Optional: true, MarkdownDescription: about, Validators: []validator.String{isNotBlank()}}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "An invoice: a page on which one payer pays once, at " + quoted(namesOf(r.adapters)) + ". What is common to the gateways stands at the root, " +
			"with one vocabulary of statuses; what is a gateway's own, in the object that chooses the gateway.\n\n" +
			"No gateway changes an invoice: every change issues a new one and revokes or cancels the old one. A paid one is only forgotten, with a warning. " +
			"An invoice that was revoked, canceled or is gone at the gateway is issued again; an expired one follows `when_unpayable`. " +
			aboutPayouts,
		Attributes: map[string]schema.Attribute{
			"amount": amountArgument("What is to be paid: a positive decimal with at most two decimals. `1000` and `1000.00` are the same."),
			"currency": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString(defaultCurrency),
				MarkdownDescription: "The currency, `RUB` by default, and always on PayKeeper.",
				Validators:          []validator.String{isCurrency()},
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
				MarkdownDescription: "What to do with an invoice that expired: `keep` it (the default), or `renew` it: the next plan issues a new one. Never for a payout.",
				Validators:          []validator.String{stringvalidator.OneOf(unpayableKeep, unpayableRenew)},
			},
			"id":             computedText("The invoice's id at the gateway."),
			"gateway":        computedText("The gateway: " + quoted(namesOf(r.adapters)) + "."),
			"url":            computedText("The page to pay on."),
			"status":         computedText(aboutInvoiceStatus + " `unknown`: a payout whose creation was never answered."),
			"gateway_status": computedText("The gateway's own word for the status."),
			"payment_id":     computedText("The payment that paid it, where the gateway tells."),
			"created_at":     computedTime("When it was issued"),
			"updated_at":     computedTime("When it last changed, where the gateway tells"),
			"expires_at":     computedTime("Until when it can be paid"),
			"paid_at":        computedTime("When it was paid, where the gateway tells"),
		},
	}
	for _, a := range r.adapters {
		resp.Schema.Attributes[a.name()] = a.block()
	}
}

func (r *invoiceResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		r.adapters, r.run = invoiceAdapters(data), data.run
	}
}

// adapterOf returns the gateway of an invoice: the one whose object is set, or
// right after an import the one that is named. It is nil while that is not known.
func (r *invoiceResource) adapterOf(m *invoiceModel) invoiceAdapter {
	for _, a := range r.adapters {
		if object := a.object(m); !object.IsNull() && !object.IsUnknown() {
			return a
		}
	}
	for _, a := range r.adapters {
		if m.Gateway.ValueString() == a.name() {
			return a
		}
	}
	return nil
}

func (r *invoiceResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model, config invoiceResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	a := r.adapterOf(&model.invoiceModel)
	// What was unknown while planning is looked at now, before anything is sent.
	a.check(ctx, &model.invoiceModel, true, &resp.Diagnostics)
	if name, paid := r.run.isPaidMeanwhile(a.name(), model.OrderID.ValueString()); paid {
		summary, detail := paidMeanwhileError(name)
		resp.Diagnostics.AddAttributeError(path.Root("order_id"), summary, detail)
		return
	}
	isPayout, owner := a.isPayout(&model.invoiceModel), ""
	if isPayout {
		var may bool
		if owner, may = r.mayPayOut(ctx, &model.invoiceModel, &resp.Diagnostics); !may {
			return
		}
	}
	if !a.ready(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	shown := a.issue(ctx, &model.invoiceModel, &config.invoiceModel, &resp.Diagnostics)
	if shown == nil {
		if isPayout {
			r.noteMade(owner, nil)
		}
		return
	}
	model.fillProtection(isPayout)
	known := answers{}
	save := func(shown *shownInvoice) {
		model.take(ctx, a, shown, known, false)
		resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
		resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	}
	save(shown) // the id is in the state before anything else can fail
	if isPayout {
		r.noteMade(owner, &model.invoiceModel)
	}
	toSend, unsent := a.toSend(&model.invoiceModel), false
	if toSend {
		if err := a.send(ctx, shown.id); err != nil {
			warnNotSent(&model.invoiceModel, err, &resp.Diagnostics)
			unsent = true
		}
	}
	if shown.brief || toSend {
		if again := readBack(ctx, a, &model.invoiceModel, &resp.Diagnostics); again != nil {
			shown = again
			save(shown)
		}
	}
	if unsent {
		known[a.name()+".send"] = types.BoolValue(true).String() // reading it will show the opposite
	}
	resp.Diagnostics.Append(writeJSON(ctx, resp.Private, privateAnswers, known)...)
	resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateUnread, true)...)
	warnOtherAmount(&model.invoiceModel, shown, &resp.Diagnostics)
}

func (r *invoiceResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model invoiceResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	importing := model.Amount.IsNull() // right after an import only gateway and id are known
	a := r.adapterOf(&model.invoiceModel)
	if resp.Diagnostics.HasError() || !a.refresh(importing, &resp.Diagnostics) {
		return
	}
	resp.Diagnostics.Append(unmarkDestroy(ctx, resp.Private)...)
	if a.isPayout(&model.invoiceModel) {
		r.readPayout(ctx, a, &model, req, resp)
		return
	}
	name := model.name()
	shown, err := a.find(ctx, &model.invoiceModel)
	switch {
	case err != nil:
		failedCall{attempt: "read " + name}.report(&resp.Diagnostics, err)
		return
	case shown == nil && importing:
		reportGone(ctx, importing, resp, name, "the gateway knows no such invoice")
		return
	case model.Status.ValueString() == invoicePaid && (shown == nil || shown.gone != ""):
		seen := "the gateway knows no such invoice"
		if shown != nil {
			seen = shown.gone
		}
		resp.Diagnostics.AddWarning("A paid invoice is gone at the gateway",
			fmt.Sprintf("The %s was paid, and now %s. It stays in the state as paid, and is not issued again: nobody should be asked to pay twice.", name, seen))
		return
	case shown == nil:
		reportGone(ctx, importing, resp, name, "the gateway knows no such invoice")
	case shown.gone != "":
		reportGone(ctx, importing, resp, name, shown.gone)
	}
	if shown == nil || resp.State.Raw.IsNull() || resp.Diagnostics.HasError() {
		return
	}
	before, known := answers{}, answers{}
	readJSON(ctx, req.Private, privateAnswers, &before)
	if readFlag(ctx, req.Private, privateUnread) {
		before.settle(a)
	}
	if shown.isPaid() && !importing {
		// Nothing can be repaired, and nobody should be asked to pay again: with no
		// answers known, the arguments stay as they were applied.
		model.take(ctx, a, shown, known, false)
		warnPaidDrift(&model.invoiceModel, before.changedTo(known), &resp.Diagnostics)
	} else {
		known = maps.Clone(before)
		model.take(ctx, a, shown, known, importing)
	}
	if importing {
		model.WhenUnpayable = types.StringValue(unpayableKeep)
	}
	model.fillProtection(a.isPayout(&model.invoiceModel))
	unpayable := shown.isExpired && !a.isPayout(&model.invoiceModel)
	if unpayable && !readFlag(ctx, req.Private, privateUnpayable) && model.WhenUnpayable.ValueString() == unpayableKeep {
		resp.Diagnostics.AddWarning("An invoice can no longer be paid",
			fmt.Sprintf("The %s has expired. It is kept; to issue a new one, set when_unpayable = %q.", name, unpayableRenew))
	}
	resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateUnpayable, unpayable)...)
	resp.Diagnostics.Append(writeJSON(ctx, resp.Private, privateAnswers, known)...)
	resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateUnread, false)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
}

// Update sends an invoice that is to be sent. Else it calls nothing: it takes
// into the state what only the configuration knows.
func (r *invoiceResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var state, model invoiceResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	a := r.adapterOf(&state.invoiceModel)
	refuseImportDiffers(invoiceDifferences(a, r.adapterOf(&model.invoiceModel), &model.invoiceModel, &state.invoiceModel), &resp.Diagnostics)
	if !a.ready(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	model.keepObserved(a, &state.invoiceModel)
	model.fillProtection(a.isPayout(&model.invoiceModel))
	if turnsToSend(a, &model.invoiceModel, &state.invoiceModel) && !isSentAlready(ctx, a, &model.invoiceModel) {
		if err := a.send(ctx, model.ID.ValueString()); err != nil {
			failedCall{attempt: "send " + model.name(), unclear: "It may have been mailed. Apply again: an invoice that shows as sent is not mailed twice."}.report(&resp.Diagnostics, err)
			return
		}
		if shown := readBack(ctx, a, &model.invoiceModel, &resp.Diagnostics); shown != nil {
			// With no answers known, only what the gateway alone tells is taken.
			model.take(ctx, a, shown, answers{}, false)
		}
		resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateUnread, true)...)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateImported, false)...)
}

func (r *invoiceResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var model invoiceResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state := &model.invoiceModel
	a := r.adapterOf(state)
	if a.isPayout(state) {
		r.deletePayout(ctx, a, &model, req, resp)
		return
	}
	if refuseProtected(&model, &resp.Diagnostics) {
		resp.Diagnostics.Append(unmarkDestroy(ctx, resp.Private)...)
		return
	}
	switch {
	case state.Status.ValueString() == invoicePaid:
		warnPaidInvoice(state, &resp.Diagnostics)
	case r.run.isAdopted(state.key()):
		// create_before_destroy: the new resource lives on this invoice.
	case a.ready(&resp.Diagnostics):
		if paid := r.withdraw(ctx, a, state, &resp.Diagnostics); paid {
			warnPaidInvoice(state, &resp.Diagnostics)
			r.run.paidMeanwhile(a.name(), state.OrderID.ValueString(), state.name())
		}
	}
}

func (r *invoiceResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var identity invoiceIdentity
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
	} else {
		gatewayName, id, _ := strings.Cut(req.ID, "/")
		identity = invoiceIdentity{types.StringValue(gatewayName), types.StringValue(id)}
	}
	if !slices.Contains(namesOf(r.adapters), identity.Gateway.ValueString()) || identity.ID.ValueString() == "" {
		resp.Diagnostics.AddError("Not the id of an invoice",
			fmt.Sprintf("The import id is %q. It must be <gateway>/<id>, with one of the gateways %s, such as \"paykeeper/20261122101500123\".", req.ID, quoted(namesOf(r.adapters))))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("gateway"), identity.Gateway)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), identity.ID)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.Diagnostics.Append(writeFlag(ctx, resp.Private, privateImported, true)...)
}
