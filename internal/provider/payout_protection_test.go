package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
)

const (
	protectedPayout = "The payout is protected from being forgotten"
	payoutInState   = "The payout is in the state already"
)

// A block taken out, a rename, a destroy: an error in the plan, unless it was
// allowed in an apply before. So it is with a state of an older version.
func TestPayoutIsNotForgotten(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
	id := w.p2pInvoices()[0].ID
	for _, isOlder := range []bool{false, true} {
		if isOlder {
			w.fromOlderVersion()
		}
		for name, other := range map[string]string{"taken out": "", "renamed": renamed(payoutConfig, "one", "two"), "not applied": unprotected(payoutConfig)} {
			w.write(other)
			command := "apply"
			if name == "not applied" {
				command = "destroy"
			}
			for _, more := range []string{"-refresh=true", "-refresh=false"} {
				r := w.run(command, "-auto-approve", more).fails()
				if name != "renamed" { // there, either error may come first
					r.errors(protectedPayout, id, `700 RUB (order "payout-1")`, "moved {", "terraform state mv", "removed {", "destroy = false", "terraform state rm", "deletion_protection = false")
				}
			}
		}
		w.write(renamed(payoutConfig, "one", "two"))
		w.plan().fails().errors(payoutInState, id, "moved {", "an order_id of its own", "deletion_protection = false lets Terraform forget")
	}
	w.write(payoutConfig)
	w.plan().succeeds().quiet().changes(nil)
	w.run("plan", "-refresh=false").succeeds().changes(map[string]string{invoiceAddress: "update"})
	w.sent("p2p.create", 1)
	w.sent("p2p.cancel", 0)
}

// Each way out that the message names leads to an empty plan.
func TestPayoutWaysToForget(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
	id := w.p2pInvoices()[0].ID
	imported := payoutConfig + fmt.Sprintf("import {\n  to = %s\n  id = \"p2p/%s\"\n}", invoiceAddress, id)

	w.write(renamed(payoutConfig, "one", "two") + movedBlock(invoiceAddress, "invoice_invoice.two"))
	w.apply().succeeds().quiet()
	w.plan().succeeds().quiet().changes(nil)
	w.cli("state", "mv", "invoice_invoice.two", "invoice_invoice.three")
	w.write(renamed(payoutConfig, "one", "three"))
	w.plan().succeeds().quiet().changes(nil)
	w.cli("state", "rm", "invoice_invoice.three")
	w.write("")
	w.plan().succeeds().quiet().changes(nil)
	w.write(imported)
	w.apply().succeeds()
	w.write(removedBlock(invoiceAddress))
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	w.notInState(invoiceAddress)
	w.write(imported)
	w.apply().succeeds()

	w.sandbox.ResetRequests()
	w.write(unprotected(payoutConfig))
	w.run("apply", "-auto-approve", "-refresh=false").succeeds().quiet().changes(map[string]string{invoiceAddress: "update"})
	w.nothingSent()
	// Left out again, the default counts.
	w.write(payoutConfig)
	w.run("apply", "-auto-approve", "-refresh=false").succeeds().quiet().changes(map[string]string{invoiceAddress: "update"})
	w.inState(invoiceAddress, map[string]any{"deletion_protection": true})
	w.write(unprotected(payoutConfig))
	w.apply().succeeds()
	w.write("")
	w.apply().succeeds().changes(map[string]string{invoiceAddress: "delete"})
	w.plan().succeeds().quiet().changes(nil)
	w.sent("p2p.create", 0)
	w.invoiceStatuses("canceled")
}

// Whatever makes Terraform replace a payout that was made: it is refused, and the
// way out leads to an empty plan.
func TestPayoutIsNotReplaced(t *testing.T) {
	for order, lifecycle := range orders {
		t.Run(order, func(t *testing.T) {
			w := newWorkspace(t)
			const trigger = "resource \"terraform_data\" \"x\" {\n input = %d\n}"
			config := inLifecycle(unprotected(payoutConfig), append(lifecycle, "replace_triggered_by = [terraform_data.x]")...)
			w.mustApply(config + fmt.Sprintf(trigger, 1))
			id := w.p2pInvoices()[0].ID
			for _, more := range []string{"-refresh=true", "-refresh=false"} {
				w.run("apply", "-auto-approve", "-replace="+invoiceAddress, more).fails().
					errors("A payout is not replaced", id, "a second time", "-replace or replace_triggered_by", "add a new resource")
			}
			w.write(config + fmt.Sprintf(trigger, 2))
			w.apply().fails().errors("A payout is not replaced", "-replace or replace_triggered_by")
			config = inLifecycle(unprotected(payoutConfig), lifecycle...)
			w.write(config + fmt.Sprintf(trigger, 2))
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)

			w.cli("taint", invoiceAddress)
			for _, more := range []string{"-refresh=true", "-refresh=false"} {
				w.run("apply", "-auto-approve", more).fails().errors("@order_id", payoutInState, id, "terraform untaint")
			}
			w.cli("untaint", invoiceAddress)
			w.plan().succeeds().quiet().changes(nil)
			w.sent("p2p.create", 1)
			w.sent("p2p.cancel", 0)
		})
		t.Run("failed provisioner, "+order, func(t *testing.T) {
			w := newWorkspace(t)
			good := inLifecycle(payoutConfig, lifecycle...)
			w.write(strings.Replace(good, "{", "{\n  provisioner \"local-exec\" {\n    command = \"false\"\n  }", 1))
			w.apply().fails().errors("local-exec")
			w.apply().fails().errors(payoutInState, "terraform untaint")
			w.cli("untaint", invoiceAddress)
			w.plan().succeeds().quiet().changes(nil)
			w.sent("p2p.create", 1)
		})
	}
}

// Of a taint no plan is asked whether the old one may be destroyed: the apply
// refuses, and nothing is made or canceled.
func TestPayoutTaintedAndChanged(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(unprotected(payoutConfig))
	w.cli("taint", invoiceAddress)
	w.write(strings.Replace(unprotected(payoutConfig), "payout-1", "payout-2", 1))
	for _, more := range []string{"-refresh=true", "-refresh=false"} {
		w.run("apply", "-auto-approve", more).fails().errors("A payout is not replaced", w.p2pInvoices()[0].ID, "terraform untaint")
	}
	w.sent("p2p.create", 1)
	w.invoiceStatuses("new")
	w.cli("untaint", invoiceAddress)
	w.write(unprotected(payoutConfig))
	w.plan().succeeds().quiet().changes(nil)
	// Nor is it allowed by a destroy that failed.
	w.sandbox.Inject(sandbox.Fault{Operation: "p2p.cancel", Kind: sandbox.FaultStatus, Status: 500})
	w.destroy("-refresh=false").fails().errors("Cannot cancel the payout p2p/")
	w.sandbox.ClearFaults()
	if private := w.privateState(); strings.Contains(private, `"destroy":"dHJ1ZQ=="`) {
		t.Errorf("the mark of the destroy is in the state: %s", private)
	}
	w.cli("taint", invoiceAddress)
	w.write(strings.Replace(unprotected(payoutConfig), "payout-1", "payout-2", 1))
	w.run("apply", "-auto-approve", "-refresh=false").fails().errors("A payout is not replaced")
	w.sent("p2p.create", 1)
}

// One of an older version may have no order id: it stays as it is.
func TestPayoutWithoutOrderOfAnOlderVersion(t *testing.T) {
	withoutOrder := strings.Replace(payoutConfig, `  order_id = "payout-1"`, "", 1)
	w := newWorkspace(t)
	w.write(withoutOrder)
	w.apply().fails().errors("A payout needs an order_id")
	w.nothingSent()
	w.mustApply(payoutConfig)
	w.check(w.sandbox.P2P.Invoices.Update(w.p2pInvoices()[0].ID, func(i *p2p.Invoice) { i.InternalID = "" }))
	w.fromOlderVersion()
	w.editState(func(attributes map[string]any) { attributes["order_id"] = nil })
	w.write(withoutOrder)
	w.plan().succeeds().quiet().changes(nil)
	w.cli("taint", invoiceAddress)
	w.apply().fails().errors("A payout needs an order_id", "terraform untaint")
	w.cli("untaint", invoiceAddress)
	w.plan().succeeds().quiet().changes(nil)
	w.destroy().fails().errors(protectedPayout)
	w.sent("p2p.create", 1)
}
