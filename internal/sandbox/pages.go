package sandbox

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"mime"
	"net/http"
)

//go:embed pages
var sharedFiles embed.FS

//go:embed pages/page.js
var pageScript []byte

// Pages are HTML pages. Each is a block of its own name in the shared frame.
type Pages struct {
	texts dictionary
	// meanings are those of switches in Russian, by their names.
	meanings   map[string]string
	byLanguage map[string]*template.Template
}

// shared has the frame of all pages, and the pages of no gateway.
var shared = Pages{}.with(sharedFiles)

// NewPages reads the pages of a gateway, pages/*.html, and English texts, of the
// pages and of the gateway's overview: pages/*en.json, and what its switches mean in
// Russian: pages/switches.ru.json. In a page, t translates a text, and money, moment
// and second show values of the API to a person.
func NewPages(files fs.FS) Pages {
	added := shared.with(files)
	maps.Copy(shared.meanings, added.meanings)  // for the index
	for text, translated := range added.texts { // for the overview, which shows texts of all gateways
		if _, known := shared.texts[text]; !known {
			shared.texts[text] = translated
		}
	}
	return added
}

// with adds pages and texts.
func (p Pages) with(files fs.FS) Pages {
	added := Pages{texts: dictionary{}, meanings: map[string]string{}, byLanguage: map[string]*template.Template{}}
	maps.Copy(added.texts, p.texts)
	readTexts(files, "pages/*en.json", &added.texts)
	readTexts(files, "pages/switches.ru.json", &added.meanings)
	for _, to := range []string{russian, english} {
		page := template.New("")
		if before := p.byLanguage[to]; before != nil {
			page = template.Must(before.Clone())
		}
		page.Funcs(added.functions(to))
		if pages, _ := fs.Glob(files, "pages/*.html"); pages != nil {
			template.Must(page.ParseFS(files, "pages/*.html"))
		}
		added.byLanguage[to] = page
	}
	return added
}

// readTexts adds the texts of the files that fit a pattern.
func readTexts[T ~map[string]string](files fs.FS, pattern string, to *T) {
	names, _ := fs.Glob(files, pattern) // the patterns are right
	for _, name := range names {
		texts, err := fs.ReadFile(files, name)
		if err := errors.Join(err, json.Unmarshal(texts, to)); err != nil {
			panic(fmt.Sprintf("%s: %v", name, err))
		}
	}
}

// functions are what pages call, in a language.
func (p Pages) functions(to string) template.FuncMap {
	return template.FuncMap{
		"language": func() string { return to },
		"t":        func(text any, args ...any) string { return p.texts.show(to, text, args) },
		"money":    func(amount any, currency ...string) string { return showMoney(to, amount, currency...) },
		"moment":   func(at any) string { return showMoment(momentLayouts[to], at) },
		"second":   func(at any) string { return showMoment(secondLayouts[to], at) },
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
	header.Set("X-Content-Type-Options", "nosniff")
	// No script runs and nothing is loaded from elsewhere, even if a text on the
	// page tries to.
	policy := "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
	header.Set("Content-Security-Policy", policy+header.Get("Content-Security-Policy"))
	w.WriteHeader(status)
	page := body.Bytes()
	if !isAPI { // whose query may have secrets
		page = completeLanguageLink(page, r)
	}
	_, _ = w.Write(page) //nolint:gosec // html/template and html.EscapeString have escaped it
}

// allowOwnScript lets a page run the sandbox's own script. No page on which a
// person pays has one.
func allowOwnScript(w http.ResponseWriter) {
	w.Header().Set("Content-Security-Policy", "; script-src 'self'")
}

// serveScript serves that script.
func serveScript(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(pageScript)
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

// Form serves a page's form. act does what the form asks for, and returns the
// page to show next. A redirect leads there, so that a reload does not send the
// form again. missing is the text for ErrNotFound.
func Form(missing string, act func(*http.Request) (next string, err error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !ReadForm(w, r) {
			return
		}
		next, err := act(r)
		if err != nil {
			RenderMissing(w, r, err, missing)
			return
		}
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
}

// ReadForm reads the form that a request brings, and reports whether it could. If
// not, it has sent a page that says so: what nobody has filled in must not pay.
func ReadForm(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, MaxRequestBody)
	status, why := 0, "Форму не удалось прочитать. Вернитесь на страницу и отправьте её ещё раз."
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil || kind != "application/x-www-form-urlencoded" && kind != "multipart/form-data":
		status, why = http.StatusUnsupportedMediaType, "По этому адресу принимают только форму со страницы (application/x-www-form-urlencoded)."
	case kind == "multipart/form-data":
		err = r.ParseMultipartForm(MaxRequestBody) //nolint:gosec // the body is bounded above
	default:
		err = r.ParseForm()
	}
	if status == 0 && err == nil {
		return true
	}
	if status == 0 {
		status = http.StatusBadRequest
	}
	if _, isTooLarge := errors.AsType[*http.MaxBytesError](err); isTooLarge {
		status = http.StatusRequestEntityTooLarge
	}
	shared.Render(w, r, status, "no page", map[string]any{"Title": "Ничего не изменилось", "Why": why})
	return false
}
