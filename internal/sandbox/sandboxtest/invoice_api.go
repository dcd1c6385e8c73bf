package sandboxtest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"testing"
)

// TerminalSample is the request of guide section 7.2.1.
const TerminalSample = `{"name":"Магазин на диване","alias":"N1","description":"Ювелирные украшения и пылесосы",
	"type":"static","logo":"/ads/asd/image.png","defaultPrice":15}`

// Post sends one call of the Invoice API and returns the HTTP status and the
// body.
func (b *Box) Post(operation, body string, change ...func(*http.Request)) (int, string, error) {
	b.T.Helper()
	response, answer, err := b.Send(http.MethodPost, "/invoice/api/v2/"+operation, body, func(r *http.Request) {
		r.SetBasicAuth("c24360cfac0a0c40c518405f6bc68cb0", "1526fec01b5d11f4df4f2160627ce351")
		r.Header.Set("Content-Type", "application/json")
	}, change...)
	if response == nil {
		return 0, "", err
	}
	return response.StatusCode, answer, err
}

// OK calls the Invoice API and wants success.
func (b *Box) OK(operation, body string) Object {
	b.T.Helper()
	status, answer, err := b.Post(operation, body)
	if err != nil || status != http.StatusOK {
		b.T.Fatalf("%s %s: %d %s %v", operation, body, status, answer, err)
	}
	got := Decode(b.T, answer)
	if _, failed := got["error"]; failed {
		b.T.Fatalf("%s %s: %s", operation, body, answer)
	}
	return got
}

// Refused calls the Invoice API and wants an error body with the code, on HTTP
// 400.
func (b *Box) Refused(operation, body string, code int) Object {
	b.T.Helper()
	status, answer, err := b.Post(operation, body)
	if err != nil {
		b.T.Fatal(err)
	}
	got := Decode(b.T, answer)
	if status != http.StatusBadRequest || got["error"] != json.Number(strconv.Itoa(code)) {
		b.T.Fatalf("%s %s: want 400 with error %d, got %d %s", operation, body, code, status, answer)
	}
	if text, _ := got["description"].(string); text == "" {
		b.T.Fatalf("%s: no description in %s", operation, answer)
	}
	if additions, shown := got["additions"]; shown && len(additions.(Object)) == 0 {
		b.T.Fatalf("%s: empty additions in %s", operation, answer)
	}
	return got
}

// Terminal creates a terminal and returns its id.
func (b *Box) Terminal() string {
	b.T.Helper()
	return IDOf(b.T, b.OK("CreateTerminal", `{"name":"Магазин","alias":"N1"}`))
}

// Payment creates a terminal and a payment of 1500 RUB, and returns its id.
func (b *Box) Payment() string {
	b.T.Helper()
	return IDOf(b.T, b.OK("CreatePayment", PaymentBody(b.Terminal())))
}

// IDOf is the id of what was created, which must be a string.
func IDOf(t *testing.T, created Object) string {
	t.Helper()
	id, ok := created["id"].(string)
	if !ok {
		t.Fatalf("no id in %v", created)
	}
	return id
}

// PaymentBody is a CreatePayment with everything.
func PaymentBody(terminal string) string {
	return `{"order":{"currency":"RUB","amount":1500,"description":"Тестовый платеж","id":"6e4e6e9d-a9b3-453a-a11d-52b211ecc028"},
		"settings":{"terminal_id":"` + terminal + `","payment_method":"card","success_url":"https://example.com/success","fail_url":"https://example.com/error"},
		"custom_parameters":{"b": 1, "a":[1.50]},
		"receipt":[{"name":"Сыр","price":50,"discount":"10%","resultPrice":10,"quantity":1}],"trtype":1}`
}

// ByID names an object.
func ByID(id string) string { return `{"id":"` + id + `"}` }

// RefundBody is a CreateRefund.
func RefundBody(payment, amount string) string {
	return `{"id":"` + payment + `","refund":{"amount":` + amount + `,"currency":"RUB","reason":"Refund payment"},
		"receipt":[{"name":"Сыр","price":50,"discount":"10%","resultPrice":10,"quantity":1}]}`
}
