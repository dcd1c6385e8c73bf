package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// A link that was seen paid is never issued again, whatever the gateway shows later.
func TestPaidLinkStaysPaid(t *testing.T) {
	w := newWorkspace(t)
	config := withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`)
	w.MustApply(config)
	w.StateHas(linkAddress, map[string]any{"paid": false})
	id := payLink(w)
	for _, status := range []string{"closed", "fail", "error", "frozen", "init", "unknown", "refunded"} {
		w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(id, status, ""))
		seen := "the gateway shows it as \"" + status + "\""
		if status == "closed" {
			seen = "it is closed"
		}
		w.Apply().Succeeds().ChangesNothing().Warns("A paid payment link is no longer shown as paid", id, seen, "is not issued again")
		w.StateHas(linkAddress, map[string]any{"paid": true, "status": status})
	}
	w.Plan().Succeeds().SaysNothing().ChangesNothing() // a refund is reported once
	w.Must(w.Sandbox.InvoiceAPI.Payments.Update(id, func(p *invoiceapi.Payment) {
		p.Status, p.Amount = "init", "1"
		p.CreatedAt = time.Now().Add(-48 * time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
		p.ExpiresAt = time.Now().Add(-24 * time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
	}))
	w.Plan().Succeeds().ChangesNothing().Warns("A paid payment link was changed at the gateway", `the gateway now has "1.00"`).Warns("A paid payment link is no longer shown as paid")
	w.Must(w.Sandbox.InvoiceAPI.Payments.Delete(id))
	w.Apply().Succeeds().ChangesNothing().Warns("A paid payment link is no longer shown as paid", "the gateway knows no such payment")
	w.StateHas(linkAddress, map[string]any{"paid": true, "amount": "1500.50"})
	w.Write(withLine(config, "amount", `amount = "10"`))
	w.Plan().Fails("@amount", "A paid payment link cannot be changed")
	w.Write(config)
	w.Destroy().Succeeds().Warns("A paid payment link is only removed from the state", id)
	w.StateLacks(linkAddress)
	w.Sent("CreatePayment", 1)
	w.Sent("ClosePayment", 0)
}

// The state is of a version that had no attribute paid.
func TestPaidLinkOfAnOlderStateIsPaid(t *testing.T) {
	w := newWorkspace(t)
	forgetPaid := func() { w.RewriteState(`"paid": (true|false),`, "") }
	w.MustApply(linkConfig)
	forgetPaid()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	payLink(w)
	forgetPaid()
	w.Write(withLine(linkConfig, "amount", `amount = "10"`))
	w.Plan("-refresh=false").Fails("@amount", "A paid payment link cannot be changed")
	w.Write(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
	w.Apply("-refresh=false").Succeeds()
	w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(w.OnlyPayment().ID, "closed", ""))
	w.Apply().Succeeds().ChangesNothing().Warns("A paid payment link is no longer shown as paid", "it is closed")
	w.StateHas(linkAddress, map[string]any{"paid": true})
	w.Sent("CreatePayment", 1)
}

func TestPaidLinkIsNotChanged(t *testing.T) {
	for kind, config := range linkKinds {
		t.Run(kind, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			id := payLink(w)
			w.Write(withLine(withLine(config, "amount", `amount = "10"`), "description", `description = "Другой"`))
			w.Plan().Fails().ChangesNothing().
				Fails("@amount", "A paid payment link cannot be changed", id, "put amount back", "add a new resource", "terraform state rm").
				Fails("@description", "A paid payment link cannot be changed", "put description back")
			w.Sent("CreatePayment", 1)
			// One way out is back, another is a resource of its own.
			other := strings.Replace(withLine(linkBody, "order_id", `order_id = "order-2"`), `"order"`, `"other"`, 1)
			w.MustApply(config + other)
			w.Sent("CreatePayment", 2)
			// A third is to forget the link and to choose another order.
			w.Forget(linkAddress)
			w.MustApply(withLine(linkConfig, "order_id", `order_id = "order-3"`) + other)
			w.PaymentsAre("successful init init")
		})
	}
}

// What changes is unknown in the plan, so the apply decides.
func TestPaidLinkIsNotChangedByWhatWasUnknown(t *testing.T) {
	w := newWorkspace(t)
	source := func(input, trigger string) string {
		return withLine(autoLink, "description", "description = terraform_data.x.output") +
			"resource \"terraform_data\" \"x\" {\n input = \"" + input + "\"\n triggers_replace = " + trigger + "\n}"
	}
	w.MustApply(source("A", "1"))
	payLink(w)
	w.MustApply(source("A", "2"))
	w.StateHas(linkAddress, map[string]any{"description": "A", "paid": true})
	w.Write(source("B", "3"))
	w.Apply().Fails("@description", "A paid payment link cannot be changed")
	w.StateHas(linkAddress, map[string]any{"description": "A", "paid": true})
	w.Sent("CreatePayment", 1)
	w.Sent("ClosePayment", 0)
}

func TestPaidLinkIsNotReplaced(t *testing.T) {
	for kind, config := range linkKinds {
		t.Run(kind, func(t *testing.T) {
			w := newWorkspace(t)
			trigger := func(value string) string {
				return strings.Replace(strings.Replace(config, "  lifecycle {\n    create_before_destroy = true\n  }\n", "", 1), "  receipt = [",
					"  lifecycle {\n    replace_triggered_by = [terraform_data.x]\n    create_before_destroy = "+
						map[bool]string{true: "true", false: "false"}[strings.Contains(config, "lifecycle")]+"\n  }\n  receipt = [", 1) +
					"resource \"terraform_data\" \"x\" {\n input = \"" + value + "\"\n}"
			}
			w.MustApply(trigger("1"))
			id := payLink(w)
			w.Write(trigger("2"))
			w.Plan().Fails("A paid payment link cannot be replaced", id, "replace_triggered_by")
			w.Write(trigger("1"))
			w.Plan("-replace="+linkAddress).Fails("A paid payment link cannot be replaced", id, "-replace", "terraform state rm")
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("CreatePayment", 1)
			w.Sent("ClosePayment", 0)
		})
	}
}

// Terraform does not ask the provider to plan the destruction of a tainted object. The apply
// ends before anything is issued, unless the new link comes first under an order id that the
// provider makes.
func TestPaidLinkIsNotReplacedByATaint(t *testing.T) {
	for kind, config := range linkKinds {
		t.Run(kind, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			id := payLink(w)
			w.MustExec("taint", linkAddress)
			switch kind {
			case "made, create before destroy":
				// This case alone cannot be seen. The paid link is not lost, and the next apply
				// goes on with the new one.
				w.Apply().Fails("A paid payment link was replaced", id, "its successor has been issued already")
				w.Apply().Succeeds().Warns("A paid payment link is only removed from the state", id)
				w.Plan().Succeeds().ChangesNothing()
				w.Sent("CreatePayment", 2)
				return
			case "configured, create before destroy":
				w.Apply().Fails("@order_id", "The order is already paid", id)
			default:
				w.Apply().Fails("A paid payment link cannot be replaced", id, "terraform untaint")
			}
			w.StateHas(linkAddress, map[string]any{"id": id, "paid": true})
			w.MustExec("untaint", linkAddress)
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("CreatePayment", 1)
			w.Sent("ClosePayment", 0)
		})
	}
}

// The link is paid after the plan that replaces it was saved. Nothing is issued, unless the new
// link comes first under another order id. Nothing is lost.
func TestPaidLinkIsNotReplacedByASavedPlan(t *testing.T) {
	for kind, config := range linkKinds {
		for change, plan := range map[string]func(w *clitest.Workspace){
			"changed": func(w *clitest.Workspace) {
				changed := withLine(config, "amount", `amount = "7"`)
				if strings.HasPrefix(kind, "configured") {
					changed = withLine(changed, "order_id", `order_id = "order-2"`)
				}
				w.Write(changed)
				w.MustExec("plan", "-out=saved")
			},
			"-replace": func(w *clitest.Workspace) { w.MustExec("plan", "-out=saved", "-replace="+linkAddress) },
			"tainted":  func(w *clitest.Workspace) { w.MustExec("taint", linkAddress); w.MustExec("plan", "-out=saved") },
		} {
			t.Run(kind+", "+change, func(t *testing.T) {
				w := newWorkspace(t)
				w.MustApply(config)
				plan(w)
				id := w.OnlyPayment().ID
				w.Must(w.Sandbox.InvoiceAPI.Pay(id, invoiceapi.TestCard))
				failed := w.Run("apply", "saved").Fails()
				switch {
				case !strings.Contains(kind, "before destroy"):
					failed.Fails("A paid payment link cannot be replaced", id, "Nothing was issued", "stays in the state")
				case change != "changed" && strings.HasPrefix(kind, "configured"):
					failed.Fails("@order_id", "The order is already paid", id)
				default:
					// Terraform does not tell the creation what it replaces. The destroy reports it,
					// and nothing is lost.
					failed.Fails("A paid payment link was replaced", id, "its successor has been issued already")
					w.Apply().Succeeds().Warns("A paid payment link is only removed from the state", id)
					w.Write(linkTerminal) // the way out
					w.Apply().Succeeds()
					w.PaymentsAre("successful closed")
					return
				}
				w.Sent("CreatePayment", 1)
				w.StateHas(linkAddress, map[string]any{"id": id})
				if change == "tainted" {
					w.MustExec("untaint", linkAddress)
				}
				w.Write(config)
				w.Plan().Succeeds().ChangesNothing()
				w.PaymentsAre("successful")
			})
		}
	}
}

func TestRefundedLinkIsForgotten(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	id := w.OnlyPayment().ID
	w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(id, "refunded", ""))
	w.Destroy("-refresh=false").Succeeds().Warns("A paid payment link is only removed from the state", id)
	w.StateLacks(linkAddress)
	// The order is not issued again.
	w.Write(linkConfig)
	w.Apply().Fails("@order_id", "The order is already paid", id)
	w.Sent("CreatePayment", 1)
	// The link can be imported and destroyed again.
	w.MustApply(linkConfig + importing(linkAddress, id))
	w.StateHas(linkAddress, map[string]any{"paid": true, "status": "refunded"})
	w.Sandbox.ResetRequests()
	w.Destroy().Succeeds().Warns("A paid payment link is only removed from the state", id)
	w.Sent("ClosePayment", 0)
}
