package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A CLI command starts the provider twice, and needs little of it. So no package of ours makes
// patterns, schemas or large tables before main.
func TestNothingIsMadeBeforeMain(t *testing.T) {
	const module, maxBytes = "github.com/invoice-iac/terraform-provider-invoice/", 6 << 10
	command := exec.Command(os.Args[0], "-test.run=^$")
	command.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	seen := 0
	for line := range strings.Lines(string(output)) {
		var name string
		var at, took float64
		var bytes, allocs int
		if _, err := fmt.Sscanf(line, "init %s @%f ms, %f ms clock, %d bytes, %d allocs", &name, &at, &took, &bytes, &allocs); err != nil || !strings.HasPrefix(name, module) {
			continue
		}
		if seen++; bytes > maxBytes {
			t.Errorf("%s allocates %d bytes in %d places before main, at most %d are allowed", strings.TrimPrefix(name, module), bytes, allocs, maxBytes)
		}
	}
	if seen == 0 {
		t.Errorf("no package of ours is in the trace:\n%s", output)
	}
}
