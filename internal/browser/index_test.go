package browser

import (
	"context"
	"strings"
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
		p.follow(p.say("Дальше"))
		p.open("/")
		field := p.find("searchbox", "")
		p.focusOn(field)
		p.act("type", chromedp.KeyEvent(order))
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
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		id := s.payment()
		p.open("/?q=nothing")
		p.sees(p.say("Ничего не найдено."))
		p.seesNo(id)
		p.follow(p.say("Показать всё"))
		p.sees(id)
	})
}

// The settings for the provider are copied with one click.
func TestCopySettings(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		_, err := chromedp.CallBrowser(p.tab, browser.GrantPermissions, browser.GrantPermissionsParams{
			Permissions:      []browser.PermissionType{browser.PermissionTypeClipboardReadWrite, browser.PermissionTypeClipboardSanitizedWrite},
			BrowserContextID: chromedp.FromContext(p.tab).BrowserContextID,
		})
		must(t, err)
		p.open("/")
		x, y := p.middleOf(p.find("button", p.say("Скопировать")))
		p.act("copy", chromedp.MouseClickXY(x, y), chromedp.WaitVisible(chromedp.XPath(`//button[contains(., '`+p.say("Скопировано")+`')]`)))
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
