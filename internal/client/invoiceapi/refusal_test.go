package invoiceapi

import (
	"errors"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

func TestParseRefusal(t *testing.T) {
	type fields = map[string][]string
	tests := []struct {
		name, body string
		want       *refusal // nil means that there is no error body
	}{
		{"documented", `{"error":2,"description":"Неверная сумма","additions":{"order.amount":["must be positive"]}}`, &refusal{"2", "Неверная сумма", fields{"order.amount": {"must be positive"}}}},
		{"zero is a code", `{"error":0,"description":"Неверный логин"}`, &refusal{code: "0", text: "Неверный логин"}},
		{"zero as a string too", `{"error":"0"}`, &refusal{code: "0"}},
		{"a code as a string", `{"error":" 7 "}`, &refusal{code: "7"}},
		{"a negative code", `{"error":-1}`, &refusal{code: "-1"}},
		{"words as a code", `{"error":"\u041d\u0435\u0442"}`, &refusal{code: "Нет"}},
		{"true", `{"error":true}`, &refusal{code: "true"}},
		{"an object", `{"error":{"code":2}}`, &refusal{code: `{"code":2}`}},
		{"beside an id", `{"id":"1","error":3}`, &refusal{code: "3"}},
		{"zero beside an id is none", `{"id":"1","error":0}`, nil},
		{"zero as a string beside an id", `{"id":1,"error":" 0 "}`, nil},
		{"zero beside no id", `{"id":"","error":0}`, &refusal{code: "0"}},
		{"zero beside an id of null", `{"id":null,"error":0}`, &refusal{code: "0"}},
		{"zero beside an id of 0", `{"id":0,"error":0}`, &refusal{code: "0"}},
		{"zero beside an id that is none", `{"id":{},"error":0}`, &refusal{code: "0"}},
		{"null is none", `{"error":null,"id":"1"}`, nil},
		{"false is none", `{"error":false,"id":"1"}`, nil},
		{"an empty string is none", `{"error":"","id":"1"}`, nil},
		{"blanks are none", `{"error":"  ","id":"1"}`, nil},
		{"the words null and false are none too", `{"error":"null","id":"1"}`, nil},
		{"the word false", `{"error":"false","id":"1"}`, nil},
		{"PHP's empty object is none", `{"error":[],"id":"1"}`, nil},
		{"with blanks in it", `{"error":[ ],"id":"1"}`, nil},
		{"absent is none", `{"description":"fine"}`, nil},
		{"additions as a list", `{"error":2,"additions":["a"]}`, &refusal{code: "2"}},
		{"additions as PHP's empty object", `{"error":2,"additions":[]}`, &refusal{code: "2"}},
		{"additions as a string", `{"error":2,"additions":"amount"}`, &refusal{code: "2"}},
		{"additions null", `{"error":2,"additions":null}`, &refusal{code: "2"}},
		{"additions without a list", `{"error":2,"additions":{"amount":"bad","id":["a","b"],"x":{"y":1},"n":5}}`, &refusal{"2", "", fields{"amount": {"bad"}, "id": {"a", "b"}, "x": {`{"y":1}`}, "n": {"5"}}}},
		{"a description that is a list", `{"error":2,"description":["a","b"]}`, &refusal{code: "2", text: `["a","b"]`}},
		{"a description that is a number", `{"error":2,"description":404}`, &refusal{code: "2", text: "404"}},
		{"a description that is null", `{"error":2,"description":null}`, &refusal{code: "2"}},
		{"an empty body", ``, nil},
		{"HTML", `<html>error</html>`, nil},
		{"a list", `[{"error":2}]`, nil},
		{"a string", `"error"`, nil},
		{"null", `null`, nil},
		{"half a document", `{"error":2`, nil},
		{"something behind", `{"error":2} Warning: PHP`, nil},
	}
	for _, test := range tests {
		got := parseRefusal([]byte(test.body))
		if (got == nil) != (test.want == nil) {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
			continue
		}
		if got != nil {
			if got.code != test.want.code || got.text != test.want.text {
				t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
			}
			if len(got.fields)+len(test.want.fields) > 0 {
				clienttest.Same(t, got.fields, test.want.fields)
			}
		}
	}
}

func TestDocumentedCodes(t *testing.T) {
	for code, want := range map[string]bool{
		"0": true, "1": true, "2": true, "3": true, "4": true, "5": true, "6": true, "7": true, "11": true,
		"8": false, "9": false, "10": false, "12": false, "-1": false, "00": false, "true": false,
	} {
		if got := parseRefusal([]byte(`{"error":"` + code + `"}`)).isDocumented(); got != want {
			t.Errorf("%s: documented %t, want %t", code, got, want)
		}
	}
	if parseRefusal([]byte(samplePayment)) != nil {
		t.Error("a payment is taken for a refusal")
	}
}

const (
	repeated = "GetPayment GetPayment GetPayment"
	once     = "GetPayment"
)

// An undocumented refusal that gives no reason, or that reports a broken server, may come after
// the money has moved.
func TestRefundRefusedWithoutAReason(t *testing.T) {
	for _, test := range []struct {
		status  int
		body    string
		outcome transport.Outcome
	}{
		{200, `{"error":true}`, transport.Unclear},
		{200, `{"error":500,"description":"Internal Server Error"}`, transport.Unclear},
		{200, `{"error":"503","description":"Сервис недоступен"}`, transport.Unclear},
		{409, `{"error":"99"}`, transport.Unclear},
		{400, `{"error":"99"}`, transport.Unclear},
		{403, `{"error":403,"description":"Forbidden"}`, transport.Unclear},
		{403, `{"error":"forbidden","description":"Forbidden."}`, transport.Unclear},
		{404, `{"error":404,"description":"Not Found"}`, transport.Unclear},
		{404, `{"error":404,"description":"Payment not found"}`, transport.Refused},
		{400, `{"error":422,"description":"Сумма больше платежа"}`, transport.Refused},
		{200, `{"error":8,"description":"Not found"}`, transport.Refused},
		{200, `{"error":true,"description":"Чек неверен"}`, transport.Refused},
		{200, `{"error":"99","additions":{"receipt":["пуст"]}}`, transport.Refused},
	} {
		s, c := one(t, reply{Status: test.status, Body: test.body})
		_, err := trusted(c).CreateRefund(t.Context(), refundRequest(t))
		if err == nil || transport.OutcomeOf(err) != test.outcome {
			t.Errorf("%d %s: outcome %d, want %d: %v", test.status, test.body, transport.OutcomeOf(err), test.outcome, err)
		}
		s.WantSteps(t, "CreateRefund")
	}
}

// With 2xx and 4xx an error body decides, documented or not. 408 and 429 mean what they mean
// without it.
func TestErrorBodyOnEveryStatus(t *testing.T) {
	const documented, other = `{"error":2,"description":"Неверная сумма","additions":{"order.amount":["must be positive"]}}`, `{"error":8,"description":"Что-то не так"}`
	tests := []struct {
		status  int
		body    string
		reads   string // the requests of a read; a creation is sent once, except for 429
		outcome transport.Outcome
	}{
		{200, documented, once, transport.Refused},
		{400, documented, once, transport.Refused},
		{404, documented, once, transport.Refused},
		{408, documented, once, transport.Unclear},
		{429, documented, repeated, transport.NotDone},
		{500, documented, repeated, transport.Unclear},
		{502, documented, repeated, transport.Unclear},
		{503, documented, repeated, transport.Unclear},
		{504, documented, repeated, transport.Unclear},
		{302, documented, once, transport.Unclear},
		{200, other, once, transport.Refused},
		{201, other, once, transport.Refused},
		{400, other, once, transport.Refused},
		{403, other, once, transport.Refused},
		{409, other, once, transport.Refused},
		{499, other, once, transport.Refused},
		{408, other, once, transport.Unclear},
		{302, other, once, transport.Unclear},
		{429, other, repeated, transport.NotDone},
		{500, other, repeated, transport.Unclear},
		{502, other, repeated, transport.Unclear},
		{503, other, repeated, transport.Unclear},
	}
	for _, test := range tests {
		s, c := one(t, reply{Status: test.status, Body: test.body})
		_, err := call[Payment](t.Context(), c, opGetPayment, map[string]string{"id": "1"})
		clienttest.Outcome(t, err, test.outcome)
		s.WantSteps(t, test.reads)

		s, c = one(t, reply{Status: test.status, Body: test.body})
		_, err = trusted(c).CreateRefund(t.Context(), refundRequest(t))
		clienttest.Outcome(t, err, test.outcome)
		if test.status != 429 {
			s.WantSteps(t, "CreateRefund")
		}
		e, _ := errors.AsType[*transport.Error](err)
		if e.Status != test.status || e.Cause != nil || e.Gateway != Name || e.Operation != "CreateRefund" {
			t.Errorf("HTTP %d: %+v", test.status, e)
		}
		if test.body == documented {
			clienttest.Contains(t, err.Error(), "Invoice API v2, CreateRefund: HTTP ", "error 2, «Неверная сумма», order.amount: «must be positive»")
		} else {
			clienttest.Contains(t, err.Error(), "error 8, «Что-то не так»")
		}
	}
}

// An answer may be neither an object with an id nor an error body.
func TestAnswerThatIsNotTheGateways(t *testing.T) {
	tests := []struct {
		name    string
		answer  reply
		reads   string
		outcome transport.Outcome
		message string
	}{
		{"HTML with 200", ok("<!DOCTYPE html><p>hello"), once, transport.Unclear, "an HTML page, not JSON"},
		{"nothing", ok(""), once, transport.Unclear, "the answer is empty"},
		{"no content", reply{Status: 204}, once, transport.Unclear, "the answer is empty"},
		{"half a document", ok(`{"id":"1","sta`), once, transport.Unclear, "the answer cannot be read: unexpected end of JSON input"},
		{"something behind", ok(samplePayment + "<br>Warning"), once, transport.Unclear, "the answer cannot be read"},
		{"no id", ok(`{}`), once, transport.Unclear, "it holds no id: «{}»"},
		{"an id of null", ok(`{"id":null}`), once, transport.Unclear, "it holds no id"},
		{"an empty id", ok(`{"id":""}`), once, transport.Unclear, "it holds no id"},
		{"null", ok(`null`), once, transport.Unclear, "it holds no id: «null»"},
		{"a list", ok(`[` + samplePayment + `]`), once, transport.Unclear, "the answer cannot be read"},
		{"an id that is none", ok(`{"id":{}}`), once, transport.Unclear, "neither a string nor a number"},
		{"an amount that is none", ok(`{"id":"1","order":{"amount":"much"}}`), once, transport.Unclear, "not a number"},
		{"a payment with an error status", reply{Status: 400, Body: samplePayment}, once, transport.Refused, "HTTP 400, unexpected answer"},
		{"a payment with 500", reply{Status: 500, Body: samplePayment}, repeated, transport.Unclear, "HTTP 500, unexpected answer"},
		{"a payment with 302", reply{Status: 302, Body: samplePayment}, once, transport.Unclear, "redirected"},
		{"404 of another server", reply{Status: 404, Body: "404 page not found"}, once, transport.Refused, "HTTP 404, the server has nothing at this address: check the path of base_url: «404 page not found»"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, c := one(t, test.answer)
			payment, err := c.FindPayment(t.Context(), paymentID)
			clienttest.Outcome(t, err, test.outcome)
			clienttest.Contains(t, err.Error(), "Invoice API v2, GetPayment: ", test.message)
			s.WantSteps(t, test.reads)
			if payment != nil {
				t.Errorf("got %+v beside the error", payment)
			}
		})
	}
}

func TestAnySuccessStatusIsOne(t *testing.T) {
	for _, status := range []int{200, 201, 299} {
		_, c := one(t, reply{Status: status, Body: "\n " + samplePayment + "\r\n"})
		if payment, err := c.FindPayment(t.Context(), paymentID); err != nil || payment.ID != paymentID {
			t.Errorf("HTTP %d: %v", status, err)
		}
	}
}

func TestWhatARefusalWasAbout(t *testing.T) {
	tests := []struct {
		err   error
		order bool
	}{
		{&transport.Error{Code: "11", Outcome: transport.Refused}, false},
		{&transport.Error{Code: "7", Outcome: transport.Refused}, true},
		{&transport.Error{Code: "7", Outcome: transport.Unclear}, false},
		{&transport.Error{Code: "11", Outcome: transport.NotDone}, false},
		{&transport.Error{Code: "1", Outcome: transport.Refused}, false},
		{errors.New("7"), false},
		{nil, false},
	}
	for _, test := range tests {
		if IsOrderRefused(test.err) != test.order {
			t.Errorf("%v: order %t", test.err, IsOrderRefused(test.err))
		}
	}
}
