// Package doctor finds out whether the provider can work with the gateways of the environment, and
// which dialect each of them speaks. It asks only what changes nothing, through the provider's own
// clients, and prints neither secrets nor payers.
package doctor

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/paykeeper"
)

// Options choose what is looked at.
type Options struct {
	Version string
	// Gateways are asked; none means all that have a setting in the environment.
	Gateways []string
	// Objects to look at. With "paykeeper/" or another gateway's name in front, only that one is
	// asked for it, else each that may have it.
	Aliases, Payments, Invoices, Refunds []string
}

// maxRetries is how often a call is repeated: a doctor has to see what fails.
const maxRetries = 1

// Run asks the gateways. The error is about the options; all else is in the report.
func Run(ctx context.Context, options Options) (*Report, error) {
	var diags diag.Diagnostics
	all, _ := provider.FromEnvironment(options.Version, &diags)
	if err := options.check(all); err != nil {
		return nil, err
	}
	report := &Report{Checks: []Check{}}
	for _, problem := range diags {
		report.Checks = append(report.Checks, Check{"provider", "settings", "wrong", Error, problem.Summary() + ": " + problem.Detail()})
	}
	for _, g := range all {
		isChosen := slices.Contains(options.Gateways, g.Name())
		if isChosen || len(options.Gateways) == 0 && isMentioned(g) {
			report.Checks = append(report.Checks, visitGateway(ctx, &options, g.Name(), allSecrets(all))...)
		}
	}
	if len(report.Checks) == 0 {
		var settings []string
		for _, g := range all {
			names, _ := gateway.Variables(g)
			settings = append(settings, fmt.Sprintf("%s: %s", g.Name(), strings.Join(names, ", ")))
		}
		report.Checks = append(report.Checks, Check{"provider", "settings", "missing", Error,
			"No gateway is configured. Set the environment variables of one: " + strings.Join(settings, "; ") + "."})
	}
	return report, nil
}

func (o *Options) check(all []gateway.Gateway) error {
	for _, name := range o.Gateways {
		if _, isThere := gateway.Named(all, name); !isThere {
			return fmt.Errorf("-gateway %q: allowed are %s", name, strings.Join(gateway.Names(all), ", "))
		}
	}
	return nil
}

// isMentioned reports whether the environment has a setting of a gateway.
func isMentioned(g gateway.Gateway) bool {
	names, _ := gateway.Variables(g)
	return slices.ContainsFunc(names, func(name string) bool { return os.Getenv(name) != "" })
}

// connect makes the gateway of a name with settings from the environment alone. It can change
// nothing: its client sends no call that is not known to read.
func (v *visit) connect(name string, diags *diag.Diagnostics) gateway.Gateway {
	var common diag.Diagnostics // Run has reported it
	all, run := provider.FromEnvironment(v.options.Version, &common)
	g, _ := gateway.Named(all, name)
	v.timeout = run.Transport.RequestTimeout
	run.Transport.ReadOnly = "invoice-doctor"
	run.Transport.MaxRetries = min(run.Transport.MaxRetries, maxRetries)
	run.Transport.UserAgent = "invoice-doctor/" + v.options.Version
	run.Transport.Log = nil
	run.Transport.Observe = v.seen.observe
	g.Configure(gateway.ReadSettings(g, types.ObjectNull(nil), diags), run)
	g.MustHaveSettings(diags)
	return g
}

// visitGateway asks one gateway.
func visitGateway(ctx context.Context, options *Options, name string, secrets []string) []Check {
	var diags diag.Diagnostics
	v := &visit{options: options, seen: &observer{}, secrets: secrets, reasons: map[string]string{}, found: map[string]Check{}}
	v.gateway = v.connect(name, &diags)
	for _, problem := range diags {
		v.add("settings", "wrong", Error, problem.Summary()+": "+problem.Detail())
	}
	if diags.HasError() {
		return v.checks
	}
	switch g := v.gateway.(type) {
	case *invoiceapi.Gateway:
		v.points = invoicePoints
		v.askInvoice(ctx, g.Client)
	case *paykeeper.Gateway:
		v.points = payKeeperPoints
		v.askPayKeeper(ctx, g.Client)
	case *p2p.Gateway:
		v.points = p2pPoints
		v.askP2P(ctx, g.Client)
	case *intellectmoney.Gateway:
		v.points = intellectMoneyPoints
		v.askIntellectMoney(ctx, g.Client)
	}
	return slices.Concat(v.connectionChecks(), v.checks, v.dialectChecks())
}

// allSecrets are the values of all secret settings, and the Basic credentials that go with them.
func allSecrets(all []gateway.Gateway) (secrets []string) {
	for _, g := range all {
		names, isSecret := gateway.Variables(g)
		for _, name := range names {
			if value := os.Getenv(name); value != "" && isSecret[name] {
				secrets = append(secrets, value)
			}
		}
	}
	for user, password := range map[string]string{"INVOICE_MERCHANT_ID": "INVOICE_API_KEY", "INVOICE_PAYKEEPER_LOGIN": "INVOICE_PAYKEEPER_PASSWORD"} {
		secrets = append(secrets, base64.StdEncoding.EncodeToString([]byte(os.Getenv(user)+":"+os.Getenv(password))))
	}
	return secrets
}
