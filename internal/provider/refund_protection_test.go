package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

const protectedRefund = "The refund is protected from being forgotten"

// A block taken out, a rename, a destroy: an error in the plan, unless it was
// allowed in an apply before. So it is with a state of an older version.
func TestRefundIsNotForgotten(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	w.mustApply(config)
	id := w.refunds()[0].ID
	for _, isOlder := range []bool{false, true} {
		if isOlder {
			w.fromOlderVersion()
		}
		for name, other := range map[string]string{"taken out": "", "renamed": renamed(config, "back", "again"), "not applied": unprotected(config)} {
			w.write(other)
			flags := []string{"apply", "-auto-approve"}
			if name == "not applied" {
				flags[0] = "destroy"
			}
			for _, more := range []string{"-refresh=true", "-refresh=false"} {
				w.run(append(flags, more)...).fails().errors(protectedRefund, id, "500 for payment "+payment,
					"moved {", "terraform state mv", "removed {", "destroy = false", "terraform state rm", "deletion_protection = false")
			}
		}
		w.write(renamed(config, "back", "again"))
		w.plan().fails().errors("The refund is in the state already", id, "moved {", "sequence = 2")
	}
	w.write(config)
	w.plan().succeeds().quiet().changes(nil) // Read fills in what older versions did not have
	w.run("plan", "-refresh=false").succeeds().changes(map[string]string{refundAddress: "update"})
	w.sent("CreateRefund", 1)
}

// Each way out that the message names leads to an empty plan.
func TestRefundWaysToForget(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	w.mustApply(config)
	id := w.refunds()[0].ID

	w.write(renamed(config, "back", "b") + movedBlock("invoice_refund.back", "invoice_refund.b"))
	w.apply().succeeds().quiet()
	w.plan().succeeds().quiet().changes(nil)
	w.inState("invoice_refund.b", map[string]any{"id": id})
	w.cli("state", "mv", "invoice_refund.b", "invoice_refund.c")
	w.write(renamed(config, "back", "c"))
	w.apply().succeeds().quiet().changes(nil)

	w.cli("state", "rm", "invoice_refund.c")
	w.write("")
	w.plan().succeeds().quiet().changes(nil)
	w.write(config + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}", refundAddress, id))
	w.apply().succeeds()
	w.write(removedBlock(refundAddress))
	w.apply().succeeds()
	w.notInState(refundAddress)
	w.plan().succeeds().changes(nil)

	w.write(config + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}", refundAddress, id))
	w.apply().succeeds()
	w.sandbox.ResetRequests()
	w.write(unprotected(config))
	w.apply().succeeds().quiet().changes(map[string]string{refundAddress: "update"})
	w.sent("CreateRefund", 0)
	w.write("")
	w.apply().succeeds().changes(map[string]string{refundAddress: "delete"}).warns("The refund will only be forgotten", id, "stays sent")
	w.plan().succeeds().quiet().changes(nil)
	w.sent("CreateRefund", 0)
}

// Allowing to forget is not allowing to pay twice.
func TestRefundUnprotectedIsNotMadeTwice(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := unprotected(refundConfig(payment))
	w.mustApply(config)
	for _, parallelism := range []string{"1", "10", "50"} {
		w.write(renamed(config, "back", "again"))
		w.run("apply", "-auto-approve", "-parallelism="+parallelism).fails().errors("The refund is in the state already", w.refunds()[0].ID)
		w.write(renamed(config, "back", "aaa")) // Terraform plans by name
		w.run("apply", "-auto-approve", "-parallelism="+parallelism).fails().errors("The refund is in the state already", w.refunds()[0].ID)
		// Of what is removed no plan is asked.
		w.write(renamed(config, "back", "aaa") + removedBlock(refundAddress))
		w.run("apply", "-auto-approve", "-parallelism="+parallelism).fails().errors("The refund is in the state already", w.refunds()[0].ID)
	}
	w.write(config)
	w.run("apply", "-auto-approve", "-replace="+refundAddress).fails().errors("A refund is not replaced")
	w.sent("CreateRefund", 1)
}

// Whatever makes Terraform replace a refund that was made: it is refused, and the
// way out leads to an empty plan.
func TestRefundIsNotReplaced(t *testing.T) {
	for order, lifecycle := range orders {
		t.Run("-replace, "+order, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			config := inLifecycle(refundConfig(payment), lifecycle...)
			w.mustApply(config)
			for _, more := range []string{"-refresh=true", "-refresh=false"} {
				w.run("apply", "-auto-approve", "-replace="+refundAddress, more).fails().
					errors("A refund is not replaced", w.refunds()[0].ID, "a second time", "-replace or replace_triggered_by", "add a new resource")
			}
			w.plan().succeeds().quiet().changes(nil)
			w.sent("CreateRefund", 1)
		})
		t.Run("replace_triggered_by, "+order, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			config := inLifecycle(refundConfig(payment), append(lifecycle, "replace_triggered_by = [terraform_data.x]")...)
			w.mustApply(config + "resource \"terraform_data\" \"x\" {\n input = 1\n}")
			w.write(config + "resource \"terraform_data\" \"x\" {\n input = 2\n}")
			w.apply().fails().errors("A refund is not replaced", "-replace or replace_triggered_by")
			w.write(inLifecycle(refundConfig(payment), lifecycle...) + "resource \"terraform_data\" \"x\" {\n input = 2\n}")
			w.apply().succeeds()
			w.plan().succeeds().changes(nil)
			w.sent("CreateRefund", 1)
		})
		t.Run("tainted, "+order, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			config := inLifecycle(refundConfig(payment), lifecycle...)
			w.mustApply(config)
			w.cli("taint", refundAddress)
			for _, more := range []string{"-refresh=true", "-refresh=false"} {
				w.run("apply", "-auto-approve", more).fails().errors("@amount", "The refund is in the state already", w.refunds()[0].ID, "terraform untaint")
			}
			w.destroy().fails().errors("The refund is in the state already", "terraform untaint")
			w.destroy("-refresh=false").fails().errors(protectedRefund)
			w.cli("untaint", refundAddress)
			w.plan().succeeds().quiet().changes(nil)
			w.sent("CreateRefund", 1)
		})
		t.Run("failed provisioner, "+order, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			good := inLifecycle(refundConfig(payment), lifecycle...)
			w.write(strings.Replace(good, "{", "{\n  provisioner \"local-exec\" {\n    command = \"false\"\n  }", 1))
			w.apply().fails().errors("local-exec")
			w.apply().fails().errors("The refund is in the state already", w.refunds()[0].ID, "terraform untaint")
			w.cli("untaint", refundAddress)
			w.plan().succeeds().quiet().changes(nil)
			w.sent("CreateRefund", 1)
		})
	}
}

// Of a taint no plan is asked whether the old one may be destroyed: the apply
// refuses, and nothing is made. Nor does an earlier destroy help.
func TestRefundTaintedAndChanged(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	w.mustApply(unprotected(config))
	// A destroy that is only planned leaves no mark.
	w.run("plan", "-destroy").succeeds()
	w.cli("taint", refundAddress)
	for _, more := range []string{"-refresh=true", "-refresh=false"} {
		w.write(withLine(config, "amount", `amount = "400"`))
		w.run("apply", "-auto-approve", more).fails().errors("A refund is not replaced", w.refunds()[0].ID, "terraform untaint", "add a new resource")
	}
	w.sent("CreateRefund", 1)
	w.cli("untaint", refundAddress)
	w.write(config)
	w.mustApply(config)
	w.sent("CreateRefund", 1)
}

// What failed by the gateway's own word was not made.
func TestRefundThatFailed(t *testing.T) {
	for _, status := range []string{"fail", "error"} {
		t.Run(status, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			config := refundConfig(payment)
			w.mustApply(config)
			fail := func() { w.check(w.sandbox.SetInvoiceRefundStatus(w.refunds()[len(w.refunds())-1].ID, status)) }
			fail()
			w.apply().succeeds().changes(nil).warns("A refund failed", fmt.Sprintf("%q", status), "-replace=")
			w.run("apply", "-auto-approve", "-replace="+refundAddress).succeeds().changes(map[string]string{refundAddress: "replace"}).
				warns("A failed refund will be forgotten")
			w.plan().succeeds().quiet().changes(nil)
			w.sent("CreateRefund", 2)
			fail()
			w.run("apply", "-auto-approve", "-refresh-only").succeeds()
			// A new one beside it is no second payment.
			w.write(config + renamed(config, "back", "more"))
			w.apply().succeeds()
			w.sent("CreateRefund", 3)
			w.cli("taint", refundAddress)
			w.apply().fails().errors("The refund is in the state already")
			w.write(renamed(config, "back", "more"))
			w.apply().succeeds().changes(map[string]string{refundAddress: "delete"}).warns("A failed refund will be forgotten", fmt.Sprintf("%q", status))
			w.plan().succeeds().quiet().changes(nil)
			w.sent("CreateRefund", 3)
		})
	}
}

// One that failed after the last read counts as made until it is read: it depends
// on Terraform's order whether that comes before the plan of a new one.
func TestRefundThatFailedSince(t *testing.T) {
	w, payment := newPaidWorkspace(t, "refund_status=init")
	config := refundConfig(payment)
	w.write(config)
	w.apply().succeeds()
	w.check(w.sandbox.SetInvoiceRefundStatus(w.refunds()[0].ID, "fail"))
	w.write(config + renamed(config, "back", "more"))
	w.run("plan", "-refresh=false").fails().errors("The refund is in the state already", `(status "init")`, "if it has failed since, terraform apply -refresh-only")
	w.run("apply", "-auto-approve", "-refresh-only").succeeds()
	w.apply().succeeds().warns("A refund failed")
	w.plan().succeeds().changes(nil)
	w.sent("CreateRefund", 2)
}

// The gateway's own word "unknown" is not the provider's mark, and what is still
// on its way is made.
func TestRefundWordsOfTheGateway(t *testing.T) {
	for _, status := range []string{"unknown", "created", "process", "init"} {
		t.Run(status, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			w.mustApply(refundConfig(payment))
			w.check(w.sandbox.SetInvoiceRefundStatus(w.refunds()[0].ID, status))
			w.apply().succeeds().quiet()
			w.inState(refundAddress, map[string]any{"status": status, "id": w.refunds()[0].ID})
			w.destroy().fails().errors(protectedRefund)
			w.destroyUnprotected(refundAddress, refundConfig(payment))
			w.sent("CreateRefund", 1)
		})
	}
}

// An unclear refund that is kept lets everything else be planned and applied.
func TestRefundUnclearUntainted(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := unprotected(refundConfig(payment))
	w.sandbox.Inject(sandbox.Fault{Operation: "CreateRefund", Kind: sandbox.FaultLostAnswer, Times: 1})
	w.write(config)
	w.apply().fails().errors("it may have been made", "terraform untaint")
	w.cli("untaint", refundAddress)
	w.plan().succeeds().changes(nil).warns("The outcome of an earlier refund is unknown", "terraform untaint")
	other := renamed(withLine(config, "amount", `amount = "1"`), "back", "other")
	w.mustApply(config + other)
	w.write(config + other + renamed(config, "back", "twin"))
	w.apply().fails().errors("The outcome of an earlier refund is unknown", "it may have been made", "import {", "sequence = 2")
	w.write(config + other)
	w.run("apply", "-auto-approve", "-replace="+refundAddress).fails().errors("A refund is not replaced", "nobody knows")
	w.destroy().fails().errors("The outcome of an earlier refund is unknown")
	w.sent("CreateRefund", 2)
}

// deletion_protection and sequence are Terraform's alone.
func TestRefundArgumentsThatCallNothing(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	w.mustApply(config)
	w.sandbox.ResetRequests()
	for _, line := range []string{"deletion_protection = false", "sequence = 3", "sequence = 2", "deletion_protection = true"} {
		w.write(strings.Replace(config, "{", "{\n  "+line, 1))
		w.run("apply", "-auto-approve", "-refresh=false").succeeds().quiet().changes(map[string]string{refundAddress: "update"})
		w.run("plan", "-refresh=false").succeeds().quiet().changes(nil)
	}
	w.nothingSent()
	w.inState(refundAddress, map[string]any{"sequence": 1, "deletion_protection": true})
	w.write(strings.Replace(config, "{", "{\n  sequence = 0", 1))
	w.plan().fails().errors("@sequence", "sequence")
}
