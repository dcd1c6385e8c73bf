package paykeeper

import (
	"reflect"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/oracle"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// A payment and its refunds are what stands in the document. An amount that cannot be read is
// no amount of nothing, and what is no list loses no refund.
func FuzzRefunds(f *testing.F) {
	const line = `{"id":"5","payment_id":"13","refund_number":"1","user":"admin","amount":"300.00","remainder":"700.00","datetime":"2026-11-02 12:00:05","status":"started"}`
	oracle.Fuzz(f, []int{200}, []string{
		samplePayment, "[" + samplePayment + "]", "[" + samplePayment + "," + samplePayment + "]", line, "[" + line + "]", "[" + line + "," + line + "]", "[ ]", "[]", "{}", "null", "false", "", "[", "[null]",
		`{"id":"1","amount":"1","AMOUNT":2}`, `{"result":"fail"}`, `"300.00"`, `1e3`, `-1`, `""`, `null`, `"done"`, `"2026-11-02 12:00:05"`, `[1]`, "\xff",
	}, []string{
		`{"id":"1","pay_amount":§,"refund_amount":§}`, `{"id":§,"status":§,"payment_system_id":§}`, `[{"id":"1","amount":§}]`, `[{"id":§,"payment_id":§,"amount":1,"status":§}]`, `[{"id":"1","amount":1},§]`, `{"id":"1","amount":§}`,
	}, []string{
		`{"id":"1","clientid":§,"orderid":§,"unique_id":§,"pending_datetime":§,"obtain_datetime":§,"success_datetime":§,"site_description":§,"system_description":§,` +
			`"amount":"1","refund_number":§,"user":§,"remainder":§,"datetime":§}`,
	}, func(t *testing.T, _ int, body []byte) bool {
		return checkPayment(t, body) && checkRefunds(t, body)
	})
}

func checkPayment(t *testing.T, body []byte) (isRead bool) {
	t.Helper()
	payment, err := parsePayment(body)
	value, isJSON := oracle.Parse(body)
	list, isList := value.([]any)
	if err != nil || payment == nil {
		if err == nil && (!isList || len(list) > 0) || payment != nil {
			t.Errorf("%q is no payment: %v", body, payment)
		}
		return false
	}
	if isList {
		value = list[0]
	}
	if !isJSON || payment.ID == "" || len(list) > 1 {
		t.Fatalf("%q is read as %+v", body, payment)
	}
	oracle.At(value, "id").CheckID(t, "id", string(payment.ID))
	oracle.At(value, "payment_system_id").CheckID(t, "system", string(payment.SystemID))
	oracle.At(value, "pay_amount").CheckAmount(t, "amount", payment.Amount, oracle.Missing, oracle.Null, oracle.Blank)
	oracle.At(value, "refund_amount").CheckAmount(t, "given back", payment.RefundAmount, oracle.Missing, oracle.Null, oracle.Blank)
	for name, text := range map[string]string{
		"status": payment.Status, "clientid": string(payment.ClientID), "orderid": string(payment.OrderID), "unique_id": string(payment.UniqueID),
		"site_description": string(payment.SiteDescription), "system_description": string(payment.SystemDescription),
	} {
		oracle.At(value, name).CheckText(t, name, text)
	}
	for name, moment := range map[string]values.Time{"pending_datetime": payment.Pending, "obtain_datetime": payment.Obtained, "success_datetime": payment.Success} {
		oracle.At(value, name).CheckTime(t, name, moment.Time)
	}
	if payment.CanBeRefunded() && !payment.WasPaid() || payment.IsUntouched() && !payment.RefundAmount.IsZero() {
		t.Errorf("%+v", payment)
	}
	return true
}

func checkRefunds(t *testing.T, body []byte) (isRead bool) {
	t.Helper()
	refunds, isNone, err := parseRefunds(body)
	value, isJSON := oracle.Parse(body)
	list, isList := value.([]any)
	switch {
	case err != nil || isNone:
		if len(refunds) > 0 || isNone && (err != nil || isList || !isJSON && len(body) > 0) {
			t.Errorf("%q: %+v, %t, %v", body, refunds, isNone, err)
		}
		return false
	case !isList:
		list = []any{value}
	}
	if !isJSON || len(refunds) != len(list) {
		t.Fatalf("%q is read as %+v", body, refunds)
	}
	for i, one := range refunds {
		if one.ID == "" || one.Amount.IsNegative() {
			t.Errorf("%q is read as %+v", body, one)
		}
		oracle.At(list[i], "id").CheckID(t, "id", string(one.ID))
		oracle.At(list[i], "payment_id").CheckID(t, "payment", string(one.PaymentID))
		oracle.At(list[i], "amount").CheckAmount(t, "amount", one.Amount)
		if one.Remainder != nil {
			oracle.At(list[i], "remainder").CheckAmount(t, "remainder", *one.Remainder)
		}
		for name, text := range map[string]string{"status": one.Status, "refund_number": string(one.Number), "user": string(one.User)} {
			oracle.At(list[i], name).CheckText(t, name, text)
		}
		oracle.At(list[i], "datetime").CheckTime(t, "time", one.Created.Time)
	}
	if again, _, _ := parseRefunds(body); !reflect.DeepEqual(refunds, again) {
		t.Errorf("%q is read in two ways", body)
	}
	return true
}
