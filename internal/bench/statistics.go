package main

import (
	"fmt"
	"slices"
)

// results are all runs, in the order in which they were made.
type results []run

// pick says which runs belong together.
type pick struct {
	scene   scene
	kind    kind
	step    step
	objects int
}

func (p pick) String() string {
	return fmt.Sprintf("%s of %s %s (%s)", p.step, thousands(p.objects), p.kind, p.scene)
}

// median is that of a measure over the picked runs. It fails where there are none: a goal
// without runs is neither met nor missed.
func (all results) median(p pick, measure func(run) float64) (float64, error) {
	var values []float64
	for _, one := range all {
		if p == (pick{one.Scene, one.Kind, one.Step, one.Objects}) {
			values = append(values, measure(one))
		}
	}
	if len(values) == 0 {
		return 0, fmt.Errorf("there is no %s", p)
	}
	return median(values), nil
}

// median of an even number of values is the mean of the two in the middle.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// What is measured of a run.
func wall(r run) float64           { return r.Wall.Seconds() }
func providerCPU(r run) float64    { return r.Provider.CPU.Seconds() }
func providerMemory(r run) float64 { return float64(r.Provider.Memory) / (1 << 20) }
func requests(r run) float64       { return float64(r.requests()) }
func connections(r run) float64    { return float64(r.Counters.Connections) }
func stateOfOne(r run) float64     { return float64(r.State) / 1024 / float64(max(r.Objects, 1)) }
