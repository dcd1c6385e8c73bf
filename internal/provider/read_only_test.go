package provider

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// gatewayChanges are the sandbox's operations that change something.
var gatewayChanges = []string{
	"CreateTerminal", "CreatePayment", "ClosePayment", "CreateRefund",
	"paykeeper.preview", "paykeeper.send", "paykeeper.revoke", "p2p.create", "p2p.cancel",
}

// sentOnlyReads checks that the gateways were asked, and nothing was changed.
func sentOnlyReads(t *testing.T, requests []sandbox.Request) {
	t.Helper()
	for _, one := range requests {
		if slices.Contains(gatewayChanges, one.Operation) {
			t.Errorf("%s was sent", one.Operation)
		}
	}
}

// guardedShop has one of everything, and the configurations that change it.
type guardedShop struct {
	*clitest.Workspace
	paid, open, renewable, paykeeper, p2p, payout, refund string
}

func (s *guardedShop) config() string {
	return linkTerminal + s.paid + s.open + s.renewable + s.paykeeper + s.p2p + s.payout + s.refund
}

func newGuardedShop(t *testing.T) *guardedShop {
	t.Helper()
	named := func(config, name string) string {
		return strings.NewReplacer(`"order"`, `"`+name+`"`, `"one"`, `"`+name+`"`, `"order-1"`, `"`+name+`-1"`).Replace(config)
	}
	s := &guardedShop{
		Workspace: newWorkspace(t),
		paid:      named(linkBody, "paid"), open: named(linkBody, "open"),
		renewable: withLine(named(linkBody, "renewable"), "when_unpayable", `when_unpayable = "renew"`),
		paykeeper: named(paykeeperInvoice("send = false"), "paykeeper"), p2p: named(p2pInvoice(), "p2p"), payout: named(payoutConfig, "payout"),
	}
	s.MustApply(s.config())
	for _, one := range s.Payments() {
		switch one.OrderID {
		case "paid-1":
			s.Must(s.Sandbox.InvoiceAPI.Pay(one.ID, invoiceapi.TestCard))
			s.refund = refundConfig(one.ID)
		case "renewable-1":
			s.Must(s.Sandbox.InvoiceAPI.Payments.Update(one.ID, func(p *invoiceapi.Payment) { p.Status = "fail" }))
		}
	}
	return s
}

// applyReadOnly applies a configuration, which fails and changes nothing. It says what it was
// about to do, and what forbids it.
func (s *guardedShop) applyReadOnly(config string, attempts ...string) {
	s.T.Helper()
	s.Sandbox.ResetRequests()
	s.Write(config + providerWith(s.Workspace, "read_only = true"))
	result := s.Apply()
	for _, attempt := range attempts {
		result.Fails(attempt, ": read_only forbids it", "read_only = true in the provider block forbids that, so it was not sent", "Nothing was changed", "INVOICE_READ_ONLY")
	}
	sentOnlyReads(s.T, s.Sandbox.Requests())
	if len(s.Sandbox.Requests()) == 0 {
		s.T.Error("the gateways were not even read")
	}
}

// Whatever is applied, nothing but reads comes to the gateways.
func TestReadOnlyChangesNoGateway(t *testing.T) {
	s := newGuardedShop(t)
	before := s.config()

	// The plan of a pull request is the same as without.
	s.Write(before)
	usual := s.Plan().Succeeds()
	s.Write(before + providerWith(s.Workspace, "read_only = true"))
	s.Sandbox.ResetRequests()
	if guarded := s.Plan().Succeeds().Changes(usual.Planned); len(guarded.Messages) != len(usual.Messages) {
		t.Errorf("the plans say\n%s\nand\n%s", usual, guarded)
	}
	sentOnlyReads(t, s.Sandbox.Requests())

	// The refund is made and the failed link renewed, which closes it first.
	s.applyReadOnly(before, "Cannot make the refund", "Cannot close payment")
	s.StateLacks(refundAddress)
	anew := func(config string) string {
		return strings.NewReplacer(`"order"`, `"new"`, `"one"`, `"new"`, `"order-1"`, `"new-1"`, `"payout-1"`, `"new-1"`).Replace(config)
	}
	s.refund = ""
	for _, one := range []struct{ config, attempt string }{
		{"resource \"invoice_terminal\" \"new\" {\n  name  = \"n\"\n  alias = \"new\"\n}\n", "Cannot create the terminal"},
		{anew(linkBody), "Cannot issue the payment link"},
		{withLine(anew(linkBody), "order_id", ""), "Cannot issue the payment link"},
		{anew(paykeeperInvoice()), "Cannot issue the invoice"},
		{anew(p2pInvoice()), "Cannot issue the invoice"},
		{anew(payoutConfig), "Cannot make the payout"},
	} {
		s.applyReadOnly(s.config()+one.config, one.attempt)
		for address := range s.Resources() {
			if strings.HasSuffix(address, ".new") {
				t.Errorf("%s is in the state", address)
			}
		}
	}
	s.applyReadOnly(strings.Replace(before, "send = false", "send = true", 1), "Cannot send invoice paykeeper/")
	s.applyReadOnly(strings.Replace(before, s.open, withLine(s.open, "success_url", `success_url = "https://example.com/other"`), 1), "Cannot close payment")
	s.applyReadOnly(strings.Replace(before, `amount      = "1000"`, `amount      = "1001"`, 1), "Cannot withdraw invoice p2p/")
}

// A destroy forgets what needs no call, and keeps the rest.
func TestReadOnlyDestroy(t *testing.T) {
	s := newGuardedShop(t)
	s.payout = unprotected(s.payout)
	s.Write(s.config())
	s.Apply().Succeeds()
	s.refund = unprotected(s.refund)
	s.Write(s.config())
	s.Apply().Succeeds()
	s.Must(s.Sandbox.InvoiceAPI.Payments.Update(s.Attributes("invoice_payment_link.renewable")["id"].(string), func(p *invoiceapi.Payment) {
		p.CreatedAt, p.ExpiresAt = "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"
	}))
	s.Write(s.config() + providerWith(s.Workspace, "read_only = true"))
	s.Sandbox.ResetRequests()
	result := s.Destroy()
	for _, attempt := range []string{"Cannot close payment", "Cannot withdraw invoice paykeeper/", "Cannot withdraw invoice p2p/", "Cannot cancel payout p2p/"} {
		result.Fails(attempt, ": read_only forbids it", "Nothing was changed")
	}
	sentOnlyReads(t, s.Sandbox.Requests())
	var left []string
	for address := range s.Resources() {
		left = append(left, address)
	}
	slices.Sort(left)
	// The expired link is one that its gateway may still show as open. The terminal stays for the links.
	want := []string{
		"invoice_invoice.p2p", "invoice_invoice.paykeeper", "invoice_invoice.payout",
		"invoice_payment_link.open", "invoice_payment_link.renewable", "invoice_terminal.web",
	}
	if !slices.Equal(left, want) {
		t.Errorf("left are %q, want %q", left, want)
	}
	s.Write(s.config())
	s.Destroy().Succeeds()
}

// The environment holds whatever the provider block says. This test needs no CLI, and no others
// beside it.
func TestReadOnlyFromTheEnvironment(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	allowed := map[string]tftypes.Value{"read_only": tftypes.NewValue(tftypes.Bool, false)}
	terminal := map[string]tftypes.Value{"alias": text("a"), "name": text("n")}
	t.Setenv("INVOICE_READ_ONLY", "true")
	p := newPluginWith(t, testProvider(), server.URL, allowed)
	applied, err := p.server.ApplyResourceChange(t.Context(), p.planNew("invoice_terminal", terminal))
	if err != nil {
		t.Fatal(err)
	}
	if said := diagnosticText(applied.Diagnostics); !strings.Contains(said, "Cannot create the terminal: read_only forbids it") ||
		!strings.Contains(said, "INVOICE_READ_ONLY=true in the environment forbids that") {
		t.Errorf("it says %q", said)
	}
	if state := p.decode(applied.NewState, p.schemas.ResourceSchemas["invoice_terminal"].ValueType()); len(state) > 0 {
		t.Errorf("the state is %v", state)
	}
	sentOnlyReads(t, box.Requests())
	t.Setenv("INVOICE_READ_ONLY", "false")
	newPluginWith(t, testProvider(), server.URL, allowed).create("invoice_terminal", terminal)
}

// While the setting is unknown, it may turn out to be true.
func TestUnknownReadOnlyHolds(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	p := newPluginWith(t, testProvider(), server.URL, map[string]tftypes.Value{"read_only": tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue)})
	applied, err := p.server.ApplyResourceChange(t.Context(), p.planNew("invoice_terminal", map[string]tftypes.Value{"alias": text("a"), "name": text("n")}))
	if err != nil || !strings.Contains(diagnosticText(applied.Diagnostics), "read_only forbids it") {
		t.Errorf("error %v, %q", err, diagnosticText(applied.Diagnostics))
	}
	sentOnlyReads(t, box.Requests())
}

func diagnosticText(all []*tfprotov6.Diagnostic) string {
	var b strings.Builder
	for _, one := range all {
		b.WriteString(one.Summary + ": " + one.Detail + "\n")
	}
	return b.String()
}
