package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

const sendType = "invoice_send"

func (s *actionScene) mailed(want int) {
	s.t.Helper()
	if got := mailsOf(s.t, s.box); got != want {
		s.t.Errorf("%d mails, want %d", got, want)
	}
}

// An invoice is mailed, and again if that is asked for.
func TestSendActionMails(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	config := onGateway("paykeeper", s.makePayKeeper())
	s.p.planAction(sendType, config).nothing()
	s.mailed(0)
	s.p.invokeAction(sendType, config).nothing().tells(`is "created", and is mailed now`, "is mailed.")
	s.mailed(1)
	s.p.planAction(sendType, config).nothing()
	s.p.invokeAction(sendType, config).nothing().tells(`is "sent": it was mailed before. Mailing it again`, "is mailed.")
	s.mailed(2)
}

func TestSendActionIsRefused(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	paid, revoked := s.makePayKeeper(), s.makePayKeeper()
	s.check(s.box.PayKeeper.Pay(paid))
	newPluginWith(t, testProvider(), s.front.URL, nil).invokeAction(closeType, onGateway("paykeeper", revoked)).nothing()
	for name, c := range map[string]struct {
		id   string
		says []string
	}{
		"paid":    {paid, []string{"The invoice cannot be mailed", `is "paid"`, "Nothing was mailed", "A paid invoice needs no letter"}},
		"revoked": {revoked, []string{"The invoice cannot be mailed", `is "expired"`, "Nobody can pay it any more"}},
		"none":    {"20260101000000000", []string{"No such invoice", `no invoice "20260101000000000"`, "Nothing was mailed", "Check the id"}},
	} {
		t.Run(name, func(*testing.T) {
			config := onGateway("paykeeper", c.id)
			s.nextRun().planAction(sendType, config).fails("id", c.says...)
			s.nextRun().invokeAction(sendType, config).fails("id", c.says...)
			s.sent("paykeeper.send", 0)
		})
	}
	s.p.validateAction(sendType, onGateway("p2p", "1")).fails("gateway", `"p2p"`)
	s.p.planAction(sendType, onGateway("p2p", "1")).fails("gateway", `"p2p"`)
	s.p.invokeAction(sendType, onGateway("p2p", "1")).fails("gateway", `"p2p"`)
	s.p.validateAction(sendType, onGateway("paykeeper", " ")).fails("id")
}

// The gateway's own refusal is passed on: this invoice has no address.
func TestSendActionPassesTheRefusalOn(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	id := s.make("invoice_invoice", s.invoice(s.key(), "paykeeper", nil))
	s.p.invokeAction(sendType, onGateway("paykeeper", id)).fails("", "Cannot mail invoice paykeeper/"+id, "«Не указан e-mail клиента.»", "nothing was mailed")
	s.sent("paykeeper.send", 1)
}

// After a lost answer, an invoice that has turned from created to sent was mailed. The status
// of one that was sent before tells nothing.
func TestSendActionAfterALostAnswer(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	config := onGateway("paykeeper", s.makePayKeeper())
	lost := func(c frontCall) *misbehaviour {
		if c.operation == "send" {
			return worksAndCuts
		}
		return nil
	}
	s.front.behave(lost)
	s.p.invokeAction(sendType, config).nothing().tells("is mailed.")
	s.sent("paykeeper.send", 1)
	s.mailed(1)
	s.nextRun().invokeAction(sendType, config).fails("", "Cannot mail invoice", "It may have been mailed once more", "ask the payer")
	s.sent("paykeeper.send", 1)
	s.mailed(2)

	config = onGateway("paykeeper", s.makePayKeeper())
	s.front.behave(func(c frontCall) *misbehaviour {
		if c.operation == "send" {
			return fails
		}
		return nil
	})
	s.nextRun().invokeAction(sendType, config).fails("", "HTTP 503", "It may have been mailed", "once it shows as sent, it was mailed")
	s.sent("paykeeper.send", 0) // the front keeps it
	s.mailed(2)
}

func TestSendActionPlansWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	s.p.planAction(sendType, map[string]tftypes.Value{"gateway": text("paykeeper"), "id": unknownText()}).nothing()
	s.p.planAction(sendType, map[string]tftypes.Value{"gateway": unknownText(), "id": text("1")}).nothing()
	if got := s.box.Requests(); len(got) > 0 {
		t.Errorf("calls were sent: %v", got)
	}
	config := onGateway("paykeeper", s.makePayKeeper())
	s.front.behave(func(frontCall) *misbehaviour { return fails })
	s.nextRun().planAction(sendType, config).warns("", "The plan cannot look at invoice paykeeper/", "HTTP 503", "sends nothing if it cannot look then")
	s.nextRun().invokeAction(sendType, config).fails("", "first, so nothing was sent", "HTTP 503")
	s.mailed(0)
}

// An invoice that a run issues is mailed after its creation, and again by hand. Newer CLIs warn
// about the reference, since they have another one, which older CLIs do not know.
func TestSendActionOnTheCLI(t *testing.T) {
	clitest.NeedCLI(t, clitest.Actions)
	w := newWorkspace(t)
	send := func(name, id string) string {
		return fmt.Sprintf("action \"invoice_send\" %q {\n  config {\n    gateway = \"paykeeper\"\n    id      = %s\n  }\n}\n", name, id)
	}
	w.Write(send("first", "invoice_invoice.order.id") + `
resource "invoice_invoice" "order" {
  amount = "700"
  paykeeper = {
    client_email = "payer@example.com"
  }
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.invoice_send.first]
    }
  }
}
`)
	w.Apply().Succeeds().SaysOnly("Reference to triggering resource")
	w.Mailed(1)
	w.Plan().Succeeds().ChangesNothing()

	id := w.PayKeeperInvoices()[0].ID
	w.Write(send("again", `"`+id+`"`))
	w.Forget("invoice_invoice.order")
	w.Apply("-invoke=action.invoice_send.again").Succeeds().SaysNothing()
	w.Mailed(2)
	w.Must(w.Sandbox.PayKeeper.Pay(id))
	w.Apply("-invoke=action.invoice_send.again").Fails("The invoice cannot be mailed", `is "paid"`)
	w.Mailed(2)
}
