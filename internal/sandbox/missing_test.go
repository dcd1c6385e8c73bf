package sandbox_test

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// A person finds the way home from where nothing is. A program gets what it got.
func TestMissingPages(t *testing.T) {
	b := start(t, sandbox.Options{})
	for _, test := range []struct {
		method, path string
		status       int
		russian      string
	}{
		{"GET", "/nope", 404, "Такой страницы нет"},
		{"GET", "/sandbox/nope", 404, "Такой страницы нет"},
		{"GET", "/paykeeper/nope/", 404, "Такой страницы нет"},
		{"GET", "/intellectmoney/nope", 404, "Такой страницы нет"},
		{"GET", "/sandbox/reset", 405, "Это не страница"},
		{"GET", "/invoice/pay/none", 404, "Платёж не найден"},
		{"GET", "/invoice/terminal/none", 404, "Терминал не найден"},
		{"GET", "/paykeeper/bill/none/", 404, "Счёт не найден"},
		{"GET", "/paykeeper/payment/none/", 404, "Платёж не найден"},
		{"GET", "/p2p/invoice?id=none", 404, "Заявка не найдена"},
	} {
		response, page := b.asked(test.method, test.path, "Accept", "text/html,*/*;q=0.8")
		equal(t, test.path, response.StatusCode, test.status)
		equal(t, test.path, response.Header.Get("Content-Type"), "text/html; charset=utf-8")
		contains(t, page, "<h1>"+test.russian+"</h1>", "<title>"+test.russian+"</title>", `<a href="/">На главную</a>`)
		_, page = b.asked(test.method, test.path, "Accept", "text/html", "Accept-Language", "en")
		contains(t, page, `<a href="/">Home</a>`)
		absent(t, page, test.russian)
	}
	response, _ := b.asked("GET", "/sandbox/reset", "Accept", "text/html")
	equal(t, "Allow", response.Header.Get("Allow"), "POST")

	// Programs do not ask for pages.
	for _, test := range []struct {
		method, path, answer string
		status               int
	}{
		{"GET", "/nope", "404 page not found\n", 404}, {"GET", "/sandbox/reset", "Method Not Allowed\n", 405}, {"POST", "/paykeeper/nope/", "404 page not found\n", 404},
	} {
		response, answer := b.asked(test.method, test.path, "Accept", "*/*")
		equal(t, test.path, response.StatusCode, test.status)
		equal(t, test.path, answer, test.answer)
	}
	// What a gateway answers itself stays, in a browser too.
	for path, part := range map[string]string{"/invoice/api/v2/Nope": `"error"`, "/p2p/api/merchant/nope": "Not Found"} {
		_, answer := b.asked("GET", path, "Accept", "text/html")
		contains(t, answer, part)
		absent(t, answer, "<html")
	}
}

func TestRefusalsLeadHome(t *testing.T) {
	b := start(t, sandbox.Options{})
	for language, words := range map[string][]string{"ru": {"Песочница отказала", "Под именем evil.example", "На главную"}, "en": {"The sandbox has refused", "Under the name evil.example", "Home"}} {
		status, _, page := b.under("evil.example", "GET", "/", "", "Accept", "text/html", "Accept-Language", language)
		equal(t, language, status, 403)
		contains(t, page, append(words, `<a href="`+b.URL+`/">`)...)
		_, _, page = b.under("", "POST", "/sandbox/reset", "", "Accept", "text/html", "Accept-Language", language, "Origin", "https://evil.example")
		contains(t, page, words[0], words[2], "https://evil.example", `<a href="`+b.URL+`/">`)
		absent(t, page, `href="https://evil.example`)
	}
}
