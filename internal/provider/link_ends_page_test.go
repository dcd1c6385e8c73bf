package provider

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// page is a page of the sandbox, as a payer's browser has it.
type page struct {
	w    *clitest.Workspace
	url  string
	body string
}

// ask sends what a browser or curl sends, and follows redirects.
func ask(w *clitest.Workspace, method, address, contentType, body string) page {
	w.T.Helper()
	request, err := http.NewRequestWithContext(w.T.Context(), method, address, strings.NewReader(body))
	w.Must(err)
	if contentType == formType {
		request.Header.Set("Origin", w.URL)
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	request.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(request)
	w.Must(err)
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	w.Must(err)
	if response.StatusCode >= http.StatusMultipleChoices {
		w.T.Fatalf("%s %s: %s\n%s", method, address, response.Status, answer)
	}
	return page{w, response.Request.URL.String(), string(answer)}
}

const formType = "application/x-www-form-urlencoded"

// openPage opens the address that the state has in url.
func openPage(w *clitest.Workspace, address string) page {
	w.T.Helper()
	link, _ := w.Attributes(address)["url"].(string)
	return ask(w, http.MethodGet, link, "", "")
}

var (
	formPattern   = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	fieldPattern  = regexp.MustCompile(`(?s)<(?:input|button)([^>]*)>`)
	valuesPattern = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
)

func attributesOf(tag string) map[string]string {
	all := map[string]string{}
	for _, match := range valuesPattern.FindAllStringSubmatch(tag, -1) {
		all[match[1]] = html.UnescapeString(match[2])
	}
	return all
}

// forms are the fields of the page's POST forms, as they are filled in.
func (p page) forms() (all []url.Values) {
	for _, form := range formPattern.FindAllStringSubmatch(p.body, -1) {
		if attributesOf(form[1])["method"] != "post" {
			continue
		}
		fields := url.Values{}
		for _, tag := range fieldPattern.FindAllStringSubmatch(form[2], -1) {
			if field := attributesOf(tag[1]); field["name"] != "" {
				fields.Add(field["name"], field["value"])
			}
		}
		all = append(all, fields)
	}
	return all
}

// press submits the form that has a field of this value; the only one if name is "". It fills
// in what is given besides.
func (p page) press(name, value string, fill ...string) page {
	p.w.T.Helper()
	for _, fields := range p.forms() {
		if name != "" && strings.ReplaceAll(fields.Get(name), " ", "") != value {
			continue
		}
		for n := 0; n < len(fill); n += 2 {
			fields.Set(fill[n], fill[n+1])
		}
		return ask(p.w, http.MethodPost, p.url, formType, fields.Encode())
	}
	p.w.T.Fatalf("%s has no form with %s=%s, but %v", p.url, name, value, p.forms())
	return page{}
}

// offersNothing checks that the page cannot be paid on any more.
func (p page) offersNothing() {
	p.w.T.Helper()
	for _, fields := range p.forms() {
		if fields.Get("action") != "close" { // that is the shop's button
			p.w.T.Errorf("%s still has a form: %v", p.url, fields)
		}
	}
}

// advance moves the sandbox's clock on.
func advance(w *clitest.Workspace, by string) {
	w.T.Helper()
	ask(w, http.MethodPost, w.URL+"/sandbox/clock", "application/json", `{"advance":"`+by+`"}`)
}

// declineNext presses the button for it on the page of controls.
func declineNext(w *clitest.Workspace, operation string) {
	w.T.Helper()
	ask(w, http.MethodGet, w.URL+"/sandbox/controls", "", "").press("action", "decline", "operation", operation)
}
