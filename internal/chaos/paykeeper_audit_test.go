//go:build unix

package chaos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// sameRefund is what refunds have in common that the gateway cannot tell apart, unless by
// their carts.
type sameRefund struct {
	payment string
	amount  string
}

func (m *money) same() sameRefund { return sameRefund{m.payment, fmt.Sprintf("%d.00", m.amount)} }

// audit compares PayKeeper's refunds with those that were asked for, and with the state.
func (c *cashier) audit() {
	c.t.Helper()
	rows, err := c.box.PayKeeper.Refunds.All()
	check(c.t, err)
	asked, made := map[sameRefund][]*money{}, map[sameRefund][]paykeeper.Refund{}
	for _, m := range c.all {
		asked[m.same()] = append(asked[m.same()], m)
	}
	for _, row := range rows {
		same := sameRefund{row.PaymentID, row.Amount}
		made[same] = append(made[same], row)
		if asked[same] == nil {
			c.t.Errorf("payment %s was refunded %s, and nobody asked for it", same.payment, same.amount)
			c.counts.twice++
		}
	}
	for same, all := range asked {
		c.auditSame(all, made[same])
	}
	c.auditCarts(rows)
	c.auditState(rows)
	c.auditPayments(rows)
}

// auditSame compares the refunds that are alike.
func (c *cashier) auditSame(asked []*money, rows []paykeeper.Refund) {
	c.t.Helper()
	c.counts.once += min(len(asked), len(rows))
	if len(rows) > len(asked) {
		c.t.Errorf("%s was asked for %d times, and carried out %d times: %+v", asked[0].address(), len(asked), len(rows), rows)
		c.counts.twice += len(rows) - len(asked)
	}
	if len(rows) < len(asked) {
		c.t.Errorf("%s was asked for %d times, and carried out %d times", asked[0].address(), len(asked), len(rows))
		c.counts.lost += len(asked) - len(rows)
	}
	for _, row := range rows {
		if !slices.ContainsFunc(asked, func(m *money) bool { return strings.Contains(row.Cart, m.name()) }) {
			c.t.Errorf("refund %s of payment %s has another one's cart: %s", row.ID, row.PaymentID, row.Cart)
		}
		if row.Status != "done" {
			c.t.Errorf("refund %s of payment %s is %s", row.ID, row.PaymentID, row.Status)
		}
	}
}

// auditCarts checks that each cart has come once. Of two refunds that are alike, one may be
// missing and the other there twice.
func (c *cashier) auditCarts(rows []paykeeper.Refund) {
	c.t.Helper()
	for _, m := range c.all {
		var ids []string
		for _, row := range rows {
			if strings.Contains(row.Cart, m.name()) {
				ids = append(ids, row.ID)
			}
		}
		if len(ids) != 1 {
			c.t.Errorf("the cart of %s is in %d refunds: %v", m.address(), len(ids), ids)
		}
	}
}

// auditState checks that each refund in the state is one of the gateway's, and no other's.
func (c *cashier) auditState(rows []paykeeper.Refund) {
	c.t.Helper()
	free := map[string]paykeeper.Refund{}
	for _, row := range rows {
		free[row.ID] = row
	}
	kept := c.inState()
	for _, m := range c.managed() {
		inState := kept[m.address()]
		delete(kept, m.address())
		id, status := inState.text("id"), inState.text("status")
		row, isFree := free[id]
		delete(free, id)
		switch {
		case status == "unknown":
			c.t.Errorf("%s is still unknown", m.address())
			c.counts.unknown++
		case !isFree || row.PaymentID != m.payment || row.Amount != m.same().amount:
			c.t.Errorf("%s is %q (%s) in the state, and no refund of its own at the gateway: %+v", m.address(), id, status, row)
			c.counts.lost++
		case status != "successful":
			c.t.Errorf("%s is %q", m.address(), status)
		}
	}
	for _, address := range keys(kept) {
		c.t.Errorf("%s is in the state and not wanted", address)
	}
}

// auditPayments checks that no payment has given back more than was paid.
func (c *cashier) auditPayments(rows []paykeeper.Refund) {
	c.t.Helper()
	for payment, back := range givenBack(c.workspace, rows) {
		if back > paid*100 {
			c.t.Errorf("payment %s has given back %d kopecks of %d", payment, back, paid*100)
		}
	}
}

// givenBack sums up the refunds of each payment, in kopecks. Those that failed give nothing back.
func givenBack(w *workspace, rows []paykeeper.Refund) map[string]int {
	w.t.Helper()
	back := map[string]int{}
	for _, row := range rows {
		var whole, part int
		_, err := fmt.Sscanf(row.Amount, "%d.%d", &whole, &part)
		check(w.t, err)
		if row.Status != "failed" {
			back[row.PaymentID] += 100*whole + part
		}
	}
	return back
}
