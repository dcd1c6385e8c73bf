package browser

import (
	_ "embed"
	"fmt"
	"testing"
)

//go:embed looks.js
var looksScript string

// problems are what is wrong with the page that is open, on this screen.
func (p *person) problems(sum string) []string {
	p.t.Helper()
	return evaluate[[]string](p, fmt.Sprintf("%s(%q, %q)", looksScript, p.language, sum))
}

// TestEveryPage looks at every page in both languages, on a phone and a desktop, in light
// and dark colours.
func TestEveryPage(t *testing.T) {
	for _, language := range languages {
		t.Run(language, func(t *testing.T) {
			s := openShop(t)
			pages := s.everyPage()
			p := newPerson(t, s.URL, language)
			for _, page := range pages {
				p.open(page.address)
				if p.status != page.status {
					t.Errorf("%s: status %d, want %d", page.name, p.status, page.status)
				}
				for _, scheme := range []string{"light", "dark"} {
					p.preferColors(scheme)
					for name, size := range screens {
						p.sitAt(size)
						for _, problem := range p.problems(page.sum(language)) {
							t.Errorf("%s (%s) on a %s in %s colours: the page %s", page.name, page.address, name, scheme, problem)
						}
					}
				}
			}
		})
	}
}

// screens are those that pages are made for.
var screens = map[string]screen{"phone": phone, "desktop": desktop}
