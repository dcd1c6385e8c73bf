package sandbox

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

//go:embed pages/*.html
var pageFiles embed.FS

// pages are the sandbox's HTML pages. Each defines a block of its own name
// around the shared frame in frame.html. money and moment write a value of the
// API for a person.
var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"money":  func(value any) string { return money(fmt.Sprint(value)) },
	"moment": moment,
}).ParseFS(pageFiles, "pages/*.html"))

// moscow is where the gateways' people live; it has had no daylight saving
// since 2014.
var moscow = time.FixedZone("МСК", 3*60*60)

func moment(value string) string {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return value
	}
	return at.In(moscow).Format("02.01.2006 15:04 МСК")
}

// render sends a page. It is rendered before anything is sent, so that a
// failure shows as one.
func render(w http.ResponseWriter, status int, page string, data any) {
	var body bytes.Buffer
	if err := pages.ExecuteTemplate(&body, page, data); err != nil {
		http.Error(w, "sandbox: "+err.Error(), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	// Nothing is loaded from elsewhere and no script runs, whatever a
	// terminal calls itself.
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

// overview is a gateway's part of the index page.
type overview struct {
	Title  string
	Tables []overviewTable
	// Notes are hints for a person, such as test cards.
	Notes []string
}

type overviewTable struct {
	Title   string
	Columns []string
	Rows    []overviewRow
}

// overviewRow links its first cell to a page, if there is one.
type overviewRow struct {
	Link  string
	Cells []string
}

// overviewRows is how many objects of a kind an overview of a gateway with a
// long history lists, the newest first.
const overviewRows = 50

// overviewCounts is a table of how many objects there are by status, where
// word is a status for a person.
func overviewCounts(title, column string, counts map[string]int, word func(string) string) overviewTable {
	table := overviewTable{Title: title, Columns: []string{column, "Сколько"}}
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		table.Rows = append(table.Rows, overviewRow{"", []string{word(status) + " (" + status + ")", strconv.Itoa(counts[status])}})
	}
	return table
}

// serveIndex is the page at /, from which everything can be found.
func (s *Sandbox) serveIndex(w http.ResponseWriter, r *http.Request) {
	base := s.base(r)
	var overviews []overview
	for _, g := range gateways {
		o, err := g.overview(s, base)
		if err != nil {
			http.Error(w, "sandbox: "+err.Error(), http.StatusInternalServerError)
			return
		}
		overviews = append(overviews, o)
	}
	type setting struct{ Switch, Value string }
	dialect := s.currentDialect()
	var settings []setting
	for _, sw := range Switches() {
		settings = append(settings, setting{sw.Name + " — " + sw.Doc, sw.get(dialect)})
	}
	render(w, http.StatusOK, "index", map[string]any{
		"Title": "Песочница платёжных шлюзов", "Gateways": overviews,
		"Environment": s.Environment(base), "Settings": settings, "Faults": s.Faults(),
	})
}
