package paykeeper

import (
	"context"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// beginning is before the first invoice that a server can have.
var beginning = time.Date(2010, 1, 1, 0, 0, 0, 0, values.Moscow)

// twinDays is how far back twins are looked for where one search cannot show them all.
const twinDays = 90

// past is what was there before an invoice is created.
type past struct {
	// orders are the invoices under the order id, as far as they were found.
	orders []Invoice
	// isRecentKnown reports whether none of the last days is missing.
	isRecentKnown bool
	// isCut reports whether older ones may have been held back.
	isCut bool
}

// before looks for the invoices of an order, however old they are: an open one may be
// left from a run that was killed long ago. A search that returns a full page proves
// no absence. Then it is narrowed to the last days, to know a new invoice from an old
// one, and to the last months, for twins.
func (c *Client) before(ctx context.Context, orderID string, started time.Time) past {
	all, err := c.searchOrder(ctx, orderID, beginning)
	p := past{orders: all.same, isRecentKnown: err == nil && !all.isFull}
	if e, ok := transport.AsRefusal(err); p.isRecentKnown || err != nil && (!ok || e.Text == "") {
		return p // all of it, or there is no search
	}
	// It was too much, or the server finds the period too long.
	p.isCut = true
	for _, days := range []int{0, twinDays} {
		found, err := c.searchOrder(ctx, orderID, searchStart(started).AddDate(0, 0, -days))
		if err != nil {
			break
		}
		p.orders = append(p.orders, found.same...)
		if found.isFull {
			break
		}
		p.isRecentKnown = true
	}
	return p
}

// same are the invoices of this order and amount that are as asked for, each once.
func (p past) same(amount values.Decimal, is func(*Invoice) bool) []string {
	var ids []string
	seen := map[values.ID]bool{}
	for i := range p.orders {
		one := &p.orders[i]
		if !seen[one.ID] && one.Amount.Equal(amount.Decimal) && is(one) {
			ids = append(ids, string(one.ID))
		}
		seen[one.ID] = true
	}
	return ids
}
