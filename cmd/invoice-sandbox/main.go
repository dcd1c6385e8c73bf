// Command invoice-sandbox serves the imitated payment gateways on a loopback
// address: an API for the provider, and payment pages for a person. No money
// moves.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

func main() {
	stopSignals := []os.Signal{syscall.SIGTERM}
	// A shell starts a background process with Ctrl-C ignored. Ctrl-C is then meant for
	// another program.
	if !signal.Ignored(os.Interrupt) {
		stopSignals = append(stopSignals, os.Interrupt)
	}
	ctx, stop := signal.NotifyContext(context.Background(), stopSignals...)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "invoice-sandbox:", err)
		os.Exit(1)
	}
}

// settings are the command line.
type settings struct {
	addr, urlFile, check string
	dialect              []string
	seedHistory          int
	tls, allowRemote     bool
	options              gateways.Options
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("invoice-sandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.addr, "addr", "127.0.0.1:8085", "`host:port` to listen on, a loopback address; port 0 picks a free one")
	flags.StringVar(&s.options.Database, "db", "invoice-sandbox.db", "SQLite `file` that keeps the state; \"\" or :memory: forgets it at the end")
	flags.Func("dialect", "`name=value` of a point on which the gateways' documents are unclear, see below; may be repeated", func(setting string) error {
		s.dialect = append(s.dialect, setting)
		_, err := gateways.Switches.Parse(setting)
		return err
	})
	flags.DurationVar(&s.options.InvoiceAPI.LinkLifetime, "link-lifetime", 24*time.Hour, "how long a payment can be paid for")
	flags.DurationVar(&s.options.NotificationInterval, "notification-interval", time.Minute, "time between two attempts to deliver a notification, by the sandbox's clock")
	flags.StringVar(&s.options.InvoiceAPI.NotifyAddress, "invoice-notify", "", "`address` on this machine for notifications of Invoice API v2; the page of notifications can set another")
	flags.StringVar(&s.options.PayKeeper.NotifyAddress, "paykeeper-notify", "", "`address` on this machine for notifications of PayKeeper; the page of notifications can set another")
	flags.Func("notify-host", "`name` of a host that notifications may be sent to besides this machine, such as a container's; may be repeated", func(host string) error {
		s.options.NotifyHosts = append(s.options.NotifyHosts, host)
		return nil
	})
	flags.IntVar(&s.options.P2P.Requisites, "p2p-requisites", 0, "the maximum number of P2P deals that wait for a transfer at the same time; 0 is no limit")
	flags.IntVar(&s.options.IntellectMoney.MaxInvoices, "intellectmoney-most-invoices", 0, "the maximum number of invoices in one selection of IntellectMoney, which refuses a larger one; 0 is no limit")
	flags.IntVar(&s.seedHistory, "seed-history", 0, "make up `N` invoices of the last 90 days at PayKeeper and at IntellectMoney each, once in a database's life")
	flags.StringVar(&s.urlFile, "url-file", "", "`file` to write the sandbox's address to once it listens")
	flags.StringVar(&s.options.PublicURL, "public-url", "", "`address` to put in front of links, if not that of the request")
	flags.StringVar(&s.options.Mount, "mount", "", "the `gateway` that answers at the root as well, for clients that know a host only: "+strings.Join(gateways.Names, ", "))
	flags.BoolVar(&s.tls, "tls", false, "serve https, with a certificate that is made and kept beside the database")
	flags.BoolVar(&s.allowRemote, "allow-remote", false, "let -addr be another than a loopback address, for a container whose port is published on loopback; whoever reaches the sandbox can change its state")
	flags.StringVar(&s.check, "check", "", "ask the sandbox that runs at `address` whether it serves, and end, with status 1 if it does not")
	flags.Usage = func() {
		_, _ = fmt.Fprintln(stderr, "Usage of invoice-sandbox:")
		flags.PrintDefaults()
		_, _ = fmt.Fprintln(stderr, "\nDialect, the default first:")
		for _, sw := range gateways.Switches {
			_, _ = fmt.Fprintf(stderr, "  %s=%s\n    \t%s\n", sw.Name, strings.Join(sw.Values, "|"), sw.Doc)
		}
	}
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	switch {
	case flags.NArg() > 0:
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case s.options.InvoiceAPI.LinkLifetime <= 0:
		return s, fmt.Errorf("-link-lifetime %v: must be positive", s.options.InvoiceAPI.LinkLifetime)
	case s.options.NotificationInterval <= 0:
		return s, fmt.Errorf("-notification-interval %v: must be positive", s.options.NotificationInterval)
	case slices.ContainsFunc(s.options.NotifyHosts, isNoHost):
		return s, fmt.Errorf("-notify-host %s: want the names of hosts alone, such as shop or 172.17.0.1", strings.Join(s.options.NotifyHosts, ", "))
	case s.options.P2P.Requisites < 0:
		return s, fmt.Errorf("-p2p-requisites %d: must not be negative", s.options.P2P.Requisites)
	case s.options.IntellectMoney.MaxInvoices < 0:
		return s, fmt.Errorf("-intellectmoney-most-invoices %d: must not be negative", s.options.IntellectMoney.MaxInvoices)
	case s.options.Mount != "" && !slices.Contains(gateways.Names, s.options.Mount):
		return s, fmt.Errorf("-mount %s: allowed are %s", s.options.Mount, strings.Join(gateways.Names, ", "))
	case s.seedHistory < 0:
		return s, fmt.Errorf("-seed-history %d: must not be negative", s.seedHistory)
	}
	s.options.PublicURL = strings.TrimRight(s.options.PublicURL, "/")
	var err error
	s.options.Dialect, err = gateways.Switches.Parse(s.dialect...)
	return s, err
}

// isNoHost reports whether a text is more than the name of a host, or none.
func isNoHost(text string) bool {
	return text == "" || (&url.URL{Host: text}).Hostname() != text && net.ParseIP(text) == nil || strings.ContainsAny(text, "/@? ")
}

// run serves until ctx is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if s.check != "" {
		return s.checkHealth(ctx)
	}
	logger := log.New(stderr, "", log.LstdFlags)
	s.options.ForgetRequests = true
	s.options.OnRequest = func(r sandbox.Request) { logger.Printf("%s %q %s", r.Method, r.Operation, outcome(r)) }
	listener, err := s.listen(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	box, err := gateways.Open(s.options)
	if err != nil {
		return s.explain(err)
	}
	defer func() { _ = box.Close() }()

	if err := seed(stdout, box, s.seedHistory); err != nil {
		return err
	}
	base := "http://" + address(listener)
	if s.tls {
		var files certificateFiles
		var remove func()
		if listener, files, remove, err = s.encrypt(listener); err != nil {
			return err
		}
		defer remove()
		base = "https://" + address(listener)
		announceTLS(stdout, files, base)
	}
	announce(stdout, box, base)
	if s.options.Mount != "" {
		_, _ = fmt.Fprintf(stdout, "%s answers at %s as well as below %s/%s.\n", s.options.Mount, base, base, s.options.Mount)
	}
	if s.urlFile != "" {
		if err := writeURL(s.urlFile, base); err != nil {
			return err
		}
	}

	server := &http.Server{Handler: box.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: logger}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// Let calls in flight finish.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return server.Close()
	}
	return nil
}

// outcome says how a call ended.
func outcome(r sandbox.Request) string {
	text := strconv.Itoa(r.Status)
	if !r.Answered {
		text = "unanswered"
	}
	if r.Fault != "" {
		text += " (fault " + string(r.Fault) + ")"
	}
	return text
}

// historySeed makes -seed-history repeatable.
const historySeed = 1

// seed makes up a history, unless the database already has one.
func seed(w io.Writer, box *gateways.Sandbox, n int) error {
	if n == 0 {
		return nil
	}
	switch err := box.SeedHistory(n, historySeed); {
	case errors.Is(err, sandbox.ErrHistorySeeded):
		_, _ = fmt.Fprintln(w, "-seed-history: the database already has a seeded history; nothing was added.")
	case err != nil:
		return err
	default:
		_, _ = fmt.Fprintf(w, "Made up %d invoices of the last 90 days at PayKeeper and %d at IntellectMoney.\n", n, n)
	}
	return nil
}

// writeURL writes the address in one step, so that a reader never sees half of it.
func writeURL(file, base string) error {
	err := os.WriteFile(file+".tmp", []byte(base), 0o600) //nolint:gosec // the user has named it
	if err == nil {
		err = os.Rename(file+".tmp", file)
	}
	if err != nil {
		return fmt.Errorf("-url-file: %w", err)
	}
	return nil
}

// announce prints what a person needs to begin.
func announce(w io.Writer, box *gateways.Sandbox, base string) {
	_, _ = fmt.Fprintf(w, "Open %s/ in a browser. For the provider:\n\n", base)
	for _, variable := range box.Environment(base) {
		_, _ = fmt.Fprintf(w, "  export %s=%s\n", variable.Name, variable.Value)
	}
	_, _ = fmt.Fprintf(w, "\nInvoice API: card that pays: %s, card that is declined: %s.\n", invoiceapi.TestCard, invoiceapi.DeclinedCard)
	_, _ = fmt.Fprintf(w, "PayKeeper: the mails it sends are at %s/paykeeper/outbox/.\n", base)
	_, _ = fmt.Fprintf(w, "PayKeeper signs its notifications with the secret word %s.\n", paykeeper.DemoSecretWord)
	_, _ = fmt.Fprintf(w, "What shops are told, and again: %s/sandbox/notifications. What clients send: %s/sandbox/journal.\n", base, base)
	_, _ = fmt.Fprintf(w, "To decline a payment, lose an answer, move the clock on or reset: %s/sandbox/controls.\n", base)
	_, _ = fmt.Fprintf(w, "Dialect: %s\n", strings.Join(gateways.Switches.Settings(box.Dialect()), " "))
}
