package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/dustin/go-humanize"
)

func thousands(n int) string { return humanize.Comma(int64(n)) }

// line shows what a run took.
func (r run) line() string {
	text := fmt.Sprintf("    %6.2f s, CPU: CLI %.2f s, provider %.2f s; memory: CLI %.0f MiB, provider %.0f MiB",
		r.Wall.Seconds(), r.CLI.CPU.Seconds(), r.Provider.CPU.Seconds(), mebibytes(r.CLI.Memory), mebibytes(r.Provider.Memory))
	if r.requests() > 0 {
		text += fmt.Sprintf("; %s requests (%.2f s) on %d connections", thousands(r.requests()), network(r.requests(), r.Latency).Seconds(), r.Counters.Connections)
	}
	if r.State > 0 && r.Step == apply {
		text += fmt.Sprintf("; state %.2f KiB an object", stateOfOne(r))
	}
	return text
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

// goalTable shows the goals and what was reached.
func goalTable(outcomes []outcome) string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "\t\tGOAL\tVALUE\tOF")
	met := 0
	for _, o := range outcomes {
		mark := "missed"
		if o.Met {
			mark = "met"
			met++
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", mark, o.Name, o.Limit, o.Value, o.Of)
	}
	_ = table.Flush()
	_, _ = fmt.Fprintf(&text, "%d of %d are met.\n", met, len(outcomes))
	return text.String()
}

// matrixTable shows all sizes and latencies, with the floors beside them: the same number of
// terraform_data, and the time that the gateway takes for the requests.
func matrixTable(all results) string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "kind\tobjects\tlatency\tstep\twall s\tterraform_data s\tnetwork s\tCPU CLI s\tCPU provider s\tMiB CLI\tMiB provider\trequests\tconnections\tstate B\t")
	for _, r := range all {
		if r.Scene != inMatrix {
			continue
		}
		floor := "-"
		if value, err := all.median(pick{inMatrix, builtIn, r.Step, r.Objects}, wall); err == nil {
			floor = fmt.Sprintf("%.2f", value)
		}
		_, _ = fmt.Fprintf(table, "%s\t%d\t%v\t%s\t%.2f\t%s\t%.2f\t%.2f\t%.2f\t%.0f\t%.0f\t%d\t%d\t%.0f\t\n", r.Kind, r.Objects, r.Latency, r.Step,
			r.Wall.Seconds(), floor, network(r.requests(), r.Latency).Seconds(), r.CLI.CPU.Seconds(), r.Provider.CPU.Seconds(),
			mebibytes(r.CLI.Memory), mebibytes(r.Provider.Memory), r.requests(), r.Counters.Connections, stateOfOne(r)*1024)
	}
	_ = table.Flush()
	return text.String()
}
