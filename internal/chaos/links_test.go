package chaos

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// linksConfig has so many payment links, with order ids of the merchant's or
// with those that the provider makes.
func linksConfig(count int, orderID string) string {
	if orderID != "" {
		orderID = fmt.Sprintf("order_id    = %q", orderID)
	}
	return fmt.Sprintf(`
resource "invoice_terminal" "till" {
  alias = "till"
  name  = "Касса"
  type  = "dynamic"
}

resource "invoice_payment_link" "order" {
  count       = %d
  terminal_id = invoice_terminal.till.id
  amount      = "1500.50"
  receipt     = [{ name = "Чай", price = "1500.50", quantity = 1, result_price = "1500.50" }]
  %s
}
`, count, orderID)
}

// auditLinks compares the payments that can be paid at the gateway with the links in
// the state: doubles are further ones of one order, lost ones are open and in no
// state, or in the state and not open.
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

// hits counts the requests that a fault of the sandbox hit.
func (w *workspace) hits() int {
	hit := 0
	for _, request := range w.box.Requests() {
		if request.Fault != "" {
			hit++
		}
	}
	return hit
}

// Every tenth answer of the gateway is lost after the work was done, look-ups
// included.
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
			lostAnswers, requests := w.hits(), len(w.box.Requests())
			if lostAnswers < count/10 {
				t.Errorf("only %d answers were lost", lostAnswers)
			}
			doubles, lost := w.auditLinks(count)
			w.mustHaveNothingToDo()
			figure("%d payment links, every tenth answer lost, %s: %d double, %d lost, %d errors (%d of %d answers lost, %s)",
				count, kind.name, doubles, lost, len(result.errors), lostAnswers, requests, result.took.Round(100*1e6))
		})
	}
}

// The same, while the network itself goes wrong in each of its ways.
func TestLinksInAStorm(t *testing.T) {
	count := size(15, 100)
	for _, storm := range storms {
		t.Run(storm.name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t)
			w.write(linksConfig(count, "order-${count.index}"))
			w.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s"} // what is unclear is looked for as long
			storm.spoil(w.network, dice(t))
			// A bad network may well end in an error. What counts is what it
			// leaves behind, and that a good one puts it right.
			result := w.apply()
			w.network.heal()
			w.mustApplyOnceSettled()
			doubles, lost := w.auditLinks(count)
			w.mustHaveNothingToDo()
			figure("%d payment links, %s: %d double, %d lost (%d errors until the network was well again, %d requests)",
				count, storm.name, doubles, lost, len(result.errors), len(w.box.Requests()))
		})
	}
}

// mustApplyOnceSettled does what the error says of a link that may still be issued:
// it waits, and applies again.
func (w *workspace) mustApplyOnceSettled() {
	w.t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(10 * time.Second) {
		result := w.apply()
		if result.ok {
			return
		}
		if text := strings.Join(strings.Fields(result.describe()), " "); !strings.Contains(text, "A payment may still be issued") || time.Now().After(deadline) {
			w.t.Fatalf("apply failed:\n%s", result.describe())
		}
	}
}
