// Command invoice-doctor asks the gateways of the environment, with what changes nothing, whether
// the provider can work with them, and which dialect they speak.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/invoice-iac/terraform-provider-invoice/internal/doctor"
)

// version is set by the release.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run returns the exit status: 0 if all works, and 1 if something would not.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	options, asJSON, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	var report *doctor.Report
	if err == nil {
		report, err = doctor.Run(ctx, options)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "invoice-doctor:", err)
		return 1
	}
	if asJSON {
		encoder := json.NewEncoder(stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(report)
	} else {
		err = report.WriteTable(stdout)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "invoice-doctor:", err)
		return 1
	}
	if !report.IsHealthy() {
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (options doctor.Options, asJSON bool, err error) {
	options.Version = version
	flags := flag.NewFlagSet("invoice-doctor", flag.ContinueOnError)
	flags.SetOutput(stderr)
	list := func(into *[]string, name, usage string) {
		flags.Func(name, usage+"; may be repeated", func(text string) error {
			if text == "" {
				return errors.New("it must not be empty")
			}
			*into = append(*into, text)
			return nil
		})
	}
	flags.BoolVar(&asJSON, "json", false, "print JSON instead of a table")
	list(&options.Gateways, "gateway", "the `name` of a gateway to ask (invoice, paykeeper, p2p, intellectmoney) instead of all that are configured")
	list(&options.Aliases, "alias", "the `alias` of a terminal to look at")
	list(&options.Payments, "payment", "the `id` of a payment to look at (Invoice API v2, PayKeeper), or its order id (Invoice API v2)")
	list(&options.Refunds, "refund", "the `id` of a refund to look at (Invoice API v2)")
	list(&options.Invoices, "invoice", "the `id` of an invoice to look at (PayKeeper, P2P, IntellectMoney), or its internal id (P2P)")
	flags.Usage = func() {
		_, _ = fmt.Fprintln(stderr, "Usage of invoice-doctor:")
		flags.PrintDefaults()
		_, _ = fmt.Fprintln(stderr, "\nIt reads the provider's environment variables, asks each gateway that has one, and changes nothing there.\n"+
			"An id with a gateway's name in front (paykeeper/700001) is looked for at that gateway alone.\n"+
			"The exit status is 1 when something would not work, or the command line is wrong.")
	}
	if err = flags.Parse(args); err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return options, asJSON, err
}
