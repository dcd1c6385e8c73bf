package paykeeper

import (
	"context"
	"fmt"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// FindCreated searches for the invoice of a preview that was sent and never answered, by
// the request's order id. It has all that was sent, is open or paid, and is none of the
// others that are known. FindCreated returns nil when there is nothing like it,
// [ErrNoSearch] on a server without a search, and an error when an invoice may or may
// not be it.
func (c *Client) FindCreated(ctx context.Context, r CreateInvoiceRequest, sent time.Time, isOther func(id string) bool) (*Invoice, error) {
	earliest := sent.Add(-values.ClockTolerance).Truncate(time.Second) // the gateway writes whole seconds
	found, err := c.searchOrder(ctx, r.OrderID, searchStart(sent))
	if err != nil {
		return nil, err
	}
	doubt := func(format string, values ...any) error {
		return c.gateway.Error(pathSearch, &transport.Error{Cause: fmt.Errorf(format, values...)})
	}
	if found.isFull {
		return nil, doubt("the search for order %q returns a full page and may have more", r.OrderID)
	}
	var mine, doubtful []*Invoice
	for i := range found.same {
		one := &found.same[i]
		if isOther(string(one.ID)) || one.Created.Before(earliest) || one.IsExpired(time.Now()) || !one.Amount.Equal(r.Amount.Decimal) {
			continue
		}
		if r.isResult(one) {
			mine = append(mine, one)
		} else {
			doubtful = append(doubtful, one)
		}
	}
	switch {
	case len(mine) == 1:
		return mine[0], nil
	case len(mine) > 1:
		return nil, doubt("order %q has %d invoices like this one, such as %s", r.OrderID, len(mine), mine[0].ID)
	case len(doubtful) > 0:
		return nil, doubt("order %q has invoice %s of the same amount, which is not quite like this one", r.OrderID, doubtful[0].ID)
	}
	return nil, nil
}
