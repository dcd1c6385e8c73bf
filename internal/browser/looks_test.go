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
			t.Parallel()
			s := openShop(t)
			pages := s.everyPage()
			p := newPerson(t, s.URL, language)
			for _, page := range pages {
				p.show(page)
				if p.status != page.status {
					t.Errorf("%s: status %d, want %d", page.name, p.status, page.status)
				}
				found := map[string]bool{}
				for _, scheme := range []string{"light", "dark"} {
					p.preferColors(scheme)
					for _, size := range []screen{phone, desktop} {
						p.sitAt(size)
						for _, problem := range p.problems(page.sum(language)) {
							if !found[problem] {
								t.Errorf("%s (%s), %d pixels wide, in %s colours: the page %s", page.name, page.address, size.width, scheme, problem)
							}
							found[problem] = true
						}
					}
				}
			}
		})
	}
}
