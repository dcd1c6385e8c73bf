package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

func TestTerminalDataSourceFindsByIDAndAlias(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.MustApply(terminalConfig + `
data "invoice_terminal" "by_alias" { alias = invoice_terminal.branch.alias }
data "invoice_terminal" "by_id" { id = invoice_terminal.branch.id }
`)
		want := map[string]any{
			"id": w.Terminals()[0].ID, "name": "Кофейня на Мира", "type": "static", "default_price": "250.00", "can_comments": true,
			"description": w.Terminals()[0].Description, "url": w.Attributes(branchAddress)["url"], "alias": "mira-12",
		}
		w.StateHas("data.invoice_terminal.by_alias", want)
		if !strings.Contains(strings.Join(dialect, " "), "terminal_alias=shown") {
			want["alias"] = nil
		}
		w.StateHas("data.invoice_terminal.by_id", want)
	})
}

func TestPaymentDataSourceFindsByIDAndOrder(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.MustApply(linkConfig)
		payment := w.OnlyPayment()
		w.MustApply(linkConfig + `
data "invoice_payment" "by_id" { id = "` + payment.ID + `" }
data "invoice_payment" "by_order" { order_id = "order-1" }
`)
		for _, address := range []string{"data.invoice_payment.by_id", "data.invoice_payment.by_order"} {
			w.StateHas(address, map[string]any{
				"id": payment.ID, "order_id": "order-1", "amount": "1500.50", "currency": "RUB", "status": "init", "description": payment.Description,
				"custom_parameters": `{"customer":"42","n":1}`, "terminal_id": w.Terminals()[0].ID, "decline_reason": nil,
				"payment_method": map[string]any{"terminal_id": w.Terminals()[0].ID, "type": "card"},
				"url":            w.Attributes(linkAddress)["url"],
			})
		}
	})
}

func TestPaymentDataSourceExplainsADecline(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Must(w.Sandbox.InvoiceAPI.Pay(w.OnlyPayment().ID, invoiceapi.DeclinedCard))
	w.MustApply(linkConfig + `data "invoice_payment" "it" { order_id = "order-1" }`)
	reason, _ := w.Attributes("data.invoice_payment.it")["decline_reason"].(map[string]any)
	if reason["code"] != "[2, 51]" || reason["name"] != "Not sufficient funds" || reason["description"] != "There is not enough money on the card" ||
		reason["description_ru"] != "На балансе карты недостаточно средств" {
		t.Errorf("decline_reason = %v", reason)
	}
}

func TestRefundDataSourceFindsByID(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w, payment := newPaidWorkspace(t, dialect...)
		config := refundConfig(payment) + `data "invoice_refund" "it" { id = invoice_refund.back.id }`
		w.Write(config)
		w.Apply().Succeeds()
		w.Apply().Succeeds() // a refund that was init has its result by now
		w.StateHas("data.invoice_refund.it", map[string]any{
			"id": w.Refunds()[0].ID, "payment_id": payment, "amount": "500.00", "currency": "RUB", "reason": "Не подошёл размер", "status": "successful",
			"created_at": w.Attributes(refundAddress)["created_at"],
		})
		method, _ := w.Attributes("data.invoice_refund.it")["payment_method"].(map[string]any)
		if method["funds"] != "1500.50" || method["bonuses"] == nil {
			t.Errorf("payment_method = %v", method)
		}
	})
}

// Bonuses are shown with their fraction, by the resource and the data source.
func TestRefundBonusesKeepTheirFraction(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.MustApply(refundConfig(payment) + `data "invoice_refund" "it" { id = invoice_refund.back.id }` +
		w.GatewayThatRewrites(func(string) string { return "" }, strings.NewReplacer(`"bonuses":0`, `"bonuses":-300.75`).Replace))
	for _, address := range []string{refundAddress, "data.invoice_refund.it"} {
		method, _ := w.Attributes(address)["payment_method"].(map[string]any)
		same(t, address, fmt.Sprint(method["bonuses"]), "-300.75")
	}
}

func TestDataSourceOfNothingIsAnError(t *testing.T) {
	for _, dialect := range []string{"error_status=400", "error_status=200"} {
		for name, c := range map[string]struct{ config, attribute, summary, detail string }{
			"terminal by alias": {`data "invoice_terminal" "x" { alias = "none" }`, "alias", "No such terminal", `the alias "none"`},
			"terminal by id":    {`data "invoice_terminal" "x" { id = "none" }`, "id", "No such terminal", `the id "none"`},
			"payment by id":     {`data "invoice_payment" "x" { id = "none" }`, "id", "No such payment", `the id "none"`},
			"payment by order":  {`data "invoice_payment" "x" { order_id = "none" }`, "order_id", "No such payment", `the order_id "none"`},
			"refund by id":      {`data "invoice_refund" "x" { id = "none" }`, "id", "No such refund", `the id "none"`},
		} {
			t.Run(name+" "+dialect, func(t *testing.T) {
				w := newWorkspace(t, dialect)
				w.Write(c.config)
				w.Plan().Fails("@"+c.attribute, c.summary, c.detail)
			})
		}
	}
}

func TestDataSourceInputIsCheckedInThePlan(t *testing.T) {
	for name, c := range map[string]struct{ config, attribute, says string }{
		"terminal, both ids":   {"data \"invoice_terminal\" \"x\" {\n alias = \"a\"\n id = \"b\"\n}", "alias", "2 attributes specified when one (and only one) of [alias,id] is required"},
		"terminal, no id":      {`data "invoice_terminal" "x" {}`, "", "No attribute specified when one (and only one) of [alias,id] is required"},
		"terminal, long":       {`data "invoice_terminal" "x" { alias = "` + strings.Repeat("я", 51) + `" }`, "alias", "must be between 1 and 50"},
		"payment, both ids":    {"data \"invoice_payment\" \"x\" {\n id = \"a\"\n order_id = \"b\"\n}", "id", "2 attributes specified when one (and only one) of [id,order_id,invoice_id] is required"},
		"payment, no id":       {`data "invoice_payment" "x" {}`, "", "No attribute specified when one (and only one) of [id,order_id,invoice_id] is required"},
		"payment, empty id":    {`data "invoice_payment" "x" { id = "" }`, "id", "is blank. It must not be empty or blank"},
		"refund, empty id":     {`data "invoice_refund" "x" { id = "" }`, "id", "is blank. It must not be empty or blank"},
		"payment, order blank": {`data "invoice_payment" "x" { order_id = "" }`, "order_id", "is blank. It must not be empty or blank"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.Write(c.config)
			w.Plan().Fails("@"+c.attribute, c.says)
			w.SentNothing()
		})
	}
}
