package browser

import "testing"

// What leads nowhere says so, and leads home.
func TestUnknownAddressesLeadHome(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, _ *shop, p *person) {
		for _, address := range []string{"/nowhere", payPath("none"), billPath("1"), claimPath("none")} {
			p.open(address)
			equal(t, "status of "+address, p.status, 404)
			p.follow(p.say("На главную"))
			equal(t, "path", p.path(), "/")
			equal(t, "status", p.status, 200)
		}
	})
}

// The language that a person chooses stays, whatever the browser asks for, and the page
// stays the same.
func TestChooseALanguage(t *testing.T) {
	s := openShop(t)
	p := newPerson(t, s.URL, "de, ru;q=0.5")
	p.language = "ru"
	address := claimPath(s.claim())
	p.open(address)
	equal(t, "language", evaluate[string](p, `document.documentElement.lang`), "ru")
	p.follow("English")
	equal(t, "path", p.path(), address)
	equal(t, "language", evaluate[string](p, `document.documentElement.lang`), "en")
	p.open("/")
	equal(t, "language elsewhere", evaluate[string](p, `document.documentElement.lang`), "en")
	p.follow("По-русски")
	equal(t, "language", evaluate[string](p, `document.documentElement.lang`), "ru")
}
