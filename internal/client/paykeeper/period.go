package paykeeper

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

// day is a day of the server, counted from 1970.
type day int

const (
	secondsOfDay = 24 * 60 * 60
	// lastYear is far from now. A later id is no time.
	lastYear = 2999
)

// dayOfID reads the day of an invoice from its id, YYYYMMDDhhmmssmmm in the server's zone.
func dayOfID(id string) (d day, ok bool) {
	if len(id) != len("20060102150405000") {
		return 0, false
	}
	made, err := time.Parse("20060102150405.000", id[:14]+"."+id[14:])
	if err != nil || made.Year() < beginning.Year() || made.Year() > lastYear {
		return 0, false
	}
	return day(made.Unix() / secondsOfDay), true
}

// in is noon of the day: clocks may leave out a midnight.
func (d day) in(zone *time.Location) time.Time {
	return time.Date(1970, 1, 1+int(d), 12, 0, 0, 0, zone)
}

// span is the days from first to last, both of them included.
type span struct{ first, last day }

var noDays = span{first: 1}

func (s span) days() int { return int(s.last-s.first) + 1 }

func (s span) isEmpty() bool { return s.last < s.first }

func (s span) contains(d day) bool { return s.first <= d && d <= s.last }

// with is the shortest span that also has the days of another.
func (s span) with(other span) span {
	if s.isEmpty() {
		return other
	}
	return span{min(s.first, other.first), max(s.last, other.last)}
}

// ends reports which ends of a period the server is known to include. No document says it.
type ends struct{ start, end bool }

// query asks for a span, and for a day more where the server may leave out an end.
func (e ends) query(s span, zone *time.Location) url.Values {
	if !e.start {
		s.first--
	}
	if !e.end {
		s.last++
	}
	return Filter{Start: s.first.in(zone), End: s.last.in(zone)}.query(zone)
}

// errand is what one reader does for all of them: to count a span, or to list it.
type errand struct {
	span
	isCount bool
	ends    ends
	// count is how many invoices it has, and negative where nobody has counted.
	count int
	// pages is how many may be read at most.
	pages int
	// mustEnd means that pages which do not come to the end of the span are of no use.
	mustEnd bool
	// size is how many invoices a page has at most, and seen how many were seen on one.
	size, seen int
}

// pagesOf is the number of pages for so many invoices.
func pagesOf(count, size int) int { return (count + size - 1) / size }

// listing is what came of an errand.
type listing struct {
	rows []listed
	// pages is how many were asked for.
	pages int
	// isWhole reports whether the pages come to their end.
	isWhole bool
	size    int
	seen    int
}

// countSpan asks how many invoices a list of the span has.
func (c *Client) countSpan(ctx context.Context, e errand) (int, error) {
	body, err := c.getOptional(ctx, pathCount, e.ends.query(e.span, c.zone))
	if err != nil {
		return 0, err
	}
	count, err := parseCount(body)
	if err != nil {
		return 0, err
	}
	return count.Full, nil
}

// listSpan reads the pages of the span, newest first, but no more than the errand allows. It
// does without an overlap: an invoice that moves to another page meanwhile is missing,
// and what is missing is read by its id.
func (c *Client) listSpan(ctx context.Context, e errand) (l listing, err error) {
	query := e.ends.query(e.span, c.zone)
	l.size, l.seen = e.size, e.seen
	first, err := c.listPage(ctx, query, 0, &l)
	switch {
	case err != nil:
		return l, err
	case e.count >= 0:
		return l, c.listCounted(ctx, query, e, len(first), &l)
	case isBeyond(first, e.last):
		return l, nil // the server includes the end, so the next try leaves it out
	}
	return l, c.listUncounted(ctx, query, e, len(first), &l)
}

// listCounted reads the pages after the first one side by side. If that was short, the server
// gives no more at once, or what was counted has become less: the second page tells which.
func (c *Client) listCounted(ctx context.Context, query url.Values, e errand, first int, l *listing) error {
	done := 1
	if first < min(e.count, l.size) {
		second, err := c.listPage(ctx, query, first, l)
		if err != nil {
			return err
		}
		if l.isWhole = len(second) == 0; l.isWhole {
			return nil
		}
		if first == 0 {
			return errors.New("it lists nothing, and more after that")
		}
		l.size, done = first, 2
	}
	all := pagesOf(e.count, l.size)
	if l.isWhole = all <= done; l.isWhole || all > e.pages {
		return nil
	}
	pages := make([]listing, all)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(sideBySide)
	for n := done; n < all; n++ {
		group.Go(func() error {
			_, err := c.listPage(ctx, query, n*l.size, &pages[n])
			return err
		})
	}
	err := group.Wait()
	for _, page := range pages {
		l.rows, l.pages, l.seen = append(l.rows, page.rows...), l.pages+page.pages, max(l.seen, page.seen)
	}
	l.isWhole = err == nil
	return err
}

// isBeyond reports whether a page has nothing but what is newer than a day.
func isBeyond(page []listed, last day) bool {
	return len(page) > 0 && !slices.ContainsFunc(page, func(row listed) bool {
		made, ok := dayOfID(string(row.ID))
		return !ok || made <= last
	})
}

// listUncounted reads on to a page that is short for this server. A page that is shorter
// than it was asked to be, and the longest so far, may be all that the server gives at
// once, so it is not taken for the last one.
func (c *Client) listUncounted(ctx context.Context, query url.Values, e errand, last int, l *listing) error {
	longest := e.seen
	for last > 0 && last >= min(longest, l.size) {
		if last < l.size && !e.mustEnd || last >= l.size && l.pages >= e.pages {
			return nil
		}
		longest = max(longest, last)
		page, err := c.listPage(ctx, query, len(l.rows), l)
		if err != nil {
			return err
		}
		if len(page) > 0 && last < l.size {
			l.size = last
		}
		last = len(page)
	}
	l.isWhole = true
	return nil
}

func (c *Client) listPage(ctx context.Context, query url.Values, from int, into *listing) ([]listed, error) {
	asked := url.Values{"limit": {strconv.Itoa(historyPage)}}
	for name, values := range query {
		asked[name] = values
	}
	if from > 0 {
		asked.Set("from", strconv.Itoa(from))
	}
	into.pages++
	body, err := c.getOptional(ctx, pathList, asked)
	if err != nil {
		return nil, err
	}
	rows, err := c.parseRows(body)
	if err != nil {
		return nil, err
	}
	into.rows, into.seen = append(into.rows, rows...), max(into.seen, len(rows))
	return rows, nil
}
