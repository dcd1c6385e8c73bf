package sandbox_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// inLanguage reads a page in a language, or sends a form to it.
func (b *box) inLanguage(to, path string, form url.Values) string {
	b.T.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	_, page, err := b.Send(method, path, form.Encode(), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Accept-Language", to)
	})
	must(b.T, err)
	return page
}

var problemParagraph = regexp.MustCompile(`<p class="problem"[^>]*>([^<]+)</p>(?:<p class="note">([^<]+)</p>)?`)

// What is wrong with a form or a filter is told in the language of the page.
func TestProblemsAreInTheLanguageOfThePage(t *testing.T) {
	b := start(t, sandbox.Options{})
	const controls, notifications = "/sandbox/controls", "/sandbox/notifications"
	for _, test := range []struct{ path, form, russian, english string }{
		{"/sandbox/journal?gateway=x", "", "Шлюза «x» нет.", "There is no gateway “x”."},
		{"/sandbox/journal?status=x", "", "Статус «x» не подходит.", "The status “x” does not do."},
		{"/sandbox/journal?limit=x", "", "Число «x» не подходит.", "The number “x” does not do."},
		{"/sandbox/journal?x=x", "", "Отбора «x» нет.", "There is no filter “x”."},
		{notifications + "?gateway=x", "", "Шлюза «x» нет.", "There is no gateway “x”."},
		{notifications + "?state=x", "", "Состояния «x» нет.", "There is no state “x”."},
		{notifications + "?limit=0", "", "Нужно число от 1 до 1000.", "Give a number from 1 to 1000."},
		{notifications, "action=x", "Такого действия", "This page has no such action"},
		{notifications, "action=address&gateway=invoice&address=ftp:x", "Адрес не начинается", "The address starts with neither"},
		{notifications, "action=address&gateway=p2p&address=", "У шлюза «p2p»", "The gateway “p2p”"},
		{controls, "action=x", "Такого действия", "This page has no such action"},
		{controls, "action=remove&number=x", "Какую неисправность", "Say which fault"},
		{controls, "action=advance&by=x", "Нужна длительность", "Give a duration"},
		{controls, "action=advance&by=-1h", "Часы нельзя перевести назад", "The clock cannot go back"},
		{controls, "action=advance&by=2000000h", "больше чем на 100 лет", "more than 100 years"},
		{controls, "action=decline&operation=x", "Для неисправности «отклонить оплату на странице» вызова «x» нет.", "The fault “decline a payment on a page” has no call “x”."},
	} {
		var form url.Values
		if test.form != "" {
			var err error
			form, err = url.ParseQuery(test.form)
			must(t, err)
		}
		for to, want := range map[string]string{"ru": test.russian, "en": test.english} {
			page := b.inLanguage(to, test.path, form)
			var shown []string
			for _, found := range problemParagraph.FindAllStringSubmatch(page, -1) {
				for _, sentence := range found[1:] {
					shown = append(shown, sentence)
					if sentence != "" && inRussian.MatchString(sentence) != (to == "ru") {
						t.Errorf("%s %s in %s: %q", test.path, test.form, to, sentence)
					}
				}
			}
			contains(t, strings.Join(shown, "\n"), want)
		}
	}
}
