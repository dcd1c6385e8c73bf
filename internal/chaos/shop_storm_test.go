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
				for day := range days {
					d.shop.change(busy)
					if day > 0 {
						d.shop.pay(t, d.w.box)
					}
					d.w.write(d.shop.config())
					d.weather(dice)
					d.keep(d.w.apply())
					d.endWeather()
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

// faults are ways in which the gateways go wrong.
var faults = []sandbox.Fault{
	{Kind: sandbox.FaultLostAnswer},
	{Kind: sandbox.FaultHalfBody},
	{Kind: sandbox.FaultStatusAfter, Status: 500},
	{Kind: sandbox.FaultStatusAfter, Status: 502},
	{Kind: sandbox.FaultStatusAfter, Status: 504},
	{Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "1"},
	{Kind: sandbox.FaultStatus, Status: 500},
	{Kind: sandbox.FaultStatus, Status: 502},
	{Kind: sandbox.FaultStatus, Status: 503},
	{Kind: sandbox.FaultStatus, Status: 503, RetryAfter: "0"},
	{Kind: sandbox.FaultStatus, Status: 504},
	{Kind: sandbox.FaultHTML},
	{Kind: sandbox.FaultDelay, Delay: 200 * time.Millisecond},
}

func (d *diary) weather(dice *rand.Rand) {
	d.last = ""
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
			d.w.box.RotatePayKeeperToken()
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
	}
	d.t.Fatalf("the shop does not come to rest:\n%s", strings.Join(d.errors[max(0, len(d.errors)-5):], "\n"))
}

// settleRefunds looks unclear refunds up in the merchant's account: those that
// were made are imported, the others are forgotten and made again.
func (d *diary) settleRefunds() {
	d.t.Helper()
	made, err := d.w.box.InvoiceRefunds()
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
	made, err := d.w.box.P2PInvoices()
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
		{links, func(id string) error { return d.w.box.SetInvoicePaymentStatus(id, "closed", "") }},
		{bills, func(id string) error { return d.w.box.SetPayKeeperInvoiceStatus(id, "revoked") }},
		{deposits, func(id string) error { return d.w.box.SetP2PInvoiceStatus(id, "canceled") }},
	} {
		for _, one := range kind.there {
			if !managed[one.id] && d.isAnnounced(one.order) {
				check(d.t, kind.withdraw(one.id))
				d.tally.announced++
			}
		}
	}
}

// isAnnounced tells whether an error has said of the order that something may
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

// found is one object at a gateway.
type found struct{ id, order, amount string }

// audit compares the sandbox's tables with the state.
func (d *diary) audit() {
	d.t.Helper()
	links, bills, deposits, payouts := d.atGateways()
	invoices := d.w.state("invoice_invoice")
	terminals, err := d.w.box.InvoiceTerminals()
	check(d.t, err)
	var branches []found
	for _, one := range terminals {
		if one.Alias != "till" {
			branches = append(branches, found{one.ID, one.Alias, one.DefaultPrice})
		}
	}
	d.compare("terminal", branches, d.w.state("invoice_terminal"), kindTerminal)
	d.compare("link", links, d.w.state("invoice_payment_link"), kindLink)
	d.compare("bill", bills, invoices, kindBill)
	d.compare("deposit", deposits, invoices, kindDeposit)
	d.compare("payout", payouts, invoices, kindPayout)

	refunds, err := d.w.box.InvoiceRefunds()
	check(d.t, err)
	var made []found
	for _, refund := range refunds {
		made = append(made, found{refund.ID, refund.PaymentID, refund.Amount})
	}
	d.compare("refund", made, d.w.state("invoice_refund"), kindRefund)

	mails, err := d.w.box.PayKeeperOutbox()
	check(d.t, err)
	mailed := map[string]int{}
	for _, mail := range mails {
		if mailed[mail.InvoiceID]++; mailed[mail.InvoiceID] > 1 {
			d.double("invoice %s was mailed %d times", mail.InvoiceID, mailed[mail.InvoiceID])
		}
	}
	for _, invoice := range invoices {
		if wanted := d.shop.things[kindBill][invoice.text("order_id")]; strings.HasPrefix(invoice.Address, kindBill) && wanted.send && mailed[invoice.text("id")] == 0 {
			d.lost("%s was to be mailed", invoice.Address)
		}
	}
}

// atGateways are the things that can be paid, or were.
func (d *diary) atGateways() (links, bills, deposits, payouts []found) {
	d.t.Helper()
	payments, err := d.w.box.InvoicePayments()
	check(d.t, err)
	for _, one := range payments {
		if _, wanted := d.shop.things[kindLink][one.OrderID]; one.Status == "init" || one.Status == "successful" && wanted {
			links = append(links, found{one.ID, one.OrderID, one.Amount})
		}
	}
	all, err := d.w.box.PayKeeperInvoices()
	check(d.t, err)
	for _, one := range all {
		if one.Status == "created" || one.Status == "sent" {
			bills = append(bills, found{one.ID, one.OrderID, one.PayAmount})
		}
	}
	invoices, err := d.w.box.P2PInvoices()
	check(d.t, err)
	for _, one := range invoices {
		switch {
		case one.Type == "out":
			payouts = append(payouts, found{one.ID, one.InternalID, one.Amount})
		case one.Status == "new":
			deposits = append(deposits, found{one.ID, one.InternalID, one.Amount})
		}
	}
	return links, bills, deposits, payouts
}

// compare checks one kind: each thing that is wanted is in the state and at the
// gateway, once, with its amount; and nothing else is.
func (d *diary) compare(what string, atGateway []found, inState []resource, kind string) {
	d.t.Helper()
	d.tally.things += len(d.shop.things[kind])
	byID, orders := map[string]found{}, map[string]int{}
	for _, one := range atGateway {
		byID[one.id] = one
		if orders[one.order]++; orders[one.order] > 1 {
			d.double("%s of %s is there %d times", what, one.order, orders[one.order])
		}
	}
	for _, one := range inState {
		if !strings.HasPrefix(one.Address, kind+"[") {
			continue
		}
		key := strings.Trim(strings.TrimPrefix(one.Address, kind), `[]"`)
		wanted, ok := d.shop.things[kind][key]
		there, exists := byID[one.text("id")]
		switch {
		case !ok:
			d.lost("%s is in the state and not wanted", one.Address)
		case !exists:
			d.lost("%s is in the state with id %q, which is not at the gateway", one.Address, one.text("id"))
		case strings.TrimSuffix(there.amount, ".00") != strconv.Itoa(wanted.amount):
			d.t.Errorf("%s is %s at the gateway, and %d is wanted", one.Address, there.amount, wanted.amount)
		}
		delete(byID, one.text("id"))
	}
	for id, one := range byID {
		d.lost("%s %s of %s is at the gateway and in no state", what, id, one.order)
	}
	if got := len(atGateway) - len(byID); got != len(d.shop.things[kind]) {
		d.t.Errorf("%d of %d wanted things of kind %s are there", got, len(d.shop.things[kind]), what)
	}
}
