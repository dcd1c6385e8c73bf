package paykeeper

import (
	"context"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/gateway"
)

const (
	// historyPage is what SDKs ask for; a server may give less.
	historyPage = 100
	// sideBySide is how many pages are read at the same time.
	sideBySide = 8
)

// History returns all invoices that a filter selects (section 3.2), each once,
// newest first. The pages are read side by side, and counted (section 3.3)
// before and after: when the counts differ, or the pages do not add up to
// them, the history has changed meanwhile and is read again, one page after
// the other.
func (c *Client) History(ctx context.Context, filter Filter) ([]Invoice, error) {
	before, err := c.CountInvoices(ctx, filter)
	if err != nil {
		return nil, err
	}
	invoices, err := c.readSideBySide(ctx, filter, before.Full)
	if err != nil {
		return nil, err
	}
	after, err := c.CountInvoices(ctx, filter)
	if err != nil {
		return nil, err
	}
	if after.Full != before.Full || !maps.Equal(after.ByStatus, before.ByStatus) || len(invoices) != after.Full {
		invoices, err = gateway.List[Invoice]{
			Size: historyPage,
			ID:   func(i *Invoice) gateway.ID { return i.ID },
			Tied: func(a, b *Invoice) bool { return a.Created.Equal(b.Created.Time) },
			Page: func(ctx context.Context, skip, take int) ([]Invoice, error) {
				return c.ListInvoices(ctx, filter, Page{From: skip, Limit: take})
			},
		}.ReadAll(ctx)
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(invoices, func(a, b Invoice) int {
		if order := b.Created.Compare(a.Created.Time); order != 0 {
			return order
		}
		return strings.Compare(string(b.ID), string(a.ID))
	})
	return invoices, nil
}

// readSideBySide reads so many invoices, and leaves out what comes twice.
func (c *Client) readSideBySide(ctx context.Context, filter Filter, count int) ([]Invoice, error) {
	first, err := c.ListInvoices(ctx, filter, Page{Limit: historyPage})
	if err != nil || len(first) == 0 || len(first) >= count {
		return first, err
	}
	size := len(first) // less than was asked for when the server gives less
	pages := make([][]Invoice, (count+size-1)/size)
	pages[0] = first
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(sideBySide)
	for n := 1; n < len(pages); n++ {
		group.Go(func() (err error) {
			pages[n], err = c.ListInvoices(ctx, filter, Page{From: n * size, Limit: size})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	seen := make(map[gateway.ID]bool, count)
	return slices.DeleteFunc(slices.Concat(pages...), func(one Invoice) bool {
		twice := seen[one.ID]
		seen[one.ID] = true
		return twice
	}), nil
}
