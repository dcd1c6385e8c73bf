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
	once, twice, lost, unclear, applies int
	deeds                               map[string]int
}

func (t *moneyTally) add(o *moneyTally) {
	t.once, t.twice, t.lost, t.unclear, t.applies = t.once+o.once, t.twice+o.twice, t.lost+o.lost, t.unclear+o.unclear, t.applies+o.applies
	for deed, count := range o.deeds {
		t.deeds[deed] += count
	}
}

// TestMoneyMovesOnce lets refunds and payouts go through real servers that answer
// before the work is done, cut connections and reset streams, while a person
// renames, taints, replaces and moves them, provisioners fail beside them, and the
// errors are read and followed. Each of them must be carried out once.
func TestMoneyMovesOnce(t *testing.T) {
	each, days := size(6, 100), size(2, 5)
	var mu sync.Mutex
	total := &moneyTally{deeds: map[string]int{}}
	var through []string
	t.Run("through", func(t *testing.T) {
		for round := range size(1, 2) {
			for number, one := range servers {
				t.Run(fmt.Sprintf("%s/%d", one.name, round), func(t *testing.T) {
					t.Parallel()
					w, f := newWorkspaceBehind(t, one)
					c := &cashier{workspace: w, dice: dice(t), createsBeforeDestroying: (number+round)%2 == 1, dealt: 3 * number, tally: &moneyTally{deeds: map[string]int{}}}
					c.parallelism = []int{1, 10, 50}[(number+round)%3]
					c.days(one.provoke, each, days)
					f.mustNotSpeakHTTP2(t)
					mu.Lock()
					defer mu.Unlock()
					total.add(c.tally)
					if round == 0 {
						through = append(through, one.name)
					}
				})
			}
		}
	})
	slices.Sort(through)
	figure("%s refunds and payouts through %s: %d carried out exactly once, %d twice, %d lost without a word (%d unclear and looked up, %d applies; %v)",
		thousands(total.once+total.twice+total.lost), strings.Join(through, ", "), total.once, total.twice, total.lost, total.unclear, total.applies, total.deeds)
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// days lets so many refunds and payouts go, a part of them each day.
func (c *cashier) days(provoke []sandbox.Fault, count, days int) {
	c.t.Helper()
	c.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s", "INVOICE_MAX_RETRIES=2"}
	c.pay((count + 3) / 4)
	c.build()
	for day := range days {
		arguments := c.misuse(max(4, count/5))
		c.add(count*(day+1)/days - len(c.all))
		c.save()
		for _, operation := range []string{"CreateRefund", "p2p.create"} {
			fault := provoke[c.dice.IntN(len(provoke))]
			fault.Operation, fault.Every = operation, 2+c.dice.IntN(size(1, 4))
			c.box.Inject(fault)
		}
		c.settleDay(arguments)
		c.endDay()
		c.payOut()
		progress(c.t, "day %d of %d: %d refunds and payouts, %d unclear, %d applies", day+1, days, len(c.all), c.tally.unclear, c.tally.applies)
	}
	// What was made forgettable on the last day is forgotten.
	c.settleDay(nil)
	c.mustHaveNothingToDo()
	c.audit()
}

// payOut lets the money of some payouts arrive.
func (c *cashier) payOut() {
	c.t.Helper()
	payouts, err := c.box.P2P.Invoices.All()
	check(c.t, err)
	for _, payout := range payouts {
		if payout.Status == "new" && c.dice.IntN(3) == 0 {
			check(c.t, c.box.P2P.SetStatus(payout.ID, "paid"))
		}
	}
}

// settleDay applies until there is nothing left to do, and follows the errors.
func (c *cashier) settleDay(arguments []string) {
	c.t.Helper()
	var last outcome
	for try := range 12 {
		if try == 3 {
			c.box.ClearFaults()
		}
		last = c.apply(arguments...)
		c.tally.applies++
		c.waitForLateWork()
		if last.ok {
			c.box.ClearFaults()
			c.box.ResetRequests()
			return
		}
		c.noteReplaced(arguments, last.errors)
		arguments = nil
		c.read(last.errors)
	}
	c.t.Fatalf("the money does not come to rest:\n%s", last.describe())
}

// noteReplaced notes which -replace was refused; the next apply does without.
func (c *cashier) noteReplaced(arguments, errors []string) {
	for _, w := range c.wishes {
		if w.kind != replaced || len(arguments) == 0 {
			continue
		}
		for _, text := range errors {
			if strings.HasPrefix(text, w.before+": ") && strings.Contains(text, mistakes[replaced]) {
				w.isRefused = true
			}
		}
	}
}

// call asks the sandbox itself, as whoever fills it does.
func (c *cashier) call(operation, body string, answer any) {
	c.t.Helper()
	req := httptest.NewRequest(http.MethodPost, "/invoice/api/v2/"+operation, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(invoiceapi.TestMerchantID, invoiceapi.TestAPIKey)
	resp := httptest.NewRecorder()
	c.box.Handler().ServeHTTP(resp, req)
	if resp.Code != http.StatusOK {
		c.t.Fatalf("%s: %d %s", operation, resp.Code, resp.Body)
	}
	check(c.t, json.Unmarshal(resp.Body.Bytes(), answer))
}
