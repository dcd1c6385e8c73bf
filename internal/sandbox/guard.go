package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// guard keeps other sites out that are open in the same browser. Such a site can
// send requests here. If its name resolves to this machine (DNS rebinding), the
// browser even takes the sandbox for the site itself.
//
// So pages and /sandbox/ answer under the sandbox's own names only. The gateways'
// APIs answer under any: clients send the real gateways' names. But what a browser
// sends to change something must come from the sandbox's own pages.
func (s *Sandbox) guard(mux *http.ServeMux) http.Handler {
	origins := http.NewCrossOriginProtection()
	if public, err := url.Parse(s.options.PublicURL); err == nil && public.Host != "" {
		// Behind a proxy, the Host header may be another one.
		_ = origins.AddTrustedOrigin(public.Scheme + "://" + public.Host)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := mux.Handler(r)
		isForEveryone := pattern == "" || pattern == healthPattern || s.apiPatterns[pattern]
		isFromBrowser := r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != ""
		switch {
		case !s.hasOwnHost(r) && (isFromBrowser || !isForEveryone):
			s.refuseHost(w, r)
		case origins.Check(r) != nil && isFormToPage(mux, r):
			http.Redirect(w, r, r.URL.RequestURI(), http.StatusSeeOther) //nolint:gosec // a path of a page here, never //host
		case origins.Check(r) != nil:
			s.refuseOrigin(w, r)
		case pattern == "" && isForPerson(r):
			serveMissing(w, r, handler)
		default:
			mux.ServeHTTP(w, r)
		}
	})
}

// isFormToPage reports whether a browser was sent to a page by a form. Modules for
// shops lead their customers to the payment page so. It shall see the page, which
// changes nothing.
func isFormToPage(mux *http.ServeMux, r *http.Request) bool {
	if r.Method != http.MethodPost || !isForPerson(r) {
		return false
	}
	visit := r.Clone(r.Context())
	visit.Method = http.MethodGet
	_, page := mux.Handler(visit)
	return strings.HasPrefix(page, "GET ") && !strings.HasPrefix(r.URL.Path, "/sandbox/") && !strings.HasPrefix(r.URL.Path, "//")
}

// isForPerson reports whether the answer to a request is for a person, who reads
// pages.
func isForPerson(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

func (s *Sandbox) refuseHost(w http.ResponseWriter, r *http.Request) {
	base := s.Base(r)
	refuseAccess(w, r, fmt.Sprintf("Under the name %q the sandbox serves no pages and steers nothing. It does so under 127.0.0.1, localhost and the name of its "+
		"-public-url only. Otherwise a site of that name could use your browser to pay, read and reset here. Open %s/, or start the sandbox with -public-url.", r.Host, base),
		base, Textf("Под именем %s песочница не показывает страниц и не принимает команд, а только под именами 127.0.0.1, localhost и тем, что задано "+
			"флагом -public-url. Иначе сайт с этим именем мог бы через ваш браузер платить, читать и сбрасывать. Откройте %s "+
			"или запустите песочницу с -public-url.", r.Host, base+"/"))
}

func (s *Sandbox) refuseOrigin(w http.ResponseWriter, r *http.Request) {
	from := cmp.Or(r.Header.Get("Origin"), "Sec-Fetch-Site: "+r.Header.Get("Sec-Fetch-Site"))
	refuseAccess(w, r, fmt.Sprintf("The request comes from a page of another site (%s) and would change something. Only the sandbox's own pages may do that in a browser.", from),
		s.Base(r), Textf("Запрос пришёл со страницы другого сайта (%s) и что-то изменил бы. В браузере это могут только страницы самой песочницы.", from))
}

// refuseAccess says why, as a page that leads home to a person, and as JSON to a
// program.
func refuseAccess(w http.ResponseWriter, r *http.Request, english, base string, why Text) {
	if isForPerson(r) {
		shared.Render(w, r, http.StatusForbidden, "refused", map[string]any{"Title": "Песочница отказала", "Why": why, "Home": base + "/"})
		return
	}
	answerJSON(w, http.StatusForbidden, map[string]string{"error": english})
}

// answerJSON answers a call below /sandbox/.
func answerJSON(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(answer)
}
