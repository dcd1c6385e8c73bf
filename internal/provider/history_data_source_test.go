package provider

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	sandboxintellectmoney "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	sandboxpaykeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// histories are the readers of both gateways on one seeded sandbox.
type histories struct {
	box            *gateways.Sandbox
	paykeeper      *paykeeperHistory
	intellectmoney *intellectmoneyHistory
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
	h.paykeeper = &paykeeperHistory{gateway.Configured[paykeeper.Client]{Client: paykeeper.New(server.URL+"/paykeeper", sandboxpaykeeper.DemoLogin, sandboxpaykeeper.DemoPassword, config)}}
	h.intellectmoney = &intellectmoneyHistory{gateway.Configured[intellectmoney.Client]{Client: intellectmoney.New(server.URL+"/intellectmoney",
		sandboxintellectmoney.DemoBearerToken, sandboxintellectmoney.DemoSignSecretKey, intellectmoney.Credentials{UserToken: sandboxintellectmoney.DemoUserToken}, config)}}
	return h
}

// totals are what the data source says, as text, to compare with a sum that was
// computed in another way.
func totals(t *testing.T, r gateway.HistoryReader, query gateway.HistoryQuery) string {
	t.Helper()
	var diags diag.Diagnostics
	rows, err := r.Read(t.Context(), query, &diags)
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

// 10,000 invoices: the totals equal a sum computed from the sandbox's tables,
// for every filter, and whatever the size of a page.
func TestPayKeeperHistoryTotals(t *testing.T) {
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

func TestIntellectMoneyHistoryTotals(t *testing.T) {
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
			type filter = intellectmoneyFilter
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

// Through Terraform: rows, totals, limit and offset.
func TestHistoryDataSource(t *testing.T) {
	for _, gatewayName := range []string{"paykeeper", "intellectmoney"} {
		t.Run(gatewayName, func(t *testing.T) {
			w := newWorkspace(t)
			w.Must(w.Sandbox.SeedHistory(150, 1))
			w.Write(historyConfig(fmt.Sprintf("gateway = %q", gatewayName)))
			w.Apply().Succeeds().SaysNothing()
			all := w.Attributes(historyAddress)
			rows, _ := all["invoices"].([]any)
			if fmt.Sprint(all["total_count"]) != strconv.Itoa(len(rows)) || len(rows) < 40 {
				t.Fatalf("total_count %v, %d rows", all["total_count"], len(rows))
			}
			w.Write(historyConfig(fmt.Sprintf("gateway = %q", gatewayName), "limit = 5", "offset = 3"))
			w.Apply().Succeeds().SaysNothing()
			part := w.Attributes(historyAddress)
			some, _ := part["invoices"].([]any)
			if fmt.Sprint(part["total_count"]) != strconv.Itoa(len(rows)) || fmt.Sprint(some) != fmt.Sprint(rows[3:8]) {
				t.Errorf("total_count %v, %v", part["total_count"], some)
			}
			counted := 0
			for _, n := range part["count_by_status"].(map[string]any) {
				count, _ := n.(float64)
				counted += int(count)
			}
			if counted != 5 {
				t.Errorf("count_by_status = %v, want 5 in all", part["count_by_status"])
			}
			w.Write(historyConfig(fmt.Sprintf("gateway = %q", gatewayName), `statuses = ["paid"]`, "offset = 100000"))
			w.Apply().Succeeds().SaysNothing()
			w.StateHas(historyAddress, map[string]any{"invoices": []any{}, "count_by_status": map[string]any{}})
		})
	}
}

func TestHistoryTransactions(t *testing.T) {
	w := newWorkspace(t)
	made, err := w.Sandbox.IntellectMoney.Add(sandboxintellectmoney.Invoice{Amount: "1500.50", PurchaseOrderID: "order-1", OwnerEmail: "buyer@example.com"})
	w.Must(err)
	w.Must(w.Sandbox.IntellectMoney.SetState(made.ID, "Paid"))
	w.Write(historyConfig(`gateway = "intellectmoney"`, "intellectmoney = { include_transactions = true }") + fmt.Sprintf(`
data "invoice_invoice" "one" {
  gateway = "intellectmoney"
  id      = %q
}`, made.ID))
	w.Apply().Succeeds().SaysNothing()
	rows, _ := w.Attributes(historyAddress)["invoices"].([]any)
	row, _ := rows[0].(map[string]any)
	for name, want := range map[string]any{
		"id": made.ID, "order_id": "order-1", "customer_email": "buyer@example.com", "amount": "1500.50", "paid_amount": "1500.50", "current_amount": "0.00",
		"currency": "RUB", "status": "paid", "gateway_status": "Paid", "eshop_id": strconv.Itoa(sandboxintellectmoney.DemoEshopID), "customer_id": nil, "paid_at": nil,
	} {
		same(t, name, fmt.Sprint(row[name]), fmt.Sprint(want))
	}
	transactions, _ := row["transactions"].([]any)
	if len(transactions) != 1 {
		t.Fatalf("transactions: %v", row["transactions"])
	}
	one, _ := transactions[0].(map[string]any)
	same(t, "transaction", fmt.Sprint(one["amount"], one["state"], one["type"]), "1500.50ConfirmPurchase")
	w.StateHas("data.invoice_invoice.one", map[string]any{"status": "paid", "gateway_status": "Paid", "amount": "1500.50", "order_id": "order-1", "paykeeper": nil, "p2p": nil, "url": nil})
}

func TestHistoryBadInput(t *testing.T) {
	w := newWorkspace(t)
	for name, c := range map[string]struct {
		config  string
		phrases []string
	}{
		"gateway without history": {historyConfig(`gateway = "p2p"`), []string{"@gateway", `["paykeeper" "intellectmoney"]`}},
		"no such status":          {historyConfig(`gateway = "paykeeper"`, `statuses = ["paid", "lost"]`), []string{"@statuses", "The history never shows this status", `statuses[1] is "lost"`, "`sent`, `paid`, `expired`"}},
		"created on PayKeeper":    {historyConfig(`gateway = "paykeeper"`, `statuses = ["created"]`), []string{"@statuses", `statuses[0] is "created"`, "history of paykeeper can show: `sent`, `paid`, `expired`"}},
		"sent on IntellectMoney":  {historyConfig(`gateway = "intellectmoney"`, `statuses = ["sent"]`), []string{"@statuses", "history of intellectmoney can show: `created`, `partially_paid`"}},
		"crossed":                 {historyConfig(`gateway = "paykeeper"`, `created_after = "2026-11-02"`, `created_before = "2026-11-01"`), []string{"@created_before", "The period ends before it begins", "created_after is 2026-11-02, and created_before is 2026-11-01"}},
		"crossed changes":         {historyConfig(`gateway = "intellectmoney"`, `intellectmoney = { changed_after = "2026-11-02", changed_before = "2026-11-01T00:00:00Z" }`), []string{"The period ends before it begins", "intellectmoney.changed_after is 2026-11-02"}},
		"no date":                 {historyConfig(`gateway = "paykeeper"`, `created_after = "November"`), []string{"@created_after", "neither a date nor a moment"}},
		"a moment on PayKeeper":   {historyConfig(`gateway = "paykeeper"`, `created_after = "2026-11-02T00:00:00Z"`), []string{"@created_after", "A day is needed", "begins and ends with a day"}},
		"the other's filter":      {historyConfig(`gateway = "paykeeper"`, `intellectmoney = {}`), []string{"@intellectmoney", "The filter of another gateway", `gateway is "paykeeper"`}},
		"negative limit":          {historyConfig(`gateway = "paykeeper"`, `limit = -1`), []string{"@limit", "must be at least 0, got: -1"}},
		"negative offset":         {historyConfig(`gateway = "paykeeper"`, `offset = -1`), []string{"@offset", "must be at least 0, got: -1"}},
		"shop":                    {historyConfig(`gateway = "intellectmoney"`, `intellectmoney = { eshop_id = "shop" }`), []string{"intellectmoney.eshop_id", `"shop" is not such a number`}},
	} {
		t.Run(name, func(t *testing.T) {
			inner := w.In(t)
			inner.Write(c.config)
			inner.Plan().Fails(c.phrases...)
			inner.SentNothing()
		})
	}
	w.Write(historyConfig(`gateway = "paykeeper"`, `created_after = "2026-11-01"`, `created_before = "2026-11-01"`))
	w.Plan().Succeeds().SaysNothing()
}

func TestHistoryWrongKeys(t *testing.T) {
	w := newWorkspace(t)
	for secret, says := range map[string][]string{
		sandboxintellectmoney.DemoSignSecretKey: {"INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY", "sign_secret_key"},
		sandboxintellectmoney.DemoBearerToken:   {"INVOICE_INTELLECTMONEY_BEARER_TOKEN"},
		sandboxintellectmoney.DemoUserToken:     {"INVOICE_INTELLECTMONEY_USER_TOKEN"},
	} {
		w.Write(historyConfig(`gateway = "intellectmoney"`) + strings.Replace(clitest.ProviderBlock(w.URL), fmt.Sprintf("%q", secret), `"not-the-right-one"`, 1))
		r := w.Plan().Fails(append(says, "Cannot read the history of intellectmoney", "IntellectMoney, /personal/payment/getInvoicesHistory: HTTP 200, error 2, «")...)
		if strings.Contains(r.Output, "not-the-right-one") {
			t.Error("a credential is shown")
		}
	}
}

// Strange values are carried, not dropped and not an error.
func TestHistoryCarriesStrangeValues(t *testing.T) {
	w := newWorkspace(t)
	made, err := w.Sandbox.PayKeeper.Add(sandboxpaykeeper.Invoice{PayAmount: "10.005", Status: "sent"})
	w.Must(err)
	w.Must(w.Sandbox.PayKeeper.SetStatus(made.ID, "sent"))
	w.Write(historyConfig(`gateway = "paykeeper"`) + w.GatewayThatAnswers(func(operation string) string {
		switch operation {
		case "list":
			return `[{"id":"1","status":"unheard-of","pay_amount":"10.005","created_datetime":"2026-11-01 10:00:00"},{"id":"2","status":"paid","pay_amount":"0.10","created_datetime":"2026-11-01 10:00:00"}]`
		case "listcount":
			return `{"statuses":[{"status":"unheard-of","count":"1"},{"status":"paid","count":"1"}],"fullcount":[{"count":"2"}]}`
		}
		return ""
	}))
	w.Apply().Succeeds().SaysNothing()
	w.StateHas(historyAddress, map[string]any{
		"total_count": 2, "count_by_status": map[string]any{"paid": 1, "unheard-of": 1}, "amount_by_status": map[string]any{"paid": "0.10", "unheard-of": "10.005"},
	})
}

// No amount is not zero roubles.
func TestHistoryWithoutAmounts(t *testing.T) {
	w := newWorkspace(t)
	w.Write(historyConfig(`gateway = "paykeeper"`) + w.GatewayThatAnswers(func(operation string) string {
		switch operation {
		case "list":
			return `[{"id":"20261101","status":"paid","created_datetime":"2026-11-01 10:00:00"},{"id":"2","status":"paid","pay_amount":"0.10","created_datetime":"2026-11-01 09:00:00"}]`
		case "listcount":
			return `{"statuses":[{"status":"paid","count":"2"}],"fullcount":[{"count":"2"}]}`
		}
		return ""
	}))
	w.Apply().Succeeds().Warns("Invoices without an amount", "gives 1 of the invoices no amount", "such as 20261101", "amount_by_status leaves them out")
	w.StateHas(historyAddress, map[string]any{"total_count": 2, "amount_by_status": map[string]any{"paid": "0.10"}})
	if rows, _ := w.Attributes(historyAddress)["invoices"].([]any); len(rows) != 2 || rows[0].(map[string]any)["amount"] != nil || rows[0].(map[string]any)["paid_amount"] != nil {
		t.Errorf("invoices = %v", rows)
	}
}

// A history that grows while it is read has nothing twice, and nothing missing
// that was there at the start.
func TestHistoryThatGrows(t *testing.T) {
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
		rows, err := r.Read(t.Context(), gateway.HistoryQuery{}, &diags)
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

// The reporting example, for both gateways: outputs, and the file.
func TestReportingExample(t *testing.T) {
	for _, gatewayName := range []string{"paykeeper", "intellectmoney"} {
		t.Run(gatewayName, func(t *testing.T) {
			w := newWorkspace(t)
			w.Must(w.Sandbox.SeedHistory(300, 1))
			month := time.Now().In(values.Moscow).AddDate(0, -1, 0).Format("2006-01")
			w.Env = append(w.Env, "TF_VAR_gateway="+gatewayName, "TF_VAR_month="+month, "TF_VAR_file=report.md")
			copyExample(w, "reporting")
			w.Write(example(t, "reporting") + clitest.ProviderBlock(w.URL))
			w.Apply().Succeeds().SaysNothing()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			report, err := os.ReadFile(filepath.Join(w.Dir, "report.md"))
			w.Must(err)
			markdown, ok := w.Exec("output", "-raw", "markdown")
			if !ok || markdown != string(report) {
				t.Errorf("the file is not the output: %s", report)
			}
			want := newTally()
			days := map[string]int{}
			if gatewayName == "paykeeper" {
				for _, one := range w.PayKeeperInvoices() {
					if status := strings.Replace(one.Status, "revoked", "expired", 1); strings.HasPrefix(one.CreatedDatetime, month) && status != "created" {
						want.add(status, one.PayAmount)
						days[one.CreatedDatetime[:10]]++
					}
				}
			} else {
				invoices, err := w.Sandbox.IntellectMoney.Invoices.All()
				w.Must(err)
				for _, one := range invoices {
					if at := one.CreationDate.In(values.Moscow); at.Format("2006-01") == month {
						want.add(one.State, one.Amount)
						days[at.Format(time.DateOnly)]++
					}
				}
			}
			if want.count == 0 || !strings.Contains(markdown, fmt.Sprintf("%d invoices.", want.count)) {
				t.Errorf("want %d invoices:\n%s", want.count, markdown)
			}
			for status, count := range want.counts {
				line := fmt.Sprintf("| %d | %s |", count, want.sums[status].StringFixed(2))
				if !strings.Contains(markdown, line) {
					t.Errorf("%s: no line %q in\n%s", status, line, markdown)
				}
			}
			for day, count := range days {
				if line := fmt.Sprintf("| %s | %d |", day, count); !strings.Contains(markdown, line) {
					t.Errorf("no line %q in\n%s", line, markdown)
				}
			}
		})
	}
}

func intellectmoneyFilterTypes() map[string]attr.Type {
	var resp datasource.SchemaResponse
	newHistoryDataSource().Schema(context.Background(), datasource.SchemaRequest{}, &resp)
	kind, _ := resp.Schema.Attributes["intellectmoney"].GetType().(types.ObjectType)
	return kind.AttrTypes
}
