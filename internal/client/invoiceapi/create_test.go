package invoiceapi

import (
	"context"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

const absentBody = `{"error":8,"description":"Не найден"}`

var (
	lost    = reply{Cut: true}
	absent  = ok(absentBody)
	failing = reply{Status: 500, Body: "oops"}
	busy    = reply{Status: 503, Header: []string{"Retry-After", "0"}}
)

// creation is one course of creating an object by a key: the answers of the call and of its
// look-up, and what must follow.
type creation struct {
	name           string
	creates, finds []reply
	steps          string // C for a creation, F for a look-up
	message        string // the error's message; "" means that the object is returned
	outcome        transport.Outcome
}

// courses are the same for terminals and payments. body is what was asked for, foreign is
// another object under the key, and taken is the code of a key in use.
func courses(body, foreign, taken, differs string) []creation {
	refused := ok(`{"error":` + taken + `,"description":"занято"}`)
	return []creation{
		{name: "done", creates: []reply{ok(body)}, steps: "C"},
		{name: "lost, there: adopted", creates: []reply{lost}, finds: []reply{ok(body)}, steps: "CF"},
		{name: "500, there: adopted", creates: []reply{failing}, finds: []reply{ok(body)}, steps: "CF"},
		{name: "HTML with 200, there: adopted", creates: []reply{ok("<html>")}, finds: []reply{ok(body)}, steps: "CF"},
		{name: "no id, there: adopted", creates: []reply{ok("{}")}, finds: []reply{ok(body)}, steps: "CF"},
		{name: "lost, another one is there", creates: []reply{lost}, finds: []reply{ok(foreign)}, steps: "CF", message: "under its key there is another object: " + differs},
		{name: "lost, absent, done", creates: []reply{lost, ok(body)}, finds: []reply{absent}, steps: "CFC"},
		{name: "lost, absent for ever", creates: []reply{lost}, finds: []reply{absent}, steps: "CFCFCF", message: "EOF; it was looked up", outcome: transport.Unclear},
		{name: "lost, absent, 429 for ever, absent", creates: []reply{lost, {Status: 429}}, finds: []reply{absent}, steps: "CFCCCF", message: "HTTP 429", outcome: transport.Unclear},
		{name: "lost, the look-up fails", creates: []reply{lost}, finds: []reply{failing}, steps: "CFFF", message: "did not settle it", outcome: transport.Unclear},
		{name: "lost, the look-up is lost twice", creates: []reply{lost}, finds: []reply{lost, lost, ok(body)}, steps: "CFFF"},
		{name: "lost, bad credentials prove nothing", creates: []reply{lost}, finds: []reply{ok(`{"error":0,"description":"не найден"}`)}, steps: "CF", message: "did not settle it", outcome: transport.Unclear},
		{name: "lost, a 404 page proves nothing", creates: []reply{lost}, finds: []reply{{Status: 404, Body: "<html>"}}, steps: "CF", message: "did not settle it", outcome: transport.Unclear},
		{name: "refused", creates: []reply{refused}, steps: "C", message: "error " + taken + ", «занято»", outcome: transport.Refused},
		{name: "500 with a code, there: adopted", creates: []reply{{Status: 500, Body: refused.Body}}, finds: []reply{ok(body)}, steps: "CF"},
		{name: "500 with a code, absent, done", creates: []reply{{Status: 500, Body: refused.Body}, ok(body)}, finds: []reply{absent}, steps: "CFC"},
		{name: "503 come later, there: adopted", creates: []reply{busy}, finds: []reply{ok(body)}, steps: "CF"},
		{name: "503 come later, absent: repeated", creates: []reply{busy, ok(body)}, finds: []reply{absent}, steps: "CFC"},
		{name: "504, absent", creates: []reply{{Status: 504}}, finds: []reply{absent}, steps: "CF", message: "is not there, but it may still come", outcome: transport.Unclear},
		{name: "504, absent", creates: []reply{{Status: 504}}, finds: []reply{absent}, steps: "CF", message: "is not there, but it may still come", outcome: transport.Unclear},
		{name: "429 for ever", creates: []reply{{Status: 429}}, steps: "CCC", message: "HTTP 429", outcome: transport.NotDone},
		{name: "429, then done", creates: []reply{{Status: 429}, ok(body)}, steps: "CC"},
		{name: "late twin", creates: []reply{lost, refused}, finds: []reply{absent, ok(body)}, steps: "CFCF"},
		{name: "late twin, the look-up fails", creates: []reply{lost, refused}, finds: []reply{absent, failing}, steps: "CFCFFF", message: "did not settle it", outcome: transport.Unclear},
	}
}

func (c creation) run(t *testing.T, create, find string, do func(context.Context, *Client) (bool, error)) {
	t.Helper()
	s := newServer(t, map[string][]reply{create: c.creates, find: c.finds})
	created, err := do(t.Context(), clientOf(s))
	s.WantSteps(t, strings.TrimSpace(strings.NewReplacer("C", create+" ", "F", find+" ").Replace(c.steps)))
	if c.message == "" {
		if err != nil || !created {
			t.Errorf("created %t, %v", created, err)
		}
		return
	}
	clienttest.Outcome(t, err, c.outcome)
	clienttest.Contains(t, err.Error(), Name+", "+create+": ", c.message)
	if created {
		t.Error("an object beside the error")
	}
}

func TestCreateTerminalIsNeverDoneTwice(t *testing.T) {
	foreign := strings.Replace(sampleTerminal, "Магазин на диване", "Чужой", 1)
	for _, c := range courses(sampleTerminal, foreign, "11", `name: "Магазин на диване" is wanted, the gateway has "Чужой"`) {
		t.Run(c.name, func(t *testing.T) {
			c.run(t, opCreateTerminal, opGetTerminal, func(ctx context.Context, client *Client) (bool, error) {
				terminal, err := client.CreateTerminal(ctx, terminalRequest(t))
				return terminal != nil, err
			})
		})
	}
}

func TestCreatePaymentIsNeverDoneTwice(t *testing.T) {
	foreign := strings.Replace(samplePayment, "1500", "1499", 1)
	for _, c := range courses(samplePayment, foreign, "7", `amount: "1500.00" is wanted, the gateway has "1499.00"`) {
		t.Run(c.name, func(t *testing.T) {
			c.run(t, opCreatePayment, opGetPaymentByOrder, func(ctx context.Context, client *Client) (bool, error) {
				payment, err := client.CreatePayment(ctx, paymentRequest(t), true)
				return payment != nil, err
			})
		})
	}
}

// Only a payment that can be the one that was just sent is adopted.
func TestOnlyALivingPaymentIsAdopted(t *testing.T) {
	for status, adopted := range map[string]bool{
		"init": true, "created": true, "process": true, "successful": true, "closed": false, "fail": false, "error": false, "frozen": false,
	} {
		s := newServer(t, map[string][]reply{
			"CreatePayment":     {lost},
			"GetPaymentByOrder": {ok(strings.Replace(samplePayment, `"init"`, `"`+status+`"`, 1))},
		})
		payment, err := clientOf(s).CreatePayment(t.Context(), paymentRequest(t), true)
		if (payment != nil) != adopted || (err == nil) != adopted {
			t.Errorf("%s: %v, %v", status, payment, err)
		}
		if err != nil {
			clienttest.Outcome(t, err, transport.Unclear)
			clienttest.Contains(t, err.Error(), "payment "+paymentID+" is "+status)
		}
		s.WantSteps(t, "CreatePayment GetPaymentByOrder")
	}
}

// A rewritten description does not make the payment another one.
func TestARewrittenDescriptionIsAdopted(t *testing.T) {
	s := newServer(t, map[string][]reply{
		"CreatePayment":     {lost},
		"GetPaymentByOrder": {ok(strings.Replace(samplePayment, "Тестовый", "Другой", 1))},
	})
	if _, err := clientOf(s).CreatePayment(t.Context(), paymentRequest(t), true); err != nil {
		t.Error(err)
	}
}

// A look-up under a key that had a payment before proves nothing, and a refund has no key. Both
// are sent once.
func TestWithoutAFreshKeyNothingIsSentAgain(t *testing.T) {
	for _, answer := range []reply{lost, failing, {Status: 503}, busy, {Status: 500, Body: `{"error":0,"description":"SQLSTATE"}`}, ok("<html>"), ok("{}")} {
		s, c := one(t, answer)
		_, err := c.CreatePayment(t.Context(), paymentRequest(t), false)
		clienttest.Outcome(t, err, transport.Unclear)
		s.WantSteps(t, "CreatePayment")

		s, c = one(t, answer)
		_, err = trusted(c).CreateRefund(t.Context(), refundRequest(t))
		clienttest.Outcome(t, err, transport.Unclear)
		s.WantSteps(t, "CreateRefund")
	}
}

func TestClosingIsRepeated(t *testing.T) {
	s := newServer(t, map[string][]reply{"ClosePayment": {lost, failing, ok(strings.Replace(samplePayment, `"init"`, `"closed"`, 1))}})
	payment, err := clientOf(s).ClosePayment(t.Context(), paymentID)
	if err != nil || !payment.IsClosed() {
		t.Errorf("%+v, %v", payment, err)
	}
	s.WantSteps(t, "ClosePayment ClosePayment ClosePayment")
}
