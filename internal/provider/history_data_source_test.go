package provider

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	sandboxintellectmoney "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	sandboxpaykeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// total_count counts all invoices. The rows and the other totals follow limit and offset.
func TestHistoryCountsAllAndShowsAPart(t *testing.T) {
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

func TestHistoryShowsTransactions(t *testing.T) {
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

func TestHistoryInputIsCheckedInThePlan(t *testing.T) {
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
		"the other's filter":      {historyConfig(`gateway = "paykeeper"`, `intellectmoney = {}`), []string{"@intellectmoney", "The filter belongs to another gateway", `gateway is "paykeeper"`}},
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

func TestHistoryNamesTheWrongKey(t *testing.T) {
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

// An unknown status or an odd amount is passed on. It is neither dropped nor an error.
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

// An invoice without an amount is not one of zero roubles. Its amount is null, and a warning
// says so.
func TestHistoryMissingAmountIsNotZero(t *testing.T) {
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
	w.Apply().Succeeds().Warns("Some invoices have no amount", "gives 1 of the invoices no amount", "such as 20261101", "amount_by_status leaves them out")
	w.StateHas(historyAddress, map[string]any{"total_count": 2, "amount_by_status": map[string]any{"paid": "0.10"}})
	if rows, _ := w.Attributes(historyAddress)["invoices"].([]any); len(rows) != 2 || rows[0].(map[string]any)["amount"] != nil || rows[0].(map[string]any)["paid_amount"] != nil {
		t.Errorf("invoices = %v", rows)
	}
}
