// Package sandboxtest is what the tests of the sandbox share: a sandbox behind
// a real server, asked over HTTP with raw JSON.
package sandboxtest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Box asks a sandbox of one test.
type Box struct {
	T   *testing.T
	URL string
}

// Begin is the time all tests start at.
var Begin = time.Date(2026, 3, 1, 9, 30, 0, 123_000_000, time.UTC)

// Options makes a sandbox start at Begin.
func Options(options sandbox.Options) sandbox.Options {
	if options.Now == nil {
		options.Now = func() time.Time { return Begin }
	}
	return options
}

// Serve serves a sandbox that Open has just opened, until the test ends.
func Serve(t *testing.T, s *sandbox.Sandbox, err error) *Box {
	t.Helper()
	Must(t, err)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		server.Close()
		_ = s.Close()
	})
	return &Box{t, server.URL}
}

// Start opens a sandbox with one gateway, which create makes of the options of
// its own, if there are any.
func Start[O any, G interface {
	Join(*sandbox.Sandbox) (sandbox.Gateway, error)
}](t *testing.T, shared sandbox.Options, create func(O) G, own []O) (*Box, G) {
	t.Helper()
	var options O
	if len(own) > 0 {
		options = own[0]
	}
	g := create(options)
	s, err := sandbox.Open(Options(shared), g.Join)
	return Serve(t, s, err), g
}

// Unfollowed shows a redirect as it is.
var Unfollowed = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Send makes one request and returns what came back, with the body that was
// read. dress gives the request what its gateway expects of every one, change
// what the test wants beyond.
func (b *Box) Send(method, path, body string, dress func(*http.Request), change ...func(*http.Request)) (*http.Response, string, error) {
	b.T.Helper()
	request, err := http.NewRequest(method, b.URL+path, strings.NewReader(body))
	Must(b.T, err)
	for _, c := range append([]func(*http.Request){dress}, change...) {
		c(request)
	}
	response, err := Unfollowed.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	return response, string(answer), err
}

// Elsewhere sends a form as a page of another site would, and returns the HTTP
// status.
func (b *Box) Elsewhere(path, form string) int {
	b.T.Helper()
	response, _, err := b.Send(http.MethodPost, path, form, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://evil.example")
	})
	Must(b.T, err)
	return response.StatusCode
}

// Browse reads a page the way a browser does, following redirects.
func (b *Box) Browse(path string) (int, string) {
	b.T.Helper()
	response, err := http.Get(b.URL + path)
	Must(b.T, err)
	return b.Read(response)
}

// BrowseEnglish reads a page as a browser that prefers English, without following
// redirects.
func (b *Box) BrowseEnglish(path string) string {
	b.T.Helper()
	_, page, err := b.Send(http.MethodGet, path, "", func(r *http.Request) { r.Header.Set("Accept-Language", "en-GB,en;q=0.9") })
	Must(b.T, err)
	return page
}

// Submit sends a form.
func (b *Box) Submit(path string, form url.Values) (int, string) {
	b.T.Helper()
	response, err := http.PostForm(b.URL+path, form)
	Must(b.T, err)
	return b.Read(response)
}

// ownScript is how a page calls the sandbox's own script.
const ownScript = `<script src="/sandbox/page.js" defer></script>`

// Read reads an answer and closes it. A page must have a policy.
func (b *Box) Read(response *http.Response) (int, string) {
	b.T.Helper()
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	Must(b.T, err)
	policy := response.Header.Get("Content-Security-Policy")
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") && !strings.Contains(policy, "default-src 'none'") {
		b.T.Errorf("no policy on %s", response.Request.URL)
	}
	// What is left of scripts has got in from outside.
	page := strings.Replace(string(body), ownScript, "", 1)
	if allowed := strings.Contains(policy, "script-src"); allowed != (page != string(body)) {
		b.T.Errorf("the policy on %s: %s", response.Request.URL, policy)
	}
	return response.StatusCode, page
}

// Object is a JSON object.
type Object = map[string]any

// Decode reads a JSON object whose numbers stay as they were written.
func Decode(t *testing.T, body string) Object {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.UseNumber()
	var answer Object
	if err := decoder.Decode(&answer); err != nil {
		t.Fatalf("answer %q: %v", body, err)
	}
	return answer
}

// Equal wants what was got to be what was wanted.
func Equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %#v, want %#v", what, got, want)
	}
}

// Contains wants a text to have all parts in it.
func Contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in %s", part, text)
		}
	}
}

// Absent wants a text to have none of the parts in it.
func Absent(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%q in %s", part, text)
		}
	}
}

// IsOneLanguage wants a page, whose data are not Russian, to be English, and to
// have one h1 and no level of headings left out.
func IsOneLanguage(t *testing.T, page string) {
	t.Helper()
	Contains(t, page, `<html lang="en">`)
	body := regexp.MustCompile(`(?s)<body>.*`).FindString(page)
	body = regexp.MustCompile(`<a [^>]*hreflang="ru">По-русски</a>|lang="ru">[^<]*`).ReplaceAllString(body, "")
	if russian := regexp.MustCompile(`\p{Cyrillic}[^<"]*`).FindAllString(body, -1); russian != nil || body == "" {
		t.Errorf("Russian: %q in %s", russian, page)
	}
	level := byte('0')
	for _, heading := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(page, -1) {
		if heading[1][0] > level+1 || heading[1] == "1" && level > '0' {
			t.Errorf("h%s after h%c in %s", heading[1], level, page)
		}
		level = heading[1][0]
	}
	Equal(t, "h1", strings.Count(page, "<h1"), 1)
}

// Must ends the test on an error.
func Must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
