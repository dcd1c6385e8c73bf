package transport

import (
	"context"
	"errors"
	"slices"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// ErrUnsettled is the cause when a list cannot be read to its end: it changes
// too quickly, or the gateway stops giving pages, or more elements are tied
// than fit on one, in an order that changes.
var ErrUnsettled = errors.New("the gateway's pages do not add up to a list: it changes too quickly, or the gateway does not give all of it")

const (
	// maxIdle is how many pages may bring nothing new, one after the other.
	maxIdle = 20
	// enoughSame is how often all there is comes again before it is believed.
	enoughSame = 4
)

// List reads a list that a gateway gives page by page.
type List[T any] struct {
	// Size is how many elements are asked for at once.
	Size int
	ID   func(*T) values.ID
	// Tied reports whether two elements are equal in the gateway's order. Then their
	// order may differ from page to page.
	Tied func(a, b *T) bool
	Page func(ctx context.Context, skip, take int) ([]T, error)
}

// ReadAll reads the whole list, as [List.Each] does.
func (l List[T]) ReadAll(ctx context.Context) (all []T, err error) {
	err = l.Each(ctx, func(one *T) bool {
		all = append(all, *one)
		return true
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Each reads every element that was there at the start once, although the
// list may change while it is read. The error is [ErrUnsettled] where that is
// impossible. What a page brings is taken before the next page is asked for; when take
// returns false, no further page is.
//
// A page begins with the last element of the page before it, and with those that
// are tied with it. When they are not there, the list has changed: the page is
// put aside, and read again from further back. What comes again is left out.
//
// No gateway documents how long a page may be: one that is shorter than asked for may
// be the last one, or all that the gateway gives at once. So the list ends with a page
// that contains nothing but the end of the page before it.
func (l List[T]) Each(ctx context.Context, take func(*T) bool) error {
	seen := map[values.ID]bool{}
	var tail []T // the end of the page before, which this one must begin with
	cut := false // it was a single tie, which goes on: only a strict order leads out of it
	skip, full, idle, steppedBack := 0, 0, 0, false
	for {
		page, err := l.Page(ctx, skip, l.Size)
		if err != nil {
			return err
		}
		full = max(full, len(page))
		overlaps := slices.ContainsFunc(page, func(one T) bool { return seen[l.ID(&one)] })
		joins := skip == 0 || steppedBack && overlaps || l.holds(page, tail)
		if !joins {
			if idle++; idle > maxIdle || cut {
				return ErrUnsettled
			}
			back := full
			if overlaps {
				back = full/2 + 1
			}
			skip, steppedBack = max(0, skip-back), true
			continue
		}
		fresh, isOver := l.takeFresh(page, seen, take)
		switch {
		case isOver:
			return nil
		case len(page) == 0, !fresh && len(page) <= len(tail):
			return nil
		case !fresh && idle == enoughSame && len(page) == len(seen) && len(page) < l.Size:
			return nil // all there is, from a gateway that does not skip
		case fresh:
			idle = 0
		default:
			if idle++; idle > maxIdle {
				return ErrUnsettled
			}
		}
		tail, cut = l.tailOf(page)
		skip, steppedBack = skip+max(len(page)-len(tail), 1), false
		if len(page) == 1 {
			tail = nil // a gateway of such pages cannot be asked for an overlap
		}
	}
}

// takeFresh takes what was not seen yet. It reports whether there was any, and whether take has
// ended it.
func (l List[T]) takeFresh(page []T, seen map[values.ID]bool, take func(*T) bool) (fresh, isOver bool) {
	for i := range page {
		id := l.ID(&page[i])
		if seen[id] {
			continue
		}
		seen[id], fresh = true, true
		if !take(&page[i]) {
			return true, true
		}
	}
	return fresh, false
}

func (l List[T]) holds(page, elements []T) bool {
	return !slices.ContainsFunc(elements, func(wanted T) bool {
		return !slices.ContainsFunc(page, func(one T) bool { return l.ID(&one) == l.ID(&wanted) })
	})
}

// tailOf is the last element with those that are tied with it. If that is the whole
// page, it is the last element alone, so that the next page begins later.
func (l List[T]) tailOf(page []T) (tail []T, cut bool) {
	last := len(page) - 1
	first := last
	for first > 0 && l.Tied(&page[first-1], &page[last]) {
		first--
	}
	if first == 0 {
		return page[last:], last > 0
	}
	return page[first:], false
}
