package pages

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
)

// summary is what all pages together have to say.
type summary struct {
	mu      sync.Mutex
	reasons map[string][]string // why blocks are not run, and the pages
	owners  map[string]string   // order ids and aliases, and the example that uses each
}

// whole is the summary of all tests that follow pages and apply examples.
var whole = newSummary()

func newSummary() *summary {
	return &summary{reasons: map[string][]string{}, owners: map[string]string{}}
}

func (s *summary) noteReasons(p *page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range p.blocks {
		if b.notRun != "" {
			s.reasons[b.notRun] = append(s.reasons[b.notRun], nameOf(p.path))
		}
	}
}

func (s *summary) log(t *testing.T) {
	t.Helper()
	for _, reason := range slices.Sorted(maps.Keys(s.reasons)) {
		t.Logf("not run (%s): %s", reason, strings.Join(s.reasons[reason], ", "))
	}
}

// owner names the example that a page shows. A page in Russian shows the same one.
func owner(p *page) string {
	if p.folder != "" {
		return filepath.Base(p.folder)
	}
	return strings.TrimSuffix(strings.TrimSuffix(nameOf(p.path), ".ru"), "-ru")
}

// claim notes the order ids and aliases that an example has used. It fails the test for one that
// another example uses.
func (s *summary) claim(t *testing.T, owner string, ids []string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if other := s.owners[id]; other != "" && other != owner {
			t.Errorf("%s and %s both use the %s", other, owner, id)
		}
		s.owners[id] = owner
	}
}

// idsAt lists the order ids and aliases of all objects at a sandbox.
func idsAt(t *testing.T, box *gateways.Sandbox) []string {
	t.Helper()
	var ids []string
	terminals, err := box.InvoiceAPI.Terminals.All()
	must(t, err)
	for _, one := range terminals {
		ids = append(ids, "alias "+one.Alias)
	}
	payments, err := box.InvoiceAPI.Payments.All()
	must(t, err)
	for _, one := range payments {
		ids = append(ids, "order id "+one.OrderID)
	}
	invoices, err := box.PayKeeper.Invoices.All()
	must(t, err)
	for _, one := range invoices {
		ids = append(ids, "order id "+one.OrderID)
	}
	transfers, err := box.P2P.Invoices.All()
	must(t, err)
	for _, one := range transfers {
		ids = append(ids, "order id "+one.InternalID)
	}
	return slices.DeleteFunc(ids, func(id string) bool { return strings.HasSuffix(id, " ") })
}
