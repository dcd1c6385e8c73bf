package provider

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// guardedRun is nextRun with settings of the provider.
func (s *actionScene) guardedRun(settings map[string]tftypes.Value) *plugin6 {
	s.nextRun()
	s.p = newPluginWith(s.t, testProvider(), s.front.URL, settings)
	return s.p
}

// changesNothing checks that an action plans as ever, looks, and changes nothing.
func (s *actionScene) changesNothing(typeName, attempt string, config map[string]tftypes.Value) {
	s.t.Helper()
	readOnly := map[string]tftypes.Value{"read_only": tftypes.NewValue(tftypes.Bool, true)}
	for _, d := range s.guardedRun(readOnly).planAction(typeName, config).messages {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			s.t.Errorf("the plan says %s: %s", d.Summary, d.Detail)
		}
	}
	s.guardedRun(readOnly).invokeAction(typeName, config).fails("", attempt, ": read_only forbids it", "read_only = true in the provider block forbids that, so it was not sent")
	for _, one := range s.box.Requests() {
		if slices.Contains(gatewayChanges, one.Operation) {
			s.t.Errorf("%s was sent", one.Operation)
		}
	}
	if len(s.box.Requests()) == 0 {
		s.t.Errorf("%s did not even look", typeName)
	}
}

func TestReadOnlyHoldsActions(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	s.changesNothing(refundType, "Cannot make the refund", s.refund(s.paid, nil))
	letter := onGateway("paykeeper", s.makePayKeeper())
	s.changesNothing(sendType, "Cannot mail invoice", letter)
	s.nextRun().invokeAction(sendType, letter).nothing()
	s.changesNothing(sendType, "Cannot mail invoice", letter) // again
	s.mailed(1)
}

func TestReadOnlyHoldsClosing(t *testing.T) {
	eachClosable(t, func(s *actionScene, _ closable, _ string, config map[string]tftypes.Value) {
		s.changesNothing(closeType, "Cannot close ", config)
	})
}

// The refunds of actions and resources are held against one limit.
func TestMaxOutgoingHoldsActions(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	limit := map[string]tftypes.Value{"max_outgoing": text("7.99")}
	five, three := s.refund(s.paid, nil), s.refund(s.paid, map[string]tftypes.Value{"amount": text("3")})
	const passes = "The refund would pass max_outgoing"

	s.guardedRun(limit).planAction(refundType, s.refund(s.paid, map[string]tftypes.Value{"amount": text("8")})).fails("amount", passes, "would come to 8.00 RUB")
	s.p.planNew(refundType, five)
	s.p.planAction(refundType, three).fails("amount", passes, "would come to 8.00 RUB", "plans a further 5.00 RUB")

	s.guardedRun(limit).create(refundType, five)
	s.p.invokeAction(refundType, three).fails("amount", passes, "has sent, or may have sent, 5.00 RUB")
	s.sent("CreateRefund", 1)

	s.guardedRun(map[string]tftypes.Value{"max_outgoing": text("3")}).planAction(refundType, three)
	s.p.invokeAction(refundType, three).nothing() // it was planned within the same run, and counts once
	s.p.invokeAction(refundType, s.refund(s.paid, map[string]tftypes.Value{"amount": text("0.01")})).fails("amount", passes)
	s.sent("CreateRefund", 1)
}
