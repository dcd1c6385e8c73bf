//go:build unix

package provider

import (
	"syscall"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// A run that is stopped while the refund is under way keeps it, and the next one finds it.
func TestPayKeeperRefundOfAStoppedRunIsFound(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	p := testProvider()
	p.stopGrace = 200 * time.Millisecond
	w.Serve(newServer(p))
	f := before(t, w.Sandbox.Handler())
	f.behave(func(c frontCall) *misbehaviour {
		if c.operation == "reverse" {
			return worksAndHangs
		}
		return nil
	})
	config := payKeeperRefund(payment)
	w.Write(config + clitest.ProviderBlock(f.URL))
	w.Interrupt(f.inTrouble(t.Context(), 1), func(cli int) error { return syscall.Kill(cli, syscall.SIGTERM) }, "apply", "-auto-approve").
		Fails("Cannot make the refund", "it may have been made")
	f.behave(nil)
	w.Serve(newServer(testProvider()))
	w.StateHas(refundAddress, map[string]any{"id": nil, "status": "unknown"})
	w.MustExec("untaint", refundAddress)
	w.Write(config)
	w.Apply().Succeeds().Warns("The earlier refund was made")
	w.StateHas(refundAddress, map[string]any{"id": refundsAre(w, "500.00")[0], "status": "successful"})
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.Sent(opReverse, 1)
}
