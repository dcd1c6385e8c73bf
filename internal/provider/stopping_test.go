//go:build unix

package provider

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// These tests press Ctrl-C: they send SIGINT to the real CLI, which asks the provider to stop.
// The provider is timed from the arrival of the stop to the end of the last request. The CLI
// needs time of its own to write the state and to end, which is not the provider's and is only
// bounded.

// timed notes when the CLI asks the provider to stop, and when the last request has ended.
type timed struct {
	protocolServer
	mu            sync.Mutex
	stopped, last time.Time
	stops         int
}

func (s *timed) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.mu.Lock()
	if s.stops++; s.stops == 1 {
		s.stopped = time.Now()
	}
	s.mu.Unlock()
	return s.protocolServer.StopProvider(ctx, req)
}

func (s *timed) ended() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = time.Now()
}

func (s *timed) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	defer s.ended()
	return s.protocolServer.ReadResource(ctx, req)
}

func (s *timed) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	defer s.ended()
	return s.protocolServer.ApplyResourceChange(ctx, req)
}

func (s *timed) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	defer s.ended()
	return s.protocolServer.ReadDataSource(ctx, req)
}

// interrupt runs the CLI with a provider, and presses Ctrl-C once so many calls are in trouble
// at the front.
func interrupt(w *clitest.Workspace, f *front, calls int, p *invoiceProvider, args ...string) *clitest.Result {
	w.T.Helper()
	server := &timed{protocolServer: newServer(p)}
	defer func(env []string) { w.Env = env }(w.Env)
	w.Serve(server)
	r := w.Interrupt(f.inTrouble(w.T.Context(), calls), func(cli int) error { return syscall.Kill(cli, syscall.SIGINT) }, args...)
	server.mu.Lock()
	defer server.mu.Unlock()
	if server.stops == 0 {
		w.T.Fatalf("the provider was not asked to stop:\n%s", r.String())
	}
	took := server.last.Sub(server.stopped)
	w.T.Logf("the provider's last request ended %s after the stop", took)
	if took > stopLimit {
		w.T.Errorf("the provider's last request ended %s after the stop", took)
	}
	return r
}

var manyLinks = linkTerminal + countedLinks("configured", 15, orderByIndex) + countedLinks("made", 15)

// The run is stopped in the middle of thirty links. Issued links are in the state. Links that
// were cut off are there by their order id, or are found by it. The next apply ends with one
// open payment for each, all of them in the state.
func TestStoppedLinksAreNeitherLostNorDoubled(t *testing.T) {
	w, f, settings := newFrontedWorkspace(t)
	w.MustApply(linkTerminal)
	w.Write(manyLinks + settings)
	// Of each kind, seven are issued and eight are not answered. So among the ten that Terraform
	// waits for there are at least two of each kind, and one of them was carried out.
	configured, made := 0, 0
	f.behave(func(c frontCall) *misbehaviour {
		if c.operation != "CreatePayment" {
			return nil
		}
		kind := &made
		if strings.Contains(c.body, `"order-`) {
			kind = &configured
		}
		*kind++
		switch {
		case *kind <= 7:
			return nil
		case *kind%2 == 0:
			return worksAndHangs
		}
		return hangs
	})
	r := interrupt(w, f, 10, testProvider(), "apply", "-auto-approve").Fails()
	r.Fails("Cannot issue the payment link", "context canceled", "The payment may have been issued")
	ids, orders := map[any]bool{}, map[any]bool{}
	for _, one := range w.Resources() {
		if one["status"] == ledger.StatusUnknown {
			orders[one["order_id"]] = true
		} else {
			ids[one["id"]] = true
		}
	}
	issued := w.Payments()
	if len(issued) < 16 || len(orders) < 2 {
		t.Errorf("%d payments were issued, and %d links are unknown, want 16 and 2 at least", len(issued), len(orders))
	}
	for _, payment := range issued {
		if !ids[payment.ID] && !orders[payment.OrderID] && !strings.HasPrefix(payment.OrderID, "order-") {
			t.Errorf("payment %s of order %s is lost", payment.ID, payment.OrderID)
		}
	}

	f.behave(nil)
	time.Sleep(testProvider().settleTime) // until then, what was cut off may still come
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	ids = map[any]bool{}
	for _, one := range w.Resources() {
		ids[one["id"]] = true
	}
	open := 0
	for _, payment := range w.Payments() {
		if payment.Status == "init" {
			open++
			if !ids[payment.ID] {
				t.Errorf("payment %s of order %s is open, and not in the state", payment.ID, payment.OrderID)
			}
		}
	}
	if open != 30 {
		t.Errorf("%d open payments, want 30", open)
	}
}

// A refund and a payout that are cut off are sent once, whether or not they reached the
// gateway. They are kept and not sent again.
func TestStoppedMoneyIsSentOnce(t *testing.T) {
	for name, cut := range map[string]*misbehaviour{"that moves": worksAndHangs, "that does not move": hangs} {
		t.Run(name, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			f := before(t, w.Sandbox.Handler())
			f.behave(func(c frontCall) *misbehaviour {
				if c.operation == "CreateRefund" || c.operation == "invoices" {
					return cut
				}
				return nil
			})
			w.Write(refundConfig(payment) + payoutConfig + clitest.ProviderBlock(f.URL))
			r := interrupt(w, f, 2, testProvider(), "apply", "-auto-approve").Fails()
			r.Fails("Cannot make the refund", "context canceled", "it may have been made")
			r.Fails("Cannot make the payout", "context canceled", "it may have been made")
			w.StateHas(refundAddress, map[string]any{"status": "unknown", "id": nil})
			w.StateHas(invoiceAddress, map[string]any{"status": "unknown", "id": nil})
			want := 0
			if name == "that moves" {
				want = 1
			}
			for range 2 {
				if len(w.Refunds()) != want || len(w.P2PInvoices()) != want {
					t.Errorf("%d refunds and %d payouts, want %d", len(w.Refunds()), len(w.P2PInvoices()), want)
				}
				f.behave(nil)
				w.Apply().Fails("refund", "It is not sent again")
			}
		})
	}
}

// All kinds of waiting happen at once: for an answer, for a token that another call fetches,
// for the lock of an order, in the pause that a gateway asked for, in the pause before a
// repetition, and before a look-up.
func TestStopEndsAllKindsOfWaiting(t *testing.T) {
	paykeeper := func(name string) string {
		return fmt.Sprintf("resource \"invoice_invoice\" %q {\n amount = \"5\"\n paykeeper = {}\n}\n", name)
	}
	terminal := func(name, alias string) string {
		return fmt.Sprintf("resource \"invoice_terminal\" %q {\n alias = %q\n name = \"n\"\n}\n", name, alias)
	}
	w, f, settings := newFrontedWorkspace(t)
	w.Write(settings + paykeeper("first") + paykeeper("second") + p2pInvoice() + terminal("hangs", "a") + terminal("locked", "a") +
		terminal("waits", "b") + terminal("repeats", "c") + terminal("issued", "d"))
	f.behave(func(c frontCall) *misbehaviour {
		switch {
		case c.operation == "token" || c.operation == "GetTerminal" && strings.Contains(c.body, `"a"`):
			return hangs
		case c.operation == "GetTerminal" && strings.Contains(c.body, `"b"`):
			return tellsToWait
		case c.operation == "GetTerminal" && strings.Contains(c.body, `"c"`):
			return fails
		case c.operation == "invoices":
			return worksAndCuts
		}
		return nil
	})
	interrupt(w, f, 5, patientProvider(), "apply", "-auto-approve").Fails()
	w.StateLacks("invoice_terminal.waits")
	// The order id finds the invoice that was cut off. It is canceled before another one is
	// issued, and nothing else was made.
	f.behave(nil)
	w.Apply().Succeeds()
	w.InvoicesAre("created created canceled new")
	if got := len(w.Terminals()); got != 4 {
		t.Errorf("%d terminals, want 4", got)
	}
}

// At one request in ten seconds, nobody waits for the rest.
func TestStopEndsWaitingForTheRateLimit(t *testing.T) {
	w, f, settings := newFrontedWorkspace(t)
	w.Write(strings.Replace(settings, "max_retries = 2", "requests_per_second = 0.1", 1) +
		"resource \"invoice_terminal\" \"t\" {\n count = 5\n alias = \"t-${count.index}\"\n name = \"n\"\n}\n")
	f.behave(func(frontCall) *misbehaviour { return fails })
	interrupt(w, f, 1, testProvider(), "apply", "-auto-approve").Fails()
	if got := f.received(); got != 1 {
		t.Errorf("%d calls arrived, want 1", got)
	}
}

// A refresh, a look-up and a destroy are stopped. The state stays as it is, and the next
// destroy does the rest.
func TestStopOfWhatIsNoCreationChangesNothing(t *testing.T) {
	w, f, settings := newFrontedWorkspace(t)
	w.Must(w.Sandbox.SeedHistory(150, 1))
	config := linkConfig + p2pInvoice() + settings
	history := "data \"invoice_history\" \"all\" {\n gateway = \"paykeeper\"\n}\n"
	w.MustApply(config)
	stop := func(calls int, operations string, how *misbehaviour, args ...string) {
		f.behave(func(c frontCall) *misbehaviour {
			if strings.Contains(" "+operations+" ", " "+c.operation+" ") {
				return how
			}
			return nil
		})
		interrupt(w, f, calls, testProvider(), args...).Fails()
		f.behave(nil)
		if got := len(w.Resources()); got != 3 {
			t.Errorf("%v: %d resources are in the state, want 3", args, got)
		}
	}
	stop(1, "GetTerminal GetPayment", hangs, "plan")
	w.Write(config + history)
	stop(1, "list", hangs, "plan")
	w.Write(config)
	stop(2, "ClosePayment cancel", worksAndHangs, "destroy", "-auto-approve")
	w.Destroy().Succeeds()
	w.PaymentsAre("closed")
	if got := w.P2PInvoices()[0].Status; got != "canceled" {
		t.Errorf("the P2P invoice is %q, want it canceled", got)
	}
}

// A real Ctrl-C goes to the whole group of processes, and so does SIGTERM from whoever ends a
// job. The provider is one of them. It ends what it is doing, also while an apply refreshes,
// when Terraform asks nobody to stop.
func TestStopReachesTheWholeGroup(t *testing.T) {
	for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sent.String(), func(t *testing.T) { stopTheWholeGroup(t, sent) })
	}
}

func stopTheWholeGroup(t *testing.T, sent syscall.Signal) {
	t.Helper()
	w, f, settings := newFrontedWorkspace(t)
	program, err := os.Executable()
	w.Must(err)
	plugins, cliConfig := t.TempDir(), filepath.Join(t.TempDir(), "cli.tfrc")
	w.Must(os.Symlink(program, filepath.Join(plugins, pluginName)))
	w.Must(os.WriteFile(cliConfig, fmt.Appendf(nil, "provider_installation {\n  dev_overrides {\n    \"invoice-iac/invoice\" = %q\n  }\n  direct {}\n}\n", plugins), 0o600))
	w.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", "NO_COLOR=1")
	w.MustApply(linkTerminal + settings)
	w.Write(autoLink + settings)
	f.behave(func(c frontCall) *misbehaviour {
		if c.operation == "CreatePayment" {
			return worksAndHangs
		}
		return nil
	})
	r := w.Interrupt(f.inTrouble(t.Context(), 1), func(cli int) error { return syscall.Kill(-cli, sent) }, "apply", "-auto-approve")
	r.Fails("Cannot issue the payment link", "context canceled", "The payment may have been issued")
	w.StateHas(linkAddress, map[string]any{"status": "unknown", "order_id": w.OnlyPayment().OrderID})
	f.behave(nil)
	w.Apply().Succeeds()
	w.PaymentsAre("closed init")

	f.behave(func(c frontCall) *misbehaviour {
		if c.operation == "GetPayment" {
			return hangs
		}
		return nil
	})
	w.Interrupt(f.inTrouble(t.Context(), 1), func(cli int) error { return syscall.Kill(-cli, sent) }, "apply", "-auto-approve").Fails()
	w.PaymentsAre("closed init")
}
