package provider

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// at lists the times of the calls to one gateway, in order. "" means all gateways.
func at(requests []sandbox.Request, gateway string) []time.Time {
	var times []time.Time
	for _, one := range requests {
		if strings.HasPrefix(one.Path, "/"+gateway) {
			times = append(times, one.At)
		}
	}
	return times
}

// excess is the maximum number of calls above the limit in any window of time. The limit allows
// one call at once, and then as many a second as the rate.
func excess(times []time.Time, rate float64) float64 {
	highest := 0.0
	for i := range times {
		for j := i; j < len(times); j++ {
			highest = max(highest, float64(j-i)-rate*times[j].Sub(times[i]).Seconds())
		}
	}
	return highest
}

var limitedConfig = countedLinks("l", 5, orderByIndex) + `
resource "invoice_terminal" "t" {
  count = 5
  alias = "t-${count.index}"
  name  = "n"
}
data "invoice_payment" "p" {
  count = 2
  id    = invoice_payment_link.l[count.index].id
}
resource "invoice_invoice" "paykeeper" {
  count     = 5
  amount    = "10"
  order_id  = "order-${count.index}"
  paykeeper = {}
}
resource "invoice_invoice" "p2p" {
  count    = 5
  amount   = "10"
  order_id = "order-${count.index}"
  p2p = {
    direction          = "in"
    notification_url   = "https://shop.example.com/hook"
    notification_token = "token"
  }
}
`

// Resources of all types, data sources and repetitions share the limit of their gateway. Each
// gateway has a limit of its own.
func TestLimitHoldsOverAllResources(t *testing.T) {
	const rate = 5.0
	w := newWorkspace(t)
	w.MustApply(linkTerminal)
	w.Sandbox.ResetRequests()
	w.Sandbox.Inject(sandbox.Fault{Operation: "GetTerminal", Kind: sandbox.FaultStatus, Times: 2})
	w.Sandbox.Inject(sandbox.Fault{Operation: "paykeeper.search", Kind: sandbox.FaultStatus, Times: 2})
	w.Write(strings.Replace(clitest.ProviderBlock(w.URL), "max_retries = 2", fmt.Sprintf("requests_per_second = %g", rate), 1) + linkTerminal + limitedConfig)
	// The apply does not refresh, since the plan is a run of its own with a limit of its own.
	w.Apply("-refresh=false").Succeeds()
	requests := w.Sandbox.Requests()
	for gateway, minCalls := range map[string]int{"invoice": 24, "paykeeper": 18, "p2p": 10} {
		times := at(requests, gateway)
		if len(times) < minCalls {
			t.Errorf("%d calls of %s, want %d at least", len(times), gateway, minCalls)
		}
		// A machine that stalls lets calls through together that left one after another. Twice
		// the rate, or no limit, exceeds this tolerance by far.
		if got := excess(times, rate); got > 5 {
			t.Errorf("%s: %.1f calls more than %g a second: %v", gateway, got, rate, times)
		}
	}
	if got := excess(at(requests, ""), rate); got < 8 {
		t.Errorf("all gateways together have only %.1f calls more than one: they share a limit", got)
	}
}

// One creation makes many calls: a search that fails and is repeated, the token, the preview,
// the mail, and the read. Each waits for its turn.
func TestLimitCountsTokensAndRepetitions(t *testing.T) {
	t.Parallel()
	s := newStopScene(t)
	troubled := newPluginWith(t, testProvider(), s.front.URL, map[string]tftypes.Value{"requests_per_second": tftypes.NewValue(tftypes.Number, 2)})
	typeName, given := creations["PayKeeper invoice"](s, "order")
	request := s.calm.planNew(typeName, given)
	s.box.ResetRequests()
	s.box.Inject(sandbox.Fault{Operation: "paykeeper.search", Kind: sandbox.FaultStatus, Times: 1})
	resp, err := troubled.server.ApplyResourceChange(context.Background(), request)
	s.calm.ok(err, resp.Diagnostics)
	var order []string
	requests := s.box.Requests()
	for i, one := range requests {
		order = append(order, strings.TrimPrefix(one.Operation, "paykeeper."))
		// The turns are half a second apart. A call may be a little late.
		if i > 0 && one.At.Sub(requests[i-1].At) < 200*time.Millisecond {
			t.Errorf("%s came %s after the call before it", one.Operation, one.At.Sub(requests[i-1].At))
		}
	}
	if got, want := strings.Join(order, " "), "search search token preview send byid"; !strings.HasPrefix(got, want) {
		t.Errorf("calls %q, want %q", got, want)
	}
}

// Two gateways turn a call away, one with seconds and one with a date. Each call waits as long
// as it was told. Calls to other gateways do not wait.
func TestLimitOfOneGatewayDoesNotStallTheOthers(t *testing.T) {
	w, f, settings := newFrontedWorkspace(t)
	var date time.Time
	f.behave(func(c frontCall) *misbehaviour {
		switch {
		case c.operation == "CreateTerminal" && c.nth == 1:
			return toldToWait("3")
		case c.operation == "invoices" && c.nth == 1:
			// A date has whole seconds.
			date = time.Now().Add(4 * time.Second).Truncate(time.Second)
			return toldToWait(date.UTC().Format(http.TimeFormat))
		}
		return nil
	})
	w.Write(settings + p2pInvoice() + terminalConfig + strings.Replace(paykeeperInvoice(), `"one"`, `"other"`, 1))
	started := time.Now()
	w.Apply().Succeeds()
	// The sandbox did not see the calls that were turned away.
	created, issued := w.Sandbox.Requests("CreateTerminal"), w.Sandbox.Requests("p2p.create")
	if len(created) != 1 || len(issued) != 1 {
		t.Fatalf("%d terminals and %d invoices were sent, want one of each", len(created), len(issued))
	}
	lookedUp := w.Sandbox.Requests("GetTerminal")[0].At
	if waited := created[0].At.Sub(lookedUp); waited < 3*time.Second {
		t.Errorf("Invoice API was called again after %s, want 3 s", waited)
	}
	if issued[0].At.Before(date) {
		t.Errorf("P2P was called again at %s, want %s at the earliest", issued[0].At, date)
	}
	if took := time.Since(started); took > 30*time.Second {
		t.Errorf("the apply took %s: the pauses are longer than they were to be", took)
	}
	paykeeper := at(w.Sandbox.Requests(), "paykeeper")
	if last := paykeeper[len(paykeeper)-1]; len(paykeeper) < 4 || !last.Before(created[0].At) || !last.Before(issued[0].At) {
		t.Errorf("PayKeeper's %d calls ended at %s, after the pauses of the others, at %s and %s", len(paykeeper), last, created[0].At, issued[0].At)
	}
}
