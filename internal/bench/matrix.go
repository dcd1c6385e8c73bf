package main

import (
	"slices"
	"time"
)

// allAtOnceUpTo is how many objects are applied and destroyed at each latency. With more, both
// take minutes that say nothing of the network: the CLI writes the whole local state after each
// object. So they are run once, and planned at each latency.
const allAtOnceUpTo = 1000

// matrixRuns are all sizes at all latencies, and terraform_data as the floor.
func matrixRuns(t tools, sizes []int, latencies []time.Duration) []job {
	var jobs []job
	for _, objects := range sizes {
		jobs = append(jobs, matrixCell(t, builtIn, objects, 0)...) // it has no network
		for _, k := range []kind{links, invoices} {
			if objects > allAtOnceUpTo {
				jobs = append(jobs, matrixCell(t, k, objects, latencies...)...)
				continue
			}
			for _, latency := range latencies {
				jobs = append(jobs, matrixCell(t, k, objects, latency)...)
			}
		}
	}
	return jobs
}

// matrixCell applies a configuration, plans it at each latency, and destroys it.
func matrixCell(t tools, k kind, objects int, latencies ...time.Duration) []job {
	g := &group{tools: t, latency: usual(latencies)}
	jobs := []job{g.run(inMatrix, apply, k, objects, 1)}
	for _, latency := range latencies {
		for _, s := range []step{plan, planNoRefresh} {
			jobs = append(jobs, g.runAt(latency, inMatrix, s, k, objects, 1))
		}
	}
	return append(jobs, g.run(inMatrix, destroy, k, objects, 1), g.close())
}

// usual is the latency that stands for all: that of the goals, or else the first.
func usual(latencies []time.Duration) time.Duration {
	if len(latencies) == 0 || slices.Contains(latencies, fullScale.Latency) {
		return fullScale.Latency
	}
	return latencies[0]
}
