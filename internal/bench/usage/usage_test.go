package usage_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/bench/usage"
)

func read(t *testing.T, lines ...string) (usage.Sum, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "usage")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return usage.Read(name)
}

// A CLI starts a provider several times: the CPU is added, of the memory the peak counts.
func TestRunsOfAProviderAreAdded(t *testing.T) {
	sum, err := read(t,
		`{"program":"p","provider":{"cpu_ns":2000000000,"memory":300},"wrapper":{"cpu_ns":1000000,"memory":5}}`,
		`{"program":"p","provider":{"cpu_ns":500000000,"memory":900},"wrapper":{"cpu_ns":2000000,"memory":4}}`, "")
	want := usage.Sum{Provider: usage.Usage{CPU: 2500 * time.Millisecond, Memory: 900}, Wrapper: usage.Usage{CPU: 3 * time.Millisecond, Memory: 5}, Runs: 2}
	if err != nil || sum != want {
		t.Errorf("%+v, %v; want %+v", sum, err, want)
	}
}

func TestBrokenLineIsAnError(t *testing.T) {
	if sum, err := read(t, `{"program":"p","provi`); err == nil {
		t.Errorf("half a line was read as %+v", sum)
	}
}

func TestNoFileIsNoProvider(t *testing.T) {
	if sum, err := usage.Read(filepath.Join(t.TempDir(), "none")); err != nil || sum.Runs != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
}

// What the kernel counts to the CLI includes its children, which must not count twice.
func TestCLIIsCountedWithoutItsChildren(t *testing.T) {
	sum := usage.Sum{Provider: usage.Usage{CPU: 5 * time.Second, Memory: 170}, Wrapper: usage.Usage{CPU: time.Second}}
	for _, c := range []struct{ all, seen, want int64 }{
		{all: 200, seen: 190, want: 200}, // more than the provider's: the CLI's own, and exact
		{all: 170, seen: 120, want: 120}, // the provider's: what was seen of the CLI
	} {
		got, err := sum.CLI(usage.Usage{CPU: 8 * time.Second, Memory: c.all}, c.seen)
		if want := (usage.Usage{CPU: 2 * time.Second, Memory: c.want}); err != nil || got != want {
			t.Errorf("of %d, seen %d: %+v, %v; want %+v", c.all, c.seen, got, err, want)
		}
	}
	if got, err := sum.CLI(usage.Usage{CPU: 5 * time.Second}, 0); err == nil {
		t.Errorf("a CLI that did not wait for its provider used %+v", got)
	}
}

func TestThisProcessUsesSomething(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it is not counted there")
	}
	if used := usage.OfThisProcess(); used.CPU <= 0 || used.Memory < 1<<20 {
		t.Errorf("%+v", used)
	}
}
