package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// One round of everything with three objects and no latency. It fails where a counter stays at
// zero, or a plan does not show what was changed at the gateway.
func TestAShortRun(t *testing.T) {
	if os.Getenv("TF_ACC") == "" || runtime.GOOS != "linux" {
		t.Skip("this test needs Terraform or OpenTofu on Linux: run make test")
	}
	out := t.TempDir()
	s := settings{
		goals: true, matrix: true, sizes: []int{1, 3}, latencies: []time.Duration{0}, rounds: 1, out: out,
		scale: scale{Few: 1, Many: 3, Max: 4, Others: 250, Days: 3},
	}
	if err := s.measure(t.Context()); err != nil {
		t.Fatal(err)
	}
	r, err := readReport(out)
	if err != nil {
		t.Fatal(err)
	}
	checkCounters(t, r)
	for _, o := range r.outcomes() {
		if o.Value == "not measured" {
			t.Errorf("%s: %s", o.Name, o.Of)
		}
	}
	for _, name := range []string{csvFile, goalsFile, matrixFile, chartFile} {
		if content, err := os.ReadFile(filepath.Join(out, name)); err != nil || strings.TrimSpace(string(content)) == "" {
			t.Errorf("%s is empty: %v", name, err)
		}
	}
}

func checkCounters(t *testing.T, r report) {
	t.Helper()
	for _, one := range r.Results {
		calls := one.Kind.isOurs() && one.Step != planNoRefresh && one.Step != validate
		switch {
		case one.Wall <= 0, one.CLI.CPU <= 0, one.CLI.Memory <= 0,
			one.Kind != builtIn && (one.Provider.CPU <= 0 || one.Provider.Memory <= 0),
			calls && (one.requests() == 0 || one.Counters.Connections == 0),
			one.Step != validate && one.Step != destroy && one.State == 0:
			t.Errorf("a counter stayed at zero: %+v", one)
		case !calls && one.requests() > 0:
			t.Errorf("requests of a run that makes none: %+v", one)
		}
	}
}
