package main

import "time"

// matrixSteps are what is run of each configuration.
var matrixSteps = []step{apply, plan, planNoRefresh, destroy}

// matrixRuns are all sizes at all latencies, and terraform_data as the floor.
func matrixRuns(t tools, sizes []int, latencies []time.Duration) []job {
	var jobs []job
	configuration := func(k kind, objects int, latency time.Duration) {
		g := &group{tools: t, latency: latency}
		for _, s := range matrixSteps {
			jobs = append(jobs, g.run(inMatrix, s, k, objects, 1))
		}
		jobs = append(jobs, g.close())
	}
	for _, objects := range sizes {
		configuration(builtIn, objects, 0) // it has no network
		for _, latency := range latencies {
			configuration(links, objects, latency)
			configuration(invoices, objects, latency)
		}
	}
	return jobs
}
