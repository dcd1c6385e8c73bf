package invoiceapi

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

func TestDialectIDs(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"ids": "number"}})
	terminal := b.OK("CreateTerminal", sandboxtest.TerminalSample)
	equal(t, "terminal", terminal["id"], json.Number("45"))
	body := `{"order":{"amount":1500,"id":"o"},"settings":{"terminal_id":45},"receipt":[]}`
	payment := b.OK("CreatePayment", body)
	equal(t, "payment", payment["id"], json.Number("2245001"))
	equal(t, "terminal_id", payment["payment_method"].(object)["terminal_id"], json.Number("45"))
	must(t, b.Pay("2245001", TestCard))
	refund := b.OK("CreateRefund", `{"id":2245001,"refund":{"amount":1},"receipt":[]}`)
	equal(t, "refund", refund["id"], json.Number("9900001"))
	equal(t, "payment_id", refund["payment_id"], json.Number("2245001"))
	equal(t, "terminal_id", refund["payment_method"].(object)["terminal_id"], json.Number("45"))
	for _, id := range []string{`2245001`, `"2245001"`} {
		equal(t, id, b.OK("GetPayment", `{"id":`+id+`}`)["id"], json.Number("2245001"))
	}
	// A number is never given twice, and ids of the other kind stay.
	must(t, b.Payments.Delete("2245001"))
	equal(t, "next", b.OK("CreatePayment", body)["id"], json.Number("2245002"))
	b.SetDialect(sandbox.Dialect{})
	equal(t, "as string", b.OK("GetTerminal", `{"id":45}`)["id"], "45")
}

func TestDialectTerminalTypes(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"terminal_types": "statical"}})
	equal(t, "static", b.OK("CreateTerminal", `{"name":"a","alias":"a","type":"static"}`)["type"], "statical")
	equal(t, "dynamic", b.OK("CreateTerminal", `{"name":"a","alias":"b","type":"dynamic"}`)["type"], "dynamical")
	equal(t, "GetTerminal", b.OK("GetTerminal", `{"alias":"b"}`)["type"], "dynamical")
}

func TestDialectRewriteDescription(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"rewrite_description": "true"}})
	terminal := b.OK("CreateTerminal", sandboxtest.TerminalSample)
	equal(t, "terminal", terminal["description"], "Ювелирные украшения и пылесосы, филиал №7")
	payment := b.OK("CreatePayment", sandboxtest.PaymentBody(terminal["id"].(string)))
	equal(t, "payment", payment["order"].(object)["description"], "Тестовый платеж, филиал №7")
	stored, err := b.Payments.All()
	must(t, err)
	equal(t, "stored", stored[0].Description, "Тестовый платеж, филиал №7")
	equal(t, "none sent", b.OK("CreateTerminal", `{"name":"a","alias":"b"}`)["description"], "")
}

func TestDialectDateNames(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"date_names": "date_insert"}})
	refund := b.OK("CreateRefund", sandboxtest.RefundBody(b.paid(), "1"))
	equal(t, "date_insert", refund["date_insert"], "2026-03-01T09:30:00.123Z")
	equal(t, "date_update", refund["date_update"], "2026-03-01T09:30:00.123Z")
	for _, name := range []string{"create_date", "update_date"} {
		if _, ok := refund[name]; ok {
			t.Errorf("%s in %v", name, refund)
		}
	}
}

func TestDialectTakenAlias(t *testing.T) {
	b := start(t, sandbox.Options{})
	first := b.OK("CreateTerminal", sandboxtest.TerminalSample)
	b.Refused("CreateTerminal", `{"name":"other","alias":"N1"}`, 11)
	b.SetDialect(sandbox.Dialect{"taken_alias": "existing"})
	equal(t, "existing", b.OK("CreateTerminal", `{"name":"other","alias":"N1"}`), first)
	stored, err := b.Terminals.All()
	must(t, err)
	equal(t, "terminals", len(stored), 1)
}

func TestDialectRepeatedOrder(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"repeated_order": "error"}})
	id := b.Payment()
	terminals, err := b.Terminals.All()
	must(t, err)
	b.Refused("CreatePayment", sandboxtest.PaymentBody(terminals[0].ID), 7)
	b.OK("ClosePayment", sandboxtest.ByID(id))
	b.Refused("CreatePayment", sandboxtest.PaymentBody(terminals[0].ID), 7)
	for range 2 { // Payments without an order id do not repeat one.
		b.OK("CreatePayment", `{"order":{"amount":1},"settings":{"terminal_id":"`+terminals[0].ID+`"},"receipt":[]}`)
	}
}

func TestDialectSpelling(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"spelling": "php"}})
	b.OK("CreateTerminal", `{"name":"a","alias":"a"}`)
	terminals, err := b.Terminals.All()
	must(t, err)
	for order, read := range map[string]string{"007": "7", "000": "000", "A07": "A07"} {
		created := b.OK("CreatePayment", `{"order":{"amount":1,"id":"`+order+`","currency":"RUB"},"settings":{"terminal_id":"`+terminals[0].ID+`"},"receipt":[]}`)
		equal(t, "as it was sent", created["order"].(object)["id"], order)
		for operation, key := range map[string]string{"GetPayment": created["id"].(string), "GetPaymentByOrder": order} {
			got := b.OK(operation, sandboxtest.ByID(key))["order"].(object)
			equal(t, operation+" id", got["id"], read)
			equal(t, operation+" currency", got["currency"], "rub")
		}
	}
}

func TestDialectTerminalAlias(t *testing.T) {
	b := start(t, sandbox.Options{})
	if alias, shown := b.OK("CreateTerminal", sandboxtest.TerminalSample)["alias"]; shown {
		t.Errorf("alias %v, want none", alias)
	}
	b.SetDialect(sandbox.Dialect{"terminal_alias": "shown"})
	equal(t, "alias", b.OK("GetTerminal", `{"alias":"N1"}`)["alias"], "N1")
}

func TestDialectErrorStatus(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"error_status": "200"}})
	status, answer, err := b.Post("GetPayment", sandboxtest.ByID("nope"))
	if err != nil || status != 200 || decode(t, answer)["error"] != json.Number("8") {
		t.Errorf("%d %s %v", status, answer, err)
	}
}

func TestDialectClosedAnswer(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"closed_answer": "init"}})
	id := b.Payment()
	equal(t, "ClosePayment", b.OK("ClosePayment", sandboxtest.ByID(id))["status"], "init")
	equal(t, "GetPayment", b.OK("GetPayment", sandboxtest.ByID(id))["status"], "closed")
}

func TestDialectExpired(t *testing.T) {
	for expired, want := range map[string]object{
		"init": {"status": "init", "status_description": "", "update_date": nil},
		"fail": {"status": "fail", "status_description": "[3, -20] Expired transaction", "update_date": "2026-03-01T10:30:00.123Z"},
	} {
		b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"expired": expired}}, Options{LinkLifetime: time.Hour})
		id := b.Payment()
		b.Advance(time.Hour - time.Millisecond)
		equal(t, "before", b.OK("GetPayment", sandboxtest.ByID(id))["status"], "init")
		b.Advance(time.Millisecond)
		got := b.OK("GetPayment", sandboxtest.ByID(id))
		for field, value := range want {
			equal(t, expired+" "+field, got[field], value)
		}
		if err := b.Pay(id, TestCard); err == nil {
			t.Errorf("%s: an expired payment was paid", expired)
		}
		equal(t, "after", b.OK("GetPayment", sandboxtest.ByID(id))["status"], want["status"])
	}
}

func TestDialectRefundStatus(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"refund_status": "init"}})
	payment := b.paid()
	refund := b.OK("CreateRefund", sandboxtest.RefundBody(payment, "1500"))
	equal(t, "status", refund["status"], "init")
	equal(t, "update_date", refund["update_date"], nil)
	b.Refused("CreateRefund", sandboxtest.RefundBody(payment, "1"), 2)
	b.Advance(time.Minute)
	got := b.OK("GetRefund", sandboxtest.ByID(refund["id"].(string)))
	equal(t, "next status", got["status"], "successful")
	equal(t, "next update_date", got["update_date"], "2026-03-01T09:31:00.123Z")

	b.SetDialect(sandbox.Dialect{"refund_status": "fail"})
	must(t, b.SetRefundStatus(refund["id"].(string), "fail"))
	for range 2 { // Failed ones do not count against the payment.
		failed := b.OK("CreateRefund", sandboxtest.RefundBody(payment, "1500"))
		equal(t, "status", failed["status"], "fail")
		equal(t, "stays", b.OK("GetRefund", sandboxtest.ByID(failed["id"].(string)))["status"], "fail")
	}
	b.SetDialect(sandbox.Dialect{})
	must(t, b.SetRefundStatus(refund["id"].(string), "init"))
	equal(t, "set by hand", b.OK("GetRefund", sandboxtest.ByID(refund["id"].(string)))["status"], "init")
}
