package paykeeper

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

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
// the other. doubt says what does not add up even then, "" for nothing.
func (c *Client) History(ctx context.Context, filter Filter) (invoices []Invoice, doubt string, err error) {
	invoices, settled, err := c.readCounted(ctx, filter)
	if err != nil {
		return nil, "", err
	}
	if !settled {
		if invoices, doubt, err = c.readInTurn(ctx, filter); err != nil {
			return nil, "", err
		}
	}
	slices.SortFunc(invoices, func(a, b Invoice) int { return gateway.NewestFirst(a.Created, b.Created, a.ID, b.ID) })
	return invoices, doubt, nil
}

// readCounted reads pages side by side; settled tells that the counts before and
// after confirm them.
func (c *Client) readCounted(ctx context.Context, filter Filter) (invoices []Invoice, settled bool, err error) {
	before, err := c.CountInvoices(ctx, filter)
	if err != nil {
		return nil, false, unlessCountFails(err)
	}
	if invoices, err = c.readSideBySide(ctx, filter, before.Full); err != nil {
		return nil, false, err
	}
	after, err := c.CountInvoices(ctx, filter)
	if err != nil {
		return nil, false, unlessCountFails(err)
	}
	return invoices, after.Full == before.Full && maps.Equal(after.ByStatus, before.ByStatus) && len(invoices) == after.Full, nil
}

// unlessCountFails: the count is only a check. That it cannot be had is no
// reason to fail, unless nothing else can be had either.
func unlessCountFails(err error) error {
	if errors.Is(err, ErrWrongLogin) || gateway.OutcomeOf(err) == gateway.NotDone {
		return err
	}
	return nil
}

func (c *Client) readInTurn(ctx context.Context, filter Filter) (invoices []Invoice, doubt string, err error) {
	before, beforeErr := c.CountInvoices(ctx, filter)
	invoices, err = gateway.List[Invoice]{
		Size: historyPage,
		ID:   func(i *Invoice) gateway.ID { return i.ID },
		Tied: func(a, b *Invoice) bool { return a.Created.Equal(b.Created.Time) },
		Page: func(ctx context.Context, skip, take int) ([]Invoice, error) {
			return c.ListInvoices(ctx, filter, Page{From: skip, Limit: take})
		},
	}.ReadAll(ctx)
	if errors.Is(err, gateway.ErrUnsettled) {
		return nil, "", c.gateway.Error(pathList, &gateway.Error{Outcome: gateway.Refused, Cause: err})
	}
	if err != nil {
		return nil, "", err
	}
	after, afterErr := c.CountInvoices(ctx, filter)
	return invoices, doubtOf(invoices, before, after, errors.Join(beforeErr, afterErr)), nil
}

func doubtOf(invoices []Invoice, before, after *Count, countErr error) string {
	if countErr != nil {
		return "it cannot be had: " + countErr.Error()
	}
	if counted := min(before.Full, after.Full); len(invoices) < counted {
		return fmt.Sprintf("it counts %d invoices, and lists %d", counted, len(invoices))
	}
	return ""
}

// readSideBySide reads so many invoices, and leaves out what comes twice.
func (c *Client) readSideBySide(ctx context.Context, filter Filter, count int) ([]Invoice, error) {
	first, err := c.ListInvoices(ctx, filter, Page{Limit: historyPage})
	if err != nil || len(first) == 0 || len(first) >= count {
		return first, err
	}
	size := len(first)
	if size < historyPage {
		// All that the server gives at once, or all there is and a wrong count.
		second, err := c.ListInvoices(ctx, filter, Page{From: size, Limit: size})
		if err != nil || len(second) == 0 {
			return first, err
		}
	}
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
