package p2p

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// shop takes notifications and answers the statuses it is given, the last one
// again and again.
type shop struct {
	*httptest.Server
	got   chan *http.Request
	tries atomic.Int32
	slow  bool // The first notification takes a while.
}

func openShop(t *testing.T, statuses ...int) *shop {
	t.Helper()
	s := &shop{got: make(chan *http.Request, 20)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		try := int(s.tries.Add(1))
		if s.slow && try == 1 {
			time.Sleep(50 * time.Millisecond)
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(statuses[min(try, len(statuses))-1])
		s.got <- r
	}))
	t.Cleanup(s.Close)
	return s
}

// next is the next notification's request and its invoice.
func (s *shop) next(t *testing.T) (*http.Request, object) {
	t.Helper()
	select {
	case r := <-s.got:
		body, _ := io.ReadAll(r.Body)
		sent := decode(t, string(body))
		equal(t, "type", sent["notificationType"], "invoice")
		invoice, _ := sent["invoice"].(object)
		return r, invoice
	case <-time.After(4 * time.Second): // Sooner than the next tick.
		t.Fatal("no notification")
		return nil, nil
	}
}

func (s *shop) quiet(t *testing.T) {
	t.Helper()
	select {
	case r := <-s.got:
		t.Errorf("a notification at %s", r.URL)
	case <-time.After(80 * time.Millisecond):
	}
}

func TestP2PNotifications(t *testing.T) {
	b := start(t, sandbox.Options{NotificationInterval: time.Millisecond})
	s := openShop(t, 200)
	hook := `,"notificationUrl":"` + s.URL + `/hook?a=1","notificationToken":"secret-token"`
	id := b.p2pNew(hook)
	s.quiet(t) // A new invoice has not changed.
	must(t, b.SetStatus(id, "paid"))
	request, invoice := s.next(t)
	equal(t, "method", request.Method, "POST")
	equal(t, "address", request.URL.String(), "/hook?a=1")
	equal(t, "token", request.Header.Get("X-Notification-Token"), "secret-token")
	equal(t, "content type", request.Header.Get("Content-Type"), "application/json")
	equal(t, "invoice", invoice, b.p2pRead(id))
	equal(t, "status", invoice["status"], "paid")
	must(t, b.SetStatus(id, "paid"))                                          // No change.
	must(t, b.Invoices.Update(id, func(i *Invoice) { i.Status = "dispute" })) // Nobody is told.
	s.quiet(t)

	id = b.p2pNew(hook)
	b.p2pOK("POST", "/invoices/"+id+"/cancel", "")
	_, invoice = s.next(t)
	equal(t, "canceled", invoice["status"], "canceled")
	// Nobody has to ask for an expiry to be noticed.
	b.p2pNew(hook)
	b.Advance(time.Hour)
	_, invoice = s.next(t)
	equal(t, "expired", invoice["status"], "expired")
	s.quiet(t)
}

func TestP2PNotificationsKeepTheirOrder(t *testing.T) {
	b := start(t, sandbox.Options{})
	s := openShop(t, 200)
	s.slow = true
	id := b.p2pNew(`,"notificationUrl":"` + s.URL + `"`)
	var want, got []any
	for _, status := range []string{"a", "b", "c", "d", "e"} {
		must(t, b.SetStatus(id, status))
		want = append(want, status)
	}
	for range want {
		_, invoice := s.next(t)
		got = append(got, invoice["status"])
	}
	equal(t, "order", got, want)
}

// In a sandbox left alone, time passes all the same.
func TestP2PExpiryIsToldByItself(t *testing.T) {
	var late atomic.Int64
	b := start(t, sandbox.Options{TickInterval: time.Millisecond, Now: func() time.Time { return sandboxtest.Begin.Add(time.Duration(late.Load())) }})
	s := openShop(t, 200)
	b.p2pNew(`,"notificationUrl":"` + s.URL + `"`)
	late.Store(int64(time.Hour))
	_, invoice := s.next(t)
	equal(t, "status", invoice["status"], "expired")
}

func TestP2PNotificationsAreRepeated(t *testing.T) {
	const interval = 20 * time.Millisecond
	b := start(t, sandbox.Options{NotificationInterval: interval, Now: time.Now})
	for name, test := range map[string]struct {
		statuses []int
		tries    int
	}{
		"taken": {[]int{204}, 1}, "never": {[]int{500}, 3}, "second": {[]int{503, 200}, 2}, "redirect": {[]int{302}, 3},
	} {
		s := openShop(t, test.statuses...)
		id := b.p2pNew(`,"notificationUrl":"` + s.URL + `/hook"`)
		begun := time.Now()
		must(t, b.SetStatus(id, "paid"))
		for range test.tries {
			request, invoice := s.next(t)
			equal(t, name, request.URL.Path, "/hook")
			equal(t, name, invoice["status"], "paid")
		}
		if took := time.Since(begun); took < time.Duration(test.tries-1)*interval {
			t.Errorf("%s: %d tries in %v", name, test.tries, took)
		}
		s.quiet(t)
	}
}

func TestP2PNotificationInterval(t *testing.T) {
	b := start(t, sandbox.Options{})
	s := openShop(t, 500)
	must(t, b.SetStatus(b.p2pNew(`,"notificationUrl":"`+s.URL+`"`), "paid"))
	s.next(t)
	s.quiet(t)
	// The default is a minute of the sandbox's clock.
	b.Advance(59 * time.Second)
	s.quiet(t)
	b.Advance(time.Second)
	s.next(t)
	// Closing does not wait for the repeats.
	closed := make(chan error)
	go func() { closed <- b.Close() }()
	select {
	case err := <-closed:
		must(t, err)
	case <-time.After(5 * time.Second):
		t.Fatal("Close hangs")
	}
}

// A shop elsewhere is not told. The delivery says why.
func TestP2PNotifiesThisMachineOnly(t *testing.T) {
	b := start(t, sandbox.Options{})
	must(t, b.SetStatus(b.p2pNew(""), "paid"))
	must(t, b.SetStatus(b.p2pNew(`,"notificationUrl":"http://192.0.2.1/hook"`), "paid"))
	all, err := b.Deliveries()
	must(t, err)
	equal(t, "deliveries", len(all), 2)
	for _, d := range all {
		equal(t, d.OwnAddress, []any{d.State, d.Reason, len(d.Tries)}, []any{"not_sent", "not_this_machine", 0})
	}
}

// What is told of invoices that are gone would only confuse.
func TestP2PNotificationsEndWithAReset(t *testing.T) {
	b := start(t, sandbox.Options{NotificationInterval: 60 * time.Millisecond, Now: time.Now})
	s := openShop(t, 500)
	id := b.p2pNew(`,"notificationUrl":"` + s.URL + `/hook"`)
	must(t, b.SetStatus(id, "paid"))
	s.next(t)
	must(t, b.Reset())
	s.quiet(t)
	id = b.p2pNew(`,"notificationUrl":"` + s.URL + `/hook"`)
	must(t, b.SetStatus(id, "paid"))
	_, invoice := s.next(t)
	equal(t, "the next one", invoice["id"], id)
}
