package paykeeper

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// ledger is a server whose list changes while it is read: rows are seconds, newest
// first.
type ledger struct {
	mu      sync.Mutex
	rows    []int
	maxPage int // what a page holds at most
	calls   int
	lists   int // pages that were served
	// change, if any, is made once, right after the page that begins at this place is
	// served: the pages above it are served before, those below it after that, or,
	// upwards, the other way round.
	at      int
	upwards bool
	change  func(rows []int) []int
	changed chan struct{}
	// each is made after every page.
	each func(pages int, rows []int) []int
	// order is in which the rows are listed.
	order func(pages int, rows []int) []int
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/listcount/") {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.calls++
		_, _ = fmt.Fprintf(w, `{"statuses":[{"status":"paid","count":%d}],"fullcount":%d}`, len(l.rows), len(l.rows))
		return
	}
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	if l.changed != nil && from > 0 {
		l.wait(from)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls++
	l.lists++
	_, _ = w.Write([]byte(l.page(from, min(limit, l.maxPage))))
	if from == l.at {
		l.changeOnce()
	}
	if l.each != nil {
		l.rows = l.each(l.lists, l.rows)
	}
}

func (l *ledger) wait(from int) {
	switch {
	case from == l.at:
		time.Sleep(time.Millisecond) // for those that come before it
	case (from < l.at) == l.upwards:
		select {
		case <-l.changed:
		case <-time.After(4 * time.Millisecond):
		}
	}
}

func (l *ledger) changeOnce() {
	if l.change != nil {
		l.rows, l.change = l.change(l.rows), nil
		close(l.changed)
	}
}

func (l *ledger) page(from, limit int) string {
	rows := l.rows
	if l.order != nil {
		rows = l.order(l.lists, slices.Clone(rows))
	}
	var items []string
	for n := from; n < min(from+limit, len(rows)); n++ {
		at := time.Date(2026, 1, 1, 0, 0, rows[n]/10, 0, values.Moscow)
		items = append(items, fmt.Sprintf(`{"id":"%d","status":"paid","pay_amount":"1.00","created_datetime":%q}`, rows[n], at.Format(time.DateTime)))
	}
	return "[" + strings.Join(items, ",") + "]"
}

// seconds are so many rows, ten apart.
func seconds(count int) []int {
	rows := make([]int, count)
	for n := range rows {
		rows[n] = 10 * (count - n)
	}
	return rows
}

func (l *ledger) read(t *testing.T) (ids []int, doubt string, err error) {
	t.Helper()
	web := httptest.NewServer(l)
	defer web.Close()
	invoices, doubt, err := New(web.URL, login, password, transport.Config{RequestTimeout: 10 * time.Second}).History(t.Context(), Filter{})
	for _, one := range invoices {
		id, _ := strconv.Atoi(string(one.ID))
		ids = append(ids, id)
	}
	return ids, doubt, err
}

// Invoices leave and as many enter during the read, so that the counts are equal:
// nothing that was there all the time is missed, and nothing comes twice, after
// whichever page it happens, in whichever order pages come, and wherever it is.
func TestHistorySwap(t *testing.T) {
	for at := 0; at < 450; at += 99 {
		for _, upwards := range []bool{true, false} {
			t.Run(fmt.Sprintf("page %d, upwards %t", at/99, upwards), func(t *testing.T) {
				t.Parallel()
				for _, enter := range []int{0, 150, 440} {
					for _, leave := range []int{0, 150, 440} {
						for _, swapped := range []int{1, 3} {
							checkSwap(t, at, upwards, enter, leave, swapped)
						}
					}
				}
			})
		}
	}
}

func checkSwap(t *testing.T, at int, upwards bool, enter, leave, swapped int) {
	t.Helper()
	all := seconds(450)
	l := &ledger{rows: slices.Clone(all), maxPage: 100, at: at, upwards: upwards, changed: make(chan struct{})}
	l.change = func(rows []int) []int {
		rows = slices.Delete(rows, leave, leave+swapped)
		for n := range swapped {
			rows = append(rows, all[enter]+1+n)
		}
		slices.Sort(rows)
		slices.Reverse(rows)
		return rows
	}
	ids, doubt, err := l.read(t)
	if err != nil || doubt != "" {
		t.Fatalf("%d enter, %d leave: doubt %q, %v", enter, leave, doubt, err)
	}
	isKept := map[int]bool{}
	for _, id := range ids {
		if isKept[id] {
			t.Fatalf("%d enter, %d leave: %d comes twice", enter, leave, id)
		}
		isKept[id] = true
	}
	for n, id := range all {
		if (n < leave || n >= leave+swapped) && !isKept[id] {
			t.Fatalf("%d enter, %d leave, %d of them: %d is missing", enter, leave, swapped, id)
		}
	}
}

// A calm history costs one page in a hundred for the overlap, and two counts.
func TestHistoryPrice(t *testing.T) {
	for count, calls := range map[int]int{0: 3, 1: 3, 99: 3, 100: 4, 101: 4, 198: 4, 199: 5, 1000: 13, 9710: 101} {
		l := &ledger{rows: seconds(count), maxPage: 100}
		ids, doubt, err := l.read(t)
		if err != nil || doubt != "" || len(ids) != count || l.calls != calls {
			t.Errorf("%d of %d invoices, doubt %q, %d calls, want %d: %v", len(ids), count, doubt, l.calls, calls, err)
		}
	}
}

// A shop that never rests: invoices enter all the time, and the history is believed
// after one pass in turn.
func TestHistoryOfABusyShop(t *testing.T) {
	l := &ledger{rows: seconds(950), maxPage: 100}
	l.each = func(pages int, rows []int) []int {
		if pages%2 == 0 {
			rows = slices.Insert(rows, 0, 10000+10*pages)
		}
		return rows
	}
	ids, doubt, err := l.read(t)
	if err != nil || doubt != "" || l.calls > 30 {
		t.Errorf("doubt %q, %d calls, %v", doubt, l.calls, err)
	}
	for _, id := range seconds(950) {
		if !slices.Contains(ids, id) {
			t.Errorf("%d is missing", id)
		}
	}
}

// Pages of four, of invoices named by their seconds, ten times.
func TestJoin(t *testing.T) {
	for pages, want := range map[string]bool{
		"90 80 70 60 | 60 50 40":               true,
		"90 80 70 60 | 60":                     true,
		"90 80 70 60 | 60 50 40 30 | 30":       true,
		"90 80 70 60 | 50 40 30":               false, // one may be between them
		"90 80 70 60 | 70 60 50":               false,
		"90 80 70 60 | 60 50 40 30":            false, // it may go on
		"90 80 70 60 | ":                       false,
		"90 80 70 | 70 60":                     false, // a page that is not full
		"90 80 70 60 | 60 50 40 | 40":          false,
		"90 80 65 60 | 60 50 40":               false, // made in one second
		"90 80 70 65 | 65 60 40":               false,
		"90 81 80 70 | 70 50 40":               true, // that is not where they join
		"90 80 70 60 | 60 50 40 30 | 20":       false,
		"90 80 70 60 | 50 40 30 20 | 20 10":    false,
		"90 80 70 60 | 60 50 40 30 | 30 20 | ": false,
	} {
		var all [][]Invoice
		for _, page := range strings.Split(pages, "|") {
			var invoices []Invoice
			for _, id := range strings.Fields(page) {
				second, _ := strconv.Atoi(id)
				invoices = append(invoices, Invoice{ID: values.ID(id), Created: values.Time{Time: time.Unix(int64(second/10), 0)}})
			}
			all = append(all, invoices)
		}
		if got := join(all, 4); got != want {
			t.Errorf("%s: %t", pages, got)
		}
	}
}

// A server that lists in another order, or in one that changes, is believed when
// two passes agree; else there is a warning.
func TestHistoryOfNoOrder(t *testing.T) {
	shuffled := func(_ int, rows []int) []int {
		slices.SortFunc(rows, func(a, b int) int { return (a*7919)%1009 - (b*7919)%1009 })
		return rows
	}
	l := &ledger{rows: seconds(45), maxPage: 10, order: shuffled}
	if ids, doubt, err := l.read(t); err != nil || doubt != "" || len(ids) != 45 || l.calls < 14 {
		t.Errorf("%d invoices after %d calls, doubt %q, %v", len(ids), l.calls, doubt, err)
	}
	// Every pass has an invoice more, and the order is no order.
	l = &ledger{rows: seconds(45), maxPage: 10, order: shuffled}
	l.each = func(pages int, rows []int) []int {
		if pages%3 == 0 {
			rows = append(rows, 100000+pages)
		}
		return rows
	}
	if _, doubt, err := l.read(t); err != nil || doubt != "it lists other invoices every time it is read" || l.calls < 28 {
		t.Errorf("doubt %q, %d calls, %v", doubt, l.calls, err)
	}
}
