package browser

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// Among many links a person finds one by its order, and opens it.
func TestFindALink(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		var ids []string
		for range 12 {
			ids = append(ids, s.payment())
		}
		s.bill()
		order, _ := s.OK("GetPayment", sandboxtest.ByID(ids[3]))["order"].(sandboxtest.Object)["id"].(string)
		p.open("/")
		p.seesNo(ids[0])                                                 // the oldest is on the next page
		p.load("see more", p.clickOn(p.all("link", p.say("Дальше"))[1])) // of the payments, not of the terminals
		p.sees(ids[0])
		p.open("/")
		p.fillIn(p.find("searchbox", p.say("Найти: заказ, номер, статус, название")), order)
		p.press(p.say("Найти"))
		p.sees(ids[3])
		p.seesNo(ids[4], "ООО", "Иванов")
		p.follow(ids[3])
		equal(t, "path", p.path(), payPath(ids[3]))
		p.press(p.say("Оплатить"))
		equal(t, "status", s.paymentStatus(ids[3]), "successful")
		equal(t, "status of another", s.paymentStatus(ids[4]), "init")
	})
}

func TestFindNothing(t *testing.T) {
	inBothLanguages(t, func(_ *testing.T, s *shop, p *person) {
		id := s.payment()
		p.open("/?q=nothing")
		p.sees(p.say("Ничего не найдено."))
		p.seesNo(id)
		p.follow(p.say("Показать всё"))
		p.sees(id)
	})
}

// clipboard is the machine's: all people share it.
var clipboard sync.Mutex

// The settings for the provider are copied with one click.
func TestCopySettings(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		for _, name := range []string{"clipboard-read", "clipboard-write"} {
			_, err := chromedp.CallBrowser(p.tab, browser.SetPermission, browser.SetPermissionParams{
				Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted,
				BrowserContextID: chromedp.FromContext(p.tab).BrowserContextID,
			})
			must(t, err)
		}
		clipboard.Lock()
		defer clipboard.Unlock()
		p.open("/")
		p.act("copy", p.clickOn(p.find("button", p.say("Скопировать"))))
		p.await("button", p.say("Скопировано"))
		copied := p.clipboard()
		for _, setting := range s.sandbox.Environment(s.URL) {
			if !strings.Contains(copied, "export "+setting.Name+"="+setting.Value+"\n") {
				t.Errorf("no %s in the clipboard: %q", setting.Name, copied)
			}
		}
	})
}

func (p *person) clipboard() string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, actionTimeout)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`navigator.clipboard.readText()`, chromedp.EvalAwaitPromise))
	must(p.t, err)
	return text
}
