package sandbox

import (
	"errors"
	"net/http"
)

// RenderMissing sends a page that says what is missing if the error is
// ErrNotFound, else a 500.
func RenderMissing(w http.ResponseWriter, r *http.Request, err error, missing string) {
	if errors.Is(err, ErrNotFound) {
		shared.Render(w, r, http.StatusNotFound, "missing", map[string]any{"Title": missing})
		return
	}
	Fail(w, err)
}

// serveMissing tells a person that nothing is served at an address. refuse is
// the mux's own answer: not found, or not with this method. Its headers stay.
func serveMissing(w http.ResponseWriter, r *http.Request, refuse http.Handler) {
	answer := &statusOnly{header: w.Header(), status: http.StatusOK}
	refuse.ServeHTTP(answer, r)
	page := map[string]any{"Title": "Такой страницы нет", "Why": "В песочнице нет такого адреса. Проверьте его или начните с главной страницы."}
	if answer.status == http.StatusMethodNotAllowed {
		page = map[string]any{"Title": "Это не страница", "Why": "По этому адресу принимают другие запросы, например POST."}
	}
	shared.Render(w, r, answer.status, "no page", page)
}

// statusOnly keeps the status and the headers of an answer, and drops its body.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header         { return s.header }
func (s *statusOnly) WriteHeader(status int)      { s.status = status }
func (s *statusOnly) Write(p []byte) (int, error) { return len(p), nil }
