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

// ledger is a server whose list changes while it is read. The rows are seconds, newest first.
type ledger struct {
	mu      sync.Mutex
	rows    []int
	maxPage int // the maximum number of rows on a page
	calls   int
	lists   int // the number of pages that were served
	// change, if set, happens once, right after the page that begins at this place. The pages
	// above it are served before the change and those below it after, or, with upwards, the
	// other way round.
	at      int
	upwards bool
	change  func(rows []int) []int
	changed chan struct{}
	// each happens after every page.
	each func(pages int, rows []int) []int
	// order puts the rows in the order in which they are listed.
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
		time.Sleep(time.Millisecond) // waits for the pages that come before
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

// seconds returns so many rows, ten seconds apart.
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

// Invoices leave during the read and as many enter, so the counts stay equal. What is there all
// the time is read exactly once: after whichever page the change happens, in whichever order
// the pages come, and wherever the change is.
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

// A calm history costs one page in a hundred more for the overlap, and two counts.
func TestHistoryPrice(t *testing.T) {
	for count, calls := range map[int]int{0: 3, 1: 3, 99: 3, 100: 4, 101: 4, 198: 4, 199: 5, 1000: 13, 9710: 101} {
		l := &ledger{rows: seconds(count), maxPage: 100}
		ids, doubt, err := l.read(t)
		if err != nil || doubt != "" || len(ids) != count || l.calls != calls {
			t.Errorf("%d of %d invoices, doubt %q, %d calls, want %d: %v", len(ids), count, doubt, l.calls, calls, err)
		}
	}
}

// Invoices enter the history of a busy shop all the time. It is believed after one pass in
// order.
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

// The pages have four invoices each. The invoices are named after ten times their seconds.
func TestJoin(t *testing.T) {
	for pages, want := range map[string]bool{
		"90 80 70 60 | 60 50 40":               true,
		"90 80 70 60 | 60":                     true,
		"90 80 70 60 | 60 50 40 30 | 30":       true,
		"90 80 70 60 | 50 40 30":               false, // an invoice may be between the pages
		"90 80 70 60 | 70 60 50":               false,
		"90 80 70 60 | 60 50 40 30":            false, // the list may go on
		"90 80 70 60 | ":                       false,
		"90 80 70 | 70 60":                     false, // the first page is not full
		"90 80 70 60 | 60 50 40 | 40":          false,
		"90 80 65 60 | 60 50 40":               false, // two invoices of one second
		"90 80 70 65 | 65 60 40":               false,
		"90 81 80 70 | 70 50 40":               true, // the two of one second are not where the pages join
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

// A server that lists in another or a changing order is believed when two passes agree.
// Otherwise there is a warning.
func TestHistoryOfNoOrder(t *testing.T) {
	shuffled := func(_ int, rows []int) []int {
		slices.SortFunc(rows, func(a, b int) int { return (a*7919)%1009 - (b*7919)%1009 })
		return rows
	}
	l := &ledger{rows: seconds(45), maxPage: 10, order: shuffled}
	if ids, doubt, err := l.read(t); err != nil || doubt != "" || len(ids) != 45 || l.calls < 14 {
		t.Errorf("%d invoices after %d calls, doubt %q, %v", len(ids), l.calls, doubt, err)
	}
	// Every pass finds one more invoice, and the order is random.
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
