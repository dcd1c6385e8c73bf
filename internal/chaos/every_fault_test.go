//go:build unix

package chaos

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// changing are the calls that create something, move money, or withdraw.
var changing = []string{
	"CreateTerminal", "CreatePayment", "ClosePayment", "CreateRefund",
	"paykeeper.preview", "paykeeper.send", "paykeeper.revoke", reverse, "p2p.create", "p2p.cancel",
}

// TestEveryFault makes every call that changes a gateway fail in every way, once and
// until the fault is removed.
func TestEveryFault(t *testing.T) {
	faults, runs := everyFault(), &faultRuns{through: map[string]bool{}}
	t.Run("fault", func(t *testing.T) {
		for _, fault := range faults[:size(4, len(faults))] {
			runs.test(t, fault, nil)
		}
	})
	addFigure("%d kinds of faults before and after the work: %s", len(faults), runs)
}

// faultRuns counts what a test of many faults found.
type faultRuns struct {
	mu      sync.Mutex
	calls   int
	tally   tally
	through map[string]bool
}

func (f *faultRuns) String() string {
	return fmt.Sprintf("%d calls that change a gateway went wrong: %d double, %d lost without a word (%d errors)",
		f.calls, f.tally.doubles, f.tally.lost, f.tally.errors)
}

// test makes each changing call of one apply fail once. A long run also lets them fail
// until the fault is removed. through is the server in between; nil is none.
func (f *faultRuns) test(t *testing.T, fault sandbox.Fault, through *serverKind) {
	t.Helper()
	for _, times := range []int{1, 0}[:size(1, 2)] {
		fault.Times = times
		name := fmt.Sprintf("%s %d", fault.Kind, fault.Status)
		if fault.RetryAfter != "" {
			name += " with Retry-After"
		}
		t.Run(name+map[int]string{1: ", once", 0: ", until mended"}[times], func(t *testing.T) {
			t.Parallel()
			r := &shopRun{t: t, shop: newShop(newDice(t))}
			if through == nil {
				r.w = newWorkspace(t)
			} else {
				var server endpoint
				r.w, server = newWorkspaceBehind(t, *through)
				defer server.mustNotSpeakHTTP2(t)
			}
			hits := r.applyWith(fault)
			r.applyUntilDone()
			r.audit()
			f.mu.Lock()
			defer f.mu.Unlock()
			f.tally.add(r.tally)
			f.calls += hits
			if through != nil {
				f.through[through.name] = true
			}
			printProgress(t, "%d things, %d double, %d lost", r.tally.things, r.tally.doubles, r.tally.lost)
		})
	}
}

// applyWith applies a change that needs each of the changing calls, and makes them
// fail. It returns how many requests the fault hit.
func (r *shopRun) applyWith(fault sandbox.Fault) (hits int) {
	r.t.Helper()
	r.w.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s", "INVOICE_MAX_RETRIES=2"}
	things := r.shop.things
	paid, closed := r.shop.add(kindLink, thing{amount: 100}), r.shop.add(kindLink, thing{amount: 200})
	revoked, sent := r.shop.add(kindBill, thing{amount: 300}), r.shop.add(kindBill, thing{amount: 400})
	canceled := r.shop.add(kindDeposit, thing{amount: 500})
	r.w.write(r.shop.config())
	r.w.mustApply()

	payments, err := r.w.box.InvoiceAPI.Payments.All()
	check(r.t, err)
	at := slices.IndexFunc(payments, func(p invoiceapi.Payment) bool { return p.OrderID == paid })
	check(r.t, r.w.box.InvoiceAPI.Pay(payments[at].ID, invoiceapi.TestCard))
	delete(things[kindLink], closed)
	delete(things[kindBill], revoked)
	delete(things[kindDeposit], canceled)
	things[kindBill][sent] = thing{amount: 400, send: true}
	for _, kind := range []string{kindTerminal, kindLink, kindBill, kindDeposit, kindPayout} {
		r.shop.add(kind, thing{amount: 600})
	}
	r.shop.add(kindRefund, thing{amount: 50, payment: payments[at].ID})
	bill, err := r.w.box.PayKeeper.Add(paykeeper.Invoice{PayAmount: "700.00", Status: "paid"})
	check(r.t, err)
	r.shop.add(kindBack, thing{amount: 70, payment: bill.PaymentID})
	r.w.write(r.shop.config())

	r.w.box.ResetRequests()
	for _, operation := range changing {
		injected := fault
		injected.Operation = operation
		if operation == "p2p.create" {
			injected.Times *= 2 // a deposit and a payout
		}
		r.w.box.Inject(injected)
	}
	r.record(r.w.apply())
	for _, operation := range changing {
		isHit := func(request sandbox.Request) bool { return request.Fault == fault.Kind }
		if !slices.ContainsFunc(r.w.box.Requests(operation), isHit) {
			r.t.Errorf("%s did not go wrong", operation)
		}
	}
	r.w.waitForLateWork()
	hits = r.w.faultHits()
	r.endFaults()
	return hits
}
