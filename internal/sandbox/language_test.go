package sandbox_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// asked reads a page with headers as pairs, and follows no redirect.
func (b *box) asked(method, path string, headers ...string) (*http.Response, string) {
	b.T.Helper()
	response, page, err := b.Send(method, path, "", func(r *http.Request) {
		for n := 0; n < len(headers); n += 2 {
			r.Header.Set(headers[n], headers[n+1])
		}
	})
	must(b.T, err)
	return response, page
}

func TestLanguageOfPages(t *testing.T) {
	b := start(t, sandbox.Options{})
	const cookie = "invoice_sandbox_language="
	for _, test := range []struct{ accepted, cookie, want string }{
		{"", "", "ru"}, {"en", "", "en"}, {"en-GB,en;q=0.9", "", "en"}, {"ru-RU,ru;q=0.9,en-US;q=0.8", "", "ru"}, {"de-DE,de;q=0.9,en;q=0.5", "", "en"},
		{"de", "", "ru"}, {"*", "", "ru"}, {"q=;;", "", "ru"},
		{"en", "ru", "ru"}, {"ru", "en", "en"}, {"", "en", "en"}, {"en", "de", "en"}, {"", "<script>", "ru"},
	} {
		headers := []string{"Accept-Language", test.accepted}
		if test.cookie != "" {
			headers = append(headers, "Cookie", cookie+test.cookie)
		}
		for _, path := range []string{"/", "/sandbox/journal", "/sandbox/controls", "/invoice/pay/none", "/nope"} {
			response, page := b.asked("GET", path, append(headers, "Accept", "text/html")...)
			contains(t, page, `<html lang="`+test.want+`">`)
			equal(t, path, response.Header.Get("Content-Language"), test.want)
			title := map[string]string{"ru": "<title>Песочница платёжных шлюзов", "en": "<title>Sandbox of payment gateways"}[test.want]
			if path == "/" {
				contains(t, page, title)
			}
		}
	}
}

func TestLanguageLink(t *testing.T) {
	b := start(t, sandbox.Options{})
	jar, err := cookiejar.New(nil)
	must(t, err)
	client := &http.Client{Jar: jar}
	read := func(address string) (*url.URL, string) {
		t.Helper()
		request, err := http.NewRequest(http.MethodGet, address, nil)
		must(t, err)
		response, err := client.Do(request)
		must(t, err)
		_, page := b.Read(response)
		return response.Request.URL, page
	}
	// The link keeps the query of the page, and the choice holds on other pages.
	_, page := read(b.URL + "/sandbox/journal?gateway=invoice&limit=7")
	contains(t, page, `href="?gateway=invoice&amp;lang=en&amp;limit=7"`)
	at, page := read(b.URL + "/sandbox/journal?gateway=invoice&lang=en&limit=7")
	equal(t, "back", at.RequestURI(), "/sandbox/journal?gateway=invoice&limit=7")
	contains(t, page, `<html lang="en">`, "<option selected>7</option>", `href="?gateway=invoice&amp;lang=ru&amp;limit=7"`)
	_, page = read(b.URL + "/")
	contains(t, page, `<html lang="en">`, `href="?lang=ru"`)
	at, page = read(b.URL + "/?lang=ru")
	equal(t, "home", at.Path, "/")
	contains(t, page, `<html lang="ru">`)
	_, page = read(b.URL + "/?lang=de")
	contains(t, page, `<html lang="ru">`)
}

// The redirect leads to no other site, whatever the address is.
func TestLanguageLinkStaysHere(t *testing.T) {
	b := start(t, sandbox.Options{})
	for _, path := range []string{"/?lang=en", "/?lang=en&next=https://evil.example", "/x//evil.example?lang=en", "/%5Cevil.example/?lang=en", "/?lang=en&x=%0d%0aLocation:+//evil.example"} {
		response, _ := b.asked("GET", path, "Accept", "text/html", "Referer", "https://evil.example/")
		location := response.Header.Get("Location")
		if response.StatusCode != http.StatusSeeOther || !strings.HasPrefix(location, "?") {
			t.Errorf("%s: %d %s", path, response.StatusCode, location)
		}
		target, err := response.Location()
		must(t, err)
		equal(t, path, "http://"+target.Host, b.URL)
		cookie := response.Header.Get("Set-Cookie")
		contains(t, cookie, "invoice_sandbox_language=en", "Path=/", "HttpOnly", "SameSite=Lax")
	}
}

// An answer of an API sets no cookie, and repeats no query: it may have a token.
func TestNoLanguageInAPIs(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"paykeeper_login": "html"}})
	response, page := b.asked("GET", "/paykeeper/info/settings/token/?lang=en&token=secret-token")
	equal(t, "status", response.StatusCode, 200)
	equal(t, "cookie", response.Header.Get("Set-Cookie"), "")
	contains(t, page, "<html")
	absent(t, page, "secret-token")
}
