package invoiceapi

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// An amount is read as the language of the page writes it, and what could be
// thousands of another language is refused: nobody pays 1.50 for 1,500.
func TestAmountIsReadInTheLanguageOfThePage(t *testing.T) {
	b := start(t, sandbox.Options{})
	terminal := sandboxtest.IDOf(t, b.OK("CreateTerminal", `{"name":"Shop","alias":"N1","type":"dynamic"}`))
	for _, test := range []struct{ to, typed, want string }{
		{"en", "1,500", "1500"}, {"en", "1,500.00", "1500"}, {"en", "₽1,234,500.50", "1234500.5"}, {"en", "1500.5", "1500.5"}, {"en", "99,5", "99.5"},
		{"en", "1.500", ""}, {"en", "1,50,000", ""}, {"en", "1,500,00", ""}, {"en", "1.500,00", ""}, {"en", "-1,500", ""}, {"en", "0.005", ""},
		{"ru", "1500,50", "1500.5"}, {"ru", "48\u00a0500,00\u00a0₽", "48500"}, {"ru", "1\u202f500", "1500"}, {"ru", "1500.50", "1500.5"},
		{"ru", "1,500", ""}, {"ru", "1.500", ""}, {"ru", "1,500.00", ""}, {"ru", "1.500,00", ""}, {"ru", "", ""},
	} {
		before, err := b.Payments.All()
		must(t, err)
		response, _, err := b.Send(http.MethodPost, "/invoice/terminal/"+terminal, url.Values{"amount": {test.typed}}.Encode(), func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Accept-Language", test.to)
		})
		must(t, err)
		after, err := b.Payments.All()
		must(t, err)
		added := after[len(before):]
		switch {
		case test.want == "" && (len(added) > 0 || response.StatusCode != http.StatusUnprocessableEntity):
			t.Errorf("%q in %s: %d, %+v", test.typed, test.to, response.StatusCode, added)
		case test.want != "" && (len(added) != 1 || !decimal.RequireFromString(added[0].Amount).Equal(decimal.RequireFromString(test.want))):
			t.Errorf("%q in %s: %d, %+v", test.typed, test.to, response.StatusCode, added)
		}
	}
}

// A name that a merchant has given is not translated.
func TestNameOfTerminalIsNotTranslated(t *testing.T) {
	b := start(t, sandbox.Options{})
	terminal := sandboxtest.IDOf(t, b.OK("CreateTerminal", `{"name":"Оплатить","alias":"N1","type":"dynamic"}`))
	_, page, err := b.Send(http.MethodGet, "/invoice/terminal/"+terminal, "", func(r *http.Request) { r.Header.Set("Accept-Language", "en") })
	must(t, err)
	contains(t, page, "<title>Оплатить</title>", "<h1>Оплатить</h1>", `<html lang="en">`)
}
