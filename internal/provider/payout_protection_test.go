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
	payoutInState   = "The payout is already in the state"
)

// Taking the block out, renaming it or destroying it is an error in the plan, unless an earlier
// apply allowed it. The same holds for a state of an older version.
func TestPayoutIsNotForgotten(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(payoutConfig)
	id := w.P2PInvoices()[0].ID
	for _, isOlder := range []bool{false, true} {
		if isOlder {
			fromOlderVersion(w)
		}
		for name, other := range map[string]string{"taken out": "", "renamed": renamed(payoutConfig, "one", "two"), "not applied": unprotected(payoutConfig)} {
			w.Write(other)
			command := "apply"
			if name == "not applied" {
				command = "destroy"
			}
			for _, more := range refreshes {
				r := w.Run(command, "-auto-approve", more).Fails()
				if name != "renamed" { // after a rename, either error may come first
					r.Fails(protectedPayout, id, `700 RUB (order "payout-1")`, "moved {", "terraform state mv", "removed {", "destroy = false", "terraform state rm", "deletion_protection = false")
				}
			}
		}
		w.Write(renamed(payoutConfig, "one", "two"))
		w.Plan().Fails(payoutInState, id, "moved {", "an order_id of its own", "deletion_protection = false lets Terraform forget")
	}
	w.Write(payoutConfig)
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Plan("-refresh=false").Succeeds().Changes(map[string]string{invoiceAddress: "update"})
	w.Sent("p2p.create", 1)
	w.Sent("p2p.cancel", 0)
}

// Each way out that the message names leads to an empty plan.
func TestPayoutWaysToForgetWork(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(payoutConfig)
	id := w.P2PInvoices()[0].ID
	imported := payoutConfig + importing(invoiceAddress, "p2p/"+id)

	w.Write(renamed(payoutConfig, "one", "two") + movedBlock(invoiceAddress, "invoice_invoice.two"))
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.MustExec("state", "mv", "invoice_invoice.two", "invoice_invoice.three")
	w.Write(renamed(payoutConfig, "one", "three"))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Forget("invoice_invoice.three")
	w.Write("")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Write(imported)
	w.Apply().Succeeds()
	w.Write(removedBlock(invoiceAddress))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.StateLacks(invoiceAddress)
	w.Write(imported)
	w.Apply().Succeeds()

	w.Sandbox.ResetRequests()
	w.Write(unprotected(payoutConfig))
	w.Apply("-refresh=false").Succeeds().SaysNothing().Changes(map[string]string{invoiceAddress: "update"})
	w.SentNothing()
	// Once the argument is left out again, the default holds.
	w.Write(payoutConfig)
	w.Apply("-refresh=false").Succeeds().SaysNothing().Changes(map[string]string{invoiceAddress: "update"})
	w.StateHas(invoiceAddress, map[string]any{"deletion_protection": true})
	w.Write(unprotected(payoutConfig))
	w.Apply().Succeeds()
	w.Write("")
	w.Apply().Succeeds().Changes(map[string]string{invoiceAddress: "delete"})
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("p2p.create", 0)
	w.InvoicesAre("canceled")
}

// Terraform may replace a payout for many reasons. Each is refused, and each way out leads to
// an empty plan.
func TestPayoutIsNotReplaced(t *testing.T) {
	for order, lifecycle := range orders {
		t.Run(order, func(t *testing.T) {
			w := newWorkspace(t)
			const trigger = "resource \"terraform_data\" \"x\" {\n input = %d\n}"
			config := inLifecycle(unprotected(payoutConfig), append(lifecycle, "replace_triggered_by = [terraform_data.x]")...)
			w.MustApply(config + fmt.Sprintf(trigger, 1))
			id := w.P2PInvoices()[0].ID
			for _, more := range refreshes {
				w.Apply("-replace="+invoiceAddress, more).Fails("A payout cannot be replaced", id, "a second time", "-replace or replace_triggered_by", "add a new resource")
			}
			w.Write(config + fmt.Sprintf(trigger, 2))
			w.Apply().Fails("A payout cannot be replaced", "-replace or replace_triggered_by")
			config = inLifecycle(unprotected(payoutConfig), lifecycle...)
			w.Write(config + fmt.Sprintf(trigger, 2))
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()

			w.MustExec("taint", invoiceAddress)
			for _, more := range refreshes {
				w.Apply(more).Fails("@order_id", payoutInState, id, "terraform untaint")
			}
			w.MustExec("untaint", invoiceAddress)
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("p2p.create", 1)
			w.Sent("p2p.cancel", 0)
		})
		t.Run("failed provisioner, "+order, func(t *testing.T) {
			w := newWorkspace(t)
			good := inLifecycle(payoutConfig, lifecycle...)
			w.Write(strings.Replace(good, "{", "{\n  provisioner \"local-exec\" {\n    command = \"false\"\n  }", 1))
			w.Apply().Fails("local-exec")
			w.Apply().Fails(payoutInState, "terraform untaint")
			w.MustExec("untaint", invoiceAddress)
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("p2p.create", 1)
		})
	}
}

// Terraform does not ask for a plan to destroy a tainted object. The apply refuses, and nothing
// is made or canceled.
func TestTaintedPayoutIsNotReplaced(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(unprotected(payoutConfig))
	w.MustExec("taint", invoiceAddress)
	w.Write(strings.Replace(unprotected(payoutConfig), "payout-1", "payout-2", 1))
	for _, more := range refreshes {
		w.Apply(more).Fails("A payout cannot be replaced", w.P2PInvoices()[0].ID, "terraform untaint")
	}
	w.Sent("p2p.create", 1)
	w.InvoicesAre("new")
	w.MustExec("untaint", invoiceAddress)
	w.Write(unprotected(payoutConfig))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	// A destroy that failed does not allow it either.
	w.Sandbox.Inject(sandbox.Fault{Operation: "p2p.cancel", Kind: sandbox.FaultStatus, Status: 500})
	w.Destroy("-refresh=false").Fails("Cannot cancel payout p2p/")
	w.Sandbox.ClearFaults()
	if private := w.PrivateState(); strings.Contains(private, `"destroy":"dHJ1ZQ=="`) {
		t.Errorf("the mark of the destroy is in the state: %s", private)
	}
	w.MustExec("taint", invoiceAddress)
	w.Write(strings.Replace(unprotected(payoutConfig), "payout-1", "payout-2", 1))
	w.Apply("-refresh=false").Fails("A payout cannot be replaced")
	w.Sent("p2p.create", 1)
}

// A payout of an older version may have no order id. It stays as it is.
func TestPayoutWithoutOrderOfAnOlderVersionStays(t *testing.T) {
	withoutOrder := strings.Replace(payoutConfig, `  order_id = "payout-1"`, "", 1)
	w := newWorkspace(t)
	w.Write(withoutOrder)
	w.Apply().Fails("A payout needs an order_id")
	w.SentNothing()
	w.MustApply(payoutConfig)
	w.Must(w.Sandbox.P2P.Invoices.Update(w.P2PInvoices()[0].ID, func(i *p2p.Invoice) { i.InternalID = "" }))
	fromOlderVersion(w)
	w.EditState(func(attributes map[string]any) { attributes["order_id"] = nil })
	w.Write(withoutOrder)
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.MustExec("taint", invoiceAddress)
	w.Apply().Fails("A payout needs an order_id", "terraform untaint")
	w.MustExec("untaint", invoiceAddress)
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Destroy().Fails(protectedPayout)
	w.Sent("p2p.create", 1)
}
