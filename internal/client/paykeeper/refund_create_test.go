package paykeeper

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// What is asked first, and what is asked in one look afterwards.
const (
	look      = "byid bypaymentid"
	lookSend  = look + " token reverse"
	lookAfter = lookSend + " " + look
)

const notRefundable = `{"result":"fail","msg":"Нельзя сделать возврат по платежу, статус которого не \"совершён\""}`

// paymentIs is the sample as it is with a status and so much given back, which may be "".
func paymentIs(status, given string) reply {
	amount := `null`
	if given != "" {
		amount = `"` + given + `"`
	}
	return ok("[" + strings.NewReplacer(`"success"`, `"`+status+`"`, `"refund_amount":null`, `"refund_amount":`+amount).Replace(samplePayment) + "]")
}

func rows(list ...string) reply { return ok("[" + strings.Join(list, ",") + "]") }

// untouched is the payment before anything was given back.
var untouched = paymentIs("success", "")

// refundCase is a refund of 300.00 of a payment of 1000.00, unless amount says otherwise.
type refundCase struct {
	payment, refunds, reverse []reply
	amount                    string
	sequence                  int64
	held                      string // ids that others have
	noAdoption                bool
	patience                  time.Duration

	id        string // the refund's; "" where there is none
	isAdopted bool
	isRefused bool // in words, and shown
	before    string
	outcome   transport.Outcome
	kind      RefusalKind
	isError   bool
	isUnclear bool
	fits      string // ids of the candidates
	text      string // of the error
	steps     string
	form      string // what was sent, without id and token
}

func (test *refundCase) server(t *testing.T) *clienttest.Server {
	t.Helper()
	return newServer(t, map[string][]reply{pathPayment: test.payment, pathRefunds: test.refunds, pathReverse: test.reverse})
}

func (test *refundCase) client(s *clienttest.Server) *Client {
	config := clienttest.Quick(nil)
	config.Patience = test.patience
	return New(s.URL, login, password, config)
}

func (test *refundCase) request(t *testing.T) RefundRequest {
	t.Helper()
	if test.amount == "" {
		test.amount = "300"
	}
	return RefundRequest{
		PaymentID: "13", Amount: clienttest.Decimal(t, test.amount), Sequence: max(test.sequence, 1), Adopt: !test.noAdoption,
		IsHeld: func(id string) bool { return test.held != "" && strings.Contains(test.held, id) },
	}
}

func idList(refunds []Refund) string { return strings.Join(idsOf(refunds), " ") }

func (test *refundCase) check(t *testing.T, s *clienttest.Server, made *MadeRefund, err error) {
	t.Helper()
	if (err != nil) != test.isError || (made != nil) == test.isError {
		t.Fatalf("%+v, %v", made, err)
	}
	if test.steps != "" {
		s.WantSteps(t, test.steps)
	}
	if err != nil {
		clienttest.Outcome(t, err, test.outcome)
		clienttest.Contains(t, err.Error(), test.text)
		refusal, isRefusal := errors.AsType[*RefundRefusal](err)
		if isRefusal != (test.kind != 0) || isRefusal && refusal.Kind != test.kind {
			t.Errorf("%+v", refusal)
		}
		unclear, isUnclear := errors.AsType[*UnclearRefund](err)
		if isUnclear != test.isUnclear || isUnclear && (strings.Join(unclear.Before, " ") != test.before || idList(unclear.Candidates) != test.fits) {
			t.Errorf("%+v", unclear)
		}
	} else {
		id := ""
		if made.Refund != nil {
			id = string(made.Refund.ID)
		}
		if id != test.id || made.IsAdopted != test.isAdopted || (made.Refused != nil) != test.isRefused || strings.Join(made.Before, " ") != test.before {
			t.Errorf("%+v", made)
		}
	}
	test.checkForm(t, s)
}

func (test *refundCase) checkForm(t *testing.T, s *clienttest.Server) {
	t.Helper()
	for _, request := range s.Seen() {
		if request.Path != pathReverse {
			continue
		}
		form, err := url.ParseQuery(request.Body)
		if err != nil || form.Get("id") != "13" || form.Get("token") == "" || request.Method != http.MethodPost || request.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("%+v, %v", request, err)
		}
		form.Del("id")
		form.Del("token")
		if got, _ := url.QueryUnescape(form.Encode()); test.form != "" && got != test.form {
			t.Errorf("sent %s, want %s", got, test.form)
		}
	}
}

func runRefunds(t *testing.T, tests map[string]refundCase) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := test.server(t)
			made, err := test.client(s).CreateRefund(t.Context(), test.request(t))
			test.check(t, s, made, err)
		})
	}
}

var (
	mine    = row("5", "300.00", RefundStarted)
	another = row("6", "300.00", RefundDone)
)

// What was asked for, what came back, and what follows.
func TestCreateRefund(t *testing.T) {
	old := row("4", "300.00", RefundFailed)
	runRefunds(t, map[string]refundCase{
		"accepted, and shown":    {payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{ok(success)}, id: "5", steps: lookAfter, form: "amount=300.00&partial=true"},
		"an array of one":        {payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{ok("[" + success + "]")}, id: "5", steps: lookAfter},
		"shown as failed":        {payment: []reply{untouched}, refunds: []reply{none, rows(row("5", "300.00", RefundFailed))}, reverse: []reply{ok(success)}, id: "5"},
		"numbers":                {payment: []reply{untouched}, refunds: []reply{none, ok(`[{"id":5,"payment_id":13,"amount":300,"status":"done"}]`)}, reverse: []reply{ok(success)}, id: "5"},
		"empty bodies":           {payment: []reply{untouched}, refunds: []reply{ok(""), rows(mine)}, reverse: []reply{ok(success)}, id: "5"},
		"beside an old one":      {payment: []reply{untouched}, refunds: []reply{rows(old), rows(mine, old)}, reverse: []reply{ok(success)}, id: "5", before: "4"},
		"beside another amount":  {payment: []reply{untouched}, refunds: []reply{none, rows(mine, row("7", "299.99", RefundDone))}, reverse: []reply{ok(success)}, id: "5"},
		"beside one of another":  {payment: []reply{untouched}, refunds: []reply{none, rows(mine, another)}, reverse: []reply{ok(success)}, held: "6", id: "5"},
		"accepted, not shown":    {payment: []reply{untouched}, refunds: []reply{rows(old)}, reverse: []reply{ok(success)}, before: "4", steps: lookAfter + " " + look},
		"accepted, shown late":   {payment: []reply{untouched}, refunds: []reply{none, none, none, none, rows(mine)}, reverse: []reply{ok(success)}, patience: 10 * time.Second, id: "5"},
		"accepted, not readable": {payment: []reply{untouched, {Status: 404, Body: "x"}}, refunds: []reply{none}, reverse: []reply{ok(success)}},
		"accepted, two fit": {
			payment: []reply{untouched}, refunds: []reply{none, rows(another, mine)}, reverse: []reply{ok(success)}, isError: true, isUnclear: true, fits: "5 6",
			text: "the gateway has accepted the refund; 2 refunds of 300.00 have appeared since, and nothing says which of them it is: refund 5 of 300.00, started, admin, 2026-11-02T12:00:05+03:00; refund 6",
		},

		"lost, and shown":      {payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{cut}, id: "5", steps: lookAfter, form: "amount=300.00&partial=true"},
		"lost, shown late":     {payment: []reply{untouched}, refunds: []reply{none, none, none, rows(mine)}, reverse: []reply{cut}, patience: 10 * time.Second, id: "5"},
		"502, and shown":       {payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{{Status: 502, Body: "<html>"}}, id: "5"},
		"a page, and shown":    {payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{ok("<html>")}, id: "5"},
		"no JSON, and shown":   {payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{ok("done")}, id: "5"},
		"empty, and shown":     {payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{ok("")}, id: "5"},
		"lost, not shown":      {payment: []reply{untouched}, refunds: []reply{rows(old)}, reverse: []reply{cut}, isError: true, isUnclear: true, before: "4", text: "no new one of 300.00 is among them yet", steps: lookAfter + " " + look},
		"lost, late":           {payment: []reply{untouched}, refunds: []reply{none}, reverse: []reply{cut}, patience: 20 * time.Millisecond, isError: true, isUnclear: true},
		"403, not shown":       {payment: []reply{untouched}, refunds: []reply{none}, reverse: []reply{{Status: 403, Body: "<html>"}}, isError: true, isUnclear: true},
		"lost, two fit":        {payment: []reply{untouched}, refunds: []reply{none, rows(mine, another)}, reverse: []reply{cut}, isError: true, isUnclear: true, fits: "5 6", text: "refund 6 of 300.00, done"},
		"lost, not readable":   {payment: []reply{untouched, {Status: 404, Body: "x"}}, refunds: []reply{none}, reverse: []reply{cut}, isError: true, isUnclear: true, text: "could not be looked at afterwards"},
		"lost, an empty body":  {payment: []reply{untouched, paymentIs("refunding", "")}, refunds: []reply{none, ok("")}, reverse: []reply{cut}, isError: true, isUnclear: true, text: `payment 13 is "refunding"`},
		"lost, readable later": {payment: []reply{untouched}, refunds: []reply{none, {Status: 404, Body: "x"}, rows(mine)}, reverse: []reply{cut}, patience: 10 * time.Second, id: "5"},

		"refused":               {payment: []reply{untouched}, refunds: []reply{none}, reverse: []reply{ok(notRefundable)}, isError: true, outcome: transport.Refused, text: "Нельзя сделать возврат", steps: lookAfter},
		"refused for good":      {payment: []reply{untouched}, refunds: []reply{none}, reverse: []reply{ok(notRefundable)}, patience: time.Hour, isError: true, outcome: transport.Refused, steps: lookAfter},
		"refused in an array":   {payment: []reply{untouched}, refunds: []reply{none}, reverse: []reply{ok("[" + notRefundable + "]")}, isError: true, outcome: transport.Refused},
		"refused, and shown":    {payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{ok(notRefundable)}, id: "5", isRefused: true},
		"refused, and failed":   {payment: []reply{untouched}, refunds: []reply{none, rows(row("5", "300.00", RefundFailed))}, reverse: []reply{ok(notRefundable)}, isError: true, outcome: transport.Refused},
		"refused, two fit":      {payment: []reply{untouched}, refunds: []reply{none, rows(mine, another)}, reverse: []reply{ok(notRefundable)}, isError: true, isUnclear: true, fits: "5 6"},
		"refused, not readable": {payment: []reply{untouched, {Status: 404, Body: "x"}}, refunds: []reply{none}, reverse: []reply{ok(notRefundable)}, isError: true, outcome: transport.Refused, text: ErrNotLookedAt.Error()},
		"500 in words":          {payment: []reply{untouched}, refunds: []reply{none}, reverse: []reply{{Status: 500, Body: notRefundable}}, isError: true, isUnclear: true},
		"turned away":           {payment: []reply{untouched}, refunds: []reply{none}, reverse: []reply{{Status: 429}}, isError: true, outcome: transport.NotDone, steps: lookSend + " reverse reverse " + look},
		"turned away once":      {payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{{Status: 429}, ok(success)}, id: "5", steps: lookSend + " reverse " + look},
		"a stale token": {
			payment: []reply{untouched}, refunds: []reply{none, none, rows(mine)}, reverse: []reply{ok(staleToken), ok(success)}, id: "5",
			steps: lookSend + " " + look + " token reverse " + look,
		},
		"a stale token, and shown": {
			payment: []reply{untouched}, refunds: []reply{none, rows(mine)}, reverse: []reply{ok(staleToken), ok(success)}, id: "5", isRefused: true,
			steps: lookSend + " " + look + " " + look,
		},
		"a stale token, not readable": {
			payment: []reply{untouched, {Status: 404, Body: "x"}}, refunds: []reply{none}, reverse: []reply{ok(staleToken), ok(success)}, isError: true, outcome: transport.Refused,
			steps: lookSend + " byid byid",
		},
		"a stale token twice": {
			payment: []reply{untouched}, refunds: []reply{none}, reverse: []reply{ok(staleToken)}, isError: true, outcome: transport.Refused,
			steps: lookSend + " " + look + " token reverse " + look,
		},
	})
}

// On a payment that is held, the call is no refund.
func TestRefundOfAHeldPayment(t *testing.T) {
	captured := ok(strings.Replace("["+samplePayment+"]", `"1000.00"`, `"700.00"`, 1))
	for name, after := range map[string]struct {
		payment reply
		isHeld  bool
	}{
		"canceled": {paymentIs("canceled", ""), true}, "captured": {captured, true}, "under way": {paymentIs("refunding", ""), false},
	} {
		test := refundCase{payment: []reply{untouched, after.payment}, refunds: []reply{none}, reverse: []reply{ok(success)}}
		s := test.server(t)
		made, err := test.client(s).CreateRefund(t.Context(), test.request(t))
		test.check(t, s, made, err)
		if made.IsOfHeld() != after.isHeld {
			t.Errorf("%s: held %t", name, made.IsOfHeld())
		}
	}
}

// Somebody else refunds the payment at the same time, and the gateway takes both.
func TestRefundShowsHowMuchWasGivenBack(t *testing.T) {
	test := refundCase{
		payment: []reply{untouched}, reverse: []reply{ok(success)}, id: "5",
		refunds: []reply{none, rows(mine, row("4", "800.00", RefundDone), row("3", "50.00", RefundFailed))},
	}
	s := test.server(t)
	made, err := test.client(s).CreateRefund(t.Context(), test.request(t))
	test.check(t, s, made, err)
	if made.IsInferred || made.GivenBack.Money() != "1100.00" || made.Paid.Money() != "1000.00" {
		t.Errorf("%s given back of %s", made.GivenBack.Money(), made.Paid.Money())
	}
}

// The time is up while it is looked for. The refunds could be read, so that is what is said.
func TestRefundIsLookedForUntilTheTimeIsUp(t *testing.T) {
	test := refundCase{
		payment: []reply{untouched}, refunds: []reply{none}, reverse: []reply{{Status: 500}}, patience: time.Hour,
		isError: true, isUnclear: true, text: "no new one of 300.00 is among them yet",
	}
	s := test.server(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	made, err := test.client(s).CreateRefund(ctx, test.request(t))
	test.check(t, s, made, err)
}

func TestRefundIsForSomething(t *testing.T) {
	for _, amount := range []string{"0", "-1", "0.001"} {
		test := refundCase{amount: amount, isError: true, outcome: transport.NotDone, text: errNoAmount.Error()}
		s := test.server(t)
		made, err := test.client(s).CreateRefund(t.Context(), test.request(t))
		test.check(t, s, made, err)
		s.WantSteps(t, "")
	}
}
