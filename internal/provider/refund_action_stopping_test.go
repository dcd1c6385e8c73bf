//go:build unix

package provider

import (
	"syscall"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// On Ctrl-C the CLI shows what has become of the refund: the SDK answers the stop only after the
// action's end.
func TestRefundActionIsStoppedOnTheCLI(t *testing.T) {
	clitest.NeedCLI(t, clitest.Actions)
	w, payment := newPaidWorkspace(t)
	p := testProvider()
	p.stopGrace = 200 * time.Millisecond
	w.Serve(newServer(p))
	f := before(t, w.Sandbox.Handler())
	f.behave(atRefund(worksAndHangs))
	w.Write(clitest.ProviderBlock(f.URL) + `
action "invoice_refund" "back" {
  config {
    payment_id = "` + payment + `"
    amount     = "100"
    receipt    = []
  }
}
`)
	w.Interrupt(f.inTrouble(t.Context(), 1), func(cli int) error { return syscall.Kill(cli, syscall.SIGINT) }, "apply", "-auto-approve", "-invoke=action.invoice_refund.back").
		Fails("Cannot make the refund", "no answer came, not even in the 200ms after the run was stopped", "it may have been made")
	w.Sent("CreateRefund", 1)
}
