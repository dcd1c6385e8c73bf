package clitest

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// OpenSandbox opens a sandbox. The settings choose how it reads the points that the documents
// leave open.
func OpenSandbox(t testing.TB, settings ...string) *gateways.Sandbox {
	t.Helper()
	dialect, err := gateways.Switches.Parse(settings...)
	if err != nil {
		t.Fatal(err)
	}
	box, err := gateways.Open(gateways.Options{Options: sandbox.Options{Dialect: dialect}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	return box
}

// Sent checks how many calls of an operation reached the sandbox since the last ResetRequests.
func (w *Workspace) Sent(operation string, want int) {
	w.T.Helper()
	if got := len(w.Sandbox.Requests(operation)); got != want {
		w.T.Errorf("%d × %s were sent, want %d", got, operation, want)
	}
}

// SentNothing checks that no call at all reached the sandbox.
func (w *Workspace) SentNothing() {
	w.T.Helper()
	if got := w.Sandbox.Requests(); len(got) != 0 {
		w.T.Errorf("calls were sent: %v", got)
	}
}

// FailOnce injects a fault into the next call of an operation.
func (w *Workspace) FailOnce(operation string, fault sandbox.Fault) {
	fault.Operation, fault.Times = operation, 1
	w.Sandbox.Inject(fault)
}

// GatewayThatAnswers puts a gateway of the test's own before the sandbox. answer returns the
// body to answer an operation with, or "" to leave it to the sandbox. The block configures the
// provider for it.
func (w *Workspace) GatewayThatAnswers(answer func(operation string) string) (block string) {
	w.T.Helper()
	return w.gateway(answer, w.Sandbox.Handler())
}

// GatewayThatRewrites answers like GatewayThatAnswers, and rewrites the sandbox's answers.
func (w *Workspace) GatewayThatRewrites(answer, rewrite func(text string) string) (block string) {
	w.T.Helper()
	return w.gateway(answer, http.HandlerFunc(func(resp http.ResponseWriter, req *http.Request) {
		recorded := httptest.NewRecorder()
		w.Sandbox.Handler().ServeHTTP(recorded, req)
		body := rewrite(recorded.Body.String())
		maps.Copy(resp.Header(), recorded.Header())
		resp.Header().Set("Content-Length", strconv.Itoa(len(body)))
		resp.WriteHeader(recorded.Code)
		_, _ = resp.Write([]byte(body))
	}))
}

func (w *Workspace) gateway(answer func(operation string) string, otherwise http.Handler) (block string) {
	proxy := httptest.NewServer(http.HandlerFunc(func(resp http.ResponseWriter, req *http.Request) {
		if body := answer(path.Base(req.URL.Path)); body != "" {
			_, _ = resp.Write([]byte(body))
			return
		}
		otherwise.ServeHTTP(resp, req)
	}))
	w.T.Cleanup(proxy.Close)
	return ProviderBlock(proxy.URL)
}

// Payments are all payments at the gateway, oldest first.
func (w *Workspace) Payments() []invoiceapi.Payment {
	w.T.Helper()
	all, err := w.Sandbox.InvoiceAPI.Payments.All()
	w.Must(err)
	return all
}

// OnlyPayment is the only payment. The test fails if there is not exactly one.
func (w *Workspace) OnlyPayment() invoiceapi.Payment {
	w.T.Helper()
	all := w.Payments()
	if len(all) != 1 {
		w.T.Fatalf("%d payments, want 1: %+v", len(all), all)
	}
	return all[0]
}

// PaymentsAre checks the payments' statuses, oldest first.
func (w *Workspace) PaymentsAre(want string) {
	w.T.Helper()
	w.are("payments", statuses(w.Payments(), func(one invoiceapi.Payment) string { return one.Status }), want)
}

// Terminals are all terminals at the gateway.
func (w *Workspace) Terminals() []invoiceapi.Terminal {
	w.T.Helper()
	all, err := w.Sandbox.InvoiceAPI.Terminals.All()
	w.Must(err)
	return all
}

// Refunds are all refunds at the gateway.
func (w *Workspace) Refunds() []invoiceapi.Refund {
	w.T.Helper()
	all, err := w.Sandbox.InvoiceAPI.Refunds.All()
	w.Must(err)
	return all
}

// PayKeeperInvoices are all invoices at PayKeeper, oldest first.
func (w *Workspace) PayKeeperInvoices() []paykeeper.Invoice {
	w.T.Helper()
	all, err := w.Sandbox.PayKeeper.Invoices.All()
	w.Must(err)
	return all
}

// P2PInvoices are all invoices and payouts at P2P, oldest first.
func (w *Workspace) P2PInvoices() []p2p.Invoice {
	w.T.Helper()
	all, err := w.Sandbox.P2P.Invoices.All()
	w.Must(err)
	return all
}

// InvoicesAre checks the statuses of PayKeeper's invoices and then of P2P's,
// oldest first.
func (w *Workspace) InvoicesAre(want string) {
	w.T.Helper()
	w.are("invoices", w.invoiceStatuses(), want)
}

func (w *Workspace) invoiceStatuses() []string {
	w.T.Helper()
	return append(
		statuses(w.PayKeeperInvoices(), func(one paykeeper.Invoice) string { return one.Status }),
		statuses(w.P2PInvoices(), func(one p2p.Invoice) string { return one.Status })...)
}

func statuses[T any](all []T, status func(T) string) []string {
	list := make([]string, 0, len(all))
	for _, one := range all {
		list = append(list, status(one))
	}
	return list
}

func (w *Workspace) are(what string, statuses []string, want string) {
	w.T.Helper()
	if got := strings.Join(statuses, " "); got != want {
		w.T.Errorf("%s are %q, want %q", what, got, want)
	}
}

// canBePaid holds the statuses of open invoices.
var canBePaid = []string{"created", "sent", "new"}

// OpenPayments counts the payments that can be paid.
func (w *Workspace) OpenPayments() (open int) {
	w.T.Helper()
	for _, one := range w.Payments() {
		if one.Status == "init" {
			open++
		}
	}
	return open
}

// OpenInvoices counts the invoices of both gateways that can be paid.
func (w *Workspace) OpenInvoices() (open int) {
	w.T.Helper()
	for _, status := range w.invoiceStatuses() {
		if slices.Contains(canBePaid, status) {
			open++
		}
	}
	return open
}

// InvoiceCountsAre checks the number of invoices at both gateways, and how many can be paid.
func (w *Workspace) InvoiceCountsAre(all, open int) {
	w.T.Helper()
	if got := len(w.invoiceStatuses()); got != all || w.OpenInvoices() != open {
		w.T.Errorf("%d invoices, %d of them open, want %d and %d: %v", got, w.OpenInvoices(), all, open, w.invoiceStatuses())
	}
}

var invoiceChanges = []string{"paykeeper.preview", "paykeeper.send", "paykeeper.revoke", "p2p.create", "p2p.cancel"}

// SentNoChange checks that no call that changes an invoice was sent.
func (w *Workspace) SentNoChange() {
	w.T.Helper()
	for _, operation := range invoiceChanges {
		w.Sent(operation, 0)
	}
}

// PayInvoices pays all open invoices at both gateways, behind Terraform's back.
func (w *Workspace) PayInvoices() {
	w.T.Helper()
	for _, one := range w.PayKeeperInvoices() {
		if slices.Contains(canBePaid, one.Status) {
			w.Must(w.Sandbox.PayKeeper.Pay(one.ID))
		}
	}
	for _, one := range w.P2PInvoices() {
		if slices.Contains(canBePaid, one.Status) {
			w.Must(w.Sandbox.P2P.SetStatus(one.ID, "paid"))
		}
	}
}

// Mailed checks how many mails PayKeeper has sent.
func (w *Workspace) Mailed(want int) {
	w.T.Helper()
	outbox, err := w.Sandbox.PayKeeper.Outbox()
	w.Must(err)
	if len(outbox) != want {
		w.T.Errorf("%d mails, want %d", len(outbox), want)
	}
}
