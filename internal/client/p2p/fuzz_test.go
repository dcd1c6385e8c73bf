package p2p

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/oracle"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// The templates reach each field of an otherwise valid answer. An answer from a tolerant
// template is an invoice whatever stands in its holes.
var (
	templates = []string{
		`{"id":§,"internalId":§,"userId":§,"storeId":§}`, `{"id":"1","type":§,"status":§}`, `[{"message":§}]`, `[{"id":§,"message":"x"}]`, `[§]`, `[{"id":"1"},§]`,
	}
	tolerant = []string{
		`{"id":"1","sum":§,"payoutSum":§,"serviceFeeSum":{"amount":§,"currency":"RUB"},"receivedSumFromTaker":{"amount":1,"subunit":§},"receivedSumFromMaker":{"amount":"2.50","currency":§}}`,
		`[{"id":"1","paymentMethod":§,"paymentOption":§,"paymentRequisites":§,"storeName":§,"createdAt":§,"expireAt":§,"updatedAt":§,"invoiceUrl":§,"deals":§}]`,
		`{"id":"1","paymentRequisites":{"requisites":§,"holder":§},"deals":[{"id":"2","status":§,"requisites":§,"canceledAt":§,"rate":§,"isActive":§,"payment":§},§]}`,
		`{"id":"1","deal":§,"deals":[{"id":§,"phone":§,"cardNumber":§,"card":§,"requisites":{"phone":§,"card":§}}],"paymentRequisites":{"cardNumber":§}}`,
	}
)

// Any answer is either an invoice or an error. An invoice holds what the document says and
// comes from no error shape. The gateway's words come from nothing else.
func FuzzAnswer(f *testing.F) {
	oracle.Fuzz(f, []int{200, 404, 500}, []string{
		sample, "[" + sample + "]", notFound, `[{"message":"a"},{"message":null}]`, `[{"message":5}]`, `[{"id":"1","message":"x"}]`, `[]`, `{}`, `null`, ``, `<html>`, `[{}]`,
		`{"id":1,"sum":"5","deals":{}}`, `{"id":1,"sum":{"amount":"10.10"},"sum":null}`, `{"ID":"1","Sum":{"AMOUNT":7}}`, `{"id":"1","sum":{"amount":"1","amount":"2"}}`,
		`{"amount":"1000.00","currency":"RUB","subunit":2}`, `"1000.00"`, `1e3`, `1e999999999`, `99999999999999999999`, `-1`, `0`, `""`, `".-5"`, `[1]`, `true`, `"2024-11-04T13:55:45+00:00"`,
		`{"requisites":"2200","holder":"H"}`, `{"id":"5","rate":99.230,"isActive":"1"}`, `{"phone":79967779977,"holder":"H"}`, "[\"\xff\"]", `"\u0441"`,
	}, templates, tolerant, checkAnswer)
}

func checkAnswer(t *testing.T, status int, body []byte) (accepted bool) {
	t.Helper()
	answer := &transport.Answer{Status: status, Body: body}
	value, isJSON := oracle.Parse(body)
	// The error shape is a list of objects with a message each and no id.
	list, _ := value.([]any)
	mayRefuse, mustRefuse := len(list) > 0, len(list) > 0
	for _, one := range list {
		id, message := oracle.At(one, "id"), oracle.At(one, "message")
		_, hasMessage := message.Is(func(one any) bool { return one != nil })
		mayRefuse = mayRefuse && id.Absent && len(message.List) > 0
		mustRefuse = mustRefuse && len(id.List) == 0 && hasMessage
	}
	failure := judge(answer)
	if failure != nil {
		_ = failure.Error()
		refused := failure.Cause == nil
		if refused && !mayRefuse || !refused && (mustRefuse || failure.Text != "") || isNotFound(failure) && status != 404 {
			t.Errorf("%d %q: %+v", status, body, failure)
		}
	}
	if failure == nil && mustRefuse {
		t.Errorf("%d %q: the gateway's words are lost", status, body)
	}
	invoice, err := parseInvoice(body)
	if (invoice == nil) != (err != nil) {
		t.Fatalf("%d %q: %v and %v", status, body, invoice, err)
	}
	if again, _ := parseInvoice(body); !reflect.DeepEqual(invoice, again) {
		t.Errorf("%q is read in two ways", body)
	}
	if err != nil || failure != nil {
		return false
	}
	if len(list) == 1 {
		value = list[0]
	}
	if !isJSON || mustRefuse || status < 200 || status > 299 || invoice.ID == "" {
		t.Fatalf("%d %q is taken for %+v", status, body, invoice)
	}
	checkInvoice(t, invoice, value)
	return true
}

func checkInvoice(t *testing.T, invoice *Invoice, value any) {
	t.Helper()
	for name, id := range map[string]values.ID{"id": invoice.ID, "internalId": invoice.InternalID, "userId": invoice.UserID, "storeId": invoice.StoreID} {
		oracle.At(value, name).CheckID(t, name, string(id))
	}
	for name, text := range map[string]string{
		"type": invoice.Type, "status": invoice.Status, "paymentMethod": string(invoice.PaymentMethod), "paymentOption": string(invoice.PaymentOption),
		"storeName": string(invoice.StoreName), "invoiceUrl": string(invoice.URL),
	} {
		oracle.At(value, name).CheckText(t, name, text)
	}
	for name, moment := range map[string]values.Time{"createdAt": invoice.Created, "expireAt": invoice.Expires, "updatedAt": invoice.Updated} {
		oracle.At(value, name).CheckTime(t, name, moment.Time)
	}
	for name, sum := range map[string]Money{
		"sum": invoice.Sum, "receivedSumFromTaker": invoice.ReceivedSumFromTaker, "receivedSumFromMaker": invoice.ReceivedSumFromMaker,
		"serviceFeeSum": invoice.ServiceFeeSum, "payoutSum": invoice.PayoutSum,
	} {
		checkMoney(t, name, sum, value)
	}
	if r := invoice.PaymentRequisites; r != nil {
		places := oracle.At(value, "paymentRequisites")
		for _, name := range []string{"requisites", "cardNumber", "card", "phone"} {
			places = places.Or(oracle.At(value, "paymentRequisites", name))
		}
		places.CheckID(t, "requisites", r.Requisites)
		oracle.At(value, "paymentRequisites", "holder").CheckText(t, "holder", r.Holder)
	}
	for _, deal := range invoice.Deals {
		if len(oracle.At(value, "deals").Or(oracle.At(value, "deal")).List) == 0 || strings.ToValidUTF8(string(deal.Rate), "") != string(deal.Rate) {
			t.Errorf("the deal %+v", deal)
		}
	}
	if invoice.IsPaid() && (invoice.IsOpen(invoice.Created.Time) || invoice.IsCanceled()) {
		t.Errorf("%q is paid, and not", invoice.Status)
	}
	request := CreateInvoiceRequest{Type: DirectionIn, Amount: "1000", MaxAmount: "1001"}
	if invoice.Sum.Amount == nil && len(invoice.Differences(request)) == 0 {
		t.Errorf("no sum is taken for %s", request.Amount)
	}
}

func checkMoney(t *testing.T, name string, sum Money, value any) {
	t.Helper()
	var got oracle.Amount
	if sum.Amount != nil {
		got = sum.Amount
	}
	oracle.SumAt(value, name).CheckAmount(t, name, got)
	oracle.At(value, name, "currency").CheckText(t, name+"'s currency", sum.Currency)
	if sum.Subunit != 0 {
		if may, _ := oracle.At(value, name, "subunit").Is(func(one any) bool {
			text, _ := json.Marshal(one)
			stands, ok := oracle.Number(strings.Trim(string(text), `"`))
			return ok && stands.RatString() == strconv.Itoa(sum.Subunit)
		}); !may {
			t.Errorf("%s: the subunit %d", name, sum.Subunit)
		}
	}
}
