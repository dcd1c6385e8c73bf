package paykeeper

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

const reversePath = "/change/payment/reverse/"

// pkReverse asks to give back a part of a payment. Later fields win.
func (b *box) pkReverse(payment, amount string, fields ...string) object {
	b.T.Helper()
	return decode(b.T, b.pkChange(reversePath, append([]string{"id", payment, "amount", amount, "partial", "true"}, fields...)...))
}

var accepted = object{"result": "success"}

func TestPayKeeperReverse(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.paid()
	b.Advance(time.Minute)
	cart := `[{"name":"Сыр","price":"500.5","quantity":1,"sum":500.5,"tax":"vat20"}]`
	equal(t, "reverse", b.pkReverse(id, "500.5", "refund_cart", cart), accepted)
	first := object{
		"id": "90001", "payment_id": id, "refund_number": "1", "user": "demo", "amount": "500.50", "remainder": "999.50",
		"datetime": "2026-03-01 12:31:00", "status": "done",
	}
	equal(t, "refunds", b.pkRefunds(id), []any{first})
	payment := b.pkPayment(id)
	equal(t, "payment", fmt.Sprint(payment["status"], payment["refund_amount"], payment["pay_amount"]), "partially_refunded500.501500.00")
	stored, err := b.Refunds.Get("90001")
	must(t, err)
	equal(t, "cart", stored.Cart, cart)

	equal(t, "rest", b.pkReverse(id, "999.50"), accepted)
	second := b.pkRefunds(id)[1].(object)
	equal(t, "second", fmt.Sprint(second["id"], second["refund_number"], second["remainder"]), "9000220.00")
	payment = b.pkPayment(id)
	equal(t, "payment", fmt.Sprint(payment["status"], payment["refund_amount"]), "refunded1500.00")
	pkFails(t, "refunded", b.pkReverse(id, "0.01"), `статус которого не "совершён"`)
	equal(t, "refunds", len(b.pkRefunds(id)), 2)
	equal(t, "another payment", b.pkRefunds(b.paid()), []any{})

	b.SetDialect(sandbox.Dialect{"paykeeper_refund_order": "newest", "paykeeper_payment_ids": "number"})
	list := b.pkRefunds(id)
	equal(t, "newest", list[0].(object)["id"], any(json.Number("90002")))
	equal(t, "amount", list[1].(object)["amount"], any(json.Number("500.5")))
	equal(t, "payment_id", list[1].(object)["payment_id"], any(json.Number(id)))
}

func TestPayKeeperReverseRefuses(t *testing.T) {
	b := start(t, sandbox.Options{})
	bill := b.pkBill()
	must(t, b.Pay(bill))
	id := b.pkByID(bill)["paymentid"].(string)
	for _, amount := range []string{"", "0", "0.00", "-1", "1,5", "1.005", "1e2", "abc", "1 000"} {
		pkFails(t, amount, b.pkReverse(id, amount), "amount")
	}
	for _, partial := range []string{"", "1", "True", "yes"} {
		pkFails(t, partial, b.pkReverse(id, "1", "partial", partial), "partial")
	}
	for _, other := range []string{"", "1", bill} {
		pkFails(t, other, b.pkReverse(other, "1"), "Платёж не найден.")
	}
	pkFails(t, "too much", b.pkReverse(id, "1500.01"), "больше остатка")
	pkFails(t, "too much, whole", b.pkReverse(id, "1500.01", "partial", "false"), "больше остатка")
	line := `{"name":"a","price":1,"quantity":1,"sum":1,"tax":"none"}`
	for part, cart := range map[string]string{
		"формат": `{}`, "формат корзины в refund_cart": `[`, "не равна сумме возврата 2.00": `[` + line + `]`,
		"позиция 2": `[` + line + `,{"name":"b"}]`, "0.00": `[]`,
	} {
		pkFails(t, cart, b.pkReverse(id, "2", "refund_cart", cart), part)
	}
	for _, status := range []string{"pending", "canceled", "failed", "refunding", "refunded", "something"} {
		must(t, b.Payments.Update(id, func(p *Payment) { p.Status = status }))
		pkFails(t, status, b.pkReverse(id, "1"), `Нельзя сделать возврат по платежу, статус которого не "совершён"`)
	}
	equal(t, "refunds", b.pkRefunds(id), []any{})
	for _, status := range []string{"stuck", "obtained", "partially_refunded"} {
		must(t, b.Payments.Update(id, func(p *Payment) { p.Status = status }))
		equal(t, status, b.pkReverse(id, "1"), accepted)
	}
	b.SetDialect(sandbox.Dialect{"paykeeper_reverse": "array", "paykeeper_error_code": "true"})
	for amount, want := range map[string]object{"1": accepted, "1500": {"result": "fail", "msg": "Сумма возврата больше остатка по платежу.", "error_code": json.Number("6")}} {
		equal(t, "array", pkList(t, b.pkChange(reversePath, "id", id, "amount", amount, "partial", "true")), []any{want})
	}
	_, answer := b.pk(http.MethodPost, reversePath, "id="+id+"&amount=1&partial=true&token=x")
	pkFails(t, "token", pkList(t, answer)[0].(object), "Токен")
}

func TestPayKeeperRefundTakesTime(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"paykeeper_refund_time": "soon"}})
	state := func(id string) string {
		t.Helper()
		words := []any{b.pkPayment(id)["status"], b.pkPayment(id)["refund_amount"]}
		for _, r := range b.pkRefunds(id) {
			words = append(words, r.(object)["status"])
		}
		return strings.TrimSpace(fmt.Sprintln(words...))
	}
	id := b.paid()
	b.pkReverse(id, "500")
	equal(t, "started", state(id), "refunding <nil> started")
	pkFails(t, "second", b.pkReverse(id, "500"), "совершён")
	b.Advance(time.Second - time.Millisecond)
	equal(t, "still", state(id), "refunding <nil> started")
	b.Advance(time.Millisecond)
	equal(t, "done", state(id), "partially_refunded 500.00 done")

	failing := sandbox.Dialect{"paykeeper_refund_time": "soon", "paykeeper_refund_end": "failed"}
	b.SetDialect(failing)
	b.pkReverse(id, "1000")
	b.SetDialect(sandbox.Dialect{"paykeeper_refund_time": "soon"}) // What it becomes is known from its start.
	equal(t, "started", state(id), "refunding 500.00 done started")
	b.Advance(time.Second)
	equal(t, "failed", state(id), "partially_refunded 500.00 done failed")
	b.SetDialect(sandbox.Dialect{"paykeeper_refund_end": "failed"})
	other := b.paid()
	must(t, b.Payments.Update(other, func(p *Payment) { p.Status = "stuck" }))
	equal(t, "accepted", b.pkReverse(other, "1500", "partial", "false"), accepted)
	equal(t, "failed at once", state(other), "stuck <nil> failed")

	b.SetDialect(sandbox.Dialect{"paykeeper_refund_time": "never"})
	b.pkReverse(id, "1000")
	b.Advance(24 * time.Hour)
	equal(t, "never", state(id), "refunding 500.00 done failed started")
	must(t, b.EndRefund("90004", "done"))
	equal(t, "ended", state(id), "refunded 1500.00 done failed done")
	for refund, status := range map[string]string{"90004": "failed", "90001": "done", "1": "done"} {
		if err := b.EndRefund(refund, status); err == nil || !strings.Contains(err.Error(), refund) {
			t.Errorf("%s %s: %v", refund, status, err)
		}
	}
	b.pkReverse(other, "1")
	if err := b.EndRefund("90005", "started"); err == nil {
		t.Error("started is an end")
	}
}

// The payment knows of a refund before the list does.
func TestPayKeeperRefundRow(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"paykeeper_refund_row": "late"}})
	id := b.paid()
	b.pkReverse(id, "500")
	equal(t, "payment", b.pkPayment(id)["refund_amount"], any("500.00"))
	equal(t, "not yet", len(b.pkRefunds(id)), 0)
	b.Advance(3*time.Second - time.Millisecond)
	equal(t, "not yet", len(b.pkRefunds(id)), 0)
	b.Advance(time.Millisecond)
	equal(t, "late", len(b.pkRefunds(id)), 1)
	b.SetDialect(sandbox.Dialect{"paykeeper_refund_row": "never", "paykeeper_no_refunds": "empty"})
	other := b.paid()
	b.pkReverse(other, "500")
	b.Advance(time.Hour)
	equal(t, "never", b.pkGet("/info/refunds/bypaymentid/?id="+other), "")
	must(t, b.ShowRefunds())
	equal(t, "shown", len(b.pkRefunds(other)), 1)
}

func TestPayKeeperPartialFalse(t *testing.T) {
	b := start(t, sandbox.Options{})
	amounts := func(id string) string {
		var all []string
		for _, r := range b.pkRefunds(id) {
			all = append(all, r.(object)["amount"].(string))
		}
		return strings.Join(all, " ") + " " + b.pkPayment(id)["status"].(string)
	}
	id := b.paid()
	b.pkReverse(id, "1", "partial", "false")
	equal(t, "all", amounts(id), "1500.00 refunded")
	id = b.paid()
	b.pkReverse(id, "1")
	b.pkReverse(id, "2", "partial", "false")
	equal(t, "all that is left", amounts(id), "1.00 1499.00 refunded")
	b.SetDialect(sandbox.Dialect{"paykeeper_partial_false": "amount"})
	id = b.paid()
	b.pkReverse(id, "1", "partial", "false")
	equal(t, "amount", amounts(id), "1.00 partially_refunded")
}

func TestPayKeeperSecondReverse(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"paykeeper_refund_time": "never", "paykeeper_second_reverse": "taken"}})
	id := b.paid()
	equal(t, "first", b.pkReverse(id, "1000"), accepted)
	pkFails(t, "too much", b.pkReverse(id, "500.01"), "больше остатка")
	equal(t, "second", b.pkReverse(id, "500"), accepted)
	must(t, b.EndRefund("90001", "failed"))
	equal(t, "one left", b.pkPayment(id)["status"], any("refunding"))
	equal(t, "again", b.pkReverse(id, "1000"), accepted)
	must(t, b.EndRefund("90003", "done"))
	equal(t, "one left", b.pkPayment(id)["status"], any("refunding"))
	must(t, b.EndRefund("90002", "failed"))
	equal(t, "none left", b.pkPayment(id)["status"], any("partially_refunded"))
	equal(t, "sum", b.pkPayment(id)["refund_amount"], any("1000.00"))
}

// On a held payment, reverse makes no refund.
func TestPayKeeperTwoStage(t *testing.T) {
	b := start(t, sandbox.Options{Dialect: sandbox.Dialect{"paykeeper_two_stage": "true"}})
	state := func(id string) string {
		payment := b.pkPayment(id)
		return fmt.Sprintf("%v %v %v %d", payment["status"], payment["pay_amount"], payment["refund_amount"], len(b.pkRefunds(id)))
	}
	whole, part := b.paid(), b.paid()
	equal(t, "whole", b.pkReverse(whole, "1500", "partial", "false"), accepted)
	equal(t, "canceled", state(whole), "canceled 1500.00 <nil> 0")
	equal(t, "part", b.pkReverse(part, "500"), accepted)
	equal(t, "captured", state(part), "success 1000.00 <nil> 0")
	equal(t, "held no longer", b.pkReverse(part, "1000"), accepted)
	equal(t, "refunded", state(part), "refunded 1000.00 1000.00 1")
}

func TestPayKeeperRefundInCabinet(t *testing.T) {
	b := start(t, sandbox.Options{})
	id := b.paid()
	made, err := b.Refund(id, "10", "boss")
	must(t, err)
	got := b.pkRefunds(id)[0].(object)
	equal(t, "refund", fmt.Sprint(got["id"], got["user"], got["amount"]), made.ID+"boss10.00")
	for amount, part := range map[string]string{"1490.01": "остатка", "x": "amount", "-1": "amount"} {
		if _, err := b.Refund(id, amount, "boss"); err == nil || !strings.Contains(err.Error(), part) || !strings.Contains(err.Error(), id) {
			t.Errorf("%s: %v", amount, err)
		}
	}
}

// However many reverses come at the same time, never more than the payment is
// given back.
func TestPayKeeperReverseAtTheSameTime(t *testing.T) {
	for _, dialect := range []sandbox.Dialect{{}, {"paykeeper_second_reverse": "taken", "paykeeper_refund_time": "soon"}} {
		b := start(t, sandbox.Options{Dialect: dialect})
		id, token := b.paid(), b.pkToken()
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				form := url.Values{"id": {id}, "amount": {"400"}, "partial": {"true"}, "token": {token}}
				if _, _, err := b.Send(http.MethodPost, "/paykeeper"+reversePath, form.Encode(), pkDress); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		b.Advance(time.Second)
		equal(t, "refunds", len(b.pkRefunds(id)), 3)
		equal(t, "given back", b.pkPayment(id)["refund_amount"], any("1200.00"))
	}
}

func TestReverseOfAllWithoutAmount(t *testing.T) {
	for _, partialFalse := range []string{"all", "amount"} {
		b := start(t, sandbox.Options{})
		payment := b.paid()
		reverse := func(partial string) object {
			return decode(t, b.pkChange("/change/payment/reverse/", "id", payment, "partial", partial))
		}
		pkFails(t, "document", reverse("false"), "amount")
		b.SetDialect(sandbox.Dialect{"paykeeper_checks": "clients", "paykeeper_partial_false": partialFalse})
		pkFails(t, "part", reverse("true"), "amount")
		equal(t, "all", reverse("false")["result"], "success")
		p, err := b.Payments.Get(payment)
		must(t, err)
		equal(t, "given back", p.RefundAmount, "1500.00")
		pkFails(t, "again", reverse("false"), "совершён")
	}
}
