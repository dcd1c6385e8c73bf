package main

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/bench/usage"
)

var sample = run{
	Scene: inMatrix, Kind: links, Step: plan, Objects: 100, Latency: 20 * time.Millisecond, Round: 2, Wall: 1500 * time.Millisecond,
	CLI: usage.Usage{CPU: 250 * time.Millisecond, Memory: 1 << 20}, Provider: usage.Usage{CPU: time.Second, Memory: 2 << 20},
	Counters: counters{Requests: map[string]int{"GetPayment": 100, "paykeeper.list": 2}, Connections: 9}, State: 130_000,
}

func TestCSVHasAColumnForEachHeading(t *testing.T) {
	var text strings.Builder
	if err := writeCSV(&text, results{sample, sample}); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(text.String())).ReadAll()
	if err != nil || len(lines) != 3 {
		t.Fatalf("%d lines, %v:\n%s", len(lines), err, text.String())
	}
	row := map[string]string{}
	for i, name := range lines[0] {
		row[name] = lines[1][i]
	}
	for name, want := range map[string]string{
		"kind": "payment links", "objects": "100", "latency_ms": "20", "round": "2", "wall_s": "1.500000", "cli_cpu_s": "0.250000", "provider_cpu_s": "1.000000",
		"provider_memory_bytes": "2097152", "requests": "102", "network_s": "0.204000", "connections": "9", "state_bytes_per_object": "1300",
		"operations": "GetPayment=100 paykeeper.list=2",
	} {
		if row[name] != want {
			t.Errorf("%s is %q, want %q", name, row[name], want)
		}
	}
}

func TestReportIsReadAgain(t *testing.T) {
	folder := t.TempDir()
	written := report{About: about{CLI: "Terraform v1.11.4", Cores: 2, Rounds: 5}, Scale: fullScale, Results: results{sample}}
	if err := written.write(folder); err != nil {
		t.Fatal(err)
	}
	read, err := readReport(folder)
	if err != nil || read.section() != written.section() || read.Results[0].requests() != 102 {
		t.Errorf("%v: %+v", err, read)
	}
	if _, err := readReport(t.TempDir()); err == nil || !strings.Contains(err.Error(), "make bench") {
		t.Errorf("without results: %v", err)
	}
}

func TestSectionReplacesOnlyItself(t *testing.T) {
	page := []byte("# Title\n" + guideBegin + "old\n" + guideEnd + "Rest\n")
	got, err := withSection(page, "new\n")
	if want := "# Title\n" + guideBegin + "new\n" + guideEnd + "Rest\n"; err != nil || string(got) != want {
		t.Errorf("%v: %q", err, got)
	}
	for _, marked := range []string{"no marks", guideBegin, guideEnd + guideBegin} {
		if got, err := withSection([]byte(marked), "new\n"); err == nil {
			t.Errorf("%q became %q", marked, got)
		}
	}
}

// The guide shows what was measured, and terraform_data beside it.
func TestGuideShowsTheMatrix(t *testing.T) {
	floor := sample
	floor.Kind, floor.Latency, floor.Wall = builtIn, 0, 400*time.Millisecond
	text := results{sample, floor}.sizesTable()
	if !strings.Contains(text, "At 20ms a call") || !strings.Contains(text, "| payment links | 100 | 1.5 (0.4) |") {
		t.Error(text)
	}
}

func TestPlanShowsOneChange(t *testing.T) {
	const replaced = "  # invoice_payment_link.order[7] must be replaced\n" +
		"      ~ amount = \"999.99\" -> \"1000.00\" # forces replacement\n      ~ id     = \"a7\" -> (known after apply)\n"
	for output, want := range map[string]bool{
		replaced + "Plan: 1 to add, 0 to change, 1 to destroy.\n":                                       true,
		replaced + "Plan: 2 to add, 0 to change, 2 to destroy.\n":                                       false,
		replaced + "Plan: 1 to add, 1 to change, 1 to destroy.\n":                                       false,
		"No changes. Your infrastructure matches the configuration.\n":                                  false,
		strings.ReplaceAll(replaced, "a7", "a8") + "Plan: 1 to add, 0 to change, 1 to destroy.\n":       false,
		strings.ReplaceAll(replaced, "999.99", "1.00") + "Plan: 1 to add, 0 to change, 1 to destroy.\n": false,
	} {
		if got := showsOneChange(output, "a7"); got != want {
			t.Errorf("%v, want %v: %s", got, want, output)
		}
	}
}

func TestTimeLeftFollowsThisMachine(t *testing.T) {
	for _, c := range []struct {
		rest, done, took time.Duration
		want             string
	}{
		{90 * time.Second, 0, 0, "1:30 left"},
		{90 * time.Second, 20 * time.Second, 40 * time.Second, "3:00 left"},
		{90 * time.Second, time.Second, 5 * time.Second, "1:30 left"}, // too early to say
	} {
		if got := left(c.rest, c.done, c.took); got != c.want {
			t.Errorf("%v: %s", c, got)
		}
	}
}

func TestRotatedHasAll(t *testing.T) {
	for by, want := range []string{"a b c", "b c a", "c a b", "a b c"} {
		if got := strings.Join(rotated([]string{"a", "b", "c"}, by), " "); got != want {
			t.Errorf("by %d: %s, want %s", by, got, want)
		}
	}
}

// The table on the terminal says of each goal whether it is met, and how many are.
func TestGoalTable(t *testing.T) {
	text := goalTable([]outcome{{Name: "plan", Limit: "≤ 1.15", Value: "1.20", Of: "6 s / 5 s"}, {Name: "state", Limit: "≤ 1.30 KiB", Value: "1.24 KiB", Met: true}})
	for _, want := range []string{"missed  plan   ≤ 1.15", "met     state  ≤ 1.30 KiB", "1 of 2 are met."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
