package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// report is what a run of the benchmark leaves.
type report struct {
	About   about
	Scale   scale
	Results results
}

// about says where and of what the figures are.
type about struct {
	CLI, Commit, Processor, Date string
	Cores, Rounds                int
}

func newAbout(ctx context.Context, t tools, rounds int) about {
	commit, _ := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	return about{
		CLI: t.version, Commit: strings.TrimSpace(string(commit)), Processor: processor(),
		Date: time.Now().UTC().Format(time.DateOnly), Cores: runtime.NumCPU(), Rounds: rounds,
	}
}

// processor is the name of the CPU, where the system tells it.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	_, after, _ := strings.Cut(string(info), "model name\t: ")
	name, _, _ := strings.Cut(after, "\n")
	return name
}

// The files of a report.
const (
	reportFile = "results.json"
	csvFile    = "results.csv"
	goalsFile  = "goals.txt"
	matrixFile = "matrix.txt"
	chartFile  = "performance.svg"
)

// write writes the report's files into a folder.
func (r report) write(folder string) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	var table strings.Builder
	if err := writeCSV(&table, r.Results); err != nil {
		return err
	}
	files := map[string][]byte{
		reportFile: content, csvFile: []byte(table.String()),
		goalsFile: []byte(goalTable(r.outcomes())), matrixFile: []byte(matrixTable(r.Results)),
	}
	if r.Results.hasMatrix() {
		if files[chartFile], err = chart(r.Results); err != nil {
			return err
		}
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func readReport(folder string) (report, error) {
	var r report
	content, err := os.ReadFile(filepath.Join(folder, reportFile)) //nolint:gosec // the folder that was asked for
	if err != nil {
		return r, fmt.Errorf("there are no results, run make bench first: %w", err)
	}
	return r, json.Unmarshal(content, &r)
}

func (r report) outcomes() []outcome {
	var outcomes []outcome
	for _, g := range r.Scale.goals() {
		outcomes = append(outcomes, g.judge(r.Results))
	}
	return outcomes
}

func (all results) hasMatrix() bool { return len(all.sizes()) > 0 }
