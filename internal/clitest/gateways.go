package clitest

import (
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	sandboxinvoiceapi "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	sandboxp2p "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	sandboxpaykeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// OpenSandbox opens a sandbox that reads the doubtful points of the documents as the settings say.
func OpenSandbox(t *testing.T, settings ...string) *gateways.Sandbox {
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

// Sent checks how many calls of an operation reached the sandbox since the
// last ResetRequests.
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

// GatewayThatAnswers puts a gateway of the test's own before the sandbox: answer returns
// the body to answer an operation with, or "" to leave it to the sandbox.
func (w *Workspace) GatewayThatAnswers(answer func(operation string) string) (block string) {
	w.T.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(resp http.ResponseWriter, req *http.Request) {
		if body := answer(path.Base(req.URL.Path)); body != "" {
			_, _ = resp.Write([]byte(body))
			return
		}
		w.Sandbox.Handler().ServeHTTP(resp, req)
	}))
	w.T.Cleanup(proxy.Close)
	return ProviderBlock(proxy.URL)
}

// GatewayThatRewrites puts a gateway before the sandbox that answers some operations by
// itself, unless its answer is "", and writes the others' answers otherwise.
func (w *Workspace) GatewayThatRewrites(answer, rewrite func(text string) string) (block string) {
	w.T.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(resp http.ResponseWriter, req *http.Request) {
		if body := answer(path.Base(req.URL.Path)); body != "" {
			_, _ = resp.Write([]byte(body))
			return
		}
		recorded := httptest.NewRecorder()
		w.Sandbox.Handler().ServeHTTP(recorded, req)
		body := rewrite(recorded.Body.String())
		for name, values := range recorded.Header() {
			resp.Header()[name] = values
		}
		resp.Header().Set("Content-Length", strconv.Itoa(len(body)))
		resp.WriteHeader(recorded.Code)
		_, _ = resp.Write([]byte(body))
	}))
	w.T.Cleanup(proxy.Close)
	return ProviderBlock(proxy.URL)
}

// Payments are all payments at the gateway, oldest first.
func (w *Workspace) Payments() []sandboxinvoiceapi.Payment {
	w.T.Helper()
	all, err := w.Sandbox.InvoiceAPI.Payments.All()
	if err != nil {
		w.T.Fatal(err)
	}
	return all
}

// OnlyPayment is the one payment that there has to be.
func (w *Workspace) OnlyPayment() sandboxinvoiceapi.Payment {
	w.T.Helper()
	all := w.Payments()
	if len(all) != 1 {
		w.T.Fatalf("%d payments, want 1: %+v", len(all), all)
	}
	return all[0]
}

// PaymentsAre checks the payments' statuses, oldest first.
// Payments are all payments at the gateway, oldest first.
func (w *Workspace) PaymentsAre(want string) {
	w.T.Helper()
	var all []string
	for _, payment := range w.Payments() {
		all = append(all, payment.Status)
	}
	if got := strings.Join(all, " "); got != want {
		w.T.Errorf("payments are %q, want %q", got, want)
	}
}

// Terminals are all terminals at the gateway.
func (w *Workspace) Terminals() []sandboxinvoiceapi.Terminal {
	w.T.Helper()
	all, err := w.Sandbox.InvoiceAPI.Terminals.All()
	if err != nil {
		w.T.Fatal(err)
	}
	return all
}

// Refunds are all refunds at the gateway.
func (w *Workspace) Refunds() []sandboxinvoiceapi.Refund {
	w.T.Helper()
	all, err := w.Sandbox.InvoiceAPI.Refunds.All()
	w.Must(err)
	return all
}

// PayKeeperInvoices are all invoices at PayKeeper, oldest first.
func (w *Workspace) PayKeeperInvoices() []sandboxpaykeeper.Invoice {
	w.T.Helper()
	all, err := w.Sandbox.PayKeeper.Invoices.All()
	w.Must(err)
	return all
}

// P2PInvoices are all invoices and payouts at P2P, oldest first.
func (w *Workspace) P2PInvoices() []sandboxp2p.Invoice {
	w.T.Helper()
	all, err := w.Sandbox.P2P.Invoices.All()
	w.Must(err)
	return all
}

// InvoicesAre checks the statuses of all invoices at a gateway, oldest first.
func (w *Workspace) InvoicesAre(want string) {
	w.T.Helper()
	var got []string
	for _, one := range w.PayKeeperInvoices() {
		got = append(got, one.Status)
	}
	for _, one := range w.P2PInvoices() {
		got = append(got, one.Status)
	}
	if strings.Join(got, " ") != want {
		w.T.Errorf("invoices are %q, want %q", strings.Join(got, " "), want)
	}
}

// OpenInvoices counts the invoices of both gateways that can be paid.
func (w *Workspace) OpenInvoices() (open int) {
	w.T.Helper()
	for _, one := range w.PayKeeperInvoices() {
		if one.Status == "created" || one.Status == "sent" {
			open++
		}
	}
	for _, one := range w.P2PInvoices() {
		if one.Status == "new" {
			open++
		}
	}
	return open
}

var invoiceChanges = []string{"paykeeper.preview", "paykeeper.send", "paykeeper.revoke", "p2p.create", "p2p.cancel"}

// SentNoChange checks that no call was sent that changes a gateway.
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
		if one.Status == "created" || one.Status == "sent" {
			w.Must(w.Sandbox.PayKeeper.Pay(one.ID))
		}
	}
	for _, one := range w.P2PInvoices() {
		if one.Status == "new" {
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
