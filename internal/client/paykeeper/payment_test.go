package paykeeper

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// samplePayment has the fields that public clients know.
const samplePayment = `{"id":"13","pay_amount":"1000.00","refund_amount":null,"clientid":"Иванов Иван","orderid":"A-1","payment_system_id":"30",
  "unique_id":"u-1","status":"success","repeat_counter":"0","pending_datetime":"2026-11-01 10:00:00","obtain_datetime":"2026-11-01 10:00:05",
  "success_datetime":"2026-11-01 10:00:09","site_description":"Заказ","system_description":"Карта"}`

const noPayment = `{"result":"fail","msg":"Платёж не найден."}`

func TestFindPayment(t *testing.T) {
	for name, test := range map[string]struct {
		answer  reply
		isFound bool
		text    string // of the error
		isEmpty bool
	}{
		"an array of one":         {answer: ok("[" + samplePayment + "]"), isFound: true},
		"an object":               {answer: ok(samplePayment), isFound: true},
		"numbers":                 {answer: ok(strings.NewReplacer(`"13"`, `13`, `"1000.00"`, `1000`, `"30"`, `30`).Replace(samplePayment)), isFound: true},
		"an empty list":           {answer: none},
		"an empty list of blanks": {answer: ok("[\n]")},
		"the gateway's own words": {answer: ok(noPayment)},
		"an empty body":           {answer: ok(""), text: ErrEmptyAnswer.Error(), isEmpty: true},
		"blanks":                  {answer: ok(" \n"), text: ErrEmptyAnswer.Error(), isEmpty: true},
		"another refusal":         {answer: ok(`{"result":"fail","msg":"Пользователь не найден"}`), text: "Пользователь не найден"},
		"another payment":         {answer: ok(strings.Replace(samplePayment, `"13"`, `"14"`, 1)), text: `about payment "14", not "13"`},
		"two of them":             {answer: ok("[" + samplePayment + "," + samplePayment + "]"), text: "a list of 2"},
		"no id":                   {answer: ok("{}"), text: errNoID.Error()},
		"null":                    {answer: ok("null"), text: "no JSON object"},
		"a page":                  {answer: ok("<html>"), text: ErrWrongLogin.Error()},
		"a server error":          {answer: reply{Status: 500}, text: "HTTP 500"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, map[string][]reply{pathPayment: {test.answer}})
			got, err := clientOf(s).FindPayment(t.Context(), "13")
			if (got != nil) != test.isFound || (err != nil) != (test.text != "") || err != nil && !strings.Contains(err.Error(), test.text) {
				t.Fatalf("%+v, %v", got, err)
			}
			if errors.Is(err, ErrEmptyAnswer) != test.isEmpty {
				t.Errorf("%v", err)
			}
			if err != nil {
				clienttest.Outcome(t, err, failedRead(test.answer))
			}
			if request := s.Seen()[0]; request.Method != http.MethodGet || request.Query != "id=13" {
				t.Errorf("%+v", request)
			}
			if got != nil && (got.ID != "13" || got.Amount.Money() != "1000.00" || !got.RefundAmount.IsZero() || got.SystemID != "30" || got.OrderID != "A-1" ||
				got.Status != PaymentSuccess || got.Obtained.Format(time.RFC3339) != "2026-11-01T10:00:05+03:00" || !got.IsUntouched()) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// failedRead is the outcome of a read that got this answer.
func failedRead(r reply) transport.Outcome {
	if strings.Contains(r.Body, "fail") {
		return transport.Refused
	}
	return transport.Unclear
}

func TestPaymentInTheZoneOfTheServer(t *testing.T) {
	c := clientOf(newServer(t, map[string][]reply{pathPayment: {ok(samplePayment)}, pathRefunds: {ok("[" + row("5", "300.00", RefundDone) + "]")}}))
	c.SetZone(time.FixedZone("", 7*60*60))
	payment, err := c.FindPayment(t.Context(), "13")
	if err != nil || payment.Success.Format(time.RFC3339) != "2026-11-01T10:00:09+07:00" {
		t.Fatalf("%+v, %v", payment, err)
	}
	if refunds, err := c.Refunds(t.Context(), payment); err != nil || refunds[0].Created.Format(time.RFC3339) != "2026-11-02T12:00:05+07:00" {
		t.Errorf("%+v, %v", refunds, err)
	}
}

func TestWhatAStatusMeans(t *testing.T) {
	for status, want := range map[string][3]bool{ // was paid, can be refunded, is untouched
		"pending": {false, false, true}, "success": {true, true, true}, "obtained": {true, true, true}, "stuck": {true, true, true},
		"canceled": {false, false, true}, "failed": {false, false, true}, "refunding": {true, false, false}, "refunded": {true, false, false},
		"partially_refunded": {true, true, false}, "Refund_failed": {false, false, false}, "": {false, false, true},
	} {
		p := Payment{Status: status}
		if got := [3]bool{p.WasPaid(), p.CanBeRefunded(), p.IsUntouched()}; got != want {
			t.Errorf("%q: %v, want %v", status, got, want)
		}
		if p.RefundAmount = clienttest.Decimal(t, "0.01"); p.IsUntouched() {
			t.Errorf("%q is untouched, though something was given back", status)
		}
	}
}

// row is a line of the list of refunds. Its time follows its id.
func row(id, amount, status string) string {
	return `{"id":"` + id + `","payment_id":"13","refund_number":"1","user":"admin","amount":"` + amount + `","remainder":"700.00","datetime":"2026-11-02 12:00:0` + id[:1] + `","status":"` + status + `"}`
}

func TestRefunds(t *testing.T) {
	three := []string{row("3", "1.00", RefundStarted), row("22", "2.00", RefundDone), row("23", "3.00", RefundFailed)}
	for name, test := range map[string]struct {
		answer reply
		// touched is what is said where the payment has refunds, untouched where it has none.
		// Both are the ids, or a part of the error.
		touched, untouched string
	}{
		"oldest first":            {ok("[" + strings.Join(three, ",") + "]"), "22 23 3", "22 23 3"},
		"newest first":            {ok("[" + three[0] + "," + three[2] + "," + three[1] + "]"), "22 23 3", "22 23 3"},
		"an empty list":           {none, "", ""},
		"an empty body":           {ok(""), "! payment 13 is \"success\" with 300.00 given back", ""},
		"an object":               {ok("{}"), "! but the gateway returns no list", ""},
		"null":                    {ok("null"), "! but the gateway returns no list", ""},
		"false":                   {ok("false"), "! but the gateway returns no list", ""},
		"the gateway's own words": {ok(`{"result":"fail","msg":"Возвраты не найдены"}`), "! «Возвраты не найдены»", ""},
		"a refusal":               {ok(`{"result":"fail","msg":"Нет прав"}`), "! Нет прав", "! Нет прав"},
		"words about the payment": {ok(noPayment), "! Платёж", "! Платёж"},
		"one without a list":      {ok(three[0]), "3", "3"},
		"no JSON":                 {ok("none"), "! no JSON document", "! no JSON document"},
		"half a list":             {ok("[" + three[0]), "! no JSON document", "! no JSON document"},
		"a line without an id":    {ok(`[{"amount":"1.00"}]`), "! no id", "! no id"},
		"without an amount":       {ok(strings.Replace("["+three[0]+"]", `"1.00"`, `null`, 1)), "! refund 3 has no amount", "! refund 3 has no amount"},
		"with a negative amount":  {ok(strings.Replace("["+three[0]+"]", `"1.00"`, `-1`, 1)), "! refund 3 has no amount", "! refund 3 has no amount"},
		"of another payment":      {ok(strings.Replace("["+three[0]+"]", `"13"`, `"14"`, 1)), `! refund 3 is of payment "14"`, `! refund 3 is of payment "14"`},
		"a line that is null":     {ok("[null]"), "! no id", "! no id"},
		"numbers":                 {ok(`[{"id":7,"payment_id":13,"refund_number":1,"amount":10.5,"remainder":null,"status":"done"}]`), "7", "7"},
		"a server error":          {reply{Status: 502}, "! HTTP 502", "! HTTP 502"},
	} {
		for amount, want := range map[string]string{"300": test.touched, "0": test.untouched} {
			s := newServer(t, map[string][]reply{pathRefunds: {test.answer}})
			got, err := clientOf(s).Refunds(t.Context(), &Payment{ID: "13", Status: PaymentSuccess, RefundAmount: clienttest.Decimal(t, amount)})
			ids := ""
			for i := range got {
				ids = strings.TrimSpace(ids + " " + string(got[i].ID))
			}
			text, isError := strings.CutPrefix(want, "! ")
			if (err != nil) != isError || err != nil && !strings.Contains(err.Error(), text) || err == nil && (ids != want || got == nil) {
				t.Errorf("%s, %s given back: %q, %v", name, amount, ids, err)
			}
			if test.answer.Body == "" && test.answer.Status == 200 && isError && !errors.Is(err, ErrEmptyAnswer) {
				t.Errorf("%s: %v", name, err)
			}
			if request := s.Seen()[0]; request.Method != http.MethodGet || request.Query != (url.Values{"id": {"13"}}).Encode() {
				t.Errorf("%+v", request)
			}
		}
	}
}

func TestWhatARefundSays(t *testing.T) {
	refunds, _, err := parseRefunds([]byte("[" + row("5", "300.00", RefundStarted) + `,{"id":6,"amount":1,"status":"odd"}]`))
	if err != nil || refunds[0].Remainder.Money() != "700.00" || refunds[0].Number != "1" || refunds[1].Remainder != nil {
		t.Fatalf("%+v, %v", refunds, err)
	}
	if got, want := refunds[0].String(), "refund 5 of 300.00, started, admin, 2026-11-02T12:00:05+03:00"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := refunds[1].String(), "refund 6 of 1.00, odd"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if one := refunds[1]; one.IsPending() || one.IsFailed() || one.IsDone() || one.isOver() {
		t.Errorf("a word that nobody knows means something: %+v", one)
	}
}
