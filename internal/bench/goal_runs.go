package main

import (
	"context"
	"time"
)

// benchmark plans the runs that the goals are computed from.
type benchmark struct {
	tools  tools
	scale  scale
	rounds int
}

// goalRuns are the runs for all goals. Those that are compared by their time have all
// contestants in each round, in rotating order, so that what else the machine does falls on
// all of them.
func (b benchmark) goalRuns() []job {
	var jobs []job
	for round := 1; round <= b.rounds; round++ {
		jobs = append(jobs, b.sideBySide(round)...)
		jobs = append(jobs, b.starting(round)...)
	}
	jobs = append(jobs, b.bySize()...)
	jobs = append(jobs, b.oneDay()...)
	jobs = append(jobs, b.manyDays()...)
	return append(jobs, b.paid()...)
}

func (b benchmark) group() *group {
	return &group{tools: b.tools, latency: b.scale.Latency, rounds: b.rounds}
}

// maxCountingRounds is how often requests are counted: they vary less than times.
const maxCountingRounds = 3

// counting plans in rounds, to count the requests.
func (b benchmark) counting(g *group, in scene, k kind) []job {
	var jobs []job
	for round := 1; round <= min(b.rounds, maxCountingRounds); round++ {
		jobs = append(jobs, g.run(in, plan, k, b.scale.Many, round))
	}
	return jobs
}

// sideBySide compares new objects with those of others.
func (b benchmark) sideBySide(round int) []job {
	g := b.group()
	var jobs []job
	for _, s := range []step{apply, plan, planNoRefresh} {
		for _, k := range rotated([]kind{links, builtIn, random}, round) {
			jobs = append(jobs, g.run(sideBySide, s, k, b.scale.Many, round))
		}
	}
	return append(jobs, g.close())
}

// startsInRound is how often a round validates: one takes a moment, and varies by half of it.
const startsInRound = 3

// starting compares starts, of one resource each.
func (b benchmark) starting(round int) []job {
	g := b.group()
	var jobs []job
	for i := range startsInRound {
		for _, k := range rotated([]kind{links, empty}, round+i) {
			jobs = append(jobs, g.run(starting, validate, k, 1, round))
		}
	}
	return append(jobs, g.close())
}

// bySize plans few and many links, to see whether one of many costs more.
func (b benchmark) bySize() []job {
	g := b.group()
	jobs := []job{g.run(bySize, apply, links, b.scale.Few, 1), g.run(bySize, apply, links, b.scale.Max, 1)}
	for round := 1; round <= b.rounds; round++ {
		for _, objects := range rotated([]int{b.scale.Few, b.scale.Max}, round) {
			jobs = append(jobs, g.run(bySize, plan, links, objects, round))
		}
	}
	return append(jobs, g.close())
}

// oneDay plans PayKeeper's invoices of one day, alone and then among others.
func (b benchmark) oneDay() []job {
	g := b.group()
	jobs := []job{g.run(oneDay, apply, invoices, b.scale.Many, 1)}
	jobs = append(jobs, b.counting(g, oneDay, invoices)...)
	jobs = append(jobs, g.ask("others", order{Count: b.scale.Others}, "add "+thousands(b.scale.Others)+" invoices of somebody else", 5*time.Second))
	jobs = append(jobs, b.counting(g, amongOthers, invoices)...)
	return append(jobs, g.close())
}

// manyDays plans PayKeeper's invoices that were made on as many days.
func (b benchmark) manyDays() []job {
	g := b.group()
	jobs := []job{
		g.ask("spread", order{Days: b.scale.Days, Count: b.scale.Many}, "set the gateway's clock back", 0),
		g.run(manyDays, apply, invoices, b.scale.Many, 1),
		g.ask("spread", order{}, "set the gateway's clock right", 0),
	}
	jobs = append(jobs, b.counting(g, manyDays, invoices)...)
	return append(jobs, g.close())
}

// paid plans links that are paid, and one that is open: the change must show on that one.
func (b benchmark) paid() []job {
	g := b.group()
	jobs := []job{
		g.run(alreadyPaid, apply, links, b.scale.Many, 1),
		g.ask("pay", order{}, "let all links be paid", time.Second),
		{"add a link", 0, func(ctx context.Context) ([]run, error) {
			w, err := g.workspace(ctx, links, b.scale.Many)
			if err != nil {
				return nil, err
			}
			w.settings = []string{"INVOICE_REFRESH_PAID=false"}
			return nil, w.write(links.configuration(b.scale.Many, w.box.terminal) + linksOf("open", 1, w.box.terminal))
		}},
		g.run(alreadyPaid, apply, links, b.scale.Many, 2),
	}
	jobs = append(jobs, b.counting(g, alreadyPaid, links)...)
	return append(jobs, g.close())
}
