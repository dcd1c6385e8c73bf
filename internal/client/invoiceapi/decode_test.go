package invoiceapi

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// changed is a sample with one part replaced.
func changed(t *testing.T, sample, old, replacement string) string {
	t.Helper()
	if strings.Count(sample, old) != 1 {
		t.Fatalf("%s stands %d times in the sample", old, strings.Count(sample, old))
	}
	return strings.Replace(sample, old, replacement, 1)
}

func TestTerminalIsReadInAllItsSpellings(t *testing.T) {
	tests := []struct {
		name, old, with string
		change          func(*Terminal)
	}{
		{"id as a string", `"id": 13`, `"id": "13"`, func(*Terminal) {}},
		{"id of 32 hex digits", `"id": 13`, `"id": "c24360cfac0a0c40c518405f6bc68cb0"`, func(w *Terminal) { w.ID = "c24360cfac0a0c40c518405f6bc68cb0" }},
		{"statical", `"static"`, `"statical"`, func(*Terminal) {}},
		{"dynamical", `"static"`, `"dynamical"`, func(w *Terminal) { w.Type = TerminalDynamic }},
		{"dynamic", `"static"`, `"dynamic"`, func(w *Terminal) { w.Type = TerminalDynamic }},
		{"a type that nobody knows", `"static"`, `"elastic"`, func(w *Terminal) { w.Type = "elastic" }},
		{"no type", `"static"`, `null`, func(w *Terminal) { w.Type = "" }},
		{"price as a string", `"defaultPrice": 15`, `"defaultPrice": "15.00"`, func(*Terminal) {}},
		{"price null", `"defaultPrice": 15`, `"defaultPrice": null`, func(w *Terminal) { w.DefaultPrice = nil }},
		{"price empty", `"defaultPrice": 15`, `"defaultPrice": ""`, func(w *Terminal) { *w.DefaultPrice = clienttest.Decimal(t, "0") }},
		{"no price", `"defaultPrice": 15,`, ``, func(w *Terminal) { w.DefaultPrice = nil }},
		{"comments", `"canComments": false`, `"canComments": true`, func(w *Terminal) { *w.CanComments = true }},
		{"comments null", `"canComments": false`, `"canComments": null`, func(w *Terminal) { w.CanComments = nil }},
		{"description null", `"Ювелирные украшения и пылесосы, филиал №7"`, `null`, func(w *Terminal) { w.Description = "" }},
		{"a field that nobody knows", `"id": 13`, `"id": 13, "new": {"a": []}`, func(*Terminal) {}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := wantTerminal(t)
			test.change(want)
			clienttest.Same(t, decoded[Terminal](t, changed(t, sampleTerminal, test.old, test.with)), want)
		})
	}
}

func TestPaymentIsReadInAllItsSpellings(t *testing.T) {
	const (
		id      = `"id": "` + paymentID + `"`
		custom  = `"custom_parameters": { }`
		created = `"create_date": "2019-07-20T19:19:10.000Z"`
		expires = `"expire_date": "2019-07-20T19:19:10.000Z"`
		text    = `"status_description": ""`
	)
	method := func(m *PaymentMethod) func(*Payment) {
		return func(w *Payment) { w.Method = lenientMethod{m} }
	}
	tests := []struct {
		name, old, with string
		change          func(*Payment)
	}{
		{"id as a number", id, `"id": 12345678901234567890`, func(w *Payment) { w.ID = "12345678901234567890" }},
		{"order id as a number", `"id": "` + orderID + `"`, `"id": 77`, func(w *Payment) { w.Order.ID = "77" }},
		{"order id null", `"id": "` + orderID + `"`, `"id": null`, func(w *Payment) { w.Order.ID = "" }},
		{"amount as a string", `1500`, `"1500.00"`, func(*Payment) {}},
		{"amount with kopecks", `1500`, `1499.99`, func(w *Payment) { w.Order.Amount = clienttest.Decimal(t, "1499.99") }},
		{"an unknown status", `"init"`, `"frozen"`, func(w *Payment) { w.Status = "frozen" }},
		{"custom parameters null", custom, `"custom_parameters": null`, func(w *Payment) { w.CustomParameters = json.RawMessage("null") }},
		{"no custom parameters", custom, `"x": 1`, func(w *Payment) { w.CustomParameters = nil }},
		{"custom parameters", custom, `"custom_parameters": {"n": 12345678901234567890}`, func(w *Payment) { w.CustomParameters = json.RawMessage(`{"n": 12345678901234567890}`) }},
		{"a decline code as text", text, `"status_description": "Отказ [2, 51]"`, func(w *Payment) { w.StatusDescription = "Отказ [2, 51]" }},
		{"a decline code as a list", text, `"status_description": [2, 51]`, func(w *Payment) { w.StatusDescription = "[2, 51]" }},
		{"a number as text", text, `"status_description": 5`, func(w *Payment) { w.StatusDescription = "5" }},
		{"text null", text, `"status_description": null`, func(*Payment) {}},
		{"date null", created, `"create_date": null`, func(w *Payment) { w.Created = values.Time{} }},
		{"date empty", created, `"create_date": ""`, func(w *Payment) { w.Created = values.Time{} }},
		{"date of zeros", created, `"create_date": "0000-00-00 00:00:00"`, func(w *Payment) { w.Created = values.Time{} }},
		{"date as a number", created, `"create_date": 1563650350`, func(w *Payment) { w.Created = values.Time{} }},
		{"date as PHP's object", created, `"create_date": {"date": "2019"}`, func(w *Payment) { w.Created = values.Time{} }},
		{"no expiry", expires, `"expire_date": null`, func(w *Payment) { w.Expires = values.Time{} }},
		{"expiry without an offset", expires, `"expire_date": "2019-07-20 22:19:10"`, func(w *Payment) { w.Expires = clienttest.Time(t, "2019-07-20T22:19:10+03:00") }},
		{"method null", custom, custom + `, "payment_method": null`, func(*Payment) {}},
		{"method as PHP's empty object", custom, custom + `, "payment_method": []`, func(*Payment) {}},
		{"method as an empty string", custom, custom + `, "payment_method": ""`, func(*Payment) {}},
		{"method as a number", custom, custom + `, "payment_method": 1`, func(*Payment) {}},
		{"method as a string", custom, custom + `, "payment_method": "card"`, method(&PaymentMethod{Type: "card"})},
		{"method as an object", custom, custom + `, "payment_method": {"type": "card", "terminal_id": 45}`, method(&PaymentMethod{Type: "card", TerminalID: "45"})},
		{"method with odd fields", custom, custom + `, "payment_method": {"funds": {}, "bonuses": "many", "account": 5, "type": "card", "terminal_id": 45}`, method(&PaymentMethod{Type: "card", TerminalID: "45"})},
		{"method with nulls", custom, custom + `, "payment_method": {"type": null, "terminal_id": null, "account": null, "funds": null}`, method(&PaymentMethod{})},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := wantPayment(t)
			test.change(want)
			clienttest.Same(t, decoded[Payment](t, changed(t, samplePayment, test.old, test.with)), want)
		})
	}
}

func TestRefundIsReadInAllItsSpellings(t *testing.T) {
	const created, updated = `"create_date": "2019-07-20T20:35:43.000Z"`, `"update_date": "2019-07-20T20:35:43.000Z"`
	later := clienttest.Time(t, "2020-01-02T03:04:05Z")
	tests := []struct {
		name, old, with string
		change          func(*Refund)
	}{
		{"date_insert", created, `"date_insert": "2020-01-02T03:04:05Z"`, func(w *Refund) { w.Created = later }},
		{"date_update", updated, `"date_update": "2020-01-02T03:04:05Z"`, func(w *Refund) { w.Updated = later }},
		{"both names: the guide's", created, created + `, "date_insert": "2020-01-02T03:04:05Z"`, func(*Refund) {}},
		{"both names, one of them null", created, `"create_date": null, "date_insert": "2020-01-02T03:04:05Z"`, func(w *Refund) { w.Created = later }},
		{"no dates", created + ",\n  " + updated, `"x": 1`, func(w *Refund) { w.Created, w.Updated = values.Time{}, values.Time{} }},
		{"id as a number", `"id": "` + refundID + `"`, `"id": 5`, func(w *Refund) { w.ID = "5" }},
		{"payment id as a number", `"payment_id": "2d710e38888c8fecc16ac6f11f37dcb277316"`, `"payment_id": 7`, func(w *Refund) { w.PaymentID = "7" }},
		{"terminal id as a number", `"terminal_id": "45"`, `"terminal_id": 45`, func(*Refund) {}},
		{"bonuses and funds as strings", `"funds": 1200,`, `"funds": "1200.00",`, func(*Refund) {}},
		{"custom parameters null", `{ }`, `null`, func(w *Refund) { w.CustomParameters = json.RawMessage("null") }},
		{"reason null", `"Refund payment"`, `null`, func(w *Refund) { w.Refund.Reason = "" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := wantRefund(t)
			test.change(want)
			clienttest.Same(t, decoded[Refund](t, changed(t, sampleRefund, test.old, test.with)), want)
		})
	}
	if err := json.Unmarshal([]byte(`{"id":[]}`), &Refund{}); err == nil {
		t.Error("a list is taken for an id")
	}
}

// An old date does not stay when the new one cannot be read.
func TestAStrangeDateIsNoDate(t *testing.T) {
	for _, document := range []string{`"soon"`, `null`, `5`, `""`} {
		date := clienttest.Time(t, "2019-07-20T19:19:10Z")
		if err := json.Unmarshal([]byte(document), &date); err != nil || !date.IsZero() {
			t.Errorf("%s: %s, %v", document, date, err)
		}
	}
}
