package provider

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// The plan forgets one refund and makes another, whose key is unknown. They may be one refund
// under two names, and Terraform may make the new one first.
func TestRenamedRefundOfAnUnknownPaymentIsRefused(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	source := func(trigger string) string {
		return "resource \"terraform_data\" \"payment\" {\n  input            = \"" + payment + "\"\n  triggers_replace = \"" + trigger + "\"\n}\n"
	}
	config := unprotected(strings.Replace(refundConfig(payment), `"`+payment+`"`, "terraform_data.payment.output", 1))
	w.MustApply(source("1") + config)
	id := w.Refunds()[0].ID
	for _, name := range []string{"aaa", "zzz"} {
		for _, parallelism := range []string{"1", "10"} {
			w.Write(source("2"+name+parallelism) + renamed(config, "back", name))
			w.Apply("-parallelism="+parallelism).Fails("A refund may be made again", "This plan forgets refund "+id, "whose payment_id, amount and sequence it does not know yet", "moved {", "two steps")
			w.Sent("CreateRefund", 1)
		}
	}
	// Each way out leads to an empty plan.
	w.Write(source("3") + renamed(config, "back", "aaa") + movedBlock(refundAddress, "invoice_refund.aaa"))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.StateHas("invoice_refund.aaa", map[string]any{"id": id})
	w.Write(source("4") + unprotected(renamed(refundConfig(payment), "back", "bbb")))
	w.Apply().Fails("The refund is already in the state", "moved {")
	w.Write(source("4"))
	w.Apply().Succeeds()
	w.Sent("CreateRefund", 1)
	w.Write(source("5") + renamed(config, "back", "ccc")) // the state does not know the first any more
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.Sent("CreateRefund", 2)
}

// A payout that may be forgotten is canceled first. If the gateway refuses to cancel it, it is
// forgotten all the same. If the gateway is silent, it stays.
func TestForgottenPayoutIsCanceledFirst(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		ok     bool
		says   string
	}{
		"refused":   {422, true, ""},
		"no answer": {500, false, "Cannot cancel payout p2p/"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			config := unprotected(payoutConfig)
			w.MustApply(config)
			w.Sandbox.Inject(sandbox.Fault{Operation: "p2p.cancel", Kind: sandbox.FaultStatus, Status: c.status})
			result := w.Destroy()
			if !c.ok {
				result.Fails(c.says, "Destroy again")
				w.StateHas(invoiceAddress, map[string]any{"status": "created"})
				return
			}
			result.Succeeds().Warns("The payout was not canceled", "it may still be paid out")
			w.StateLacks(invoiceAddress)
		})
	}
}

// A history whose settings are unknown is empty in the plan. The plan must not destroy what the
// history used to list.
func TestEmptyHistoryWithdrawsNothing(t *testing.T) {
	w := newWorkspace(t)
	w.Must(w.Sandbox.SeedHistory(3, 1))
	config := func(line string) string {
		return strings.Replace(clitest.ProviderBlock(w.URL), `"`+paykeeper.DemoPassword+`"`, "terraform_data.key.output", 1) + `
resource "terraform_data" "key" {
  input = "` + paykeeper.DemoPassword + `"
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
	w.Write(config(""))
	w.Apply("-target=terraform_data.key").Succeeds()
	w.Apply().Succeeds()
	w.Sent("CreatePayment", 2)
	w.Write(config("triggers_replace = 1"))
	w.Plan().Fails("An object would be destroyed because a history is empty", "payment ", "-target", "terraform destroy -refresh=false")
	w.Sent("ClosePayment", 0)
	w.Apply("-target=terraform_data.key").Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.Destroy("-refresh=false").Succeeds()
	w.Sent("ClosePayment", 2)
}
