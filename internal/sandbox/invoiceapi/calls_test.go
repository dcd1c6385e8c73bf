package invoiceapi

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

var hex32 = regexp.MustCompile(`^[0-9a-f]{32}$`)

func TestCreateAndGetTerminal(t *testing.T) {
	b := start(t, sandbox.Options{})
	created := b.OK("CreateTerminal", sandboxtest.TerminalSample)
	id, _ := created["id"].(string)
	if !hex32.MatchString(id) {
		t.Errorf("id %v", created["id"])
	}
	equal(t, "terminal", created, object{
		"id": id, "link": b.URL + "/invoice/terminal/" + id, "name": "Магазин на диване",
		"description": "Ювелирные украшения и пылесосы", "type": "static", "defaultPrice": json.Number("15"), "canComments": false,
	})
	equal(t, "by alias", b.OK("GetTerminal", `{"alias":"N1"}`), created)
	equal(t, "by id", b.OK("GetTerminal", sandboxtest.ByID(id)), created)
	equal(t, "alias before id", b.OK("GetTerminal", `{"id":45,"alias":"N1"}`), created)
	equal(t, "with name", b.OK("GetTerminal", `{"alias":"N1","name":"другое"}`), created)

	stored, err := b.Terminals.All()
	must(t, err)
	equal(t, "stored", stored, []Terminal{{ID: id, Alias: "N1", Name: "Магазин на диване",
		Description: "Ювелирные украшения и пылесосы", Type: "static", Logo: "/ads/asd/image.png", DefaultPrice: "15",
		CreatedAt: "2026-03-01T09:30:00.123Z"}})
}

func TestTerminalDefaults(t *testing.T) {
	b := start(t, sandbox.Options{})
	got := b.OK("CreateTerminal", `{"name":"a","alias":"b","description":null,"type":null,"canComments":true}`)
	equal(t, "type", got["type"], "dynamic")
	equal(t, "defaultPrice", got["defaultPrice"], nil)
	equal(t, "description", got["description"], "")
	equal(t, "canComments", got["canComments"], true)
	for sent, want := range map[string]string{"statical": "static", "dynamical": "dynamic", "static": "static", "dynamic": "dynamic"} {
		equal(t, sent, b.OK("CreateTerminal", `{"name":"a","alias":"`+sent+`","type":"`+sent+`"}`)["type"], want)
	}
}

func TestUnknownTerminal(t *testing.T) {
	b := start(t, sandbox.Options{})
	for body, code := range map[string]int{`{"alias":"nope"}`: 11, `{"id":"nope"}`: 3, `{"id":45}`: 3, `{}`: 11} {
		got := b.Refused("GetTerminal", body, code)
		if _, ok := got["id"]; ok {
			t.Errorf("%s: an id in %v", body, got)
		}
	}
	contains(t, b.Refused("GetTerminal", `{"alias":"nope"}`, 11)["description"].(string), "не найден")
}

func TestCreateAndGetPayment(t *testing.T) {
	b := start(t, sandbox.Options{})
	terminal := b.Terminal()
	created := b.OK("CreatePayment", sandboxtest.PaymentBody(terminal))
	id, _ := created["id"].(string)
	if !hex32.MatchString(id) {
		t.Errorf("id %v", created["id"])
	}
	equal(t, "payment", created, object{
		"id": id,
		"order": object{"currency": "RUB", "amount": json.Number("1500"), "description": "Тестовый платеж",
			"id": "6e4e6e9d-a9b3-453a-a11d-52b211ecc028"},
		"status": "init", "status_description": "",
		"create_date": "2026-03-01T09:30:00.123Z", "update_date": nil, "expire_date": "2026-03-02T09:30:00.123Z",
		"custom_parameters": object{"a": []any{json.Number("1.50")}, "b": json.Number("1")},
		"payment_url":       b.URL + "/invoice/pay/" + id,
		"payment_method":    object{"type": "card", "terminal_id": terminal},
	})
	equal(t, "GetPayment", b.OK("GetPayment", sandboxtest.ByID(id)), created)
	equal(t, "GetPaymentByOrder", b.OK("GetPaymentByOrder", sandboxtest.ByID("6e4e6e9d-a9b3-453a-a11d-52b211ecc028")), created)

	stored, err := b.Payments.All()
	must(t, err)
	equal(t, "stored", stored, []Payment{{ID: id, OrderID: "6e4e6e9d-a9b3-453a-a11d-52b211ecc028", Amount: "1500",
		Currency: "RUB", Description: "Тестовый платеж", TerminalID: terminal, Status: "init",
		SuccessURL: "https://example.com/success", FailURL: "https://example.com/error", PaymentMethod: "card",
		CustomParameters: `{"b":1,"a":[1.50]}`,
		Receipt:          `[{"name":"Сыр","price":50,"discount":"10%","resultPrice":10,"quantity":1}]`,
		TransactionType:  "1", CreatedAt: "2026-03-01T09:30:00.123Z", ExpiresAt: "2026-03-02T09:30:00.123Z"}})
}

func TestPaymentDefaults(t *testing.T) {
	b := start(t, sandbox.Options{})
	got := b.OK("CreatePayment", `{"order":{"amount":0.1},"settings":{"terminal_id":"`+b.Terminal()+`"},"receipt":[]}`)
	equal(t, "custom_parameters", got["custom_parameters"], nil)
	equal(t, "order", got["order"], object{"amount": json.Number("0.1"), "currency": "RUB", "description": "", "id": ""})
}

func TestAmountsStayExact(t *testing.T) {
	b := start(t, sandbox.Options{})
	terminal := b.Terminal()
	for sent, want := range map[string]string{"9007199254740993.01": "9007199254740993.01", "1500.00": "1500", "0.10": "0.1", "1.5e3": "1500"} {
		got := b.OK("CreatePayment", `{"order":{"amount":`+sent+`},"settings":{"terminal_id":"`+terminal+`"},"receipt":[]}`)
		equal(t, sent, got["order"].(object)["amount"], json.Number(want))
	}
}

func TestNewestPaymentOfAnOrder(t *testing.T) {
	b := start(t, sandbox.Options{})
	terminal := b.Terminal()
	b.OK("CreatePayment", sandboxtest.PaymentBody(terminal))
	second := b.OK("CreatePayment", sandboxtest.PaymentBody(terminal))
	equal(t, "id", b.OK("GetPaymentByOrder", sandboxtest.ByID("6e4e6e9d-a9b3-453a-a11d-52b211ecc028"))["id"], second["id"])
}

func TestUnknownPayments(t *testing.T) {
	b := start(t, sandbox.Options{})
	for operation, code := range map[string]int{"GetPayment": 8, "ClosePayment": 8, "GetPaymentByOrder": 7, "GetRefund": 8} {
		contains(t, b.Refused(operation, sandboxtest.ByID("nope"), code)["description"].(string), "не найден")
		b.Refused(operation, `{}`, code)
		b.Refused(operation, `{"id":true}`, code)
	}
	contains(t, b.Refused("CreateRefund", sandboxtest.RefundBody("nope", "1"), 8)["description"].(string), "не найден")
}

func TestClosePayment(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	b.Advance(time.Hour)
	closed := b.OK("ClosePayment", sandboxtest.ByID(id))
	equal(t, "status", closed["status"], "closed")
	equal(t, "update_date", closed["update_date"], "2026-03-01T10:30:00.123Z")
	b.Advance(time.Hour)
	equal(t, "closed again", b.OK("ClosePayment", sandboxtest.ByID(id)), closed)
	equal(t, "GetPayment", b.OK("GetPayment", sandboxtest.ByID(id)), closed)
}

func TestCloseDependsOnStatus(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	for status, refused := range map[string]bool{"successful": true, "fail": true, "init": false} {
		must(t, b.SetPaymentStatus(id, status, ""))
		if refused {
			b.Refused("ClosePayment", sandboxtest.ByID(id), 8)
			equal(t, "status", b.OK("GetPayment", sandboxtest.ByID(id))["status"], status)
			continue
		}
		b.Advance(100 * time.Hour) // One that ran out can still be closed.
		equal(t, status, b.OK("ClosePayment", sandboxtest.ByID(id))["status"], "closed")
	}
}

func TestCreateAndGetRefund(t *testing.T) {
	b := start(t, sandbox.Options{})
	payment := b.paid()
	b.Advance(time.Minute)
	created := b.OK("CreateRefund", sandboxtest.RefundBody(payment, "500.50"))
	id, _ := created["id"].(string)
	if !hex32.MatchString(id) {
		t.Errorf("id %v", created["id"])
	}
	terminals, err := b.Terminals.All()
	must(t, err)
	equal(t, "refund", created, object{
		"id":     id,
		"refund": object{"amount": json.Number("500.5"), "currency": "RUB", "reason": "Refund payment"},
		"status": "successful", "payment_id": payment,
		"payment_method": object{"terminal_id": terminals[0].ID, "type": "card", "account": "554373******6654",
			"funds": json.Number("1500"), "bonuses": json.Number("0")},
		"create_date": "2026-03-01T09:31:00.123Z", "update_date": "2026-03-01T09:31:00.123Z",
		"custom_parameters": object{"a": []any{json.Number("1.50")}, "b": json.Number("1")},
	})
	equal(t, "GetRefund", b.OK("GetRefund", sandboxtest.ByID(id)), created)
	stored, err := b.Refunds.All()
	must(t, err)
	equal(t, "stored", stored, []Refund{{ID: id, PaymentID: payment, Amount: "500.5", Currency: "RUB",
		Reason: "Refund payment", Status: "successful",
		Receipt:   `[{"name":"Сыр","price":50,"discount":"10%","resultPrice":10,"quantity":1}]`,
		CreatedAt: "2026-03-01T09:31:00.123Z", UpdatedAt: "2026-03-01T09:31:00.123Z"}})
}

func TestRefundLimits(t *testing.T) {
	b := start(t, sandbox.Options{})
	payment := b.Payment()
	for _, status := range []string{"init", "fail", "closed"} {
		must(t, b.SetPaymentStatus(payment, status, ""))
		b.Refused("CreateRefund", sandboxtest.RefundBody(payment, "1"), 8)
	}
	must(t, b.SetPaymentStatus(payment, "successful", ""))
	b.Refused("CreateRefund", sandboxtest.RefundBody(payment, "1500.01"), 2)
	b.Refused("CreateRefund", strings.Replace(sandboxtest.RefundBody(payment, "1"), "RUB", "USD", 1), 1)
	first := b.OK("CreateRefund", sandboxtest.RefundBody(payment, "1000"))
	b.Refused("CreateRefund", sandboxtest.RefundBody(payment, "500.01"), 2)
	b.OK("CreateRefund", sandboxtest.RefundBody(payment, "500"))
	b.Refused("CreateRefund", sandboxtest.RefundBody(payment, "0.01"), 2)
	// A refund that failed gives its sum back.
	must(t, b.SetRefundStatus(first["id"].(string), "fail"))
	without := b.OK("CreateRefund", `{"id":"`+payment+`","refund":{"amount":1000},"receipt":[]}`)
	equal(t, "currency", without["refund"], object{"amount": json.Number("1000"), "currency": "RUB", "reason": ""})
}

func TestAuthorization(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	b.ResetRequests()
	for name, change := range map[string]func(*http.Request){
		"login": func(r *http.Request) { r.SetBasicAuth("x", TestAPIKey) },
		"key":   func(r *http.Request) { r.SetBasicAuth(TestMerchantID, "x") },
		"none":  func(r *http.Request) { r.Header.Del("Authorization") },
	} {
		status, answer, err := b.Post("ClosePayment", sandboxtest.ByID(id), change)
		must(t, err)
		got := decode(t, answer)
		if status != 400 || got["error"] != json.Number("0") || got["id"] != nil {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	equal(t, "status", b.OK("GetPayment", sandboxtest.ByID(id))["status"], "init")
	if got := b.Requests("ClosePayment"); len(got) != 3 || got[0].Authorized {
		t.Errorf("requests %+v", got)
	}
	if got := b.Requests("GetPayment"); len(got) != 1 || !got[0].Authorized {
		t.Errorf("requests %+v", got)
	}
}

func TestOwnCredentials(t *testing.T) {
	b := start(t, sandbox.Options{}, Options{MerchantID: "merchant", APIKey: "key"})
	b.Refused("GetPayment", sandboxtest.ByID("nope"), 0)
	_, answer, err := b.Post("GetPayment", sandboxtest.ByID("nope"), func(r *http.Request) { r.SetBasicAuth("merchant", "key") })
	must(t, err)
	equal(t, "error", decode(t, answer)["error"], json.Number("8"))
}

func TestOnlyPostedJSON(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.Payment()
	for _, body := range []string{``, `[]`, `null`, `{"id":`, `{"id":"` + id + `"} {}`, `id=` + id} {
		b.Refused("GetPayment", body, 8)
	}
	for name, change := range map[string]func(*http.Request){
		"form": func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") },
		"none": func(r *http.Request) { r.Header.Del("Content-Type") },
		"put":  func(r *http.Request) { r.Method = http.MethodPut },
	} {
		if status, answer, err := b.Post("GetPayment", sandboxtest.ByID(id), change); err != nil || status != 400 {
			t.Errorf("%s: %d %s %v", name, status, answer, err)
		}
	}
	b.Refused("DeleteTerminal", `{}`, 8)
	status, answer, err := b.Post("GetPayment", sandboxtest.ByID(id), func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") })
	if err != nil || status != 200 {
		t.Errorf("charset: %d %s %v", status, answer, err)
	}
}
