package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

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
	s.define(flags)
	flags.Usage = func() { printUsage(flags) }
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err := s.validate(); err != nil {
		return s, err
	}
	s.options.PublicURL = strings.TrimRight(s.options.PublicURL, "/")
	var err error
	s.options.Dialect, err = gateways.Switches.Parse(s.dialect...)
	return s, err
}

// define declares the flags.
func (s *settings) define(flags *flag.FlagSet) {
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
	flags.StringVar(&s.options.PayKeeper.SecretWord, "paykeeper-secret-word", paykeeper.DemoSecretWord, "`word` that PayKeeper signs notifications with, as set in a shop's account")
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
}

func printUsage(flags *flag.FlagSet) {
	w := flags.Output()
	_, _ = fmt.Fprintln(w, "Usage of invoice-sandbox:")
	flags.PrintDefaults()
	_, _ = fmt.Fprintln(w, "\nDialect, the default first:")
	for _, sw := range gateways.Switches {
		_, _ = fmt.Fprintf(w, "  %s=%s\n    \t%s\n", sw.Name, strings.Join(sw.Values, "|"), sw.Doc)
	}
}

// validate refuses values that make no sense.
func (s *settings) validate() error {
	switch {
	case s.options.InvoiceAPI.LinkLifetime <= 0:
		return fmt.Errorf("-link-lifetime %v: must be positive", s.options.InvoiceAPI.LinkLifetime)
	case s.options.NotificationInterval <= 0:
		return fmt.Errorf("-notification-interval %v: must be positive", s.options.NotificationInterval)
	case slices.ContainsFunc(s.options.NotifyHosts, isNoHost):
		return fmt.Errorf("-notify-host %s: want the names of hosts alone, such as shop or 172.17.0.1", strings.Join(s.options.NotifyHosts, ", "))
	case s.options.P2P.Requisites < 0:
		return fmt.Errorf("-p2p-requisites %d: must not be negative", s.options.P2P.Requisites)
	case s.options.IntellectMoney.MaxInvoices < 0:
		return fmt.Errorf("-intellectmoney-most-invoices %d: must not be negative", s.options.IntellectMoney.MaxInvoices)
	case s.options.Mount != "" && !slices.Contains(gateways.Names, s.options.Mount):
		return fmt.Errorf("-mount %s: allowed are %s", s.options.Mount, strings.Join(gateways.Names, ", "))
	case s.seedHistory < 0:
		return fmt.Errorf("-seed-history %d: must not be negative", s.seedHistory)
	case s.options.PayKeeper.SecretWord == "":
		return errors.New("-paykeeper-secret-word: must not be empty, since anybody can sign with an empty one")
	}
	return nil
}

// isNoHost reports whether a text is more than the name of a host, or none.
func isNoHost(text string) bool {
	return text == "" || (&url.URL{Host: text}).Hostname() != text && net.ParseIP(text) == nil || strings.ContainsAny(text, "/@? ")
}
