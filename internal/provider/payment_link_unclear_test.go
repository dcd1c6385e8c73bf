package provider

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// newPatientWorkspace is one whose provider waits long for what is unclear, so that
// no slow machine decides a test.
func newPatientWorkspace(t *testing.T, dialect ...string) *workspace {
	t.Helper()
	w := newWorkspace(t, dialect...)
	patient := testProvider()
	patient.settleTime = 10 * time.Minute
	w.env = environmentWith(t, newServer(patient))
	return w
}

// settle lets that time pass: what is unclear was left so long ago.
func (w *workspace) settle() {
	w.t.Helper()
	file := filepath.Join(w.dir, "terraform.tfstate")
	text, err := os.ReadFile(file)
	w.check(err)
	older := regexp.MustCompile(`"created_at": "[^"]+"`).ReplaceAll(text, []byte(`"created_at": "2026-01-01T00:00:00Z"`))
	if bytes.Equal(text, older) {
		w.t.Fatal("nothing in the state has a time")
	}
	w.check(os.WriteFile(file, older, 0o600))
}

// lose leaves a link with a configured order id unclear: the first look-up finds
// nothing, the creation and what follows are not answered.
func (w *workspace) lose(config string, kind sandbox.FaultKind) {
	w.t.Helper()
	w.mustApply(linkTerminal)
	looked := false
	w.write(config + w.through(func(operation string) string {
		if operation != "GetPaymentByOrder" {
			return ""
		}
		if !looked {
			looked = true
			return `{"error":7,"description":"Заказ не найден"}`
		}
		return "<html>"
	}))
	w.sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: kind, Status: 500})
	w.apply().fails().errors("Cannot issue the payment link", "may have been issued", "Terraform keeps the order id", "terraform untaint")
	w.sandbox.ClearFaults()
	w.sent("CreatePayment", 1)
	w.inState(linkAddress, map[string]any{"status": "unknown", "id": nil, "order_id": "order-1", "paid": false})
	w.write(config)
}

// The order id is kept, whoever made it: what was issued is closed before another
// is issued.
func TestLinkUnclearIsClosedByTheNextApply(t *testing.T) {
	w := newWorkspace(t)
	w.lose(linkConfig, sandbox.FaultLostAnswer)
	w.apply().succeeds().warns("An unclear payment link has turned up", w.payments()[0].ID, "terraform untaint")
	w.plan().succeeds().quiet().changes(nil)
	w.statuses("closed init")
}

// Nothing forgets it: neither a changed configuration nor a removed block.
func TestLinkUnclearIsClosedWhateverTheConfigurationSays(t *testing.T) {
	for name, config := range map[string]string{
		"another order": withLine(linkConfig, "order_id", `order_id = "order-2"`), "another order, created first": createFirst(withLine(linkConfig, "order_id", `order_id = "order-2"`)),
		"removed": linkTerminal,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.lose(linkConfig, sandbox.FaultLostAnswer)
			w.write(config)
			w.run("apply", "-auto-approve", "-refresh=false").succeeds()
			if got := w.payments()[0].Status; got != "closed" {
				t.Errorf("the first payment is %s, want closed", got)
			}
			w.plan().succeeds().changes(nil)
		})
	}
}

func TestLinkUnclearIsKeptByUntaint(t *testing.T) {
	for name, refresh := range map[string]bool{"at once": false, "after a refresh": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, "repeated_order=error")
			w.lose(linkConfig, sandbox.FaultLostAnswer)
			if refresh {
				w.run("apply", "-refresh-only", "-auto-approve").succeeds().warns("An unclear payment link has turned up")
			}
			w.cli("untaint", linkAddress)
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)
			w.inState(linkAddress, map[string]any{"id": w.onlyPayment().ID, "status": "init"})
			w.sent("CreatePayment", 1)
			w.destroy().succeeds()
			w.statuses("closed")
		})
	}
}

// With create_before_destroy the new link is issued first: it takes what is there.
func TestLinkUnclearIsAdoptedByItsSuccessor(t *testing.T) {
	w := newWorkspace(t)
	w.lose(createFirst(linkConfig), sandbox.FaultLostAnswer)
	w.apply().succeeds().warns("An existing object was adopted", w.onlyPayment().ID)
	w.plan().succeeds().changes(nil)
	w.sent("CreatePayment", 1)
	w.statuses("init")
}

// It is not there yet: nothing is issued until it cannot come any more.
func TestLinkUnclearMayStillBeIssued(t *testing.T) {
	for name, config := range map[string]string{"destroyed first": linkConfig, "created first": createFirst(linkConfig)} {
		t.Run(name, func(t *testing.T) {
			w := newPatientWorkspace(t)
			w.lose(config, sandbox.FaultStatus)
			w.apply().fails().errors("@order_id", "A payment may still be issued", "Apply again in 10m0s")
			w.run("apply", "-auto-approve", "-refresh=false").fails().errors("A payment may still be issued")
			w.sent("CreatePayment", 1)
			w.inState(linkAddress, map[string]any{"status": "unknown"})
			w.settle()
			w.mustApply(config)
			w.statuses("init")
		})
	}
}

// A removed one waits for it, too.
func TestLinkUnclearMayStillBeIssuedWhenDestroyed(t *testing.T) {
	w := newPatientWorkspace(t)
	w.lose(linkConfig, sandbox.FaultStatus)
	w.write(linkTerminal)
	w.apply().fails().errors("A payment may still be issued")
	w.inState(linkAddress, map[string]any{"status": "unknown"})
	w.settle()
	w.apply().succeeds()
	w.notInState(linkAddress)
}

// The order had a payment before, which is closed: finding that proves nothing.
func TestLinkUnclearBesideAnOlderPayment(t *testing.T) {
	w := newPatientWorkspace(t)
	w.mustApply(linkConfig)
	w.destroy().succeeds()
	w.sandbox.ResetRequests()
	w.write(linkConfig)
	w.sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultStatus, Status: 500})
	w.apply().fails().errors("Cannot issue the payment link", "may have been issued")
	w.sandbox.ClearFaults()
	w.sent("CreatePayment", 1)
	w.apply().fails().errors("A payment may still be issued")
	w.sent("CreatePayment", 1)
	w.settle()
	w.mustApply(linkConfig)
	w.statuses("closed init")
}

func TestLinkUnclearIsPaid(t *testing.T) {
	for name, config := range map[string]string{"destroyed first": linkConfig, "created first": createFirst(linkConfig)} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.lose(config, sandbox.FaultLostAnswer)
			id := w.onlyPayment().ID
			w.check(w.sandbox.InvoiceAPI.Pay(id, invoiceapi.TestCard))
			failed := w.apply().fails().warns("An unclear payment link has turned up", `"successful"`)
			if strings.Contains(config, "lifecycle") {
				failed.errors("@order_id", "The order is already paid", id)
			} else {
				failed.errors("A paid payment link is not replaced", id, "terraform untaint")
			}
			w.sent("CreatePayment", 1)
			w.cli("untaint", linkAddress)
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)
			w.inState(linkAddress, map[string]any{"id": id, "paid": true})
			w.statuses("successful")
		})
	}
}

// The gateway's own word is not the provider's mark.
func TestLinkStatusUnknownOfTheGateway(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.InvoiceAPI.SetPaymentStatus(w.onlyPayment().ID, "unknown", ""))
	w.apply().succeeds().quiet().changes(nil)
	w.inState(linkAddress, map[string]any{"status": "unknown", "id": w.onlyPayment().ID})
	w.check(w.sandbox.InvoiceAPI.Payments.Update(w.onlyPayment().ID, func(p *invoiceapi.Payment) { p.Status, p.Amount = "init", "1" }))
	w.plan().succeeds().changes(map[string]string{linkAddress: "replace"}).warns("amount changed")
}
