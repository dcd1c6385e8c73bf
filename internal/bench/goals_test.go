package main

import (
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/bench/usage"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{7}, 7},
		{[]float64{9, 1, 5}, 5},
		{[]float64{100, 1, 3, 2}, 2.5},
	} {
		before := append([]float64(nil), c.values...)
		if got := median(c.values); got != c.want {
			t.Errorf("median of %v: %v, want %v", c.values, got, c.want)
		}
		for i := range before {
			if before[i] != c.values[i] {
				t.Errorf("median changed %v to %v", before, c.values)
			}
		}
	}
}

// took are runs with these wall times, in seconds.
func took(in scene, k kind, s step, objects int, walls ...float64) results {
	var all results
	for _, w := range walls {
		all = append(all, run{Scene: in, Kind: k, Step: s, Objects: objects, Wall: time.Duration(w * float64(time.Second))})
	}
	return all
}

// judged is the outcome of the goal whose name has this part.
func judged(t *testing.T, all results, part string) outcome {
	t.Helper()
	for _, g := range fullScale.goals() {
		if strings.Contains(g.name, part) {
			return g.judge(all)
		}
	}
	t.Fatalf("no goal has %q", part)
	return outcome{}
}

func TestPlanIsComparedWithTheFloor(t *testing.T) {
	const goal = "plan of 1,000 links"
	floor := took(sideBySide, builtIn, plan, 1000, 9, 1, 2) // and 2 s of network: 4 s
	for _, c := range []struct {
		walls []float64
		value string
		met   bool
	}{
		{[]float64{4.6, 1, 30}, "1.15", true}, // the limit itself is enough
		{[]float64{4.64, 1, 30}, "1.16", false},
	} {
		got := judged(t, append(took(sideBySide, links, plan, 1000, c.walls...), floor...), goal)
		if got.Value != c.value || got.Met != c.met {
			t.Errorf("%v: %+v, want %s", c.walls, got, c.value)
		}
	}
}

func TestPlanMustBeFasterThanRandom(t *testing.T) {
	all := append(took(sideBySide, links, plan, 1000, 5), took(sideBySide, random, plan, 1000, 3)...)
	if got := judged(t, all, "random"); got.Met || got.Value != "1.00" {
		t.Errorf("as fast is not less: %+v", got)
	}
}

// Runs of other scenes, kinds, steps and sizes are not mixed in.
func TestGoalsTakeTheirOwnRuns(t *testing.T) {
	all := took(starting, links, validate, 1, 0.3)
	for _, others := range []results{
		took(inMatrix, links, validate, 1, 9), took(starting, invoices, validate, 1, 9),
		took(starting, links, plan, 1, 9), took(starting, links, validate, 2, 9), took(starting, empty, validate, 1, 0.2),
	} {
		all = append(all, others...)
	}
	if got := judged(t, all, "validate"); got.Value != "1.50" || got.Met || got.Of != "300 ms / 200 ms" {
		t.Errorf("%+v", got)
	}
}

func TestGoalWithoutRunsIsNotMet(t *testing.T) {
	for _, g := range fullScale.goals() {
		if got := g.judge(nil); got.Met || got.Value != "not measured" {
			t.Errorf("without a run: %+v", got)
		}
	}
	half := took(bySize, links, plan, fullScale.Few, 1)
	if got := judged(t, half, "CPU"); got.Met || got.Value != "not measured" {
		t.Errorf("with half of the runs: %+v", got)
	}
}

func TestCPUOfAnObjectIsCompared(t *testing.T) {
	few, many := took(bySize, links, plan, 100, 1), took(bySize, links, plan, 3000, 1)
	few[0].Provider = usage.Usage{CPU: 200 * time.Millisecond}
	many[0].Provider = usage.Usage{CPU: 9 * time.Second}
	if got := judged(t, append(few, many...), "CPU"); got.Value != "1.50" || got.Met {
		t.Errorf("%+v", got)
	}
}

func TestCountsOfRequestsAndBytes(t *testing.T) {
	page := took(oneDay, invoices, plan, 1000, 1)
	page[0].Counters = counters{Requests: map[string]int{"paykeeper.byid": 9, "paykeeper.list": 16}}
	if got := judged(t, page, "of one day"); got.Value != "25 requests" || !got.Met {
		t.Errorf("%+v", got)
	}
	page[0].Counters.Requests["paykeeper.listcount"]++
	if got := judged(t, page, "of one day"); got.Met {
		t.Errorf("%+v", got)
	}
	state := took(sideBySide, links, apply, 1000, 1)
	state[0].State = 1500 * 1024
	if got := judged(t, state, "state a link"); got.Value != "1.50 KiB" || got.Met {
		t.Errorf("%+v", got)
	}
}
