package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

const refundType = "invoice_refund"

// refund is the configuration of the action, for 5 RUB unless it is given otherwise.
func (s *actionScene) refund(payment string, given map[string]tftypes.Value) map[string]tftypes.Value {
	config := map[string]tftypes.Value{"payment_id": text(payment), "amount": text("5"), "receipt": s.calm.noReceipt()}
	maps.Copy(config, given)
	return config
}

func (s *actionScene) receiptLine(line map[string]tftypes.Value) tftypes.Value {
	list, _ := attributeType(s.calm.schemas.ResourceSchemas[refundType].ValueType(), "receipt").(tftypes.List)
	return tftypes.NewValue(list, []tftypes.Value{filled(list.ElementType, line)})
}

func (s *actionScene) refunds() []invoiceapi.Refund {
	s.t.Helper()
	all, err := s.box.InvoiceAPI.Refunds.All()
	s.check(err)
	return all
}

// The plan looks and warns, and the action sends what the resource would send.
func TestRefundActionSendsWhatTheResourceSends(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	config := s.refund(s.paid, map[string]tftypes.Value{
		"reason": text("Не подошло"), "sequence": tftypes.NewValue(tftypes.Number, 3),
		"receipt": s.receiptLine(map[string]tftypes.Value{
			"name": text("Чай"), "price": text("5.50"), "quantity": text("1"), "discount": text("0.50"), "result_price": text("5.00"),
		}),
	})
	s.p.validateAction(refundType, config).nothing()
	s.p.planAction(refundType, config).warns("amount", "5 RUB will be refunded for payment "+s.paid, "It cannot be taken back.")
	s.sent("GetPayment", 1)
	s.sent("CreateRefund", 0)
	invoked := s.nextRun().invokeAction(refundType, config).nothing()
	made := s.refunds()
	if len(made) != 1 {
		t.Fatalf("%d refunds, want 1", len(made))
	}
	invoked.tells("Looking at payment "+s.paid+", to send the refund of 5", "once.", "Refund "+made[0].ID+" of 5 for payment "+s.paid+" (sequence 3)", `is made: its status is "successful"`)
	byAction := s.box.Requests("CreateRefund")
	config["deletion_protection"], config["currency"] = tftypes.NewValue(tftypes.Bool, true), text("RUB")
	s.box.ResetRequests()
	s.calm.create(refundType, config)
	byResource := s.box.Requests("CreateRefund")
	if len(byAction) != 1 || len(byResource) != 1 || byAction[0].Body != byResource[0].Body {
		t.Errorf("the action sent %+v, the resource %+v", byAction, byResource)
	}
}

// What the payment does not allow is an error in the plan, and in the apply if the plan could
// not know. Nothing is sent.
func TestRefundActionIsRefused(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	waiting, back := s.makeLink(), s.makeLink()
	s.check(s.box.InvoiceAPI.Pay(back, invoiceapi.TestCard))
	s.check(s.box.InvoiceAPI.Payments.Update(back, func(p *invoiceapi.Payment) { p.Status = "refunded" }))
	for name, c := range map[string]struct {
		config    map[string]tftypes.Value
		attribute string
		says      []string
	}{
		"not paid":         {s.refund(waiting, nil), "payment_id", []string{"The payment is not paid", `Payment ` + waiting + ` is "init"`, "Nothing was refunded"}},
		"refunded":         {s.refund(back, nil), "payment_id", []string{"The payment is refunded already", `"refunded"`, "Nothing was refunded"}},
		"none":             {s.refund("nowhere", nil), "payment_id", []string{"No such payment", "payment \"nowhere\"", "Check payment_id"}},
		"too much":         {s.refund(s.paid, map[string]tftypes.Value{"amount": text("10.01")}), "amount", []string{"The refund is larger than its payment", "10.00", "10.01"}},
		"another currency": {s.refund(s.paid, map[string]tftypes.Value{"currency": text("USD")}), "currency", []string{"The payment has another currency", "RUB", "USD"}},
	} {
		t.Run(name, func(*testing.T) {
			s.nextRun().planAction(refundType, c.config).fails(c.attribute, c.says...)
			s.nextRun().invokeAction(refundType, c.config).fails(c.attribute, c.says...)
			s.sent("CreateRefund", 0)
			s.sent("GetPayment", 1)
		})
	}
}

func TestRefundActionChecksItsArguments(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	for attribute, value := range map[string]tftypes.Value{
		"amount": text("-5"), "currency": text("GBP"), "reason": text(strings.Repeat("я", 201)), "sequence": tftypes.NewValue(tftypes.Number, 0), "payment_id": text(" "),
		"receipt": s.receiptLine(map[string]tftypes.Value{"name": text("Чай"), "price": text("5.001"), "quantity": text("1"), "result_price": text("5.00")}),
	} {
		config := s.refund("p", map[string]tftypes.Value{attribute: value})
		s.p.validateAction(refundType, config).fails(attribute)
		// Terraform does not validate what comes from variables.
		s.p.planAction(refundType, config).fails(attribute)
		s.p.invokeAction(refundType, config).fails(attribute)
	}
	if got := s.box.Requests(); len(got) > 0 {
		t.Errorf("calls were sent: %v", got)
	}
	unequal := s.receiptLine(map[string]tftypes.Value{"name": text("Чай"), "price": text("6"), "quantity": text("1"), "result_price": text("6")})
	s.p.validateAction(refundType, s.refund("p", map[string]tftypes.Value{"receipt": unequal})).warns("receipt", "The receipt does not add up")
}

// A plan asks nothing about what it does not know, and a gateway that cannot be reached does
// not fail it. The apply looks again.
func TestRefundActionPlansWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	s.p.planAction(refundType, s.refund("", map[string]tftypes.Value{"payment_id": unknownText()})).warns("amount", "5 RUB will be refunded for a payment that is not known yet")
	s.p.planAction(refundType, s.refund(s.paid, map[string]tftypes.Value{"amount": unknownText()})).warns("amount", "An amount that is not known yet will be refunded for payment "+s.paid)
	s.sent("GetPayment", 1)
	s.front.behave(func(frontCall) *misbehaviour { return fails })
	s.nextRun()
	config := s.refund(s.paid, nil)
	plan := s.p.planAction(refundType, config)
	var warned []string
	for _, d := range plan.messages {
		if d.Severity != tfprotov6.DiagnosticSeverityWarning {
			t.Errorf("%s: %s", d.Summary, d.Detail)
		}
		warned = append(warned, d.Summary)
	}
	if want := []string{"The plan cannot look at payment " + s.paid, "5 RUB will be refunded for payment " + s.paid}; !slices.Equal(warned, want) {
		t.Errorf("warned %q, want %q", warned, want)
	}
	s.p.invokeAction(refundType, config).fails("", "Cannot look at payment "+s.paid+" first, so nothing was sent", "HTTP 503", "Nothing was changed", "terraform apply -invoke=<its address> does")
	s.front.behave(nil)
	s.sent("CreateRefund", 0)
	// It was not made, so the same run may make it.
	s.p.invokeAction(refundType, config).nothing()
	s.sent("CreateRefund", 1)
}

// What was not made does not count against max_outgoing.
func TestRefundActionThatCannotLookDoesNotCount(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	s.guardedRun(map[string]tftypes.Value{"max_outgoing": text("6")})
	s.front.behave(func(frontCall) *misbehaviour { return fails })
	s.p.invokeAction(refundType, s.refund(s.paid, map[string]tftypes.Value{"amount": text("3")})).fails("", "nothing was sent")
	s.front.behave(nil)
	s.p.invokeAction(refundType, s.refund(s.paid, map[string]tftypes.Value{"amount": text("4")})).nothing()
	s.sent("CreateRefund", 1)
}

// A run has one refund of a payment, amount and sequence, whoever makes it.
func TestRefundActionHasNoTwin(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	config, another := s.refund(s.paid, nil), s.refund(s.paid, map[string]tftypes.Value{"amount": text("5.00"), "sequence": tftypes.NewValue(tftypes.Number, 2)})
	ofResource := s.refund(s.paid, map[string]tftypes.Value{"currency": text("RUB"), "amount": text("5.00")})

	s.p.planAction(refundType, config).warns("amount")
	s.p.planAction(refundType, config).fails("amount", "Two new refunds are the same", "sequence = 2")
	s.p.planAction(refundType, another).warns("amount")
	s.nextRun().planNew(refundType, ofResource)
	s.p.planAction(refundType, config).fails("amount", "Two new refunds are the same")

	// Some versions of Terraform plan the action again in the run that invokes it.
	s.nextRun().planAction(refundType, config).warns("amount")
	s.p.invokeAction(refundType, config).nothing()
	s.p.invokeAction(refundType, config).fails("amount", "An action has made the refund in this run", s.refunds()[0].ID, "Nothing was sent for this one", "sequence = 2")
	s.p.invokeAction(refundType, another).nothing()
	s.sent("CreateRefund", 2)
	planned := s.calm.planNew(refundType, ofResource)
	resp, err := s.p.server.ApplyResourceChange(t.Context(), planned)
	s.p.ok(err, nil)
	said{t: t, messages: resp.Diagnostics}.fails("amount", "An action has made the refund in this run")
	s.sent("CreateRefund", 2)
}

// Two actions side by side do not both find that there is no twin.
func TestRefundActionsSideBySide(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { s.p.invokeAction(refundType, s.refund(s.paid, map[string]tftypes.Value{"amount": text("1")})) })
	}
	group.Wait()
	s.sent("CreateRefund", 1)
}

// An action and a new resource that may be the same are refused in the plan, whichever is planned
// first: the apply would refuse the second, and the next apply would send it.
func TestRefundActionIsNoTwinOfWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	unknown := func(name string) map[string]tftypes.Value {
		return map[string]tftypes.Value{name: tftypes.NewValue(s.p.schemas.ResourceSchemas[refundType].ValueType().(tftypes.Object).AttributeTypes[name], tftypes.UnknownValue)}
	}
	for name, c := range map[string]struct {
		ofAction, ofResource map[string]tftypes.Value
		isTwin               bool
	}{
		"the action's amount is unknown":       {ofAction: unknown("amount"), isTwin: true},
		"the action's payment is unknown":      {ofAction: unknown("payment_id"), isTwin: true},
		"the resource's amount is unknown":     {ofResource: unknown("amount"), isTwin: true},
		"the resource's sequence is unknown":   {ofResource: unknown("sequence"), isTwin: true},
		"nothing of the amounts is known":      {ofAction: unknown("amount"), ofResource: unknown("amount"), isTwin: true},
		"the payments differ":                  {ofAction: unknown("amount"), ofResource: map[string]tftypes.Value{"payment_id": text("another")}},
		"the amounts differ":                   {ofAction: unknown("payment_id"), ofResource: map[string]tftypes.Value{"amount": text("6")}},
		"the sequences differ":                 {ofAction: unknown("payment_id"), ofResource: map[string]tftypes.Value{"sequence": tftypes.NewValue(tftypes.Number, 2)}},
		"another payment's amount is unknown ": {ofAction: map[string]tftypes.Value{"payment_id": text(s.paid)}, ofResource: map[string]tftypes.Value{"payment_id": text("another"), "amount": unknownText()}},
	} {
		action := s.refund(s.paid, c.ofAction)
		ofResource := s.refund(s.paid, map[string]tftypes.Value{"currency": text("RUB"), "sequence": tftypes.NewValue(tftypes.Number, 1)})
		maps.Copy(ofResource, c.ofResource)
		for _, actionFirst := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, the action first: %v", name, actionFirst), func(t *testing.T) {
				s.nextRun()
				planResource := func() said {
					return said{t: t, messages: s.p.planFrom(refundType, nil, ofResource).Diagnostics}
				}
				planAction := func() said { return said{t: t, messages: s.p.planAction(refundType, action).messages} }
				first, second := planResource, planAction
				if actionFirst {
					first, second = planAction, planResource
				}
				first().warns("amount", "will be refunded")
				if c.isTwin {
					second().fails("payment_id", "An action and a resource may make the same refund", "make payment_id, amount and sequence known in the plan", "sequence = 2")
				} else {
					second().warns("amount", "will be refunded")
				}
			})
		}
	}
	s.sent("CreateRefund", 0)
}

func storedRefundOf(payment, id, status, amount string) map[string]tftypes.Value {
	state := map[string]tftypes.Value{"payment_id": text(payment), "amount": text(amount), "status": text(status)}
	if id != "" {
		state["id"] = text(id)
	}
	return state
}

// Terraform plans an action and reads the state in any order. The second of the two complains.
func TestRefundActionDoesNotRepeatWhatTheStateHolds(t *testing.T) {
	t.Parallel()
	s := newActionScene(t)
	known, open := s.refund(s.paid, nil), s.refund("", map[string]tftypes.Value{"payment_id": unknownText()})
	held := []string{"The refund is already in the state", "refund r-1 of 5", "an action asks for another one", "Nothing was sent by the action", "sequence = 2"}
	mayBe := []string{"An action may make a refund again", "refund r-1 of 5", "make payment_id, amount and sequence known in the plan", "sequence = 2"}
	unclear := []string{"The outcome of an earlier refund is unknown", "it may have been made"}
	for name, c := range map[string]struct {
		stored    map[string]tftypes.Value
		config    map[string]tftypes.Value
		attribute string
		says      []string // nil for no error
	}{
		"the same":              {storedRefundOf(s.paid, "r-1", "successful", "5.00"), known, "amount", held},
		"another amount":        {storedRefundOf(s.paid, "r-1", "successful", "6"), known, "", nil},
		"failed":                {storedRefundOf(s.paid, "r-1", "fail", "5"), known, "", nil},
		"unclear":               {storedRefundOf(s.paid, "", "unknown", "5"), known, "amount", unclear},
		"maybe the same":        {storedRefundOf(s.paid, "r-1", "successful", "5"), open, "payment_id", mayBe},
		"not known, not it":     {storedRefundOf(s.paid, "r-1", "successful", "6"), open, "", nil},
		"not known, and failed": {storedRefundOf(s.paid, "r-1", "fail", "5"), open, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, isReadFirst := range []bool{true, false} {
				p := s.nextRun()
				if isReadFirst {
					said{t: t, messages: p.upgrade(refundType, c.stored)}.nothing()
				}
				plan := p.planAction(refundType, c.config)
				switch {
				case c.says == nil:
					plan.warns("amount", "will be refunded")
				case isReadFirst:
					plan.fails(c.attribute, c.says...)
				}
				if isReadFirst {
					continue
				}
				if stored := (said{t: t, messages: p.upgrade(refundType, c.stored)}); c.says == nil {
					stored.nothing()
				} else {
					stored.fails("", c.says...)
				}
			}
			s.sent("CreateRefund", 0)
		})
	}
}

// The CLI runs an action by hand and from a trigger.
func TestRefundActionOnTheCLI(t *testing.T) {
	clitest.NeedCLI(t, clitest.Actions)
	w, payment := newPaidWorkspace(t)
	action := func(amount string) string {
		return `
action "invoice_refund" "back" {
  config {
    payment_id = "` + payment + `"
    amount     = "` + amount + `"
    receipt    = []
  }
}
`
	}
	w.Write(action("20000"))
	w.Apply("-invoke=action.invoice_refund.back").Fails("The refund is larger than its payment")
	w.Sent("CreateRefund", 0)
	w.Write(action("100"))
	invoked := w.Apply("-invoke=action.invoice_refund.back").Succeeds().Warns("100 RUB will be refunded for payment " + payment)
	w.Sent("CreateRefund", 1)
	if id := w.Refunds()[0].ID; !strings.Contains(invoked.Output, "Refund "+id+" of 100") {
		t.Errorf("the progress does not name refund %s:\n%s", id, invoked.Output)
	}

	trigger := `
resource "terraform_data" "returned" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.invoice_refund.back]
    }
  }
}
`
	held := strings.Replace(refundConfig(payment), `"500"`, `"100"`, 1)
	w.Write(action("100") + trigger + held)
	w.Apply().Fails("Two new refunds are the same", "sequence = 2")
	w.Sent("CreateRefund", 1)
	w.Write(action("100") + trigger)
	w.Apply().Succeeds()
	w.Apply().Succeeds()
	w.Sent("CreateRefund", 2)
}
