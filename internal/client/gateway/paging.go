package gateway

import (
	"context"
	"slices"
)

// mostStuck is how often the same page may come again.
const mostStuck = 10

// List is how a list is read that a gateway gives page by page.
type List[T any] struct {
	// Size is how many elements are asked for at once.
	Size int
	ID   func(*T) ID
	// Tied tells that the gateway's order does not tell two elements apart: then
	// their order may differ from page to page.
	Tied func(a, b *T) bool
	Page func(ctx context.Context, skip, take int) ([]T, error)
}

// ReadAll reads every element that was there at the start once, although the
// list may change while it is read.
//
// A page begins with the last element of the page before it, and with those that
// are tied with it. When they are not there, the list has changed, and the page
// is read again from further back. What comes again is left out.
//
// Nobody says how long a page may be: one that is shorter than asked for is the
// last one, or all that the gateway gives at once. So the longest one seen is
// what counts as full.
func (l List[T]) ReadAll(ctx context.Context) ([]T, error) {
	var all []T
	seen := map[ID]bool{}
	var tail []T // the end of the page before, which this one must begin with
	skip, full, stuck, steppedBack := 0, 0, 0, false
	for {
		page, err := l.Page(ctx, skip, l.Size)
		if err != nil {
			return nil, err
		}
		full = max(full, len(page))
		overlaps := slices.ContainsFunc(page, func(one T) bool { return seen[l.ID(&one)] })
		joins := skip == 0 || steppedBack && overlaps || l.holds(page, tail)
		fresh := false
		for i := range page {
			if id := l.ID(&page[i]); !seen[id] {
				seen[id], fresh = true, true
				all = append(all, page[i])
			}
		}
		// The same page again: the list has grown by just so much, or the gateway
		// does not know how to skip.
		if skip > 0 && joins && !fresh && len(page) > 0 && l.ID(&page[len(page)-1]) == l.ID(&tail[len(tail)-1]) {
			stuck++
		} else {
			stuck = 0
		}
		switch {
		case !joins && overlaps:
			skip, steppedBack = max(0, skip-full/2), true
		case !joins:
			skip, steppedBack = max(0, skip-full), true
		case len(page) < full, len(page) <= 1, stuck == mostStuck:
			return all, nil
		default:
			tail = l.tailOf(page)
			skip, steppedBack = skip+len(page)-len(tail), false
		}
	}
}

func (l List[T]) holds(page, elements []T) bool {
	return !slices.ContainsFunc(elements, func(wanted T) bool {
		return !slices.ContainsFunc(page, func(one T) bool { return l.ID(&one) == l.ID(&wanted) })
	})
}

// tailOf is the last element with those that are tied with it, unless that is
// the whole page: then the next one could not begin later.
func (l List[T]) tailOf(page []T) []T {
	last := len(page) - 1
	first := last
	for first > 0 && l.Tied(&page[first-1], &page[last]) {
		first--
	}
	if first == 0 {
		first = last
	}
	return page[first:]
}
