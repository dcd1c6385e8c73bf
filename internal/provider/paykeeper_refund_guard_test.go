package provider

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Two configurations refund one payment at the same time, each more than the other leaves.
func TestTwoConfigurationsDoNotRefundMoreThanWasPaid(t *testing.T) {
	for _, dialect := range [][]string{nil, {"paykeeper_refund_time=soon"}, {"paykeeper_refund_time=soon", "paykeeper_second_reverse=taken"}} {
		t.Run(dialectName(dialect), func(t *testing.T) {
			w, payment := newPayKeeperRefunds(t, dialect...)
			other := secondConfiguration(w)
			w.Write(withLine(payKeeperRefund(payment), "amount", `amount = "600"`))
			other.Write(withLine(payKeeperRefund(payment), "amount", `amount = "500"`))
			var results [2]*clitest.Result
			var both sync.WaitGroup
			both.Go(func() { results[0] = w.Apply() })
			both.Go(func() { results[1] = other.Apply() })
			both.Wait()
			refused := 0
			for i, result := range results {
				if text := result.String(); strings.Contains(text, "Cannot make the refund") {
					refused++
					result.Fails("Cannot make the refund", payment)
					[]*clitest.Workspace{w, other}[i].StateLacks(refundAddress)
				} else {
					result.Succeeds()
				}
			}
			if made := len(payKeeperRefunds(w)); refused != 1 || made != 1 {
				t.Errorf("%d were refused, %d were made:\n%s\n%s", refused, made, results[0], results[1])
			}
		})
	}
}

// What the payment does not allow is said with what was seen, and nothing is sent.
func TestPayKeeperRefundOfWhatCannotBeRefunded(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_no_payment=list")
	refuse := func(config, attribute string, says ...string) {
		t.Helper()
		w.Sandbox.ResetRequests()
		w.Write(config)
		w.Apply().Fails(append([]string{"@" + attribute, "Cannot make the refund", "Nothing was sent"}, says...)...)
		w.Sent(opReverse, 0)
		w.StateLacks("invoice_refund.more")
	}
	more := renamed(payKeeperRefund(payment), "back", "more")
	half := payKeeperRefund(payment)
	refuse(withLine(more, "payment_id", `payment_id = "1"`), "payment_id", "there is no payment 1", "not the id of the invoice")
	refuse(withLine(more, "amount", `amount = "1000.01"`), "amount", "payment "+payment+" is of 1000.00", "1000.00 are left, and the refund is of 1000.01")
	w.MustApply(half)
	refuse(half+withLine(more, "amount", `amount = "500.01"`), "amount", "500.00 are given back and 500.00 are left")
	_, err := w.Sandbox.PayKeeper.Refund(payment, "500.00", "Мария")
	w.Must(err)
	refuse(half+withLine(more, "amount", `amount = "1"`), "payment_id", `is "refunded" (1000.00 paid, 1000.00 given back)`)
}

// While another refund is under way, nothing is sent.
func TestPayKeeperRefundWaitsForNoForeignOne(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_refund_time=never")
	foreign, err := w.Sandbox.PayKeeper.Refund(payment, "1.00", "Мария")
	w.Must(err)
	w.Write(payKeeperRefund(payment))
	w.Apply().Fails("@payment_id", "Cannot make the refund", `payment `+payment+` is "refunding"`, "refund "+foreign.ID+" of 1.00, started, Мария", "Apply again once that one is over")
	w.Sent(opReverse, 0)
	w.Must(w.Sandbox.PayKeeper.EndRefund(foreign.ID, "failed"))
	w.Write(payKeeperRefund(payment))
	w.Apply().Succeeds()
	w.StateHas(refundAddress, map[string]any{"status": "init"})
	w.Must(w.Sandbox.PayKeeper.EndRefund(payKeeperRefunds(w)[1].ID, "done"))
	w.Plan().Succeeds().ChangesNothing()
	w.Apply("-refresh-only").Succeeds()
	w.StateHas(refundAddress, map[string]any{"status": "successful"})
	w.Sent(opReverse, 1)
}

// One that failed was not made: it may be replaced.
func TestPayKeeperRefundThatFails(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_refund_end=failed")
	w.Write(payKeeperRefund(payment))
	w.Apply().Succeeds().Warns("A refund failed", payment, "-replace")
	w.StateHas(refundAddress, map[string]any{"status": "fail"})
	w.Plan().Succeeds().ChangesNothing().Warns("A refund failed")
	w.Apply("-replace=" + refundAddress).Succeeds()
	w.Sent(opReverse, 2)
}

func TestPayKeeperRefundIsProtected(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	config := payKeeperRefund(payment)
	w.MustApply(config)
	id := refundsAre(w, "500.00")[0]
	name := "refund paykeeper/" + payment + "/" + id + " of 500 for payment " + payment + " of paykeeper"
	w.Destroy().Fails("The refund is protected from being forgotten", name)
	w.Apply("-replace="+refundAddress).Fails("A refund cannot be replaced", name)
	w.MustExec("taint", refundAddress)
	w.Apply().Fails("The refund is already in the state", name, "terraform untaint")
	w.MustExec("untaint", refundAddress)
	w.Write(renamed(config, "back", "new"))
	w.Apply().Fails("The refund is already in the state", name, "moved {")
	w.Write(renamed(config, "back", "new") + movedBlock(refundAddress, "invoice_refund.new"))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.Write(renamed(config, "back", "new") + config)
	w.Apply().Fails("The refund is already in the state", "sequence = 2")
	for attribute, line := range map[string]string{"gateway": `gateway = "invoice"` + "\n receipt = []", "amount": `amount = "400"`, "payment_id": `payment_id = "1"`} {
		w.Write(withLine(renamed(config, "back", "new"), attribute, line))
		w.Plan().Fails("@"+attribute, "A refund cannot be changed", name)
	}
	destroyUnprotected(w, "invoice_refund.new", renamed(config, "back", "new")).Warns("will only be forgotten")
	w.StateLacks("invoice_refund.new")
	w.Sent(opReverse, 1)
}

func TestPayKeeperRefundIsGuarded(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	w.Write(payKeeperRefund(payment) + providerWith(w, `max_outgoing = "499.99"`))
	w.Plan().Fails("@amount", "The refund "+passesLimit, "500 for payment "+payment)
	w.Write(payKeeperRefund(payment) + providerWith(w, "read_only = true"))
	w.Plan().Succeeds()
	w.Apply().Fails("read_only forbids it")
	w.StateLacks(refundAddress)
	w.Sent(opReverse, 0)
	w.Sandbox.Inject(sandbox.Fault{Operation: opReverse, Kind: sandbox.FaultLate, Delay: 3 * time.Second, Times: 1})
	w.Write(payKeeperRefund(payment, "timeouts {\n create = \"1s\"\n }"))
	w.Apply().Fails("Cannot make the refund", "timeouts.create", "it may have been made")
	time.Sleep(3 * time.Second)
	w.MustExec("untaint", refundAddress)
	w.Apply().Succeeds().Warns("The earlier refund was made")
	w.StateHas(refundAddress, map[string]any{"id": refundsAre(w, "500.00")[0], "status": "successful"})
	w.Sent(opReverse, 1)
}

// A refund that failed is made again while a further one of the amount is there. An apply does
// not see that the state holds that one, so it must not be taken for the first.
func TestPayKeeperRefundMadeAgainTakesNoOther(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_refund_end=failed")
	second := strings.NewReplacer(`"back"`, `"second"`).Replace(payKeeperRefund(payment, "sequence = 2"))
	w.Write(payKeeperRefund(payment))
	w.Apply().Succeeds().Warns("A refund failed")
	w.Sandbox.SetDialect(nil)
	w.MustApply(payKeeperRefund(payment) + second)
	ids := refundsAre(w, "500.00", "500.00")
	w.Apply("-replace="+refundAddress).Fails("Cannot make the refund", "Look into your state first", "it may be this one", `id = "paykeeper/`+payment+"/"+ids[1], "sequence = 3")
	w.StateHas("invoice_refund.second", map[string]any{"id": ids[1]})
	w.Sent(opReverse, 2)
	w.Write(payKeeperRefund(payment, "sequence = 3") + second)
	w.Apply().Succeeds()
	w.Sent(opReverse, 3)
}

// Who gives a refund another number hears what that means.
func TestPayKeeperRefundGetsAnotherNumber(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	w.MustApply(payKeeperRefund(payment))
	w.Write(payKeeperRefund(payment, "sequence = 2"))
	w.Plan().Succeeds().Warns("A refund gets another number", "from 1 to 2", "in the order in which they were made")
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.Sent(opReverse, 1)
}
