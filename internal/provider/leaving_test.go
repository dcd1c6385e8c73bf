package provider

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// What the plan forgets, and a new one of which the key is not known yet: they may
// be one under two names, and Terraform may make the new one first.
func TestRefundRenamedWithAnUnknownPayment(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	source := func(trigger string) string {
		return "resource \"terraform_data\" \"payment\" {\n  input            = \"" + payment + "\"\n  triggers_replace = \"" + trigger + "\"\n}\n"
	}
	config := unprotected(strings.Replace(refundConfig(payment), `"`+payment+`"`, "terraform_data.payment.output", 1))
	w.mustApply(source("1") + config)
	id := w.refunds()[0].ID
	for _, name := range []string{"aaa", "zzz"} {
		for _, parallelism := range []string{"1", "10"} {
			w.write(source("2"+name+parallelism) + renamed(config, "back", name))
			w.run("apply", "-auto-approve", "-parallelism="+parallelism).fails().
				errors("A refund may be made again", "This plan forgets refund "+id, "whose payment_id, amount and sequence it does not know yet", "moved {", "two steps")
			w.sent("CreateRefund", 1)
		}
	}
	// Each way out leads to an empty plan.
	w.write(source("3") + renamed(config, "back", "aaa") + movedBlock(refundAddress, "invoice_refund.aaa"))
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	w.inState("invoice_refund.aaa", map[string]any{"id": id})
	w.write(source("4") + unprotected(renamed(refundConfig(payment), "back", "bbb")))
	w.apply().fails().errors("The refund is in the state already", "moved {")
	w.write(source("4"))
	w.apply().succeeds()
	w.sent("CreateRefund", 1)
	w.write(source("5") + renamed(config, "back", "ccc")) // nobody knows of the first any more
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	w.sent("CreateRefund", 2)
}

// A payout that may be forgotten is canceled first; the gateway's refusal to do so
// is no obstacle, and its silence is one.
func TestPayoutThatIsNotCanceled(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		ok     bool
		says   string
	}{
		"refused":   {422, true, ""},
		"no answer": {500, false, "Cannot cancel the payout p2p/"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			config := unprotected(payoutConfig)
			w.mustApply(config)
			w.sandbox.Inject(sandbox.Fault{Operation: "p2p.cancel", Kind: sandbox.FaultStatus, Status: c.status})
			result := w.destroy()
			if !c.ok {
				result.fails().errors(c.says, "Destroy again")
				w.inState(invoiceAddress, map[string]any{"status": "created"})
				return
			}
			result.succeeds().warns("The payout was not canceled", "it may still be paid out")
			w.notInState(invoiceAddress)
		})
	}
}

// A history that cannot be read yet takes nothing out of the configuration.
func TestEmptyHistoryWithdrawsNothing(t *testing.T) {
	w := newWorkspace(t)
	w.seed(3)
	config := func(line string) string {
		return strings.Replace(providerBlock(w.server.URL), `"`+sandbox.DemoPayKeeperPassword+`"`, "terraform_data.key.output", 1) + `
resource "terraform_data" "key" {
  input = "` + sandbox.DemoPayKeeperPassword + `"
  ` + line + `
}
data "invoice_history" "all" {
  gateway = "paykeeper"
  limit   = 2
}
output "ids" { value = [for i in data.invoice_history.all.invoices : i.id] }
resource "invoice_terminal" "web" {
  alias = "web"
  name  = "Магазин"
}
resource "invoice_payment_link" "each" {
  for_each    = toset([for i in data.invoice_history.all.invoices : i.id])
  terminal_id = invoice_terminal.web.id
  amount      = "10"
  receipt     = []
}
`
	}
	w.write(config(""))
	w.run("apply", "-auto-approve", "-target=terraform_data.key").succeeds()
	w.apply().succeeds()
	w.sent("CreatePayment", 2)
	w.write(config("triggers_replace = 1"))
	w.plan().fails().errors("An object would be destroyed because a history is empty", "payment ", "-target", "terraform destroy -refresh=false")
	w.sent("ClosePayment", 0)
	w.run("apply", "-auto-approve", "-target=terraform_data.key").succeeds()
	w.plan().succeeds().changes(nil)
	w.run("destroy", "-auto-approve", "-refresh=false").succeeds()
	w.sent("ClosePayment", 2)
}
