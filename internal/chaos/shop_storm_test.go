package chaos

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// TestShopInAStorm runs a whole shop for some days. Everything is created, changed, sent,
// paid, refunded and taken out, while gateways and network fail in several ways at once.
// After each day the faults end. What is then at the gateways twice, or not in the
// state, must be named by an error.
func TestShopInAStorm(t *testing.T) {
	shops, days, busy := size(1, 10), size(3, 10), size(4, 8)
	var mu sync.Mutex
	total := tally{}
	t.Run("shop", func(t *testing.T) {
		for number := range shops {
			t.Run(strconv.Itoa(number), func(t *testing.T) {
				t.Parallel()
				dice := newDice(t)
				r := &shopRun{t: t, w: newWorkspace(t), shop: newShop(dice)}
				r.w.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s"} // what may have been created is looked for as long
				for day := range days {
					r.shop.change(busy)
					if day > 0 {
						r.shop.pay(t, r.w.box)
					}
					r.w.write(r.shop.config())
					r.injectFaults(dice)
					r.record(r.w.apply())
					r.endFaults()
					// An unknown outcome would stop the next day's plan.
					r.lookUpUnknown()
					printProgress(t, "day %d of %d: %s", day+1, days, r.log)
				}
				r.applyUntilDone()
				r.audit()
				mu.Lock()
				defer mu.Unlock()
				total.add(r.tally)
			})
		}
	})
	addFigure("%d shops, %d days in a storm: %d things, %d double, %d lost without a word (%d announced by an error; %d errors, %d faults)",
		shops, days, total.things, total.doubles, total.lost, total.announced, total.errors, total.faults)
}

type tally struct{ things, doubles, lost, announced, errors, faults int }

func (t *tally) add(o tally) {
	t.things += o.things
	t.doubles += o.doubles
	t.lost += o.lost
	t.announced += o.announced
	t.errors += o.errors
	t.faults += o.faults
}

// shopRun is one shop through some days.
type shopRun struct {
	t      *testing.T
	w      *workspace
	shop   *shop
	errors []string
	// log is what happened on the last day.
	log string
	// later are the faults that begin in the middle of a day.
	later sync.WaitGroup
	tally tally
}

func (r *shopRun) injectFaults(dice *rand.Rand) {
	r.log = ""
	faults := append(everyFault(), sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 200 * time.Millisecond})
	for range 1 + dice.IntN(3) {
		fault := faults[dice.IntN(len(faults))]
		fault.Every = 2 + dice.IntN(6)
		r.w.box.Inject(fault)
		r.log += fmt.Sprintf("%s %d every %d; ", fault.Kind, fault.Status, fault.Every)
	}
	if dice.IntN(2) == 0 {
		storm := storms[dice.IntN(len(storms))]
		storm.begin(r.w.network, dice)
		r.log += storm.name + "; "
	}
	if dice.IntN(3) == 0 {
		r.later.Go(func() {
			time.Sleep(time.Second)
			r.w.box.PayKeeper.RotateToken()
		})
		r.log += "the token is rotated; "
	}
	if dice.IntN(4) == 0 {
		r.later.Go(func() {
			time.Sleep(700 * time.Millisecond)
			r.w.network.takeDown()
			time.Sleep(300 * time.Millisecond)
			r.w.network.bringUp()
		})
		r.log += "connections are refused; "
	}
}

func (r *shopRun) endFaults() {
	r.later.Wait()
	r.tally.faults += r.w.faultHits()
	r.w.box.ClearFaults()
	r.w.network.restore()
	r.w.box.ResetRequests()
}

func (r *shopRun) record(result outcome) {
	r.errors = append(r.errors, result.errors...)
	r.tally.errors += len(result.errors)
	r.log += fmt.Sprintf("%d errors, %s", len(result.errors), result.took.Round(time.Second/10))
}

// applyUntilDone follows the errors as an operator would, until an apply succeeds.
func (r *shopRun) applyUntilDone() {
	r.t.Helper()
	for range 5 {
		r.lookUpUnknown()
		r.withdrawStrays()
		result := r.w.apply()
		r.record(result)
		if result.ok {
			r.w.mustPlanNothing()
			return
		}
		result.waitAsTold()
		r.untaintPaid(result)
	}
	r.t.Fatalf("no apply succeeds:\n%s", strings.Join(r.errors[max(0, len(r.errors)-5):], "\n"))
}

// lookUpUnknown looks refunds and payouts with an unknown outcome up in the
// merchant's account. Those that were made are imported. The others are forgotten,
// and the next apply makes them.
func (r *shopRun) lookUpUnknown() {
	r.t.Helper()
	made := map[string][]string{}
	refunds, err := r.w.box.InvoiceAPI.Refunds.All()
	check(r.t, err)
	for _, refund := range refunds {
		made[refund.PaymentID] = append(made[refund.PaymentID], refund.ID)
	}
	payouts, err := r.w.box.P2P.Invoices.All()
	check(r.t, err)
	for _, payout := range payouts {
		made[payout.InternalID] = append(made[payout.InternalID], "p2p/"+payout.ID)
	}
	r.keepUnknown()
	for _, inState := range r.w.state() {
		movesMoney := strings.HasPrefix(inState.Address, kindRefund) || strings.HasPrefix(inState.Address, kindPayout)
		if !movesMoney || inState.text("status") != "unknown" {
			continue
		}
		r.w.run("state", "rm", inState.Address)
		for _, id := range made[cmp.Or(inState.text("payment_id"), inState.text("order_id"))] {
			r.w.run("import", "-input=false", inState.Address, id)
		}
	}
}

// keepUnknown keeps refunds by PayKeeper with an unknown outcome: the next apply finds those
// that were made. The others are forgotten, and made by it.
func (r *shopRun) keepUnknown() {
	r.t.Helper()
	rows, err := r.w.box.PayKeeper.Refunds.All()
	check(r.t, err)
	for _, inState := range r.w.state("invoice_refund") {
		isMade := slices.ContainsFunc(rows, func(row paykeeper.Refund) bool { return row.PaymentID == inState.text("payment_id") })
		switch {
		case !strings.HasPrefix(inState.Address, kindBack) || inState.text("status") != "unknown":
		case !isMade:
			r.w.run("state", "rm", inState.Address)
		case inState.Tainted:
			r.w.run("untaint", inState.Address)
		}
	}
}

// untaintPaid keeps the links that are tainted, since their creation was not answered, and
// that somebody has paid, if an error says so.
func (r *shopRun) untaintPaid(result outcome) {
	r.t.Helper()
	if !strings.Contains(strings.Join(result.errors, "\n"), paidIsNotReplaced) {
		return
	}
	for _, link := range r.w.state("invoice_payment_link") {
		if link.Tainted && r.shop.paid[link.text("order_id")] != "" {
			r.w.run("untaint", link.Address)
		}
	}
}

// withdrawStrays withdraws in the merchant's account what can be paid and is not in the
// state, if an error has named it.
func (r *shopRun) withdrawStrays() {
	r.t.Helper()
	links, bills, deposits, _ := r.atGateways()
	managed := map[string]bool{}
	for _, inState := range r.w.state("invoice_payment_link", "invoice_invoice") {
		managed[inState.text("id")] = true
	}
	for _, kind := range []struct {
		objects  []object
		withdraw func(id string) error
	}{
		{links, func(id string) error { return r.w.box.InvoiceAPI.SetPaymentStatus(id, "closed", "") }},
		{bills, func(id string) error { return r.w.box.PayKeeper.SetStatus(id, "revoked") }},
		{deposits, func(id string) error { return r.w.box.P2P.SetStatus(id, "canceled") }},
	} {
		for _, stray := range kind.objects {
			isPaid := r.shop.paid[stray.order] == stray.id
			if !managed[stray.id] && !isPaid && r.isAnnounced(stray.order) {
				check(r.t, kind.withdraw(stray.id))
				r.tally.announced++
			}
		}
	}
}

// isAnnounced reports whether an error has said that something may have been issued for
// the order.
func (r *shopRun) isAnnounced(order string) bool {
	for _, text := range r.errors {
		if strings.Contains(text, order) && (strings.Contains(text, mayHaveBeenIssued) || strings.Contains(text, mayHaveBeenCreated)) {
			return true
		}
	}
	return false
}

func (r *shopRun) reportDouble(format string, args ...any) {
	r.t.Errorf("double: "+format, args...)
	r.tally.doubles++
}

func (r *shopRun) reportLost(format string, args ...any) {
	r.t.Errorf("lost: "+format, args...)
	r.tally.lost++
}
