package browser

import (
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func TestPayABill(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		id := s.bill()
		p.open(billPath(id))
		p.sees(sums[p.language])
		p.press(p.say("Оплатить"))
		p.sees(p.say("Оплачен"))
		p.cannotPress(p.say("Оплатить"))
		bill := s.billByID(id)
		equal(t, "status", bill.Status, "paid")
		p.follow(p.say("Платёж №") + " " + string(bill.PaymentID))
		p.sees(sums[p.language], "Иванов Иван Иванович")
	})
}

func TestPayABillByKeys(t *testing.T) {
	s := openShop(t)
	p := newPerson(t, s.URL, "ru")
	p.refuseScripts()
	id := s.bill()
	p.open(billPath(id))
	p.tabTo("button", "Оплатить")
	p.pressKey(" ")
	equal(t, "status", s.billByID(id).Status, "paid")
}

// The bank declines, and takes the money the next time.
func TestPayABillAgain(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		s.sandbox.Inject(sandbox.Fault{Kind: sandbox.FaultDecline, Times: 1})
		id := s.bill()
		p.open(billPath(id))
		p.press(p.say("Оплатить"))
		p.sees(p.say("Банк отклонил платёж. Попробуйте ещё раз."))
		equal(t, "status", s.billByID(id).Status, "created")
		p.press(p.say("Оплатить"))
		p.seesNo(p.say("Банк отклонил платёж. Попробуйте ещё раз."))
		equal(t, "status", s.billByID(id).Status, "paid")
	})
}

func TestBillRunsOut(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		id := s.bill()
		p.open(billPath(id))
		s.pass(31 * 24 * time.Hour)
		p.press(p.say("Оплатить"))
		p.sees(p.say("Срок оплаты истёк"))
		p.cannotPress(p.say("Оплатить"))
		equal(t, "status", s.billByID(id).Status, "expired")
	})
}

func TestBillIsPaidAlready(t *testing.T) {
	s := openShop(t)
	p, other := newPerson(t, s.URL, "ru"), newPerson(t, s.URL, "ru")
	id := s.bill()
	p.open(billPath(id))
	other.open(billPath(id))
	p.press("Оплатить")
	paid := s.billByID(id)
	s.pass(time.Minute)
	other.press("Оплатить")
	other.sees("Оплачен", "Этот счёт уже оплачен.")
	equal(t, "bill", s.billByID(id), paid)
}

// The merchant sends a bill, and the payer opens it from the mail.
func TestSendABill(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		id := s.bill()
		p.open(billPath(id))
		p.press(p.say("Отправить счёт на"))
		equal(t, "status", s.billByID(id).Status, "sent")
		p.open("/paykeeper/outbox/")
		p.sees("ivanov@example.com")
		p.follow(p.say("Открыть счёт"))
		equal(t, "path", p.path(), billPath(id))
		p.press(p.say("Оплатить"))
		equal(t, "status", s.billByID(id).Status, "paid")
	})
}

func TestRevokeABill(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		id := s.bill()
		payer := newPerson(t, s.URL, p.language)
		payer.open(billPath(id))
		p.open(billPath(id))
		p.press(p.say("Отозвать счёт"))
		p.sees(p.say("Продавец отменил счёт. Платить по нему не нужно."))
		payer.press(p.say("Оплатить"))
		payer.sees(p.say("Продавец отменил счёт. Платить по нему не нужно."))
		payer.cannotPress(p.say("Оплатить"))
		bill := s.billByID(id)
		equal(t, "payment", bill.PaidBy(), "")
		equal(t, "is open", bill.IsOpen(s.sandbox.Now()), false)
	})
}

// A refund that the bank has not done yet is ended on the payment's page.
func TestEndARefund(t *testing.T) {
	for button, want := range map[string]string{"Деньги возвращены": "partially_refunded", "Возврат не удался": "success"} {
		t.Run(want, func(t *testing.T) {
			s := openShop(t, "paykeeper_refund_time", "never")
			p := newPerson(t, s.URL, "ru")
			payment := s.paidBill()
			_, err := s.sandbox.PayKeeper.Refund(payment, "500", "demo")
			must(t, err)
			p.open("/paykeeper/payment/" + payment + "/")
			p.press(button)
			p.cannotPress(button)
			found, err := s.paykeeper.FindPayment(t.Context(), payment)
			must(t, err)
			equal(t, "status", found.Status, want)
		})
	}
}
