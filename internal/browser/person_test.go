package browser

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Two cores may have much else to do.
const (
	startTimeout  = time.Minute
	actionTimeout = 30 * time.Second
)

// person is somebody with a browser of their own: cookies, language, size of the screen.
type person struct {
	t    *testing.T
	tab  context.Context
	base string
	// language is "ru" or "en".
	language string
	// status is that of the last page.
	status int
}

// screen is a size in CSS pixels.
type screen struct{ width, height int64 }

var (
	phone   = screen{390, 844}
	desktop = screen{1200, 900}
)

// newPerson opens a browser on a desktop, which asks for pages in a language.
func newPerson(t *testing.T, base, language string) *person {
	t.Helper()
	needChromium(t)
	tab, end := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	must(t, chromedp.Do(tab)) // opens the tab, which a timeout's context would close
	p := &person{t: t, tab: tab, base: base, language: language}
	call(p, network.Enable, network.EnableParams{})
	call(p, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}})
	// Only one window of a screen has the focus. Here each person has a screen of their own.
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	p.sitAt(desktop)
	return p
}

// call sends a command to the browser, which must take it.
func call[P, R any](p *person, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, actionTimeout)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		p.t.Fatalf("%T: %v", params, err)
	}
	return result
}

// evaluate asks the page something that is written in JavaScript.
func evaluate[T any](p *person, script string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, actionTimeout)
	defer cancel()
	result, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		p.t.Fatalf("evaluate %.60s: %v", script, err)
	}
	return result
}

// act does something that leaves the page there.
func (p *person) act(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, actionTimeout)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v\non the page: %s", what, err, p.text())
	}
}

// load does what leads to another page, and waits until that is there.
func (p *person) load(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, actionTimeout)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, steps...)
	if err != nil || response == nil {
		p.t.Fatalf("%s: %v\non the page: %s", what, err, p.text())
	}
	p.status = int(response.Status)
}

// open types an address: a path of the sandbox, or a whole address.
func (p *person) open(address string) {
	p.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = p.base + address
	}
	p.load("open "+address, chromedp.Navigate(address))
}

func (p *person) sitAt(s screen) {
	p.t.Helper()
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: s.width, Height: s.height, DeviceScaleFactor: 1, Mobile: s == phone,
	})
}

// preferColors asks pages for "light" or "dark" colours.
func (p *person) preferColors(scheme string) {
	p.t.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// refuseScripts switches off the scripts of pages.
func (p *person) refuseScripts() {
	p.t.Helper()
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// press clicks a button that leads to a page. name is its accessible name, or how that
// begins.
func (p *person) press(name string) { p.t.Helper(); p.click("button", name) }

// follow clicks a link.
func (p *person) follow(name string) { p.t.Helper(); p.click("link", name) }

func (p *person) click(role, name string) {
	p.t.Helper()
	e := p.find(role, name)
	p.load("click "+e.String(), p.clickOn(e))
}

// fill types a text into a field instead of what is there.
func (p *person) fill(label, text string) {
	p.t.Helper()
	p.fillIn(p.find("textbox", label), text)
}

func (p *person) fillIn(field element, text string) {
	p.t.Helper()
	p.focusOn(field)
	p.act("fill "+field.String(), chromedp.KeyEvent("a", chromedp.KeyModifiers(kb.ModifierCtrl)), chromedp.KeyEvent(text))
}

// path is where the browser is, without the sandbox's address.
func (p *person) path() string {
	p.t.Helper()
	return strings.TrimPrefix(evaluate[string](p, `location.href`), p.base)
}

// text is what can be seen of the page, with plain spaces.
func (p *person) text() string {
	p.t.Helper()
	return plainSpaces(evaluate[string](p, `document.body.innerText`))
}

// plainSpaces makes a text easier to compare: no-break spaces become spaces.
func plainSpaces(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

// sees wants the page to show all texts.
func (p *person) sees(texts ...string) {
	p.t.Helper()
	all := p.text()
	for _, text := range texts {
		if !strings.Contains(all, text) {
			p.t.Errorf("%s: no %q on the page:\n%s", p.path(), text, all)
		}
	}
}

// seesNo wants the page to show none of the texts.
func (p *person) seesNo(texts ...string) {
	p.t.Helper()
	all := p.text()
	for _, text := range texts {
		if strings.Contains(all, text) {
			p.t.Errorf("%s: %q is on the page:\n%s", p.path(), text, all)
		}
	}
}

// cannotPress wants no button whose name begins so.
func (p *person) cannotPress(name string) {
	p.t.Helper()
	if found := p.all("button", name); len(found) > 0 {
		p.t.Errorf("%s: there is a button %q", p.path(), name)
	}
}
