package intellectmoney

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/oracle"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

const (
	before = `{"OperationState":{"Code":0,"Desc":"ok"},"Result":{"State":{"Code":0,"Desc":"ok"},`
	item   = before + `"InvoicesHistoryList":[{"Id":3000000000,"State":"Paid",`
)

// The templates reach each field of an otherwise valid answer. An answer from a tolerant
// template is one invoice whatever stands in its holes.
var (
	templates = []string{
		before + `"UserToken":§}}`, before + `"InvoicesHistoryList":§}}`, before + `"InvoicesHistoryList":[§]}}`, item + `"Id":§,"EShopId":§}]}}`,
		`{"OperationState":{"Code":§,"Desc":§},"Result":{"State":{"Code":0}}}`, `{"OperationState":{"Code":0},"Result":{"State":{"Code":§,"Desc":§}}}`,
		`{"OperationState":{"Code":0},"Result":{"State":§}}`, `{"OperationState":{"Code":1},"Result":§}`, `{"OperationState":§,"Result":{}}`,
	}
	tolerant = []string{
		item + `"Amount":§,"CurrentAmount":{"Amount":§,"Currency":§}}]}}`,
		item + `"CreationDate":§,"ChangeDate":§,"ExpirationDate":§,"PurchaseOrderId":§,"OwnerEmail":§,"OrganizationName":§,"Rrn":§,"PurchaseData":{"EshopName":§}}]}}`,
		item + `"HoldModeFlag":§,"OriginalAmount":§,"SurchargeAmount":§,"OwnerFIO":§,"IsRecurrent":§,"FormType":§,"MerchantReceipt":§,"AdditionalInfo":§}]}}`,
		item + `"HistoryList":[{"Id":1,"PaymentAmount":§,"RecipientAmount":{"Amount":§},"Comission":§,"CreationDate":§,"Account":§,"ShortPan":§,"UserEmail":§}],"PaymentTransactions":§}]}}`,
	}
)

// Any answer is either a result or an error. A result comes only from an envelope that says
// "done", and the gateway's words only from one that says the opposite. What the result holds,
// invoices or a user token, stands in the document.
func FuzzAnswer(f *testing.F) {
	samples := []string{
		list(), list(`{"Id":"1"}`, `{"Id":2,"Amount":{"Amount":"10.10","Currency":"RUB"}}`), list(`{}`), list(`null`), before + `"UserToken":"7eb45ff6"}}`,
		`{"OperationState":{"Code":2,"Desc":"Нет холдинга"},"Result":false}`, `{"OperationState":{"Code":1},"Result":null}`, `{"OperationState":{"Code":"0"},"Result":{"State":{"Code":5,"Desc":"no"}}}`,
		`{"operationstate":{"CODE":0},"RESULT":{"State":{"Code":{}}}}`, `{"OperationState":{"Code":0},"Result":{"State":"error"}}`, `<html>`, `<?xml version="1.0"?><Response/>`, ``, `null`, `[]`, `{}`,
		`{"Amount":1.0,"Currency":"RUB"}`, `{"Amount":"0.96"}`, `0.035`, `"12,5"`, `1e3`, `1e999999999`, `".-5"`, `""`, `[1]`, `[{"Id":30000000,"PaymentAmount":{"Amount":1.0}}]`, `[null]`,
		`"2025-01-01T12:00:00.00+03:00"`, `"2025-01-01 12:00:00"`, `true`, `0`, `1`, `2`, `"Ошибка"`, "[\"\xff\"]",
	}
	for _, name := range []string{"sample.json", "too_many.json"} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		samples = append(samples, string(text))
	}
	oracle.Fuzz(f, []int{200, 401, 500}, samples, templates, tolerant, func(t *testing.T, status int, body []byte) bool {
		return len(checkAnswer(t, status, body)) == 1
	})
}

// says reports whether a code is one of these or, without any, whether it is a code at all.
func says(codes ...string) func(any) bool {
	return func(one any) bool {
		var text string
		switch v := one.(type) {
		case json.Number:
			text = v.String()
		case string:
			text = v
		}
		return text != "" && (len(codes) == 0 || slices.Contains(codes, text))
	}
}

func checkAnswer(t *testing.T, status int, body []byte) []Invoice {
	t.Helper()
	answer := &transport.Answer{Status: status, Body: body}
	whole, failure := judge(answer)
	if (whole == nil) == (failure == nil) {
		t.Fatalf("%d %q: %v and %v", status, body, whole, failure)
	}
	value, isJSON := oracle.Parse(body)
	code, state := oracle.At(value, "OperationState", "Code"), oracle.At(value, "Result", "State", "Code")
	done, mustBeDone := code.Is(says("0", "1"))
	hasCode, _ := code.Is(says())
	stateGood, stateMustBeGood := state.Is(says("0", "1"))
	stateCode, _ := state.Is(says())
	if failure != nil {
		_ = failure.Error()
		if refused := failure.Code != "" || failure.Text != ""; refused && (!hasCode || mustBeDone && failure.Cause == nil && (!stateCode || stateMustBeGood)) {
			t.Errorf("%d %q: %+v", status, body, failure)
		}
		return nil
	}
	result := whole.Result
	oracle.At(value, "OperationId").CheckText(t, "operation", string(whole.OperationID))
	// Without a readable code nothing says that the call succeeded. Only a state that is missing
	// or null does not say the opposite.
	noState, _ := oracle.At(value, "Result", "State").Is(func(one any) bool { return one == nil })
	noStateCode, _ := state.Is(func(one any) bool { return one == nil || one == "" })
	if !isJSON || !done || !stateGood && !state.Absent && !noState && !noStateCode || status < 200 || status > 299 {
		t.Fatalf("%d %q is taken for %s", status, body, result)
	}
	if again, _ := judge(answer); !bytes.Equal(again.Result, result) {
		t.Errorf("%q is read in two ways", body)
	}
	inner, isJSON := oracle.Parse(result)
	if !isJSON {
		t.Fatalf("the result %q", result)
	}
	if token, err := parseUserToken(result); (token == "") == (err == nil) {
		t.Errorf("the token %q and %v", token, err)
	} else if err == nil {
		oracle.At(inner, "UserToken").CheckID(t, "token", token)
	}
	invoices, err := parseInvoices(result, true)
	if err != nil {
		if invoices != nil {
			t.Errorf("%v beside %v", invoices, err)
		}
		return nil
	}
	if again, _ := parseInvoices(result, true); !reflect.DeepEqual(invoices, again) {
		t.Errorf("%q is read in two ways", result)
	}
	lists := oracle.At(inner, "InvoicesHistoryList")
	if len(lists.List) > 1 {
		return invoices // it is unclear which of the lists is meant
	}
	items := lists.Listed()
	if len(items) != len(invoices) {
		t.Fatalf("%d invoices of %d: %s", len(invoices), len(items), result)
	}
	for i := range invoices {
		checkInvoice(t, &invoices[i], items[i])
	}
	return invoices
}

func checkInvoice(t *testing.T, i *Invoice, value any) {
	t.Helper()
	if i.ID == "" {
		t.Errorf("no id: %v", value)
	}
	oracle.At(value, "Id").CheckID(t, "id", string(i.ID))
	oracle.At(value, "EShopId").CheckID(t, "shop", string(i.EshopID))
	oracle.At(value, "PurchaseData", "EshopName").CheckText(t, "shop's name", string(i.Details.EshopName))
	for name, text := range map[string]values.Text{
		"State": i.State, "PurchaseOrderId": i.OrderID, "OwnerEmail": i.OwnerEmail, "OrganizationName": i.Organization, "Rrn": i.RRN,
		"OwnerFIO": i.Details.OwnerName, "FormType": i.Details.FormType, "MerchantReceipt": i.Details.Receipt,
	} {
		oracle.At(value, name).CheckText(t, name, string(text))
	}
	for name, moment := range map[string]values.Time{"CreationDate": i.Created, "ChangeDate": i.Changed, "ExpirationDate": i.Expires} {
		oracle.At(value, name).CheckTime(t, name, moment.Time)
	}
	checkMoney(t, "Amount", i.Amount, value)
	checkMoney(t, "CurrentAmount", i.Current, value)
	checkMoney(t, "OriginalAmount", i.Details.OriginalAmount, value)
	checkMoney(t, "SurchargeAmount", i.Details.Surcharge, value)
	if paid, _ := oracle.At(value, "State").Is(func(one any) bool { return one == StatePaid }); i.IsPaid() != paid && len(oracle.At(value, "State").List) == 1 {
		t.Errorf("paid: %t", i.IsPaid())
	}
	checkTransactions(t, i.Transactions, oracle.At(value, "HistoryList"), oracle.At(value, "PaymentTransactions"))
}

func checkMoney(t *testing.T, name string, m Money, value any) {
	t.Helper()
	oracle.SumAt(value, name).CheckAmount(t, name, amountOf(m.Amount))
	oracle.At(value, name, "Currency").CheckText(t, name+"'s currency", string(m.Currency))
}

func amountOf(d *values.Decimal) oracle.Amount {
	if d == nil {
		return nil
	}
	return d
}

// checkTransactions checks that the transactions are exactly those of one of the lists.
func checkTransactions(t *testing.T, transactions []Transaction, lists ...oracle.Values) {
	t.Helper()
	if len(transactions) == 0 || len(lists[0].List) > 1 || len(lists[1].List) > 1 {
		return
	}
	items := objectsOf(lists[0])
	if len(items) != len(transactions) {
		items = objectsOf(lists[1])
	}
	if len(items) != len(transactions) {
		t.Fatalf("%d transactions where the document has %v and %v", len(transactions), lists[0].List, lists[1].List)
	}
	for n, one := range transactions {
		oracle.At(items[n], "Id").CheckID(t, "transaction", string(one.ID))
		oracle.At(items[n], "State").CheckText(t, "its state", string(one.State))
		for name, text := range map[string]values.Text{
			"Account": one.Details.Account, "PaymentAccount": one.Details.PaymentAccount, "RecipientAccount": one.Details.RecipientAccount,
			"ShortPan": one.Details.ShortPAN, "Country": one.Details.Country, "Bank": one.Details.Bank, "UserEmail": one.Details.Email,
		} {
			oracle.At(items[n], name).CheckText(t, name, string(text))
		}
		oracle.At(items[n], "CreationDate").CheckTime(t, "its time", one.Created.Time)
		checkMoney(t, "PaymentAmount", one.Amount, items[n])
		checkMoney(t, "RecipientAmount", one.RecipientAmount, items[n])
		oracle.SumAt(items[n], "Comission").CheckAmount(t, "commission", amountOf(one.Commission.Value))
	}
}

func objectsOf(list oracle.Values) []any {
	return slices.DeleteFunc(slices.Clone(list.Listed()), func(one any) bool { _, isObject := one.(oracle.Object); return !isObject })
}
