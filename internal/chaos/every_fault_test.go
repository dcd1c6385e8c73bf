//go:build unix

package chaos

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// changing are the calls that create something, move money, or withdraw.
var changing = []string{
	"CreateTerminal", "CreatePayment", "ClosePayment", "CreateRefund",
	"paykeeper.preview", "paykeeper.send", "paykeeper.revoke", "p2p.create", "p2p.cancel",
}

// TestEveryFault lets every call that changes a gateway go wrong in every way,
// once and until somebody has mended the gateway.
func TestEveryFault(t *testing.T) {
	all, days := everyFault(), &badDays{through: map[string]bool{}}
	t.Run("fault", func(t *testing.T) {
		for _, fault := range all[:size(4, len(all))] {
			days.try(t, fault, nil)
		}
	})
	figure("%d kinds of faults before and after the work: %s", len(all), days)
}

// badDays counts what came of them.
type badDays struct {
	mu      sync.Mutex
	calls   int
	tally   tally
	through map[string]bool
}

func (b *badDays) String() string {
	return fmt.Sprintf("%d calls that change a gateway went wrong: %d double, %d lost without a word (%d errors)",
		b.calls, b.tally.doubles, b.tally.lost, b.tally.errors)
}

// try lets a day go wrong in a way, once, and in the long run also until somebody
// has mended it; through, if set, with a server between.
func (b *badDays) try(t *testing.T, fault sandbox.Fault, through *server) {
	t.Helper()
	for _, times := range []int{1, 0}[:size(1, 2)] {
		fault.Times = times
		name := fmt.Sprintf("%s %d", fault.Kind, fault.Status)
		if fault.RetryAfter != "" {
			name += " with Retry-After"
		}
		t.Run(name+map[int]string{1: ", once", 0: ", until mended"}[times], func(t *testing.T) {
			t.Parallel()
			d := &diary{t: t, shop: newShop(dice(t))}
			if through == nil {
				d.w = newWorkspace(t)
			} else {
				var f front
				d.w, f = newWorkspaceBehind(t, *through)
				defer f.mustNotSpeakHTTP2(t)
			}
			hit := d.dayWith(fault)
			d.settle()
			d.audit()
			b.mu.Lock()
			defer b.mu.Unlock()
			b.tally.add(d.tally)
			b.calls += hit
			if through != nil {
				b.through[through.name] = true
			}
			progress(t, "%d things, %d double, %d lost", d.tally.things, d.tally.doubles, d.tally.lost)
		})
	}
}

// dayWith lets a day go wrong on which each of the changing calls is made, after one
// on which all was well.
func (d *diary) dayWith(fault sandbox.Fault) (hit int) {
	d.t.Helper()
	d.w.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s", "INVOICE_MAX_RETRIES=2"}
	things := d.shop.things
	paid, closed := d.shop.add(kindLink, thing{amount: 100}), d.shop.add(kindLink, thing{amount: 200})
	revoked, sent := d.shop.add(kindBill, thing{amount: 300}), d.shop.add(kindBill, thing{amount: 400})
	canceled := d.shop.add(kindDeposit, thing{amount: 500})
	d.w.write(d.shop.config())
	d.w.mustApply()

	payments, err := d.w.box.InvoiceAPI.Payments.All()
	check(d.t, err)
	at := slices.IndexFunc(payments, func(p invoiceapi.Payment) bool { return p.OrderID == paid })
	check(d.t, d.w.box.InvoiceAPI.Pay(payments[at].ID, invoiceapi.TestCard))
	delete(things[kindLink], closed)
	delete(things[kindBill], revoked)
	delete(things[kindDeposit], canceled)
	things[kindBill][sent] = thing{amount: 400, send: true}
	for _, kind := range []string{kindTerminal, kindLink, kindBill, kindDeposit, kindPayout} {
		d.shop.add(kind, thing{amount: 600})
	}
	d.shop.add(kindRefund, thing{amount: 50, refers: payments[at].ID})
	d.w.write(d.shop.config())

	d.w.box.ResetRequests()
	for _, operation := range changing {
		one := fault
		one.Operation = operation
		if operation == "p2p.create" {
			one.Times *= 2 // a deposit and a payout
		}
		d.w.box.Inject(one)
	}
	d.keep(d.w.apply())
	for _, operation := range changing {
		calls := d.w.box.Requests(operation)
		if !slices.ContainsFunc(calls, func(r sandbox.Request) bool { return r.Fault == fault.Kind }) {
			d.t.Errorf("%s did not go wrong", operation)
		}
	}
	d.w.waitForLateWork()
	hit = d.w.hits()
	d.endWeather()
	return hit
}
