package paykeeper

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// The invoice of an unclear preview has what was sent, was made since, and is nobody else's.
func TestFindCreated(t *testing.T) {
	full := make([]string, searchPage)
	for i := range full {
		full[i] = renamed(fresh(), strings.Repeat("1", i+1))
	}
	earlier := time.Now().Add(-values.ClockTolerance - time.Minute).In(values.Moscow).Format(time.DateTime)
	for name, test := range map[string]struct {
		search reply
		found  bool
		text   string // the error's text
	}{
		"the one that was sent":         {search: listOf(fresh()), found: true},
		"beside one of another order":   {search: listOf(fresh(), renamed(fresh(`"A-1"`, `"A-10"`), other)), found: true},
		"beside another one":            {search: listOf(fresh(), renamed(fresh("Услуга", "x"), other)), found: true},
		"beside an older one":           {search: listOf(fresh(), renamed(strings.Replace(sample, "2014-04-02 08:52:14", earlier, 1), other)), found: true},
		"paid meanwhile":                {search: listOf(fresh(`"created"`, `"paid"`)), found: true},
		"spelled otherwise":             {search: listOf(fresh(`"A-1"`, `" a-1"`)), found: true},
		"nothing":                       {search: none},
		"of another sum":                {search: listOf(fresh("1500.00", "1500.01"))},
		"revoked":                       {search: listOf(fresh(`"created"`, `"expired"`))},
		"older":                         {search: listOf(strings.Replace(fresh(), time.Now().In(values.Moscow).Format(time.DateOnly), "2014-04-02", 1))},
		"that of another resource":      {search: listOf(renamed(fresh(), "7"))},
		"another text, of the same sum": {search: listOf(fresh("Услуга", "x")), text: "not quite like this one"},
		"two of them":                   {search: listOf(fresh(), renamed(fresh(), other)), text: "has 2 invoices like this one"},
		"a full page":                   {search: listOf(full...), text: "may have more"},
		"a failed search":               {search: reply{Status: 500}, text: "HTTP 500"},
		"a server that has no search":   {search: reply{Status: 404, Body: "<html>"}, text: ErrNoSearch.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			c := clientOf(newServer(t, map[string][]reply{pathSearch: {test.search}}))
			c.accepted.Store(true)
			got, err := c.FindCreated(t.Context(), sampleRequest(t), time.Now(), func(id string) bool { return id == "7" })
			if (got != nil) != test.found || got != nil && string(got.ID) != invoiceID {
				t.Errorf("found %v", got)
			}
			if (err != nil) != (test.text != "") || err != nil && !strings.Contains(err.Error(), test.text) {
				t.Errorf("error %v, want %q", err, test.text)
			}
			if test.text == ErrNoSearch.Error() && !errors.Is(err, ErrNoSearch) {
				t.Errorf("%v is not ErrNoSearch", err)
			}
		})
	}
}
