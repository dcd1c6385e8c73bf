package ledger

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

func limitedRun(limit string) *Run {
	run := NewRun(time.Minute)
	run.LimitOutgoing(Limit{Max: amount(limit), Setting: "max_outgoing = " + limit})
	return run
}

func amount(text string) *values.Decimal {
	number, err := values.ParseDecimal(text)
	if err != nil {
		panic(err)
	}
	return &number
}

func refundOf(sum, key string) Outgoing {
	return Outgoing{Kind: Refunds, Key: key, About: sum, Amount: amount(sum)}
}

// send reports what a sending says, "" for nothing.
func (o Outgoing) sendIn(t *testing.T, run *Run) (*Sending, string) {
	t.Helper()
	var diags diag.Diagnostics
	sending := o.Send(t.Context(), run, &diags)
	return sending, said(diags)
}

func said(diags diag.Diagnostics) string {
	var all []string
	for _, one := range diags {
		all = append(all, one.Summary()+": "+one.Detail())
	}
	return strings.Join(all, "\n")
}

// Of many that are sent at once, no more go out than the limit allows.
func TestLimitHoldsAtOnce(t *testing.T) {
	run := limitedRun("100")
	var sent atomic.Int64
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			if _, problem := refundOf("9.99", string(rune('a'+i))).sendIn(t, run); problem == "" {
				sent.Add(1)
			}
		})
	}
	all.Wait()
	if sent.Load() != 10 { // 99.90
		t.Errorf("%d were sent, want 10", sent.Load())
	}
}

// What was provably not made leaves room for another one. What may have been made does not.
func TestLimitCountsWhatMayHaveBeenMade(t *testing.T) {
	for name, c := range map[string]struct {
		end    func(*Sending)
		counts bool
	}{
		"made":           {func(s *Sending) { s.NoteMade(Outgoing{Kind: Refunds, ID: "1", Status: "successful"}) }, true},
		"unclear":        {func(s *Sending) { s.NoteMade(Outgoing{Kind: Refunds, Key: "a", IsUnclear: true}) }, true},
		"under way":      {func(*Sending) {}, true},
		"not made":       {(*Sending).NoteNotMade, false},
		"failed at once": {func(s *Sending) { s.NoteMade(Outgoing{Kind: Refunds, ID: "1", IsFailed: true}) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			run := limitedRun("100")
			sending, problem := refundOf("60", "a").sendIn(t, run)
			if problem != "" {
				t.Fatal(problem)
			}
			c.end(sending)
			_, problem = refundOf("40.01", "b").sendIn(t, run)
			if (problem != "") != c.counts {
				t.Errorf("a further one: %q", problem)
			}
			if c.counts && !strings.Contains(problem, "The refund would pass max_outgoing: With the refund of 40.01, the refunds and payouts of this run would come to 100.01 RUB. "+
				"The limit is 100.00 RUB: max_outgoing = 100. So far this run has sent, or may have sent, 60.00 RUB, and plans a further 0.00 RUB. Nothing was sent for this one. Either:\n- apply in several steps") {
				t.Error(problem)
			}
			if _, problem = refundOf("40", "c").sendIn(t, run); problem != "" {
				t.Errorf("one that just fits: %s", problem)
			}
		})
	}
}

// One that was refused before, as a twin, takes no room.
func TestLimitDoesNotCountTwins(t *testing.T) {
	run := limitedRun("100")
	for _, want := range []string{"", "Two new refunds are the same"} {
		if _, problem := refundOf("50", "a").sendIn(t, run); !strings.HasPrefix(problem, want) || want == "" && problem != "" {
			t.Errorf("%q, want %q", problem, want)
		}
	}
	if _, problem := refundOf("50", "b").sendIn(t, run); problem != "" {
		t.Error(problem)
	}
}

// Terraform may plan an object twice, and an apply plans it before it sends it. It is counted
// once.
func TestLimitCountsOnce(t *testing.T) {
	run, data := limitedRun("100"), private.Encoded{}
	plan := func(one Outgoing, data private.Data) string {
		var diags diag.Diagnostics
		one.PlanNew(t.Context(), run, data, &diags)
		return said(diags)
	}
	for range 2 {
		if problem := plan(refundOf("60", "a"), data); problem != "" {
			t.Fatal(problem)
		}
	}
	encoded, err := data.Encode()
	if err != nil {
		t.Fatal(err)
	}
	unknown := Outgoing{Kind: Refunds, Key: "u"}
	if problem := plan(unknown, private.Encoded{}); problem != "" {
		t.Errorf("an amount that is not known yet: %s", problem)
	}
	if problem := plan(refundOf("50", "b"), private.Encoded{}); !strings.Contains(problem, "would come to 110.00 RUB") || !strings.Contains(problem, "plans a further 60.00 RUB") {
		t.Errorf("a second one: %q", problem)
	}
	var diags diag.Diagnostics
	refundOf("60", "a").Send(WithPlannedPrivate(t.Context(), encoded), run, &diags)
	if problem := plan(refundOf("40", "c"), private.Encoded{}); said(diags) != "" || problem != "" {
		t.Errorf("sent: %q; one that just fits: %q", said(diags), problem)
	}
}

// An apply may plan several before it sends the first. Those take no room from it.
func TestLimitDoesNotHoldPlansAgainstASending(t *testing.T) {
	run := limitedRun("100")
	var diags diag.Diagnostics
	refundOf("60", "a").PlanNew(t.Context(), run, private.Encoded{}, &diags)
	if _, problem := refundOf("60", "b").sendIn(t, run); problem != "" || diags.HasError() {
		t.Errorf("%q, %v", problem, diags)
	}
}

// What cannot be counted does not go out, and is no error before it is known.
func TestLimitNeedsRoubles(t *testing.T) {
	dollars := refundOf("1", "a")
	dollars.Currency = "USD"
	rubles := refundOf("1", "b")
	rubles.Currency = "RUR"
	for name, c := range map[string]struct {
		one        Outgoing
		limit      Limit
		sent, plan string
	}{
		"another currency": {dollars, Limit{Max: amount("100"), Setting: "max_outgoing = 100"},
			"There is max_outgoing = 100, which is in RUB, and the amount is in USD", "the amount is in USD"},
		"the currency's old name": {rubles, Limit{Max: amount("100")}, "", ""},
		"an unknown amount":       {Outgoing{Kind: Refunds, Key: "a"}, Limit{Max: amount("100")}, "does not know one of the two amounts", ""},
		"an unknown limit":        {refundOf("1", "a"), Limit{}, "does not know one of the two amounts", ""},
		"nothing may go out":      {refundOf("0.01", "a"), Limit{Max: amount("0")}, "Nothing was sent for this one. If it is meant, raise max_outgoing", "Nothing was sent for this one. If it is meant, raise max_outgoing"},
	} {
		t.Run(name, func(t *testing.T) {
			run := NewRun(time.Minute)
			run.LimitOutgoing(c.limit)
			var diags diag.Diagnostics
			may := c.one.PlanNew(t.Context(), run, private.Encoded{}, &diags)
			if !strings.Contains(said(diags), c.plan) || diags.HasError() != (c.plan != "") || may == diags.HasError() {
				t.Errorf("the plan says %q, want %q", said(diags), c.plan)
			}
			run = NewRun(time.Minute)
			run.LimitOutgoing(c.limit)
			if _, problem := c.one.sendIn(t, run); !strings.Contains(problem, c.sent) || (problem == "") != (c.sent == "") {
				t.Errorf("the apply says %q, want %q", problem, c.sent)
			}
		})
	}
}

// Of two limits both hold, and each is known at its own time. What cannot be counted is made
// without either.
func TestBothLimitsHold(t *testing.T) {
	block := Limit{Max: amount("100"), Setting: "the block's", Without: "use another block"}
	environment := Limit{Max: amount("50"), Setting: "the environment's", Without: "unset the variable"}
	unknown, dollars := Limit{Setting: "an unknown one", Without: "use another block"}, Outgoing{Kind: Refunds, Amount: amount("1"), Currency: "USD"}
	high := refundOf("60", "a")
	for name, c := range map[string]struct {
		one        Outgoing
		limits     []Limit
		plan, sent string
	}{
		"the second is lower":       {high, []Limit{block, environment}, "The limit is 50.00 RUB: the environment's", "The limit is 50.00 RUB: the environment's"},
		"the first is lower":        {high, []Limit{environment, block}, "The limit is 50.00 RUB: the environment's", "The limit is 50.00 RUB: the environment's"},
		"one is not known":          {high, []Limit{unknown, environment}, "The limit is 50.00 RUB: the environment's", "There is an unknown one, and the provider does not know"},
		"one is not known, it fits": {refundOf("40", "a"), []Limit{unknown, environment}, "", "So the refund of 40 might pass the limit. Nothing was sent for this one. To make it, use another block, and unset the variable."},
		"another currency":          {dollars, []Limit{environment}, "So the refund of 1.00 USD might pass the limit. Nothing was sent for this one. To make it, unset the variable.", "To make it, unset the variable."},
		"no amount":                 {Outgoing{Kind: Refunds}, []Limit{block}, "", "So the refund of an unknown amount might pass the limit. Nothing was sent for this one. To make it, use another block."},
	} {
		t.Run(name, func(t *testing.T) {
			run := NewRun(time.Minute)
			run.LimitOutgoing(c.limits...)
			var diags diag.Diagnostics
			c.one.PlanNew(t.Context(), run, private.Encoded{}, &diags)
			if got := said(diags); !strings.Contains(got, c.plan) || (got == "") != (c.plan == "") {
				t.Errorf("the plan says %q, want %q", got, c.plan)
			}
			run = NewRun(time.Minute)
			run.LimitOutgoing(c.limits...)
			if _, got := c.one.sendIn(t, run); !strings.Contains(got, c.sent) {
				t.Errorf("the apply says %q, want %q", got, c.sent)
			}
		})
	}
}
