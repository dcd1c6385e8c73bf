package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

// job is one run of the CLI, or what has to be done between them.
type job struct {
	what     string
	expected time.Duration
	do       func(context.Context) ([]run, error)
}

// doAll does the jobs in turn, and shows each with the time that is left.
func doAll(ctx context.Context, out io.Writer, jobs []job) (results, error) {
	var all results
	var rest, done time.Duration
	for _, j := range jobs {
		rest += j.expected
	}
	began := time.Now()
	for i, j := range jobs {
		_, _ = fmt.Fprintf(out, "[%d/%d, %s] %s\n", i+1, len(jobs), left(rest, done, time.Since(began)), j.what)
		made, err := j.do(ctx)
		if err != nil {
			return all, err
		}
		for _, one := range made {
			_, _ = fmt.Fprintln(out, one.line())
		}
		all = append(all, made...)
		rest, done = rest-j.expected, done+j.expected
	}
	_, _ = fmt.Fprintf(out, "%d runs in %v\n", len(all), time.Since(began).Round(time.Second))
	return all, nil
}

// left says how long the rest takes, if this machine goes on as it did so far.
func left(rest, done, took time.Duration) string {
	if done > 0 && took > 10*time.Second {
		rest = time.Duration(float64(rest) * float64(took) / float64(done))
	}
	return fmt.Sprintf("%d:%02d left", int(rest.Minutes()), int(rest.Seconds())%60)
}

// expected is roughly how long a step takes on two cores. Only the time that is left follows
// from it. The CLI writes its local state after each object that it applies or destroys, so
// these take more for each object where there are many.
func expected(k kind, s step, objects int, latency time.Duration) time.Duration {
	milliseconds := map[kind]map[step]float64{
		links:    {apply: 4, plan: 3, planNoRefresh: 2, destroy: 4},
		invoices: {apply: 6, plan: 3, planNoRefresh: 2, destroy: 4},
		builtIn:  {apply: 2, plan: 1.4, planNoRefresh: 1.2, destroy: 2},
		random:   {apply: 3, plan: 2.3, planNoRefresh: 2, destroy: 3},
	}[k][s]
	calls := objects
	switch {
	case !k.isOurs() || s == planNoRefresh || s == validate:
		calls = 0
	case s == apply && k == invoices:
		calls *= 4
	case s == destroy:
		calls *= 2
	}
	growth := map[step]float64{apply: 0.007, destroy: 0.014}[s]
	if k.isOurs() {
		growth *= 2 // with its state
	}
	milliseconds += growth * float64(objects)
	return 500*time.Millisecond + time.Duration(milliseconds*float64(objects)*float64(time.Millisecond)) + network(calls, latency)
}
