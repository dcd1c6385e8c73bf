package invoiceapi

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/oracle"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// fuzzDecode feeds any answer to the client. The result is either an object or an error. An
// object comes from no refusal, and the gateway's words come from nothing else. check compares
// the object with the document. The same input also goes into the holes of templates, to reach
// each field of an otherwise valid answer. An answer from a tolerant template must be read
// whatever stands there.
func fuzzDecode[T any, P answerOf[T]](f *testing.F, check func(*testing.T, P, any), samples, templates, tolerant []string) {
	f.Helper()
	seeds := slices.Concat(samples, []string{
		`{}`, `null`, `[]`, ``, `{"error":0}`, `0`, `" 0 "`, `{"id":"1","error":0}`, `{"id":0,"error":"0"}`, `{"error":null,"id":1}`, `{"id":1,"error":[ ]}`, `{"error":" "}`, `{"ERROR":1,"description":[1]}`, `<html>`, `{"id":" "}`,
		`{"error":2,"description":"Неверная сумма","additions":{"order.amount":["must be positive"]}}`, `{"error":"7","additions":{"a":"b"}}`, `{"error":8,"additions":[]}`,
		`1500`, `"1500.50"`, `""`, `-300`, `1e3`, `1e999999999`, `0.1`, `".-5"`, `{"a":[1]}`, `"2019-07-20T19:19:10.000Z"`, `"2019-07-20 19:19:10"`, `"Отказ [2, 51]"`, `[2, 51]`, `true`, "\"\xff\"",
	})
	one := func(t *testing.T, status int, body []byte) P {
		t.Helper()
		answer := &transport.Answer{Status: status, Body: body}
		object, failure := decode[T, P](answer)
		if (object == nil) == (failure == nil) {
			t.Fatalf("%d %q: %v and %v", status, body, object, failure)
		}
		if again, failedAgain := decode[T, P](answer); !reflect.DeepEqual(object, again) || !reflect.DeepEqual(failure, failedAgain) {
			t.Errorf("%d %q is read in two ways", status, body)
		}
		value, isJSON := oracle.Parse(body)
		may, must := refuses(value)
		if refusal := parseRefusal(body); refusal != nil && refusal.isDocumented() && !may {
			t.Errorf("%q is a documented refusal", body)
		}
		if failure != nil {
			_ = failure.Error()
			if said := failure.Code != "" || failure.Text != "" || len(failure.Fields) > 0; said && !may || !said && must {
				t.Errorf("%d %q: a refusal? %+v", status, body, failure)
			}
			return nil
		}
		if !isJSON || must || status < 200 || status > 299 || object.identity() == "" {
			t.Fatalf("%d %q is taken for %+v", status, body, object)
		}
		oracle.At(value, "id").CheckID(t, "id", string(object.identity()))
		check(t, object, value)
		return object
	}
	oracle.Fuzz(f, []int{100, 200, 404, 500}, seeds, templates, tolerant, func(t *testing.T, status int, body []byte) bool {
		return one(t, status, body) != nil
	})
}

// refuses reports whether the field "error" says that something failed, rather than, in one of
// PHP's ways, that nothing did. Beside an id, 0 is one of those ways.
func refuses(value any) (may, must bool) {
	code, id := oracle.At(value, "error"), oracle.At(value, "id")
	mayBeZero, _ := code.Is(func(one any) bool { return strings.TrimSpace(fmt.Sprint(one)) == "0" })
	may, must = code.Is(func(code any) bool {
		switch v := code.(type) {
		case nil:
			return false
		case bool:
			return v
		case []any:
			return len(v) > 0
		case string:
			return !slices.Contains([]string{"", "null", "false", "[]"}, strings.TrimSpace(v))
		}
		return true
	})
	return may, must && (!mayBeZero || len(id.List) == 0)
}

// amountOf is nil for none, and for a pointer to none.
func amountOf(d *values.Decimal) oracle.Amount {
	if d == nil {
		return nil
	}
	return d
}

func FuzzPayment(f *testing.F) {
	fuzzDecode(f, func(t *testing.T, p *Payment, value any) {
		oracle.At(value, "order", "amount").CheckAmount(t, "amount", p.Order.Amount, oracle.Missing, oracle.Null, oracle.Blank)
		oracle.At(value, "order", "id").CheckID(t, "order id", string(p.Order.ID))
		oracle.At(value, "order", "currency").CheckText(t, "currency", p.Order.Currency)
		oracle.At(value, "status").CheckText(t, "status", p.Status)
		oracle.At(value, "payment_url").CheckText(t, "address", p.URL)
		oracle.At(value, "status_description").CheckText(t, "description", string(p.StatusDescription))
		oracle.At(value, "create_date").CheckTime(t, "created", p.Created.Time)
		oracle.At(value, "expire_date").CheckTime(t, "expires", p.Expires.Time)
		checkMethod(t, p.Method, value)
		checkDecline(t, string(p.StatusDescription))
		_ = p.Differences(CreatePaymentRequest{CustomParameters: json.RawMessage(`{"a":1}`)}).String()
		if p.IsOpen(p.Created.Time) && (p.IsPaid() || p.IsClosed() || p.IsFailed()) {
			t.Errorf("%q is open, and over", p.Status)
		}
	}, []string{
		samplePayment, `{"id":1,"payment_method":[],"status_description":[2, 51],"create_date":1,"custom_parameters":null}`,
		`{"id":"1","order":{"amount":"10.10","AMOUNT":20},"payment_method":"card"}`, `{"id":"1","order":{"amount":1},"order":[]}`,
	}, []string{
		`{"id":"1","order":{"amount":§},"status":"init"}`, `{"id":§,"order":{"id":§}}`, `{"id":"1","error":§,"status":"init"}`, `{"error":2,"description":§,"additions":§}`,
		`{"id":"1","order":§,"status":§,"payment_url":§}`, `{"id":"1","order":{"currency":§,"description":§}}`,
	}, []string{
		`{"id":"1","order":{"amount":1},"status_description":§,"create_date":§,"update_date":§,"expire_date":§,"custom_parameters":§}`,
		`{"id":"1","payment_method":§}`, `{"id":"1","payment_method":{"type":"card","funds":§,"terminal_id":45}}`,
	})
}

func FuzzTerminal(f *testing.F) {
	fuzzDecode(f, func(t *testing.T, terminal *Terminal, value any) {
		oracle.At(value, "defaultPrice").CheckAmount(t, "price", amountOf(terminal.DefaultPrice), oracle.Blank)
		oracle.At(value, "name").CheckText(t, "name", terminal.Name)
		oracle.At(value, "description").CheckText(t, "description", terminal.Description)
		oracle.At(value, "link").CheckText(t, "address", terminal.URL)
		if terminal.CanComments != nil {
			if may, _ := oracle.At(value, "canComments").Is(func(one any) bool {
				text, _ := json.Marshal(one)
				return slices.Contains(map[bool][]string{true: {"true", "1"}, false: {"false", "0"}}[*terminal.CanComments], strings.Trim(string(text), `"`))
			}); !may {
				t.Errorf("comments: %t", *terminal.CanComments)
			}
		}
		_ = terminal.Differences(CreateTerminalRequest{Type: TerminalStatic}).String()
	}, []string{
		sampleTerminal, `{"id":"1","type":"statical","defaultPrice":"1e999999999"}`, `{"id":"1","type":"dynamical","defaultPrice":null,"canComments":"0"}`,
	}, []string{
		`{"id":§,"type":§,"link":§}`, `{"id":"1","defaultPrice":§}`, `{"id":"1","error":§}`,
	}, []string{
		`{"id":"1","name":§,"description":§,"canComments":§}`,
	})
}

func FuzzRefund(f *testing.F) {
	fuzzDecode(f, func(t *testing.T, r *Refund, value any) {
		oracle.At(value, "refund", "amount").CheckAmount(t, "amount", r.Refund.Amount, oracle.Missing, oracle.Null, oracle.Blank)
		oracle.At(value, "payment_id").CheckID(t, "payment id", string(r.PaymentID))
		oracle.At(value, "status").CheckText(t, "status", r.Status)
		oracle.At(value, "create_date").Or(oracle.At(value, "date_insert")).CheckTime(t, "created", r.Created.Time)
		oracle.At(value, "update_date").Or(oracle.At(value, "date_update")).CheckTime(t, "updated", r.Updated.Time)
		checkMethod(t, r.Method, value)
	}, []string{
		sampleRefund, `{"id":1,"date_insert":"x","payment_method":"card"}`, `{"id":1,"create_date":"","date_insert":"2019-07-20 20:35:43"}`,
		`{"id":1,"create_date":"2019-07-20T20:35:43.000Z","date_update":"2019-07-21 20:35:43"}`,
	}, []string{
		`{"id":"1","refund":{"amount":§},"status":"init"}`, `{"id":§,"payment_id":§}`, `{"id":"1","refund":§,"status":§}`, `{"id":"1","error":§}`,
	}, []string{
		`{"id":"1","create_date":§,"date_insert":§,"update_date":§,"date_update":§,"custom_parameters":§}`,
		`{"id":"1","payment_method":§}`, `{"id":"1","payment_method":{"account":"","funds":§,"bonuses":§}}`,
	})
}

func checkMethod(t *testing.T, m lenientMethod, value any) {
	t.Helper()
	if m.PaymentMethod == nil {
		return
	}
	funds, bonuses := oracle.At(value, "payment_method", "funds"), oracle.At(value, "payment_method", "bonuses")
	funds.CheckAmount(t, "funds", amountOf(m.Funds), oracle.Blank)
	bonuses.CheckAmount(t, "bonuses", amountOf(m.Bonuses), oracle.Blank)
	oracle.At(value, "payment_method", "terminal_id").CheckID(t, "terminal id", string(m.TerminalID))
}

var zerosInFront = regexp.MustCompile(`(^|[^0-9])0+([0-9])`)

// checkDecline checks that a reason belongs to a code in the text.
func checkDecline(t *testing.T, text string) {
	t.Helper()
	reason, found := FindDeclineReason(text)
	if !found {
		return
	}
	without := func(text string) string {
		return zerosInFront.ReplaceAllString(strings.Join(strings.Fields(text), ""), "$1$2")
	}
	if !strings.Contains(without(text), without(strings.Trim(reason.Code, "[]"))) || reason.Name == "" || reason.Description == "" {
		t.Errorf("%q means %+v", text, reason)
	}
}
