package p2p

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/clienttest"
)

func TestMoney(t *testing.T) {
	for document, want := range map[string]string{
		`{"amount":"1000.00","currency":"RUB","subunit":2}`: "1000.00 RUB 2",
		`{"amount":1000.5,"currency":"RUB","subunit":"2"}`:  "1000.50 RUB 2",
		`{"amount":1,"subunit":99999999999999999999}`:       "1.00  0",
		`"12.3"`:                    "12.30  0",
		`7`:                         "7.00  0",
		`0`:                         "0.00  0",
		`null`:                      "none",
		`""`:                        "none",
		`[]`:                        "none",
		`{}`:                        "none",
		`{"amount":null}`:           "none",
		`{"amount":""}`:             "none",
		`"many"`:                    "none",
		`1e999999999`:               "none",
		`{"amount":{"amount":"1"}}`: "none",
	} {
		var holder struct{ Sum Money }
		if err := json.Unmarshal([]byte(`{"Sum":`+document+`}`), &holder); err != nil {
			t.Errorf("%s: %v", document, err)
			continue
		}
		got := "none"
		if m := holder.Sum; m.Amount != nil {
			subunit, _ := json.Marshal(m.Subunit)
			got = m.Amount.Money() + " " + m.Currency + " " + string(subunit)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", document, got, want)
		}
	}
}

// The odd fields may have any shape. None of them loses the invoice.
func TestLenientFields(t *testing.T) {
	tests := []struct{ field, document, want string }{
		{"id", `7`, `"id":"7"`},
		{"internalId", `15`, `"internalId":"15"`},
		{"internalId", `null`, `"internalId":""`},
		{"userId", `3`, `"userId":"3"`},
		{"storeId", `"9"`, `"storeId":"9"`},
		{"paymentMethod", `null`, `"paymentMethod":""`},
		{"paymentRequisites", `"2200"`, `"paymentRequisites":{"requisites":"2200"}`},
		{"paymentRequisites", `{"requisites":2200,"holder":null,"bank":1}`, `"paymentRequisites":{"requisites":"2200"}`},
		{"paymentRequisites", `{"requisites":"2200","holder":"H"}`, `"paymentRequisites":{"requisites":"2200","holder":"H"}`},
		{"paymentRequisites", `null`, `"paymentRequisites":null`},
		{"createdAt", `"soon"`, `"createdAt":"0001-01-01T00:00:00Z"`},
		{"expireAt", `null`, `"expireAt":"0001-01-01T00:00:00Z"`},
		{"updatedAt", `"2024-11-04T13:58:34+05:00"`, `"updatedAt":"2024-11-04T13:58:34+05:00"`},
		{"deals", `[]`, `"deals":null`},
		{"deals", `null`, `"deals":null`},
		{"deals", `"none"`, `"deals":null`},
		{"deals", `[null,3,{"id":{}},{"id":5,"isActive":0}]`, `"deals":[{"id":"5","type":"","status":"","paymentMethod":"","paymentOption":"","requisites":null,"canceledAt":"0001-01-01T00:00:00Z","disputeAttachment":"","disputeReason":"","payment":{"Amount":null,"Currency":"","Subunit":0},"rate":"","isActive":{"Value":false},"qrCodeLink":""}]`},
		{"deals", `{"id":"5","rate":99.230,"isActive":"1","payment":{"a":1}}`, `"payment":{"Amount":null,"Currency":"","Subunit":0},"rate":"99.230","isActive":{"Value":true}`},
		{"deals", `[{"id":"5","payment":{"amount":"5.1","currency":"RUB"}}]`, `"payment":{"Amount":5.1,"Currency":"RUB"`},
		{"deals", `[{"id":"5","payment":{"sum":{"amount":"5.1","currency":"RUB","subunit":2}}}]`, `"payment":{"Amount":5.1,"Currency":"RUB"`},
		{"deals", `[{"id":"5","payment":"12"}]`, `"payment":{"Amount":null,`},
		{"deals", `[{"id":"5","isActive":null}]`, `"isActive":{"Value":null}`},
		{"deals", `[{"id":"5","isActive":"maybe"}]`, `"isActive":{"Value":null}`},
		{"deals", `[{"id":"5","phone":"+7996"}]`, `"requisites":{"requisites":"+7996"}`},
		{"deals", `[{"id":"5","phone":null,"card":{"number":1},"cardNumber":2200000000000053}]`, `"requisites":{"requisites":"2200000000000053"}`},
		{"deals", `[{"id":"5","card":"2200","requisites":{"holder":"H"}}]`, `"requisites":{"requisites":"2200","holder":"H"}`},
		{"deals", `[{"id":"5","card":"2200","requisites":"2201"}]`, `"requisites":{"requisites":"2201"}`},
		{"deals", `[{"id":"5","requisites":{"phone":79967779977,"holder":"H"}}]`, `"requisites":{"requisites":"79967779977","holder":"H"}`},
		{"deals", `[{"id":"5","requisites":{"card":"2200"}}]`, `"requisites":{"requisites":"2200"}`},
		{"deals", `[{"id":"5","requisites":{"requisites":"","cardNumber":"2200"}}]`, `"requisites":{"requisites":"2200"}`},
		{"deals", `[{"id":"5","requisites":[],"rate":"1"}]`, `"requisites":{"requisites":""}`},
		{"sum", `"1000"`, `"sum":{"Amount":1000,"Currency":"","Subunit":0}`},
		{"payoutSum", `{"amount":"9.50","currency":"USDT","subunit":6}`, `"payoutSum":{"Amount":9.5,"Currency":"USDT","Subunit":6}`},
		{"serviceFeeSum", `1.25`, `"serviceFeeSum":{"Amount":1.25,"Currency":"","Subunit":0}`},
		{"receivedSumFromTaker", `"2"`, `"receivedSumFromTaker":{"Amount":2,"Currency":"","Subunit":0}`},
		{"receivedSumFromMaker", `"3"`, `"receivedSumFromMaker":{"Amount":3,"Currency":"","Subunit":0}`},
		{"somethingNew", `{"a":[1]}`, `"id":"` + invoiceID + `"`},
	}
	for _, test := range tests {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal([]byte(sample), &fields); err != nil {
			t.Fatal(err)
		}
		fields[test.field] = json.RawMessage(test.document)
		body, _ := json.Marshal(fields)
		invoice, err := parseInvoice(body)
		if err != nil {
			t.Errorf("%s %s: %v", test.field, test.document, err)
			continue
		}
		got, _ := json.Marshal(invoice)
		if !strings.Contains(string(got), test.want) {
			t.Errorf("%s %s:\ngot  %s\nwant %s", test.field, test.document, got, test.want)
		}
	}
}

// A deal may stand alone, instead of the list or beside it.
func TestSingleDeal(t *testing.T) {
	for document, want := range map[string]string{
		`{"id":"1","deal":{"id":"a","rate":"2"}}`:                            "a=2",
		`{"id":"1","deals":[],"deal":{"id":"a","rate":"2"}}`:                 "a=2",
		`{"id":"1","deals":null,"deal":{"rate":"2"}}`:                        "=2",
		`{"id":"1","deals":[{"id":"a","rate":"1"}],"deal":{"id":"A"}}`:       "a=1",
		`{"id":"1","deals":[{"id":"a","rate":"1"}],"deal":{"id":"b"}}`:       "a=1 b=",
		`{"id":"1","deals":[{"id":"a","rate":"1"}],"deal":null}`:             "a=1",
		`{"id":"1","deals":[{"id":"a","rate":"1"}],"deal":[]}`:               "a=1",
		`{"id":"1","deals":[{"id":"a","rate":"1"}],"deal":[{"id":"c"},"d"]}`: "a=1 c=",
	} {
		invoice, err := parseInvoice([]byte(document))
		if err != nil {
			t.Errorf("%s: %v", document, err)
			continue
		}
		var got []string
		for _, deal := range invoice.Deals {
			got = append(got, string(deal.ID)+"="+string(deal.Rate))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", document, got, want)
		}
	}
}

// Secrets in requests, answers and pages never reach the log.
func TestLogsAreMasked(t *testing.T) {
	const token, requisites, holder = "hook_token_77", "2200 0000 1111", "IVAN IVANOV"
	page := "<html>" + apiKey + secretKey + token + requisites + holder + "</html>"
	half := `{"deals":[{"requisites":{"requisites":"` + requisites + `","holder":"` + holder + `"},"qrCodeLink":"https://x/?requisiteNumber=79967779977`
	for _, answer := range []reply{ok(sample), ok(page), ok(half), {Status: 400, Body: `[{"message":"` + token + ` ` + secretKey + `"}]`}, cut} {
		s := newServer(t, map[string][]reply{create: {answer}, byID: {answer}, internal: {answer}, cancel: {answer}})
		var logged clienttest.Records
		c := loggingClientOf(s, logged.Log)
		request := sampleRequest()
		request.Type, request.NotificationToken = DirectionOut, token
		request.PaymentRequisites = &Requisites{Requisites: requisites, Holder: holder}
		_, _ = c.CreateInvoice(t.Context(), request, true)
		if answer.Body != half {
			// A look-up does not have the token and the requisites at hand.
			s.Set(byID, ok(sample))
		}
		signature := s.Seen()[0].Header.Get("X-Signature")
		if answer.Status != 0 && answer.Body == page {
			// The page repeats the signature.
			s.Set(create, ok("<html>bad "+signature))
			_, _ = c.CreateInvoice(t.Context(), request, true)
			clienttest.Contains(t, logged.String(), "<html>bad ***")
		}
		_, _ = c.FindInvoice(t.Context(), invoiceID)
		clienttest.Contains(t, logged.String(), "gateway call")
		if !answer.Cut {
			clienttest.Contains(t, logged.String(), "gateway call, bodies", `"currency":"RUB"`)
		}
		for _, secret := range []string{apiKey, secretKey, signature, token, requisites, holder, "+7(996)777-99-77", "holder name", "79967779977"} {
			if strings.Contains(logged.String(), secret) {
				t.Errorf("%q is logged: %s", secret, logged.String())
			}
		}
	}
}
