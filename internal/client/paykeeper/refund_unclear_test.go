package paykeeper

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
)

// A later run looks for what an earlier one has sent.
func TestFindUnclearRefund(t *testing.T) {
	othersFailed := strings.Replace(row("5", "300.00", RefundFailed), `"admin"`, `"cashier"`, 1)
	for name, test := range map[string]struct {
		payment, refunds reply
		before, held     string
		found, fit, text string
	}{
		"none":                 {payment: untouched, refunds: none},
		"an empty body":        {payment: untouched, refunds: ok("")},
		"it":                   {payment: untouched, refunds: rows(mine), found: "5"},
		"it failed":            {payment: untouched, refunds: rows(row("5", "300.00", RefundFailed)), found: "5"},
		"another's, in vain":   {payment: untouched, refunds: rows(othersFailed), fit: "5"},
		"and it":               {payment: untouched, refunds: rows(othersFailed, row("7", "300.00", RefundDone)), found: "7"},
		"it, listed twice":     {payment: untouched, refunds: rows(mine, mine), found: "5"},
		"one from before":      {payment: untouched, refunds: rows(another, mine), before: "6", found: "5"},
		"the same, as numbers": {payment: untouched, refunds: rows(row("06", "300", RefundDone), mine), before: "6", found: "5"},
		"another amount":       {payment: untouched, refunds: rows(row("5", "300.01", RefundDone)), fit: "5"},
		"other amounts, old":   {payment: untouched, refunds: rows(row("5", "300.01", RefundDone), row("6", "7.00", RefundDone)), before: "5", held: "6"},
		"another's":            {payment: untouched, refunds: rows(mine), held: "5"},
		"two":                  {payment: untouched, refunds: rows(another, mine), fit: "5 6"},
		"two, one another's":   {payment: untouched, refunds: rows(another, mine), held: "6", found: "5"},
		"no list":              {payment: paymentIs("refunding", ""), refunds: ok(""), text: `payment 13 is "refunding"`},
		"no payment":           {payment: none, text: "there is no payment 13"},
		"an empty payment":     {payment: ok(""), text: ErrEmptyAnswer.Error()},
		"unreadable refunds":   {payment: untouched, refunds: reply{Status: 500}, text: "HTTP 500"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, map[string][]reply{pathPayment: {test.payment}, pathRefunds: {test.refunds}})
			request := RefundRequest{PaymentID: "13", Amount: clienttest.Decimal(t, "300"), IsHeld: func(id string) bool { return id == test.held }}
			found, fit, err := clientOf(s).FindUnclearRefund(t.Context(), request, strings.Fields(test.before))
			id := ""
			if found != nil {
				id = string(found.ID)
			}
			if id != test.found || idList(fit) != test.fit || (err != nil) != (test.text != "") || err != nil && !strings.Contains(err.Error(), test.text) {
				t.Errorf("%q, %q, %v", id, idList(fit), err)
			}
		})
	}
}

// The logs hold no token, no password and no payer.
func TestLogOfARefund(t *testing.T) {
	var records clienttest.Records
	payment := strings.Replace(strings.Replace(samplePayment, `"Карта"`, `"Карта 5543 7354 8462 6654, ivanov@example.com"`, 1), `"Заказ"`, `"+7 900 000-00-00"`, 1)
	s := newServer(t, map[string][]reply{pathPayment: {ok(payment)}, pathRefunds: {none, rows(mine)}, pathReverse: {ok(success)}, pathToken: {ok(`{"token":"token-nobody-sees"}`)}})
	made, err := loggingClientOf(s, records.Log).CreateRefund(t.Context(), RefundRequest{PaymentID: "13", Amount: clienttest.Decimal(t, "300")})
	if err != nil || made.Refund == nil {
		t.Fatalf("%+v, %v", made, err)
	}
	for _, secret := range []string{"token-nobody-sees", password, "8462", "ivanov@example.com", "900 000"} {
		if strings.Contains(records.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, records.String())
		}
	}
	clienttest.Contains(t, records.String(), pathReverse, "300.00")
}
