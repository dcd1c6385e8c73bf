package provider

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

const closeType = "invoice_close"

// closable is one of the things that the action closes.
type closable struct {
	gateway, operation, path string // path is the last part of the call's address
	isPayout                 bool
	make                     func(s *actionScene) (id string)
	pay                      func(s *actionScene, id string)
	// closed is the gateway's word for one that was closed.
	closed string
}

func payP2P(s *actionScene, id string) { s.check(s.box.P2P.SetStatus(id, "paid")) }

var closables = map[string]closable{
	"payment": {
		gateway: "invoice", operation: "ClosePayment", path: "ClosePayment", closed: "closed",
		make: (*actionScene).makeLink, pay: func(s *actionScene, id string) { s.check(s.box.InvoiceAPI.Pay(id, invoiceapi.TestCard)) },
	},
	"PayKeeper": {
		gateway: "paykeeper", operation: "paykeeper.revoke", path: "revoke", closed: "expired",
		make: (*actionScene).makePayKeeper, pay: func(s *actionScene, id string) { s.check(s.box.PayKeeper.Pay(id)) },
	},
	"P2P":    {gateway: "p2p", operation: "p2p.cancel", path: "cancel", closed: "canceled", make: func(s *actionScene) string { return s.makeP2P("in") }, pay: payP2P},
	"payout": {gateway: "p2p", operation: "p2p.cancel", path: "cancel", closed: "canceled", make: func(s *actionScene) string { return s.makeP2P("out") }, pay: payP2P, isPayout: true},
}

// eachClosable runs a test for each of them, in a scene of its own.
func eachClosable(t *testing.T, test func(s *actionScene, c closable, id string, config map[string]tftypes.Value)) {
	t.Helper()
	t.Parallel()
	for name, c := range closables {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newActionScene(t)
			id := c.make(s)
			test(s, c, id, onGateway(c.gateway, id))
		})
	}
}

// What is open is closed with one call. What is closed already needs none.
func TestCloseActionCloses(t *testing.T) {
	eachClosable(t, func(s *actionScene, c closable, id string, config map[string]tftypes.Value) {
		plan := s.p.planAction(closeType, config)
		if c.isPayout {
			plan.warns("id", "The payout p2p/"+id+" will be canceled")
		} else {
			plan.nothing()
		}
		s.sent(c.operation, 0)
		s.nextRun().invokeAction(closeType, config).nothing().tells(id, "Closing it.", `is "`+c.closed+`": closed`)
		s.sent(c.operation, 1)
		s.nextRun().planAction(closeType, config).nothing()
		s.p.invokeAction(closeType, config).nothing().tells(id + ` is "` + c.closed + `" already: nothing is left to close`)
		s.sent(c.operation, 0)
	})
}

func TestCloseActionRefusesWhatIsPaid(t *testing.T) {
	eachClosable(t, func(s *actionScene, c closable, id string, config map[string]tftypes.Value) {
		c.pay(s, id)
		says := []string{"What is paid cannot be closed", id, "was not closed", "To give the money back, refund it."}
		if c.isPayout {
			says[3] = "The money has moved."
		}
		s.p.planAction(closeType, config).fails("id", says...)
		s.nextRun().invokeAction(closeType, config).fails("id", says...)
		s.sent(c.operation, 0)
	})
}

// It is paid between the look and the closing.
func TestCloseActionWhenItIsPaidMeanwhile(t *testing.T) {
	eachClosable(t, func(s *actionScene, c closable, id string, config map[string]tftypes.Value) {
		s.front.behave(func(call frontCall) *misbehaviour {
			if call.operation == c.path && call.nth == 1 {
				c.pay(s, id)
			}
			return nil
		})
		s.p.invokeAction(closeType, config).fails("id", "What is paid cannot be closed", "a moment ago, and has been paid since", "was not closed")
	})
}

// What is closed when the action looks again is done, whatever the answer was.
func TestCloseActionAfterALostAnswer(t *testing.T) {
	eachClosable(t, func(s *actionScene, c closable, id string, config map[string]tftypes.Value) {
		behave := func(bad *misbehaviour, times int) {
			s.front.behave(func(call frontCall) *misbehaviour {
				if call.operation == c.path && call.nth <= times {
					return bad
				}
				return nil
			})
		}
		behave(fails, 100)
		s.p.invokeAction(closeType, config).fails("", "Cannot close ", id, "HTTP 503", "so it may still be paid", "Invoke the action again")
		behave(worksAndCuts, 100)
		s.nextRun().invokeAction(closeType, config).nothing().tells(`is "` + c.closed + `": closed`)

		id = c.make(s)
		down := false
		s.front.behave(func(call frontCall) *misbehaviour {
			if down = down || call.operation == c.path; down {
				return worksAndCuts
			}
			return nil
		})
		s.nextRun().invokeAction(closeType, onGateway(c.gateway, id)).fails("", "Cannot close ", id, "It may have been closed", "closing twice does no harm")
	})
}

// An id that the gateway does not know is done, with a warning: it may be mistyped.
func TestCloseActionOfWhatIsNotThere(t *testing.T) {
	eachClosable(t, func(s *actionScene, c closable, _ string, _ map[string]tftypes.Value) {
		none := onGateway(c.gateway, "20260101000000000")
		name := "invoice " + c.gateway + "/20260101000000000"
		if c.gateway == "invoice" {
			name = "payment 20260101000000000"
		}
		s.p.planAction(closeType, none).warns("id", "There is nothing to close", `"20260101000000000"`, "check the id")
		s.nextRun().invokeAction(closeType, none).warns("id", "There is nothing to close", "check the id").tells("There is no " + name + ": nothing is left to close")
		s.sent(c.operation, 0)
	})
}

func TestCloseActionPlansWhatIsNotKnown(t *testing.T) {
	eachClosable(t, func(s *actionScene, c closable, _ string, config map[string]tftypes.Value) {
		s.p.planAction(closeType, map[string]tftypes.Value{"gateway": text(c.gateway), "id": unknownText()}).nothing()
		s.front.behave(func(frontCall) *misbehaviour { return fails })
		s.nextRun().planAction(closeType, config).warns("", "The plan cannot look at ", "HTTP 503")
		s.nextRun().invokeAction(closeType, config).fails("", "first, so nothing was sent", "HTTP 503")
		s.sent(c.operation, 0)
	})
}

// A payout whose cancellation has failed, and that is not shown, may still be paid out.
func TestCloseActionOfAPayoutThatIsNotShownAfterwards(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	id := s.makeP2P("out")
	s.front.behave(func(call frontCall) *misbehaviour {
		switch {
		case call.operation == "cancel":
			return fails
		case call.count > 1:
			return &misbehaviour{answer: func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte(`[{"message":"Инвойс не найден"}]`))
			}}
		}
		return nil
	})
	s.p.invokeAction(closeType, onGateway("p2p", id)).fails("", "Cannot close payout p2p/"+id, "HTTP 503")
}

var expireAt = regexp.MustCompile(`"expireAt":"[^"]*"`)

// A payout that is past its time by our clock may still be paid out: it is canceled, and a failed
// cancellation is an error.
func TestCloseActionOfAPayoutPastItsTime(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	id := s.makeP2P("out")
	past := &misbehaviour{works: true, answer: func(w http.ResponseWriter, _ *http.Request, answer *httptest.ResponseRecorder) {
		_, _ = w.Write(expireAt.ReplaceAll(answer.Body.Bytes(), []byte(`"expireAt":"2020-01-01T00:00:00Z"`)))
	}}
	s.front.behave(func(call frontCall) *misbehaviour {
		if call.operation == "cancel" {
			return fails
		}
		return past
	})
	s.p.planAction(closeType, onGateway("p2p", id)).warns("id", "will be canceled")
	s.p.invokeAction(closeType, onGateway("p2p", id)).fails("", "Cannot close payout p2p/"+id, "HTTP 503", `Its status is "new"`)
}

// A gateway without settings is named.
func TestCloseActionNeedsSettings(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	block := attributeType(s.calm.schemas.Provider.ValueType(), "p2p")
	p := newPluginWith(t, testProvider(), s.front.URL, map[string]tftypes.Value{"p2p": tftypes.NewValue(block, nil)})
	for _, said := range []said{p.planAction(closeType, onGateway("p2p", "1")), p.invokeAction(closeType, onGateway("p2p", "1"))} {
		said.fails("", "is not configured", "p2p.api_key")
	}
	s.p.validateAction(closeType, onGateway("intellectmoney", "1")).fails("gateway", `"intellectmoney"`)
}

// Ctrl-C ends the waiting of a closing, and an error says what may have happened.
func TestCloseActionIsStopped(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	s.front.behave(func(call frontCall) *misbehaviour {
		if call.operation == "ClosePayment" {
			return worksAndHangs
		}
		return nil
	})
	go func() {
		<-s.front.inTrouble(t.Context(), 1)
		_, _ = s.p.server.StopProvider(context.Background(), nil)
	}()
	id := s.makeLink()
	s.p.invokeAction(closeType, onGateway("invoice", id)).fails("", "Cannot close payment "+id, "It may have been closed")
}

func TestCloseActionOnTheCLI(t *testing.T) {
	clitest.NeedCLI(t, clitest.Actions)
	w := newWorkspace(t)
	w.MustApply(linkConfig + paykeeperInvoice())
	payment, invoice := w.OnlyPayment().ID, w.PayKeeperInvoices()[0].ID
	closing := func(gateway, id string) string {
		return "action \"invoice_close\" \"old\" {\n  config {\n    gateway = \"" + gateway + "\"\n    id      = " + id + "\n  }\n}\n"
	}
	trigger := `
resource "terraform_data" "cleared" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.invoice_close.old]
    }
  }
}
`
	w.Write(linkConfig + paykeeperInvoice() + closing("invoice", linkAddress+".id"))
	w.Apply("-invoke=action.invoice_close.old").Fails("Terraform manages what the action was to close", payment)
	w.Write(linkConfig + paykeeperInvoice() + closing("invoice", "terraform_data.known.output") + trigger +
		"resource \"terraform_data\" \"known\" {\n  input = " + linkAddress + ".id\n}\n")
	w.Apply().Fails("An action may close what Terraform manages", payment)
	w.Write(linkConfig + paykeeperInvoice() + closing("paykeeper", `"`+invoice+`"`) + trigger)
	w.Apply().Fails("Terraform manages what the action was to close", invoice)
	w.Sent("ClosePayment", 0)
	w.Sent("paykeeper.revoke", 0)

	w.Forget(linkAddress, "invoice_terminal.web", invoiceAddress)
	w.Write(closing("invoice", `"`+payment+`"`))
	if out := w.Apply("-invoke=action.invoice_close.old").Succeeds().SaysNothing().Output; !strings.Contains(out, "Closing it.") {
		t.Errorf("no progress: %s", out)
	}
	w.PaymentsAre("closed")
	w.Write(closing("paykeeper", `"`+invoice+`"`) + trigger)
	w.Apply().Succeeds()
	w.Sent("paykeeper.revoke", 1)
}
