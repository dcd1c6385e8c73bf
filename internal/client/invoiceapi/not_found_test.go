package invoiceapi

import (
	"context"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// lookUps lists the look-ups of the API, each with what it asks for.
var lookUps = []struct {
	name string
	find func(context.Context, *Client) (found bool, err error)
}{
	{"FindTerminal", func(ctx context.Context, c *Client) (bool, error) {
		v, err := c.FindTerminal(ctx, "N1")
		return v != nil, err
	}},
	{"FindTerminalByID", func(ctx context.Context, c *Client) (bool, error) {
		v, err := c.FindTerminalByID(ctx, "45")
		return v != nil, err
	}},
	{"FindPayment", func(ctx context.Context, c *Client) (bool, error) {
		v, err := c.FindPayment(ctx, paymentID)
		return v != nil, err
	}},
	{"FindPaymentByOrder", func(ctx context.Context, c *Client) (bool, error) {
		v, err := c.FindPaymentByOrder(ctx, orderID)
		return v != nil, err
	}},
	{"FindRefund", func(ctx context.Context, c *Client) (bool, error) {
		v, err := c.FindRefund(ctx, refundID)
		return v != nil, err
	}},
}

// Some answers say that an object does not exist. Each column is a look-up, in the order of
// lookUps: "+" means absent, "-" is an error. A wrong "+" would issue a second payment, or
// throw away one that exists.
func TestWhatMeansAbsent(t *testing.T) {
	const none, all = "-----", "+++++"
	tests := []struct {
		name    string
		status  int
		body    string
		columns string // Terminal, TerminalByID, Payment, PaymentByOrder, Refund
	}{
		{"code 3", 200, `{"error":3,"description":"Ошибка терминала"}`, "++---"},
		{"code 7", 200, `{"error":7,"description":"Ошибка заказа"}`, "---+-"},
		{"code 11", 200, `{"error":11,"description":"Ошибка"}`, "+----"},
		{"code 7 as a string", 200, `{"error":"7"}`, "---+-"},
		{"code 3 on HTTP 400", 400, `{"error":3}`, "++---"},
		{"code 7 on HTTP 400", 400, `{"error":7}`, "---+-"},
		{"code 8 that says so in Russian", 200, `{"error":8,"description":"Платеж не найден"}`, all},
		{"in capitals and two words", 400, `{"error":8,"description":"НЕ  НАЙДЕНО"}`, all},
		{"code 8 that says so in English", 200, `{"error":8,"description":"Payment not found"}`, all},
		{"no such", 200, `{"error":8,"description":"No such order"}`, all},
		{"does not exist", 200, `{"error":8,"description":"It does not exist"}`, all},
		{"не существует", 200, `{"error":8,"description":"Терминал не существует"}`, all},
		{"code 1 that says so", 200, `{"error":1,"description":"не найден"}`, all},
		{"words instead of a code", 200, `{"error":"Not Found","description":"Заказ не найден"}`, all},
		{"404 with an error body", 404, `{"error":8,"description":"Нет"}`, all},
		{"404 with a documented code of another key", 404, `{"error":2}`, all},
		{"code 8 that says nothing of the kind", 200, `{"error":8,"description":"Сервис перегружен"}`, none},
		{"code 8 without words", 400, `{"error":8}`, none},
		{"code 0 that says not found", 200, `{"error":0,"description":"Терминал не найден"}`, none},
		{"code 0 on HTTP 404", 404, `{"error":"0","description":"не найден"}`, none},
		{"no such merchant", 200, `{"error":8,"description":"Merchant not found"}`, none},
		{"no such shop", 200, `{"error":8,"description":"Магазин не найден"}`, none},
		{"no such shop, on HTTP 404", 404, `{"error":8,"description":"Shop not found"}`, none},
		{"no such login", 404, `{"error":8,"description":"Логин не существует"}`, none},
		{"no such key", 200, `{"error":8,"description":"API key not found"}`, none},
		{"no such мерчант", 200, `{"error":8,"description":"Мерчант не найден"}`, none},
		{"no such login, in English", 200, `{"error":8,"description":"Login not found"}`, none},
		{"no such ключ", 200, `{"error":8,"description":"Ключ не найден"}`, none},
		{"no such credentials", 200, `{"error":8,"description":"Credentials not found"}`, none},
		{"no authorization", 404, `{"error":8,"description":"Authorization failed"}`, none},
		{"no авторизация", 404, `{"error":8,"description":"Ошибка авторизации"}`, none},
		{"no access", 200, `{"error":8,"description":"Нет доступа: не найден"}`, none},
		{"no such user", 200, `{"error":8,"description":"Пользователь не найден"}`, none},
		{"no such user, in English", 200, `{"error":8,"description":"User not found"}`, none},
		{"no such method", 200, `{"error":404,"description":"Method not found"}`, none},
		{"no such method on HTTP 404", 404, `{"error":404,"description":"Method not found"}`, none},
		{"a framework's 404", 404, `{"error":"Not Found","status":404,"path":"/api/v2/GetPayment"}`, none},
		{"a framework's 404 with a number", 404, `{"error":404,"description":"Not Found"}`, none},
		{"with blanks and a dot", 404, `{"error":404,"description":" Not found. "}`, none},
		{"in Russian", 404, `{"error":404,"description":"Не найдено"}`, none},
		{"without words", 404, `{"error":404}`, none},
		{"in a string", 404, `{"error":"404","description":"Not Found"}`, none},
		{"on HTTP 200", 200, `{"error":404,"description":"Not Found"}`, none},
		{"on HTTP 400", 400, `{"error":404,"description":"Not Found"}`, none},
		{"an address", 404, `{"error":404,"description":"No such address: /api/v2/GetPayment"}`, none},
		{"an address with the name of the object", 404, `{"error":404,"description":"/payment/order not found"}`, none},
		{"a call", 404, `{"error":404,"description":"GetPayment not found"}`, none},
		{"an endpoint", 404, `{"error":8,"description":"Endpoint not found"}`, none},
		{"the gateway's own 404", 404, `{"error":404,"description":"Payment not found"}`, all},
		{"the gateway's own 404 on HTTP 200", 200, `{"error":404,"description":"Платёж не найден"}`, all},
		{"a code of its own with HTTP's words", 200, `{"error":8,"description":"Not found"}`, all},
		{"the key is a word like shop", 400, `{"error":12,"description":"Terminal \"shop\" not found"}`, all},
		{"for this merchant", 400, `{"error":12,"description":"Order not found for this merchant"}`, all},
		{"в этом магазине", 400, `{"error":12,"description":"Заказ не найден в этом магазине"}`, all},
		{"404 with HTML", 404, `<html>Not found</html>`, none},
		{"404 with text", 404, `404 page not found`, none},
		{"404 with nothing", 404, ``, none},
		{"404 with another JSON", 404, `{"message":"not found"}`, none},
		{"401 with an error body", 401, `{"error":3,"description":"не найден"}`, none},
		{"403 with an error body", 403, `{"error":7,"description":"не найден"}`, none},
		{"401 with the alias's code", 401, `{"error":11,"description":"не найден"}`, none},
		{"500 with code 3", 500, `{"error":3,"description":"не найден"}`, none},
		{"500 with code 7", 500, `{"error":7,"description":"не найден"}`, none},
		{"301 with code 3", 301, `{"error":3}`, none},
		{"302 with code 7", 302, `{"error":7,"description":"не найден"}`, none},
		{"408 with code 7", 408, `{"error":7}`, none},
		{"500 with code 11", 500, `{"error":11}`, none},
		{"500 with code 8", 500, `{"error":8,"description":"не найден"}`, none},
		{"503 with code 11", 503, `{"error":11}`, none},
		{"200 with {}", 200, `{}`, none},
		{"200 with null", 200, `null`, none},
		{"200 with []", 200, `[]`, none},
		{"200 with nothing", 200, ``, none},
		{"200 with HTML", 200, `<html>Не найден</html>`, none},
		{"a description without an error", 200, `{"description":"не найден"}`, none},
	}
	for _, test := range tests {
		for i, lookUp := range lookUps {
			s, c := one(t, reply{Status: test.status, Body: test.body})
			found, err := lookUp.find(t.Context(), c)
			if absent := err == nil; found || absent != (test.columns[i] == '+') {
				t.Errorf("%s, %s: found %t, absent %t, error %v", test.name, lookUp.name, found, absent, err)
			}
			if test.status < 500 && len(s.Seen()) != 1 {
				t.Errorf("%s, %s: %d requests, want 1", test.name, lookUp.name, len(s.Seen()))
			}
		}
	}
}

// A lost answer does not mean absent, however often it is lost.
func TestLostAnswerIsNoAbsence(t *testing.T) {
	for _, lookUp := range lookUps {
		s, c := one(t, reply{Cut: true})
		if found, err := lookUp.find(t.Context(), c); found || err == nil {
			t.Errorf("%s: found %t, %v", lookUp.name, found, err)
		}
		if len(s.Seen()) != 3 {
			t.Errorf("%s: %d requests, want 3", lookUp.name, len(s.Seen()))
		}
	}
}

// An answer about another object means neither found nor absent. Otherwise that object would be
// adopted or closed.
func TestLookUpsAnsweredWithAnother(t *testing.T) {
	for operation, answer := range map[string]string{
		"GetPayment": samplePayment, "GetPaymentByOrder": samplePayment, "GetRefund": sampleRefund,
	} {
		s := newServer(t, map[string][]reply{operation: {ok(answer)}})
		c := clientOf(s)
		found, err := map[string]func() (bool, error){
			"GetPayment":        func() (bool, error) { v, err := c.FindPayment(t.Context(), "other"); return v != nil, err },
			"GetPaymentByOrder": func() (bool, error) { v, err := c.FindPaymentByOrder(t.Context(), "other"); return v != nil, err },
			"GetRefund":         func() (bool, error) { v, err := c.FindRefund(t.Context(), "other"); return v != nil, err },
		}[operation]()
		clienttest.Outcome(t, err, transport.Unclear)
		clienttest.Contains(t, err.Error(), "Invoice API v2, "+operation+": ", `"other" was asked for, and the answer is about "`)
		if found {
			t.Errorf("%s: found", operation)
		}
	}
}

// Scripts turn an order id into a number.
func TestOrderIDsWrittenInAnotherWay(t *testing.T) {
	for got, same := range map[string]bool{`"00700"`: true, `700`: true, `" 00700 "`: true, `"0070"`: false, `null`: true, `7`: false} {
		body := `{"id":"1","status":"init","order":{"id":` + got + `,"amount":10}}`
		s := newServer(t, map[string][]reply{"GetPaymentByOrder": {ok(body)}})
		found, err := clientOf(s).FindPaymentByOrder(t.Context(), "00700")
		if (found != nil && err == nil) != same {
			t.Errorf("order id %s: %v, %v", got, found, err)
		}
	}
}

// What is created, closed or refunded must be what was asked for. Otherwise the outcome is
// unknown.
func TestChangesAnsweredWithAnother(t *testing.T) {
	for operation, answer := range map[string]string{"CreatePayment": samplePayment, "ClosePayment": samplePayment, "CreateRefund": sampleRefundOf("another")} {
		s := newServer(t, map[string][]reply{operation: {ok(answer)}})
		c := clientOf(s)
		var err error
		switch operation {
		case "CreatePayment":
			_, err = c.CreatePayment(t.Context(), CreatePaymentRequest{Order: Order{ID: "mine", Amount: clienttest.Decimal(t, "10")}}, false)
		case "ClosePayment":
			_, err = c.ClosePayment(t.Context(), "mine")
		default:
			_, err = trusted(c).CreateRefund(t.Context(), CreateRefundRequest{PaymentID: "mine"})
		}
		clienttest.Outcome(t, err, transport.Unclear)
		// Whoever looks for the refund needs the ids that came.
		what := map[string]string{"CreateRefund": `refund "R1" of payment "another"`}[operation]
		clienttest.Contains(t, err.Error(), "Invoice API v2, "+operation+": ", `"mine" was asked for, and the answer is about `+what)
		s.WantSteps(t, operation)
	}
}

func sampleRefundOf(paymentID string) string {
	return `{"id":"R1","status":"successful","refund":{"amount":10},"payment_id":"` + paymentID + `"}`
}
