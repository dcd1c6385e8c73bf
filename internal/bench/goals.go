package main

import (
	"fmt"
	"time"
)

// scene is what runs are made for: those of one scene are compared.
type scene string

const (
	sideBySide  scene = "side by side"
	bySize      scene = "by size"
	oneDay      scene = "of one day"
	manyDays    scene = "of 100 days"
	amongOthers scene = "among others"
	alreadyPaid scene = "paid"
	starting    scene = "starting"
	inMatrix    scene = "matrix"
)

// scale is how many objects the goals are measured with.
type scale struct {
	Few, Many, Max int
	// Others are PayKeeper invoices of somebody else, and Days those of manyDays.
	Others, Days int
	Latency      time.Duration
}

var fullScale = scale{Few: 100, Many: 1000, Max: 3000, Others: 100_000, Days: 100, Latency: 20 * time.Millisecond}

// parallelism is the CLI's default. With the latency it gives what no provider can save.
const parallelism = 10

// network is how long the gateway takes for so many calls, as many at once as the CLI makes.
func network(calls int, latency time.Duration) time.Duration {
	return time.Duration(calls) * latency / parallelism
}

// goal is one figure to reach.
type goal struct {
	name  string
	limit float64
	// isBelow wants a value below the limit; the limit itself is enough otherwise.
	isBelow bool
	// format shows a value and the limit.
	format string
	// value computes the figure from the runs, and says of what.
	value func(results) (value float64, of string, err error)
}

// outcome is a goal, what was reached, and of what it was computed.
type outcome struct {
	Name, Limit, Value, Of string
	Met                    bool
}

// isMet reports whether a value reaches the goal.
func (g goal) isMet(value float64) bool {
	return value < g.limit || !g.isBelow && value == g.limit
}

// judge compares runs with a goal.
func (g goal) judge(all results) outcome {
	sign := "≤ "
	if g.isBelow {
		sign = "< "
	}
	o := outcome{Name: g.name, Limit: sign + fmt.Sprintf(g.format, g.limit)}
	value, of, err := g.value(all)
	if err != nil {
		o.Value, o.Of = "not measured", err.Error()
		return o
	}
	o.Value, o.Of, o.Met = fmt.Sprintf(g.format, value), of, g.isMet(value)
	return o
}

// goals are the figures to reach.
func (s scale) goals() []goal {
	many := thousands(s.Many)
	ours := func(p step) pick { return pick{sideBySide, links, p, s.Many} }
	pageGoal := func(name string, limit float64, in scene) goal {
		return goal{name: name, limit: limit, format: "%.0f requests", value: single(pick{in, invoices, plan, s.Many}, requests)}
	}
	return []goal{
		{name: "plan of " + many + " links: × (terraform_data + network)", limit: 1.15, format: "%.2f", value: s.compared(plan, builtIn, true)},
		{name: "the same: × (random provider + network)", limit: 1, isBelow: true, format: "%.2f", value: s.compared(plan, random, true)},
		{name: "plan -refresh=false of " + many + " links: × terraform_data", limit: 1.5, format: "%.2f", value: s.compared(planNoRefresh, builtIn, false)},
		{name: "apply of " + many + " new links: × (terraform_data + network)", limit: 1.25, format: "%.2f", value: s.compared(apply, builtIn, true)},
		pageGoal("refresh of "+many+" PayKeeper invoices of one day", 25, oneDay),
		pageGoal("the same, of 100 days", 60, manyDays),
		pageGoal("the same, among "+thousands(s.Others)+" others", 1020, amongOthers),
		{name: "refresh of " + many + " paid links, refresh_paid = false", limit: 2, format: "%.0f requests", value: single(pick{alreadyPaid, links, plan, s.Many}, requests)},
		{name: "provider CPU an object: " + thousands(s.Max) + " × " + thousands(s.Few) + " links", limit: 1.2, format: "%.2f", value: s.growth},
		{name: "provider memory at " + many + " links", limit: 150, format: "%.0f MiB", value: s.memory},
		{name: "state a link", limit: 1.3, format: "%.2f KiB", value: single(ours(apply), stateOfOne)},
		{name: "validate of one resource: × empty provider", limit: 1.15, format: "%.2f", value: s.startUp},
		{name: "connections in a plan of " + many + " links", limit: 12, format: "%.0f", value: single(ours(plan), connections)},
	}
}

// single is the median of one measure.
func single(p pick, measure func(run) float64) func(results) (float64, string, error) {
	return func(all results) (float64, string, error) {
		value, err := all.median(p, measure)
		return value, "", err
	}
}

// compared is the wall time of a step over that of another contestant, to which the network's
// share is added where it has none.
func (s scale) compared(what step, with kind, addNetwork bool) func(results) (float64, string, error) {
	return func(all results) (float64, string, error) {
		own, err := all.median(pick{sideBySide, links, what, s.Many}, wall)
		if err != nil {
			return 0, "", err
		}
		other, err := all.median(pick{sideBySide, with, what, s.Many}, wall)
		if err != nil {
			return 0, "", err
		}
		if !addNetwork {
			return own / other, fmt.Sprintf("%.2f s / %.2f s", own, other), nil
		}
		share := network(s.Many, s.Latency).Seconds()
		return own / (other + share), fmt.Sprintf("%.2f s / (%.2f s + %.2f s)", own, other, share), nil
	}
}

// growth is the provider's CPU for an object of a plan of many over that of a plan of few. What
// starting costs is in both, so it also says what one object more costs.
func (s scale) growth(all results) (float64, string, error) {
	few, err := all.median(pick{bySize, links, plan, s.Few}, providerCPU)
	if err != nil {
		return 0, "", err
	}
	many, err := all.median(pick{bySize, links, plan, s.Max}, providerCPU)
	oneMore := (many - few) / float64(s.Max-s.Few)
	few, many = few/float64(s.Few), many/float64(s.Max)
	return many / few, fmt.Sprintf("%.2f ms / %.2f ms in a plan; one more costs %.2f ms", many*1000, few*1000, oneMore*1000), err
}

// memory is the provider's peak in an apply or a plan, whichever is higher.
func (s scale) memory(all results) (float64, string, error) {
	inPlan, err := all.median(pick{sideBySide, links, plan, s.Many}, providerMemory)
	if err != nil {
		return 0, "", err
	}
	inApply, err := all.median(pick{sideBySide, links, apply, s.Many}, providerMemory)
	return max(inPlan, inApply), fmt.Sprintf("apply %.0f MiB, plan %.0f MiB", inApply, inPlan), err
}

// startUp is the wall time of validating one link over that of an empty provider's resource.
func (s scale) startUp(all results) (float64, string, error) {
	own, err := all.median(pick{starting, links, validate, 1}, wall)
	if err != nil {
		return 0, "", err
	}
	other, err := all.median(pick{starting, empty, validate, 1}, wall)
	return own / other, fmt.Sprintf("%.0f ms / %.0f ms", own*1000, other*1000), err
}
