package sandbox_test

import (
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// A client may have set any address of this machine for its notifications. None
// makes a sandbox do something, be it the sandbox itself or another one.
func TestANotificationActsOnNoSandbox(t *testing.T) {
	b, other := start(t, sandbox.Options{}), start(t, sandbox.Options{})
	must(t, b.P2P.SetStatus(b.p2pOrder(b.URL+"/sandbox/reset"), "canceled"))
	victim, others := b.bill("pay_amount=10"), other.bill("pay_amount=10")
	equal(t, "reset", []any{lastTry(b.settled(1))["status"], lastTry(b.settled(1))["problem"]}, []any{403.0, "status"})
	contains(t, lastTry(b.settled(1))["answer"].(string), "a notification of a sandbox")
	for _, address := range []string{b.URL + "/paykeeper/bill/" + victim + "/", other.URL + "/paykeeper/bill/" + others + "/", b.URL + "/sandbox/faults", b.URL + "/healthz"} {
		b.notify("paykeeper", address)
		must(t, b.PayKeeper.Pay(b.bill("pay_amount=20")))
		equal(t, address, lastTry(b.settled(1))["status"], 403.0)
	}
	for _, bill := range []struct {
		*box
		id string
	}{{b, victim}, {other, others}} {
		i, err := bill.PayKeeper.Invoices.Get(bill.id)
		must(t, err)
		equal(t, "status", i.Status, "created")
	}
	equal(t, "faults", len(b.Faults()), 0)
}

// A shop that is sent a notification can tell that it comes from a sandbox.
func TestNotificationsSayWhatTheyAre(t *testing.T) {
	agents := make(chan string, 1)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agents <- r.UserAgent()
		_, _ = io.WriteString(w, "ok")
	}))
	defer shop.Close()
	b := start(t, sandbox.Options{})
	b.notify("invoice", shop.URL)
	b.paid()
	equal(t, "agent", <-agents, "invoice-sandbox (notification)")
}

// User and password of an address are shown nowhere: not in the addresses, not in
// the form, and not in what a shop's page of an error has of the request.
func TestSecretsOfAddresses(t *testing.T) {
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "Exception at "+r.URL.String()+" Authorization="+r.Header.Get("Authorization")+" X-Notification-Token: "+r.Header.Get("X-Notification-Token"))
	}))
	defer shop.Close()
	b := start(t, sandbox.Options{})
	secrets := []string{"PASSW0RD", "u5er", "dTVlcjpQQVNTVzBSRA==", "T0KEN"}
	address := strings.Replace(shop.URL, "http://", "http://u5er:PASSW0RD@", 1) + "/hook?token=T0KEN"
	shown := strings.Replace(shop.URL, "http://", "http://***@", 1) + "/hook?token=***"
	status, answer := b.steer("POST", "notifications/addresses", `{"invoice":"`+address+`"}`)
	equal(t, "status", status, 200)
	contains(t, answer, `"invoice":"`+shown+`"`)
	// What is shown can be sent again. It changes nothing.
	status, answer = b.steer("POST", "notifications/addresses", `{"invoice":"`+shown+`"}`)
	equal(t, "again", status, 200)
	contains(t, answer, shown)
	form := func(address string) (int, string) {
		return b.Submit("/sandbox/notifications", url.Values{"action": {"address"}, "gateway": {"invoice"}, "address": {address}})
	}
	status, _ = form(shown)
	equal(t, "form", status, 200)
	contains(t, b.asPerson("", "ru"), `value="`+shown+`"`)
	addresses, err := b.NotifyAddresses()
	must(t, err)
	equal(t, "kept", addresses, map[string]string{"invoice": address, "paykeeper": ""})
	// A part of it cannot.
	status, page := form(shown + "2")
	equal(t, "changed", status, 422)
	contains(t, page, "Напишите адрес целиком")
	status, answer = b.steer("POST", "notifications/addresses", `{"paykeeper":"`+shown+`"}`)
	equal(t, "of another gateway", status, 400)
	contains(t, answer, "write the whole address")
	status, answer = b.steer("POST", "notifications/addresses", `{"paykeeper":"http://u5er:PASSW0RD@127.0.0.1:0/"}`)
	equal(t, "port", status, 400)
	absent(t, answer, secrets[:2]...)

	b.paid()
	contains(t, lastTry(b.settled(1))["answer"].(string), "Exception at /hook?token=*** Authorization=Basic ***")
	must(t, b.P2P.SetStatus(b.p2pOrder(address), "canceled"))
	contains(t, lastTry(b.settled(1))["answer"].(string), "-Token: ***")
	for _, path := range []string{"/sandbox/notifications", "/sandbox/requests", "/sandbox/journal"} {
		_, shown := b.Browse(path)
		absent(t, shown, secrets...)
	}
	contains(t, b.asPerson("", "ru"), "http://***@127.0.0.1")
	absent(t, b.asPerson("", "ru"), secrets...)
}

// While the database fails, the outbox does not look again without a pause.
func TestOutboxPausesWhenTheDatabaseFails(t *testing.T) {
	asked := atomic.Int64{}
	b := start(t, sandbox.Options{NotificationInterval: time.Hour, TickInterval: time.Hour, Now: func() time.Time {
		asked.Add(1)
		return sandboxtest.Begin
	}})
	must(t, b.Transact(func(tx *sql.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER full BEFORE UPDATE ON sandbox_deliveries BEGIN SELECT RAISE(FAIL, 'disk is full'); END`)
		return err
	}))
	b.notify("invoice", "http://127.0.0.1:1/")
	b.paid()
	time.Sleep(50 * time.Millisecond)
	before := asked.Load()
	time.Sleep(100 * time.Millisecond)
	if looks := asked.Load() - before; looks > 5 {
		t.Errorf("looked %d times in a tenth of a second", looks)
	}
	b.settled(0)
}
