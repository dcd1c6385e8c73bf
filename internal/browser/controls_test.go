package browser

import (
	"testing"
	"time"
)

// A tester lets the next payment be declined, and time pass, without a line of code.
func TestControls(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		declined, later := s.payment(), s.payment()
		p.open("/")
		p.follow(p.say("Неисправности и часы"))
		p.press(p.say("Отклонить следующий платёж"))
		p.open(payPath(declined))
		p.press(p.say("Оплатить"))
		p.sees(p.say("Не оплачен"))
		equal(t, "status", s.paymentStatus(declined), "fail")

		p.open("/sandbox/controls")
		before := s.sandbox.Now()
		p.press(p.say("Перевести часы"))
		equal(t, "passed", s.sandbox.Now().Sub(before), 25*time.Hour)
		p.open(payPath(later))
		p.sees(p.say("Срок оплаты истёк"))

		p.open("/sandbox/controls")
		p.press(p.say("Сбросить песочницу"))
		p.open(payPath(later))
		equal(t, "status of the page", p.status, 404)
		equal(t, "passed", s.sandbox.Now().Equal(before), true)
	})
}

// A fault that was asked for by mistake is taken back.
func TestTakeAFaultBack(t *testing.T) {
	s := openShop(t)
	p := newPerson(t, s.URL, "ru")
	id := s.payment()
	p.open("/sandbox/controls")
	p.press("Отклонить следующий платёж")
	p.press("Убрать")
	equal(t, "faults", len(s.sandbox.Faults()), 0)
	p.open(payPath(id))
	p.press("Оплатить")
	p.isPaid(s, id)
}
