// Package usage is what a process used, as the kernel counts it. The wrapper notes it, and
// the benchmark reads it.
package usage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// FileVariable names the file that wrappers append to, and RealFolder the folder beside a
// wrapper that has the provider itself.
const (
	FileVariable = "BENCH_USAGE_FILE"
	RealFolder   = "real"
)

// Usage is what a process and the children that it waited for used.
type Usage struct {
	CPU time.Duration `json:"cpu_ns"`
	// Memory is the peak of the resident set, in bytes.
	Memory int64 `json:"memory"`
}

// Line is one run of a provider.
type Line struct {
	Program  string `json:"program"`
	Provider Usage  `json:"provider"`
	Wrapper  Usage  `json:"wrapper"`
}

// Sum is the usage of all runs of providers during one run of the CLI: their CPU together,
// and the peak of the largest. No file means that no provider ran.
type Sum struct {
	Provider, Wrapper Usage
	Runs              int
}

// Read reads what wrappers have noted in a file.
func Read(name string) (Sum, error) {
	var sum Sum
	content, err := os.ReadFile(name) //nolint:gosec // the benchmark names it
	if errors.Is(err, fs.ErrNotExist) {
		return sum, nil
	}
	if err != nil {
		return sum, err
	}
	for text := range bytes.Lines(content) {
		var line Line
		if err := json.Unmarshal(text, &line); err != nil {
			return sum, fmt.Errorf("read the usage %q: %w", text, err)
		}
		sum.Provider = sum.Provider.and(line.Provider)
		sum.Wrapper = sum.Wrapper.and(line.Wrapper)
		sum.Runs++
	}
	return sum, nil
}

func (u Usage) and(other Usage) Usage {
	return Usage{CPU: u.CPU + other.CPU, Memory: max(u.Memory, other.Memory)}
}

// CLI is the usage of the CLI itself. The kernel counts to a process what its children used,
// once it has waited for them, and the children of these: so the CLI's count includes the
// wrappers and the providers. Its peak of memory is that of the largest of all; where that
// may be a provider's, what was seen of the CLI while it ran is taken.
func (s Sum) CLI(withChildren Usage, seen int64) (Usage, error) {
	children := s.Provider.CPU + s.Wrapper.CPU
	if withChildren.CPU < children {
		return Usage{}, fmt.Errorf("the CLI used %v with its providers, and they alone %v: it did not wait for them", withChildren.CPU, children)
	}
	memory := withChildren.Memory
	if memory <= s.Provider.Memory {
		memory = seen
	}
	return Usage{CPU: withChildren.CPU - children, Memory: memory}, nil
}
