package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// sums are 48500 roubles in the two languages.
var sums = map[string]string{"ru": "48 500,00 ₽", "en": "₽48,500.00"}

func payPath(id string) string { return "/invoice/pay/" + id }

func TestPayByMouse(t *testing.T) {
	inBothLanguages(t, func(_ *testing.T, s *shop, p *person) {
		id := s.payment()
		p.open(payPath(id))
		p.sees(sums[p.language], p.say("Ожидает оплаты"))
		p.press(p.say("Оплатить"))
		p.isPaid(s, id)
		p.find("link", p.say("Вернуться в магазин"))
	})
}

func TestPayByKeys(t *testing.T) {
	inBothLanguages(t, func(_ *testing.T, s *shop, p *person) {
		id := s.payment()
		p.open(payPath(id))
		p.tabTo("button", p.say("Оплатить"))
		p.pressKey(kb.Enter)
		p.isPaid(s, id)
	})
}

func TestPayWithoutScripts(t *testing.T) {
	s := openShop(t)
	p := newPerson(t, s.URL, "ru")
	p.refuseScripts()
	id := s.payment()
	p.open(payPath(id))
	p.press("Оплатить")
	p.isPaid(s, id)
}

func (p *person) isPaid(s *shop, id string) {
	p.t.Helper()
	if !strings.HasPrefix(p.path(), payPath(id)) {
		p.t.Errorf("paying %s leads to %s", id, p.path())
	}
	p.sees(p.say("Оплачен"), sums[p.language])
	p.cannotPress(p.say("Оплатить"))
	equal(p.t, "status", s.paymentStatus(id), "successful")
}

func TestDecline(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		id := s.payment()
		p.open(payPath(id))
		p.press(p.say("Получить отказ"))
		p.sees(p.say("Не оплачен"), "[2, 51]")
		p.cannotPress(p.say("Оплатить"))
		equal(t, "status", s.paymentStatus(id), "fail")
	})
}

// A person types the numbers of a card, as a tester of a shop does.
func TestPayWithAnotherCard(t *testing.T) {
	for card, want := range map[string]string{"4000 0000 0000 9995": "fail", "5543735484626654": "successful"} {
		s := openShop(t)
		p := newPerson(t, s.URL, "ru")
		id := s.payment()
		p.open(payPath(id))
		p.fill("Номер карты", card)
		p.press("Оплатить")
		equal(t, card, s.paymentStatus(id), want)
	}
}

func TestPaymentRunsOut(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		id := s.payment()
		p.open(payPath(id))
		s.pass(25 * time.Hour) // while the page is open
		p.press(p.say("Оплатить"))
		p.sees(p.say("Срок оплаты истёк"))
		p.cannotPress(p.say("Оплатить"))
		if status := s.paymentStatus(id); status == "successful" {
			t.Errorf("it was paid too late")
		}
	})
}

// Two browsers have the same page open, and both pay.
func TestPaidAlready(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		other := newPerson(t, s.URL, p.language)
		id := s.payment()
		p.open(payPath(id))
		other.open(payPath(id))
		p.press(p.say("Оплатить"))
		paid := s.OK("GetPayment", sandboxtest.ByID(id))
		s.pass(time.Minute)
		other.press(p.say("Получить отказ"))
		other.isPaid(s, id)
		other.sees(p.say("Этот платёж уже оплачен. Нажатие ничего не изменило, деньги списаны один раз."))
		equal(t, "payment", s.OK("GetPayment", sandboxtest.ByID(id)), paid)
	})
}

func TestMerchantCancelsAPayment(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		id := s.payment()
		p.open(payPath(id))
		p.press(p.say("Отменить платёж"))
		p.sees(p.say("Отменён"))
		p.cannotPress(p.say("Оплатить"))
		equal(t, "status", s.paymentStatus(id), "closed")
	})
}

func TestOrderAtATerminal(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		p.open("/invoice/terminal/" + s.terminal(`,"type":"dynamic","canComments":true`))
		amount := p.all("textbox", p.say("Сумма, ₽"))
		if len(amount) != 1 {
			t.Fatalf("there is no field for the sum, but %v", p.all("textbox", ""))
		}
		p.fill(amount[0].name, "сто")
		p.press(p.say("Перейти к оплате"))
		equal(t, "status of a wrong sum", p.status, 422)
		p.fill(amount[0].name, "48500")
		p.fill(p.say("Комментарий"), "Без сахара")
		p.press(p.say("Перейти к оплате"))
		id := strings.TrimPrefix(p.path(), payPath(""))
		p.press(p.say("Оплатить"))
		p.isPaid(s, id)
		p.sees("Без сахара")
	})
}
