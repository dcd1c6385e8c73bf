package paykeeper

import (
	"context"
	"sync"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

const (
	// minReads is how many invoices are read by their ids before anything is counted.
	minReads = 4
	// maxFailures is how many lists and counts may fail before all is read by id.
	maxFailures = 3
	// maxPatience is for how long a reader waits for what another one counts or lists.
	maxPatience = 20 * time.Second
)

// refresh answers the reads of one run from lists, where that costs fewer calls. It rents
// until renting has cost what buying costs, and then buys: an invoice is read by its id,
// until the pages of the period from the oldest to the newest of them are no more than
// these reads. Then the period is listed, and its invoices are answered from that.
//
// The bound: while P pages cost more than the reads so far, each read is one call, and at the
// moment of buying there were P of them. So there are at most 2 × min(reads, P) calls, and
// the counts, of which there is one for every doubling of the reads. It begins with four
// reads, since a period of one page, bought after eight, would cost more than that.
//
// An invoice outside of what is bought is read by its id as well. That pays for a page next to
// the bought days, which reaches as far as such a page seems to reach. So a period that is read
// in any order costs two calls for each of its pages. What is further away than the reads
// pay for is counted first, like the first period.
//
// Nothing is older than the run. Whatever is missing from the lists, in doubt, or written by
// this run is read by its id, and nobody shares an error.
type refresh struct {
	mu sync.Mutex
	// rows are what the lists have shown.
	rows map[values.ID]listed
	// direct are the invoices that stay with byid, since this run has read them so, or has
	// written them: then no answer is older than one before it.
	direct map[values.ID]*answerByID
	// isProven is set once a row was as good as the answer by its id.
	isProven bool
	isOff    bool
	// turn is closed when whoever counts, lists or proves for all has ended.
	turn chan struct{}

	// bought are the days whose lists were read, and inside is how many invoices they had.
	bought span
	inside int
	// whole, older and newer are what is not bought: everything at first, then what lies on
	// both sides of what is bought.
	whole, older, newer gap
	// rents are the reads by id that a list could have answered, pages those that were listed.
	rents, pages int
	// density is how many invoices a day next to the bought ones is likely to have; 0 is
	// unknown.
	density float64 // no amount is ever a float
	// size is how many invoices a page has at most, and seen how many were seen on one.
	size, seen int
	ends       ends
	failures   int
	patience   time.Duration
	// pausedUntil is the number of rents after a failure at which lists are tried again.
	pausedUntil int
}

func newRefresh() refresh {
	return refresh{
		rows: map[values.ID]listed{}, direct: map[values.ID]*answerByID{},
		bought: noDays, whole: newGap(), older: newGap(), newer: newGap(), size: historyPage, patience: maxPatience,
	}
}

// RefreshInvoice is [Client.FindInvoice] for one of many invoices that are only read, to see
// what has become of them. The answer may come from a list that this client has read before
// (section 3.2). A listed invoice that isDoubtful is read by its id all the same.
func (c *Client) RefreshInvoice(ctx context.Context, id string, isDoubtful func(*Invoice) bool) (*Invoice, error) {
	made, ok := dayOfID(id)
	if !ok {
		return c.FindInvoice(ctx, id)
	}
	got := c.awaitRow(ctx, values.ID(id), made)
	if got.isTurn {
		defer c.refresh.endTurn()
	}
	if got.row != nil && !isDoubtful(got.row) {
		return got.row, nil
	}
	invoice, body, err := c.findInvoice(ctx, id)
	if err == nil {
		c.refresh.note(values.ID(id), invoice, body, got.isRent)
	}
	return invoice, err
}

// awaitRow returns the row of an invoice, or that it is to be read by its id. Until that is
// clear it waits for whoever counts or lists, or does so itself.
func (c *Client) awaitRow(ctx context.Context, id values.ID, made day) step {
	timer := time.NewTimer(c.refresh.patience)
	defer timer.Stop()
	for ctx.Err() == nil {
		next := c.refresh.next(id, made)
		switch {
		case next.wait != nil:
			select {
			case <-next.wait:
			case <-ctx.Done():
			case <-timer.C:
				return step{}
			}
		case next.errand != nil:
			c.carryOut(ctx, *next.errand)
		default:
			return next
		}
	}
	return step{} // the call will say why it was not sent
}

func (c *Client) carryOut(ctx context.Context, e errand) {
	defer c.refresh.endTurn()
	if e.isCount {
		count, err := c.countSpan(ctx, e)
		c.refresh.noteCount(ctx, e, count, err)
		return
	}
	got, err := c.listSpan(ctx, e)
	c.refresh.noteListing(ctx, e, got, err)
}

// step is what a reader does next. An empty one is to read by the id.
type step struct {
	row    *Invoice
	wait   <-chan struct{}
	errand *errand
	// isTurn means that the others wait until this read has ended.
	isTurn bool
	// isRent means that it was counted as one that a list could have answered.
	isRent bool
}

// next decides, and takes the turn where the others have to wait. The reader who got it ends
// it.
func (r *refresh) next(id values.ID, made day) step {
	r.mu.Lock()
	defer r.mu.Unlock()
	row, isListed := r.rows[id]
	_, isDirect := r.direct[id]
	switch {
	case r.isOff || isDirect, !isListed && r.bought.contains(made):
		return step{}
	case isListed && r.isProven:
		if !row.isEnough(time.Now()) {
			return step{}
		}
		return step{row: &row.Invoice}
	case r.turn != nil:
		return step{wait: r.turn}
	}
	// Reads count when they begin: so the next one knows of those under way.
	next := step{isTurn: isListed, isRent: !isListed}
	if !isListed {
		next.errand = r.errandFor(made)
	}
	switch {
	case isListed || next.errand != nil:
		r.turn = make(chan struct{})
	default:
		r.rent(made)
	}
	return next
}

func (r *refresh) endTurn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.turn)
	r.turn = nil
}

// note compares the answer by an id with the row of a list, if there is one.
func (r *refresh) note(id values.ID, invoice *Invoice, body []byte, isRent bool) {
	answer := &answerByID{invoice, fieldsOf(body)}
	r.mu.Lock()
	defer r.mu.Unlock()
	if isRent && (invoice == nil || invoice.Status == StatusCreated) {
		r.takeBack(id)
	}
	r.direct[id] = answer
	if row, ok := r.rows[id]; ok {
		delete(r.rows, id)
		r.compare(&row, answer)
	}
}

// noteWritten keeps an invoice that this run is about to change, or has made, to byid.
func (r *refresh) noteWritten(id values.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.direct[id] = &answerByID{}
	delete(r.rows, id)
}

func (r *refresh) compare(row *listed, answer *answerByID) {
	switch {
	case row.isPoorer(answer):
		r.switchOff()
	case answer.invoice != nil:
		r.isProven = true
	}
}

// switchOff has everything read by id from now on.
func (r *refresh) switchOff() {
	r.isOff, r.rows = true, map[values.ID]listed{}
}
