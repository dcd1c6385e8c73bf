package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// guidePage has the section that is made from a run, between two marks. It shows the chart by its
// address: registries publish no pictures.
const (
	guidePage  = "../../templates/guides/performance-and-limits.md"
	guideChart = "../../design/performance.svg"
	chartURL   = "https://raw.githubusercontent.com/invoice-iac/terraform-provider-invoice/main/design/performance.svg"
	guideBegin = "<!-- figures: begin (make bench measures, make bench-docs writes) -->\n"
	guideEnd   = "<!-- figures: end -->\n"
)

// renewGuide writes the results of a folder into the guide.
func renewGuide(folder string) error {
	r, err := readReport(folder)
	if err != nil {
		return err
	}
	page, err := os.ReadFile(guidePage)
	if err != nil {
		return err
	}
	if page, err = withSection(page, r.section()); err != nil {
		return fmt.Errorf("%s: %w", guidePage, err)
	}
	if r.Results.hasMatrix() {
		svg, err := chart(r.Results)
		if err != nil {
			return err
		}
		if err := os.WriteFile(guideChart, svg, 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(guidePage, page, 0o600)
}

// withSection puts a text between the marks of a page.
func withSection(page []byte, section string) ([]byte, error) {
	before, rest, hasBegin := bytes.Cut(page, []byte(guideBegin))
	_, after, hasEnd := bytes.Cut(rest, []byte(guideEnd))
	if !hasBegin || !hasEnd {
		return nil, errors.New("the marks of the figures are missing")
	}
	return slices.Concat(before, []byte(guideBegin), []byte(section), []byte(guideEnd), after), nil
}

// section is what the guide shows of a run.
func (r report) section() string {
	a := r.About
	var text strings.Builder
	_, _ = fmt.Fprintf(&text, "Measured on %s with %s, on %d cores (%s), with a local state and the CLI's default of ten at once.\n\n",
		a.Date, a.CLI, a.Cores, a.Processor)
	if r.Results.hasMatrix() {
		text.WriteString(r.Results.sizesTable() + "\n![Seconds and CPU over the number of objects](" + chartURL + ")\n\n")
		text.WriteString(r.Results.latencyTable())
	}
	if outcomes := r.outcomes(); slices.ContainsFunc(outcomes, func(o outcome) bool { return o.Of == "" || o.Met }) {
		_, _ = fmt.Fprintf(&text, "What the provider aims at, as ratios of medians of %d interleaved runs at %v a call. Before each plan one object was changed at the gateway, and the plan showed it.\n\n| | goal | reached | of |\n|---|---|---|---|\n", a.Rounds, r.Scale.Latency)
		for _, o := range outcomes {
			value := o.Value
			if !o.Met {
				value = "**" + value + "**"
			}
			_, _ = fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", o.Name, o.Limit, value, o.Of)
		}
		text.WriteString("\n")
	}
	return text.String()
}

// sizesTable shows a plan and an apply of each size.
func (all results) sizesTable() string {
	var text strings.Builder
	_, _ = fmt.Fprintf(&text, "At %v a call, in seconds, with the time of `terraform_data` in brackets:\n\n", usual(all.latencies(links)))
	text.WriteString("| | objects | plan | plan -refresh=false | apply | destroy | CPU of a plan: CLI + provider | calls of a plan | provider's memory | state of one |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, k := range []kind{links, invoices} {
		latency := usual(all.latencies(k))
		for _, objects := range all.sizes() {
			_, _ = fmt.Fprintf(&text, "| %s | %s |", k, thousands(objects))
			for _, s := range []step{plan, planNoRefresh, apply, destroy} {
				text.WriteString(" " + all.cell(k, s, objects, latency) + " |")
			}
			planned, applied := all.one(k, plan, objects, latency), all.one(k, apply, objects, latency)
			_, _ = fmt.Fprintf(&text, " %s + %s | %s | %.0f MiB | %.1f KiB |\n", seconds(planned.CLI.CPU), seconds(planned.Provider.CPU), thousands(planned.requests()),
				mebibytes(max(planned.Provider.Memory, applied.Provider.Memory)), stateOfOne(applied))
		}
	}
	return text.String()
}

// latencyTable shows what a slow gateway does to a plan and an apply.
func (all results) latencyTable() string {
	var objects int
	for _, size := range all.sizes() {
		if size <= allAtOnceUpTo {
			objects = size
		}
	}
	var text strings.Builder
	_, _ = fmt.Fprintf(&text, "%s objects at other latencies, in seconds:\n\n| | latency | plan | apply | destroy |\n|---|--:|--:|--:|--:|\n", thousands(objects))
	for _, k := range []kind{links, invoices} {
		for _, latency := range all.latencies(k) {
			_, _ = fmt.Fprintf(&text, "| %s | %v |", k, latency)
			for _, s := range []step{plan, apply, destroy} {
				_, _ = fmt.Fprintf(&text, " %s |", seconds(all.one(k, s, objects, latency).Wall))
			}
			text.WriteString("\n")
		}
	}
	return text.String() + "\n"
}

// cell is a time, with that of terraform_data.
func (all results) cell(k kind, s step, objects int, latency time.Duration) string {
	return fmt.Sprintf("%s (%s)", seconds(all.one(k, s, objects, latency).Wall), seconds(all.one(builtIn, s, objects, 0).Wall))
}

func seconds(d time.Duration) string {
	if d == 0 {
		return "–" // not measured
	}
	return fmt.Sprintf("%.1f", d.Seconds())
}

// one is a run of the matrix; it is empty where there is none.
func (all results) one(k kind, s step, objects int, latency time.Duration) run {
	for _, r := range all {
		if r.Scene == inMatrix && r.Kind == k && r.Step == s && r.Objects == objects && r.Latency == latency {
			return r
		}
	}
	return run{}
}

func (all results) sizes() []int {
	var sizes []int
	for _, r := range all {
		if r.Scene == inMatrix {
			sizes = append(sizes, r.Objects)
		}
	}
	slices.Sort(sizes)
	return slices.Compact(sizes)
}

// latencies are those that a kind was measured at.
func (all results) latencies(k kind) []time.Duration {
	var latencies []time.Duration
	for _, r := range all {
		if r.Scene == inMatrix && r.Kind == k {
			latencies = append(latencies, r.Latency)
		}
	}
	slices.Sort(latencies)
	return slices.Compact(latencies)
}
