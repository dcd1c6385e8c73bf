package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// The garbage collector took a third of the time of a plan of a thousand links: a plan makes
// much garbage and keeps little. So it runs less often while the heap is small. A large heap,
// as that of a history of ten thousand invoices, may still double, as it does by default.
const (
	collectorPercent = 400
	smallHeap        = 96 << 20
)

// tuneCollector leaves alone what the user has set.
func tuneCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(collectorPercent)
	limitHeap()
}

// limitHeap sets the limit, and again after each collection. Under a fixed limit, a heap that
// has outgrown it would be collected all the time.
func limitHeap() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	debug.SetMemoryLimit(max(smallHeap, 2*int64(live[0].Value.Uint64()))) //nolint:gosec // no heap has that many bytes
	runtime.SetFinalizer(&collection{}, func(*collection) { limitHeap() })
}

// collection is garbage at once, so its finalizer runs after the next collection.
type collection struct{ _ *byte }
