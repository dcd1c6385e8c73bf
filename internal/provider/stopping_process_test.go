//go:build unix

package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// These tests send SIGTERM to a provider that is a program of its own, as CI systems and
// kubelets do.

// answersLate works at once and answers only when the run has been stopped.
var answersLate = &misbehaviour{works: true, answer: func(w http.ResponseWriter, _ *http.Request, answer *httptest.ResponseRecorder) {
	time.Sleep(2 * time.Second)
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}}

// SIGTERM arrives while a refund, a payout, a link and a mail are under way. It goes to the
// group of processes, to the CLI or to the provider. What the gateway answers a moment later is
// in the state. What it never answers is kept as unknown. The next apply sends none of it
// again.
func TestTerminatedRunLosesNothing(t *testing.T) {
	clitest.NeedCLI(t)
	cliConfig := clitest.BuildProvider(t)
	for name, kill := range map[string]func(cli, provider int) error{
		"the group":    func(cli, _ int) error { return syscall.Kill(-cli, syscall.SIGTERM) },
		"the CLI":      func(cli, _ int) error { return syscall.Kill(cli, syscall.SIGTERM) },
		"the provider": func(_, provider int) error { return syscall.Kill(provider, syscall.SIGTERM) },
	} {
		t.Run(name+", answered", func(t *testing.T) { newTermination(t, cliConfig, answersLate, kill).isAnswered() })
		t.Run(name+", not answered", func(t *testing.T) { newTermination(t, cliConfig, worksAndHangs, kill).isUnclear() })
	}
}

// termination is an apply that was ended in the middle of a refund, a payout, a link and a
// mail.
type termination struct {
	*clitest.Workspace
	front    *front
	settings string
	money    string
	result   *clitest.Result
}

func newTermination(t *testing.T, cliConfig string, how *misbehaviour, kill func(cli, provider int) error) *termination {
	t.Helper()
	w, payment := newPaidWorkspace(t)
	s := &termination{Workspace: w, front: before(t, w.Sandbox.Handler()), money: refundConfig(payment) + payoutConfig}
	s.settings = clitest.ProviderBlock(s.front.URL)
	providerID := w.ServeProgram(cliConfig)
	w.MustApply(linkTerminal + s.settings)
	w.Sandbox.ResetRequests()
	s.front.behave(func(c frontCall) *misbehaviour {
		switch c.operation {
		case "CreateRefund", "invoices", "CreatePayment", "send":
			return how
		}
		return nil
	})
	w.Write(s.money + autoLink + mailedInvoice + s.settings)
	s.result = w.Interrupt(s.front.inTrouble(t.Context(), 4), func(cli int) error { return kill(cli, providerID()) }, "apply", "-auto-approve")
	s.front.behave(nil)
	return s
}

// isSentOnce checks that nothing that was under way has been sent again.
func (s *termination) isSentOnce() {
	s.T.Helper()
	for _, operation := range []string{"CreateRefund", "CreatePayment", "p2p.create", "paykeeper.send", "paykeeper.preview"} {
		s.Sent(operation, 1)
	}
	s.Mailed(1)
}

func (s *termination) isAnswered() {
	s.T.Helper()
	s.StateHas(refundAddress, map[string]any{"status": "successful", "id": s.Refunds()[0].ID})
	s.StateHas(invoiceAddress, map[string]any{"status": "created", "id": s.P2PInvoices()[0].ID})
	s.StateHas(linkAddress, map[string]any{"status": "init", "id": s.Payments()[len(s.Payments())-1].ID})
	s.StateHas("invoice_invoice.mailed", map[string]any{"id": s.PayKeeperInvoices()[0].ID})
	s.isSentOnce()
	s.Apply().Succeeds()
	s.Plan().Succeeds().ChangesNothing()
	s.isSentOnce()
}

func (s *termination) isUnclear() {
	s.T.Helper()
	s.result.Fails()
	s.result.Fails("Cannot make the refund", "no answer came, not even in the 4s after the run was stopped", "it may have been made")
	s.result.Fails("Cannot make the payout", "no answer came, not even in the 4s after the run was stopped", "it may have been made")
	s.result.Fails("Cannot issue the payment link", "The payment may have been issued")
	s.result.Warns("The invoice may not have been sent", "it is not mailed again")
	s.StateHas(refundAddress, map[string]any{"status": ledger.StatusUnknown, "id": nil})
	s.StateHas(invoiceAddress, map[string]any{"status": ledger.StatusUnknown, "id": nil})
	s.StateHas(linkAddress, map[string]any{"status": ledger.StatusUnknown, "order_id": s.Payments()[len(s.Payments())-1].OrderID})
	s.StateHas("invoice_invoice.mailed", map[string]any{"id": s.PayKeeperInvoices()[0].ID})
	s.Apply().Fails("refund", "It is not sent again")
	s.isSentOnce()

	// The link is closed and issued anew, and the invoice shows as sent.
	s.Forget(refundAddress, invoiceAddress)
	s.MustApply(autoLink + mailedInvoice + s.settings)
	s.Sent("CreateRefund", 1)
	s.Sent("p2p.create", 1)
	s.Mailed(1)
	s.PaymentsAre("successful closed init")
	s.StateHas("invoice_invoice.mailed", map[string]any{"status": "sent"})
}

// The provider gets SIGTERM, and its CLI is killed then. The provider does not live on.
func TestTerminatedProviderEndsWithoutItsCLI(t *testing.T) {
	clitest.NeedCLI(t)
	w := newWorkspace(t)
	f := before(t, w.Sandbox.Handler())
	providerID := w.ServeProgram(clitest.BuildProvider(t))
	w.Write(linkTerminal + clitest.ProviderBlock(f.URL))
	f.behave(func(frontCall) *misbehaviour { return hangs })
	id := 0
	w.Interrupt(f.inTrouble(t.Context(), 1), func(cli int) error {
		id = providerID()
		return syscall.Kill(cli, syscall.SIGKILL)
	}, "apply", "-auto-approve").Fails()
	time.Sleep(500 * time.Millisecond)
	if !isAlive(id) {
		t.Skip("it ended with its CLI")
	}
	w.Must(syscall.Kill(id, syscall.SIGTERM))
	for started := time.Now(); isAlive(id); time.Sleep(100 * time.Millisecond) {
		if time.Since(started) > 4*exitPause {
			_ = syscall.Kill(id, syscall.SIGKILL)
			t.Fatalf("the provider lives %s after SIGTERM, without a CLI", time.Since(started))
		}
	}
}

// isAlive reports whether a process runs. An ended process may remain until its parent is told.
func isAlive(id int) bool {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", id)); err == nil {
		_, after, _ := strings.Cut(string(stat), ") ")
		return !strings.HasPrefix(after, "Z")
	}
	return syscall.Kill(id, 0) == nil
}
