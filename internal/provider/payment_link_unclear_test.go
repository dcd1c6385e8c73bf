package provider

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// leaveLinkUnknown leaves a link with a configured order id unclear. The first look-up finds
// nothing, and neither the creation nor what follows is answered.
func leaveLinkUnknown(w *clitest.Workspace, config string, kind sandbox.FaultKind) {
	w.T.Helper()
	w.MustApply(linkTerminal)
	looked := false
	w.Write(config + w.GatewayThatAnswers(func(operation string) string {
		if operation != "GetPaymentByOrder" {
			return ""
		}
		if !looked {
			looked = true
			return `{"error":7,"description":"Заказ не найден"}`
		}
		return "<html>"
	}))
	w.Sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: kind, Status: 500})
	w.Apply().Fails("Cannot issue the payment link", "may have been issued", "Terraform keeps the order id", "terraform untaint")
	w.Sandbox.ClearFaults()
	w.Sent("CreatePayment", 1)
	w.StateHas(linkAddress, map[string]any{"status": "unknown", "id": nil, "order_id": "order-1", "paid": false})
	w.Write(config)
}

// The order id is kept, whoever made it. What was issued is closed before another payment is
// issued.
func TestUnclearLinkIsClosedByTheNextApply(t *testing.T) {
	w := newWorkspace(t)
	leaveLinkUnknown(w, linkConfig, sandbox.FaultLostAnswer)
	w.Apply().Succeeds().Warns("The earlier payment link was issued", w.Payments()[0].ID, "terraform untaint")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.PaymentsAre("closed init")
}

// Neither a changed configuration nor a removed block forgets the link.
func TestUnclearLinkIsClosedWhateverTheConfigurationSays(t *testing.T) {
	for name, config := range map[string]string{
		"another order": withLine(linkConfig, "order_id", `order_id = "order-2"`), "another order, created first": createFirst(withLine(linkConfig, "order_id", `order_id = "order-2"`)),
		"removed": linkTerminal,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			leaveLinkUnknown(w, linkConfig, sandbox.FaultLostAnswer)
			w.Write(config)
			w.Apply("-refresh=false").Succeeds()
			if got := w.Payments()[0].Status; got != "closed" {
				t.Errorf("the first payment is %s, want closed", got)
			}
			w.Plan().Succeeds().ChangesNothing()
		})
	}
}

func TestUnclearLinkIsKeptByUntaint(t *testing.T) {
	for name, refresh := range map[string]bool{"at once": false, "after a refresh": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, "repeated_order=error")
			leaveLinkUnknown(w, linkConfig, sandbox.FaultLostAnswer)
			if refresh {
				w.Run("apply", "-refresh-only", "-auto-approve").Succeeds().Warns("The earlier payment link was issued")
			}
			w.MustExec("untaint", linkAddress)
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.StateHas(linkAddress, map[string]any{"id": w.OnlyPayment().ID, "status": "init"})
			w.Sent("CreatePayment", 1)
			w.Destroy().Succeeds()
			w.PaymentsAre("closed")
		})
	}
}

// With create_before_destroy the new link comes first. It adopts what exists.
func TestUnclearLinkIsAdoptedByItsSuccessor(t *testing.T) {
	w := newWorkspace(t)
	leaveLinkUnknown(w, createFirst(linkConfig), sandbox.FaultLostAnswer)
	w.Apply().Succeeds().Warns("An existing object was adopted", w.OnlyPayment().ID)
	w.Plan().Succeeds().ChangesNothing()
	w.Sent("CreatePayment", 1)
	w.PaymentsAre("init")
}

// The payment does not exist yet. Nothing is issued until it cannot come any more.
func TestUnclearLinkThatMayStillComeBlocksTheNext(t *testing.T) {
	for name, config := range linkReplacements {
		t.Run(name, func(t *testing.T) {
			w := newPatientWorkspace(t)
			leaveLinkUnknown(w, config, sandbox.FaultStatus)
			w.Apply().Fails("@order_id", "A payment may still be issued", "Apply again in 10m0s")
			w.Apply("-refresh=false").Fails("A payment may still be issued")
			w.Sent("CreatePayment", 1)
			w.StateHas(linkAddress, map[string]any{"status": "unknown"})
			settle(w)
			w.MustApply(config)
			w.PaymentsAre("init")
		})
	}
}

// A removed link waits for its payment too.
func TestUnclearLinkThatMayStillComeIsNotDestroyed(t *testing.T) {
	w := newPatientWorkspace(t)
	leaveLinkUnknown(w, linkConfig, sandbox.FaultStatus)
	w.Write(linkTerminal)
	w.Apply().Fails("A payment may still be issued")
	w.StateHas(linkAddress, map[string]any{"status": "unknown"})
	settle(w)
	w.Apply().Succeeds()
	w.StateLacks(linkAddress)
}

// The order had a payment before, which is closed. Finding that one proves nothing.
func TestUnclearLinkIsNotAnOlderPayment(t *testing.T) {
	w := newPatientWorkspace(t)
	w.MustApply(linkConfig)
	w.Destroy().Succeeds()
	w.Sandbox.ResetRequests()
	w.Write(linkConfig)
	w.Sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultStatus, Status: 500})
	w.Apply().Fails("Cannot issue the payment link", "may have been issued")
	w.Sandbox.ClearFaults()
	w.Sent("CreatePayment", 1)
	w.Apply().Fails("A payment may still be issued")
	w.Sent("CreatePayment", 1)
	settle(w)
	w.MustApply(linkConfig)
	w.PaymentsAre("closed init")
}

func TestUnclearLinkThatWasPaidIsNotIssuedAgain(t *testing.T) {
	for name, config := range linkReplacements {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			leaveLinkUnknown(w, config, sandbox.FaultLostAnswer)
			id := w.OnlyPayment().ID
			w.Must(w.Sandbox.InvoiceAPI.Pay(id, invoiceapi.TestCard))
			failed := w.Apply().Fails().Warns("The earlier payment link was issued", `"successful"`)
			if strings.Contains(config, "lifecycle") {
				failed.Fails("@order_id", "The order is already paid", id)
			} else {
				failed.Fails("A paid payment link cannot be replaced", id, "terraform untaint")
			}
			w.Sent("CreatePayment", 1)
			w.MustExec("untaint", linkAddress)
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.StateHas(linkAddress, map[string]any{"id": id, "paid": true})
			w.PaymentsAre("successful")
		})
	}
}

// The gateway's own status "unknown" is not the provider's mark.
func TestLinkStatusUnknownIsTheGatewaysWord(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(w.OnlyPayment().ID, "unknown", ""))
	w.Apply().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas(linkAddress, map[string]any{"status": "unknown", "id": w.OnlyPayment().ID})
	w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Status, p.Amount = "init", "1" }))
	w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("amount changed")
}
