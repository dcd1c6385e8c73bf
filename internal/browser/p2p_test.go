package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func TestTransfer(t *testing.T) {
	inBothLanguages(t, func(_ *testing.T, s *shop, p *person) {
		id := s.claim()
		p.open(claimPath(id))
		p.sees(sums[p.language])
		p.press(p.say("Я перевёл"))
		p.hasTransferred(s, id)
	})
}

func TestTransferByKeys(t *testing.T) {
	inBothLanguages(t, func(_ *testing.T, s *shop, p *person) {
		p.refuseScripts()
		id := s.claim()
		p.open(claimPath(id))
		p.tabTo("button", p.say("Я перевёл"))
		p.pressKey(kb.Enter)
		p.hasTransferred(s, id)
	})
}

func (p *person) hasTransferred(s *shop, id string) {
	p.t.Helper()
	if !strings.HasPrefix(p.path(), claimPath(id)) {
		p.t.Errorf("transferring for %s leads to %s", id, p.path())
	}
	p.sees(p.say("Оплачена"))
	p.cannotPress(p.say("Я перевёл"))
	equal(p.t, "status", s.claimStatus(id), "paid")
}

// While there are no requisites, nobody can say that a transfer was made.
func TestTransferNeedsRequisites(t *testing.T) {
	s := openShop(t, "p2p_requisites", "none")
	p := newPerson(t, s.URL, "ru")
	id := s.claim()
	p.open(claimPath(id))
	p.cannotPress("Я перевёл")
	s.sandbox.SetDialect(sandbox.Dialect{})
	p.press("Получить реквизиты")
	p.press("Я перевёл")
	p.hasTransferred(s, id)
}

func TestClaimEndsUnpaid(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		expired, disputed, canceled := s.claim(), s.claim(), s.claim()
		p.open(claimPath(disputed))
		p.press(p.say("Открыть спор"))
		p.sees(p.say("Открыт спор"))
		equal(t, "status", s.claimStatus(disputed), "dispute")

		p.open(claimPath(canceled))
		p.press(p.say("Отменить заявку"))
		p.sees(p.say("Отменена"))
		equal(t, "status", s.claimStatus(canceled), "canceled")

		p.open(claimPath(expired))
		s.pass(3 * time.Hour)
		p.press(p.say("Я перевёл"))
		p.sees(p.say("Срок оплаты истёк"))
		equal(t, "status", s.claimStatus(expired), "expired")
	})
}

func TestClaimIsPaidAlready(t *testing.T) {
	s := openShop(t)
	p, other := newPerson(t, s.URL, "ru"), newPerson(t, s.URL, "ru")
	id := s.claim()
	p.open(claimPath(id))
	other.open(claimPath(id))
	p.press("Я перевёл")
	s.pass(time.Minute)
	other.press("Открыть спор")
	other.hasTransferred(s, id)
	other.sees("Эта заявка уже оплачена.")
}

func asPayout(r *p2p.CreateInvoiceRequest) {
	r.Type, r.StartDeal, r.InternalID = "out", nil, ""
	r.PaymentMethod, r.PaymentOption = "sberbank", "TO_CARD"
	r.PaymentRequisites = &p2p.Requisites{Requisites: "2200 0000 0000 0004", Holder: "Пётр Петров"}
}

func TestPayout(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		id := s.claim(asPayout)
		p.open(claimPath(id))
		p.sees(sums[p.language], "2200 0000 0000 0004")
		p.press(p.say("Перевод выполнен"))
		equal(t, "status", s.claimStatus(id), "paid")
	})
}
