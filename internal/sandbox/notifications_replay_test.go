package sandbox_test

import (
	"database/sql"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// replay sends a notification again.
func (b *box) replay(d object) (int, object) {
	b.T.Helper()
	status, answer := b.steer("POST", "notifications/"+d["id"].(string)+"/replay", "")
	return status, sandboxtest.Decode(b.T, answer)
}

func TestReplay(t *testing.T) {
	b, s := start(t, sandbox.Options{TickInterval: time.Hour}), openShop(t, 200, "")
	b.notify("invoice", s.URL)
	b.paid()
	d := b.settled(1)
	status, again := b.replay(d)
	equal(t, "delivered", []any{status, again["state"], lastTry(again)["replay"], again["id"]}, []any{200, "delivered", true, d["id"]})
	equal(t, "the same bytes", s.bodies()[1], s.bodies()[0])
	// What was delivered stays so, even if the shop takes it no longer.
	s.become(500, "")
	_, again = b.replay(d)
	equal(t, "refused later", []any{again["state"], lastTry(again)["problem"], again["next_try"]}, []any{"delivered", "status", nil})

	// A failed replay counts for nothing: two more tries are to come at their time.
	b.SetDialect(sandbox.Dialect{})
	must(t, b.InvoiceAPI.SetPaymentStatus(b.order("1"), "fail", ""))
	pending := b.settled(1)
	_, again = b.replay(pending)
	equal(t, "pending", []any{again["state"], again["next_try"]}, []any{"pending", pending["next_try"]})
	b.Advance(time.Minute)
	equal(t, "pending", b.settled(3)["state"], "pending")
	b.Advance(time.Minute)
	equal(t, "failed", b.settled(4)["state"], "failed")
	_, again = b.replay(pending)
	equal(t, "failed again", again["state"], "failed")
	s.become(200, "")
	_, again = b.replay(pending)
	equal(t, "taken at last", []any{again["state"], len(again["tries"].([]any))}, []any{"delivered", 6})
}

// What had nowhere to go is kept. Once there is an address, a replay sends it there.
func TestReplayOfWhatWasNotSent(t *testing.T) {
	b, s := start(t, sandbox.Options{}), openShop(t, 200, "")
	b.paid()
	d := b.settled(0)
	equal(t, "not sent", []any{d["state"], d["address"], d["next_try"]}, []any{"not_sent", "", nil})
	contains(t, d["reason"].(string), "no address is set")
	status, refused := b.replay(d)
	equal(t, "nowhere", status, 409)
	contains(t, refused["error"].(string), "no address is set")
	b.notify("invoice", s.URL)
	status, again := b.replay(d)
	equal(t, "sent", []any{status, again["state"], again["reason"], len(s.bodies())}, []any{200, "delivered", nil, 1})

	// A real shop's address stays refused, whoever asks.
	must(t, b.P2P.SetStatus(b.p2pOrder("https://shop.example/hook"), "paid"))
	status, refused = b.replay(b.settled(0))
	equal(t, "elsewhere", status, 409)
	contains(t, refused["error"].(string), "not on this machine")
	status, _ = b.steer("POST", "notifications/nope/replay", "")
	equal(t, "unknown", status, 404)
}

func TestNotificationAddresses(t *testing.T) {
	b := start(t, sandbox.Options{NotifyHosts: []string{"neighbour"}})
	for body, want := range map[string]string{
		`{"invoice":"https://shop.example/x"}`: "not on this machine", `{"invoice":"shop"}`: "http or https", `{"p2p":"http://127.0.0.1/"}`: `\"invoice\", \"paykeeper\"`,
		`{"colour":"http://127.0.0.1/"}`: "colour", `{"invoice":1}`: "number", `{"paykeeper":"http://127.0.0.1/","invoice":"http://10.0.0.1/"}`: "10.0.0.1",
	} {
		status, answer := b.steer("POST", "notifications/addresses", body)
		equal(t, body, status, 400)
		contains(t, answer, want)
	}
	_, answer := b.steer("GET", "notifications/addresses", "")
	equal(t, "all or none", answer, `{"invoice":"","paykeeper":""}`+"\n")
	_, answer = b.steer("POST", "notifications/addresses", `{"invoice":"http://neighbour:1/x?a=1"}`)
	equal(t, "set", answer, `{"invoice":"http://neighbour:1/x?a=1","paykeeper":""}`+"\n")
	must(t, b.Reset())
	_, answer = b.steer("GET", "notifications/addresses", "")
	equal(t, "reset", answer, `{"invoice":"","paykeeper":""}`+"\n")
}

// What is pending goes to the new address, and nowhere when there is none.
func TestAddressChanges(t *testing.T) {
	b, wrong, right := start(t, sandbox.Options{}), openShop(t, 404, ""), openShop(t, 200, "")
	b.notify("invoice", wrong.URL)
	b.paid()
	b.settled(1)
	b.notify("invoice", right.URL)
	b.Advance(time.Minute)
	equal(t, "moved", b.settled(2)["state"], "delivered")
	b.notify("invoice", wrong.URL)
	must(t, b.InvoiceAPI.SetPaymentStatus(b.order("1"), "fail", ""))
	b.settled(1)
	b.notify("invoice", "")
	b.Advance(time.Minute)
	for range 100 {
		if b.settled(1)["state"] == "not_sent" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	equal(t, "switched off", b.settled(1)["state"], "not_sent")
}

// A reset ends what waits, and what is on its way leaves nothing behind.
func TestResetEndsNotifications(t *testing.T) {
	b, s := start(t, sandbox.Options{}), openShop(t, 500, "")
	b.notify("invoice", s.URL)
	b.paid()
	b.settled(1)
	status, _ := b.steer("POST", "reset", "")
	equal(t, "status", status, 204)
	b.Advance(time.Hour)
	time.Sleep(60 * time.Millisecond)
	equal(t, "after the reset", []int{len(b.notifications("")), len(s.bodies())}, []int{0, 1})
}

func TestNotificationFilters(t *testing.T) {
	b, s := start(t, sandbox.Options{}), openShop(t, 200, "")
	b.notify("invoice", s.URL)
	b.paid()
	b.settled(1)
	must(t, b.PayKeeper.Pay(b.bill("pay_amount=10")))
	for query, want := range map[string]string{
		"": "paykeeper invoice", "?gateway=invoice": "invoice", "?gateway=p2p": "", "?state=not_sent": "paykeeper", "?state=delivered&gateway=invoice": "invoice",
		"?state=pending": "", "?limit=1": "paykeeper", "?gateway=&state=": "paykeeper invoice",
	} {
		var got []string
		for _, d := range b.notifications(query) {
			got = append(got, d["gateway"].(string))
		}
		equal(t, query, strings.Join(got, " "), want)
	}
	for query, want := range map[string]string{"?gateway=x": "invoice", "?state=x": "not_sent", "?limit=0": "1000", "?limit=x": "1000", "?colour=red": "colour"} {
		status, answer := b.steer("GET", "notifications"+query, "")
		equal(t, query, status, 400)
		contains(t, answer, want)
	}
}

// asPerson reads the page as a browser does.
func (b *box) asPerson(query, language string) string {
	b.T.Helper()
	status, kind, page := b.under("", "GET", "/sandbox/notifications"+query, "", "Accept", "text/html", "Accept-Language", language)
	equal(b.T, "page", []any{status, kind}, []any{200, "text/html; charset=utf-8"})
	return page
}

var cyrillic = regexp.MustCompile(`[А-Яа-яЁё][^<]*`)

func TestNotificationsPage(t *testing.T) {
	b, s := start(t, sandbox.Options{}), openShop(t, 200, "no hash")
	b.notify("paykeeper", s.URL+"/hook?token=very-secret")
	must(t, b.PayKeeper.Pay(b.bill("pay_amount=10&orderid=A-7&client_email=anna%40example.com")))
	key := regexp.MustCompile(`key=([0-9a-f]{32})`)
	d := b.settled(1)
	secret := key.FindStringSubmatch(s.bodies()[0])[1]
	must(t, b.P2P.SetStatus(b.p2pOrder("https://shop.example/hook"), "paid"))
	b.paid()
	russian, english := b.asPerson("", "ru"), b.asPerson("", "en")
	contains(t, russian, "Уведомления магазинам", "no hash", "orderid=A-7", "key=***", "не отправлено", "Следующая попытка: 01.03.2026 12:31:00 МСК", "магазин не принял: ответ не тот",
		"Адрес не на этом компьютере", "Адрес не задан.", "Отправить ещё раз", "/hook?token=***", "X-Notification-Token: ***")
	contains(t, english, "Notifications to shops", "not sent", "Next try: 1 Mar 2026, 12:31:00 MSK", "not taken: it is not the answer", "not on this machine", "Send again")
	// But for the link to the other language, and what merchants have written.
	if mixed := cyrillic.FindString(regexp.MustCompile(`(?s)<pre>.*?</pre>|По-русски`).ReplaceAllString(english, "")); mixed != "" {
		t.Errorf("Russian on the English page: %s", mixed)
	}
	list, _ := b.steer("GET", "notifications", "")
	equal(t, "list", list, 200)
	_, answer := b.steer("GET", "notifications", "")
	for _, text := range []string{russian, answer} {
		absent(t, text, secret, "anna@example.com", "anna%40example.com", `Token: tok`, `"tok"`)
	}
	contains(t, b.asPerson("?state=pending", "ru"), "A-7", "<option value=\"pending\" selected>")
	absent(t, b.asPerson("?state=not_sent", "ru"), "A-7")
	contains(t, b.asPerson("?state=wrong", "en"), "The filter was not understood. Everything is shown.", "There is no state “wrong”.")
	_, index := b.Browse("/")
	contains(t, index, `href="/sandbox/notifications"`)

	// Its buttons.
	form := url.Values{"action": {"replay"}, "id": {d["id"].(string)}}
	s.become(200, rightAnswer)
	equal(t, "elsewhere", b.Elsewhere("/sandbox/notifications", form.Encode()), 403)
	equal(t, "elsewhere, replay", b.Elsewhere("/sandbox/notifications/"+d["id"].(string)+"/replay", ""), 403)
	equal(t, "elsewhere, addresses", b.Elsewhere("/sandbox/notifications/addresses", `{"invoice":"http://127.0.0.1:1/"}`), 403)
	equal(t, "nothing sent", len(s.bodies()), 1)
	status, _, _ := b.under("evil.example", "GET", "/sandbox/notifications", "")
	equal(t, "another name", status, 403)
	b.Submit("/sandbox/notifications?state=pending", form)
	equal(t, "pressed", []any{len(s.bodies()), b.notifications("?gateway=paykeeper")[0]["state"]}, []any{2, "delivered"})
	status, _ = b.Submit("/sandbox/notifications", url.Values{"action": {"replay"}, "id": {"nope"}})
	equal(t, "unknown", status, 404)
	b.Submit("/sandbox/notifications", url.Values{"action": {"address"}, "gateway": {"invoice"}, "address": {" " + s.URL + " "}})
	addresses, err := b.NotifyAddresses()
	must(t, err)
	equal(t, "address", addresses["invoice"], s.URL)
	status, page := b.Submit("/sandbox/notifications", url.Values{"action": {"address"}, "gateway": {"invoice"}, "address": {"https://shop.example"}})
	equal(t, "refused", status, 422)
	contains(t, page, "Адрес не на этом компьютере")
}

// A thousand deliveries make neither the page nor the list slow.
func TestManyNotifications(t *testing.T) {
	b := start(t, sandbox.Options{})
	must(t, b.Transact(func(tx *sql.Tx) error {
		for n := range 1000 {
			body := `{"invoice":{"id":"` + strconv.Itoa(n) + `","x":"` + strings.Repeat("слово ", 100) + `"}}`
			if err := b.Notify(tx, "invoice", sandbox.Notification{Object: strconv.Itoa(n), About: "paid", Headers: sandbox.JSONHeaders(), Body: body}); err != nil {
				return err
			}
		}
		return nil
	}))
	var took []time.Duration
	for range 5 {
		begun := time.Now()
		contains(t, b.asPerson("", "ru"), ", 999,", ", 950,")
		took = append(took, time.Since(begun))
	}
	t.Log(took)
	if quickest := slices.Min(took); quickest > 100*time.Millisecond && !isRace {
		t.Errorf("the page takes %v", quickest)
	}
}
