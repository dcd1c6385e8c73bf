package paykeeper

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// archive is a server with so many invoices, one a second, newest first.
type archive struct {
	count, maxPage int
	counts         string // what listcount answers instead of the truth
	hidden         int    // every page lacks the invoice at this place
	calls          atomic.Int64
}

func (a *archive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.calls.Add(1)
	if strings.HasSuffix(r.URL.Path, "/listcount/") {
		if a.counts != "" {
			_, _ = w.Write([]byte(a.counts))
			return
		}
		_, _ = fmt.Fprintf(w, `{"statuses":[{"status":"paid","count":"%d"}],"fullcount":[{"count":"%d"}]}`, a.count, a.count)
		return
	}
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	var items []string
	for n := from; n < min(from+min(limit, a.maxPage), a.count); n++ {
		if n != a.hidden || a.hidden == 0 {
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, values.Moscow).Add(time.Duration(-n) * time.Second)
			items = append(items, fmt.Sprintf(`{"id":"%d","status":"paid","pay_amount":"1.00","created_datetime":%q}`, 1000000-n, at.Format(time.DateTime)))
		}
	}
	_, _ = w.Write([]byte("[" + strings.Join(items, ",") + "]"))
}

func TestHistory(t *testing.T) {
	for name, c := range map[string]struct {
		archive *archive
		want    int
		calls   int64
		doubt   string
	}{
		"empty":                         {&archive{maxPage: 100}, 0, 3, ""},
		"one page":                      {&archive{count: 70, maxPage: 100}, 70, 3, ""},
		"pages":                         {&archive{count: 1050, maxPage: 100}, 1050, 13, ""},
		"pages of ten":                  {&archive{count: 105, maxPage: 10}, 105, 14, ""},
		"a count that is far too large": {&archive{count: 3, maxPage: 100, counts: `{"fullcount":30000}`}, 3, 9, "it counts 30000 invoices, and lists 3"},
		"a count that is too small":     {&archive{count: 250, maxPage: 100, counts: `{"fullcount":"7"}`}, 250, 10, ""},
		"no count":                      {&archive{count: 250, maxPage: 100, counts: `{"result":"fail","msg":"Нет прав"}`}, 250, 7, "it cannot be had: PayKeeper, /info/invoice/listcount/: HTTP 200, «Нет прав»"},
		"one that is never listed":      {&archive{count: 250, maxPage: 100, hidden: 150}, 249, 11, "it counts 250 invoices, and lists 249"},
	} {
		t.Run(name, func(t *testing.T) {
			web := httptest.NewServer(c.archive)
			defer web.Close()
			invoices, doubt, err := New(web.URL, login, password, transport.Config{RequestTimeout: 10 * time.Second}).History(t.Context(), Filter{})
			if err != nil || len(invoices) != c.want {
				t.Fatalf("%d invoices, want %d: %v", len(invoices), c.want, err)
			}
			if c.doubt == "" && doubt != "" || !strings.Contains(doubt, c.doubt) {
				t.Errorf("doubt %q, want %q", doubt, c.doubt)
			}
			if got := c.archive.calls.Load(); got > c.calls {
				t.Errorf("%d calls, want %d at the most", got, c.calls)
			}
			for i := 1; i < len(invoices); i++ {
				if invoices[i].Created.After(invoices[i-1].Created.Time) {
					t.Fatalf("number %d is newer than the one before it", i)
				}
			}
		})
	}
}
