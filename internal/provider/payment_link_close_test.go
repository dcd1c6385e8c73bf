package provider

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

func TestLinkGoneDuringDestroyIsNoError(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Must(w.Sandbox.InvoiceAPI.Payments.Delete(w.OnlyPayment().ID))
	w.Destroy("-refresh=false").Succeeds()
	w.StateLacks(linkAddress)
}

func TestLinkMayBeClosedTwice(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(w.OnlyPayment().ID, "closed", ""))
	w.Destroy("-refresh=false").Succeeds()
	w.StateLacks(linkAddress)
}

// The link is paid after the last refresh. The gateway refuses to close it, and the provider
// reads it once more.
func TestPaidLinkIsForgottenDuringDestroy(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Must(w.Sandbox.InvoiceAPI.Pay(w.OnlyPayment().ID, invoiceapi.TestCard))
	w.Destroy("-refresh=false").Succeeds().Warns("A paid payment link is only removed from the state")
	w.StateLacks(linkAddress)
	w.PaymentsAre("successful")
}

func TestLinkThatCannotBeClosedStays(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Sandbox.Inject(sandbox.Fault{Operation: "ClosePayment", Kind: sandbox.FaultStatus, Status: 500})
	w.Destroy().Fails("Cannot close payment "+w.OnlyPayment().ID, "Invoice API v2, ClosePayment: HTTP 500", `The payment is "init" and can still be paid`, "terraform state rm")
	if w.Attributes(linkAddress) == nil {
		t.Error("the link was lost from the state")
	}
	if private := w.PrivateState(); strings.Contains(private, `"destroy":"dHJ1ZQ=="`) {
		t.Errorf("the mark of the destroy is in the state: %s", private)
	}
	w.Sandbox.ClearFaults()
	w.Destroy().Succeeds()
	w.PaymentsAre("closed")
}

// The answer to closing is lost. The call is repeated, since closing twice does no harm.
func TestLinkIsClosedThroughALostAnswer(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.FailOnce("ClosePayment", sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	w.Destroy().Succeeds()
	w.PaymentsAre("closed")
}

// The answer to closing does not always say what became of the payment.
func TestLinkClosingMayAnswerAnythingElse(t *testing.T) {
	t.Run("accepted, and still open", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(linkConfig)
		w.Write(linkConfig + w.GatewayThatAnswers(func(operation string) string {
			if operation == "ClosePayment" {
				return `{"id":"` + w.OnlyPayment().ID + `","status":"init"}`
			}
			return ""
		}))
		w.Destroy().Succeeds().Warns("The payment may still be payable", w.OnlyPayment().ID, `shows it as "init"`)
	})
	t.Run("accepted, although paid", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(linkConfig)
		w.Must(w.Sandbox.InvoiceAPI.Pay(w.OnlyPayment().ID, invoiceapi.TestCard))
		w.Write(linkConfig + w.GatewayThatAnswers(func(operation string) string {
			if operation == "ClosePayment" {
				return `{"id":"` + w.OnlyPayment().ID + `","status":"successful"}`
			}
			return ""
		}))
		w.Destroy("-refresh=false").Succeeds().Warns("A paid payment link is only removed from the state")
	})
	t.Run("refused, and still open", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(linkConfig)
		w.Write(linkConfig + w.GatewayThatAnswers(func(operation string) string {
			if operation == "ClosePayment" {
				return `{"error":8,"description":"Идёт оплата"}`
			}
			return ""
		}))
		w.Destroy().Fails("Cannot close payment "+w.OnlyPayment().ID, "«Идёт оплата»", `The payment is "init" and can still be paid`)
		if w.Attributes(linkAddress) == nil {
			t.Error("the link was lost from the state")
		}
	})
}
