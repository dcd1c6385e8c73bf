package provider

import (
	"fmt"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// The CLI tests of this package run on workspaces of package clitest. This file holds what
// several tests do with them.

// testProvider repeats without noticeable pauses.
func testProvider() *invoiceProvider {
	return &invoiceProvider{version: "test", waitMin: time.Millisecond, waitMax: 5 * time.Millisecond, settleTime: 3 * time.Second, patience: 300 * time.Millisecond}
}

// newWorkspace makes a workspace for a test that runs beside others.
func newWorkspace(t *testing.T, dialect ...string) *clitest.Workspace {
	t.Helper()
	t.Parallel()
	return newWorkspaceBeside(t, dialect...)
}

// newWorkspaceBeside makes a further workspace within one test, with a provider of its own. A
// shared provider would keep the settings of its last run until it is configured again.
func newWorkspaceBeside(t *testing.T, dialect ...string) *clitest.Workspace {
	t.Helper()
	return clitest.New(t, newServer(testProvider()), dialect...)
}

// settle moves unclear objects into the past, so that the gateway can no longer be working on
// them.
func settle(w *clitest.Workspace) {
	w.T.Helper()
	w.RewriteState(`"created_at": "[^"]+"`, `"created_at": "2026-01-01T00:00:00Z"`)
}

// newPatientWorkspace is a workspace whose provider waits long for what is unclear, so that no
// slow machine decides a test.
func newPatientWorkspace(t *testing.T, dialect ...string) *clitest.Workspace {
	t.Helper()
	w := newWorkspace(t, dialect...)
	serveSettling(w, 10*time.Minute)
	return w
}

// serveSettling serves the provider with another settle time.
func serveSettling(w *clitest.Workspace, settleTime time.Duration) {
	w.T.Helper()
	p := testProvider()
	p.settleTime = settleTime
	w.Serve(newServer(p))
}

// badLine is a line that a resource refuses, with what the plan says at the attribute.
type badLine struct{ attribute, line, says string }

// refusesLines checks that each line is an error in the plan, and that nothing is sent.
func refusesLines(t *testing.T, config string, cases map[string]badLine) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.Write(withLine(config, c.attribute, c.line))
			w.Plan().Fails("@"+c.attribute, c.says)
			w.SentNothing()
		})
	}
}

// destroyUnprotected first allows forgetting and then destroys.
func destroyUnprotected(w *clitest.Workspace, address, config string) *clitest.Result {
	w.T.Helper()
	w.Write(unprotected(config))
	w.Apply().Succeeds().Changes(map[string]string{address: "update"})
	return w.Destroy().Succeeds()
}

// newPaidWorkspace has one paid payment, which Terraform does not manage.
func newPaidWorkspace(t *testing.T, dialect ...string) (w *clitest.Workspace, paymentID string) {
	t.Helper()
	w = newWorkspace(t, dialect...)
	w.MustApply(linkConfig)
	paymentID = w.OnlyPayment().ID
	w.Must(w.Sandbox.InvoiceAPI.Pay(paymentID, invoiceapi.TestCard))
	w.Forget(linkAddress, "invoice_terminal.web")
	w.Sandbox.ResetRequests()
	return w, paymentID
}

// expireLink lets the only payment expire unpaid.
func expireLink(w *clitest.Workspace) {
	w.T.Helper()
	w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) {
		p.CreatedAt = time.Now().Add(-48 * time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
		p.ExpiresAt = time.Now().Add(-24 * time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
	}))
}

// payLink pays the only payment and refreshes the state.
func payLink(w *clitest.Workspace) (id string) {
	w.T.Helper()
	id = w.OnlyPayment().ID
	w.Must(w.Sandbox.InvoiceAPI.Pay(id, invoiceapi.TestCard))
	w.Apply().Succeeds()
	w.StateHas(linkAddress, map[string]any{"paid": true, "status": "successful"})
	return id
}

// payInvoice applies a configuration, pays its invoice and refreshes the state.
func payInvoice(w *clitest.Workspace, config string) (id string) {
	w.T.Helper()
	w.MustApply(config)
	w.PayInvoices()
	w.Apply("-refresh-only").Succeeds()
	state := w.Attributes(invoiceAddress)
	if state["paid"] != true || state["status"] != "paid" {
		w.T.Fatalf("not paid: %v", state)
	}
	w.Sandbox.ResetRequests()
	return fmt.Sprint(state["id"])
}

// savePlan saves a plan of a configuration, or of replacing what exists.
func savePlan(w *clitest.Workspace, config string) (id string) {
	w.T.Helper()
	args := []string{"plan", "-out=saved"}
	if config != "" {
		w.Write(config)
	} else {
		args = append(args, "-replace="+invoiceAddress)
	}
	w.MustExec(args...)
	return fmt.Sprint(w.Attributes(invoiceAddress)["id"])
}

// invoiceBlock returns the gateway's object of the invoice in the state.
func invoiceBlock(w *clitest.Workspace, name string) map[string]any {
	w.T.Helper()
	block, _ := w.Attributes(invoiceAddress)[name].(map[string]any)
	if block == nil {
		w.T.Fatalf("%s.%s is not in the state", invoiceAddress, name)
	}
	return block
}

// fromOlderVersion removes what older versions did not have from the state.
func fromOlderVersion(w *clitest.Workspace) {
	w.T.Helper()
	w.EditState(func(attributes map[string]any) {
		delete(attributes, "deletion_protection")
		delete(attributes, "sequence")
	})
}

// newFrontedWorkspace has a front before its sandbox. The settings let a configuration go
// through it.
func newFrontedWorkspace(t *testing.T, dialect ...string) (w *clitest.Workspace, f *front, settings string) {
	t.Helper()
	w = newWorkspace(t, dialect...)
	f = before(t, w.Sandbox.Handler())
	return w, f, clitest.ProviderBlock(f.URL)
}

// staysUnknown checks that money with an unknown outcome blocks each apply and destroy, and
// stays in the state.
func staysUnknown(w *clitest.Workspace, address string) {
	w.T.Helper()
	for range 3 {
		w.Apply().Fails("it may have been made", "terraform state rm")
	}
	w.Apply("-refresh=false").Fails("it may have been made")
	w.Apply("-refresh=false", "-replace="+address).Fails("it may have been made")
	w.Destroy().Fails("it may have been made")
	w.Destroy("-refresh=false").Fails("it may have been made")
	w.StateHas(address, map[string]any{"status": "unknown"})
}

// forgetInvoice loses the invoice from the state and returns the id to import it by.
func forgetInvoice(w *clitest.Workspace) (importID string) {
	w.T.Helper()
	state := w.Attributes(invoiceAddress)
	w.Forget(invoiceAddress)
	w.Sandbox.ResetRequests()
	return fmt.Sprint(state["gateway"], "/", state["id"])
}
