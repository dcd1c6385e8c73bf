package provider

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	sandboxintellectmoney "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	sandboxpaykeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// histories holds the readers of both gateways on one seeded sandbox.
type histories struct {
	box            *gateways.Sandbox
	paykeeper      gateway.HistoryReader
	intellectmoney gateway.HistoryReader
}

func newHistories(t *testing.T, count int, settings ...string) *histories {
	t.Helper()
	h := &histories{box: clitest.OpenSandbox(t, settings...)}
	server := httptest.NewServer(h.box.Handler())
	t.Cleanup(server.Close)
	if count > 0 {
		if err := h.box.SeedHistory(count, 1); err != nil {
			t.Fatal(err)
		}
	}
	config := transport.Config{MaxRetries: 2, RequestTimeout: 30 * time.Second, WaitMin: time.Millisecond, WaitMax: 5 * time.Millisecond}
	h.paykeeper = configured[gateway.HistoryReader](t, paykeeper.New(), config, map[string]string{
		"base_url": server.URL + "/paykeeper", "login": sandboxpaykeeper.DemoLogin, "password": sandboxpaykeeper.DemoPassword,
	})
	h.intellectmoney = configured[gateway.HistoryReader](t, intellectmoney.New(), config, map[string]string{
		"base_url": server.URL + "/intellectmoney", "bearer_token": sandboxintellectmoney.DemoBearerToken,
		"sign_secret_key": sandboxintellectmoney.DemoSignSecretKey, "user_token": sandboxintellectmoney.DemoUserToken,
	})
	return h
}

// configured gives a gateway its settings.
func configured[G any](t *testing.T, g gateway.Gateway, config transport.Config, settings map[string]string) G {
	t.Helper()
	kinds, values := map[string]attr.Type{}, map[string]attr.Value{}
	for name, value := range settings {
		kinds[name], values[name] = types.StringType, types.StringValue(value)
	}
	var diags diag.Diagnostics
	g.Configure(gateway.ReadSettings(g, types.ObjectValueMust(kinds, values), &diags), gateway.Run{Transport: config})
	offered, ok := g.(G)
	if !ok || diags.HasError() {
		t.Fatalf("%T, %v", g, diags)
	}
	return offered
}

// totals renders what the data source says, for comparison with a sum that was computed
// otherwise.
func totals(t *testing.T, r gateway.HistoryReader, query gateway.HistoryQuery) string {
	t.Helper()
	var diags diag.Diagnostics
	history, err := r.ReadHistory(t.Context(), query, &diags)
	rows := history.Rows
	if err != nil || diags.HasError() {
		t.Fatal(err, diags)
	}
	seen := map[string]bool{}
	for i, row := range rows {
		if seen[row.ID.ValueString()] {
			t.Errorf("invoice %s comes twice", row.ID.ValueString())
		}
		seen[row.ID.ValueString()] = true
		if i > 0 && instant(t, row.CreatedAt.ValueString()).After(instant(t, rows[i-1].CreatedAt.ValueString())) {
			t.Fatalf("invoice %s is newer than the one before it", row.ID.ValueString())
		}
	}
	var model historyModel
	model.show(rows)
	sums := map[string]string{}
	for status, amount := range model.AmountByStatus {
		sums[status] = amount.ValueString()
	}
	return fmt.Sprint(model.TotalCount.ValueInt64(), model.CountByStatus, sums)
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// tally adds up the sandbox's own tables.
type tally struct {
	count  int64
	counts map[string]int64
	sums   map[string]decimal.Decimal
}

func newTally() *tally { return &tally{counts: map[string]int64{}, sums: map[string]decimal.Decimal{}} }

func (s *tally) add(status, amount string) {
	s.count++
	s.counts[status]++
	s.sums[status] = s.sums[status].Add(decimal.RequireFromString(amount))
}

func (s *tally) String() string {
	sums := map[string]string{}
	for status, sum := range s.sums {
		sums[status] = sum.StringFixed(2)
	}
	return fmt.Sprint(s.count, s.counts, sums)
}

// Of 10,000 invoices, the totals equal a sum of the sandbox's own tables, for every filter and
// every page size.
func TestPayKeeperHistoryTotalsEqualTheTables(t *testing.T) {
	t.Parallel()
	for _, dialect := range [][]string{nil, {"paykeeper_dates=inclusive", "paykeeper_fullcount=number", "paykeeper_amount=plain", "paykeeper_revoked=missing"}, {"paykeeper_max_page=10"}} {
		t.Run(strings.Join(dialect, ","), func(t *testing.T) {
			count := manyInvoices
			if len(dialect) > 0 {
				count = 1000
			}
			h := newHistories(t, count, dialect...)
			all, err := h.box.PayKeeper.Invoices.All()
			if err != nil {
				t.Fatal(err)
			}
			for name, query := range map[string]gateway.HistoryQuery{
				"all": {}, "paid": {Statuses: []string{"paid"}}, "two": {Statuses: []string{"sent", "expired"}},
				"a month": {Created: gateway.NewPeriod(types.StringValue(dayFromNow(-50)), types.StringValue(dayFromNow(-20)), values.Moscow)},
				"a day":   {Created: gateway.NewPeriod(types.StringValue(dayFromNow(-30)), types.StringValue(dayFromNow(-30)), values.Moscow)},
				"since":   {Created: gateway.NewPeriod(types.StringValue(dayFromNow(-10)), types.StringNull(), values.Moscow), Statuses: []string{"paid"}},
				"until":   {Created: gateway.NewPeriod(types.StringNull(), types.StringValue(dayFromNow(-80)), values.Moscow)},
			} {
				want := newTally()
				for _, one := range all {
					status := one.Status
					if status == "revoked" {
						if h.box.Dialect()["paykeeper_revoked"] == "missing" {
							continue
						}
						status = "expired"
					}
					day := one.CreatedDatetime[:10]
					inside := (query.Created.From.IsZero() || day >= query.Created.From.Format(time.DateOnly)) && (query.Created.Until.IsZero() || day < query.Created.Until.Format(time.DateOnly))
					if status != "created" && inside && query.Wants(status) {
						want.add(status, one.PayAmount)
					}
				}
				if want.count == 0 {
					t.Errorf("%s: nothing to add up", name)
				}
				same(t, name, totals(t, h.paykeeper, query), want.String())
			}
		})
	}
}

func TestIntellectMoneyHistoryTotalsEqualTheTables(t *testing.T) {
	t.Parallel()
	for _, dialect := range [][]string{nil, {"intellectmoney_order=oldest", "intellectmoney_sort=ascending", "intellectmoney_dates=exclusive", "intellectmoney_offset=+00:00", "intellectmoney_id=string", "intellectmoney_max_take=50"}} {
		t.Run(strings.Join(dialect, ","), func(t *testing.T) {
			count := manyInvoices
			if len(dialect) > 0 {
				count = 1000
			}
			h := newHistories(t, count, dialect...)
			all, err := h.box.IntellectMoney.Invoices.All()
			if err != nil {
				t.Fatal(err)
			}
			ours := map[string]string{"Created": "created", "PartPaid": "partially_paid", "Paid": "paid", "ToPaid": "processing", "Refund": "refunded", "Held": "held"}
			text := types.StringValue
			moment := func(days int) string { return time.Now().AddDate(0, 0, days).UTC().Format(time.RFC3339) }
			type filter = intellectmoney.Filter
			for name, c := range map[string]struct {
				query gateway.HistoryQuery
				own   filter
				wants func(sandboxintellectmoney.Invoice) bool
			}{
				"holding": {own: filter{HoldingSearch: types.BoolValue(true)}},
				"own": {wants: func(i sandboxintellectmoney.Invoice) bool {
					return i.OrganizationID == sandboxintellectmoney.DemoOrganizationID
				}},
				"paid":         {query: gateway.HistoryQuery{Statuses: []string{"paid"}}, own: filter{HoldingSearch: types.BoolValue(true)}},
				"three states": {query: gateway.HistoryQuery{Statuses: []string{"held", "refunded", "partially_paid"}}, own: filter{HoldingSearch: types.BoolValue(true)}},
				"shop":         {own: filter{EshopID: text("450000")}, wants: func(i sandboxintellectmoney.Invoice) bool { return i.EshopID == 450000 }},
				"organization": {own: filter{OrganizationID: text("10057"), HoldingSearch: types.BoolValue(true)}, wants: func(i sandboxintellectmoney.Invoice) bool { return i.OrganizationID == 10057 }},
				"payer":        {own: filter{OwnerEmail: text(all[17].OwnerEmail), HoldingSearch: types.BoolValue(true)}, wants: func(i sandboxintellectmoney.Invoice) bool { return i.OwnerEmail == all[17].OwnerEmail }},
				"refunds": {own: filter{WithRefunds: types.BoolValue(true), HoldingSearch: types.BoolValue(true)}, wants: func(i sandboxintellectmoney.Invoice) bool {
					return slices.ContainsFunc(i.Transactions, func(one sandboxintellectmoney.Transaction) bool { return one.InvoicePaymentType == "Refund" })
				}},
				"days":    {query: gateway.HistoryQuery{Created: gateway.NewPeriod(text(dayFromNow(-40)), text(dayFromNow(-20)), values.Moscow)}, own: filter{HoldingSearch: types.BoolValue(true)}},
				"moments": {query: gateway.HistoryQuery{Created: gateway.NewPeriod(text(moment(-40)), text(moment(-20)), values.Moscow)}, own: filter{HoldingSearch: types.BoolValue(true)}},
				"changed": {own: filter{ChangedAfter: text(dayFromNow(-40)), ChangedBefore: text(moment(-20)), HoldingSearch: types.BoolValue(true)}},
			} {
				changed := gateway.NewPeriod(c.own.ChangedAfter, c.own.ChangedBefore, values.Moscow)
				want := newTally()
				for _, one := range all {
					status := ours[one.State]
					if c.query.Created.Contains(one.CreationDate.Truncate(10*time.Millisecond)) && changed.Contains(one.ChangeDate.Truncate(10*time.Millisecond)) && c.query.Wants(status) && (c.wants == nil || c.wants(one)) {
						want.add(status, one.Amount)
					}
				}
				if want.count == 0 {
					t.Errorf("%s: nothing to add up", name)
				}
				object, diags := types.ObjectValueFrom(t.Context(), intellectmoneyFilterTypes(), c.own)
				if diags.HasError() {
					t.Fatal(diags)
				}
				c.query.Filter = object
				same(t, name, totals(t, h.intellectmoney, c.query), want.String())
			}
		})
	}
}

// While the history grows, nothing is read twice, and nothing that was there at the start is
// missed.
func TestGrowingHistoryIsReadWhole(t *testing.T) {
	h := newHistories(t, 500)
	before := map[string]map[string]bool{"paykeeper": {}, "intellectmoney": {}}
	all, err := h.box.PayKeeper.Invoices.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if one.Status == "sent" || one.Status == "paid" || one.Status == "expired" {
			before["paykeeper"][one.ID] = true
		}
	}
	invoices, err := h.box.IntellectMoney.Invoices.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range invoices {
		if one.OrganizationID == sandboxintellectmoney.DemoOrganizationID {
			before["intellectmoney"][one.ID] = true
		}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
				_, _ = h.box.PayKeeper.Add(sandboxpaykeeper.Invoice{PayAmount: "1.00", Status: "sent"})
				_, _ = h.box.IntellectMoney.Add(sandboxintellectmoney.Invoice{Amount: "1.00"})
			}
		}
	}()
	defer func() { close(stop); <-stopped }()
	for name, r := range map[string]gateway.HistoryReader{"paykeeper": h.paykeeper, "intellectmoney": h.intellectmoney} {
		var diags diag.Diagnostics
		history, err := r.ReadHistory(t.Context(), gateway.HistoryQuery{}, &diags)
		rows := history.Rows
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, row := range rows {
			if seen[row.ID.ValueString()] {
				t.Errorf("%s: %s comes twice", name, row.ID.ValueString())
			}
			seen[row.ID.ValueString()] = true
		}
		for id := range before[name] {
			if !seen[id] {
				t.Errorf("%s: %s is missing", name, id)
			}
		}
	}
}

func intellectmoneyFilterTypes() map[string]attr.Type {
	var resp datasource.SchemaResponse
	newHistoryDataSource().Schema(context.Background(), datasource.SchemaRequest{}, &resp)
	kind, _ := resp.Schema.Attributes["intellectmoney"].GetType().(types.ObjectType)
	return kind.AttrTypes
}
