package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

var (
	_ list.ListResourceWithConfigure      = (*invoiceList)(nil)
	_ list.ListResourceWithValidateConfig = (*invoiceList)(nil)
)

// invoiceList finds invoices that exist, whoever issued them, so that they can be imported.
type invoiceList struct{ listers []gateway.InvoiceLister }

func newInvoiceList() list.ListResource {
	return &invoiceList{gateway.Select[gateway.InvoiceLister](unconfigured)}
}

// defaultLimit is Terraform's own, for a client that sends none.
const defaultLimit = 100

func (l *invoiceList) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_invoice"
}

func (l *invoiceList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	day := func(about string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional: true, Validators: []validator.String{attributes.IsDayOrMoment()},
			MarkdownDescription: aboutDay(about, l.listers),
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds the invoices of a gateway, whoever issued them, newest first, with the identities to import them by: for `terraform query`, " +
			"which Terraform has since 1.14. OpenTofu and older versions of Terraform find the same with the data source `invoice_history`.\n\n" +
			"A name has the order, the payer and the amount. The pages of the gateway are read one by one, and no more of them than `limit` needs, which is 100 unless it is set. " +
			"With `include_resource` or `-generate-config-out`, a few invoices are also read by their ids, to see that the list shows all that an import takes. " +
			"An invoice that shows as expired before its time was revoked, and cannot be imported: it is left out, with a warning. " +
			"PayKeeper lists no invoices with the status `created`, which were never sent: import these by their ids.\n\n" +
			"Source: «JSON API PayKeeper», sections 3.1 (byid) and 3.2 (list).",
		Attributes: map[string]schema.Attribute{
			"gateway": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The gateway, one of those that list their invoices: " + attributes.Quoted(gateway.Names(l.listers)) + ".",
				Validators:          []validator.String{stringvalidator.OneOf(gateway.Names(l.listers)...)},
			},
			"statuses": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Only invoices with one of these statuses. The list of each gateway can show: " + aboutStatuses(l.listers) + ".",
			},
			"created_after":  day("The first day of the period:"),
			"created_before": day("Its last day:"),
		},
	}
}

func (l *invoiceList) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		l.listers = gateway.Select[gateway.InvoiceLister](data.gateways)
	}
}

func (l *invoiceList) ValidateListResourceConfig(ctx context.Context, req list.ValidateConfigRequest, resp *list.ValidateConfigResponse) {
	var config historySelection
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if lister, isSelected := gateway.Named(l.listers, config.Gateway.ValueString()); isSelected && !resp.Diagnostics.HasError() {
		config.check(lister, &resp.Diagnostics)
	}
}

func (l *invoiceList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config historySelection
	diags := req.Config.Get(ctx, &config)
	lister, isSelected := gateway.Named(l.listers, config.Gateway.ValueString())
	if !isSelected || diags.HasError() || !lister.Ready(&diags) {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	config.check(lister, &diags)
	query := config.query(ctx, lister, &diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	left := req.Limit
	if left <= 0 {
		left = defaultLimit
	}
	stream.Results = func(push func(list.ListResult) bool) {
		for shown, err := range lister.ListInvoices(ctx, query, req.IncludeResource) {
			result := listInvoice(ctx, req, lister, shown, err)
			if result.Identity != nil {
				left--
			}
			if !push(result) || left == 0 {
				return
			}
		}
	}
}

// listInvoice is what Terraform is told of one invoice. What cannot be imported is a warning,
// since Terraform shows nothing at all of a list with an error.
func listInvoice(ctx context.Context, req list.ListRequest, a gateway.InvoiceAdapter, shown *gateway.ShownInvoice, err error) list.ListResult {
	if shown == nil {
		var diags diag.Diagnostics
		gateway.FailedCall{Attempt: "list the invoices of " + a.Name()}.Report(&diags, err)
		return list.ListResult{Diagnostics: diags}
	}
	model, diags := newImportedInvoice(ctx, req, a, shown)
	if diags.HasError() {
		return list.ListResult{Diagnostics: diags}
	}
	name, why := invoiceName(&model.Invoice), shown.Gone
	if err != nil {
		why = err.Error()
	}
	if why != "" {
		diags.AddWarning("An invoice is left out", fmt.Sprintf("The %s cannot be imported: %s.", name, why))
		return list.ListResult{Diagnostics: diags}
	}
	result := req.NewListResult(ctx)
	result.DisplayName = model.displayName()
	result.Diagnostics.Append(result.Identity.Set(ctx, model.Identity())...)
	if req.IncludeResource {
		model.writeListed(ctx, a, &result)
	}
	return result
}
