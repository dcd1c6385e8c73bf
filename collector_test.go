package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestCollectorRunsLessOften(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	defer func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit) }()

	debug.SetMemoryLimit(math.MaxInt64)
	t.Setenv("GOGC", "50")
	tuneCollector()
	if got := debug.SetGCPercent(100); got != 100 || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		t.Errorf("the user's GOGC does not win: %d", got)
	}
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "1GiB")
	tuneCollector()
	if got := debug.SetGCPercent(100); got != 100 || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		t.Errorf("the user's GOMEMLIMIT does not win: %d", got)
	}

	t.Setenv("GOMEMLIMIT", "")
	tuneCollector()
	if got := debug.SetGCPercent(collectorPercent); got != collectorPercent || debug.SetMemoryLimit(-1) != smallHeap {
		t.Errorf("%d percent, limit %d", got, debug.SetMemoryLimit(-1))
	}

	// A heap that outgrows the limit may still double.
	large := make([]byte, smallHeap)
	for range 100 {
		runtime.GC()
		if debug.SetMemoryLimit(-1) >= 2*smallHeap {
			break
		}
		time.Sleep(10 * time.Millisecond) // the finalizer runs beside
	}
	runtime.KeepAlive(large)
	if got := debug.SetMemoryLimit(-1); got < 2*smallHeap {
		t.Errorf("the limit is %d with %d bytes in use", got, smallHeap)
	}
}
