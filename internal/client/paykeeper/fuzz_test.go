package paykeeper

import (
	"bytes"
	"encoding/json"
	"math/big"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/oracle"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// The templates reach each field of an otherwise valid answer. An answer from a tolerant
// template is one invoice whatever stands in its holes.
var (
	templates = []string{
		`{"id":"1","pay_amount":§,"status":"sent"}`, `{"id":§,"paymentid":§,"user_id":§}`, `[{"id":"1","status":§},{"id":"2","pay_amount":§}]`, `[{"id":"1"},§]`,
		`{"invoice_id":§,"invoice_url":"https:\/\/demo.server.paykeeper.ru\/bill\/1\/"}`, `{"invoice_id":"1","invoice_url":§,"invoice":§}`, `{"token":§}`, `[{"token":§}]`,
		`{"result":§,"msg":"x"}`, `{"result":"fail","msg":§,"error_code":§}`, `{"statuses":[{"status":"paid","count":§},{"status":§,"count":"1"}]}`, `{"statuses":§,"fullcount":1}`,
		`{"statuses":[],"fullcount":[{"count":§}]}`, `{"fullcount":§}`, `{"id":"1","result":§}`,
	}
	tolerant = []string{
		`{"id":"1","clientid":§,"orderid":§,"service_name":§,"client_email":§,"client_phone":§,"expiry_datetime":§,"created_datetime":§,"paid_datetime":§,"user_login":§}`,
	}
)

// Each call reads any answer as either an object or an error. What is accepted stands in the
// document, and comes from neither a refusal nor a page. A refusal comes from nothing else.
func FuzzAnswer(f *testing.F) {
	oracle.Fuzz(f, []int{200, 303, 401, 500}, []string{
		sample, "[" + sample + "]", "[" + sample + "," + sample + "]", preview, notFound, staleToken, success, `{"result":true}`, `{"result":false}`, `{"RESULT":"Fail","msg":null,"error_code":7}`,
		`[{"result":"fail","msg":"x"}]`, `{"token":"a"}`, `[{"token":"a"}]`, `[{"token":""}]`, "[]", "[ ]", "{}", "null", "", "<html>", "\xef\xbb\xbf{}", "\n\xef\xbb\xbf " + sample, "[null]",
		`{"id":"1","pay_amount":"1.10","PAY_AMOUNT":2}`, `{"invoice_id":7,"invoice_url":"//x"}`,
		`{"statuses":[{"status":"paid","count":"3"}],"fullcount":[{"count":"7"}]}`, `{"statuses":[{"status":"paid","count":"9223372036854775807"},{"status":"sent","count":9}]}`,
		`"1500.00"`, `1e3`, `1e999999999`, `9223372036854775807`, `"+5"`, `-1`, `""`, `".-5"`, `1.5`, `[{"count":"7"}]`, `{"count":7}`, `true`, `"true"`, `"fail"`, `"2014-04-02 08:52:14"`, "[\"\xff\"]",
	}, templates, tolerant, func(t *testing.T, status int, body []byte) bool {
		checkAnswer(t, status, body)
		invoice, err := parseInvoice(body)
		return err == nil && invoice.ID == "1"
	})
}

func checkAnswer(t *testing.T, status int, raw []byte) {
	t.Helper()
	body := content(raw)
	value, isJSON := oracle.Parse(body)
	list, isList := value.([]any)
	if isList && len(list) == 1 {
		value = list[0]
	}
	mayFail, mustFail := oracle.At(value, "result").Is(func(one any) bool {
		text, isText := one.(string)
		return one == false || isText && slices.Contains([]string{"fail", "error", "false"}, strings.ToLower(text))
	})
	answer := &transport.Answer{Status: status, Body: raw, Header: http.Header{}}
	failure := judge(answer, body)
	switch refused := parseRefusal(body); {
	case refused != nil && !mayFail || refused == nil && mustFail:
		t.Errorf("%q: a refusal? %+v", body, refused)
	case refused != nil && (failure == nil || failure.Text != refused.text || failure.Code != refused.code):
		t.Errorf("%q is refused (%+v), and judged as %+v", body, refused, failure)
	case refused == nil && failure != nil && (failure.Text != "" || failure.Code != ""):
		t.Errorf("%q: words of nobody: %+v", body, failure)
	}
	if failure != nil {
		_ = failure.Error()
		// isNotFound may take a page or another server's words for the gateway's.
		if isNotFound(failure, saysNoInvoice) && !mayFail || isStaleToken(failure) && !mayFail {
			t.Errorf("%d %q means %+v", status, body, failure)
		}
		return
	}
	if mustFail || bytes.HasPrefix(body, []byte("<")) || status < 200 || status > 299 {
		t.Fatalf("%d %q is taken for a success", status, body)
	}
	accepted := func(name string, there bool, err error) bool {
		if there == (err != nil) || err == nil && !isJSON {
			t.Errorf("%q as %s: %t and %v", body, name, there, err)
		}
		return err == nil
	}
	if err := parseSuccess(body); err == nil {
		if may, _ := oracle.At(value, "result").Is(func(one any) bool { return one == true || one == "true" || one == "success" }); !may {
			t.Errorf("%q is taken for a success", body)
		}
	}
	if invoice, err := parseInvoice(body); accepted("invoice", invoice != nil, err) {
		checkInvoice(t, invoice, value)
		if again, _ := parseInvoice(body); !reflect.DeepEqual(invoice, again) {
			t.Errorf("%q is read in two ways", body)
		}
	}
	if invoices, err := parseInvoices(body); accepted("list", invoices != nil, err) {
		if len(invoices) != len(list) || !isList {
			t.Fatalf("%d invoices of %d: %s", len(invoices), len(list), body)
		}
		for i := range invoices {
			checkInvoice(t, &invoices[i], list[i])
		}
	}
	if created, err := parsePreview(body); accepted("preview", created != nil, err) {
		if created.ID == "" {
			t.Errorf("%q: no id", body)
		}
		oracle.At(value, "invoice_id").CheckID(t, "new id", string(created.ID))
		if created.URL != "" {
			oracle.At(value, "invoice_url").CheckText(t, "address", created.URL)
		}
	}
	if token, err := parseToken(body); accepted("token", token != "", err) {
		oracle.At(value, "token").CheckID(t, "token", token)
	}
	if count, err := parseCount(body); accepted("count", count != nil, err) {
		checkCount(t, count, value)
	}
}

func checkInvoice(t *testing.T, invoice *Invoice, value any) {
	t.Helper()
	if invoice.ID == "" {
		t.Errorf("no id: %v", value)
	}
	for name, id := range map[string]values.ID{"id": invoice.ID, "paymentid": invoice.PaymentID, "user_id": invoice.UserID} {
		oracle.At(value, name).CheckID(t, name, string(id))
	}
	oracle.At(value, "pay_amount").CheckAmount(t, "amount", invoice.Amount, oracle.Missing, oracle.Null, oracle.Blank)
	for name, text := range map[string]string{
		"status": invoice.Status, "clientid": string(invoice.ClientID), "orderid": string(invoice.OrderID), "service_name": string(invoice.ServiceName),
		"client_email": string(invoice.ClientEmail), "client_phone": string(invoice.ClientPhone), "user_login": string(invoice.UserLogin),
	} {
		oracle.At(value, name).CheckText(t, name, text)
	}
	for name, moment := range map[string]values.Time{"expiry_datetime": invoice.Expires, "created_datetime": invoice.Created, "paid_datetime": invoice.Paid} {
		oracle.At(value, name).CheckTime(t, name, moment.Time)
	}
	if invoice.IsPaid() && (invoice.IsOpen(invoice.Created.Time) || invoice.IsExpired(invoice.Created.Time)) {
		t.Errorf("%q is paid, and not", invoice.Status)
	}
}

// checkCount checks that every count is a number that stands in the document, or a sum of such
// numbers, and that it is small enough to ask for so many pages.
func checkCount(t *testing.T, count *Count, value any) {
	t.Helper()
	statuses := oracle.At(value, "statuses")
	if len(statuses.List) > 1 {
		return // it is unclear which of the lists is meant
	}
	want, sum := map[string]*big.Rat{}, new(big.Rat)
	for _, one := range statuses.Listed() {
		status, isText := oracle.At(one, "status"), true
		if len(status.List) == 1 {
			_, isText = status.List[0].(string)
		}
		number := counted(oracle.At(one, "count"))
		if number == nil || len(status.List) > 1 || !isText {
			return
		}
		name := ""
		if len(status.List) == 1 {
			name, _ = status.List[0].(string)
		}
		if want[name] == nil {
			want[name] = new(big.Rat)
		}
		want[name].Add(want[name], number)
		sum.Add(sum, number)
	}
	if len(count.ByStatus) != len(want) {
		t.Errorf("%v, not %v", count.ByStatus, want)
	}
	for name, number := range want {
		if number.Cmp(new(big.Rat).SetInt64(int64(count.ByStatus[name]))) != 0 {
			t.Errorf("%q: %d, not %s", name, count.ByStatus[name], number)
		}
	}
	full := oracle.At(value, "fullcount")
	if none, _ := full.Is(func(one any) bool { return one == nil }); !full.Absent && !none {
		sum = counted(full)
	}
	if len(full.List) < 2 && sum != nil && sum.Cmp(new(big.Rat).SetInt64(int64(count.Full))) != 0 {
		t.Errorf("all: %d, not %s", count.Full, sum)
	}
	if count.Full < 0 || count.Full > 100_000_000 {
		t.Errorf("all: %d", count.Full)
	}
}

// counted is the number that a count says, in any of its shapes. It is nil if there is more
// than one way to read it.
func counted(values oracle.Values) *big.Rat {
	if len(values.List) != 1 || values.Absent {
		return nil
	}
	switch one := values.List[0].(type) {
	case []any:
		if len(one) == 0 {
			return new(big.Rat)
		}
		if len(one) == 1 {
			return counted(oracle.At(one[0], "count"))
		}
	case oracle.Object:
		return counted(oracle.At(one, "count"))
	case json.Number:
		number, _ := oracle.Number(one.String())
		return number
	case string:
		number, _ := oracle.Number(one)
		return number
	}
	return nil
}

// A service_name is a name, or a name and a receipt. Both come back from what is made of them,
// and every amount of the receipt is the one that was written.
func FuzzServiceName(f *testing.F) {
	for _, seed := range []string{
		"Услуга", `{"service_name":"a","cart":[{"name":"b","price":"1.5","quantity":1e3,"sum":"","tax":"none"}]}`, `{"service_name":"","cart":[{}]}`, `{"service_name":"a","cart":[{"price":"x"}]}`,
		`{"service_name":["` + "\xff" + `"],"cart":[null]}`, `{"service_name":"Заказ","cart":[{"name":"Чай \"№1\" <лист>","price":10.5,"quantity":0.125,"sum":1.31,"tax":"vat20"},{"name":5}]}`,
		`{"service_name":"a","cart":"[{\"name\":\"b\",\"price\":\"1.5\",\"sum\":2}]"}`, `{"service_name":"a"}`, `{"service_name":"a","cart":[]}`, `{"cart":[{"name":"a"}]}`, `[]`, "", "\xff", `10.50`, `"0.1"`, `1e999999999`, `".-5"`,
		`{"service_name":"a","lang":"en"}`, `{"service_name":"a","cart":[],"user_result_callback":"https:\/\/shop.example\/?a=1&b"}`, `{"lang":"en"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		checkServiceName(t, value)
		checkServiceName(t, `{"service_name":"a","cart":[{"name":"b","price":`+value+`,"quantity":`+value+`,"sum":`+value+`}]}`)
		if text, err := json.Marshal(value); err == nil {
			checkServiceName(t, `{"service_name":"a","cart":`+string(text)+`}`)
		}
		checkServiceName(t, `{"service_name":"a","lang":`+value+`,"user_result_callback":`+value+`}`)
		checkServiceName(t, `{"service_name":`+value+`,"cart":[{"name":`+value+`,"price":1},{"tax":`+value+`,"item_type":`+value+`,"measure":`+value+`}]}`)
	})
}

func checkServiceName(t *testing.T, value string) {
	t.Helper()
	read := ParseServiceName(value)
	cart := read.Cart
	text, err := read.Format()
	if err != nil {
		t.Fatal(err)
	}
	if read.isName() {
		if text != value || cart != nil {
			t.Fatalf("%q became %q", value, text)
		}
		return
	}
	if again := ParseServiceName(text); again.Name != read.Name || again.Language != read.Language || again.ResultURL != read.ResultURL || !again.Cart.equal(cart) {
		// An amount may be longer when it is written out: 64 digits and 32 zeros.
		if !slices.ContainsFunc(cart, func(one CartItem) bool {
			return max(len(one.Price.String()), len(one.Quantity.String()), len(one.Sum.String())) > 64
		}) {
			t.Errorf("%q: %+v, then %+v", value, read, again)
		}
	}
	document, _ := oracle.Parse([]byte(value))
	oracle.At(document, "service_name").CheckText(t, "name", read.Name)
	oracle.At(document, "lang").CheckText(t, "language", read.Language)
	oracle.At(document, "user_result_callback").CheckText(t, "address", read.ResultURL)
	lists := oracle.At(document, "cart")
	if len(lists.List) > 1 {
		return // it is unclear which of the lists is meant
	}
	if len(lists.List) == 1 {
		if text, isText := lists.List[0].(string); isText {
			lists.List[0], _ = oracle.Parse([]byte(text))
		}
	}
	lines := lists.Listed()
	if len(lines) != len(cart) {
		t.Fatalf("%d lines of %d: %q", len(cart), len(lines), value)
	}
	for i, one := range cart {
		for field, amount := range map[string]values.Decimal{"price": one.Price, "quantity": one.Quantity, "sum": one.Sum} {
			oracle.At(lines[i], field).CheckAmount(t, field, amount, oracle.Missing, oracle.Null, oracle.Blank)
		}
		oracle.At(lines[i], "name").CheckText(t, "name", string(one.Name))
		for field, text := range map[string]values.Text{"tax": one.Tax, "item_type": one.ItemType, "payment_type": one.PaymentType, "measure": one.Measure} {
			oracle.At(lines[i], field).CheckText(t, field, string(text))
		}
	}
}
