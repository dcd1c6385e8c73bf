package main

import (
	"fmt"
	"os"
	"testing"
)

// TestMain serves the sandbox where the benchmark starts its own program again.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == serveSandboxArgument {
		if err := serveSandbox(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}
