package paykeeper

import (
	"database/sql"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// paid makes an invoice of 1500, pays it, and returns the number of its payment.
func (b *box) paid(fields ...string) string {
	b.T.Helper()
	id := b.pkBill(fields...)
	must(b.T, b.Pay(id))
	return b.pkByID(id)["paymentid"].(string)
}

// pkList reads an answer that is an array.
func pkList(t *testing.T, answer string) []any {
	t.Helper()
	list, ok := decode(t, `{"list":`+answer+`}`)["list"].([]any)
	if !ok {
		t.Fatalf("no list: %s", answer)
	}
	return list
}

func (b *box) pkPayment(id string) object {
	b.T.Helper()
	list := pkList(b.T, b.pkGet("/info/payments/byid/?id="+id))
	equal(b.T, "payments", len(list), 1)
	return list[0].(object)
}

func (b *box) pkRefunds(payment string) []any {
	b.T.Helper()
	return pkList(b.T, b.pkGet("/info/refunds/bypaymentid/?id="+payment))
}

func TestPayKeeperPayment(t *testing.T) {
	b := start(t, sandbox.Options{})
	bill := b.pkBill("clientid", "Иванов", "orderid", "A-1")
	b.Advance(time.Hour)
	must(t, b.Pay(bill))
	want := object{
		"id": "700001", "pay_amount": "1500.00", "refund_amount": nil, "clientid": "Иванов", "orderid": "A-1", "payment_system_id": "1",
		"unique_id": "pk-700001", "status": "success", "repeat_counter": "0", "pending_datetime": "2026-03-01 13:30:00",
		"obtain_datetime": "2026-03-01 13:30:00", "success_datetime": "2026-03-01 13:30:00",
		"site_description": "Оплата счёта № " + bill, "system_description": "Банковская карта",
	}
	equal(t, "payment", b.pkPayment("700001"), want)
	equal(t, "refunds", b.pkRefunds("700001"), []any{})

	b.SetDialect(sandbox.Dialect{"paykeeper_payment": "object", "paykeeper_refund_amount": "zero", "paykeeper_payment_ids": "number"})
	want["id"], want["pay_amount"], want["refund_amount"] = json.Number("700001"), json.Number("1500"), json.Number("0")
	want["payment_system_id"], want["repeat_counter"] = json.Number("1"), json.Number("0")
	equal(t, "object", decode(t, b.pkGet("/info/payments/byid/?id=700001&advanced=true")), want)
	b.SetDialect(sandbox.Dialect{"paykeeper_refund_amount": "zero", "paykeeper_amount": "plain"})
	equal(t, "plain", b.pkPayment("700001")["pay_amount"], any("1500"))
	equal(t, "plain zero", b.pkPayment("700001")["refund_amount"], any("0"))
}

// An invoice's id is no payment's.
func TestPayKeeperNoPayment(t *testing.T) {
	b := start(t, sandbox.Options{})
	bill := b.pkBill()
	must(t, b.Pay(bill))
	for _, id := range []string{"", "1", bill} {
		b.SetDialect(sandbox.Dialect{})
		equal(t, id, b.pkGet("/info/payments/byid/?id="+id), "")
		equal(t, id, b.pkGet("/info/refunds/bypaymentid/?id="+id), "[]")
		b.SetDialect(sandbox.Dialect{"paykeeper_no_payment": "list"})
		equal(t, id, b.pkGet("/info/payments/byid/?id="+id), "[]")
	}
	for value, want := range map[string]string{"list": "[]", "empty": "", "object": "{}"} {
		b.SetDialect(sandbox.Dialect{"paykeeper_no_refunds": value})
		equal(t, value, b.pkGet("/info/refunds/bypaymentid/?id=700001"), want)
	}
	must(t, b.Payments.Delete("700001"))
	equal(t, "deleted", b.pkGet("/info/payments/byid/?id=700001"), "")
	equal(t, "next", b.paid(), "700002")
}

// An invoice has its payment whichever way it came to be paid, also in a file
// that was made before there were payments.
func TestPayKeeperPaymentsOfInvoices(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	b := start(t, sandbox.Options{Database: file})
	added, err := b.Add(Invoice{PayAmount: "7.00", Status: "paid", PaymentID: "5", PaidDatetime: "2026-01-01 00:00:00"})
	must(t, err)
	equal(t, "added", b.pkPayment("5")["success_datetime"], any("2026-01-01 00:00:00"))
	set := b.pkBill()
	must(t, b.SetStatus(set, "paid"))
	equal(t, "set", b.pkPayment("700001")["status"], any("success"))
	must(t, b.SetStatus(set, "sent"))
	must(t, b.SetStatus(set, "paid"))
	equal(t, "set again", b.pkPayment(b.pkByID(set)["paymentid"].(string))["id"], any("700002"))
	must(t, b.Invoices.Update(added.ID, func(i *Invoice) { i.PaymentID = "6" }))
	equal(t, "updated", b.pkPayment("6")["pay_amount"], any("7.00"))
	must(t, b.SeedHistory(50, 1))
	bills, err := b.Invoices.All()
	must(t, err)
	for _, i := range bills {
		if i.PaymentID != "" {
			equal(t, i.ID, b.pkPayment(i.PaymentID)["pay_amount"], any(i.PayAmount))
		}
	}

	before, err := b.Payments.All()
	must(t, err)
	must(t, b.Transact(func(tx *sql.Tx) error {
		_, err := tx.Exec(`DROP TABLE paykeeper_payments; DROP TABLE paykeeper_refunds; DROP VIEW paykeeper_paid;
			DROP TRIGGER paykeeper_paid_at_once; DROP TRIGGER paykeeper_paid_later`)
		return err
	}))
	must(t, b.Close())
	b = start(t, sandbox.Options{Database: file})
	after, err := b.Payments.All()
	must(t, err)
	kept := map[string]Payment{}
	for _, p := range before {
		kept[p.ID] = p
	}
	equal(t, "payments", len(after), len(before)-2) // Two invoices have another payment now.
	for _, p := range after {
		equal(t, p.ID, p, kept[p.ID])
	}
	must(t, b.Close())
	b = start(t, sandbox.Options{Database: file})
	again, err := b.Payments.All()
	must(t, err)
	equal(t, "opened again", again, after)
}
