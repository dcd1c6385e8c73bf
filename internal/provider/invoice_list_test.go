package provider

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// listedShop is a sandbox with a history, and the provider before it.
type listedShop struct {
	*plugin6
	box *gateways.Sandbox
}

func newListedShop(t *testing.T, count int, rewrite func(operation, body string) string) *listedShop {
	t.Helper()
	box := clitest.OpenSandbox(t)
	if err := box.SeedHistory(count, 5); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		box.Handler().ServeHTTP(recorded, r)
		body := recorded.Body.String()
		if rewrite != nil {
			body = rewrite(path.Base(r.URL.Path), body)
		}
		w.WriteHeader(recorded.Code)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return &listedShop{newPlugin(t, server.URL), box}
}

// listed is a result of a list, decoded.
type listedResult struct {
	name, id    string
	resource    map[string]tftypes.Value
	diagnostics []*tfprotov6.Diagnostic
}

// list lists with a configuration. each may break off.
func (s *listedShop) list(config map[string]tftypes.Value, isWhole bool, limit int64, each func(listedResult) bool) {
	s.t.Helper()
	lists := s.server.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // What the SDK asks for, until it is part of ProviderServer.
	of := s.schemas.ListResourceSchemas["invoice_invoice"].ValueType()
	stream, err := lists.ListResource(s.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: "invoice_invoice", Config: s.encode(filled(of, config)), IncludeResource: isWhole, Limit: limit,
	})
	s.ok(err, nil)
	identity := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"gateway": tftypes.String, "id": tftypes.String}}
	for result := range stream.Results {
		one := listedResult{name: result.DisplayName, diagnostics: result.Diagnostics}
		if result.Identity != nil {
			values := s.decode(result.Identity.IdentityData, identity)
			s.ok(values["id"].As(&one.id), nil)
			if !values["gateway"].Equal(text("paykeeper")) {
				s.t.Errorf("the identity is %v", values)
			}
		}
		if result.Resource != nil {
			one.resource = s.decode(result.Resource, s.schemas.ResourceSchemas["invoice_invoice"].ValueType())
		}
		if !each(one) {
			return
		}
	}
}

func (s *listedShop) all(config map[string]tftypes.Value, isWhole bool, limit int64) (all []listedResult) {
	s.t.Helper()
	s.list(config, isWhole, limit, func(one listedResult) bool {
		all = append(all, one)
		return true
	})
	return all
}

func ofPayKeeper(more map[string]tftypes.Value) map[string]tftypes.Value {
	config := map[string]tftypes.Value{"gateway": text("paykeeper")}
	maps.Copy(config, more)
	return config
}

func texts(all ...string) tftypes.Value {
	values := make([]tftypes.Value, 0, len(all))
	for _, one := range all {
		values = append(values, text(one))
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, values)
}

// ids are those that can be imported, in their order.
func ids(results []listedResult) (all []string) {
	for _, one := range results {
		if one.id != "" {
			all = append(all, one.id)
		}
	}
	return all
}

// importable are the ids that the sandbox's history has, newest first.
func (s *listedShop) importable(isWanted func(paykeeper.Invoice) bool) (all []string) {
	s.t.Helper()
	invoices, err := s.box.PayKeeper.Invoices.All()
	s.ok(err, nil)
	slices.SortStableFunc(invoices, func(a, b paykeeper.Invoice) int {
		return strings.Compare(b.CreatedDatetime, a.CreatedDatetime)
	})
	now := time.Now().Format(time.DateTime)
	for _, one := range invoices {
		isGone := one.Status == "created" || one.Status == "revoked" && one.ExpiryDatetime > now
		if !isGone && isWanted(one) {
			all = append(all, one.ID)
		}
	}
	return all
}

func anyInvoice(paykeeper.Invoice) bool { return true }

// Each page is shown before the next one is asked for, and none is asked for beyond the limit.
func TestListStreamsPageByPage(t *testing.T) {
	t.Parallel()
	s := newListedShop(t, 450, nil)
	want := s.importable(anyInvoice)
	pagesAt, shown := map[int]int{}, 0
	all := []listedResult{}
	s.list(ofPayKeeper(nil), false, 1000, func(one listedResult) bool {
		if all = append(all, one); one.id != "" {
			shown++
			pagesAt[shown] = len(s.box.Requests("paykeeper.list"))
		}
		return true
	})
	if got := ids(all); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("%d are listed, want %d", len(got), len(want))
	}
	if pagesAt[1] != 1 || pagesAt[80] != 1 || pagesAt[101] != 2 || pagesAt[150] != 2 || pagesAt[201] != 3 {
		t.Errorf("pages that were read at the first row, and at others: %d, %d, %d, %d, %d", pagesAt[1], pagesAt[80], pagesAt[101], pagesAt[150], pagesAt[201])
	}
	if len(s.box.Requests("paykeeper.byid")) != 0 {
		t.Error("invoices were read by their ids, and only identities are wanted")
	}
}

func TestListObeysItsLimit(t *testing.T) {
	t.Parallel()
	sent := ofPayKeeper(map[string]tftypes.Value{"statuses": texts("sent", "paid")}) // none of which is left out
	for _, c := range []struct{ limit, want, pages int }{{0, 100, 1}, {1, 1, 1}, {100, 100, 1}, {101, 101, 2}, {150, 150, 2}} {
		s := newListedShop(t, 450, nil)
		all := s.all(sent, false, int64(c.limit))
		if got := len(s.box.Requests("paykeeper.list")); len(all) != c.want || got != c.pages {
			t.Errorf("limit %d: %d invoices from %d pages, want %d from %d", c.limit, len(all), got, c.want, c.pages)
		}
	}
	s := newListedShop(t, 450, nil)
	s.list(sent, true, 1000, func(listedResult) bool { return false })
	if got := len(s.box.Requests()); got > 2 {
		t.Errorf("%d calls were sent for a reader that takes one invoice", got)
	}
}

// What is listed whole is what an import reads, so that generated configuration plans nothing.
func TestListShowsWhatAnImportTakes(t *testing.T) {
	t.Parallel()
	s := newListedShop(t, 120, nil)
	all := s.all(ofPayKeeper(nil), true, 1000)
	if got, want := ids(all), s.importable(anyInvoice); len(got) != len(want) {
		t.Errorf("%d are listed, want %d", len(got), len(want))
	}
	invoices, err := s.box.PayKeeper.Invoices.All()
	s.ok(err, nil)
	byID := map[string]paykeeper.Invoice{}
	for _, one := range invoices {
		byID[one.ID] = one
	}
	for _, one := range all {
		if one.id == "" {
			continue
		}
		want := byID[one.id]
		if name := strings.TrimPrefix(want.OrderID+", ", ", ") + want.ClientID + ", " + want.PayAmount + " RUB"; one.name != name {
			t.Errorf("%s is called %q, want %q", one.id, one.name, name)
		}
		state, _ := s.importByIdentity(t, "invoice_invoice", map[string]tftypes.Value{"gateway": text("paykeeper"), "id": text(one.id)})
		for name, value := range state {
			if !value.Equal(one.resource[name]) {
				t.Errorf("%s %s: %s is listed as %s, and imported as %s", want.Status, one.id, name, one.resource[name], value)
			}
		}
	}
	if calls := len(s.box.Requests("paykeeper.byid")) - len(ids(all)); calls > 20 {
		t.Errorf("%d invoices were read by their ids to list %d", calls, len(ids(all)))
	}
}

// Statuses and days select as in the data source: both days are included.
func TestListSelects(t *testing.T) {
	t.Parallel()
	s := newListedShop(t, 300, nil)
	day := func(ago int) string { return dayFromNow(-ago) }
	for name, c := range map[string]struct {
		config map[string]tftypes.Value
		wants  func(paykeeper.Invoice) bool
	}{
		"statuses": {map[string]tftypes.Value{"statuses": texts("sent")}, func(i paykeeper.Invoice) bool { return i.Status == "sent" }},
		"days": {map[string]tftypes.Value{"created_after": text(day(40)), "created_before": text(day(30))}, func(i paykeeper.Invoice) bool {
			made := i.CreatedDatetime[:10]
			return day(40) <= made && made <= day(30)
		}},
	} {
		got, want := ids(s.all(ofPayKeeper(c.config), false, 1000)), s.importable(c.wants)
		if slices.Sort(got); len(want) == 0 || !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: %d are listed, want %d", name, len(got), len(want))
		}
	}
}

func TestListRefusesWhatItCannotList(t *testing.T) {
	t.Parallel()
	s := newListedShop(t, 1, nil)
	of := s.schemas.ListResourceSchemas["invoice_invoice"].ValueType()
	lists := s.server.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // What the SDK asks for, until it is part of ProviderServer.
	for says, config := range map[string]map[string]tftypes.Value{
		`["paykeeper"]`: {"gateway": text("p2p")},
		"The history of paykeeper can show: `sent`, `paid`, `expired`": ofPayKeeper(map[string]tftypes.Value{"statuses": texts("created")}),
		"begins and ends with a day":                                   ofPayKeeper(map[string]tftypes.Value{"created_after": text("2026-11-01T00:00:00Z")}),
		"The period ends before it begins":                             ofPayKeeper(map[string]tftypes.Value{"created_after": text("2026-11-02"), "created_before": text("2026-11-01")}),
	} {
		resp, err := lists.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{
			TypeName: "invoice_invoice", Config: s.encode(filled(of, config)),
		})
		s.ok(err, nil)
		if len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Summary+resp.Diagnostics[0].Detail, says) {
			t.Errorf("no error says %q: %v", says, resp.Diagnostics)
		}
	}
	bare := &listedShop{newPluginWith(t, testProvider(), "http://127.0.0.1:1", map[string]tftypes.Value{
		"paykeeper": tftypes.NewValue(attributeType(s.schemas.Provider.ValueType(), "paykeeper"), nil),
	}), s.box}
	all := bare.all(ofPayKeeper(nil), false, 10)
	if len(all) != 1 || len(all[0].diagnostics) != 1 || !strings.Contains(all[0].diagnostics[0].Detail, "INVOICE_PAYKEEPER_BASE_URL") {
		t.Errorf("a gateway without settings: %+v", all)
	}
}

// Invoices that move to the next page while they are read come once.
func TestListShowsEachOnce(t *testing.T) {
	t.Parallel()
	pages := 0
	var s *listedShop
	s = newListedShop(t, 300, func(operation, body string) string {
		if operation == "list" {
			pages++
			if err := s.box.PayKeeper.Invoices.Update(s.importable(func(i paykeeper.Invoice) bool { return i.Status == "sent" })[0], func(i *paykeeper.Invoice) {
				i.CreatedDatetime = fmt.Sprintf("2025-01-0%d 00:00:00", pages)
			}); err != nil {
				t.Error(err)
			}
		}
		return body
	})
	got := ids(s.all(ofPayKeeper(nil), false, 1000))
	if once := slices.Compact(slices.Sorted(slices.Values(got))); len(once) != len(got) || len(got) < 250 || pages < 3 {
		t.Errorf("%d invoices, %d of them different, from %d pages", len(got), len(once), pages)
	}
}
