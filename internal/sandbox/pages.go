package sandbox

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

//go:embed pages/*.html
var sharedPages embed.FS

// Pages are HTML pages. Each defines a block of its own name around the frame
// that all share.
type Pages struct{ *template.Template }

// shared are the index page and what all pages share. money and moment write a
// value of the API for a person.
var shared = Pages{template.Must(template.New("").Funcs(template.FuncMap{
	"money":  func(value any) string { return Money(fmt.Sprint(value)) },
	"moment": ISOMoment,
}).ParseFS(sharedPages, "pages/*.html"))}

// NewPages reads the pages of a gateway, pages/*.html.
func NewPages(files fs.FS) Pages {
	return Pages{template.Must(template.Must(shared.Clone()).ParseFS(files, "pages/*.html"))}
}

// Render sends a page. It is rendered before anything is sent, so that a
// failure shows as one.
func (p Pages) Render(w http.ResponseWriter, status int, page string, data any) {
	var body bytes.Buffer
	if err := p.ExecuteTemplate(&body, page, data); err != nil {
		Broken(w, err)
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

// NoPage answers that there is no such page, or that the sandbox is broken.
func NoPage(w http.ResponseWriter, err error, missing string) {
	if errors.Is(err, ErrNotFound) {
		shared.Render(w, http.StatusNotFound, "missing", map[string]any{"Title": missing})
		return
	}
	Broken(w, err)
}

// Form serves a page's form. act does what the form says, and answers the page
// to show next. A redirect leads there, so that reloading it does not send the
// form again.
func Form(missing string, act func(*http.Request) (next string, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, MaxRequestBody)
		next, err := act(r)
		if err != nil {
			NoPage(w, err, missing)
			return
		}
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
}

// Money writes a decimal with two digits for a person.
func Money(value string) string {
	number, err := decimal.NewFromString(value)
	if err != nil {
		return value
	}
	return number.StringFixed(2)
}

// ISOMoment writes a time of the API for a person.
func ISOMoment(value string) string {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return value
	}
	return Moment(at)
}

// Words are the statuses of a gateway for a person.
type Words map[string]string

// Word is the word for a status, which itself is the word if there is none.
func (words Words) Word(status string) string { return cmp.Or(words[status], status) }

// Both is the word for a status and the status.
func (words Words) Both(status string) string { return words.Word(status) + " (" + status + ")" }

// Overview is a gateway's part of the index page.
type Overview struct {
	Title  string
	Tables []OverviewTable
	// Notes are hints for a person, such as test cards.
	Notes []string
}

// OverviewTable is a table of the index page.
type OverviewTable struct {
	Title   string
	Columns []string
	Rows    []OverviewRow
}

// Add adds a row, whose first cell is linked to a page unless that is "".
func (t *OverviewTable) Add(page string, cells ...string) {
	t.Rows = append(t.Rows, OverviewRow{page, cells})
}

// OverviewRow links its first cell to a page, if there is one.
type OverviewRow struct {
	Link  string
	Cells []string
}

// OverviewRows is how many objects of a kind an overview of a gateway with a
// long history lists, the newest first.
const OverviewRows = 50

// OverviewCounts is a table of how many objects there are by status.
func OverviewCounts(title string, counts map[string]int, words Words) OverviewTable {
	table := OverviewTable{Title: title, Columns: []string{"Статус", "Сколько"}}
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		table.Add("", words.Both(status), strconv.Itoa(counts[status]))
	}
	return table
}

// serveIndex is the page at /, from which everything can be found.
func (s *Sandbox) serveIndex(w http.ResponseWriter, r *http.Request) {
	base := s.Base(r)
	var overviews []Overview
	for _, g := range s.gateways {
		o, err := g.Overview(base)
		if err != nil {
			Broken(w, err)
			return
		}
		overviews = append(overviews, o)
	}
	type setting struct{ Switch, Value string }
	dialect := s.Dialect()
	var settings []setting
	for _, sw := range s.switches() {
		settings = append(settings, setting{sw.Name + " — " + sw.Doc, dialect[sw.Name]})
	}
	shared.Render(w, http.StatusOK, "index", map[string]any{
		"Title": "Песочница платёжных шлюзов", "Gateways": overviews,
		"Environment": s.Environment(base), "Settings": settings, "Faults": s.Faults(),
	})
}
