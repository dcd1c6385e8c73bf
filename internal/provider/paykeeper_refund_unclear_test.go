package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// A refund whose answer was lost is found among those of its payment, in the same apply.
func TestPayKeeperRefundWhoseAnswerIsLostIsFound(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"cut":    {Kind: sandbox.FaultLostAnswer},
		"half":   {Kind: sandbox.FaultHalfBody},
		"502":    {Kind: sandbox.FaultStatusAfter, Status: 502},
		"a page": {Kind: sandbox.FaultHTMLAfter},
		"late":   {Kind: sandbox.FaultLate, Delay: 10 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			w, payment := newPayKeeperRefunds(t)
			w.FailOnce(opReverse, fault)
			w.MustApply(payKeeperRefund(payment))
			w.StateHas(refundAddress, map[string]any{"id": refundsAre(w, "500.00")[0], "status": "successful"})
			w.Sent(opReverse, 1)
		})
	}
}

// If the gateway shows no new refund after a lost answer, nobody knows whether one will come.
func TestPayKeeperRefundThatIsNotShownStaysUnknown(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"cut before":    {Kind: sandbox.FaultCut},
		"503 before":    {Kind: sandbox.FaultStatus, Status: 503},
		"a page before": {Kind: sandbox.FaultHTML},
	} {
		t.Run(name, func(t *testing.T) {
			w, payment := newPayKeeperRefunds(t)
			w.FailOnce(opReverse, fault)
			w.Write(payKeeperRefund(payment))
			w.Apply().Fails("Cannot make the refund", "no new one of 500.00 is among them yet", "it may have been made", "every plan looks for it", `id = "paykeeper/`+payment+`/…"`)
			staysUnknown(w, refundAddress)
			w.MustExec("untaint", refundAddress)
			w.Plan().Succeeds().ChangesNothing().Warns("The outcome of an earlier refund is unknown", "is not there yet")
			refundsAre(w)
			w.Sent(opReverse, 1)
		})
	}
}

// What a later plan finds is known from then on. Only the taint of the failed apply is left. One
// of the same amount that was there before is another one.
func TestUnclearPayKeeperRefundIsFoundByThePlan(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_refund_row=never")
	_, err := w.Sandbox.PayKeeper.Refund(payment, "500.00", "Мария")
	w.Must(err)
	w.Must(w.Sandbox.PayKeeper.ShowRefunds())
	w.FailOnce(opReverse, sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	w.Write(payKeeperRefund(payment, "sequence = 2"))
	w.Apply().Fails("Cannot make the refund", "it may have been made")
	w.StateHas(refundAddress, map[string]any{"id": nil, "status": "unknown"})
	staysUnknown(w, refundAddress)
	w.Must(w.Sandbox.PayKeeper.ShowRefunds())
	w.Plan().Warns("The earlier refund was made", "terraform untaint").Fails("The earlier refund was made", "terraform untaint")
	w.MustExec("untaint", refundAddress)
	w.Apply().Succeeds().Warns("The earlier refund was made")
	w.StateHas(refundAddress, map[string]any{"id": refundsAre(w, "500.00", "500.00")[1], "status": "successful"})
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.Sent(opReverse, 1)
}

// The gateway says success, and does not list the refund yet. That is no error.
func TestAcceptedPayKeeperRefundIsFoundByThePlan(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_refund_row=never")
	w.Write(payKeeperRefund(payment))
	w.Apply().Succeeds().Warns("The refund is accepted, and not shown yet")
	w.StateHas(refundAddress, map[string]any{"id": nil, "status": "unknown"})
	w.Plan().Succeeds().ChangesNothing().Warns("The refund is accepted, and not shown yet", "PayKeeper has accepted the refund of 500", "does not list it yet", "is not there yet")
	if output := w.Plan().String(); strings.Contains(output, "untaint") || strings.Contains(output, "apply again") {
		t.Errorf("the plan asks for what is not to be done:\n%s", output)
	}
	w.Destroy().Fails("The outcome of an earlier refund is unknown")
	w.Must(w.Sandbox.PayKeeper.ShowRefunds())
	w.Apply().Succeeds().Warns("The accepted refund is there", "which it had accepted")
	w.StateHas(refundAddress, map[string]any{"id": refundsAre(w, "500.00")[0], "status": "successful"})
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.Sent(opReverse, 1)
}

// Somebody else refunds the same amount meanwhile. Nothing says which of the two is ours.
func TestSeveralNewPayKeeperRefundsAreNamed(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_refund_row=never", "paykeeper_second_reverse=taken")
	w.FailOnce(opReverse, sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	w.Write(payKeeperRefund(payment))
	w.Apply().Fails("it may have been made")
	_, err := w.Sandbox.PayKeeper.Refund(payment, "500.00", "Мария")
	w.Must(err)
	w.Must(w.Sandbox.PayKeeper.ShowRefunds())
	ids := refundsAre(w, "500.00", "500.00")
	w.Plan().Warns("several new refunds", "paykeeper/"+payment+"/"+ids[0], "paykeeper/"+payment+"/"+ids[1], "Мария").Fails("The outcome of an earlier refund is unknown")
	w.StateHas(refundAddress, map[string]any{"id": nil, "status": "unknown"})
	w.Forget(refundAddress)
	w.Write(payKeeperRefund(payment) + importing(refundAddress, "paykeeper/"+payment+"/"+ids[0]))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.Sent(opReverse, 1)
}

// The gateway refuses in its own words, and shows no refund.
func TestPayKeeperRefundThatIsRefused(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	w.Write(payKeeperRefund(payment) + w.GatewayThatAnswers(func(operation string) string {
		if operation == "reverse" {
			return `{"result":"fail","msg":"Недостаточно средств"}`
		}
		return ""
	}))
	w.Apply().Fails("Cannot make the refund", "Недостаточно средств", "The payment shows no new refund of this amount", `payment `+payment+` is "success" now`)
	w.StateLacks(refundAddress)
	w.MustApply(payKeeperRefund(payment))
	refundsAre(w, "500.00")
}

// While it is not known what became of one refund, the payment gives nothing else back: the
// gateway may show neither.
func TestNothingIsRefundedBesideAnUnclearRefund(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	accepts := w.GatewayThatAnswers(func(operation string) string {
		if operation == "reverse" {
			return `{"result":"success"}`
		}
		return ""
	})
	w.Write(payKeeperRefund(payment) + accepts)
	w.Apply().Succeeds().Warns("The refund is accepted, and not shown yet")
	other := strings.NewReplacer(`"back"`, `"other"`, `"500"`, `"700"`).Replace(payKeeperRefund(payment))
	w.Sandbox.ResetRequests()
	for _, refresh := range refreshes {
		w.Write(payKeeperRefund(payment) + other)
		w.Plan(refresh).Fails("The outcome of an earlier refund is unknown", "is to be made beside it", "500 for payment "+payment, "700 for payment "+payment)
		w.Apply(refresh).Fails("The outcome of an earlier refund is unknown")
	}
	w.Sent(opReverse, 0)
	w.Write(payKeeperRefund(payment) + strings.Replace(other, payment, paidAtPayKeeper(w, "1000.00"), 1))
	w.Apply().Succeeds()
	w.Sent(opReverse, 1)
}

// A refund of the whole may become one of the rest, if somebody else is faster.
func TestNewPayKeeperRefundsOfOtherAmountsAreNamed(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_refund_row=never", "paykeeper_second_reverse=taken")
	w.FailOnce(opReverse, sandbox.Fault{Kind: sandbox.FaultCut})
	w.Write(payKeeperRefund(payment))
	w.Apply().Fails("it may have been made")
	_, err := w.Sandbox.PayKeeper.Refund(payment, "400.00", "Мария")
	w.Must(err)
	w.Must(w.Sandbox.PayKeeper.ShowRefunds())
	w.MustExec("untaint", refundAddress)
	w.Plan().Succeeds().Warns("no new refund of this amount", "paykeeper/"+payment+"/"+refundsAre(w, "400.00")[0], "Мария")
	w.StateHas(refundAddress, map[string]any{"id": nil, "status": "unknown"})
}

// An answer is lost, and the only new refund is another user's.
func TestRefundOfAnotherUserIsSaid(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	w.FailOnce(opReverse, sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	w.Write(payKeeperRefund(payment) + w.GatewayThatRewrites(func(string) string { return "" }, func(text string) string {
		return strings.ReplaceAll(text, `"user":"demo"`, `"user":"Мария"`)
	}))
	w.Apply().Succeeds().Warns("The refund may be somebody else's", "Мария", `"demo"`)
	w.Sent(opReverse, 1)
}

// An answer is lost, and nothing tells the only new refund from one of another run.
func TestRefundFoundWithoutAnAnswerIsSaid(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	w.FailOnce(opReverse, sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	w.Write(payKeeperRefund(payment))
	w.Apply().Succeeds().Warns("The refund was found without an answer", "paykeeper/"+payment+"/"+refundsAre(w, "500.00")[0], "is not sent again")
	w.Sent(opReverse, 1)
}
