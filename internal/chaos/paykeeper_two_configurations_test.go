//go:build unix

package chaos

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// shares are what two configurations give back of one payment: more than was paid, all of it,
// a part of it, and the same amounts.
var shares = [][2]int{{700, 600}, {400, 600}, {300, 200}, {700, 700}, {500, 500}, {1000, 1000}, {1000, 1}}

// twoTally counts what came of the payments that two configurations refund.
type twoTally struct{ payments, rows, tooMuch, lost, wrong, unsaid, refused, shared int }

// TestTwoConfigurations lets two configurations, which know nothing of each other, refund the
// same payments at the same time, with lost answers. Never more than was paid goes back, and
// each says what it saw.
func TestTwoConfigurations(t *testing.T) {
	count := size(14, 140)
	tally := twoTally{payments: count}
	one := newCashier(newWorkspace(t))
	one.makePaidPayments(count)
	two := newCashier(one.beside())
	two.payments = one.payments
	cashiers := [2]*cashier{one, two}
	for number, c := range cashiers {
		c.settings = []string{"INVOICE_REQUEST_TIMEOUT=2s", "INVOICE_MAX_RETRIES=2"}
		for payment := range count {
			c.all = append(c.all, &money{
				number: 10000*number + payment, key: c.newKey(), payment: c.payments[payment], sequence: 1, amount: shares[payment%len(shares)][number],
			})
		}
		c.writeModule()
	}
	dialect := one.box.Dialect()
	dialect["paykeeper_refund_row"], dialect["paykeeper_refund_time"] = "late", "soon"
	one.box.SetDialect(dialect)
	one.box.Inject(sandbox.Fault{Operation: reverse, Kind: sandbox.FaultLostAnswer, Every: 3})
	one.box.Inject(sandbox.Fault{Operation: reverse, Kind: sandbox.FaultStatusAfter, Status: http.StatusBadGateway, Every: 4})

	said, last := [2][]string{}, [2][]string{}
	for round := range 8 {
		if round == 2 {
			one.box.ClearFaults()
		}
		var both sync.WaitGroup
		var results [2]outcome
		for number, c := range cashiers {
			both.Go(func() { results[number] = c.apply() })
		}
		both.Wait()
		one.waitForRows()
		isSame := true
		for number, c := range cashiers {
			result := results[number]
			slices.Sort(result.errors)
			isSame = isSame && slices.Equal(result.errors, last[number])
			last[number] = result.errors
			said[number] = slices.Concat(said[number], result.errors, result.warnings())
			c.counts.applies++
			c.untaintAsTold(result.errors)
			unknown := c.unknown()
			c.forgetUnmade(unknown, result)
			c.noteWaitedFor(unknown)
		}
		if isSame && round > 2 {
			break // nothing changes any more
		}
	}
	tally.audit(cashiers, said)
	addFigure("%d payments refunded by two configurations at the same time, with lost answers: %d refunds, %d payments gave back more than was paid, %d refunds in no state, "+
		"%d taken for another one, %d refused in words, %d held by both with a warning, %d without a word",
		tally.payments, tally.rows, tally.tooMuch, tally.lost, tally.wrong, tally.refused, tally.shared, tally.unsaid)
}

// beside is another configuration for the same gateways, by the same way.
func (w *workspace) beside() *workspace {
	return &workspace{t: w.t, dir: w.t.TempDir(), box: w.box, network: w.network, base: w.base, certificate: w.certificate}
}

// audit compares what was given back with what was paid, and with both states.
func (tally *twoTally) audit(cashiers [2]*cashier, said [2][]string) {
	t := cashiers[0].t
	t.Helper()
	rows, err := cashiers[0].box.PayKeeper.Refunds.All()
	check(t, err)
	tally.rows = len(rows)
	for payment, back := range givenBack(cashiers[0].workspace, rows) {
		if back > paid*100 {
			t.Errorf("payment %s has given back %d kopecks of %d", payment, back, paid*100)
			tally.tooMuch++
		}
	}
	holders := map[string]int{}
	for number, c := range cashiers {
		kept := c.inState()
		for _, m := range c.all {
			inState := kept[m.address()]
			id := inState.text("id")
			holders[id]++
			row := slices.IndexFunc(rows, func(r paykeeper.Refund) bool { return r.ID == id })
			words := saidOf(said[number], m.address())
			isOwn := row >= 0 && strings.Contains(rows[row].Cart, m.name())
			if !isOwn {
				t.Logf("configuration %d, %d of payment %s: %s", number+1, m.amount, m.payment, words)
			}
			switch {
			case id == "":
				tally.refused++
				if !strings.Contains(words, m.payment) || inState.text("status") == "unknown" {
					t.Errorf("configuration %d, %s of payment %s: not refunded (%q), and it says %q", number+1, m.address(), m.payment, inState.text("status"), words)
					tally.unsaid++
				}
			case row < 0 || rows[row].PaymentID != m.payment || rows[row].Amount != m.same().amount:
				t.Errorf("configuration %d, %s: its refund %q is another one", number+1, m.address(), id)
				tally.wrong++
			case !isOwn:
				tally.shared++
				if !strings.Contains(words, id) {
					t.Errorf("configuration %d, %s: refund %s is the other's, and it says %q", number+1, m.address(), id, words)
					tally.unsaid++
				}
			}
		}
	}
	for _, row := range rows {
		if holders[row.ID] == 0 {
			t.Errorf("refund %s of payment %s is in no state: %+v", row.ID, row.PaymentID, row)
			tally.lost++
		}
	}
	auditComplete(t, cashiers[0].payments, rows)
}

// auditComplete checks that what fits together was carried out, and of the rest one.
func auditComplete(t *testing.T, payments []string, rows []paykeeper.Refund) {
	t.Helper()
	for number, payment := range payments {
		share, made := shares[number%len(shares)], 0
		for _, row := range rows {
			if row.PaymentID == payment {
				made++
			}
		}
		want := 1
		if share[0]+share[1] <= paid && share[0] != share[1] {
			want = 2
		}
		// Equal amounts may be one refund that both hold.
		if made < want || made > 2 {
			t.Errorf("payment %s: %d refunds of %v were made, want %d", payment, made, share, want)
		}
	}
}

// saidOf is what the errors and warnings said at an address.
func saidOf(texts []string, address string) string {
	var all []string
	for _, text := range texts {
		if strings.HasPrefix(text, address+": ") && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return strings.Join(all, "\n")
}
