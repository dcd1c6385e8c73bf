// Package provider is what Terraform sees: the provider block, resources, data sources, ephemeral
// resources, lists, actions and functions. It speaks to the gateways through internal/client.
package provider

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

var (
	_ provider.ProviderWithFunctions          = (*invoiceProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*invoiceProvider)(nil)
	_ provider.ProviderWithListResources      = (*invoiceProvider)(nil)
	_ provider.ProviderWithActions            = (*invoiceProvider)(nil)
)

func newProvider(version string) *invoiceProvider {
	p := &invoiceProvider{
		version: version, waitMin: 500 * time.Millisecond, waitMax: 15 * time.Second, settleTime: 2 * time.Minute, stopGrace: 4 * time.Second,
	}
	p.hurry()
	return p
}

type invoiceProvider struct {
	version string
	// waitMin and waitMax bound the pause before a repetition; tests shorten them.
	waitMin, waitMax time.Duration
	// settleTime is how long a gateway may go on working on a request that was cut
	// off; tests shorten it.
	settleTime time.Duration
	// stopGrace is for how long after a stop what creates or moves something is still
	// waited for; tests that have none end it at once.
	stopGrace time.Duration
	// maxWait is a time.Duration, set whenever the provider is configured.
	maxWait atomic.Int64
	// leavesPaid is refresh_paid = false, set whenever the provider is configured.
	leavesPaid atomic.Bool
	// patience is how long a gateway may go on working on a request whose answer was
	// lost; 0 is as long as an answer may take, and minPatience at least. Tests
	// shorten it.
	patience time.Duration
	// data is what resources get. It is set whenever the provider is configured.
	data atomic.Pointer[providerData]
}

type providerModel struct {
	MaxRetries        types.Int64   `tfsdk:"max_retries"`
	RequestTimeout    types.String  `tfsdk:"request_timeout"`
	RequestsPerSecond types.Float64 `tfsdk:"requests_per_second"`
	MaxWait           types.String  `tfsdk:"max_wait"`
	AdoptExisting     types.Bool    `tfsdk:"adopt_existing"`
	RefreshPaid       types.Bool    `tfsdk:"refresh_paid"`
	ReadOnly          types.Bool    `tfsdk:"read_only"`

	MaxOutgoing attributes.Decimal `tfsdk:"max_outgoing"`
}

func (p *invoiceProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "invoice"
	resp.Version = p.version
}

func (p *invoiceProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Terminals, payment links, invoices and refunds of four payment gateways used in Russia. " +
			"Configure the gateways you use; every setting can also come from an environment variable.",
		Attributes: map[string]schema.Attribute{
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How many times a call is repeated after its first attempt (default %d). Calls that create or move money "+
					"are repeated only when they provably did not happen. Environment: `INVOICE_MAX_RETRIES`.", defaultMaxRetries),
				Validators: []validator.Int64{int64validator.Between(0, maxAllowedRetries)},
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The maximum duration of one attempt, such as `30s` (the default) or `1m30s`. " +
					"Environment: `INVOICE_REQUEST_TIMEOUT`.",
				Validators: []validator.String{attributes.IsDuration()},
			},
			"max_wait": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The maximum duration of one operation with all its calls, repetitions, pauses and look-ups, such as `5m` (the default): " +
					"creating, reading, updating or deleting one resource, reading one data source, planning or invoking one action, " +
					"reading one list as a whole, or opening one ephemeral resource. Waiting because of `requests_per_second` does not count. " +
					"Environment: `INVOICE_MAX_WAIT`.",
				Validators: []validator.String{attributes.IsDuration()},
			},
			// A rate, not money: no amount is ever a float.
			"requests_per_second": schema.Float64Attribute{
				Optional: true,
				MarkdownDescription: "The maximum number of requests per second to each gateway, over all resources (default: no limit). " +
					"Environment: `INVOICE_REQUESTS_PER_SECOND`.",
				Validators: []validator.Float64{float64validator.AtLeast(minRate)},
			},
			"adopt_existing": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to adopt a terminal, an open payment or an open P2P invoice that already exists under the same alias or `order_id` and is the same " +
					"as in the configuration, with a warning (default `true`). With `false`, it is an error that prints an `import` block. " +
					"Set it to `false` where a destroy must not close what somebody else manages: in previews, in `terraform test`, and where a second state " +
					"describes the same orders. Environment: `INVOICE_ADOPT_EXISTING`.",
			},
			"refresh_paid": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether to read payment links and invoices that were paid again (default `true`). With `false`, what `paid = true` in the state marks as paid stays " +
					"as it is, without a call, so that thousands of paid ones cost a plan next to nothing. Terraform then does not notice when one is refunded, disputed or changed " +
					"at the gateway, or is gone there; the data sources show it. Payouts, refunds, imports and what is not paid yet are always read. " +
					"Environment: `INVOICE_REFRESH_PAID`.",
			},
			"read_only":    readOnlySchema(),
			"max_outgoing": maxOutgoingSchema(),
		},
	}
	for _, g := range unconfigured {
		resp.Schema.Attributes[g.Name()] = gateway.SettingsSchema(g)
	}
}

func (p *invoiceProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	var blocks gateway.Objects
	resp.Diagnostics.Append(gateway.Read(ctx, req.Config, &config, &blocks)...)
	if resp.Diagnostics.HasError() {
		return
	}
	run := p.newRun(config, &resp.Diagnostics)
	data := &providerData{gateways: newGateways(), run: run.Ledger, adoption: run.Adoption}
	for _, g := range data.gateways {
		g.Configure(gateway.ReadSettings(g, blocks[g.Name()], &resp.Diagnostics), run)
	}
	p.data.Store(data)
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.EphemeralResourceData = data
	resp.ListResourceData = data
	resp.ActionData = data
}

// newRun reads all settings but those of the gateways.
func (p *invoiceProvider) newRun(config providerModel, diags *diag.Diagnostics) gateway.Run {
	run := gateway.Run{
		Transport: p.transportConfig(config, diags),
		Ledger:    ledger.NewRun(p.settleTime),
		Adoption:  ledger.Adoption{IsForbidden: !boolSetting("adopt_existing", config.AdoptExisting, diags)},
	}
	limitOutgoing(run.Ledger, config.MaxOutgoing, diags)
	p.maxWait.Store(int64(durationSetting("max_wait", config.MaxWait, defaultMaxWait, diags)))
	p.leavesPaid.Store(!boolSetting("refresh_paid", config.RefreshPaid, diags))
	return run
}

func (p *invoiceProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newTerminalResource, newPaymentLinkResource, newInvoiceResource, newRefundResource}
}

func (p *invoiceProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newTerminalDataSource, newPaymentDataSource, newInvoiceDataSource, newHistoryDataSource, newRefundDataSource}
}

func (p *invoiceProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{newPayKeeperTokenEphemeral, newIntellectMoneyUserTokenEphemeral}
}

func (p *invoiceProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{newInvoiceList}
}

func (p *invoiceProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{newSendAction, newCloseAction, newRefundAction}
}

func (p *invoiceProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		newReceiptLineFunction, newReceiptTotalFunction, newDeclineReasonFunction, newQRSVGFunction, newQRPNGFunction, newWithPaymentSystemFunction,
	}
}
