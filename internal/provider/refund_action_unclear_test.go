package provider

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// atRefund misbehaves where a refund is sent.
func atRefund(bad *misbehaviour) func(frontCall) *misbehaviour {
	return func(c frontCall) *misbehaviour {
		if c.operation == "CreateRefund" {
			return bad
		}
		return nil
	}
}

var answersLater = &misbehaviour{works: true, answer: func(w http.ResponseWriter, _ *http.Request, answer *httptest.ResponseRecorder) {
	time.Sleep(500 * time.Millisecond)
	_, _ = w.Write(answer.Body.Bytes())
}}

// A refund is sent once, whatever becomes of the answer. What may have happened is an error
// that says how to find out, and the run does not send it again.
func TestRefundActionIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bad     *misbehaviour
		made    int
		unclear bool
		says    string
	}{
		"done and cut": {worksAndCuts, 1, true, "the connection was cut"},
		"503":          {fails, 0, true, "HTTP 503"},
		"a page": {&misbehaviour{works: true, answer: func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
			_, _ = w.Write([]byte("<html>portal</html>"))
		}}, 1, true, "an HTML page"},
		"429": {toldToWait("0"), 0, false, "HTTP 429"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newActionScene(t)
			config := s.refund(s.paid, nil)
			s.front.behave(atRefund(c.bad))
			says := []string{"Cannot make the refund", c.says}
			if c.unclear {
				says = append(says, "A refund of 5 for payment "+s.paid+" was sent", "it may have been made", "leaves nothing in the state", "look the payment up in the merchant's account",
					"Invoke the action again only if it was not made")
			}
			s.p.invokeAction(refundType, config).fails("", says...)
			calls := s.front.calls["CreateRefund"]
			if c.unclear && calls != 1 || len(s.refunds()) != c.made {
				t.Errorf("%d calls, %d refunds", calls, len(s.refunds()))
			}
			s.front.behave(nil)
			again := s.p.invokeAction(refundType, config)
			if !c.unclear {
				again.nothing() // it was provably not made
				s.sent("CreateRefund", 1)
				return
			}
			again.fails("amount", "An action has made the refund in this run", "outcome unknown", "Nothing was sent for this one")
			if got := s.front.calls["CreateRefund"]; got != 0 {
				t.Errorf("it was sent %d times more", got)
			}
		})
	}
}

// What the payment shows afterwards helps to find out.
func TestRefundActionShowsWhatBecameOfThePayment(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	s.front.behave(atRefund(&misbehaviour{works: true, answer: func(http.ResponseWriter, *http.Request, *httptest.ResponseRecorder) {
		s.check(s.box.InvoiceAPI.Payments.Update(s.paid, func(p *invoiceapi.Payment) { p.Status = "refunded" }))
		panic(http.ErrAbortHandler)
	}}))
	s.p.invokeAction(refundType, s.refund(s.paid, nil)).fails("", "it may have been made", `The payment was "successful" before, and is "refunded" now.`)
}

// A refund that the gateway gives up is an error: nothing keeps it, so nobody would see it.
func TestRefundActionThatFails(t *testing.T) {
	t.Parallel()
	s := newActionScene(t, "refund_status=fail")
	s.p.invokeAction(refundType, s.refund(s.paid, nil)).fails("payment_id", "A refund failed", s.refunds()[0].ID, `"fail"`, "No money was sent")
	pending := newActionScene(t, "refund_status=init")
	pending.p.invokeAction(refundType, pending.refund(pending.paid, nil)).nothing().tells(`its status is "init", and its result comes later`, "data source invoice_refund")
}

// On Ctrl-C a refund that is under way is waited for. If no answer comes, it may have been made.
func TestRefundActionIsStopped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bad   *misbehaviour
		grace time.Duration
		says  []string
	}{
		"answered in time": {answersLater, 30 * time.Second, nil},
		"never answered":   {worksAndHangs, 100 * time.Millisecond, []string{"no answer came, not even in the 100ms after the run was stopped", "it may have been made"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newActionScene(t)
			provider := testProvider()
			provider.stopGrace = c.grace
			p := newPluginWith(t, provider, s.front.URL, nil)
			answered := make(chan struct{})
			s.front.behave(func(call frontCall) *misbehaviour {
				if call.operation != "CreateRefund" {
					return nil
				}
				go func() {
					_, _ = p.server.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
					close(answered)
				}()
				return c.bad
			})
			stopped := p.invokeAction(refundType, s.refund(s.paid, nil))
			if c.says == nil {
				stopped.warns("", "The action went on after the stop", "Refund "+s.refunds()[0].ID, "is made")
			} else {
				stopped.fails("", c.says...)
			}
			if len(stopped.progress) != 1 {
				t.Errorf("after the stop, Terraform takes progress for the end: %q", stopped.progress)
			}
			<-answered
			s.sent("CreateRefund", 1)
		})
	}
}

// A run that is over sends no refund.
func TestRefundActionAfterTheStop(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	_, _ = s.p.server.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
	s.p.invokeAction(refundType, s.refund(s.paid, nil)).fails("", "first, so nothing was sent")
	s.sent("CreateRefund", 0)
}
