package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// columns of the CSV. The first ones say what was run.
var columns = []string{
	"scene", "kind", "step", "objects", "latency_ms", "round",
	"wall_s", "cli_cpu_s", "provider_cpu_s", "cli_memory_bytes", "provider_memory_bytes",
	"requests", "network_s", "connections", "state_bytes", "state_bytes_per_object", "operations",
}

// writeCSV writes one line for each run.
func writeCSV(out io.Writer, all results) error {
	w := csv.NewWriter(out)
	if err := w.Write(columns); err != nil {
		return err
	}
	seconds := func(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 6, 64) }
	for _, r := range all {
		err := w.Write([]string{
			string(r.Scene), string(r.Kind), string(r.Step), strconv.Itoa(r.Objects),
			strconv.FormatInt(r.Latency.Milliseconds(), 10), strconv.Itoa(r.Round),
			seconds(r.Wall), seconds(r.CLI.CPU), seconds(r.Provider.CPU), strconv.FormatInt(r.CLI.Memory, 10), strconv.FormatInt(r.Provider.Memory, 10),
			strconv.Itoa(r.requests()), seconds(network(r.requests(), r.Latency)), strconv.Itoa(r.Counters.Connections),
			strconv.FormatInt(r.State, 10), strconv.FormatFloat(stateOfOne(r)*1024, 'f', 0, 64), operations(r.Counters.Requests),
		})
		if err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// operations are the counts of requests by gateway and operation.
func operations(counted map[string]int) string {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(counted)) {
		texts = append(texts, fmt.Sprintf("%s=%d", name, counted[name]))
	}
	return strings.Join(texts, " ")
}
