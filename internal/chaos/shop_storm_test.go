package chaos

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// TestShopInAStorm runs a whole shop on all kinds of bad days: every resource
// that is created, changed, sent, refunded, paid and taken out, while gateways
// and network go wrong in several ways at once. In between, and at the end, the
// weather is good. Whatever is then at the gateways twice, or not in the state,
// must have been announced by an error that names it.
func TestShopInAStorm(t *testing.T) {
	shops, days, busy := size(1, 10), size(3, 10), size(4, 8)
	var mu sync.Mutex
	total := tally{}
	t.Run("shop", func(t *testing.T) {
		for number := range shops {
			t.Run(strconv.Itoa(number), func(t *testing.T) {
				t.Parallel()
				dice := dice(t)
				d := &diary{t: t, w: newWorkspace(t), shop: newShop(dice)}
				d.w.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s"} // what is unclear is looked for as long
				for day := range days {
					d.shop.change(busy)
					if day > 0 {
						d.shop.pay(t, d.w.box)
					}
					d.w.write(d.shop.config())
					d.weather(dice)
					d.keep(d.w.apply())
					d.endWeather()
					// Somebody looks at what is unclear: it would stop the next day's plan.
					d.settleRefunds()
					d.settlePayouts()
					progress(t, "day %d of %d: %s", day+1, days, d.last)
				}
				d.settle()
				d.audit()
				mu.Lock()
				defer mu.Unlock()
				total.add(d.tally)
			})
		}
	})
	figure("%d shops, %d days in a storm: %d things, %d double, %d lost without a word (%d announced by an error; %d errors, %d faults)",
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

// diary is what happened to one shop.
type diary struct {
	t      *testing.T
	w      *workspace
	shop   *shop
	errors []string
	last   string
	later  sync.WaitGroup // what the weather does in the middle of a day
	tally  tally
}

func (d *diary) weather(dice *rand.Rand) {
	d.last = ""
	faults := append(everyFault(), sandbox.Fault{Kind: sandbox.FaultDelay, Delay: 200 * time.Millisecond})
	for range 1 + dice.IntN(3) {
		fault := faults[dice.IntN(len(faults))]
		fault.Every = 2 + dice.IntN(6)
		d.w.box.Inject(fault)
		d.last += fmt.Sprintf("%s %d every %d; ", fault.Kind, fault.Status, fault.Every)
	}
	if dice.IntN(2) == 0 {
		storm := storms[dice.IntN(len(storms))]
		storm.spoil(d.w.network, dice)
		d.last += storm.name + "; "
	}
	if dice.IntN(3) == 0 {
		d.later.Go(func() {
			time.Sleep(time.Second)
			d.w.box.PayKeeper.RotateToken()
		})
		d.last += "the token is rotated; "
	}
	if dice.IntN(4) == 0 {
		d.later.Go(func() {
			time.Sleep(700 * time.Millisecond)
			d.w.network.down()
			time.Sleep(300 * time.Millisecond)
			d.w.network.up()
		})
		d.last += "connections are refused; "
	}
}

func (d *diary) endWeather() {
	d.later.Wait()
	d.tally.faults += d.w.hits()
	d.w.box.ClearFaults()
	d.w.network.heal()
	d.w.box.ResetRequests()
}

func (d *diary) keep(result outcome) {
	d.errors = append(d.errors, result.errors...)
	d.tally.errors += len(result.errors)
	d.last += fmt.Sprintf("%d errors, %s", len(result.errors), result.took.Round(time.Second/10))
}

// settle does in good weather what the errors say, as a person would.
func (d *diary) settle() {
	d.t.Helper()
	for range 5 {
		d.settleRefunds()
		d.settlePayouts()
		d.settleStrays()
		result := d.w.apply()
		d.keep(result)
		if result.ok {
			d.w.mustHaveNothingToDo()
			return
		}
		result.waitAsTold()
	}
	d.t.Fatalf("the shop does not come to rest:\n%s", strings.Join(d.errors[max(0, len(d.errors)-5):], "\n"))
}

// settleRefunds looks unclear refunds up in the merchant's account: those that
// were made are imported, the others are forgotten and made again.
func (d *diary) settleRefunds() {
	d.t.Helper()
	made, err := d.w.box.InvoiceAPI.Refunds.All()
	check(d.t, err)
	for _, refund := range d.w.state("invoice_refund") {
		if refund.text("status") != "unknown" {
			continue
		}
		d.w.must("state", "rm", refund.Address)
		for _, one := range made {
			if one.PaymentID == refund.text("payment_id") {
				d.w.must("import", "-input=false", refund.Address, one.ID)
			}
		}
	}
}

// settlePayouts does the same. Those that a plan has found are untainted.
func (d *diary) settlePayouts() {
	d.t.Helper()
	made, err := d.w.box.P2P.Invoices.All()
	check(d.t, err)
	for _, payout := range d.w.state("invoice_invoice") {
		if !strings.HasPrefix(payout.Address, kindPayout) || payout.text("status") != "unknown" {
			continue
		}
		d.w.must("state", "rm", payout.Address)
		for _, one := range made {
			if one.InternalID == payout.text("order_id") {
				d.w.must("import", "-input=false", payout.Address, "p2p/"+one.ID)
			}
		}
	}
}

// settleStrays withdraws in the merchant's account what can be paid and is in no
// state, if an error has announced it.
func (d *diary) settleStrays() {
	d.t.Helper()
	links, bills, deposits, _ := d.atGateways()
	managed := map[string]bool{}
	for _, one := range append(d.w.state("invoice_payment_link"), d.w.state("invoice_invoice")...) {
		managed[one.text("id")] = true
	}
	for _, kind := range []struct {
		there    []found
		withdraw func(id string) error
	}{
		{links, func(id string) error { return d.w.box.InvoiceAPI.SetPaymentStatus(id, "closed", "") }},
		{bills, func(id string) error { return d.w.box.PayKeeper.SetStatus(id, "revoked") }},
		{deposits, func(id string) error { return d.w.box.P2P.SetStatus(id, "canceled") }},
	} {
		for _, one := range kind.there {
			if !managed[one.id] && d.isAnnounced(one.order) {
				check(d.t, kind.withdraw(one.id))
				d.tally.announced++
			}
		}
	}
}

// isAnnounced reports whether an error has said of the order that something may
// have been issued for it.
func (d *diary) isAnnounced(order string) bool {
	for _, text := range d.errors {
		if strings.Contains(text, order) && (strings.Contains(text, "may have been issued") || strings.Contains(text, "may have been created")) {
			return true
		}
	}
	return false
}

func (d *diary) double(format string, args ...any) {
	d.t.Errorf("double: "+format, args...)
	d.tally.doubles++
}

func (d *diary) lost(format string, args ...any) {
	d.t.Errorf("lost: "+format, args...)
	d.tally.lost++
}
