package provider

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// payKeeperScene is a scene with a paid payment of 1000 RUB at PayKeeper, and the configuration of
// an action that refunds 500 of it.
func payKeeperScene(t *testing.T, dialect ...string) (s *actionScene, config map[string]tftypes.Value, payment string) {
	t.Helper()
	s = newActionScene(t, dialect...)
	invoice, err := s.box.PayKeeper.Add(paykeeper.Invoice{PayAmount: "1000.00", Status: "paid"})
	s.check(err)
	return s, map[string]tftypes.Value{"gateway": text("paykeeper"), "payment_id": text(invoice.PaymentID), "amount": text("500")}, invoice.PaymentID
}

func (s *actionScene) payKeeperRefunds() []paykeeper.Refund {
	s.t.Helper()
	all, err := s.box.PayKeeper.Refunds.All()
	s.check(err)
	return all
}

// The action looks, sends once and looks again. What is there already is not sent again.
func TestPayKeeperRefundAction(t *testing.T) {
	t.Parallel()
	s, config, payment := payKeeperScene(t)
	s.p.validateAction(refundType, config).nothing()
	s.p.planAction(refundType, config).warns("amount", "500 RUB will be refunded for payment "+payment)
	s.p.invokeAction(refundType, config).nothing().tells("Looking at payment "+payment, `is made: its status is "successful"`)
	s.sent(opReverse, 1)
	s.nextRun()
	s.p.invokeAction(refundType, config).warns("amount", "The refund is there already", "paykeeper/"+payment+"/", "Nothing was sent", "sequence = 2").tells("Looking at", "was there already")
	s.sent(opReverse, 0)
	further := maps.Clone(config)
	further["sequence"] = tftypes.NewValue(tftypes.Number, 2)
	s.p.invokeAction(refundType, further).nothing()
	s.sent(opReverse, 1)
	s.nextRun()
	s.p.planAction(refundType, config).fails("payment_id", "The payment is refunded already", `"refunded"`)
	s.p.invokeAction(refundType, config).fails("payment_id", "The payment is refunded already")
	s.sent(opReverse, 0)
}

func TestPayKeeperRefundActionChecksItsArguments(t *testing.T) {
	t.Parallel()
	s, config, _ := payKeeperScene(t)
	for attribute, c := range map[string]struct {
		value tftypes.Value
		says  string
	}{
		"receipt":  {s.calm.noReceipt(), "has no receipt"},
		"currency": {text("USD"), "PayKeeper takes roubles only"},
	} {
		given := maps.Clone(config)
		given[attribute] = c.value
		s.p.validateAction(refundType, given).fails(attribute, c.says)
		s.p.invokeAction(refundType, given).fails(attribute, c.says)
	}
	without := maps.Clone(config)
	delete(without, "gateway")
	s.p.validateAction(refundType, without).fails("receipt", "needs a receipt")
	s.sent(opReverse, 0)
}

// A lost answer is resolved by the list. Where the list does not show it, it may have been made.
func TestPayKeeperRefundActionWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	s, config, payment := payKeeperScene(t)
	s.box.Inject(sandbox.Fault{Operation: opReverse, Kind: sandbox.FaultLostAnswer, Times: 1})
	found := s.p.invokeAction(refundType, config)
	refund := "paykeeper/" + payment + "/" + s.payKeeperRefunds()[0].ID
	found.warns("", "The refund was found without an answer", refund, "is not sent again").tells("Looking at", "Refund "+refund+" of 500")
	s.sent(opReverse, 1)

	s, config, _ = payKeeperScene(t, "paykeeper_refund_row=never")
	s.box.Inject(sandbox.Fault{Operation: opReverse, Kind: sandbox.FaultLostAnswer, Times: 1})
	s.p.invokeAction(refundType, config).fails("", "Cannot make the refund", "no new one of 500.00 is among them yet", "it may have been made", "leaves nothing in the state", `The payment was "success" before`)
	s.p.invokeAction(refundType, config).fails("amount", "An action has made the refund in this run")
	s.nextRun()
	s.p.invokeAction(refundType, config).fails("payment_id", "Cannot make the refund", "the list is behind")
	s.sent(opReverse, 0)

	s, config, _ = payKeeperScene(t, "paykeeper_refund_row=never")
	s.p.invokeAction(refundType, config).warns("", "The refund is accepted, and not shown yet", payment, "An action leaves nothing in the state")
	s.sent(opReverse, 1)
}

// What the state holds is not made again by an action, and the two gateways stay apart.
func TestPayKeeperRefundActionKnowsTheState(t *testing.T) {
	t.Parallel()
	s, config, payment := payKeeperScene(t)
	stored := storedRefundOf(payment, "9", "successful", "500")
	s.p.ok(nil, s.p.upgrade(refundType, stored)) // of Invoice API v2
	s.p.planAction(refundType, config).warns("amount", "500 RUB will be refunded")
	s.nextRun()
	stored["gateway"] = text("paykeeper")
	s.p.ok(nil, s.p.upgrade(refundType, stored))
	s.p.planAction(refundType, config).fails("amount", "The refund is already in the state", "paykeeper/"+payment+"/9")
	s.sent(opReverse, 0)
}
