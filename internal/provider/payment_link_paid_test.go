package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// cli runs a command of the CLI that has to work.
func (w *workspace) cli(args ...string) string {
	w.t.Helper()
	output, ok := w.exec(args...)
	if !ok {
		w.t.Fatalf("%s: %s", strings.Join(args, " "), output)
	}
	return output
}

// pay pays the only payment, and lets the state know.
func (w *workspace) pay() (id string) {
	w.t.Helper()
	id = w.onlyPayment().ID
	w.check(w.sandbox.InvoiceAPI.Pay(id, invoiceapi.TestCard))
	w.apply().succeeds()
	w.inState(linkAddress, map[string]any{"paid": true, "status": "successful"})
	return id
}

// createFirst makes a link of a kind that is destroyed after its successor is created.
func createFirst(config string) string {
	return strings.Replace(config, "  receipt = [", "  lifecycle {\n    create_before_destroy = true\n  }\n  receipt = [", 1)
}

// kinds are the ways in which a link may come by its order id, and be replaced.
var linkKinds = map[string]string{
	"configured": linkConfig, "made": autoLink,
	"configured, create before destroy": createFirst(linkConfig), "made, create before destroy": createFirst(autoLink),
}

// What was seen paid once is never issued again, whatever the gateway shows later.
func TestLinkPaidStaysPaid(t *testing.T) {
	w := newWorkspace(t)
	config := withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`)
	w.mustApply(config)
	w.inState(linkAddress, map[string]any{"paid": false})
	id := w.pay()
	for _, status := range []string{"closed", "fail", "error", "frozen", "init", "unknown", "refunded"} {
		w.check(w.sandbox.InvoiceAPI.SetPaymentStatus(id, status, ""))
		seen := "the gateway shows it as \"" + status + "\""
		if status == "closed" {
			seen = "it is closed"
		}
		w.apply().succeeds().changes(nil).warns("A paid payment link is shown otherwise", id, seen, "is not issued again")
		w.inState(linkAddress, map[string]any{"paid": true, "status": status})
	}
	w.plan().succeeds().quiet().changes(nil) // a refund is told once
	w.check(w.sandbox.InvoiceAPI.Payments.Update(id, func(p *invoiceapi.Payment) {
		p.Status, p.Amount = "init", "1"
		p.CreatedAt = time.Now().Add(-48 * time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
		p.ExpiresAt = time.Now().Add(-24 * time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
	}))
	w.plan().succeeds().changes(nil).warns("A paid payment was changed at the gateway", `the gateway now has "1.00"`).warns("A paid payment link is shown otherwise")
	w.check(w.sandbox.InvoiceAPI.Payments.Delete(id))
	w.apply().succeeds().changes(nil).warns("A paid payment link is shown otherwise", "the gateway knows no such payment")
	w.inState(linkAddress, map[string]any{"paid": true, "amount": "1500.50"})
	w.write(withLine(config, "amount", `amount = "10"`))
	w.plan().fails().errors("@amount", "A paid payment link cannot be changed")
	w.write(config)
	w.destroy().succeeds().warns("A paid payment link is only removed from the state", id)
	w.notInState(linkAddress)
	w.sent("CreatePayment", 1)
	w.sent("ClosePayment", 0)
}

// forgetPaidAttribute makes the state one of a version that had no attribute paid.
func (w *workspace) forgetPaidAttribute() {
	w.t.Helper()
	file := filepath.Join(w.dir, "terraform.tfstate")
	text, err := os.ReadFile(file)
	w.check(err)
	older := regexp.MustCompile(`"paid": (true|false),`).ReplaceAll(text, nil)
	if len(older) == len(text) {
		w.t.Fatal("the state has no attribute paid")
	}
	w.check(os.WriteFile(file, older, 0o600))
}

func TestLinkPaidInAnOlderState(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.forgetPaidAttribute()
	w.plan().succeeds().quiet().changes(nil)
	w.pay()
	w.forgetPaidAttribute()
	w.write(withLine(linkConfig, "amount", `amount = "10"`))
	w.run("plan", "-refresh=false").fails().errors("@amount", "A paid payment link cannot be changed")
	w.write(withLine(linkConfig, "when_unpayable", `when_unpayable = "renew"`))
	w.run("apply", "-auto-approve", "-refresh=false").succeeds()
	w.check(w.sandbox.InvoiceAPI.SetPaymentStatus(w.onlyPayment().ID, "closed", ""))
	w.apply().succeeds().changes(nil).warns("A paid payment link is shown otherwise", "it is closed")
	w.inState(linkAddress, map[string]any{"paid": true})
	w.sent("CreatePayment", 1)
}

func TestLinkPaidAndChanged(t *testing.T) {
	for kind, config := range linkKinds {
		t.Run(kind, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(config)
			id := w.pay()
			w.write(withLine(withLine(config, "amount", `amount = "10"`), "description", `description = "Другой"`))
			w.plan().fails().changes(nil).
				errors("@amount", "A paid payment link cannot be changed", id, "put amount back", "add a new resource", "terraform state rm").
				errors("@description", "A paid payment link cannot be changed", "put description back")
			w.sent("CreatePayment", 1)
			// The ways out: back, and a resource of its own.
			other := strings.Replace(withLine(linkBody, "order_id", `order_id = "order-2"`), `"order"`, `"other"`, 1)
			w.mustApply(config + other)
			w.sent("CreatePayment", 2)
			// And forgotten, with another order.
			w.cli("state", "rm", linkAddress)
			w.mustApply(withLine(linkConfig, "order_id", `order_id = "order-3"`) + other)
			w.statuses("successful init init")
		})
	}
}

// What changed is not known while planning: it is looked at when it is applied.
func TestLinkPaidAndPerhapsChanged(t *testing.T) {
	w := newWorkspace(t)
	source := func(input, trigger string) string {
		return withLine(autoLink, "description", "description = terraform_data.x.output") +
			"resource \"terraform_data\" \"x\" {\n input = \"" + input + "\"\n triggers_replace = " + trigger + "\n}"
	}
	w.mustApply(source("A", "1"))
	w.pay()
	w.mustApply(source("A", "2"))
	w.inState(linkAddress, map[string]any{"description": "A", "paid": true})
	w.write(source("B", "3"))
	w.apply().fails().errors("@description", "A paid payment link cannot be changed")
	w.inState(linkAddress, map[string]any{"description": "A", "paid": true})
	w.sent("CreatePayment", 1)
	w.sent("ClosePayment", 0)
}

func TestLinkPaidIsNotReplaced(t *testing.T) {
	for kind, config := range linkKinds {
		t.Run(kind, func(t *testing.T) {
			w := newWorkspace(t)
			trigger := func(value string) string {
				return strings.Replace(strings.Replace(config, "  lifecycle {\n    create_before_destroy = true\n  }\n", "", 1), "  receipt = [",
					"  lifecycle {\n    replace_triggered_by = [terraform_data.x]\n    create_before_destroy = "+
						map[bool]string{true: "true", false: "false"}[strings.Contains(config, "lifecycle")]+"\n  }\n  receipt = [", 1) +
					"resource \"terraform_data\" \"x\" {\n input = \"" + value + "\"\n}"
			}
			w.mustApply(trigger("1"))
			id := w.pay()
			w.write(trigger("2"))
			w.plan().fails().errors("A paid payment link is not replaced", id, "replace_triggered_by")
			w.write(trigger("1"))
			w.run("plan", "-replace="+linkAddress).fails().errors("A paid payment link is not replaced", id, "-replace", "terraform state rm")
			w.plan().succeeds().quiet().changes(nil)
			w.sent("CreatePayment", 1)
			w.sent("ClosePayment", 0)
		})
	}
}

// Terraform asks for no plan of the destroying half of a taint: the apply ends
// before anything is issued, unless the new one comes first under an order id
// that was made.
func TestLinkPaidIsTainted(t *testing.T) {
	for kind, config := range linkKinds {
		t.Run(kind, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(config)
			id := w.pay()
			w.cli("taint", linkAddress)
			switch kind {
			case "made, create before destroy":
				// The one case that cannot be seen. The paid one is not lost, and the
				// next apply goes on with the new one.
				w.apply().fails().errors("A paid payment link was replaced", id, "its successor has been issued already")
				w.apply().succeeds().warns("A paid payment link is only removed from the state", id)
				w.plan().succeeds().changes(nil)
				w.sent("CreatePayment", 2)
				return
			case "configured, create before destroy":
				w.apply().fails().errors("@order_id", "The order is already paid", id)
			default:
				w.apply().fails().errors("A paid payment link is not replaced", id, "terraform untaint")
			}
			w.inState(linkAddress, map[string]any{"id": id, "paid": true})
			w.cli("untaint", linkAddress)
			w.plan().succeeds().quiet().changes(nil)
			w.sent("CreatePayment", 1)
			w.sent("ClosePayment", 0)
		})
	}
}

// A saved plan that replaces a link which is paid meanwhile issues nothing, unless
// the new one comes first under another order id; and loses nothing.
func TestLinkPaidSinceThePlan(t *testing.T) {
	for kind, config := range linkKinds {
		for change, plan := range map[string]func(w *workspace){
			"changed": func(w *workspace) {
				changed := withLine(config, "amount", `amount = "7"`)
				if strings.HasPrefix(kind, "configured") {
					changed = withLine(changed, "order_id", `order_id = "order-2"`)
				}
				w.write(changed)
				w.cli("plan", "-out=saved")
			},
			"-replace": func(w *workspace) { w.cli("plan", "-out=saved", "-replace="+linkAddress) },
			"tainted":  func(w *workspace) { w.cli("taint", linkAddress); w.cli("plan", "-out=saved") },
		} {
			t.Run(kind+", "+change, func(t *testing.T) {
				w := newWorkspace(t)
				w.mustApply(config)
				plan(w)
				id := w.onlyPayment().ID
				w.check(w.sandbox.InvoiceAPI.Pay(id, invoiceapi.TestCard))
				failed := w.run("apply", "saved").fails()
				switch {
				case !strings.Contains(kind, "before destroy"):
					failed.errors("A paid payment link is not replaced", id, "Nothing was issued", "stays in the state")
				case change != "changed" && strings.HasPrefix(kind, "configured"):
					failed.errors("@order_id", "The order is already paid", id)
				default:
					// Nobody tells the creation what it replaces. It is told at the end, and
					// nothing is lost.
					failed.errors("A paid payment link was replaced", id, "its successor has been issued already")
					w.apply().succeeds().warns("A paid payment link is only removed from the state", id)
					w.write(linkTerminal) // the way out
					w.apply().succeeds()
					w.statuses("successful closed")
					return
				}
				w.sent("CreatePayment", 1)
				w.inState(linkAddress, map[string]any{"id": id})
				if change == "tainted" {
					w.cli("untaint", linkAddress)
				}
				w.write(config)
				w.plan().succeeds().changes(nil)
				w.statuses("successful")
			})
		}
	}
}

func TestLinkRefundedIsForgotten(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	id := w.onlyPayment().ID
	w.check(w.sandbox.InvoiceAPI.SetPaymentStatus(id, "refunded", ""))
	w.destroy("-refresh=false").succeeds().warns("A paid payment link is only removed from the state", id)
	w.notInState(linkAddress)
	// And the order is not issued again.
	w.write(linkConfig)
	w.apply().fails().errors("@order_id", "The order is already paid", id)
	w.sent("CreatePayment", 1)
	// It can be imported, and destroyed again.
	w.mustApply(linkConfig + "import {\n  to = " + linkAddress + "\n  id = \"" + id + "\"\n}")
	w.inState(linkAddress, map[string]any{"paid": true, "status": "refunded"})
	w.sandbox.ResetRequests()
	w.destroy().succeeds().warns("A paid payment link is only removed from the state", id)
	w.sent("ClosePayment", 0)
}
