package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

const watchInterval = 20 * time.Millisecond

// watchMemory looks at a process's peak of memory until the returned function is called,
// which answers what was seen last, in bytes. Where there is no /proc it is 0.
func watchMemory(pid int) (peak func() int64) {
	stop, seen := make(chan struct{}), make(chan int64)
	go func() {
		var last int64
		for {
			last = max(last, peakOf(pid))
			select {
			case <-stop:
				seen <- last
				return
			case <-time.After(watchInterval):
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-seen
	}
}

// peakOf reads the peak of a process that runs.
func peakOf(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, found := strings.Cut(string(status), "VmHWM:")
	if !found {
		return 0
	}
	fields := strings.Fields(after)
	kib, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return 0
	}
	return kib * 1024
}
