package provider

import (
	"context"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

var (
	_ resource.ResourceWithConfigure      = (*terminalResource)(nil)
	_ resource.ResourceWithIdentity       = (*terminalResource)(nil)
	_ resource.ResourceWithImportState    = (*terminalResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*terminalResource)(nil)
	_ resource.ResourceWithMoveState      = (*terminalResource)(nil)
	_ resource.ResourceWithUpgradeState   = (*terminalResource)(nil)
	_ resource.ResourceWithValidateConfig = (*terminalResource)(nil)
)

// terminalResource is a payment page that stays. The API creates and shows
// terminals; it neither changes nor deletes them.
type terminalResource struct{ invoiceAPIResource }

func newTerminalResource() resource.Resource { return &terminalResource{} }

func (r *terminalResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_terminal"
}

func (r *terminalResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"alias": identityschema.StringAttribute{RequiredForImport: true, Description: "The terminal's alias."},
	}}
}

func (r *terminalResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Version: 1,
		MarkdownDescription: "A terminal of Invoice API v2: a payment page that stays, for a branch, a till or a purpose. " +
			"A static one is a page with one fixed amount that many people pay; for one order that is paid once, use `invoice_payment_link`.\n\n" +
			"The gateway offers no way to change or delete a terminal. A change in the configuration is therefore an error in the plan, " +
			"and destroying only forgets the terminal, with a warning. A terminal that already exists under the alias is adopted when it is the same, with a warning; " +
			"the provider setting `adopt_existing = false` makes that an error. Another terminal under the alias than the one in the state is an error, too.\n\n" +
			aboutMoved("alias") + " A state that holds no alias cannot be moved: import the terminal by its alias.\n\n" +
			"Source: Invoice API guide, sections 7.2.1 (CreateTerminal) and 7.2.2 (GetTerminal).",
		Blocks: timeoutsBlock(ctx),
		Attributes: map[string]schema.Attribute{
			"alias": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The terminal's unique name among those of the merchant, 1 to 50 characters. Changing it creates another terminal.",
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, 50), attributes.IsNotSpaces()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The name shown on the payment page; 1 to 50 characters.",
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, 50), attributes.IsNotSpaces()},
			},
			"description": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "A description, shown on the payment page; 1 to 200 characters. The gateway may rewrite it.",
				Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, 200)},
			},
			"type": schema.StringAttribute{
				Optional: true,
				Computed: true,
				MarkdownDescription: "`static`: every payment has the same amount, `default_price`. `dynamic`: amounts vary. " +
					"The gateway decides when unset.",
				Validators:    []validator.String{stringvalidator.OneOf(invoiceapi.TerminalStatic, invoiceapi.TerminalDynamic)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"logo": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The URL of a picture of at least 200 × 200 pixels, or its path on the gateway's server. " +
					"The gateway never returns it.",
				Validators: []validator.String{attributes.IsLogo()},
			},
			"default_price": schema.StringAttribute{
				Optional:            true,
				CustomType:          attributes.DecimalType{},
				MarkdownDescription: "The amount of a payment when none is given: a positive decimal with at most two decimals.",
				Validators:          []validator.String{attributes.IsAmount()},
				PlanModifiers:       []planmodifier.String{attributes.KeepEqualDecimal()},
			},
			"can_comments": schema.BoolAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Whether a payer may leave a comment. The gateway decides when unset.",
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"id":  attributes.ComputedText("The terminal's id, for `terminal_id` of a payment link."),
			"url": attributes.ComputedText("The address of the payment page."),
		},
	}
}

func (r *terminalResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config terminalModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if config.Type.ValueString() == invoiceapi.TerminalStatic && config.DefaultPrice.IsNull() {
		resp.Diagnostics.AddAttributeWarning(path.Root("default_price"), "A static terminal has no default_price",
			"A static terminal takes payments of one fixed amount, and default_price says which. Without it the page has nothing to charge.")
	}
}

func (r *terminalResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return stateUpgraders(keep)
}

func (r *terminalResource) MoveState(context.Context) []resource.StateMover {
	return moved{what: "terminal", calls: []string{"CreateTerminal", "GetTerminal"}, key: "alias"}.movers()
}

func (r *terminalResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model terminalModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	unlock, err := r.run.Lock(ctx, terminalKind, model.Alias.ValueString())
	if err != nil {
		gateway.FailedCall{Attempt: "create the terminal"}.Report(&resp.Diagnostics, err)
		return
	}
	defer unlock()
	terminal := r.getOrCreate(ctx, &model, &resp.Diagnostics)
	if terminal == nil {
		return
	}
	model.applyRemote(terminal)
	terminalArguments.FillUnknown(&model, terminal)
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	var known remote.Memory
	terminalArguments.Remember(terminal, &known)
	resp.Diagnostics.Append(terminalArguments.Write(ctx, &model, known, resp.Private)...)
}

func (r *terminalResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model terminalModel
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, model.identity())...)
	if resp.Diagnostics.HasError() || !r.gateway.Refresh(model.ID.IsNull(), &resp.Diagnostics) {
		return
	}
	alias := model.Alias.ValueString()
	terminal, err := r.client.FindTerminal(ctx, alias)
	if err != nil {
		gateway.FailedCall{Attempt: fmt.Sprintf("read terminal %q", alias)}.Report(&resp.Diagnostics, err)
		return
	}
	before, known, importing := model, terminalArguments.Read(ctx, &model, req.Private), model.ID.IsNull()
	switch {
	case terminal == nil:
		remote.ReportGone(ctx, importing, resp, fmt.Sprintf("terminal %q", alias), "the gateway knows no terminal with this alias")
		return
	case importing:
		terminalArguments.Import(&model, terminal)
		terminalArguments.Remember(terminal, &known)
		resp.Diagnostics.Append(terminalArguments.Write(ctx, &model, known, resp.Private)...)
	case !values.SameID(model.ID.ValueString(), string(terminal.ID)):
		resp.Diagnostics.AddError("The gateway shows another terminal", otherTerminal(alias, model.ID.ValueString(), string(terminal.ID)))
		return
	default:
		if drifts := terminalArguments.Drifts(&model, terminal, &known); len(drifts) > 0 {
			resp.Diagnostics.AddWarning("A terminal was changed at the gateway",
				fmt.Sprintf("Terminal %q:\n%s\nThe API cannot change it back, so nothing is planned. The data source invoice_terminal shows what the gateway has.",
					alias, remote.Listed(drifts)))
		}
	}
	if model.applyRemote(terminal); !reflect.DeepEqual(before, model) {
		resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
	}
}

// otherTerminal is no drift: every payment link has the terminal's id, and would
// be issued again.
func otherTerminal(alias, applied, shown string) string {
	return fmt.Sprintf("The state has terminal %s under the alias %q, and the gateway answers with terminal %s. Nothing was changed: "+
		"another terminal_id would replace every payment link of this one. Ask the gateway's support which of the two is yours. Then either:\n"+
		"- wait until the gateway answers with %s again; or\n"+
		"- take the other one: "+ledger.StateRm+", and import it; the next plan shows what becomes of the links:\n\n"+
		"import {\n  to = invoice_terminal.NAME\n  id = %q\n}", applied, alias, shown, applied, alias)
}

// Update calls nothing: it only happens after an import, to take from the
// configuration what the gateway never gives back.
func (r *terminalResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	terminalArguments.Update(ctx, (*terminalModel).identity, req, resp)
}

func (r *terminalResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state terminalModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	r.run.NoteAdopted(terminalKind, state.ID.ValueString())
	if !ledger.HasDestroyMark(ctx, req.Private) { // otherwise the plan has warned
		r.warnStays(&state, &resp.Diagnostics)
	}
}

func (r *terminalResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	resource.ImportStatePassthroughWithIdentity(ctx, path.Root("alias"), path.Root("alias"), req, resp)
	resp.Diagnostics.Append(remote.WriteImported(ctx, resp.Private)...)
}
