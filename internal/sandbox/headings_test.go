package sandbox_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

var (
	heading = regexp.MustCompile(`<h(\d)`)
	field   = regexp.MustCompile(`<(?:input|select|textarea)[^>]*>`)
)

// Who hears a page or moves by keys needs headings in order, landmarks, and a label
// on each field.
func TestPagesHaveAnOrder(t *testing.T) {
	b := start(t, sandbox.Options{})
	b.addPayments(1)
	b.Inject(sandbox.Fault{Operation: "GetRefund", Kind: sandbox.FaultHTML})
	for _, path := range []string{"/", "/?q=order", "/sandbox/journal", "/sandbox/controls", "/invoice/pay/none"} {
		_, page := b.Browse(path)
		level, titles := 0, 0
		for _, match := range heading.FindAllStringSubmatch(page, -1) {
			next := int(match[1][0] - '0')
			if next > level+1 {
				t.Errorf("%s: h%d follows h%d", path, next, level)
			}
			if level = next; next == 1 {
				titles++
			}
		}
		equal(t, path+": h1", titles, 1)
		contains(t, page, "<header>", "<main>", "</main>", "<footer>", `<html lang="ru">`)
		absent(t, page, "onclick", "tabindex=\"1")
		for _, one := range field.FindAllString(page, -1) {
			before, _, _ := strings.Cut(page, one)
			if !strings.Contains(one, `type="hidden"`) && strings.LastIndex(before, "<label") <= strings.LastIndex(before, "</label>") {
				t.Errorf("%s: no label on %s", path, one)
			}
		}
	}
}
