package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// briefRows is how many objects of a table the index shows before anything is
// asked for.
const briefRows = 10

// indexQuery is the query of the index page.
type indexQuery struct {
	search, gateway, table, status string
	page                           int
}

// readIndexQuery reads what it knows. An unknown gateway or page is none: a person
// sees at once what is shown.
func (s *Sandbox) readIndexQuery(r *http.Request) indexQuery {
	query := r.URL.Query()
	q := indexQuery{
		search: strings.TrimSpace(query.Get("q")), gateway: query.Get("gateway"), table: query.Get("table"), status: query.Get("status"), page: 1,
	}
	if !slices.Contains(s.gatewayNames(), q.gateway) {
		q.gateway, q.table, q.status = "", "", ""
	}
	if page, err := strconv.Atoi(query.Get("page")); err == nil && page > 0 && page < 1e6 && q.table != "" {
		q.page = page
	}
	return q
}

// isFiltered reports whether not everything is shown.
func (q indexQuery) isFiltered() bool { return q.search != "" || q.gateway != "" }

// address is that of the index page with this query.
func (q indexQuery) address() string {
	query := url.Values{}
	for name, value := range map[string]string{"q": q.search, "gateway": q.gateway, "table": q.table, "status": q.status} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if q.page > 1 {
		query.Set("page", strconv.Itoa(q.page))
	}
	return "/?" + query.Encode()
}

func (q indexQuery) limit() int {
	if q.isFiltered() {
		return OverviewRows
	}
	return briefRows
}

// shownTable is a table with the addresses of the pages around it, "" where there
// is none.
type shownTable struct {
	OverviewTable
	First, Last       int
	All, Newer, Older string
	Counts            []shownCount
}

type shownCount struct {
	OverviewCount
	Address   string
	IsCurrent bool
}

func (q indexQuery) show(gateway string, table OverviewTable) shownTable {
	q.gateway, q.table = gateway, table.Name
	shown := shownTable{OverviewTable: table, First: (q.page-1)*OverviewRows + 1}
	shown.Last = shown.First + len(table.Rows) - 1
	for _, count := range table.Counts {
		of := q
		of.status, of.page = count.Status.Text, 1
		shown.Counts = append(shown.Counts, shownCount{count, of.address(), q.status == count.Status.Text})
	}
	if shown.Last < table.Total {
		older := q
		older.page++
		if len(table.Rows) < OverviewRows { // the index showed the beginning of the first page
			older.page = 1
		}
		shown.Older = older.address()
	}
	if q.page > 1 {
		newer := q
		newer.page--
		shown.Newer = newer.address()
	}
	return shown
}

type shownGateway struct {
	Name, Title string
	Notes       []Text
	Tables      []shownTable
}

// serveIndex serves the page at /, which links to all other pages.
func (s *Sandbox) serveIndex(w http.ResponseWriter, r *http.Request) {
	base, q := s.Base(r), s.readIndexQuery(r)
	shown, total, err := s.overviews(base, q)
	if err != nil {
		Fail(w, err)
		return
	}
	type setting struct{ Name, Value, Russian, English string }
	dialect := s.Dialect()
	var settings []setting
	for _, sw := range s.switches() {
		settings = append(settings, setting{sw.Name, dialect[sw.Name], shared.meanings[sw.Name], sw.Doc})
	}
	allowOwnScript(w)
	shared.Render(w, r, http.StatusOK, "index", map[string]any{
		"Title": "Песочница платёжных шлюзов", "Gateways": shown, "Total": total, "Search": q.search, "IsFiltered": q.isFiltered(),
		"Status": q.status, "Names": s.gatewayOptions(q.gateway), "Environment": s.Environment(base), "Settings": settings, "Faults": s.shownFaults(),
	})
}

// overviews asks the gateways for what the query selects, and counts it.
func (s *Sandbox) overviews(base string, q indexQuery) (shown []shownGateway, total int, err error) {
	ask := OverviewQuery{Base: base, Search: q.search, Status: q.status, Table: q.table, Limit: q.limit(), Offset: (q.page - 1) * OverviewRows}
	for _, g := range s.gateways {
		if q.gateway != "" && q.gateway != g.Name {
			continue
		}
		overview, err := g.Overview(ask)
		if err != nil {
			return nil, 0, err
		}
		one := shownGateway{Name: g.Name, Title: overview.Title}
		if !q.isFiltered() {
			one.Notes = overview.Notes
		}
		for _, table := range overview.Tables {
			if total += table.Total; table.Total > 0 || !q.isFiltered() {
				one.Tables = append(one.Tables, q.show(g.Name, table))
			}
		}
		if len(one.Tables) > 0 {
			shown = append(shown, one)
		}
	}
	return shown, total, nil
}

func (s *Sandbox) gatewayOptions(selected string) []option {
	return options(selected, s.gatewayNames()...)
}
