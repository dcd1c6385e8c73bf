package paykeeper

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// dayOfOurs is a shop with so many sent invoices of one day.
func dayOfOurs(count int) (s *shop, ids []string) {
	s = newShop()
	for n := range count {
		ids = append(ids, s.add(0, n*1000, StatusSent))
	}
	return s, ids
}

// mustRefresh reads invoices one after the other, and each answer must be as byid's.
func mustRefresh(t *testing.T, s *shop, c *Client, ids ...string) {
	t.Helper()
	refreshAll(t, c, ids, 1, func(id string, i *Invoice, err error) {
		if s.mu.Lock(); err != nil || shown(i) != s.shows(s.invoices[id]) {
			t.Errorf("%s: %q, %v, want %q", id, shown(i), err, s.shows(s.invoices[id]))
		}
		s.mu.Unlock()
	})
}

func (s *shop) sent(t *testing.T, byID, lists, counts int) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls["byid"] != byID || s.calls["list"] != lists || s.calls["listcount"] != counts {
		t.Errorf("%v, want %d by id, %d pages, %d counts", s.calls, byID, lists, counts)
	}
}

// Nothing is asked for but the period of what is read, a day wider.
func TestRefreshAsksForThePeriod(t *testing.T) {
	s, ids := dayOfOurs(30)
	mustRefresh(t, s, s.serve(t), ids...)
	s.sent(t, 4, 1, 1)
	for _, query := range s.queries[4:] {
		if !strings.Contains(query, "end_date=2026-03-02") || !strings.Contains(query, "start_date=2026-02-28") {
			t.Error(query)
		}
	}
}

// What the lists hide or may show in another way is read by its id.
func TestRefreshReadsByID(t *testing.T) {
	over := func(expires string) func(*shopInvoice) {
		return func(i *shopInvoice) { i.status, i.expires = StatusExpired, expires }
	}
	for name, c := range map[string]struct {
		change func(*shopInvoice)
		calls  int
	}{
		"created":              {func(i *shopInvoice) { i.status = StatusCreated }, 1},
		"revoked":              {func(i *shopInvoice) { i.status = "revoked" }, 1},
		"deleted":              {func(i *shopInvoice) { i.status = "deleted" }, 1},
		"expired":              {over("2026-03-05 00:00:00"), 0},
		"over before its time": {over("2098-01-01 00:00:00"), 1},
		"another word":         {func(i *shopInvoice) { i.status = "held" }, 1},
		"paid":                 {func(i *shopInvoice) { i.status = StatusPaid }, 0},
		"renamed":              {func(i *shopInvoice) { i.name = "Аренда" }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, ids := dayOfOurs(20)
			s.change(ids[15], c.change)
			mustRefresh(t, s, s.serve(t), ids...)
			s.sent(t, 4+c.calls, 1, 1)
		})
	}
}

func TestRefreshReadsDoubtfulByID(t *testing.T) {
	s, ids := dayOfOurs(20)
	c := s.serve(t)
	mustRefresh(t, s, c, ids[:19]...)
	if i, err := c.RefreshInvoice(t.Context(), ids[19], func(*Invoice) bool { return true }); err != nil || shown(i) != "sent Услуга" {
		t.Errorf("%v, %v", i, err)
	}
	s.sent(t, 5, 1, 1)
}

// An id without a readable time says nothing about the list that has it.
func TestRefreshOfOtherIDs(t *testing.T) {
	for _, id := range []string{"", "7", "20261340000000000", "2026030112000000a", "202603011200000000", "00010101000000000", "30010101000000000", "20260301 12000000"} {
		if made, ok := dayOfID(id); ok {
			t.Errorf("%q is of day %d", id, made)
		}
	}
	if made, ok := dayOfID(invoiceID); !ok || made.in(time.UTC).Format(time.DateOnly) != "2014-04-02" {
		t.Errorf("%s is of day %d, %t", invoiceID, made, ok)
	}
	s := newShop()
	c := s.serve(t)
	for range 20 {
		if i, err := c.RefreshInvoice(t.Context(), "7", trusted); i != nil || err != nil {
			t.Error(i, err)
		}
	}
	s.sent(t, 20, 0, 0)
}

// A list or a count that fails costs the reads nothing, and is not tried again at once, nor
// for ever.
func TestRefreshWithoutLists(t *testing.T) {
	for name, answer := range map[string]func(w http.ResponseWriter){
		"500":    func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) },
		"404":    func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) },
		"page":   func(w http.ResponseWriter) { _, _ = w.Write([]byte("<html>")) },
		"half":   func(w http.ResponseWriter) { _, _ = w.Write([]byte(`[{"id":"2026`)) },
		"null":   func(w http.ResponseWriter) { _, _ = w.Write([]byte("null")) },
		"cut":    func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"refuse": func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"result":"fail","msg":"Нет прав"}`)) },
	} {
		for _, failing := range []string{"list", "listcount"} {
			t.Run(failing+" "+name, func(t *testing.T) {
				s, ids := dayOfOurs(300)
				s.before = func(w http.ResponseWriter, _ *http.Request, call string, _ int) bool {
					if call == failing {
						answer(w)
					}
					return call == failing
				}
				mustRefresh(t, s, s.serve(t), ids...)
				if s.calls["byid"] != 300 || s.calls["list"]+s.calls["listcount"] > 2*maxFailures+1 { // net/http itself repeats what was cut
					t.Errorf("%v", s.calls)
				}
			})
		}
	}
}

// After one failure the lists are used again.
func TestRefreshAfterOneFailure(t *testing.T) {
	s, ids := dayOfOurs(60)
	s.before = func(w http.ResponseWriter, _ *http.Request, call string, nth int) bool {
		fails := call == "list" && nth == 1
		if fails {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return fails
	}
	mustRefresh(t, s, s.serve(t), ids...)
	s.sent(t, 8, 2, 1)
}

// The lists of a server that shows less there, or something else, or what was before, are not
// used.
func TestRefreshWithPoorLists(t *testing.T) {
	without := func(field string) func(string) string {
		return func(row string) string {
			return regexp.MustCompile(`"`+field+`":("[^"]*"|null),`).ReplaceAllString(row, "")
		}
	}
	replace := func(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }
	for name, poor := range map[string]func(string) string{
		"no phone": without("client_phone"), "no payment": without("paid_datetime"), "no expiry": without("expiry_datetime"),
		"short name": replace("Услуга", "Усл"), "no order": replace(`"A-1"`, `""`), "another zone": replace(" 00:00", " 03:00"),
		"amount": replace("1.00", "1"), "later": replace(`"status":"paid"`, `"status":"sent"`),
	} {
		t.Run(name, func(t *testing.T) {
			s, ids := dayOfOurs(60)
			s.change(ids[1], func(i *shopInvoice) { i.status = StatusPaid })
			s.lists = poor
			mustRefresh(t, s, s.serve(t), ids...)
			if name == "amount" { // the same
				s.sent(t, 4, 1, 1)
				return
			}
			s.sent(t, 60, 1, 1)
		})
	}
	// Nobody knows whether byid would have shown the payment.
	t.Run("no payment, and none was read", func(t *testing.T) {
		s, ids := dayOfOurs(60)
		s.change(ids[20], func(i *shopInvoice) { i.status = StatusPaid })
		s.lists = replace(`"700001"`, "null")
		mustRefresh(t, s, s.serve(t), ids...)
		if s.calls["byid"] < 5 {
			t.Errorf("%v", s.calls)
		}
	})
}

// Before any row is used, one was compared. Here those that are read first are answered after
// the list.
func TestRefreshComparesBeforeItAnswers(t *testing.T) {
	s, ids := dayOfOurs(60)
	s.lists = strings.NewReplacer("Услуга", "").Replace
	listed := make(chan struct{})
	s.before = func(_ http.ResponseWriter, _ *http.Request, call string, nth int) bool {
		switch {
		case call == "list":
			time.AfterFunc(50*time.Millisecond, func() { close(listed) })
		case call == "byid" && nth <= minReads:
			<-listed
		}
		return false
	}
	refreshAll(t, s.serve(t), ids, 60, func(id string, i *Invoice, err error) {
		if err != nil || shown(i) != "sent Услуга" {
			t.Errorf("%s: %q, %v", id, shown(i), err)
		}
	})
	s.sent(t, 60, 1, 1)
}

// A server may give fewer at once than it was asked for.
func TestRefreshOfShortPages(t *testing.T) {
	s, ids := dayOfOurs(300)
	s.maxPage = 10
	mustRefresh(t, s, s.serve(t), ids...)
	if s.calls["byid"] < 30 || s.calls["byid"] > 34 || s.calls["list"] > 34 {
		t.Errorf("%v", s.calls)
	}
}

// An old invoice is no reason to list all the years until now.
func TestRefreshOfOneOldInvoice(t *testing.T) {
	s, ids := dayOfOurs(60)
	for day := -1800; day < 0; day++ {
		for n := range 4 {
			s.add(day, n*1000, StatusPaid)
		}
	}
	c := s.serve(t)
	mustRefresh(t, s, c, ids...)
	mustRefresh(t, s, c, slices.Min(s.ids))
	if s.all > 10 {
		t.Errorf("%v", s.calls)
	}
}

// What this client has changed is read by its id, whatever a list has shown before.
func TestRefreshAfterWriting(t *testing.T) {
	s, ids := dayOfOurs(20)
	c := s.serve(t)
	mustRefresh(t, s, c, ids[:10]...)
	s.before = func(w http.ResponseWriter, _ *http.Request, call string, _ int) bool {
		if call == "revoke" {
			s.change(ids[10], func(i *shopInvoice) { i.status = "revoked" })
			_, _ = w.Write([]byte(success))
		}
		if call == "token" {
			_, _ = w.Write([]byte(`{"token":"t"}`))
		}
		return call == "revoke" || call == "token"
	}
	if err := c.RevokeInvoice(t.Context(), ids[10]); err != nil {
		t.Fatal(err)
	}
	mustRefresh(t, s, c, ids[10:]...)
	s.sent(t, 5, 1, 1)
}

// No answer is older than one before it.
func TestRefreshTwice(t *testing.T) {
	s, ids := dayOfOurs(20)
	c := s.serve(t)
	mustRefresh(t, s, c, ids...)
	s.change(ids[0], func(i *shopInvoice) { i.status = StatusPaid })
	s.change(ids[15], func(i *shopInvoice) { i.status = StatusPaid })
	mustRefresh(t, s, c, ids[0])
	if i, err := c.RefreshInvoice(t.Context(), ids[15], func(*Invoice) bool { return true }); err != nil || !i.IsPaid() {
		t.Errorf("%v, %v", i, err)
	}
	mustRefresh(t, s, c, ids[15])
}

// Reading the same one again says nothing about what else will be read.
func TestRefreshOfTheSameAgain(t *testing.T) {
	s, ids := dayOfOurs(20)
	c := s.serve(t)
	for range 20 {
		mustRefresh(t, s, c, ids[0])
	}
	s.sent(t, 20, 0, 0)
}

// The read that fails is the only one that fails.
func TestRefreshFailsAlone(t *testing.T) {
	s, ids := dayOfOurs(60)
	refused := make(chan string, 1)
	s.before = func(w http.ResponseWriter, r *http.Request, call string, nth int) bool {
		fails := call == "byid" && nth == 3
		if fails {
			refused <- r.URL.Query().Get("id")
			w.WriteHeader(http.StatusForbidden)
		}
		return fails
	}
	failed := make(chan string, len(ids))
	refreshAll(t, s.serve(t), ids, 10, func(id string, i *Invoice, err error) {
		if err != nil {
			failed <- id
		} else if i == nil {
			t.Errorf("%s is missing", id)
		}
	})
	close(failed)
	want, got := <-refused, []string{}
	for id := range failed {
		got = append(got, id)
	}
	if !slices.Equal(got, []string{want}) {
		t.Errorf("%s failed, want %s", got, want)
	}
}

// hang lets the first list hang until its reader is stopped, and says when it hangs.
func hang(s *shop) (hanging chan struct{}) {
	hanging = make(chan struct{})
	s.before = func(_ http.ResponseWriter, r *http.Request, call string, nth int) bool {
		if call == "list" && nth == 1 {
			close(hanging)
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		}
		return false
	}
	return hanging
}

// If the reader that lists is stopped, another one lists. One that only waits may be stopped as
// well.
func TestRefreshGoesOnWithoutTheReader(t *testing.T) {
	s, ids := dayOfOurs(60)
	hanging := hang(s)
	c := s.serve(t)
	mustRefresh(t, s, c, ids[:4]...)
	ctx, stop := context.WithCancel(t.Context())
	waiting, stopWaiting := context.WithCancel(t.Context())
	errs := make([]error, 2)
	var group sync.WaitGroup
	group.Go(func() { _, errs[0] = c.RefreshInvoice(ctx, ids[4], trusted) })
	<-hanging
	ended := make(chan struct{})
	go func() {
		_, errs[1] = c.RefreshInvoice(waiting, ids[5], trusted)
		close(ended)
	}()
	time.AfterFunc(20*time.Millisecond, stopWaiting)
	<-ended
	group.Go(func() {
		refreshAll(t, c, ids[6:], 10, func(id string, i *Invoice, err error) {
			if err != nil || i == nil {
				t.Errorf("%s: %v, %v", id, i, err)
			}
		})
	})
	time.AfterFunc(20*time.Millisecond, stop)
	group.Wait()
	if errs[0] == nil || errs[1] == nil {
		t.Errorf("%v", errs)
	}
	s.sent(t, 4, 2, 1)
}

// Whoever has waited long enough reads by the id.
func TestRefreshLosesPatience(t *testing.T) {
	s, ids := dayOfOurs(60)
	hanging := hang(s)
	c := s.serve(t)
	c.refresh.patience = 20 * time.Millisecond
	mustRefresh(t, s, c, ids[:4]...)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { _, _ = c.RefreshInvoice(ctx, ids[4], trusted) }()
	<-hanging
	mustRefresh(t, s, c, ids[5:8]...)
	s.sent(t, 7, 1, 1)
}

// Reads count when they begin: those at the same time are no more than the first few.
func TestRefreshAllAtOnce(t *testing.T) {
	s, ids := dayOfOurs(60)
	s.before = func(http.ResponseWriter, *http.Request, string, int) bool {
		time.Sleep(5 * time.Millisecond)
		return false
	}
	refreshAll(t, s.serve(t), ids, 60, func(id string, i *Invoice, err error) {
		if err != nil || i == nil {
			t.Errorf("%s: %v, %v", id, i, err)
		}
	})
	if s.calls["byid"] > minReads+1 { // one more to compare with, if those are still under way
		t.Errorf("%v", s.calls)
	}
	s.sent(t, s.calls["byid"], 1, 1)
}
