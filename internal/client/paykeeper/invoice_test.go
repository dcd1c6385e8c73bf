package paykeeper

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// An invoice is absent only if the gateway says so in its own words.
func TestNotFound(t *testing.T) {
	fail := func(text string) string {
		message, _ := json.Marshal(text)
		return `{"result":"fail","msg":` + string(message) + `}`
	}
	tests := []struct {
		reply
		absent bool
	}{
		{ok(notFound), true},
		{ok(fail("Счёт не найден.")), true},
		{ok("[" + fail("Счёт не найден.") + "]"), true},
		{ok(fail("Счет не найден")), true},
		{ok(fail("СЧЁТ НЕ НАЙДЕН")), true},
		{ok(fail("Счёт с таким номером не найден.")), true},
		{ok(fail("Счёт 20140402085214805 не найден")), true},
		{ok(fail("Счёт не существует")), true},
		{ok(fail("Не найден счёт 1")), true},
		{ok(fail("Не найдено.")), true},
		{ok(fail("Invoice not found")), true},
		{ok(fail("No such invoice")), true},
		{ok(fail("Not found")), true},
		{ok(`{"result":"fail","msg":"Счёт не найден.","error_code":3}`), true},
		{reply{Status: 404, Body: notFound}, true},
		{ok(fail("Пользователь не найден")), false},
		{ok(fail("Метод не найден")), false},
		{ok(fail("Лицевой счёт не найден")), false},
		{ok(fail("Счёт клиента не найден")), false},
		{ok(fail("По счёту не найдено платежей")), false},
		{ok(fail("Платёж не найден")), false},
		{ok(fail("Расчёт не найден")), false},
		{ok(fail("User not found")), false},
		{ok(fail("Page not found")), false},
		{ok(fail("Неверный логин или пароль")), false},
		{ok(fail("Доступ запрещён")), false},
		{ok(fail("Счёт найден")), false},
		{ok(fail("")), false},
		{ok(`{"result":"fail"}`), false},
		{ok(`{"result":"success","msg":"Счёт не найден."}`), false},
		{ok(`Счёт не найден.`), false},
		{ok(`"Счёт не найден."`), false},
		{ok(`<html>Счёт не найден.</html>`), false},
		{ok(`[]`), false},
		{ok(`{}`), false},
		{ok(`null`), false},
		{ok(``), false},
		{ok("[" + sample + "," + sample + "]"), false},
		{reply{Status: 401, Body: notFound}, false},
		{reply{Status: 403, Body: notFound}, false},
		{reply{Status: 303, Body: notFound}, false},
		{reply{Status: 500, Body: notFound}, false},
		{reply{Status: 503, Body: notFound}, false},
		{reply{Status: 429, Body: notFound}, false},
		{reply{Status: 404, Body: "<html>not found</html>"}, false},
		{reply{Status: 404}, false},
		{cut, false},
	}
	for _, test := range tests {
		s := newServer(t, map[string][]reply{pathByID: {test.reply}})
		found, err := clientOf(s).FindInvoice(t.Context(), invoiceID)
		if found != nil || (err == nil) != test.absent {
			t.Errorf("%d %s: %v, %v", test.Status, test.Body, found, err)
		}
	}
}

func TestALookUpMustBringWhatWasAskedFor(t *testing.T) {
	s := newServer(t, map[string][]reply{pathByID: {ok(sample)}})
	found, err := clientOf(s).FindInvoice(t.Context(), "1")
	if found != nil || err == nil {
		t.Fatalf("%v", found)
	}
	clienttest.Contains(t, err.Error(), `it is about invoice "20140402085214805", not "1"`)
}

func TestReadsAreRepeated(t *testing.T) {
	s := newServer(t, map[string][]reply{pathByID: {cut, {Status: 502}, ok(sample)}})
	if _, err := clientOf(s).FindInvoice(t.Context(), invoiceID); err != nil {
		t.Error(err)
	}
	s.WantSteps(t, "byid byid byid")
}

// An invoice may have numbers instead of strings, be paid, and hold odd fields.
func TestInvoiceShapes(t *testing.T) {
	invoice, err := parseInvoice([]byte(`{"id":20140402085214805,"status":"paid","pay_amount":0.1,"clientid":15,"orderid":7,
		"service_name":{"service_name":"N","cart":[{"name":"a","price":"1"}]},"client_email":null,"expiry_datetime":"0000-00-00 00:00:00",
		"created_datetime":"2014-04-02 08:52:14","paid_datetime":"2014-04-03 09:00:00","paymentid":1234567890123456789012,"new":[{}]}`))
	if err != nil {
		t.Fatal(err)
	}
	clienttest.Same(t, invoice, Invoice{
		ID: invoiceID, Status: StatusPaid, Amount: clienttest.Decimal(t, "0.1"), ClientID: "15", OrderID: "7",
		ServiceName: `{"service_name":"N","cart":[{"name":"a","price":"1"}]}`,
		Created:     clienttest.Time(t, "2014-04-02T08:52:14+03:00"), Paid: clienttest.Time(t, "2014-04-03T09:00:00+03:00"), PaymentID: "1234567890123456789012",
	})
	for _, body := range []string{`{"status":"paid"}`, `{"id":""}`, `{"id":{}}`, `[{"id":"1"}`, `7`} {
		if invoice, err := parseInvoice([]byte(body)); invoice != nil || err == nil {
			t.Errorf("%s: %v", body, invoice)
		}
	}
}

func TestPredicates(t *testing.T) {
	now := time.Date(2014, 4, 12, 0, 0, 0, 0, values.Moscow)
	later, due := values.Time{Time: now.Add(time.Second)}, values.Time{Time: now}
	tests := []struct {
		status                    string
		expires                   values.Time
		open, paid, sent, expired bool
	}{
		{StatusCreated, later, true, false, false, false},
		{StatusSent, later, true, false, true, false},
		{StatusSent, values.Time{}, true, false, true, false},
		{StatusCreated, due, false, false, false, true},
		{StatusSent, due, false, false, true, true},
		{StatusPaid, due, false, true, false, false},
		{StatusExpired, later, false, false, false, true},
		{"else", due, false, false, false, false},
	}
	for _, test := range tests {
		i := &Invoice{Status: test.status, Expires: test.expires}
		if i.IsOpen(now) != test.open || i.IsPaid() != test.paid || i.IsSent() != test.sent || i.IsExpired(now) != test.expired {
			t.Errorf("%+v", test)
		}
	}
}

// Sending twice mails twice, so the call is sent once. byid may settle the rest.
func TestSendInvoice(t *testing.T) {
	sent := ok(strings.Replace(sample, `"created",`, `"sent",`, 1))
	tests := []struct {
		name    string
		send    []reply
		found   reply
		steps   string
		failed  bool
		outcome transport.Outcome
	}{
		{name: "success", send: []reply{ok(success)}, steps: "token send"},
		{name: "success in an array", send: []reply{ok("[" + success + "]")}, steps: "token send"},
		{name: "lost, sent", send: []reply{cut}, found: sent, steps: "token send byid"},
		{name: "500, sent", send: []reply{{Status: 500, Body: `{"result":"fail","msg":"x"}`}}, found: sent, steps: "token send byid"},
		{name: "a page, sent", send: []reply{ok("<html>")}, found: sent, steps: "token send byid"},
		{name: "lost, created still", send: []reply{cut}, found: ok(sample), steps: "token send byid", failed: true, outcome: transport.Unclear},
		{name: "lost, paid", send: []reply{cut}, found: ok(strings.Replace(sample, `"created",`, `"paid",`, 1)), steps: "token send byid", failed: true, outcome: transport.Unclear},
		{name: "lost, absent", send: []reply{cut}, found: ok(notFound), steps: "token send byid", failed: true, outcome: transport.Unclear},
		{name: "lost, nobody knows", send: []reply{cut}, found: ok("<html>"), steps: "token send byid", failed: true, outcome: transport.Unclear},
		{name: "neither success nor failure", send: []reply{ok("{}")}, found: ok(sample), steps: "token send byid", failed: true, outcome: transport.Unclear},
		{name: "refused", send: []reply{ok(`{"result":"fail","msg":"no mail"}`)}, found: sent, steps: "token send", failed: true, outcome: transport.Refused},
		{name: "turned away, then success", send: []reply{{Status: 429}, ok(success)}, steps: "token send send"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, map[string][]reply{pathSend: test.send, pathByID: {test.found}})
			err := clientOf(s).SendInvoice(t.Context(), invoiceID)
			s.WantSteps(t, test.steps)
			clienttest.Ended(t, err, test.failed, test.outcome)
			if test.failed {
				clienttest.Contains(t, err.Error(), "PayKeeper, /change/invoice/send/: ")
			}
		})
	}
}

func TestRevokeInvoice(t *testing.T) {
	refused := ok(`{"result":"fail","msg":"Счёт нельзя отменить"}`)
	tests := []struct {
		name    string
		revoke  []reply
		found   reply
		steps   string
		failed  bool
		outcome transport.Outcome
	}{
		{name: "success", revoke: []reply{ok(success)}, steps: "token revoke"},
		{name: "lost, then success", revoke: []reply{cut, {Status: 500}, ok(success)}, steps: "token revoke revoke revoke"},
		{name: "absent", revoke: []reply{ok(notFound)}, steps: "token revoke"},
		{name: "lost, then refused since it is gone", revoke: []reply{cut, refused}, found: ok(notFound), steps: "token revoke revoke byid"},
		{name: "refused, expired", revoke: []reply{refused}, found: ok(strings.Replace(sample, `"created",`, `"expired",`, 1)), steps: "token revoke byid"},
		{name: "refused, paid", revoke: []reply{refused}, found: ok(strings.Replace(sample, `"created",`, `"paid",`, 1)), steps: "token revoke byid", failed: true, outcome: transport.Refused},
		{name: "refused, open", revoke: []reply{refused}, found: ok(sample), steps: "token revoke byid", failed: true, outcome: transport.Refused},
		{name: "refused, nobody knows", revoke: []reply{refused}, found: ok("<html>"), steps: "token revoke byid", failed: true, outcome: transport.Refused},
		{name: "lost for ever", revoke: []reply{cut}, steps: "token revoke revoke revoke", failed: true, outcome: transport.Unclear},
		{name: "neither success nor failure", revoke: []reply{ok("{}")}, steps: "token revoke", failed: true, outcome: transport.Unclear},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, map[string][]reply{pathRevoke: test.revoke, pathByID: {test.found}})
			err := clientOf(s).RevokeInvoice(t.Context(), invoiceID)
			s.WantSteps(t, test.steps)
			clienttest.Ended(t, err, test.failed, test.outcome)
		})
	}
}

func TestAnInvoiceThatIsNotPaidHasNoPayment(t *testing.T) {
	for id, want := range map[string]string{"": "", "0": "", "00": "", "700001": "700001"} {
		if got := (&Invoice{PaymentID: values.ID(id)}).PaidBy(); got != want {
			t.Errorf("paymentid %q: %q, want %q", id, got, want)
		}
	}
}
