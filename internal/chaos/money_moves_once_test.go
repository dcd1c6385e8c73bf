//go:build unix

package chaos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

type moneyTally struct {
	once, twice, lost, unknown, applies int
	actions                             map[string]int
}

func (t *moneyTally) add(other *moneyTally) {
	t.once += other.once
	t.twice += other.twice
	t.lost += other.lost
	t.unknown += other.unknown
	t.applies += other.applies
	for kind, count := range other.actions {
		t.actions[kind] += count
	}
}

// TestMoneyMovesOnce sends refunds and payouts through real servers, which answer before
// the work is done, cut connections and reset streams. Meanwhile an operator renames,
// taints, replaces and moves them, provisioners fail, and the operator follows the
// errors. Each refund and payout must be carried out once.
func TestMoneyMovesOnce(t *testing.T) {
	each, days := size(6, 100), size(2, 5)
	var mu sync.Mutex
	total := &moneyTally{actions: map[string]int{}}
	var through []string
	t.Run("through", func(t *testing.T) {
		for round := range size(1, 2) {
			for number, server := range servers {
				t.Run(fmt.Sprintf("%s/%d", server.name, round), func(t *testing.T) {
					t.Parallel()
					w, endpoint := newWorkspaceBehind(t, server)
					o := &operator{
						workspace: w, dice: newDice(t), config: moneyConfig, createBeforeDestroy: (number+round)%2 == 1,
						nextAction: 3 * number, tally: &moneyTally{actions: map[string]int{}},
					}
					o.parallelism = []int{1, 10, 50}[(number+round)%3]
					o.runDays(server.faults, each, days)
					endpoint.mustNotSpeakHTTP2(t)
					mu.Lock()
					defer mu.Unlock()
					total.add(o.tally)
					if round == 0 {
						through = append(through, server.name)
					}
				})
			}
		}
	})
	slices.Sort(through)
	addFigure("%s refunds and payouts through %s: %d carried out exactly once, %d twice, %d lost without a word (%d with an unknown outcome and looked up, %d applies; %v)",
		thousands(total.once+total.twice+total.lost), strings.Join(through, ", "), total.once, total.twice, total.lost, total.unknown, total.applies, total.actions)
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// runDays makes so many refunds and payouts, a part of them each day.
func (o *operator) runDays(faults []sandbox.Fault, count, days int) {
	o.t.Helper()
	o.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s", "INVOICE_MAX_RETRIES=2"}
	o.makePaidPayments((count + 3) / 4)
	o.writeModule()
	for day := range days {
		arguments := o.act(o.managed(), max(4, count/5))
		o.add(count*(day+1)/days - len(o.all))
		o.writeConfig()
		for _, operation := range []string{"CreateRefund", "p2p.create"} {
			fault := faults[o.dice.IntN(len(faults))]
			fault.Operation, fault.Every = operation, 2+o.dice.IntN(size(1, 4))
			o.box.Inject(fault)
		}
		o.applyUntilDone(arguments)
		o.endDay()
		o.completePayouts()
		printProgress(o.t, "day %d of %d: %d refunds and payouts, %d with an unknown outcome, %d applies", day+1, days, len(o.all), o.tally.unknown, o.tally.applies)
	}
	// What lost its protection on the last day is taken out.
	o.applyUntilDone(nil)
	o.mustPlanNothing()
	o.audit()
}

// completePayouts marks some payouts as paid at the gateway.
func (o *operator) completePayouts() {
	o.t.Helper()
	payouts, err := o.box.P2P.Invoices.All()
	check(o.t, err)
	for _, payout := range payouts {
		if payout.Status == "new" && o.dice.IntN(3) == 0 {
			check(o.t, o.box.P2P.SetStatus(payout.ID, "paid"))
		}
	}
}

// applyUntilDone applies and follows the errors, until an apply succeeds.
func (o *operator) applyUntilDone(arguments []string) {
	o.t.Helper()
	var last outcome
	for try := range 12 {
		if try == 3 {
			o.box.ClearFaults()
		}
		last = o.apply(arguments...)
		o.tally.applies++
		o.waitForLateWork()
		if last.ok {
			o.box.ClearFaults()
			o.box.ResetRequests()
			return
		}
		o.noteReplaced(arguments, last.errors)
		arguments = nil
		o.followErrors(last.errors)
	}
	var taken []string
	for _, a := range o.actions {
		taken = append(taken, fmt.Sprintf("%s: %s → %s, refused: %t", a.kind, a.before, a.what.address(), a.isRefused))
	}
	o.t.Fatalf("no apply succeeds:\n%s\nactions:\n%s\nmoved: %v\nimports: %v\nstate: %v",
		last.summary(), strings.Join(taken, "\n"), o.moved, o.imports, o.inState())
}

// noteReplaced notes which -replace was refused. The next apply goes without.
func (o *operator) noteReplaced(arguments, errors []string) {
	for _, a := range o.actions {
		if a.kind != replaced || len(arguments) == 0 {
			continue
		}
		for _, text := range errors {
			if strings.HasPrefix(text, a.before+": ") && strings.Contains(text, remedies[replaced]) {
				a.isRefused = true
			}
		}
	}
}

// callSandbox calls the gateway, without the network in between.
func (o *operator) callSandbox(operation, body string, answer any) {
	o.t.Helper()
	req := httptest.NewRequest(http.MethodPost, "/invoice/api/v2/"+operation, strings.NewReader(body))
	req.Host = "localhost" // not example.com, which the sandbox refuses
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(invoiceapi.TestMerchantID, invoiceapi.TestAPIKey)
	resp := httptest.NewRecorder()
	o.box.Handler().ServeHTTP(resp, req)
	if resp.Code != http.StatusOK {
		o.t.Fatalf("%s: %d %s", operation, resp.Code, resp.Body)
	}
	check(o.t, json.Unmarshal(resp.Body.Bytes(), answer))
}
