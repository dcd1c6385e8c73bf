package paykeeper

import (
	"context"
	"math"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// maxReach is how many days a page is taken to have at most.
const maxReach = 3660

// gap is what was read by id on one side of the bought days since they were bought.
type gap struct {
	// span is from the oldest to the newest of it, and up to the bought days.
	span
	rents int
	// due is the number of rents at which it is counted next.
	due int
	// counted is what was counted last, and count how many invoices it had.
	counted span
	count   int
}

func newGap() gap { return gap{span: noDays, due: minReads, counted: noDays} }

// gapAt is the gap with a day that is not bought.
func (r *refresh) gapAt(d day) *gap {
	switch {
	case r.bought.isEmpty():
		return &r.whole
	case d < r.bought.first:
		return &r.older
	}
	return &r.newer
}

// rent counts a read by id.
func (r *refresh) rent(made day) {
	g := r.gapAt(made)
	g.rents++
	r.rents++
	g.span = g.with(span{made, made})
	switch g {
	case &r.older:
		g.last = r.bought.first - 1
	case &r.newer:
		g.first = r.bought.last + 1
	}
}

// takeBack is for a read by id of what no list has.
func (r *refresh) takeBack(id values.ID) {
	r.rents--
	if made, ok := dayOfID(string(id)); ok && !r.bought.contains(made) {
		g := r.gapAt(made)
		g.rents = max(g.rents-1, 0)
	}
}

// errandFor is what the reads so far have paid for, before another one of this day. It is nil
// if the next thing to do is to read by the id.
func (r *refresh) errandFor(made day) *errand {
	g := r.gapAt(made)
	credit := r.rents - r.pages
	e := errand{ends: r.ends, size: r.size, seen: r.seen, count: -1}
	switch {
	case r.rents < r.pausedUntil:
		return nil
	case r.density > 0 && r.pagesTo(made) <= credit:
		e.pages = r.pagesTo(made)
		days := max(r.distance(made), int(float64(e.pages*r.size)/r.density))
		if e.span, e.mustEnd = r.nextTo(g, made, day(days)); e.mustEnd {
			e.pages++ // the next reads pay for it
		}
	case !g.counted.isEmpty() && pagesOf(g.count, r.size) <= credit:
		e.span, e.count, e.pages = g.counted, g.count, credit
	case g.rents >= g.due && g.span != g.counted:
		e.span, e.isCount = g.span, true
	default:
		return nil
	}
	return &e
}

// nextTo are so many days next to the bought ones, on both sides while all of it is likely
// to fit on a page. A listing of newer ones alone is of no use unless it comes to its end,
// since it begins at the other one.
func (r *refresh) nextTo(g *gap, made, days day) (s span, mustEnd bool) {
	if g == &r.newer {
		days = max(days*9/10, day(r.distance(made)))
	}
	older, newer := span{r.bought.first - days, r.bought.first - 1}, span{r.bought.last + 1, r.bought.last + days}
	switch {
	case r.inside <= r.size/2:
		return older.with(newer), false
	case g == &r.older:
		return older, false
	}
	return newer, true
}

// distance is how many days have to be bought to reach a day.
func (r *refresh) distance(d day) int {
	return int(max(r.bought.first-d, d-r.bought.last))
}

// pagesTo is how many pages it is likely to take to reach a day.
func (r *refresh) pagesTo(d day) int {
	return max(1, int(math.Ceil(float64(r.distance(d))*r.density/float64(r.size))))
}

// fail has lists left alone for a while. A stop of the reader says nothing about them.
func (r *refresh) fail(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	r.pausedUntil = 2 * max(r.rents, minReads)
	if r.failures++; r.failures == maxFailures {
		r.switchOff()
	}
}

func (r *refresh) noteCount(ctx context.Context, e errand, count int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.fail(ctx)
		return
	}
	g := r.gapAt(e.first)
	g.counted, g.count, g.due = e.span, count, 2*g.rents
	if count == 0 {
		r.own(e.span, 0)
	}
}

func (r *refresh) noteListing(ctx context.Context, e errand, got listing, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pages += got.pages
	r.seen = max(r.seen, got.seen)
	r.size = min(max(got.size, r.seen), historyPage)
	inside := 0
	for i := range got.rows {
		row := &got.rows[i]
		if answer, ok := r.direct[row.ID]; ok {
			r.compare(row, answer)
			if row.isOlder(answer) {
				r.switchOff()
			}
		} else {
			r.rows[row.ID] = *row
		}
		made, _ := dayOfID(string(row.ID))
		switch {
		case e.contains(made):
			inside++
		case made == e.first-1:
			r.ends.start = true
		case made == e.last+1:
			r.ends.end = true
		}
	}
	switch {
	case r.isOff:
		r.rows = map[values.ID]listed{}
	case err != nil:
		r.fail(ctx)
	case got.isWhole:
		if !e.ends.start && r.ends.start {
			e.first-- // it was whole as well
		}
		if !e.ends.end && r.ends.end {
			e.last++
		}
		r.own(e.span, inside)
	default:
		r.ownNewest(e, got)
	}
}

// own takes days as bought, which have so many invoices. The days next to them are taken for
// like them, but a page for no more than four times as many days as ever before.
func (r *refresh) own(s span, count int) {
	reach := float64(s.days())
	if r.density > 0 {
		reach = max(reach, float64(r.size)/r.density)
	}
	r.density = max(float64(count)/float64(s.days()), float64(r.size)/min(4*reach, maxReach))
	if s.first <= r.bought.first && r.bought.last <= s.last {
		r.inside = 0 // they are listed again
	}
	r.inside += count
	r.bought = r.bought.with(s)
	r.older, r.newer = newGap(), newGap()
}

// ownNewest takes the newest days of a listing as bought that did not come to its end. The last
// of them may lack some.
func (r *refresh) ownNewest(e errand, got listing) {
	s := span{e.last + 1, e.last}
	for i := range got.rows {
		if made, ok := dayOfID(string(got.rows[i].ID)); ok {
			s.first = min(s.first, made+1)
		}
	}
	s.first = max(s.first, e.first)
	count := 0
	for i := range got.rows {
		if made, _ := dayOfID(string(got.rows[i].ID)); s.contains(made) {
			count++
		}
	}
	isNext := r.bought.isEmpty() || s.first <= r.bought.last+1 && r.bought.first <= s.last+1
	switch {
	case !s.isEmpty() && isNext:
		r.own(s, count)
	case e.ends == r.ends: // otherwise the next try leaves out the end that was too much
		r.density = 0
		if !s.isEmpty() {
			r.density = float64(count) / float64(s.days())
		}
	}
}
