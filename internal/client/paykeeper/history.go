package paykeeper

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

const (
	// historyPage is what SDKs ask for; a server may give less.
	historyPage = 100
	// sideBySide is how many pages are read at the same time.
	sideBySide = 8
	// maxPasses is how often a history is read that changes every time.
	maxPasses = 4
)

// History returns all invoices that a filter selects (section 3.2), each once,
// newest first. The pages are read side by side, and counted (section 3.3) before and
// after. They are complete if the counts agree and every page begins with the last
// invoice of the page before it. Otherwise the history is read again, one page after
// the other, until a pass leaves no doubt or is like the one before it. doubt says what
// does not add up even then, and is "" if nothing is in doubt.
func (c *Client) History(ctx context.Context, filter Filter) (invoices []Invoice, doubt string, err error) {
	invoices, settled, err := c.readCounted(ctx, filter)
	if err != nil {
		return nil, "", err
	}
	for pass := 2; !settled; pass++ {
		again, err := c.readInTurn(ctx, filter)
		if err != nil {
			return nil, "", err
		}
		agree := sameInvoices(again.invoices, invoices)
		settled = again.isOrdered && again.doubt == "" || agree || again.isUncounted || pass == maxPasses
		invoices, doubt = again.invoices, again.doubt
		if !again.isOrdered && !agree && doubt == "" {
			doubt = "it lists other invoices every time it is read"
		}
	}
	slices.SortFunc(invoices, func(a, b Invoice) int { return values.NewestFirst(a.Created, b.Created, a.ID, b.ID) })
	return invoices, doubt, nil
}

// sameInvoices reports whether two passes show the same invoices in the same statuses.
func sameInvoices(a, b []Invoice) bool {
	statuses := func(invoices []Invoice) map[values.ID]string {
		all := make(map[values.ID]string, len(invoices))
		for i := range invoices {
			all[invoices[i].ID] = invoices[i].Status
		}
		return all
	}
	return len(a) == len(b) && maps.Equal(statuses(a), statuses(b))
}

// isOrdered reports whether invoices come in the order of their creation, which never
// changes. Then no invoice can move from a page still to be read to one already read.
func isOrdered(invoices []Invoice) bool {
	byCreation := func(a, b Invoice) int { return a.Created.Compare(b.Created.Time) }
	return slices.IsSortedFunc(invoices, byCreation) ||
		slices.IsSortedFunc(invoices, func(a, b Invoice) int { return byCreation(b, a) })
}

// readCounted reads pages side by side; settled reports whether they leave no doubt.
func (c *Client) readCounted(ctx context.Context, filter Filter) (invoices []Invoice, settled bool, err error) {
	before, err := c.CountInvoices(ctx, filter)
	if err != nil {
		return nil, false, unlessCountFails(err)
	}
	invoices, whole, err := c.readSideBySide(ctx, filter, before.Full)
	if err != nil {
		return nil, false, err
	}
	after, err := c.CountInvoices(ctx, filter)
	if err != nil {
		return nil, false, unlessCountFails(err)
	}
	return invoices, whole && after.Full == before.Full && maps.Equal(after.ByStatus, before.ByStatus) && len(invoices) == after.Full, nil
}

// unlessCountFails drops the error of a count, which is only a check, unless nothing
// else can be read either.
func unlessCountFails(err error) error {
	if errors.Is(err, ErrWrongLogin) || transport.OutcomeOf(err) == transport.NotDone {
		return err
	}
	return nil
}

// pass is the result of reading all pages one after the other.
type pass struct {
	invoices    []Invoice
	isOrdered   bool
	isUncounted bool   // there is no count to compare with
	doubt       string // what the counts say against it
}

// readInTurn reads pages that overlap, whatever changes meanwhile.
func (c *Client) readInTurn(ctx context.Context, filter Filter) (p pass, err error) {
	before, beforeErr := c.CountInvoices(ctx, filter)
	p.invoices, err = transport.List[Invoice]{
		Size: historyPage,
		ID:   func(i *Invoice) values.ID { return i.ID },
		Tied: func(a, b *Invoice) bool { return a.Created.Equal(b.Created.Time) },
		Page: func(ctx context.Context, skip, take int) ([]Invoice, error) {
			return c.ListInvoices(ctx, filter, Page{From: skip, Limit: take})
		},
	}.ReadAll(ctx)
	if errors.Is(err, transport.ErrUnsettled) {
		return p, c.gateway.Error(pathList, &transport.Error{Outcome: transport.Refused, Cause: err})
	}
	if err != nil {
		return p, err
	}
	after, afterErr := c.CountInvoices(ctx, filter)
	p.isOrdered = isOrdered(p.invoices)
	if countErr := errors.Join(beforeErr, afterErr); countErr != nil {
		p.isUncounted, p.doubt = true, "it cannot be had: "+countErr.Error()
	} else if counted := min(before.Full, after.Full); len(p.invoices) < counted {
		p.doubt = fmt.Sprintf("it counts %d invoices, and lists %d", counted, len(p.invoices))
	}
	return p, nil
}

// readSideBySide reads so many invoices. whole reports whether no invoice that was
// there all the time can be missing: neighbouring pages overlap in one invoice, so a
// list that moved meanwhile does not join, and the last page is not full.
func (c *Client) readSideBySide(ctx context.Context, filter Filter, count int) (invoices []Invoice, whole bool, err error) {
	first, err := c.ListInvoices(ctx, filter, Page{Limit: historyPage})
	if err != nil {
		return nil, false, err
	}
	size := len(first)
	if size == 0 || size >= count && size < historyPage {
		return first, true, nil
	}
	if size == 1 || size > count {
		return first, false, nil // no overlap is possible, or the count is wrong
	}
	stride := size - 1
	pages := make([][]Invoice, (count-size)/stride+2)
	pages[0] = first
	read := func(ctx context.Context, n int) (err error) {
		pages[n], err = c.ListInvoices(ctx, filter, Page{From: n * stride, Limit: size})
		return err
	}
	next := 1
	if size < historyPage {
		// All that the server gives at once, or all there is and a wrong count.
		if err := read(ctx, 1); err != nil || len(pages[1]) <= 1 {
			return first, false, err
		}
		next = 2
	}
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(sideBySide)
	for n := next; n < len(pages); n++ {
		group.Go(func() error { return read(groupCtx, n) })
	}
	if err := group.Wait(); err != nil {
		return nil, false, err
	}
	whole = join(pages, size)
	seen := make(map[values.ID]bool, count)
	invoices = slices.DeleteFunc(slices.Concat(pages...), func(one Invoice) bool {
		twice := seen[one.ID]
		seen[one.ID] = true
		return twice
	})
	return invoices, whole && isOrdered(invoices), nil
}

// join reports whether each page begins with the last invoice of the one before it,
// and the last page ends the list. Invoices of one second may change their order from
// page to page, so a page that ends between such invoices proves nothing.
func join(pages [][]Invoice, size int) bool {
	tied := func(a, b Invoice) bool { return a.Created.Equal(b.Created.Time) }
	for n := 1; n < len(pages); n++ {
		before, page := pages[n-1], pages[n]
		if len(before) != size || len(page) == 0 || before[size-1].ID != page[0].ID || tied(before[size-2], page[0]) ||
			len(page) > 1 && tied(page[0], page[1]) {
			return false
		}
	}
	return len(pages[len(pages)-1]) < size
}
