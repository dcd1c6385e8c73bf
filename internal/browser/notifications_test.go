package browser

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
)

// A shop that has missed a notification gets it again from the page.
func TestSendANotificationAgain(t *testing.T) {
	inBothLanguages(t, func(t *testing.T, s *shop, p *person) {
		heard := make(chan string, 10)
		listener := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { heard <- r.Header.Get("X-Notification-Token") }))
		t.Cleanup(listener.Close)
		id := s.claim(func(r *p2p.CreateInvoiceRequest) { r.NotificationURL = listener.URL })
		p.open(claimPath(id))
		p.press(p.say("Я перевёл"))
		equal(t, "token", <-heard, "token")
		p.open("/sandbox/notifications")
		p.act("open it", p.clickOn(p.find("DisclosureTriangle", "")))
		p.press(p.say("Отправить ещё раз"))
		equal(t, "token", <-heard, "token")
	})
}
