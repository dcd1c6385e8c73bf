package chaos

import (
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// auditLinks compares the open payments at the gateway with the links in the state.
// A double is a second payment of one order. A lost one is open and not in the state,
// or in the state and not open.
func (w *workspace) auditLinks(want int) (doubles, lost int) {
	w.t.Helper()
	payments, err := w.box.InvoiceAPI.Payments.All()
	check(w.t, err)
	open, orders := map[string]bool{}, map[string]int{}
	for _, payment := range payments {
		if payment.Status == "init" {
			open[payment.ID] = true
			orders[payment.OrderID]++
		}
	}
	for order, count := range orders {
		if count > 1 {
			w.t.Errorf("order %s has %d open payments", order, count)
			doubles += count - 1
		}
	}
	links := w.state("invoice_payment_link")
	if len(links) != want {
		w.t.Errorf("the state has %d links, want %d", len(links), want)
	}
	for _, link := range links {
		id := link.text("id")
		if !open[id] {
			w.t.Errorf("%s is payment %q, which is not open", link.Address, id)
			lost++
		}
		delete(open, id)
	}
	for id := range open {
		w.t.Errorf("payment %s is open and not in the state", id)
		lost++
	}
	return doubles, lost
}

// faultHits counts the requests that a fault of the sandbox hit.
func (w *workspace) faultHits() int {
	hits := 0
	for _, request := range w.box.Requests() {
		if request.Fault != "" {
			hits++
		}
	}
	return hits
}

// TestLinksWhileAnswersAreLost loses every tenth answer of the gateway after the work
// is done, those to look-ups included.
func TestLinksWhileAnswersAreLost(t *testing.T) {
	count := size(40, 1000)
	for _, kind := range []struct{ name, orderID string }{{"order ids made by the provider", ""}, {"the merchant's order ids", "order-${count.index}"}} {
		t.Run(kind.name, func(t *testing.T) {
			w := newWorkspace(t)
			w.write(linksConfig(count, kind.orderID))
			w.box.Inject(sandbox.Fault{Kind: sandbox.FaultLostAnswer, Every: 10})
			result := w.apply()
			for _, text := range result.errors {
				t.Error(text)
			}
			if !result.ok && len(result.errors) == 0 {
				t.Error(result.output)
			}
			lostAnswers, requests := w.faultHits(), len(w.box.Requests())
			if lostAnswers < count/10 {
				t.Errorf("only %d answers were lost", lostAnswers)
			}
			doubles, lost := w.auditLinks(count)
			w.mustPlanNothing()
			addFigure("%d payment links, every tenth answer lost, %s: %d double, %d lost, %d errors (%d of %d answers lost, %s)",
				count, kind.name, doubles, lost, len(result.errors), lostAnswers, requests, result.took.Round(100*1e6))
		})
	}
}

// TestLinksInAStorm creates links while the network fails, in each way it can.
func TestLinksInAStorm(t *testing.T) {
	count := size(15, 100)
	for _, storm := range storms {
		t.Run(storm.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.write(linksConfig(count, "order-${count.index}"))
			w.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s"} // what may have been created is looked for as long
			storm.begin(w.network, newDice(t))
			// A bad network may end the apply with an error. What counts is what it
			// leaves behind, and that the next apply repairs it.
			result := w.apply()
			w.network.restore()
			w.mustApplyOnceSettled()
			doubles, lost := w.auditLinks(count)
			w.mustPlanNothing()
			addFigure("%d payment links, %s: %d double, %d lost (%d errors until the network was restored, %d requests)",
				count, storm.name, doubles, lost, len(result.errors), len(w.box.Requests()))
		})
	}
}

// mustApplyOnceSettled follows the error about a link that may still be issued: it
// waits, and applies again.
func (w *workspace) mustApplyOnceSettled() {
	w.t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(10 * time.Second) {
		result := w.apply()
		if result.ok {
			return
		}
		if text := strings.Join(strings.Fields(result.summary()), " "); !strings.Contains(text, mayStillBeIssued) || time.Now().After(deadline) {
			w.t.Fatalf("apply failed:\n%s", result.summary())
		}
	}
}
