package sandbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
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
