package ledger

import (
	"cmp"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
)

// Limit is the provider setting max_outgoing: what the refunds and payouts of one run may
// come to, in roubles. The provider block may set one, and the environment another.
type Limit struct {
	Max     *values.Decimal // nil while it is not known
	Setting string          // where it is set, in the words of errors
	Without string          // how one goes without it, in the words of errors
}

// limitCurrency is that of the limit, and of an amount that names none. No other is counted:
// nobody has told the provider what a dollar is worth.
const limitCurrency = "RUB"

// LimitOutgoing sets the limits of the run. It is called before anything is planned.
func (r *Run) LimitOutgoing(limits ...Limit) { r.outgoing.spending.limits = limits }

// spending is what the refunds and payouts of a run come to.
//
// A plan and its apply are two runs, and each counts from zero. Terraform plans some objects
// twice, and an apply plans before it sends: so each is counted once, by its owner.
type spending struct {
	limits []Limit // all hold

	mu       sync.Mutex
	expenses map[string]expense
}

type expense struct {
	amount values.Decimal
	isSent bool // or it is under way, or nobody knows
}

// lowest returns the lowest limit that is known, nil for none.
func (s *spending) lowest() (lowest *Limit) {
	for i := range s.limits {
		if one := &s.limits[i]; one.Max != nil && (lowest == nil || one.Max.LessThan(lowest.Max.Decimal)) {
			lowest = one
		}
	}
	return lowest
}

// plan counts one that is planned, unless its amount is not known yet. It returns an error if
// it would pass a limit that is known, together with all others that are planned or sent.
func (s *spending) plan(owner string, one Outgoing) diag.Diagnostic {
	limit := s.lowest()
	if limit == nil || one.Amount == nil {
		return nil // the apply counts it
	}
	return s.count(owner, one, limit, false)
}

// reserve counts one that is about to be sent. It returns an error if it would pass a limit,
// together with all others that were sent: those that are only planned may never be.
func (s *spending) reserve(owner string, one Outgoing) diag.Diagnostic {
	for _, limit := range s.limits {
		if limit.Max == nil || one.Amount == nil {
			return s.notCounted(one, limit.Setting+", and the provider does not know one of the two amounts")
		}
	}
	limit := s.lowest()
	if limit == nil {
		return nil
	}
	return s.count(owner, one, limit, true)
}

func (s *spending) count(owner string, one Outgoing, limit *Limit, isSent bool) diag.Diagnostic {
	if !values.SameCurrency(cmp.Or(one.Currency, limitCurrency), limitCurrency) {
		return s.notCounted(one, fmt.Sprintf("%s, which is in %s, and the amount is in %s", limit.Setting, limitCurrency, one.Currency))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sent, planned := s.sums(owner)
	sum := values.Decimal{Decimal: sent.Add(one.Amount.Decimal)}
	if !isSent {
		sum.Decimal = sum.Add(planned.Decimal)
	}
	if sum.GreaterThan(limit.Max.Decimal) {
		return one.passes(limit, sum, sent, planned)
	}
	if s.expenses == nil {
		s.expenses = map[string]expense{}
	}
	s.expenses[owner] = expense{*one.Amount, isSent}
	return nil
}

// sums adds up what was sent, and what is only planned, without that of one owner.
func (s *spending) sums(without string) (sent, planned values.Decimal) {
	for owner, one := range s.expenses {
		switch {
		case owner == without:
		case one.isSent:
			sent.Decimal = sent.Add(one.amount.Decimal)
		default:
			planned.Decimal = planned.Add(one.amount.Decimal)
		}
	}
	return sent, planned
}

// release takes back one that was provably not made.
func (s *spending) release(owner string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.expenses, owner)
}

// passes says that this one would pass the limit.
func (o Outgoing) passes(limit *Limit, sum, sent, planned values.Decimal) diag.Diagnostic {
	way := "Either:\n- apply in several steps, since each run counts from zero; or\n- if all of them are meant, raise max_outgoing where it is set."
	if o.Amount.GreaterThan(limit.Max.Decimal) {
		way = "If it is meant, raise max_outgoing where it is set."
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("amount"), "The "+o.Kind.noun+" would pass max_outgoing",
		fmt.Sprintf("With the %s of %s, the refunds and payouts of this run would come to %s. The limit is %s: %s. "+
			"So far this run has sent, or may have sent, %s, and plans a further %s. Nothing was sent for this one. %s",
			o.Kind.noun, o.sum(), inRoubles(sum), inRoubles(*limit.Max), limit.Setting, inRoubles(sent), inRoubles(planned), way))
}

func inRoubles(amount values.Decimal) string { return amount.Money() + " " + limitCurrency }

// sum names one by its amount, as far as it is known.
func (o Outgoing) sum() string {
	switch {
	case o.About != "":
		return o.About
	case o.Amount == nil:
		return "an unknown amount"
	}
	return o.Amount.Money() + " " + cmp.Or(o.Currency, limitCurrency)
}

// notCounted says that this one cannot be checked against the limits.
func (s *spending) notCounted(one Outgoing, why string) diag.Diagnostic {
	var ways []string
	for _, limit := range s.limits {
		ways = append(ways, limit.Without)
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("amount"), "The "+one.Kind.noun+" cannot be checked against max_outgoing",
		fmt.Sprintf("There is %s. So the %s of %s might pass the limit. Nothing was sent for this one. To make it, %s.", why, one.Kind.noun, one.sum(), strings.Join(ways, ", and ")))
}
