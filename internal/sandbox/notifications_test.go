package sandbox_test

import (
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// shop takes notifications. It answers what it is told to.
type shop struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	answer string
	got    []string // bodies
	kind   string   // Content-Type of the last one
}

func openShop(t *testing.T, status int, answer string) *shop {
	t.Helper()
	s := &shop{status: status, answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got, s.kind = append(s.got, string(body)), r.Header.Get("Content-Type")
		w.WriteHeader(s.status)
		_, _ = io.WriteString(w, s.answer)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *shop) become(status int, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.answer = status, answer
}

func (s *shop) bodies() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.got...)
}

// notifications reads /sandbox/notifications.
func (b *box) notifications(query string) (all []object) {
	b.T.Helper()
	status, answer := b.steer("GET", "notifications"+query, "")
	equal(b.T, "status of the notifications", status, 200)
	must(b.T, json.Unmarshal([]byte(answer), &all))
	return all
}

// settled waits until the newest notification has so many tries, and returns it.
func (b *box) settled(tries int) object {
	b.T.Helper()
	var newest object
	for range 500 {
		if all := b.notifications(""); len(all) > 0 {
			if newest = all[0]; len(newest["tries"].([]any)) >= tries {
				equal(b.T, "tries", len(newest["tries"].([]any)), tries)
				return newest
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.T.Fatalf("%d tries wanted: %v", tries, newest)
	return nil
}

func (b *box) notify(gateway, address string) {
	b.T.Helper()
	must(b.T, b.SetNotifyAddresses(map[string]string{gateway: address}))
}

// bill makes an invoice of PayKeeper.
func (b *box) bill(form string) string {
	b.T.Helper()
	return sandboxtest.Decode(b.T, b.paykeeper("POST", "/change/invoice/preview/", form+"&token="+b.token()))["invoice_id"].(string)
}

// lastTry is what came of the last try.
func lastTry(d object) object {
	tries := d["tries"].([]any)
	return tries[len(tries)-1].(object)
}

const (
	rightAnswer = "OK 35a7ec1eb38f91b4668deb44523ddb1e"
	wrongAnswer = "OK 00000000000000000000000000000000"
)

// The hashes are md5sum's of the recipe.
func TestNotificationsOfPayKeeper(t *testing.T) {
	for dialect, want := range map[string][]any{
		"":                               {"20260301123000123", ""},
		"paykeeper_notify_invoice=false": {"", ""},
		"paykeeper_two_stage=true":       {"20260301123000123", "2026-03-01 12:30:00"},
		"paykeeper_batch_date=taken":     {"20260301123000123", "2026-03-01 12:30:00"},
		"paykeeper_payment_ids=number":   {"20260301123000123", ""},
		"paykeeper_amount=plain":         {"20260301123000123", ""},
	} {
		read, err := gateways.Switches.Parse(strings.Fields(dialect)...)
		must(t, err)
		b, s := start(t, sandbox.Options{Dialect: read}), openShop(t, 200, " "+rightAnswer+"\n")
		b.notify("paykeeper", s.URL)
		bill := b.bill("pay_amount=10&orderid=7&clientid=%D0%98%D0%B2%D0%B0%D0%BD&client_email=a%40b.ru&client_phone=%2B79001234567&service_name=%D0%A7%D0%B0%D0%B9")
		must(t, b.PayKeeper.Pay(bill))
		must(t, b.PayKeeper.Pay(bill))
		d := b.settled(1)
		equal(t, dialect, []any{d["state"], lastTry(d)["problem"], len(b.notifications(""))}, []any{"delivered", "", 1})
		equal(t, "kind", s.kind, "application/x-www-form-urlencoded")
		form, err := url.ParseQuery(s.bodies()[0])
		must(t, err)
		for name, value := range map[string]string{
			"id": "700001", "sum": "10.00", "clientid": "Иван", "orderid": "7", "key": "3de3226ab2150dd8f7e863c70cfb0eab",
			"client_email": "a@b.ru", "client_phone": "+79001234567", "service_name": "Чай", "ps_id": "1",
		} {
			equal(t, dialect+" "+name, form.Get(name), value)
		}
		equal(t, dialect, []any{form.Get("invoice_id"), form.Get("batch_date")}, want)
	}
}

// Some shops answer a bare OK. Whether that is enough is a switch.
func TestPayKeeperTakesABareOK(t *testing.T) {
	for dialect, want := range map[string]string{"hash": "pending", "any": "delivered"} {
		read, err := gateways.Switches.Parse("paykeeper_notify_answer=" + dialect)
		must(t, err)
		b, s := start(t, sandbox.Options{Dialect: read}), openShop(t, 200, "OK")
		b.notify("paykeeper", s.URL)
		must(t, b.PayKeeper.Pay(b.bill("pay_amount=10")))
		equal(t, dialect, b.settled(1)["state"], any(want))
	}
}

// A shop that answers something else has not taken it.
func TestPayKeeperChecksTheAnswer(t *testing.T) {
	for answer, problem := range map[string]string{rightAnswer: "", wrongAnswer: "answer", "OK": "answer", "": "answer", strings.ToLower(rightAnswer): "answer", rightAnswer + "!": "answer"} {
		b, s := start(t, sandbox.Options{}), openShop(t, 200, answer)
		b.notify("paykeeper", s.URL)
		must(t, b.PayKeeper.Pay(b.bill("pay_amount=10")))
		equal(t, answer, lastTry(b.settled(1))["problem"], problem)
	}
	b, s := start(t, sandbox.Options{}), openShop(t, 500, rightAnswer)
	b.notify("paykeeper", s.URL)
	must(t, b.PayKeeper.SetStatus(b.bill("pay_amount=10"), "paid"))
	equal(t, "status", lastTry(b.settled(1))["problem"], "status")
	s.become(200, wrongAnswer)
	b.Advance(time.Minute)
	equal(t, "hash", []any{b.settled(2)["state"], lastTry(b.settled(2))["problem"]}, []any{"pending", "answer"})
	s.become(200, rightAnswer)
	b.Advance(time.Minute)
	equal(t, "taken", b.settled(3)["state"], "delivered")
}

// Three tries, a minute of the sandbox's clock apart.
func TestTriesByTheClock(t *testing.T) {
	b, s := start(t, sandbox.Options{TickInterval: time.Hour}), openShop(t, 503, "busy")
	b.notify("invoice", s.URL)
	b.paid()
	d := b.settled(1)
	equal(t, "first", []any{d["state"], d["next_try"], lastTry(d)["status"], lastTry(d)["answer"]}, []any{"pending", "2026-03-01T09:31:00.123000Z", 503.0, "busy"})
	quiet := func(tries int) {
		t.Helper()
		time.Sleep(60 * time.Millisecond)
		equal(t, "not yet", len(s.bodies()), tries)
	}
	for tries := range 2 {
		_, _ = b.steer("POST", "clock", `{"advance":"59s"}`)
		quiet(tries + 1)
		_, _ = b.steer("POST", "clock", `{"advance":"1s"}`)
		d = b.settled(tries + 2)
	}
	equal(t, "end", []any{d["state"], d["next_try"], lastTry(d)["at"]}, []any{"failed", nil, "2026-03-01T09:32:00.123Z"})
	b.Advance(24 * time.Hour)
	quiet(3)
	for _, body := range s.bodies() {
		equal(t, "the same bytes", body, s.bodies()[0])
	}
	s.Close()
	b.order("1")
	must(t, b.InvoiceAPI.Pay(b.order("2"), invoiceapi.TestCard))
	equal(t, "nobody there", lastTry(b.settled(1))["problem"], "connection")
}

// What waits survives a restart, and so does its place.
func TestNotificationsSurvive(t *testing.T) {
	file, s := filepath.Join(t.TempDir(), "x.db"), openShop(t, 500, "")
	first := start(t, sandbox.Options{Database: file})
	first.notify("invoice", s.URL)
	first.paid()
	first.settled(1)
	must(t, first.Close())
	s.become(200, "")
	second := start(t, sandbox.Options{Database: file, Now: func() time.Time { return sandboxtest.Begin.Add(2 * time.Minute) }})
	equal(t, "after the restart", second.settled(2)["state"], "delivered")
	addresses, err := second.NotifyAddresses()
	must(t, err)
	equal(t, "addresses", addresses, map[string]string{"invoice": s.URL, "paykeeper": ""})
}

// A change that is undone is not told of.
func TestWhatIsUndoneIsNotTold(t *testing.T) {
	b, s := start(t, sandbox.Options{}), openShop(t, 200, "")
	b.notify("invoice", s.URL)
	equal(t, "refused", b.InvoiceAPI.Pay("nope", invoiceapi.TestCard) != nil, true)
	err := b.Transact(func(tx *sql.Tx) error {
		must(t, b.Notify(tx, "invoice", sandbox.Notification{Object: "1", Body: "x"}))
		return sandbox.ErrNotFound
	})
	equal(t, "error", err, sandbox.ErrNotFound)
	time.Sleep(30 * time.Millisecond)
	equal(t, "told", []int{len(b.notifications("")), len(s.bodies())}, []int{0, 0})
}

// A shop that hangs holds up no other object's notification.
func TestASlowShopHoldsUpNobody(t *testing.T) {
	b, s := start(t, sandbox.Options{}), openShop(t, 200, "")
	hang := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer slow.Close()
	defer close(hang)
	must(t, b.P2P.SetStatus(b.p2pOrder(slow.URL), "paid"))
	must(t, b.P2P.SetStatus(b.p2pOrder(s.URL), "paid"))
	b.settled(1)
	equal(t, "told", len(s.bodies()), 1)
}

func TestPayKeeperSecretWord(t *testing.T) {
	s := openShop(t, 200, "")
	opened, err := gateways.Open(gateways.Options{Options: sandboxtest.Options(sandbox.Options{}), PayKeeper: paykeeper.Options{SecretWord: "other", NotifyAddress: s.URL}})
	b := &box{sandboxtest.Serve(t, opened.Sandbox, err), opened}
	must(t, b.PayKeeper.Pay(b.bill("pay_amount=10")))
	b.settled(1)
	form, err := url.ParseQuery(s.bodies()[0])
	must(t, err)
	equal(t, "key", form.Get("key"), "1b955410f015d7d90a022305a04118f9")
}
