package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

const protectedRefund = "The refund is protected from being forgotten"

// Taking the block out, renaming it or destroying it is an error in the plan, unless an earlier
// apply allowed it. The same holds for a state of an older version.
func TestRefundIsNotForgotten(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	w.MustApply(config)
	id := w.Refunds()[0].ID
	for _, isOlder := range []bool{false, true} {
		if isOlder {
			fromOlderVersion(w)
		}
		for name, other := range map[string]string{"taken out": "", "renamed": renamed(config, "back", "again"), "not applied": unprotected(config)} {
			w.Write(other)
			flags := []string{"apply", "-auto-approve"}
			if name == "not applied" {
				flags[0] = "destroy"
			}
			for _, more := range refreshes {
				says := []string{id, "500 for payment " + payment, "moved {", "terraform state mv", "deletion_protection = false"}
				if name != "renamed" { // after a rename the new refund may be refused first, as the same one
					says = append(says, protectedRefund, "removed {", "destroy = false", "terraform state rm")
				}
				w.Run(append(flags, more)...).Fails(says...)
			}
		}
		w.Write(renamed(config, "back", "again"))
		w.Plan().Fails("The refund is already in the state", id, "moved {", "sequence = 2")
	}
	w.Write(config)
	w.Plan().Succeeds().SaysNothing().ChangesNothing() // Read fills in what older versions lacked
	w.Plan("-refresh=false").Succeeds().Changes(map[string]string{refundAddress: "update"})
	w.Sent("CreateRefund", 1)
}

// Each way out that the message names leads to an empty plan.
func TestRefundWaysToForgetWork(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	w.MustApply(config)
	id := w.Refunds()[0].ID

	w.Write(renamed(config, "back", "b") + movedBlock("invoice_refund.back", "invoice_refund.b"))
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas("invoice_refund.b", map[string]any{"id": id})
	w.MustExec("state", "mv", "invoice_refund.b", "invoice_refund.c")
	w.Write(renamed(config, "back", "c"))
	w.Apply().Succeeds().SaysNothing().ChangesNothing()

	w.Forget("invoice_refund.c")
	w.Write("")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Write(config + importing(refundAddress, id))
	w.Apply().Succeeds()
	w.Write(removedBlock(refundAddress))
	w.Apply().Succeeds()
	w.StateLacks(refundAddress)
	w.Plan().Succeeds().ChangesNothing()

	w.Write(config + importing(refundAddress, id))
	w.Apply().Succeeds()
	w.Sandbox.ResetRequests()
	w.Write(unprotected(config))
	w.Apply().Succeeds().SaysNothing().Changes(map[string]string{refundAddress: "update"})
	w.Sent("CreateRefund", 0)
	w.Write("")
	w.Apply().Succeeds().Changes(map[string]string{refundAddress: "delete"}).Warns("will only be forgotten", id, "stays sent")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("CreateRefund", 0)
}

// Allowing to forget a refund is not allowing to pay it twice.
func TestUnprotectedRefundIsNotMadeTwice(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := unprotected(refundConfig(payment))
	w.MustApply(config)
	for _, parallelism := range []string{"1", "10", "50"} {
		w.Write(renamed(config, "back", "again"))
		w.Apply("-parallelism="+parallelism).Fails("The refund is already in the state", w.Refunds()[0].ID)
		w.Write(renamed(config, "back", "aaa")) // Terraform plans in the order of names
		w.Apply("-parallelism="+parallelism).Fails("The refund is already in the state", w.Refunds()[0].ID)
		// Terraform does not ask for a plan of what a removed block forgets.
		w.Write(renamed(config, "back", "aaa") + removedBlock(refundAddress))
		w.Apply("-parallelism="+parallelism).Fails("The refund is already in the state", w.Refunds()[0].ID)
	}
	w.Write(config)
	w.Apply("-replace=" + refundAddress).Fails("A refund cannot be replaced")
	w.Sent("CreateRefund", 1)
}

// Terraform may replace a refund for many reasons. Each is refused, and each way out leads to
// an empty plan.
func TestRefundIsNotReplaced(t *testing.T) {
	for order, lifecycle := range orders {
		t.Run("-replace, "+order, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			config := inLifecycle(refundConfig(payment), lifecycle...)
			w.MustApply(config)
			for _, more := range refreshes {
				w.Apply("-replace="+refundAddress, more).Fails("A refund cannot be replaced", w.Refunds()[0].ID, "a second time", "-replace or replace_triggered_by", "add a new resource")
			}
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("CreateRefund", 1)
		})
		t.Run("replace_triggered_by, "+order, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			config := inLifecycle(refundConfig(payment), append(lifecycle, "replace_triggered_by = [terraform_data.x]")...)
			w.MustApply(config + "resource \"terraform_data\" \"x\" {\n input = 1\n}")
			w.Write(config + "resource \"terraform_data\" \"x\" {\n input = 2\n}")
			w.Apply().Fails("A refund cannot be replaced", "-replace or replace_triggered_by")
			w.Write(inLifecycle(refundConfig(payment), lifecycle...) + "resource \"terraform_data\" \"x\" {\n input = 2\n}")
			w.Apply().Succeeds()
			w.Plan().Succeeds().ChangesNothing()
			w.Sent("CreateRefund", 1)
		})
		t.Run("tainted, "+order, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			config := inLifecycle(refundConfig(payment), lifecycle...)
			w.MustApply(config)
			w.MustExec("taint", refundAddress)
			for _, more := range refreshes {
				w.Apply(more).Fails("@amount", "The refund is already in the state", w.Refunds()[0].ID, "terraform untaint")
			}
			w.Destroy().Fails("The refund is already in the state", "terraform untaint")
			w.Destroy("-refresh=false").Fails(protectedRefund)
			w.MustExec("untaint", refundAddress)
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("CreateRefund", 1)
		})
		t.Run("failed provisioner, "+order, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			good := inLifecycle(refundConfig(payment), lifecycle...)
			w.Write(strings.Replace(good, "{", "{\n  provisioner \"local-exec\" {\n    command = \"false\"\n  }", 1))
			w.Apply().Fails("local-exec")
			w.Apply().Fails("The refund is already in the state", w.Refunds()[0].ID, "terraform untaint")
			w.MustExec("untaint", refundAddress)
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("CreateRefund", 1)
		})
	}
}

// Terraform does not ask for a plan to destroy a tainted object. The apply refuses, and nothing
// is made. An earlier destroy does not help either.
func TestTaintedRefundIsNotReplaced(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	w.MustApply(unprotected(config))
	// A destroy that is only planned leaves no mark.
	w.Plan("-destroy").Succeeds()
	w.MustExec("taint", refundAddress)
	for _, more := range refreshes {
		w.Write(withLine(config, "amount", `amount = "400"`))
		w.Apply(more).Fails("A refund cannot be replaced", w.Refunds()[0].ID, "terraform untaint", "add a new resource")
	}
	w.Sent("CreateRefund", 1)
	w.MustExec("untaint", refundAddress)
	w.Write(config)
	w.MustApply(config)
	w.Sent("CreateRefund", 1)
}

// A refund that failed by the gateway's own word was not made.
func TestFailedRefundMayBeMadeAgain(t *testing.T) {
	for _, status := range []string{"fail", "error"} {
		t.Run(status, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			config := refundConfig(payment)
			w.MustApply(config)
			fail := func() { w.Must(w.Sandbox.InvoiceAPI.SetRefundStatus(w.Refunds()[len(w.Refunds())-1].ID, status)) }
			fail()
			w.Apply().Succeeds().ChangesNothing().Warns("A refund failed", fmt.Sprintf("%q", status), "-replace=")
			w.Apply("-replace=" + refundAddress).Succeeds().Changes(map[string]string{refundAddress: "replace"}).
				Warns("A failed refund will be forgotten")
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("CreateRefund", 2)
			fail()
			w.Apply("-refresh-only").Succeeds()
			// A new refund beside it is no second payment.
			w.Write(config + renamed(config, "back", "more"))
			w.Apply().Succeeds()
			w.Sent("CreateRefund", 3)
			w.MustExec("taint", refundAddress)
			w.Apply().Fails("The refund is already in the state")
			w.Write(renamed(config, "back", "more"))
			w.Apply().Succeeds().Changes(map[string]string{refundAddress: "delete"}).Warns("A failed refund will be forgotten", fmt.Sprintf("%q", status))
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("CreateRefund", 3)
		})
	}
}

// A refund that failed after the last read counts as made until it is read. Terraform's order
// decides whether that happens before the new one is planned.
func TestRefundThatFailedSinceCountsAsMade(t *testing.T) {
	w, payment := newPaidWorkspace(t, "refund_status=init")
	config := refundConfig(payment)
	w.Write(config)
	w.Apply().Succeeds()
	w.Must(w.Sandbox.InvoiceAPI.SetRefundStatus(w.Refunds()[0].ID, "fail"))
	w.Write(config + renamed(config, "back", "more"))
	w.Plan("-refresh=false").Fails("The refund is already in the state", `(status "init")`, "if it has failed since, terraform apply -refresh-only")
	w.Apply("-refresh-only").Succeeds()
	w.Apply().Succeeds().Warns("A refund failed")
	w.Plan().Succeeds().ChangesNothing()
	w.Sent("CreateRefund", 2)
}

// The gateway's own status "unknown" is not the provider's mark. A refund that is still on its
// way counts as made.
func TestRefundStatusUnknownIsTheGatewaysWord(t *testing.T) {
	for _, status := range []string{"unknown", "created", "process", "init"} {
		t.Run(status, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			w.MustApply(refundConfig(payment))
			w.Must(w.Sandbox.InvoiceAPI.SetRefundStatus(w.Refunds()[0].ID, status))
			w.Apply().Succeeds().SaysNothing()
			w.StateHas(refundAddress, map[string]any{"status": status, "id": w.Refunds()[0].ID})
			w.Destroy().Fails(protectedRefund)
			destroyUnprotected(w, refundAddress, refundConfig(payment))
			w.Sent("CreateRefund", 1)
		})
	}
}

// An unclear refund that untaint keeps lets everything else be planned and applied.
func TestUnclearRefundThatIsKeptBlocksNothingElse(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := unprotected(refundConfig(payment))
	w.FailOnce("CreateRefund", sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	w.Write(config)
	w.Apply().Fails("it may have been made", "terraform untaint")
	w.MustExec("untaint", refundAddress)
	w.Plan().Succeeds().ChangesNothing().Warns("The outcome of an earlier refund is unknown", "terraform untaint")
	other := renamed(withLine(config, "amount", `amount = "1"`), "back", "other")
	w.MustApply(config + other)
	w.Write(config + other + renamed(config, "back", "twin"))
	w.Apply().Fails("The outcome of an earlier refund is unknown", "it may have been made", "import {", "sequence = 2")
	w.Write(config + other)
	w.Apply("-replace="+refundAddress).Fails("A refund cannot be replaced", "outcome unknown")
	w.Destroy().Fails("The outcome of an earlier refund is unknown")
	w.Sent("CreateRefund", 2)
}

// deletion_protection and sequence concern Terraform alone.
func TestRefundTerraformArgumentsCallNothing(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	w.MustApply(config)
	w.Sandbox.ResetRequests()
	for _, line := range []string{"deletion_protection = false", "sequence = 3", "sequence = 2", "deletion_protection = true"} {
		w.Write(strings.Replace(config, "{", "{\n  "+line, 1))
		w.Apply("-refresh=false").Succeeds().SaysNothing().Changes(map[string]string{refundAddress: "update"})
		w.Plan("-refresh=false").Succeeds().SaysNothing().ChangesNothing()
	}
	w.SentNothing()
	w.StateHas(refundAddress, map[string]any{"sequence": 1, "deletion_protection": true})
	w.Write(strings.Replace(config, "{", "{\n  sequence = 0", 1))
	w.Plan().Fails("@sequence", "sequence")
}
