// Package provider is what Terraform sees: the provider block, resources and
// data sources. It speaks to the gateways through internal/client.
package provider

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/time/rate"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

const (
	defaultMaxRetries     = 4
	defaultRequestTimeout = 30 * time.Second
	defaultMaxWait        = 5 * time.Minute
	// minPatience is for proxies that wait less long than their gateways work.
	minPatience = 30 * time.Second
	mostRetries = 20
	leastRate   = 0.01 // one request in 100 seconds
)

var _ provider.Provider = (*invoiceProvider)(nil)

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
	// patience is how long a gateway may go on working on a request whose answer was
	// lost; 0 is as long as an answer may take, and minPatience at least. Tests
	// shorten it.
	patience time.Duration
	// run is set whenever the provider is configured.
	run atomic.Pointer[ledger.Run]
}

type providerModel struct {
	Invoice           types.Object  `tfsdk:"invoice"`
	PayKeeper         types.Object  `tfsdk:"paykeeper"`
	IntellectMoney    types.Object  `tfsdk:"intellectmoney"`
	P2P               types.Object  `tfsdk:"p2p"`
	MaxRetries        types.Int64   `tfsdk:"max_retries"`
	RequestTimeout    types.String  `tfsdk:"request_timeout"`
	RequestsPerSecond types.Float64 `tfsdk:"requests_per_second"`
	MaxWait           types.String  `tfsdk:"max_wait"`
	AdoptExisting     types.Bool    `tfsdk:"adopt_existing"`
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
			"invoice":        invoiceSettingsSchema(),
			"paykeeper":      paykeeperSettingsSchema(),
			"intellectmoney": intellectmoneySettingsSchema(),
			"p2p":            p2pSettingsSchema(),
			"max_retries": schema.Int64Attribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How often a call is repeated after its first attempt (default %d). Calls that create or move money "+
					"are repeated only when they provably did not happen. Environment: `INVOICE_MAX_RETRIES`.", defaultMaxRetries),
				Validators: []validator.Int64{int64validator.Between(0, mostRetries)},
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one attempt may take, as a duration such as `30s` (the default) or `1m30s`. " +
					"Environment: `INVOICE_REQUEST_TIMEOUT`.",
				Validators: []validator.String{attributes.IsDuration()},
			},
			"max_wait": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one operation may take, with all its calls, repetitions, pauses and look-ups, as a duration such as `5m` (the default): " +
					"one resource that is created, read, updated or deleted, or one data source. Waiting for a turn because of `requests_per_second` does not count. " +
					"Environment: `INVOICE_MAX_WAIT`.",
				Validators: []validator.String{attributes.IsDuration()},
			},
			// A rate, not money: no amount is ever a float.
			"requests_per_second": schema.Float64Attribute{
				Optional: true,
				MarkdownDescription: "The most requests a second to each gateway, over all resources (default: no limit). " +
					"Environment: `INVOICE_REQUESTS_PER_SECOND`.",
				Validators: []validator.Float64{float64validator.AtLeast(leastRate)},
			},
			"adopt_existing": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether a terminal, an open payment or an open P2P invoice that is at the gateway already, under the same alias or `order_id` and the same " +
					"as the configuration asks for, is adopted, with a warning (default `true`). With `false` it is an error that prints a ready `import` block. " +
					"Set it to `false` where destroying must not close what somebody else manages: in previews, in `terraform test`, and wherever a second state " +
					"describes the same orders. Environment: `INVOICE_ADOPT_EXISTING`.",
			},
		},
	}
}

func (p *invoiceProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	common := p.gatewayConfig(config, &resp.Diagnostics)
	data := &providerData{run: ledger.NewRun(p.settleTime), adoption: ledger.Adoption{IsForbidden: !adoptExisting(config.AdoptExisting, &resp.Diagnostics)}}
	p.run.Store(data.run)
	p.maxWait.Store(int64(durationSetting("max_wait", config.MaxWait, defaultMaxWait, &resp.Diagnostics)))
	data.invoice = configureInvoice(config.Invoice, common, &resp.Diagnostics)
	data.paykeeper = configurePayKeeper(config.PayKeeper, common, &resp.Diagnostics)
	data.intellectmoney = configureIntellectMoney(config.IntellectMoney, common, &resp.Diagnostics)
	data.p2p = configureP2P(config.P2P, common, &resp.Diagnostics)
	resp.ResourceData = data
	resp.DataSourceData = data
}

func (p *invoiceProvider) gatewayConfig(config providerModel, diags *diag.Diagnostics) transport.Config {
	common := transport.Config{
		MaxRetries:     defaultMaxRetries,
		RequestTimeout: durationSetting("request_timeout", config.RequestTimeout, defaultRequestTimeout, diags),
		StopGrace:      p.stopGrace,
		WaitMin:        p.waitMin,
		WaitMax:        p.waitMax,
		UserAgent:      "terraform-provider-invoice/" + p.version,
		Log:            logger(),
	}
	fromEnvironment := func(attribute, expected string, parse func(text string) bool) {
		fromEnvironment(attribute, expected, parse, diags)
	}
	if config.MaxRetries.IsNull() {
		fromEnvironment("max_retries", fmt.Sprintf("a whole number from 0 to %d", mostRetries), func(text string) bool {
			retries, err := strconv.Atoi(text)
			common.MaxRetries = retries
			return err == nil && retries >= 0 && retries <= mostRetries
		})
	} else if !config.MaxRetries.IsUnknown() {
		common.MaxRetries = int(config.MaxRetries.ValueInt64())
	}
	if config.RequestsPerSecond.IsNull() {
		fromEnvironment("requests_per_second", "a number of at least 0.01", func(text string) bool {
			number, err := strconv.ParseFloat(text, 64)
			common.RequestsPerSecond = rate.Limit(number)
			return err == nil && number >= leastRate && !math.IsInf(number, 1)
		})
	} else if !config.RequestsPerSecond.IsUnknown() {
		common.RequestsPerSecond = rate.Limit(config.RequestsPerSecond.ValueFloat64())
	}
	common.Patience = p.patience
	if common.Patience == 0 {
		common.Patience = max(common.RequestTimeout, minPatience)
	}
	return common
}

// fromEnvironment reads a setting that is not in the provider block.
func fromEnvironment(attribute, expected string, parse func(text string) bool, diags *diag.Diagnostics) {
	variable := "INVOICE_" + strings.ToUpper(attribute)
	if text := os.Getenv(variable); text != "" && !parse(text) {
		diags.AddAttributeError(path.Root(attribute), "Invalid environment variable",
			fmt.Sprintf("%s=%q: it must be %s. Correct the variable, or set %s in the provider block.", variable, text, expected, attribute))
	}
}

// durationSetting reads one that is a duration. One that is not known yet has its
// default until it is.
func durationSetting(attribute string, configured types.String, standard time.Duration, diags *diag.Diagnostics) time.Duration {
	duration := standard
	parse := func(text string) bool {
		parsed, err := time.ParseDuration(text)
		if err != nil || parsed <= 0 {
			return false
		}
		duration = parsed
		return true
	}
	if configured.IsNull() {
		fromEnvironment(attribute, `a positive duration such as "30s"`, parse, diags)
	} else {
		parse(configured.ValueString()) // the schema has checked it
	}
	return duration
}

// adoptExisting is true unless something else is asked for. While the setting is
// unknown, nothing is created, so nothing is adopted.
func adoptExisting(configured types.Bool, diags *diag.Diagnostics) bool {
	if !configured.IsNull() {
		return configured.ValueBool()
	}
	adopt := true
	fromEnvironment("adopt_existing", "true or false", func(text string) (valid bool) {
		value, err := strconv.ParseBool(text)
		adopt = value
		return err == nil
	}, diags)
	return adopt
}

// logger hands the client's logs over to Terraform's, or is nil when nobody
// asked for logs: masking bodies for nobody costs time.
func logger() transport.LogFunc {
	if os.Getenv("TF_LOG") == "" && os.Getenv("TF_LOG_PROVIDER") == "" && os.Getenv("TF_LOG_PROVIDER_INVOICE") == "" && os.Getenv("TF_ACC_LOG") == "" {
		return nil
	}
	return func(ctx context.Context, level slog.Level, message string, fields map[string]any) {
		if level < transport.LevelDebug {
			tflog.Trace(ctx, message, fields)
			return
		}
		tflog.Debug(ctx, message, fields)
	}
}

func (p *invoiceProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newTerminalResource, newPaymentLinkResource, newInvoiceResource, newRefundResource}
}

func (p *invoiceProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newTerminalDataSource, newPaymentDataSource, newInvoiceDataSource, newHistoryDataSource, newRefundDataSource}
}
