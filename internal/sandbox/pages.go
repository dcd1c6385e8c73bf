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

// Pages are HTML pages. Each is a block of its own name in the shared frame.
type Pages struct{ *template.Template }

// shared has the index page and the frame of all pages. In a page, money and
// moment show a value of the API to a person.
var shared = Pages{template.Must(template.New("").Funcs(template.FuncMap{
	"money":  func(value any) string { return Money(fmt.Sprint(value)) },
	"moment": ISOMoment,
}).ParseFS(sharedPages, "pages/*.html"))}

// NewPages reads the pages of a gateway, pages/*.html.
func NewPages(files fs.FS) Pages {
	return Pages{template.Must(template.Must(shared.Clone()).ParseFS(files, "pages/*.html"))}
}

// Render sends a page. It renders the whole page first, so that an error becomes
// a 500.
func (p Pages) Render(w http.ResponseWriter, status int, page string, data any) {
	var body bytes.Buffer
	if err := p.ExecuteTemplate(&body, page, data); err != nil {
		Fail(w, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	// No script runs and nothing is loaded from elsewhere, even if a text on the
	// page tries to.
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

// RenderMissing sends a page that says what is missing if the error is
// ErrNotFound, else a 500.
func RenderMissing(w http.ResponseWriter, err error, missing string) {
	if errors.Is(err, ErrNotFound) {
		shared.Render(w, http.StatusNotFound, "missing", map[string]any{"Title": missing})
		return
	}
	Fail(w, err)
}

// Form serves a page's form. act does what the form asks for, and returns the
// page to show next. A redirect leads there, so that a reload does not send the
// form again. missing is the text for ErrNotFound.
func Form(missing string, act func(*http.Request) (next string, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, MaxRequestBody)
		next, err := act(r)
		if err != nil {
			RenderMissing(w, err, missing)
			return
		}
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
}

// Money shows an amount with two decimals.
func Money(value string) string {
	number, err := decimal.NewFromString(value)
	if err != nil {
		return value
	}
	return number.StringFixed(2)
}

// ISOMoment shows a time of the API in Moscow.
func ISOMoment(value string) string {
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return value
	}
	return Moment(at)
}

// Words are the names of statuses that a person reads.
type Words map[string]string

// Of is the word for a status, and the status itself if there is none.
func (words Words) Of(status string) string { return cmp.Or(words[status], status) }

// WithStatus is the word for a status, and the status in brackets.
func (words Words) WithStatus(status string) string { return words.Of(status) + " (" + status + ")" }

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

// Add adds a row. Its first cell links to the page, unless page is "".
func (t *OverviewTable) Add(page string, cells ...string) {
	t.Rows = append(t.Rows, OverviewRow{page, cells})
}

// OverviewRow is a row, whose first cell links to a page unless Link is "".
type OverviewRow struct {
	Link  string
	Cells []string
}

// OverviewRows is how many objects the overview of a long history lists.
const OverviewRows = 50

// OverviewCounts is a table that counts objects by status.
func OverviewCounts(title string, counts map[string]int, words Words) OverviewTable {
	table := OverviewTable{Title: title, Columns: []string{"Статус", "Сколько"}}
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		table.Add("", words.WithStatus(status), strconv.Itoa(counts[status]))
	}
	return table
}

// serveIndex serves the page at /, which links to all other pages.
func (s *Sandbox) serveIndex(w http.ResponseWriter, r *http.Request) {
	base := s.Base(r)
	var overviews []Overview
	for _, g := range s.gateways {
		o, err := g.Overview(base)
		if err != nil {
			Fail(w, err)
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
