package browser

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// element is a node of the accessibility tree: what a screen reader says of it.
type element struct {
	role, name string
	id         cdp.BackendNodeID
}

func (e element) String() string { return fmt.Sprintf("%s %q", e.role, e.name) }

// all finds the elements of a role whose accessible name is name, or begins with it.
func (p *person) all(role, name string) (found []element) {
	p.t.Helper()
	document := call(p, dom.GetDocument, dom.GetDocumentParams{})
	answer := call(p, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{BackendNodeID: document.Root.BackendNodeID, Role: role})
	for _, node := range answer.Nodes {
		if e := asElement(node); !node.Ignored && strings.HasPrefix(e.name, name) {
			found = append(found, e)
		}
	}
	return found
}

// find finds the one element. An exact name wins over longer ones.
func (p *person) find(role, name string) element {
	p.t.Helper()
	found := p.all(role, name)
	var exact []element
	for _, e := range found {
		if e.name == name {
			exact = append(exact, e)
		}
	}
	if len(exact) > 0 {
		found = exact
	}
	if len(found) != 1 {
		p.t.Fatalf("%s: %s %q is there %d times, among %v\non the page: %s", p.path(), role, name, len(found), p.all(role, ""), p.text())
	}
	return found[0]
}

// await waits until an element is there.
func (p *person) await(role, name string) {
	p.t.Helper()
	for end := time.Now().Add(actionTimeout); len(p.all(role, name)) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.find(role, name) // says what is there
		}
	}
}

func asElement(node *accessibility.Node) element {
	return element{textOf(node.Role), plainSpaces(textOf(node.Name)), node.BackendDOMNodeID}
}

func textOf(value *accessibility.Value) (text string) {
	if value != nil {
		_ = json.Unmarshal(value.Value, &text)
	}
	return text
}

// clickOn scrolls to an element, and is a click into its middle.
func (p *person) clickOn(e element) chromedp.Action[chromedp.Void] {
	p.t.Helper()
	call(p, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: e.id})
	quads := call(p, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: e.id}).Quads
	if len(quads) == 0 || len(quads[0]) != 8 {
		p.t.Fatalf("%v cannot be seen", e)
	}
	q := quads[0] // the corners, clockwise
	return chromedp.MouseClickXY((q[0]+q[4])/2, (q[1]+q[5])/2)
}

func (p *person) focusOn(e element) {
	p.t.Helper()
	call(p, dom.Focus, dom.FocusParams{BackendNodeID: e.id})
}

// focused is the element that has the focus.
func (p *person) focused() (e element) {
	p.t.Helper()
	active := call(p, runtime.Evaluate, runtime.EvaluateParams{Expression: `document.activeElement`})
	nodes := call(p, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: active.Result.ObjectID, FetchRelatives: new(bool)}).Nodes
	if len(nodes) > 0 {
		e = asElement(nodes[0])
	}
	return e
}

// tabTo presses Tab until an element has the focus. What has the focus on the way must
// have a name, and show that it has the focus.
func (p *person) tabTo(role, name string) {
	p.t.Helper()
	var passed []element
	for range 200 {
		p.act("press Tab", chromedp.KeyEvent(kb.Tab))
		e := p.focused()
		isAtEnd := evaluate[bool](p, `document.activeElement === document.body`)
		if isAtEnd {
			break
		}
		if e.name == "" {
			p.t.Errorf("%s: after %v, something without a name has the focus: %v", p.path(), passed, e)
		}
		if !evaluate[bool](p, `getComputedStyle(document.activeElement).outlineStyle !== 'none'`) {
			p.t.Errorf("%s: one cannot see that %v has the focus", p.path(), e)
		}
		if e.role == role && strings.HasPrefix(e.name, name) {
			return
		}
		passed = append(passed, e)
	}
	p.t.Fatalf("%s: Tab does not lead to %s %q, but to %v", p.path(), role, name, passed)
}

// pressKey presses a key that leads to a page.
func (p *person) pressKey(key string) { p.t.Helper(); p.load("press a key", chromedp.KeyEvent(key)) }
