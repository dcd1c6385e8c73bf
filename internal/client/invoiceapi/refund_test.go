package invoiceapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

const firewall = "<html>Request blocked</html>"

// Anything but the gateway's own word may come after the money has moved.
func TestARefundMetByPagesIsUnclear(t *testing.T) {
	location := []string{"Location", "/login"}
	for _, answer := range []reply{
		{Status: 301, Header: location}, {Status: 302, Header: location}, {Status: 307, Header: location}, {Status: 308, Header: location},
		{Status: 400, Body: firewall}, {Status: 401, Body: firewall}, {Status: 403, Body: firewall}, {Status: 404, Body: firewall},
		{Status: 403}, {Status: 404, Body: "404 page not found"}, {Status: 404, Body: `{"message":"no Route matched with those values"}`},
		{Status: 405}, {Status: 413}, {Status: 422, Body: "{}"}, {Status: 451}, {Status: 503, Header: []string{"Retry-After", "5"}},
		{Status: 500, Body: `{"error":0,"description":"SQLSTATE[40001]: Serialization failure"}`},
		{Status: 502, Body: `{"error":2,"description":"Неверная сумма"}`}, {Status: 504, Body: `{"error":7}`},
		{Status: 400, Body: sampleRefund}, {Status: 400, Body: `{"id":"1","error":0}`}, {Status: 500, Body: `{"id":"1","error":0}`},
	} {
		s, c := one(t, answer)
		refund, err := trusted(c).CreateRefund(t.Context(), refundRequest(t))
		clienttest.Outcome(t, err, transport.Unclear)
		s.WantSteps(t, "CreateRefund")
		if refund != nil {
			t.Errorf("%d: %+v beside the error", answer.Status, refund)
		}
	}
	// A closing may be done twice, so a page says enough.
	_, c := one(t, reply{Status: 403, Body: firewall})
	_, err := c.ClosePayment(t.Context(), paymentID)
	clienttest.Outcome(t, err, transport.Refused)
}

// The first refund of a client looks up its payment. If that returns no payment, the refund is
// certainly not sent.
func TestTheFirstRefundLooksItsPaymentUp(t *testing.T) {
	mine := ok(strings.Replace(samplePayment, paymentID, refundRequest(t).PaymentID, 1))
	for _, test := range []struct {
		name    string
		find    reply
		steps   string
		outcome transport.Outcome
		message string // "" means that the refund is sent
	}{
		{name: "the payment", find: mine, steps: "GetPayment CreateRefund"},
		{name: "another payment", find: ok(samplePayment), steps: "GetPayment", outcome: transport.NotDone, message: "the answer is about"},
		{name: "no such payment", find: ok(`{"error":8,"description":"Платёж не найден"}`), steps: "GetPayment", outcome: transport.Refused, message: "«Платёж не найден»"},
		{name: "wrong credentials", find: ok(`{"error":0,"description":"Неверный логин"}`), steps: "GetPayment", outcome: transport.Refused, message: "error 0, «Неверный логин»"},
		{name: "wrong address", find: reply{Status: 404, Body: "404 page not found"}, steps: "GetPayment", outcome: transport.NotDone, message: "check the path of base_url"},
		{name: "a firewall", find: reply{Status: 403, Body: firewall}, steps: "GetPayment", outcome: transport.NotDone, message: "the server denies access"},
		{name: "a redirect", find: reply{Status: 301}, steps: "GetPayment", outcome: transport.NotDone, message: "redirected"},
		{name: "a page", find: ok("<html>"), steps: "GetPayment", outcome: transport.NotDone, message: "an HTML page"},
		{name: "no id", find: ok("{}"), steps: "GetPayment", outcome: transport.NotDone, message: "it holds no id"},
		{name: "500", find: failing, steps: "GetPayment GetPayment GetPayment", outcome: transport.NotDone, message: "HTTP 500"},
		{name: "500 with a code", find: reply{Status: 500, Body: `{"error":0,"description":"SQLSTATE"}`}, steps: "GetPayment GetPayment GetPayment", outcome: transport.NotDone, message: "SQLSTATE"},
		{name: "cut", find: lost, steps: "GetPayment GetPayment GetPayment", outcome: transport.NotDone, message: "the connection was cut"},
	} {
		s := newServer(t, map[string][]reply{opGetPayment: {test.find}, opCreateRefund: {ok(sampleRefund)}})
		c := clientOf(s)
		refund, err := c.CreateRefund(t.Context(), refundRequest(t))
		s.WantSteps(t, test.steps)
		if test.message == "" {
			if err != nil || refund.ID != refundID {
				t.Errorf("%s: %+v, %v", test.name, refund, err)
			}
			s.Forget() // one look-up is enough
			if _, err := c.CreateRefund(t.Context(), refundRequest(t)); err != nil {
				t.Error(err)
			}
			s.WantSteps(t, "CreateRefund")
			continue
		}
		clienttest.Outcome(t, err, test.outcome)
		clienttest.Contains(t, err.Error(), "Invoice API v2, CreateRefund: ", "the refund was not sent, since its payment could not be looked up first (GetPayment)", test.message)
		if e, _ := errors.AsType[*transport.Error](err); e.UnderWay || e.TimedOut || refund != nil {
			t.Errorf("%s: %+v, %+v", test.name, e, refund)
		}
	}
}

// Any object that the gateway answered before makes the look-up needless. A refusal does not.
func TestAnAcceptedAnswerMakesTheLookUpNeedless(t *testing.T) {
	for terminal, steps := range map[string]string{sampleTerminal: "GetTerminal CreateRefund", `{"error":11}`: "GetTerminal GetPayment"} {
		s := newServer(t, map[string][]reply{opGetTerminal: {ok(terminal)}, opCreateRefund: {ok(sampleRefund)}})
		c := clientOf(s)
		if _, err := c.FindTerminal(t.Context(), "N1"); err != nil {
			t.Fatal(err)
		}
		_, _ = c.CreateRefund(t.Context(), refundRequest(t))
		s.WantSteps(t, steps)
	}
}

func TestARefundThatIsStoppedBeforeIsNotSent(t *testing.T) {
	s, c := one(t, ok(sampleRefund))
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err := c.CreateRefund(ctx, refundRequest(t))
	clienttest.Outcome(t, err, transport.NotDone)
	s.WantSteps(t, "")
}

// Some declines may follow a refund that was made, wherever the code stands.
func TestDeclinesThatLeaveADoubt(t *testing.T) {
	for code := range guideDeclines {
		want := transport.Refused
		switch code {
		case "[2, 82]", "[2, 95]", "[2, 96]", "[3, -21]":
			want = transport.Unclear
		}
		for _, body := range []string{
			`{"error":12,"description":"Отказ ` + code + `"}`,
			`{"error":2,"description":"` + strings.ReplaceAll(code, " ", "") + `"}`,
			`{"error":"` + code + `","description":"Отказ"}`,
			`{"error":` + code + `,"description":"Отказ"}`,
			`{"error":12,"description":"[2, 51]","additions":{"bank":["отказ","код ` + code + `"]}}`,
		} {
			for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
				s, c := one(t, reply{Status: status, Body: body})
				_, err := trusted(c).CreateRefund(t.Context(), refundRequest(t))
				clienttest.Outcome(t, err, want)
				s.WantSteps(t, "CreateRefund")
				if want == transport.Unclear {
					clienttest.Contains(t, err.Error(), fmt.Sprintf("%s (%s) does not say that no money has moved", code, guideDeclines[code]))
				}
			}
		}
	}
	// A closing moves no money.
	_, c := one(t, ok(`{"error":12,"description":"[2, 96]"}`))
	_, err := c.ClosePayment(t.Context(), paymentID)
	clienttest.Outcome(t, err, transport.Refused)
}

// PHP's default code beside an id is no wrong login, since the object is there.
func TestAnObjectBesideErrorZero(t *testing.T) {
	for _, zero := range []string{`{"error":0,`, `{"error":"0",`} {
		with := func(sample string) reply { return ok(zero + strings.TrimPrefix(strings.TrimSpace(sample), "{")) }
		s := newServer(t, map[string][]reply{
			opCreateRefund: {with(sampleRefund)}, opGetRefund: {with(sampleRefund)}, opGetPayment: {with(samplePayment)}, opGetTerminal: {with(sampleTerminal)},
		})
		c := trusted(clientOf(s))
		if refund, err := c.CreateRefund(t.Context(), refundRequest(t)); err != nil || refund.ID != refundID || refund.Status != "successful" {
			t.Errorf("%+v, %v", refund, err)
		}
		if refund, err := c.FindRefund(t.Context(), refundID); err != nil || refund == nil {
			t.Errorf("%+v, %v", refund, err)
		}
		if payment, err := c.FindPayment(t.Context(), paymentID); err != nil || payment == nil {
			t.Errorf("%+v, %v", payment, err)
		}
		if terminal, err := c.FindTerminal(t.Context(), "N1"); err != nil || terminal == nil {
			t.Errorf("%+v, %v", terminal, err)
		}
		// Without an id it is the refusal that the vendor documents.
		s.Set(opCreateRefund, ok(zero+`"description":"Неверный логин"}`))
		_, err := c.CreateRefund(t.Context(), refundRequest(t))
		clienttest.Outcome(t, err, transport.Refused)
		// Another code beside an id stays an error.
		s.Set(opCreateRefund, ok(`{"id":"R1","error":2,"description":"Неверная сумма"}`))
		_, err = c.CreateRefund(t.Context(), refundRequest(t))
		clienttest.Outcome(t, err, transport.Refused)
	}
}
