package provider

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

func TestLinkGoneDuringDestroy(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.InvoiceAPI.Payments.Delete(w.onlyPayment().ID))
	w.destroy("-refresh=false").succeeds()
	w.notInState(linkAddress)
}

func TestLinkClosedTwice(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.InvoiceAPI.SetPaymentStatus(w.onlyPayment().ID, "closed", ""))
	w.destroy("-refresh=false").succeeds()
	w.notInState(linkAddress)
}

// Paid after the last refresh: the gateway refuses to close it, and the link is
// looked at once more.
func TestLinkPaidDuringDestroy(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.InvoiceAPI.Pay(w.onlyPayment().ID, invoiceapi.TestCard))
	w.destroy("-refresh=false").succeeds().warns("A paid payment link is only removed from the state")
	w.notInState(linkAddress)
	w.statuses("successful")
}

func TestLinkThatCannotBeClosedStays(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.sandbox.Inject(sandbox.Fault{Operation: "ClosePayment", Kind: sandbox.FaultStatus, Status: 500})
	w.destroy().fails().errors("Cannot close payment "+w.onlyPayment().ID, "Invoice API v2, ClosePayment: HTTP 500", `The payment is "init" and can still be paid`, "terraform state rm")
	if w.attributes(linkAddress) == nil {
		t.Error("the link was lost from the state")
	}
	if private := w.privateState(); strings.Contains(private, `"destroy":"dHJ1ZQ=="`) {
		t.Errorf("the mark of the destroy is in the state: %s", private)
	}
	w.sandbox.ClearFaults()
	w.destroy().succeeds()
	w.statuses("closed")
}

// A lost answer to closing is repeated: closing twice does no harm.
func TestLinkClosedThroughALostAnswer(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.sandbox.Inject(sandbox.Fault{Operation: "ClosePayment", Kind: sandbox.FaultLostAnswer, Times: 1})
	w.destroy().succeeds()
	w.statuses("closed")
}

// What closing answers is not always what became of the payment.
func TestLinkClosingAnswersSomethingElse(t *testing.T) {
	t.Run("accepted, and still open", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(linkConfig)
		w.write(linkConfig + w.through(func(operation string) string {
			if operation == "ClosePayment" {
				return `{"id":"` + w.onlyPayment().ID + `","status":"init"}`
			}
			return ""
		}))
		w.destroy().succeeds().warns("The payment may still be payable", w.onlyPayment().ID, `shows it as "init"`)
	})
	t.Run("accepted, although paid", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(linkConfig)
		w.check(w.sandbox.InvoiceAPI.Pay(w.onlyPayment().ID, invoiceapi.TestCard))
		w.write(linkConfig + w.through(func(operation string) string {
			if operation == "ClosePayment" {
				return `{"id":"` + w.onlyPayment().ID + `","status":"successful"}`
			}
			return ""
		}))
		w.destroy("-refresh=false").succeeds().warns("A paid payment link is only removed from the state")
	})
	t.Run("refused, and still open", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(linkConfig)
		w.write(linkConfig + w.through(func(operation string) string {
			if operation == "ClosePayment" {
				return `{"error":8,"description":"Идёт оплата"}`
			}
			return ""
		}))
		w.destroy().fails().errors("Cannot close payment "+w.onlyPayment().ID, "«Идёт оплата»", `The payment is "init" and can still be paid`)
		if w.attributes(linkAddress) == nil {
			t.Error("the link was lost from the state")
		}
	})
}
