package sandbox

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

//go:embed pages
var sharedFiles embed.FS

// Pages are HTML pages. Each is a block of its own name in the shared frame.
type Pages struct {
	texts      dictionary
	byLanguage map[string]*template.Template
}

// shared has the frame of all pages, and the pages of no gateway.
var shared = Pages{}.with(sharedFiles)

// NewPages reads the pages of a gateway, pages/*.html, and their English texts,
// pages/en.json. In a page, t translates a text, and money, moment and second show
// values of the API to a person.
func NewPages(files fs.FS) Pages { return shared.with(files) }

// with adds pages and texts.
func (p Pages) with(files fs.FS) Pages {
	added := Pages{texts: dictionary{}, byLanguage: map[string]*template.Template{}}
	maps.Copy(added.texts, p.texts)
	if texts, err := fs.ReadFile(files, "pages/en.json"); err == nil {
		if err := json.Unmarshal(texts, &added.texts); err != nil {
			panic(fmt.Sprintf("pages/en.json: %v", err))
		}
	}
	for _, to := range []string{russian, english} {
		page := template.New("")
		if before := p.byLanguage[to]; before != nil {
			page = template.Must(before.Clone())
		}
		added.byLanguage[to] = template.Must(page.Funcs(added.functions(to)).ParseFS(files, "pages/*.html"))
	}
	return added
}

// functions are what pages call, in a language.
func (p Pages) functions(to string) template.FuncMap {
	return template.FuncMap{
		"language": func() string { return to },
		"t": func(text string, args ...any) string {
			text = p.texts.translate(to, text)
			if len(args) == 0 {
				return text
			}
			return fmt.Sprintf(text, args...)
		},
		"money":  func(amount any, currency ...string) string { return showMoney(to, amount, currency...) },
		"moment": func(at any) string { return showMoment(momentLayouts[to], at) },
		"second": func(at any) string { return showMoment(secondLayouts[to], at) },
	}
}

// Execute writes a page, or a text such as a mail, in the language "ru" or "en".
func (p Pages) Execute(to io.Writer, language, page string, data any) error {
	return p.byLanguage[language].ExecuteTemplate(to, page, data)
}

// Render sends a page in the language of the person, or takes the person's choice
// of one. It renders the whole page first, so that an error becomes a 500.
func (p Pages) Render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	_, isAPI := w.(*Call)
	if !isAPI && chooseLanguage(w, r) {
		return
	}
	to := languageOf(r)
	var body bytes.Buffer
	if err := p.Execute(&body, to, name, data); err != nil {
		Fail(w, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Language", to)
	header.Set("Cache-Control", "no-store")
	// Nothing is loaded from elsewhere and no script of elsewhere runs, even if a
	// text on the page tries to.
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	page := body.Bytes()
	if !isAPI { // whose query may have secrets
		page = completeLanguageLink(page, r)
	}
	_, _ = w.Write(page)
}

// completeLanguageLink lets the frame's link keep the query of the page. Templates
// do not know the request. No other text on a page has quotes that are not escaped.
func completeLanguageLink(page []byte, r *http.Request) []byte {
	for _, to := range []string{russian, english} {
		link := `href="?lang=` + to + `"`
		page = bytes.Replace(page, []byte(link), []byte(`href="`+html.EscapeString(languageQuery(r, to))+`"`), 1)
	}
	return page
}

// RenderMissing sends a page that says what is missing if the error is
// ErrNotFound, else a 500.
func RenderMissing(w http.ResponseWriter, r *http.Request, err error, missing string) {
	if errors.Is(err, ErrNotFound) {
		shared.Render(w, r, http.StatusNotFound, "missing", map[string]any{"Title": missing})
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
			RenderMissing(w, r, err, missing)
			return
		}
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
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
	shared.Render(w, r, http.StatusOK, "index", map[string]any{
		"Title": "Песочница платёжных шлюзов", "Gateways": overviews,
		"Environment": s.Environment(base), "Settings": settings, "Faults": s.Faults(),
	})
}
