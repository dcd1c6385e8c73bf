package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

var _ datasource.DataSourceWithValidateConfig = (*historyDataSource)(nil)

// historyDataSource is every invoice of a period, whoever issued it.
type historyDataSource struct {
	readers []gateway.HistoryReader
	run     *ledger.Run
}

func newHistoryDataSource() datasource.DataSource {
	return &historyDataSource{readers: gateway.Select[gateway.HistoryReader](unconfigured)}
}

func (d *historyDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_history"
}

func (d *historyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	day := func(about string) schema.StringAttribute {
		return schema.StringAttribute{
			Optional: true, Validators: []validator.String{attributes.IsDayOrMoment()},
			MarkdownDescription: aboutDay(about, d.readers),
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Every invoice of a period, with totals by status, in one shape for the gateways " + attributes.Quoted(gateway.Names(d.readers)) + ". " +
			"All pages are read. Nothing is missed or listed twice when the history changes meanwhile, " +
			"and a period that is too large for IntellectMoney is read in parts.\n\n" +
			"Source: «JSON API PayKeeper», sections 3.2 (list) and 3.3 (listcount); IntellectMoney, «Получение списка СКО» (getInvoicesHistory).",
		Attributes: map[string]schema.Attribute{
			"gateway": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "The gateway: " + attributes.Quoted(gateway.Names(d.readers)) + ".",
				Validators:          []validator.String{stringvalidator.OneOf(gateway.Names(d.readers)...)},
			},
			"created_after":  day("The first day of the period:"),
			"created_before": day("Its last day:"),
			"statuses": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Only invoices with one of these statuses. The history of each gateway can show: " + aboutStatuses(d.readers) + ".",
			},
			"limit": schema.Int64Attribute{
				Optional: true, MarkdownDescription: "The maximum number of invoices to return; all when unset. `total_count` counts all of them anyway.",
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"offset": schema.Int64Attribute{
				Optional: true, MarkdownDescription: "How many of the newest invoices to skip.",
				Validators: []validator.Int64{int64validator.AtLeast(0)},
			},
			"invoices": schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: "The invoices, newest first.",
				NestedObject: sharedObject(historyRowSchema()),
			},
			"operation_id": attributes.LookedUpText("The gateway's name for its answer, the last one where the history came in several: its support asks for it. " +
				"Another one in every read. IntellectMoney only (`OperationId`), if it gives one; null unless `intellectmoney.details` is true."),
			"total_count": schema.Int64Attribute{Computed: true, MarkdownDescription: "The number of invoices that match, regardless of `limit` and `offset`."},
			"count_by_status": schema.MapAttribute{
				Computed: true, ElementType: types.Int64Type,
				MarkdownDescription: "The number of returned invoices, by status.",
			},
			"amount_by_status": schema.MapAttribute{
				Computed: true, ElementType: attributes.DecimalType{},
				MarkdownDescription: "The exact sum of the `amount`s of the returned invoices, by status, with two decimals.",
			},
		},
	}
	for _, r := range d.readers {
		if own, ok := r.(gateway.HistoryFilterer); ok {
			resp.Schema.Attributes[r.Name()] = own.FilterSchema()
		}
	}
}

func (d *historyDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		d.readers, d.run = gateway.Select[gateway.HistoryReader](data.gateways), data.run
	}
}

func (d *historyDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config historyModel
	resp.Diagnostics.Append(gateway.Read(ctx, req.Config, &config, &config.Filters)...)
	r, isSelected := gateway.Named(d.readers, config.Gateway.ValueString())
	if !isSelected || resp.Diagnostics.HasError() {
		return
	}
	config.check(ctx, r, &resp.Diagnostics)
}

// check finds what this gateway's history cannot answer. Values may be unknown.
func (m *historyModel) check(ctx context.Context, r gateway.HistoryReader, diags *diag.Diagnostics) {
	m.historySelection.check(r, diags)
	for name, filter := range m.Filters {
		if name != r.Name() && !filter.IsNull() {
			diags.AddAttributeError(path.Root(name), "The filter belongs to another gateway",
				fmt.Sprintf("Attribute %s selects invoices of that gateway, and gateway is %q. Leave it out.", name, r.Name()))
		}
	}
	if own, ok := r.(gateway.HistoryFilterer); ok {
		own.CheckFilter(ctx, m.Filters[r.Name()], diags)
	}
}

func (d *historyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model historyModel
	resp.Diagnostics.Append(gateway.Read(ctx, req.Config, &model, &model.Filters)...)
	if resp.Diagnostics.HasError() {
		return
	}
	r, _ := gateway.Named(d.readers, model.Gateway.ValueString())
	model.check(ctx, r, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !r.LookUp(req, resp) {
		if !resp.Diagnostics.HasError() && resp.Deferred == nil {
			d.run.NoteEmptyHistory()
			model.show([]gateway.HistoryRow{})
			resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, &model, model.Filters)...)
		}
		return
	}
	query := model.query(ctx, r, &resp.Diagnostics)
	query.Filter = model.Filters[r.Name()]
	history, err := r.ReadHistory(ctx, query, &resp.Diagnostics)
	if err != nil {
		gateway.FailedCall{Attempt: "read the history of " + r.Name()}.Report(&resp.Diagnostics, err)
		return
	}
	rows := history.Rows
	if several := currencies(rows); len(several) > 1 {
		resp.Diagnostics.AddWarning("The history has several currencies",
			fmt.Sprintf("They are %s: amount_by_status adds up numbers of different money.", strings.Join(several, ", ")))
	}
	if without := withoutAmount(rows); len(without) > 0 {
		resp.Diagnostics.AddWarning("Some invoices have no amount",
			fmt.Sprintf("The gateway gives %d of the invoices no amount that can be read, such as %s. They are listed and counted; amount_by_status leaves them out.",
				len(without), without[0]))
	}
	model.OperationID = history.OperationID
	model.show(rows)
	resp.Diagnostics.Append(gateway.Write(ctx, &resp.State, &model, model.Filters)...)
}
