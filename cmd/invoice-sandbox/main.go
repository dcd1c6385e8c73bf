// Command invoice-sandbox serves the imitated payment gateways on a loopback
// address: an API for the provider, and payment pages for a person. No money
// moves.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
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
		return explain(err)
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
	s.announce(stdout, box, base)
	if s.urlFile != "" {
		if err := writeURL(s.urlFile, base); err != nil {
			return err
		}
	}
	return serve(ctx, listener, &http.Server{Handler: box.Handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: logger})
}

// serve serves until ctx is done.
func serve(ctx context.Context, listener net.Listener, server *http.Server) error {
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
func (s settings) announce(w io.Writer, box *gateways.Sandbox, base string) {
	_, _ = fmt.Fprintf(w, "Open %s/ in a browser. For the provider:\n\n", base)
	if !s.tls { // curl would have to trust the certificate
		_, _ = fmt.Fprintf(w, "  eval \"$(curl -fsS %s/sandbox/env)\"\n\nor one by one:\n\n", base)
	}
	for _, variable := range box.Environment(base) {
		_, _ = fmt.Fprintf(w, "  export %s=%s\n", variable.Name, variable.Value)
	}
	_, _ = fmt.Fprintf(w, "\nInvoice API: card that pays: %s, card that is declined: %s.\n", invoiceapi.TestCard, invoiceapi.DeclinedCard)
	_, _ = fmt.Fprintf(w, "PayKeeper: the mails it sends are at %s/paykeeper/outbox/.\n", base)
	_, _ = fmt.Fprintf(w, "PayKeeper signs its notifications with the secret word %s.\n", s.options.PayKeeper.SecretWord)
	_, _ = fmt.Fprintf(w, "What shops are told, and again: %s/sandbox/notifications. What clients send: %s/sandbox/journal.\n", base, base)
	_, _ = fmt.Fprintf(w, "To decline a payment, lose an answer, move the clock on or reset: %s/sandbox/controls.\n", base)
	_, _ = fmt.Fprintf(w, "Dialect: %s\n", cmp.Or(strings.Join(gateways.Switches.Settings(box.Dialect()), " "), "every switch has its default; -help lists them."))
	if s.options.Mount != "" {
		_, _ = fmt.Fprintf(w, "%s answers at %s as well as below %s/%s.\n", s.options.Mount, base, base, s.options.Mount)
	}
}
