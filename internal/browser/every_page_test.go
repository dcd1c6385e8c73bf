package browser

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// shownPage is a page in one of its states.
type shownPage struct {
	name    string
	address string
	status  int
	// isPaidHere reports whether a person pays here, and has to see the sum first.
	isPaidHere bool
	// steps, if set, are what a person does on the page before it is looked at.
	steps func(*person)
}

// show opens a page in its state.
func (p *person) show(page shownPage) {
	p.t.Helper()
	p.open(page.address)
	if page.steps != nil {
		page.steps(p)
	}
}

func (page shownPage) sum(language string) string {
	if page.isPaidHere {
		return sums[language]
	}
	return ""
}

// everyPage makes the sandbox show each of its pages in each of its states. What is not
// here is neither looked at nor in the pictures.
func (s *shop) everyPage() []shownPage {
	s.T.Helper()
	pages := s.overPages()
	pages = append(pages, s.invoicePages()...)
	pages = append(pages, s.payKeeperPages()...)
	pages = append(pages, s.p2pPages()...)
	s.notify()
	s.sandbox.Inject(sandbox.Fault{Kind: sandbox.FaultDecline, Operation: "invoice.pay", Times: 1})
	s.sandbox.Inject(sandbox.Fault{Kind: sandbox.FaultLostAnswer, Every: 3})
	return append(pages, []shownPage{
		{name: "index", address: "/", status: 200},
		{name: "index-filtered", address: "/?q=" + url.QueryEscape("оплач"), status: 200},
		{name: "controls", address: "/sandbox/controls", status: 200},
		{name: "notifications", address: "/sandbox/notifications", status: 200},
		{name: "notification-tried", address: "/sandbox/notifications", status: 200, steps: openNewest},
		{name: "journal", address: "/sandbox/journal", status: 200},
		{name: "journal-filtered-to-nothing", address: "/sandbox/journal?status=503", status: 200},
		{name: "unknown-address", address: "/nowhere", status: 404},
		{name: "refused-name", address: "http://" + strangeName + ":" + portOf(s.URL) + "/", status: 403},
	}...)
}

// strangeName leads to this machine in the browser of these tests, as another site's name
// may after a DNS rebinding.
const strangeName = "shop.example"

func portOf(base string) string { return base[strings.LastIndex(base, ":")+1:] }

// overPages are the pages of what nobody has paid in time. It takes 31 days.
func (s *shop) overPages() []shownPage {
	s.T.Helper()
	payment, bill, claim := s.payment(), s.bill(), s.claim()
	s.pass(31 * 24 * time.Hour)
	return []shownPage{
		{name: "invoice-payment-expired", address: payPath(payment), status: 200},
		{name: "paykeeper-bill-expired", address: billPath(bill), status: 200},
		{name: "p2p-expired", address: claimPath(claim), status: 200},
	}
}

func (s *shop) invoicePages() []shownPage {
	s.T.Helper()
	pay := func(card string) string {
		id := s.payment()
		must(s.T, s.sandbox.InvoiceAPI.Pay(id, card))
		return payPath(id)
	}
	closed := s.payment()
	s.OK("ClosePayment", sandboxtest.ByID(closed))
	terminal := func(fields string) string { return "/invoice/terminal/" + s.terminal(fields) }
	dynamic := terminal(`,"type":"dynamic","canComments":true`)
	return []shownPage{
		{name: "invoice-payment", address: payPath(s.payment()), status: 200, isPaidHere: true},
		{name: "invoice-payment-paid", address: pay(invoiceapi.TestCard), status: 200},
		{name: "invoice-payment-declined", address: pay(invoiceapi.DeclinedCard), status: 200},
		{name: "invoice-payment-paid-again", address: pay(invoiceapi.TestCard) + "?again", status: 200},
		{name: "invoice-payment-closed-again", address: payPath(closed) + "?again", status: 200},
		{name: "invoice-payment-closed", address: payPath(closed), status: 200},
		{name: "invoice-payment-missing", address: payPath("none"), status: 404},
		{name: "invoice-terminal-static", address: terminal(`,"type":"static","defaultPrice":48500,"description":"Мука и крупы","canComments":true`), status: 200, isPaidHere: true},
		{name: "invoice-terminal-dynamic", address: dynamic, status: 200},
		{name: "invoice-terminal-refused", address: dynamic, status: 422, steps: orderNothing},
		{name: "invoice-terminal-missing", address: "/invoice/terminal/none", status: 404},
	}
}

// orderNothing fills in a terminal's page so that it is refused.
func orderNothing(p *person) {
	p.fill(p.say("Сумма, ₽"), "0")
	p.fill(p.say("Комментарий"), strings.Repeat("x", 201))
	p.press(p.say("Перейти к оплате"))
}

// notify lets a shop be notified, which refuses that, and waits for the try.
func (s *shop) notify() {
	s.T.Helper()
	listener := httptest.NewServer(http.NotFoundHandler())
	s.T.Cleanup(listener.Close)
	id := s.claim(func(r *p2p.CreateInvoiceRequest) { r.NotificationURL = listener.URL })
	s.Submit(claimPath(id), url.Values{"action": {"paid"}})
	for end := time.Now().Add(actionTimeout); ; time.Sleep(50 * time.Millisecond) {
		if _, sent := s.Browse("/sandbox/notifications"); strings.Contains(sent, `"status":404`) {
			return
		}
		if time.Now().After(end) {
			s.T.Fatal("the shop was not notified")
		}
	}
}

// openNewest opens the newest of the notifications.
func openNewest(p *person) {
	p.act("open it", p.clickOn(p.all("DisclosureTriangle", "")[0]))
}

func (s *shop) payKeeperPages() []shownPage {
	s.T.Helper()
	sent, revoked, paid := s.bill(), s.bill(), s.bill()
	must(s.T, s.paykeeper.SendInvoice(s.T.Context(), sent))
	must(s.T, s.paykeeper.RevokeInvoice(s.T.Context(), revoked))
	must(s.T, s.sandbox.PayKeeper.Pay(paid))
	refunded := s.paidBill()
	for _, time := range []string{"at_once", "never"} {
		s.sandbox.SetDialect(sandbox.Dialect{"paykeeper_refund_time": time})
		_, err := s.sandbox.PayKeeper.Refund(refunded, "1250.50", "demo")
		must(s.T, err)
	}
	s.sandbox.SetDialect(sandbox.Dialect{})
	return []shownPage{
		{name: "paykeeper-bill", address: billPath(s.bill(withCart)), status: 200, isPaidHere: true},
		{name: "paykeeper-bill-declined", address: billPath(s.bill()) + "?outcome=declined", status: 200, isPaidHere: true},
		{name: "paykeeper-bill-sent", address: billPath(sent), status: 200, isPaidHere: true},
		{name: "paykeeper-bill-revoked", address: billPath(revoked), status: 200},
		{name: "paykeeper-bill-paid", address: billPath(paid), status: 200},
		{name: "paykeeper-bill-paid-again", address: billPath(paid) + "?outcome=again", status: 200},
		{name: "paykeeper-bill-revoked-again", address: billPath(revoked) + "?outcome=none", status: 200},
		{name: "paykeeper-bill-missing", address: billPath("1"), status: 404},
		{name: "paykeeper-payment", address: "/paykeeper/payment/" + string(s.billByID(paid).PaymentID) + "/", status: 200},
		{name: "paykeeper-payment-with-refunds", address: "/paykeeper/payment/" + refunded + "/", status: 200},
		{name: "paykeeper-payment-again", address: "/paykeeper/payment/" + refunded + "/?again", status: 200},
		{name: "paykeeper-outbox", address: "/paykeeper/outbox/", status: 200},
		{name: "paykeeper-login", address: "/paykeeper/login/", status: 200},
	}
}

func (s *shop) p2pPages() []shownPage {
	s.T.Helper()
	as := func(status string) string {
		id := s.claim()
		must(s.T, s.sandbox.P2P.SetStatus(id, status))
		return claimPath(id)
	}
	s.sandbox.SetDialect(sandbox.Dialect{"p2p_requisites": "none"})
	without := s.claim()
	s.sandbox.SetDialect(sandbox.Dialect{})
	toCard := func(r *p2p.CreateInvoiceRequest) { r.PaymentMethod, r.PaymentOption = "sberbank", "TO_CARD" }
	return []shownPage{
		{name: "p2p", address: claimPath(s.claim()), status: 200, isPaidHere: true},
		{name: "p2p-to-card", address: claimPath(s.claim(toCard)), status: 200, isPaidHere: true},
		{name: "p2p-without-requisites", address: claimPath(without), status: 200, isPaidHere: true},
		{name: "p2p-payout", address: claimPath(s.claim(asPayout)), status: 200, isPaidHere: true},
		{name: "p2p-paid", address: as("paid"), status: 200},
		{name: "p2p-paid-again", address: as("paid") + "&again", status: 200},
		{name: "p2p-canceled", address: as("canceled"), status: 200},
		{name: "p2p-dispute", address: as("dispute"), status: 200},
		{name: "p2p-missing", address: claimPath("none"), status: 404},
	}
}

// withCart gives a bill lines with long names, many digits and each kind of VAT.
func withCart(r *paykeeper.CreateInvoiceRequest) {
	line := func(name, price, quantity, sum, tax string) paykeeper.CartItem {
		item := paykeeper.CartItem{Name: values.Text(name), Tax: values.Text(tax)}
		item.Price, _ = values.ParseDecimal(price)
		item.Quantity, _ = values.ParseDecimal(quantity)
		item.Sum, _ = values.ParseDecimal(sum)
		return item
	}
	r.Cart = paykeeper.Cart{
		line("Мука пшеничная высшего сорта хлебопекарная, мешок 50 кг", "2250.00", "20", "45000.00", "vat10"),
		line("Дрожжи прессованные", "80.50", "12.5", "1006.25", "vat20"),
		line("Доставка", "2493.75", "1", "2493.75", "none"),
	}
}
