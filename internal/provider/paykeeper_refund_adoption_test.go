package provider

import "testing"

// A run that is killed after the sending leaves no state. The next one finds the refund.
func TestPayKeeperRefundIsAdoptedAfterAKilledRun(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	w.MustApply(payKeeperRefund(payment))
	loseState(w)
	w.Apply().Succeeds().Warns("An existing object was adopted", "paykeeper/"+payment+"/")
	w.StateHas(refundAddress, map[string]any{"id": refundsAre(w, "500.00")[0], "status": "successful"})
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.Sent(opReverse, 1)
}

// Of two refunds with one amount, the sequence says which is which: the apply does not see what
// the state holds and the plan leaves alone.
func TestPayKeeperRefundWithASequenceIsAdopted(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	half, rest := payKeeperRefund(payment), renamed(payKeeperRefund(payment, "sequence = 2"), "back", "rest")
	w.MustApply(half)
	w.MustApply(half + rest)
	ids := refundsAre(w, "500.00", "500.00")
	w.Forget("invoice_refund.rest")
	w.Apply().Succeeds().Warns("An existing object was adopted")
	w.StateHas("invoice_refund.rest", map[string]any{"id": ids[1]})
	w.Forget(refundAddress)
	w.Apply().Succeeds().Warns("An existing object was adopted")
	w.StateHas(refundAddress, map[string]any{"id": ids[0]})
	loseState(w)
	w.Apply().Succeeds()
	w.StateHas(refundAddress, map[string]any{"id": ids[0]})
	w.StateHas("invoice_refund.rest", map[string]any{"id": ids[1]})
	w.Sent(opReverse, 2)
}

func TestPayKeeperRefundIsNotAdoptedWhereThatIsForbidden(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	w.MustApply(payKeeperRefund(payment))
	loseState(w)
	id := "paykeeper/" + payment + "/" + refundsAre(w, "500.00")[0]
	w.Write(payKeeperRefund(payment) + providerWith(w, "adopt_existing = false"))
	w.Apply().Fails("@amount", "The object already exists", id, "import {", "adopt_existing is false")
	w.StateLacks(refundAddress)
	w.Sent(opReverse, 1)
}
