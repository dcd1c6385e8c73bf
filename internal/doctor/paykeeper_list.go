package doctor

import (
	"context"
	"slices"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
)

// askLists counts and lists the invoices of the last month, and of all times if that has less
// than a page.
func (k *payKeeperVisit) askLists(ctx context.Context) {
	tomorrow := time.Now().Add(48 * time.Hour)
	var newest object
	for _, start := range []time.Time{time.Now().Add(-recently), beginning} {
		period := paykeeper.Filter{Start: start, End: tomorrow}
		k.askCount(ctx, period)
		first, isRead := k.list(ctx, period, paykeeper.Page{Limit: pageSize})
		if !isRead {
			return
		}
		if len(first) == 0 {
			continue
		}
		newest = first[0]
		k.findPageLimit(ctx, period, len(first))
		if k.hasSeen("paykeeper_max_page") {
			break
		}
	}
	if newest != nil {
		k.compareDates(ctx, newest)
	}
}

func (k *payKeeperVisit) askCount(ctx context.Context, period paykeeper.Filter) {
	a, err := k.ask(func() error {
		_, err := k.client.CountInvoices(ctx, period)
		return err
	})
	if !k.fails(a, err) && !k.isRefused("count", err) {
		k.sees("paykeeper_fullcount", map[string]string{"array": "list", "number": "number", "string": "number"}[objectIn(a.json()).kind("fullcount")])
	}
}

// list reads a page.
func (k *payKeeperVisit) list(ctx context.Context, period paykeeper.Filter, page paykeeper.Page) (rows []object, isRead bool) {
	a, err := k.ask(func() error {
		_, err := k.client.ListInvoices(ctx, period, page)
		return err
	})
	if k.fails(a, err) || k.isRefused("list", err) {
		return nil, false
	}
	rows = rowsIn(a.json())
	k.note(a, rows...)
	return rows, true
}

// findPageLimit reads on after a short page. If it was all, nobody knows how long a page can be.
// Else a page is that short, and so many are read as one should have.
func (k *payKeeperVisit) findPageLimit(ctx context.Context, period paykeeper.Filter, first int) {
	switch {
	case first > pageSize:
		k.cannotSee("A page has more invoices than it was asked for.", "paykeeper_max_page")
		return
	case first == pageSize:
		k.sees("paykeeper_max_page", itoa(first))
		return
	}
	for from := first; from < pageSize; {
		more, isRead := k.list(ctx, period, paykeeper.Page{From: from, Limit: pageSize})
		if !isRead || len(more) == 0 {
			break
		}
		k.sees("paykeeper_max_page", itoa(first))
		from += len(more)
	}
	k.cannotSee("The lists have fewer invoices than a page.", "paykeeper_max_page")
}

// compareDates asks for periods that begin or end with the day of the newest invoice. No later
// day has any, so what comes first in the list is of that day.
func (k *payKeeperVisit) compareDates(ctx context.Context, newest object) {
	day, err := time.ParseInLocation(time.DateTime, newest.text("created_datetime"), k.client.Zone())
	if err != nil {
		k.cannotSee("The newest invoice has no time that can be read.", "paykeeper_dates")
		return
	}
	noon := time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, day.Location())
	isIn := func(start, end time.Time) (isListed, isRead bool) {
		rows, isRead := k.list(ctx, paykeeper.Filter{Start: start, End: end}, paykeeper.Page{Limit: 10})
		return slices.ContainsFunc(rows, func(row object) bool { return sameDay(row.text("created_datetime"), newest.text("created_datetime")) }), isRead
	}
	first, isRead := isIn(noon, noon.AddDate(0, 0, 1))
	last, isReadToo := isIn(noon.AddDate(0, 0, -1), noon)
	if !isRead || !isReadToo {
		return
	}
	k.sees("paykeeper_dates", map[[2]bool]string{
		{true, true}: "inclusive", {false, false}: "exclusive", {true, false}: "end exclusive", {false, true}: "start exclusive",
	}[[2]bool{first, last}])
}

func sameDay(a, b string) bool {
	const day = len(time.DateOnly)
	return len(a) >= day && len(b) >= day && a[:day] == b[:day]
}
