package paykeeper

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// other is another invoice of the same order id, created just now.
const other = "20140402085214999"

func renamed(body, id string) string { return strings.ReplaceAll(body, invoiceID, id) }

// An invoice whose answer was lost or unclear is adopted, sent again or left unclear.
func TestCreateInvoice(t *testing.T) {
	good, mine := ok(preview), fresh()
	proof := listOf(renamed(mine, other))
	missing := reply{Status: 404, Body: "<html>"}
	full := make([]string, searchPage)
	for i := range full {
		full[i] = renamed(fresh("A-1", "A-2"), strings.Repeat("1", i+1))
	}
	tests := []struct {
		name             string
		noOrder          bool
		seen             bool // the search has found an invoice before, so it works
		previews, search []reply
		steps            string
		found            bool
		outcome          transport.Outcome
		text             string
	}{
		{name: "success", previews: []reply{good}, search: []reply{none}, steps: "search token preview", found: true},
		{name: "no order id: no search", noOrder: true, previews: []reply{good}, steps: "token preview", found: true},
		{name: "lost, one new: adopted", previews: []reply{cut}, search: []reply{none, listOf(mine)}, steps: "search token preview search", found: true},
		{name: "500, one new: adopted", previews: []reply{{Status: 500}}, search: []reply{none, listOf(mine)}, steps: "search token preview search", found: true},
		{name: "a page, one new: adopted", previews: []reply{ok("<html>")}, search: []reply{none, listOf(mine)}, steps: "search token preview search", found: true},
		{name: "no id, one new: adopted", previews: []reply{ok("{}")}, search: []reply{none, listOf(mine)}, steps: "search token preview search", found: true},
		{name: "lost, none: repeated", seen: true, previews: []reply{cut, good}, search: []reply{none, none, proof}, steps: "search token preview search search preview", found: true},
		{
			name: "lost, none, the search has proved nothing: unclear", previews: []reply{cut}, search: []reply{none},
			steps: "search token preview search", outcome: transport.Unclear, text: "has not shown yet",
		},
		{
			name: "lost, none, the search does not find what is there: unclear", seen: true, previews: []reply{cut}, search: []reply{none},
			steps: "search token preview search search", outcome: transport.Unclear, text: "has not shown yet",
		},
		{
			name: "lost, none, the search fails when it is put to the proof: unclear", seen: true, previews: []reply{cut}, search: []reply{none, none, ok("<html>")},
			steps: "search token preview search search", outcome: transport.Unclear,
		},
		{
			name: "lost, none, lost, one new: adopted", seen: true, previews: []reply{cut}, search: []reply{none, none, proof, listOf(mine)},
			steps: "search token preview search search preview search", found: true,
		},
		{
			name: "lost, none for ever: unclear", seen: true, previews: []reply{cut}, search: []reply{none, none, proof, none, proof, none, proof},
			steps: "search token preview search search preview search search preview search search", outcome: transport.Unclear, text: "is not there",
		},
		{
			name: "503 come later, none: repeated", seen: true, previews: []reply{{Status: 503, Header: []string{"Retry-After", "0"}}, good}, search: []reply{none, none, proof},
			steps: "search token preview search search preview", found: true,
		},
		{name: "503, one new: adopted", previews: []reply{{Status: 503}}, search: []reply{none, listOf(mine)}, steps: "search token preview search", found: true},
		{
			name: "500 with a refusal, one new: adopted", previews: []reply{{Status: 500, Body: `{"result":"fail","msg":"no"}`}}, search: []reply{none, listOf(mine)},
			steps: "search token preview search", found: true,
		},
		{
			// A broken server's words about the token prove nothing either.
			name: "500 with a stale token, one new: adopted", previews: []reply{{Status: 500, Body: staleToken}}, search: []reply{none, listOf(mine)},
			steps: "search token preview search", found: true,
		},
		{
			name: "lost, only what was there before: repeated", previews: []reply{cut, good}, search: []reply{listOf(renamed(mine, other))},
			steps: "search token preview search preview", found: true,
		},
		{
			name: "lost, one new beside what was there before: adopted", previews: []reply{cut},
			search: []reply{listOf(renamed(mine, other)), listOf(mine, renamed(mine, other))}, steps: "search token preview search", found: true,
		},
		{
			name: "lost, only invoices of other orders: repeated", seen: true, previews: []reply{cut, good}, search: []reply{none, listOf(fresh("A-1", "A-10")), proof},
			steps: "search token preview search search preview", found: true,
		},
		{
			name: "lost, two new: unclear", previews: []reply{cut}, search: []reply{none, listOf(mine, renamed(mine, other))},
			steps: "search token preview search", outcome: transport.Unclear, text: "2 new invoices like this one",
		},
		{
			name: "lost, the search fails: unclear", previews: []reply{cut}, search: []reply{none, ok(`{"result":"fail","msg":"x"}`)},
			steps: "search token preview search", outcome: transport.Unclear, text: "did not settle it",
		},
		{
			name: "lost, the search finds no page: unclear", previews: []reply{cut}, search: []reply{none, ok("<html>")},
			steps: "search token preview search", outcome: transport.Unclear,
		},
		{
			name: "lost, the search may hold some back: unclear", previews: []reply{cut}, search: []reply{none, listOf(full...)},
			steps: "search token preview search", outcome: transport.Unclear, text: "may have more",
		},
		{name: "lost, no search: unclear", previews: []reply{cut}, search: []reply{missing}, steps: "search token preview", outcome: transport.Unclear},
		{name: "lost, no search before: unclear", previews: []reply{cut}, search: []reply{{Status: 403}, listOf(mine)}, steps: "search token preview", outcome: transport.Unclear},
		{name: "lost, too much before: unclear", previews: []reply{cut}, search: []reply{listOf(full...)}, steps: "search search token preview", outcome: transport.Unclear},
		{
			name: "lost, too much long before, one new: adopted", previews: []reply{cut}, search: []reply{listOf(full...), none, none, listOf(mine)},
			steps: "search search search token preview search", found: true,
		},
		{
			name: "lost, so long a period is refused, one new: adopted", previews: []reply{cut}, search: []reply{ok(`{"result":"fail","msg":"Слишком большой период."}`), none, none, listOf(mine)},
			steps: "search search search token preview search", found: true,
		},
		{name: "lost, no order id: unclear", noOrder: true, previews: []reply{cut}, search: []reply{listOf(mine)}, steps: "token preview", outcome: transport.Unclear},
		{name: "no search: done all the same", previews: []reply{good}, search: []reply{missing}, steps: "search token preview", found: true},
		{name: "refused", previews: []reply{ok(`{"result":"fail","msg":"no"}`)}, search: []reply{none}, steps: "search token preview", outcome: transport.Refused, text: "«no»"},
		{
			name: "turned away: repeated", previews: []reply{{Status: 429}, {Status: 429, Header: []string{"Retry-After", "0"}}, good}, search: []reply{none},
			steps: "search token preview preview preview", found: true,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, map[string][]reply{pathPreview: test.previews, pathSearch: test.search})
			request := sampleRequest(t)
			if test.noOrder {
				request.OrderID = ""
			}
			c := clientOf(s)
			if test.seen {
				c.seen.Store(&Invoice{ID: other, OrderID: "B-7", Created: values.Time{Time: time.Now()}})
			}
			got, err := c.CreateInvoice(t.Context(), request)
			s.WantSteps(t, test.steps)
			if test.found {
				if err != nil || got.ID != invoiceID || !strings.HasSuffix(got.URL, "/bill/"+invoiceID+"/") {
					t.Fatalf("%v, %v", got, err)
				}
				return
			}
			clienttest.Outcome(t, err, test.outcome)
			clienttest.Contains(t, err.Error(), "PayKeeper, /change/invoice/preview/: ", test.text)
		})
	}
}

// Only an invoice that can be the one that was sent is adopted. Another new invoice of the
// order id forbids both adopting it and sending again.
func TestAdoptionNeedsTheSameInvoice(t *testing.T) {
	now := time.Now().In(values.Moscow)
	created := now.Format(time.DateTime)
	tests := []struct {
		name    string
		changes []string
		same    bool
	}{
		{name: "the same", same: true},
		{name: "sent by someone", changes: []string{`"created",`, `"sent",`}, same: true},
		{name: "the amount in other words", changes: []string{`"1500.00"`, `1500`}, same: true},
		{name: "no expiry", changes: []string{`"` + now.Add(48*time.Hour).Format(time.DateTime) + `"`, `null`}, same: true},
		{name: "a server's clock behind", changes: []string{created, now.Add(-5 * time.Minute).Format(time.DateTime)}, same: true},
		{name: "a server's clock ahead", changes: []string{created, now.Add(5 * time.Minute).Format(time.DateTime)}, same: true},
		{name: "another amount", changes: []string{"1500.00", "1500.01"}},
		{name: "another client", changes: []string{"Иванов", "Петров"}},
		{name: "another service", changes: []string{"Услуга", "услуга"}},
		{name: "another e-mail", changes: []string{"ivanov@", "petrov@"}},
		{name: "another phone", changes: []string{"900", "901"}},
		{name: "no client", changes: []string{`"Иванов Иван"`, `null`}},
		{name: "paid", changes: []string{`"created",`, `"paid",`}},
		{name: "expired", changes: []string{`"created",`, `"expired",`}},
		{name: "expired by its date", changes: []string{now.Add(48 * time.Hour).Format(time.DateTime), now.Add(-time.Minute).Format(time.DateTime)}},
		{name: "created long before", changes: []string{created, now.Add(-time.Hour).Format(time.DateTime)}},
		{name: "no time", changes: []string{`"` + created + `"`, `null`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			body := strings.NewReplacer(append(test.changes, "2014-04-12 00:00:00", now.Add(48*time.Hour).Format(time.DateTime))...).
				Replace(strings.NewReplacer("2014-04-02 08:52:14", created, "2014-04-12 00:00:00", now.Add(48*time.Hour).Format(time.DateTime)).Replace(sample))
			s := newServer(t, map[string][]reply{pathPreview: {cut}, pathSearch: {none, listOf(body)}})
			got, err := clientOf(s).CreateInvoice(t.Context(), sampleRequest(t))
			s.WantSteps(t, "search token preview search")
			if test.same {
				if err != nil || got.ID != invoiceID {
					t.Errorf("%v, %v", got, err)
				}
				return
			}
			clienttest.Outcome(t, err, transport.Unclear)
			clienttest.Contains(t, err.Error(), `order "A-1" has a new invoice that is not like this one`)
		})
	}
}

// A cart comes back inside service_name. Its numbers may look different.
func TestAdoptionComparesCarts(t *testing.T) {
	const cart = `{\"service_name\":\"Услуга\",\"cart\":[{\"name\":\"Чай\",\"price\":\"500.00\",\"quantity\":3,\"sum\":\"1500\",\"tax\":\"none\"}]}`
	for back, same := range map[string]bool{
		cart: true,
		strings.Replace(cart, "Чай", "Кофе", 1):       false,
		strings.Replace(cart, "none", "vat20", 1):     false,
		strings.Replace(cart, "500.00", "500.01", 1):  false,
		strings.Replace(cart, ":3", ":2", 1):          false,
		strings.Replace(cart, `\"1500`, `\"1501`, 1):  false,
		strings.Replace(cart, "Услуга", "Another", 1): false,
		"Услуга": false,
	} {
		s := newServer(t, map[string][]reply{pathPreview: {cut}, pathSearch: {none, listOf(fresh(`"Услуга"`, `"`+back+`"`))}})
		request := sampleRequest(t)
		request.Cart = Cart{{Name: "Чай", Price: clienttest.Decimal(t, "500"), Quantity: clienttest.Decimal(t, "3"), Sum: clienttest.Decimal(t, "1500.00"), Tax: "none"}}
		_, err := clientOf(s).CreateInvoice(t.Context(), request)
		if (err == nil) != same {
			t.Errorf("%s: %v", back, err)
		}
	}
	// A name that is such a document already is compared as a document.
	s := newServer(t, map[string][]reply{pathPreview: {cut}, pathSearch: {none, listOf(fresh(`"Услуга"`, `"`+cart+`"`))}})
	request := sampleRequest(t)
	request.ServiceName = strings.ReplaceAll(cart, `\`, ``)
	if _, err := clientOf(s).CreateInvoice(t.Context(), request); err != nil {
		t.Error(err)
	}
}

// The search covers enough days for either reading of the document, and for a clock that is
// behind or ahead around midnight.
func TestTheSearchAsksADayWider(t *testing.T) {
	s := newServer(t, map[string][]reply{pathPreview: {cut}, pathSearch: {none, listOf(fresh())}})
	if _, err := clientOf(s).CreateInvoice(t.Context(), sampleRequest(t)); err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 3} {
		query, err := url.ParseQuery(s.Seen()[i].Query)
		if i == 0 && query.Get("start_date") != "2010-01-01" {
			t.Errorf("what was there before is looked for from %s on", query.Get("start_date"))
		}
		if err != nil || query.Get("query") != "A-1" {
			t.Fatalf("%v, %v", query, err)
		}
		now := time.Now().In(values.Moscow)
		if query.Get("start_date") > now.AddDate(0, 0, -1).Format(time.DateOnly) || query.Get("end_date") < now.AddDate(0, 0, 1).Format(time.DateOnly) {
			t.Errorf("%v", query)
		}
	}
}

// A server without a search is asked once. One that shows a stranger's page is asked again,
// since the page may be a proxy's.
func TestAServerWithoutSearch(t *testing.T) {
	for _, test := range []struct {
		reply
		asked int
	}{
		{reply{Status: 404, Body: "<html>"}, 1}, {reply{Status: 405}, 1}, {reply{Status: 501}, 1 + 2},
		{ok("<html>"), 2}, {reply{Status: 303}, 2},
	} {
		s := newServer(t, map[string][]reply{pathSearch: {test.reply}, pathByID: {ok(sample)}})
		c := clientOf(s)
		// Now the client knows that its credentials are accepted.
		if _, err := c.FindInvoice(t.Context(), invoiceID); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			_, err := c.SearchInvoices(t.Context(), "x", time.Time{}, time.Time{})
			if !errors.Is(err, ErrNoSearch) {
				t.Errorf("%d: %v", test.Status, err)
			}
		}
		if got := strings.Count(s.Steps(), "search"); got != test.asked {
			t.Errorf("%d: asked %d times", test.Status, got)
		}
	}
	for _, answer := range []reply{
		{Status: 401}, {Status: 500}, {Status: 400}, ok(""), ok(`{"result":"fail","msg":"x"}`), cut, {Status: 404, Body: notFound},
	} {
		s := newServer(t, map[string][]reply{pathSearch: {answer}})
		c := clientOf(s)
		c.accepted.Store(true)
		if _, err := c.SearchInvoices(t.Context(), "x", time.Time{}, time.Time{}); err == nil || errors.Is(err, ErrNoSearch) {
			t.Errorf("%v: %v", answer, err)
		}
	}
}

// Two calls with one order id never run at the same time. Each could take the other's invoice
// for its own.
func TestCreatesUnderOneOrderWaitForEachOther(t *testing.T) {
	s := newServer(t, map[string][]reply{pathPreview: {ok(preview)}, pathSearch: {none}})
	c := clientOf(s)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := c.CreateInvoice(t.Context(), sampleRequest(t)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.WantSteps(t, "search token preview"+strings.Repeat(" search preview", 7))
}

func TestNothingIsSentOnceCancelled(t *testing.T) {
	s := newServer(t, nil)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, orderID := range []string{"", "A-1"} {
		request := sampleRequest(t)
		request.OrderID = orderID
		_, err := clientOf(s).CreateInvoice(ctx, request)
		clienttest.Outcome(t, err, transport.NotDone)
	}
	s.WantSteps(t, "")
}
