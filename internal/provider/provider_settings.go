package provider

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/time/rate"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

const (
	defaultMaxRetries     = 4
	defaultRequestTimeout = 30 * time.Second
	defaultMaxWait        = 5 * time.Minute
	// minPatience is for proxies that wait less long than their gateways work.
	minPatience       = 30 * time.Second
	maxAllowedRetries = 20
	minRate           = 0.01 // one request in 100 seconds
)

func (p *invoiceProvider) transportConfig(config providerModel, diags *diag.Diagnostics) transport.Config {
	common := transport.Config{
		ReadOnly:       readOnlySetting(config.ReadOnly, diags),
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
		fromEnvironment("max_retries", fmt.Sprintf("a whole number from 0 to %d", maxAllowedRetries), func(text string) bool {
			retries, err := strconv.Atoi(text)
			common.MaxRetries = retries
			return err == nil && retries >= 0 && retries <= maxAllowedRetries
		})
	} else if !config.MaxRetries.IsUnknown() {
		common.MaxRetries = int(config.MaxRetries.ValueInt64())
	}
	if config.RequestsPerSecond.IsNull() {
		fromEnvironment("requests_per_second", "a number of at least 0.01", func(text string) bool {
			number, err := strconv.ParseFloat(text, 64)
			common.RequestsPerSecond = rate.Limit(number)
			return err == nil && number >= minRate && !math.IsInf(number, 1)
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

// boolSetting reads one that is true or false, and true by default. One that is not known
// yet has its default until it is.
func boolSetting(attribute string, configured types.Bool, diags *diag.Diagnostics) bool {
	switch {
	case configured.IsUnknown():
		return true
	case configured.IsNull():
		return boolFromEnvironment(attribute, true, diags)
	}
	return configured.ValueBool()
}

func boolFromEnvironment(attribute string, standard bool, diags *diag.Diagnostics) bool {
	value := standard
	fromEnvironment(attribute, "true or false", func(text string) bool {
		parsed, err := strconv.ParseBool(text)
		value = parsed
		return err == nil
	}, diags)
	return value
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
