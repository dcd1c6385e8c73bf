package paykeeper

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
)

// shop is a server with invoices that change while they are read. It keeps every state that
// an invoice has had.
type shop struct {
	includesStart, includesEnd bool
	maxPage                    int
	revokedMissing             bool
	// before may answer a call in another way: the nth one of "byid", "list" or "listcount".
	before func(w http.ResponseWriter, r *http.Request, call string, nth int) (answered bool)
	// lists leaves fields out of the rows of lists.
	lists func(row string) string
	// after happens after every call.
	after func(calls int)

	mu       sync.Mutex
	ids      []string // newest first once isSorted
	isSorted bool
	invoices map[string]*shopInvoice
	calls    map[string]int
	all      int
	queries  []string
}

type shopInvoice struct {
	id, status, name string
	expires          string
	states           map[string]bool // as byid has shown them, "" for none
	isUnlisted       bool            // at any time
}

func newShop() *shop {
	return &shop{maxPage: 100, invoices: map[string]*shopInvoice{}, calls: map[string]int{}}
}

// add adds an invoice of a second of a day, counted from the first of March 2026.
func (s *shop) add(day, millisecond int, status string) string {
	at := time.Date(2026, 3, 1+day, 0, 0, 0, 0, time.UTC).Add(time.Duration(millisecond) * time.Millisecond)
	id := strings.ReplaceAll(at.Format("20060102150405.000"), ".", "")
	i := &shopInvoice{id: id, status: status, name: "Услуга", expires: "2098-01-01 00:00:00", states: map[string]bool{}}
	s.invoices[id] = i
	s.ids, s.isSorted = append(s.ids, id), false
	s.note(i)
	return id
}

// change changes an invoice while nothing is read.
func (s *shop) change(id string, change func(*shopInvoice)) {
	i := s.invoices[id]
	change(i)
	s.note(i)
}

func (s *shop) note(i *shopInvoice) {
	i.states[s.shows(i)] = true
	i.isUnlisted = i.isUnlisted || i.status != StatusSent && i.status != StatusPaid
}

func (s *shop) shows(i *shopInvoice) string {
	switch {
	case i.status == "deleted", i.status == "revoked" && s.revokedMissing:
		return ""
	case i.status == "revoked":
		return "expired " + i.name
	}
	return i.status + " " + i.name
}

// shown is what a reader says of an invoice, in the words of shows.
func shown(i *Invoice) string {
	if i == nil {
		return ""
	}
	return i.Status + " " + string(i.ServiceName)
}

func (s *shop) row(i *shopInvoice) string {
	status, paid, payment := i.status, "null", "null"
	switch status {
	case "revoked":
		status = "expired"
	case "paid":
		paid, payment = `"2026-11-01 10:00:00"`, `"700001"`
	}
	made := i.id[:4] + "-" + i.id[4:6] + "-" + i.id[6:8] + " " + i.id[8:10] + ":" + i.id[10:12] + ":" + i.id[12:14]
	return fmt.Sprintf(`{"id":%q,"status":%q,"pay_amount":"1.00","clientid":"","orderid":"A-1","service_name":%q,"client_email":"","client_phone":"",`+
		`"expiry_datetime":%q,"created_datetime":%q,"paid_datetime":%s,"paymentid":%s}`, i.id, status, i.name, i.expires, made, paid, payment)
}

// selected are the invoices that list shows.
func (s *shop) selected(start, end string) []*shopInvoice {
	if !s.isSorted {
		slices.SortFunc(s.ids, func(a, b string) int { return cmp.Compare(b, a) })
		s.isSorted = true
	}
	var found []*shopInvoice
	for _, id := range s.ids {
		i := s.invoices[id]
		day := id[:4] + "-" + id[4:6] + "-" + id[6:8]
		switch {
		case day < start || day == start && !s.includesStart, day > end || day == end && !s.includesEnd:
		case i.status == StatusCreated, s.shows(i) == "":
		default:
			found = append(found, i)
		}
	}
	return found
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := strings.Split(strings.Trim(r.URL.Path, "/"), "/")[2]
	query := r.URL.Query()
	s.mu.Lock()
	s.all++
	s.calls[call]++
	s.queries = append(s.queries, call+"?"+r.URL.RawQuery)
	before, nth := s.before, s.calls[call]
	s.mu.Unlock()
	if before != nil && before(w, r, call, nth) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch call {
	case "byid":
		i := s.invoices[query.Get("id")]
		if i == nil || s.shows(i) == "" {
			_, _ = w.Write([]byte(notFound))
			break
		}
		_, _ = w.Write([]byte(s.row(i)))
	case "listcount":
		_, _ = fmt.Fprintf(w, `{"statuses":[],"fullcount":"%d"}`, len(s.selected(query.Get("start_date"), query.Get("end_date"))))
	case "list":
		found := s.selected(query.Get("start_date"), query.Get("end_date"))
		from, _ := strconv.Atoi(query.Get("from"))
		limit, _ := strconv.Atoi(query.Get("limit"))
		from = min(from, len(found))
		var rows []string
		for _, i := range found[from:min(len(found), from+min(limit, s.maxPage))] {
			row := s.row(i)
			if s.lists != nil {
				row = s.lists(row)
			}
			rows = append(rows, row)
		}
		_, _ = w.Write([]byte("[" + strings.Join(rows, ",") + "]"))
	}
	if s.after != nil {
		s.after(s.all)
	}
}

// pages are those of the period of the ids, as this server selects it.
func (s *shop) pages(ids []string) int {
	oldest, _ := dayOfID(slices.Min(ids))
	newest, _ := dayOfID(slices.Max(ids))
	day := func(d day) string { return d.in(time.UTC).Format(time.DateOnly) }
	return max(1, pagesOf(len(s.selected(day(oldest-1), day(newest+1))), s.maxPage))
}

// pagesOfDays are the pages of the same period where none has a part of a day, unless it has
// nothing else.
func (s *shop) pagesOfDays(ids []string) (pages int) {
	oldest, _ := dayOfID(slices.Min(ids))
	newest, _ := dayOfID(slices.Max(ids))
	perDay := map[day]int{}
	for _, id := range s.ids {
		if made, _ := dayOfID(id); s.invoices[id].status != StatusCreated {
			perDay[made]++
		}
	}
	onPage := s.maxPage
	for d := oldest - 1; d <= newest+1; d++ {
		if onPage+perDay[d] > s.maxPage {
			pages, onPage = pages+max(1, pagesOf(perDay[d], s.maxPage)), 0
		}
		onPage += perDay[d]
	}
	return pages
}

func (s *shop) serve(t *testing.T) *Client {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return New(web.URL, login, password, clienttest.Quick(nil))
}

func trusted(*Invoice) bool { return false }

// refreshAll reads invoices, so many at once.
func refreshAll(t *testing.T, c *Client, ids []string, parallel int, each func(id string, i *Invoice, err error)) {
	t.Helper()
	queue := make(chan string)
	var group sync.WaitGroup
	for range parallel {
		group.Go(func() {
			for id := range queue {
				i, err := c.RefreshInvoice(t.Context(), id, trusted)
				each(id, i, err)
			}
		})
	}
	for _, id := range ids {
		queue <- id
	}
	close(queue)
	group.Wait()
}
