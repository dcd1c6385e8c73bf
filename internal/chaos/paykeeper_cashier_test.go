//go:build unix

package chaos

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// cashier is an operator who gives PayKeeper's payments back.
type cashier struct {
	*operator
	// number tells the cashiers apart.
	number int
	counts *refundTally
	killed []killing
	// everUnknown are the numbers of refunds that were unknown at some time. waitedFor are
	// those of which the gateway has shown, since the last apply, all that it has.
	everUnknown, waitedFor map[int]bool
	// everFound are what was said about those that were found.
	everFound map[string]bool
}

func newCashier(w *workspace) *cashier {
	tally := newRefundTally()
	return &cashier{counts: tally, everUnknown: map[int]bool{}, waitedFor: map[int]bool{}, everFound: map[string]bool{}, operator: &operator{
		workspace: w, dice: newDice(w.t), config: payKeeperRefunds, keepsUnknown: true, tally: &moneyTally{actions: tally.actions},
	}}
}

// paid is the amount of each payment.
const paid = 1000

// makePaidPayments fills PayKeeper with paid payments.
func (c *cashier) makePaidPayments(count int) {
	c.t.Helper()
	for number := range count {
		invoice, err := c.box.PayKeeper.Add(paykeeper.Invoice{PayAmount: fmt.Sprintf("%d.00", paid), OrderID: fmt.Sprintf("order-%d", number), Status: "paid"})
		check(c.t, err)
		c.payments = append(c.payments, invoice.PaymentID)
	}
	c.counts.payments = count
}

// addRefundsOf adds the refunds of one payment: all of it, a part, two parts of the same
// amount, or a part and the rest.
func (c *cashier) addRefundsOf(payment int) {
	part := 100 + c.dice.IntN(300)
	amounts := [][]int{{paid}, {part}, {part, part}, {part, paid - part}}[payment%4]
	for number, amount := range amounts {
		m := &money{
			number: len(c.all), key: c.newKey(), payment: c.payments[payment], sequence: 1, amount: amount,
			provisionerFails: c.dice.IntN(8) == 0,
		}
		if number > 0 && amounts[0] == amount {
			m.sequence = 2
		}
		if c.dice.IntN(4) == 0 {
			m.module = inBranch
		}
		c.all = append(c.all, m)
		c.counts.refunds++
	}
}

// payKeeperRefunds is the resource of all refunds. The cart of each says at the gateway
// which one it is.
func payKeeperRefunds(createBeforeDestroy bool) string {
	return `
resource "invoice_refund" "back" {
  for_each    = var.refunds
  gateway     = "paykeeper"
  payment_id  = each.value.payment
  sequence    = each.value.sequence
  amount      = each.value.amount
  refund_cart = [{ name = each.value.name, price = each.value.amount, quantity = 1, sum = each.value.amount, tax = "none" }]
` + moneyEnd(createBeforeDestroy)
}

// known are the refunds in the state whose outcome is known, and which are not tainted.
func (c *cashier) known() []*money {
	c.t.Helper()
	kept := c.inState()
	return slices.DeleteFunc(c.managed(), func(m *money) bool {
		inState := kept[m.address()]
		return inState.text("id") == "" || inState.Tainted
	})
}

// unknown are the refunds in the state whose outcome is unknown.
func (c *cashier) unknown() (all []*money) {
	c.t.Helper()
	kept := c.inState()
	for _, m := range c.managed() {
		if kept[c.addressIn(kept, m.address())].text("status") == "unknown" {
			all = append(all, m)
			c.everUnknown[m.number] = true
		}
	}
	c.counts.unclear = len(c.everUnknown)
	return all
}

// addressIn returns the address in the state of what may be about to be moved.
func (c *cashier) addressIn(kept map[string]resource, address string) string {
	at := slices.IndexFunc(c.moved, func(block [2]string) bool { return block[1] == address })
	if at < 0 || kept[address].Address != "" {
		return address
	}
	return c.moved[at][0]
}

// applyUntilKnown applies and does what the errors and warnings say, until an apply succeeds
// and no outcome is unknown any more.
func (c *cashier) applyUntilKnown(arguments []string) {
	c.t.Helper()
	var last outcome
	for try := range 15 {
		if try == 3 {
			c.endFaults()
		}
		last = c.apply(arguments...)
		c.counts.applies++
		c.waitForLateWork()
		c.count(last)
		c.noteReplaced(arguments, last.errors)
		arguments = nil
		unknown := c.unknown()
		if last.ok && len(unknown) == 0 {
			c.endFaults()
			return
		}
		c.imports = nil
		c.untaintAsTold(last.errors)
		c.followErrors(last.errors)
		c.importAsTold(last)
		c.moveSome(unknown)
		c.forgetUnmade(unknown, last)
		c.writeConfig()
		c.waitForRows()
		c.noteWaitedFor(unknown)
	}
	c.audit() // for the figures
	c.t.Fatalf("no apply succeeds:\n%s\nmoved: %v\nimports: %v\nkilled: %v", last.summary(), c.moved, c.imports, c.killed)
}

func (c *cashier) endFaults() {
	for _, request := range c.box.Requests(reverse) {
		if request.Fault != "" {
			c.counts.lostAnswers++
		}
	}
	c.box.ClearFaults()
	c.box.ResetRequests()
}

// count counts what an apply says it has found. Its plan and its refresh may say it twice.
func (c *cashier) count(result outcome) {
	said := result.warnings()
	slices.Sort(said)
	for _, text := range slices.Compact(said) {
		_, words, _ := strings.Cut(text, ": ")
		switch {
		case strings.Contains(words, wasAdopted):
			c.counts.adopted++
		case (strings.HasPrefix(words, refundWasFound) || strings.HasPrefix(words, acceptedWasFound)) && !c.everFound[words]:
			c.everFound[words] = true
			c.counts.found++
		}
	}
}

// untaintAsTold keeps what is tainted, if an error says so.
func (c *cashier) untaintAsTold(errors []string) {
	c.t.Helper()
	kept := c.inState()
	for _, text := range errors {
		address, said, _ := strings.Cut(text, ": ")
		isAction := slices.ContainsFunc(c.actions, func(a *action) bool { return a.before == address || a.what.address() == address })
		address = c.addressIn(kept, address)
		if inState := kept[address]; !isAction && inState.Tainted && strings.Contains(said, "untaint") {
			c.run("untaint", address)
			c.counts.untainted++
			delete(kept, address)
		}
	}
}

// moveSome gives new names to some refunds whose outcome is unknown.
func (c *cashier) moveSome(unknown []*money) {
	for _, m := range unknown {
		before := m.address()
		isAction := slices.ContainsFunc(c.actions, func(a *action) bool { return a.what == m })
		isMoved := slices.ContainsFunc(c.moved, func(block [2]string) bool { return block[1] == before })
		if isAction || isMoved || c.dice.IntN(3) > 0 {
			continue
		}
		m.key, m.module = c.newKey(), otherModule[m.module]
		c.moved = append(c.moved, [2]string{before, m.address()})
		c.counts.moved++
	}
}

// waitForRows waits until the gateway shows all refunds, and has ended them.
func (c *cashier) waitForRows() {
	c.t.Helper()
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		rows, err := c.box.PayKeeper.Refunds.All()
		check(c.t, err)
		now := c.box.Now().UnixMilli()
		if !slices.ContainsFunc(rows, func(r paykeeper.Refund) bool { return r.ShownAt > now || r.Status == "started" && r.EndsAt > now }) {
			return
		}
		if time.Since(began) > 10*time.Second {
			c.t.Fatal("the gateway does not show its refunds")
		}
	}
}

// importAsTold imports the refunds of which several fit. The merchant's account shows their
// carts.
func (c *cashier) importAsTold(last outcome) {
	c.t.Helper()
	var kept map[string]resource
	for _, text := range append(last.errors, last.warnings()...) {
		if !strings.Contains(text, importTheRightOne) && !strings.Contains(text, importThatOne) {
			continue
		}
		if kept == nil {
			kept = c.inState()
		}
		address, _, _ := strings.Cut(text, ": ")
		at := slices.IndexFunc(c.managed(), func(m *money) bool { return m.address() == address })
		if at < 0 || kept[address].text("id") != "" {
			continue
		}
		m := c.managed()[at]
		row := c.rowOf(m, kept)
		if row == "" {
			continue
		}
		if _, isKept := kept[address]; isKept {
			c.run("state", "rm", address)
		}
		c.imports = append(c.imports, [2]string{address, "paykeeper/" + m.payment + "/" + row})
		c.counts.imported++
	}
}

// rowOf returns the id of a refund at the gateway, "" if there is none. Nothing in the state
// may have it.
func (c *cashier) rowOf(m *money, kept map[string]resource) string {
	c.t.Helper()
	rows, err := c.box.PayKeeper.Refunds.All()
	check(c.t, err)
	for _, row := range rows {
		isHeld := false
		for _, r := range kept {
			isHeld = isHeld || r.text("id") == row.ID
		}
		if !isHeld && row.PaymentID == m.payment && strings.Contains(row.Cart, m.name()) {
			return row.ID
		}
	}
	return ""
}

// noteWaitedFor notes whose rows the gateway has had the time to show.
func (c *cashier) noteWaitedFor(unknown []*money) {
	clear(c.waitedFor)
	for _, m := range unknown {
		c.waitedFor[m.number] = true
	}
}

// forgetUnmade forgets what the merchant's account does not show, as the warning says. The
// next apply makes it. What the account showed before this apply, the apply must have found.
func (c *cashier) forgetUnmade(unknown []*money, last outcome) {
	c.t.Helper()
	kept := c.inState()
	for _, m := range unknown {
		isTold := slices.ContainsFunc(last.warnings(), func(text string) bool {
			isAbsent := strings.Contains(text, isNotThereYet) || strings.Contains(text, noneOfAmount)
			return strings.HasPrefix(text, m.address()+": ") && isAbsent && strings.Contains(text, "state rm")
		})
		if !c.waitedFor[m.number] || !isTold {
			continue
		}
		if row := c.rowOf(m, kept); row != "" {
			c.t.Errorf("%s is unknown, and the gateway shows it as %s: %s", m.address(), row, saidOf(last.warnings(), m.address()))
			continue
		}
		c.run("state", "rm", c.addressIn(kept, m.address()))
		c.counts.unmade++
	}
}
