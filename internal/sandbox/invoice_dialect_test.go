package sandbox

import (
	"encoding/json"
	"testing"
	"time"
)

func TestDialectIDs(t *testing.T) {
	b := start(t, Options{Dialect: Dialect{IDs: "number"}})
	terminal := b.ok("CreateTerminal", terminalSample)
	equal(t, "terminal", terminal["id"], json.Number("45"))
	body := `{"order":{"amount":1500,"id":"o"},"settings":{"terminal_id":45},"receipt":[]}`
	payment := b.ok("CreatePayment", body)
	equal(t, "payment", payment["id"], json.Number("2245001"))
	equal(t, "terminal_id", payment["payment_method"].(object)["terminal_id"], json.Number("45"))
	must(t, b.PayInvoicePayment("2245001", TestCard))
	refund := b.ok("CreateRefund", `{"id":2245001,"refund":{"amount":1},"receipt":[]}`)
	equal(t, "refund", refund["id"], json.Number("9900001"))
	equal(t, "payment_id", refund["payment_id"], json.Number("2245001"))
	equal(t, "terminal_id", refund["payment_method"].(object)["terminal_id"], json.Number("45"))
	for _, id := range []string{`2245001`, `"2245001"`} {
		equal(t, id, b.ok("GetPayment", `{"id":`+id+`}`)["id"], json.Number("2245001"))
	}
	// A number is never given twice, and ids of the other kind stay.
	must(t, b.DeleteInvoicePayment("2245001"))
	equal(t, "next", b.ok("CreatePayment", body)["id"], json.Number("2245002"))
	b.SetDialect(Dialect{})
	equal(t, "as string", b.ok("GetTerminal", `{"id":45}`)["id"], "45")
}

func TestDialectTerminalTypes(t *testing.T) {
	b := start(t, Options{Dialect: Dialect{TerminalTypes: "statical"}})
	equal(t, "static", b.ok("CreateTerminal", `{"name":"a","alias":"a","type":"static"}`)["type"], "statical")
	equal(t, "dynamic", b.ok("CreateTerminal", `{"name":"a","alias":"b","type":"dynamic"}`)["type"], "dynamical")
	equal(t, "GetTerminal", b.ok("GetTerminal", `{"alias":"b"}`)["type"], "dynamical")
}

func TestDialectRewriteDescription(t *testing.T) {
	b := start(t, Options{Dialect: Dialect{RewriteDescription: true}})
	terminal := b.ok("CreateTerminal", terminalSample)
	equal(t, "terminal", terminal["description"], "Ювелирные украшения и пылесосы, филиал №7")
	payment := b.ok("CreatePayment", paymentBody(terminal["id"].(string)))
	equal(t, "payment", payment["order"].(object)["description"], "Тестовый платеж, филиал №7")
	stored, err := b.InvoicePayments()
	must(t, err)
	equal(t, "stored", stored[0].Description, "Тестовый платеж, филиал №7")
	equal(t, "none sent", b.ok("CreateTerminal", `{"name":"a","alias":"b"}`)["description"], "")
}

func TestDialectDateNames(t *testing.T) {
	b := start(t, Options{Dialect: Dialect{DateNames: "date_insert"}})
	refund := b.ok("CreateRefund", refundBody(b.paid(), "1"))
	equal(t, "date_insert", refund["date_insert"], "2026-03-01T09:30:00.123Z")
	equal(t, "date_update", refund["date_update"], "2026-03-01T09:30:00.123Z")
	for _, name := range []string{"create_date", "update_date"} {
		if _, ok := refund[name]; ok {
			t.Errorf("%s in %v", name, refund)
		}
	}
}

func TestDialectTakenAlias(t *testing.T) {
	b := start(t, Options{})
	first := b.ok("CreateTerminal", terminalSample)
	b.refused("CreateTerminal", `{"name":"other","alias":"N1"}`, 11)
	b.SetDialect(Dialect{TakenAlias: "existing"})
	equal(t, "existing", b.ok("CreateTerminal", `{"name":"other","alias":"N1"}`), first)
	stored, err := b.InvoiceTerminals()
	must(t, err)
	equal(t, "terminals", len(stored), 1)
}

func TestDialectRepeatedOrder(t *testing.T) {
	b := start(t, Options{Dialect: Dialect{RepeatedOrder: "error"}})
	id := b.payment()
	terminals, err := b.InvoiceTerminals()
	must(t, err)
	b.refused("CreatePayment", paymentBody(terminals[0].ID), 7)
	b.ok("ClosePayment", byID(id))
	b.refused("CreatePayment", paymentBody(terminals[0].ID), 7)
	for range 2 { // Payments without an order id do not repeat one.
		b.ok("CreatePayment", `{"order":{"amount":1},"settings":{"terminal_id":"`+terminals[0].ID+`"},"receipt":[]}`)
	}
}

func TestDialectSpelling(t *testing.T) {
	b := start(t, Options{Dialect: Dialect{Spelling: "php"}})
	b.ok("CreateTerminal", `{"name":"a","alias":"a"}`)
	terminals, err := b.InvoiceTerminals()
	must(t, err)
	for order, read := range map[string]string{"007": "7", "000": "000", "A07": "A07"} {
		created := b.ok("CreatePayment", `{"order":{"amount":1,"id":"`+order+`","currency":"RUB"},"settings":{"terminal_id":"`+terminals[0].ID+`"},"receipt":[]}`)
		equal(t, "as it was sent", created["order"].(object)["id"], order)
		for operation, key := range map[string]string{"GetPayment": created["id"].(string), "GetPaymentByOrder": order} {
			got := b.ok(operation, byID(key))["order"].(object)
			equal(t, operation+" id", got["id"], read)
			equal(t, operation+" currency", got["currency"], "rub")
		}
	}
}

func TestDialectTerminalAlias(t *testing.T) {
	b := start(t, Options{})
	if alias, shown := b.ok("CreateTerminal", terminalSample)["alias"]; shown {
		t.Errorf("alias %v, want none", alias)
	}
	b.SetDialect(Dialect{TerminalAlias: "shown"})
	equal(t, "alias", b.ok("GetTerminal", `{"alias":"N1"}`)["alias"], "N1")
}

func TestDialectErrorStatus(t *testing.T) {
	b := start(t, Options{Dialect: Dialect{ErrorStatus: 200}})
	status, answer, err := b.post("GetPayment", byID("nope"))
	if err != nil || status != 200 || decode(t, answer)["error"] != json.Number("8") {
		t.Errorf("%d %s %v", status, answer, err)
	}
}

func TestDialectClosedAnswer(t *testing.T) {
	b := start(t, Options{Dialect: Dialect{ClosedAnswer: "init"}})
	id := b.payment()
	equal(t, "ClosePayment", b.ok("ClosePayment", byID(id))["status"], "init")
	equal(t, "GetPayment", b.ok("GetPayment", byID(id))["status"], "closed")
}

func TestDialectExpired(t *testing.T) {
	for expired, want := range map[string]object{
		"init": {"status": "init", "status_description": "", "update_date": nil},
		"fail": {"status": "fail", "status_description": "[3, -20] Expired transaction", "update_date": "2026-03-01T10:30:00.123Z"},
	} {
		b := start(t, Options{Dialect: Dialect{Expired: expired}, LinkLifetime: time.Hour})
		id := b.payment()
		b.Advance(time.Hour - time.Millisecond)
		equal(t, "before", b.ok("GetPayment", byID(id))["status"], "init")
		b.Advance(time.Millisecond)
		got := b.ok("GetPayment", byID(id))
		for field, value := range want {
			equal(t, expired+" "+field, got[field], value)
		}
		if err := b.PayInvoicePayment(id, TestCard); err == nil {
			t.Errorf("%s: an expired payment was paid", expired)
		}
		equal(t, "after", b.ok("GetPayment", byID(id))["status"], want["status"])
	}
}

func TestDialectRefundStatus(t *testing.T) {
	b := start(t, Options{Dialect: Dialect{RefundStatus: "init"}})
	payment := b.paid()
	refund := b.ok("CreateRefund", refundBody(payment, "1500"))
	equal(t, "status", refund["status"], "init")
	equal(t, "update_date", refund["update_date"], nil)
	b.refused("CreateRefund", refundBody(payment, "1"), 2)
	b.Advance(time.Minute)
	got := b.ok("GetRefund", byID(refund["id"].(string)))
	equal(t, "next status", got["status"], "successful")
	equal(t, "next update_date", got["update_date"], "2026-03-01T09:31:00.123Z")

	b.SetDialect(Dialect{RefundStatus: "fail"})
	must(t, b.SetInvoiceRefundStatus(refund["id"].(string), "fail"))
	for range 2 { // Failed ones do not count against the payment.
		failed := b.ok("CreateRefund", refundBody(payment, "1500"))
		equal(t, "status", failed["status"], "fail")
		equal(t, "stays", b.ok("GetRefund", byID(failed["id"].(string)))["status"], "fail")
	}
	b.SetDialect(Dialect{})
	must(t, b.SetInvoiceRefundStatus(refund["id"].(string), "init"))
	equal(t, "set by hand", b.ok("GetRefund", byID(refund["id"].(string)))["status"], "init")
}
