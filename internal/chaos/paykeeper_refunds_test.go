//go:build unix

package chaos

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// The calls by which a payment of PayKeeper is refunded.
const (
	reverse     = "paykeeper.reverse"
	reversePath = "/change/payment/reverse/"
)

type refundTally struct {
	payments, refunds, once, twice, lost, unknown int
	// found are those with an unknown outcome that a refresh has found, adopted those that an
	// apply has found, imported those of which several fit, and unmade those that never
	// reached the gateway.
	unclear, found, adopted, imported, unmade, untainted, moved, torn, applies, lostAnswers int

	kills, actions map[string]int
}

func newRefundTally() *refundTally {
	return &refundTally{kills: map[string]int{}, actions: map[string]int{}}
}

func (t *refundTally) add(other *refundTally) {
	for sum, one := range map[*int]int{
		&t.payments: other.payments, &t.refunds: other.refunds, &t.once: other.once, &t.twice: other.twice, &t.lost: other.lost, &t.unknown: other.unknown,
		&t.unclear: other.unclear, &t.found: other.found, &t.adopted: other.adopted, &t.imported: other.imported, &t.unmade: other.unmade,
		&t.untainted: other.untainted, &t.moved: other.moved, &t.torn: other.torn, &t.applies: other.applies, &t.lostAnswers: other.lostAnswers,
	} {
		*sum += one
	}
	for kind, count := range other.kills {
		t.kills[kind] += count
	}
	for kind, count := range other.actions {
		t.actions[kind] += count
	}
}

func (t *refundTally) String() string {
	return fmt.Sprintf("%d carried out exactly once, %d twice, %d lost, %d left unknown (%d answers lost; %d ended as unknown: %d found again by a refresh, %d imported since several fit, "+
		"%d never made; %d adopted by the next apply, %d untainted, %d moved while unknown; killed: %v, the CLI left half a state %d times; %d applies; %v)",
		t.once, t.twice, t.lost, t.unknown, t.lostAnswers, t.unclear, t.found, t.imported, t.unmade, t.adopted, t.untainted, t.moved, t.kills, t.torn, t.applies, t.actions)
}

// direct is PayKeeper without a server in between. Its late answer comes after the provider
// has given up.
var direct = serverKind{name: "no server", faults: []sandbox.Fault{
	{Kind: sandbox.FaultLostAnswer},
	{Kind: sandbox.FaultStatusAfter, Status: http.StatusBadGateway},
	{Kind: sandbox.FaultHTMLAfter},
	{Kind: sandbox.FaultLate, Delay: 2500 * time.Millisecond},
	{Kind: sandbox.FaultHalfBody},
	{Kind: sandbox.FaultCut},
}}

// TestPayKeeperRefundsOnce refunds PayKeeper's payments while every third answer is lost and
// runs are killed. The gateway shows refunds late, and takes its time. Meanwhile an operator
// makes mistakes, and follows the errors and warnings. Each refund must be carried out once,
// and none is unknown when the gateway shows it.
func TestPayKeeperRefundsOnce(t *testing.T) {
	through := append([]serverKind{direct}, servers...)
	if !*long {
		through = []serverKind{direct, servers[1], servers[3], servers[4]}
	}
	payments := size(60, 504) / len(through)
	var mu sync.Mutex
	total := newRefundTally()
	names := make([]string, 0, len(through))
	t.Run("through", func(t *testing.T) {
		for number, server := range through {
			names = append(names, server.name)
			t.Run(server.name, func(t *testing.T) {
				t.Parallel()
				w := newWorkspace(t)
				if server.start != nil {
					w, _ = newWorkspaceBehind(t, server)
				}
				c := newCashier(w)
				c.number, c.createBeforeDestroy, c.nextAction = number, number%2 == 1, 3*number
				c.parallelism = []int{50, 10, 25, size(10, 1)}[number%4]
				defer func() {
					mu.Lock()
					defer mu.Unlock()
					total.add(c.counts)
				}()
				c.runDays(server.faults, payments, size(2-min(number, 1), 5)) // one of a short run has a day of mistakes
			})
		}
	})
	for _, victim := range append(victims, stopped) {
		if *long && total.kills[victim] < 3 {
			t.Errorf("%s was killed only %d times", victim, total.kills[victim])
		}
	}
	addFigure("%d payments of PayKeeper and their %d refunds, every third answer lost and rows late, through %s: %s",
		total.payments, total.refunds, strings.Join(names, ", "), total)
}

// runDays refunds so many payments, a part of them each day.
func (c *cashier) runDays(faults []sandbox.Fault, payments, days int) {
	c.t.Helper()
	c.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s", "INVOICE_MAX_RETRIES=2"}
	c.makePaidPayments(payments)
	c.writeModule()
	planned := 0
	for day := range days {
		before := len(c.all)
		for ; planned < payments*(day+1)/days; planned++ {
			c.addRefundsOf(planned)
		}
		c.writeConfig()
		c.setDialect(day)
		c.injectFaults(faults[(day+c.number)%len(faults)])
		for range 1 + c.dice.IntN(size(1, 2)) {
			c.killOneRun(len(c.all) - before)
		}
		c.applyUntilKnown(c.act(c.known(), max(3, payments/10)))
		c.endDay()
		printProgress(c.t, "day %d of %d: %d refunds, %s", day+1, days, len(c.all), c.counts)
	}
	// What lost its protection on the last day is taken out.
	c.applyUntilKnown(nil)
	// What was sent or adopted at the very end may still be under way.
	c.waitForRows()
	c.applyUntilKnown(nil)
	c.mustPlanNothing()
	c.audit()
	if c.t.Failed() {
		c.t.Logf("killed: %v", c.killed)
	}
}

// setDialect takes another reading of each doubtful point, and lets rows come late on most
// days.
func (c *cashier) setDialect(day int) {
	dialect := c.box.Dialect()
	for name, values := range map[string][]string{
		"paykeeper_payment": {"array", "object"}, "paykeeper_no_refunds": {"list", "empty", "object"}, "paykeeper_refund_amount": {"null", "zero"},
		"paykeeper_payment_ids": {"string", "number"}, "paykeeper_refund_order": {"oldest", "newest"}, "paykeeper_reverse": {"object", "array"},
		"paykeeper_partial_false": {"all", "amount"}, "paykeeper_second_reverse": {"refused", "taken"}, "paykeeper_refund_time": {"soon", "soon", "at_once"},
	} {
		dialect[name] = values[c.dice.IntN(len(values))]
	}
	dialect["paykeeper_refund_row"] = []string{"late", "at_once", "late"}[(day+c.number)%3]
	c.box.SetDialect(dialect)
}

func (c *cashier) injectFaults(fault sandbox.Fault) {
	fault.Operation, fault.Every = reverse, 3
	c.box.Inject(fault)
	for _, look := range []string{"paykeeper.payment", "paykeeper.refunds"} {
		c.box.Inject(sandbox.Fault{Operation: look, Kind: sandbox.FaultLostAnswer, Every: 7})
	}
	if c.dice.IntN(3) == 0 {
		c.box.PayKeeper.RotateToken()
	}
}

// killOneRun kills a run, mostly while it refunds.
func (c *cashier) killOneRun(refunds int) {
	c.t.Helper()
	path, requests := reversePath, max(1, refunds/2)
	if c.dice.IntN(4) == 0 {
		path, requests = "", 4*requests
	}
	killing := c.applyAndKill(newKilling(c.dice, append(victims, stopped), path, requests))
	c.killed = append(c.killed, killing)
	c.counts.kills[killing.victim]++
	c.waitForLateWork()
	if c.removeTornState() {
		c.counts.torn++
	}
}
