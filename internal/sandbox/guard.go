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
// APIs answer under names, too, that no other site can own: clients send the real
// gateways' names. What a browser sends to an API, or to change something, must come
// from the sandbox's own pages.
//
// Notifications act on no sandbox either. A client may have set any address.
func (s *Sandbox) guard(mux *http.ServeMux) http.Handler {
	origins := http.NewCrossOriginProtection()
	if public, err := url.Parse(s.options.PublicURL); err == nil && public.Host != "" {
		// Behind a proxy, the Host header may be another one.
		_ = origins.AddTrustedOrigin(origin(public))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := mux.Handler(r)
		switch {
		case r.UserAgent() == notificationAgent:
			refuseNotification(w, r, s.Base(r))
		case !s.mayAnswerUnder(r, pattern):
			s.refuseHost(w, r)
		case origins.Check(r) != nil && isFormToPage(mux, r):
			http.Redirect(w, r, r.URL.RequestURI(), http.StatusSeeOther) //nolint:gosec // a path of a page here, never //host
		case origins.Check(r) != nil, s.apiPatterns[pattern] && isFromOtherSite(r):
			s.refuseOrigin(w, r)
		case pattern == "" && isForPerson(r):
			serveMissing(w, r, handler)
		default:
			mux.ServeHTTP(w, r)
		}
	})
}

// mayAnswerUnder reports whether what has a pattern answers under the name that a
// request was sent to.
func (s *Sandbox) mayAnswerUnder(r *http.Request, pattern string) bool {
	isFromBrowser := r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != ""
	switch {
	case s.hasOwnHost(r):
		return true
	case isFromBrowser:
		return false
	case pattern == healthPattern:
		return true
	}
	return (pattern == "" || s.apiPatterns[pattern]) && isNobodyElses(r.Host)
}

// isFromOtherSite reports whether a page of another site makes a browser send a
// request, such as for a picture. It cannot read the answer, but would use up a
// fault and fill the journal.
func isFromOtherSite(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "cross-site" || site == "same-site"
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
	refuseAccess(w, r, fmt.Sprintf("Under the name %q the sandbox does not answer this. Pages and /sandbox/ answer under 127.0.0.1, localhost and the name of its "+
		"-public-url only, and the gateways' APIs also under the real gateways' names, IP addresses, names without a dot and those below .local, .internal and .test. "+
		"Otherwise a site of that name could use your browser to pay, read and reset here. Use %s/, or start the sandbox with -public-url.", r.Host, base),
		base, Textf("Под именем %s песочница на это не отвечает. Страницы и команды доступны только под именами 127.0.0.1, localhost и тем, что задано "+
			"флагом -public-url, а API шлюзов — ещё под настоящими именами шлюзов, IP-адресами, именами без точки и в зонах .local, .internal и .test. "+
			"Иначе сайт с этим именем мог бы через ваш браузер платить, читать и сбрасывать. Откройте %s "+
			"или запустите песочницу с -public-url.", r.Host, base+"/"))
}

func (s *Sandbox) refuseOrigin(w http.ResponseWriter, r *http.Request) {
	from := cmp.Or(r.Header.Get("Origin"), "Sec-Fetch-Site: "+r.Header.Get("Sec-Fetch-Site"))
	refuseAccess(w, r, fmt.Sprintf("The request comes from a page of another site (%s). In a browser only the sandbox's own pages may change something or call a gateway's API.", from),
		s.Base(r), Textf("Запрос пришёл со страницы другого сайта (%s). В браузере менять что-то и вызывать API шлюзов могут только страницы самой песочницы.", from))
}

func refuseNotification(w http.ResponseWriter, r *http.Request, base string) {
	refuseAccess(w, r, "The request is a notification of a sandbox. It goes to a shop, and acts on no sandbox: set the address of your shop for it.",
		base, Textf("Это уведомление песочницы. Оно предназначено магазину и песочницей не управляет: укажите для него адрес магазина."))
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
