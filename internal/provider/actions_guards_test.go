package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func (s *actionScene) nextRunWith(settings map[string]tftypes.Value) *plugin6 {
	s.t.Helper()
	s.p = newPluginWith(s.t, testProvider(), s.front.URL, settings)
	s.box.ResetRequests()
	return s.p
}

// With read_only, actions look and change nothing.
func TestActionsOfAReadOnlyRunChangeNothing(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	mailed := onGateway("paykeeper", s.makePayKeeper())
	s.nextRun().invokeAction(sendType, mailed).nothing()
	invocations := []func(p *plugin6) said{
		func(p *plugin6) said { return p.invokeAction(refundType, s.refund(s.paid, nil)) },
		func(p *plugin6) said { return p.invokeAction(sendType, mailed) },
	}
	for _, config := range []map[string]tftypes.Value{mailed, onGateway("paykeeper", s.makePayKeeper())} {
		invocations = append(invocations, func(p *plugin6) said { return p.invokeAction(sendType, config) })
	}
	for _, c := range closables {
		config := onGateway(c.gateway, c.make(s))
		invocations = append(invocations, func(p *plugin6) said { return p.invokeAction(closeType, config) })
	}
	s.nextRunWith(map[string]tftypes.Value{"read_only": tftypes.NewValue(tftypes.Bool, true)})
	for _, invoke := range invocations {
		invoke(s.p).fails("", "Cannot ", "read_only = true in the provider block")
	}
	sentOnlyReads(t, s.box.Requests())
}

// Refunds of actions and of resources count together against max_outgoing.
func TestActionsCountAgainstMaxOutgoing(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	limit := map[string]tftypes.Value{"max_outgoing": text("6")}
	config, another := s.refund(s.paid, nil), s.refund(s.paid, map[string]tftypes.Value{"amount": text("1.01")})

	s.nextRunWith(limit).planAction(refundType, config).warns("amount")
	s.p.planAction(refundType, another).fails("amount", "max_outgoing")

	s.nextRunWith(limit).invokeAction(refundType, config).nothing()
	s.p.invokeAction(refundType, another).fails("amount", "max_outgoing")
	s.sent("CreateRefund", 1)

	// What was not made does not count.
	s.nextRunWith(limit)
	s.front.behave(func(c frontCall) *misbehaviour {
		if c.operation == "GetPayment" {
			return fails
		}
		return nil
	})
	s.p.invokeAction(refundType, s.refund(s.paid, map[string]tftypes.Value{"amount": text("3")})).fails("", "nothing was sent")
	s.front.behave(nil)
	s.p.invokeAction(refundType, s.refund(s.paid, map[string]tftypes.Value{"amount": text("4")})).nothing()
	s.sent("CreateRefund", 1)
}
