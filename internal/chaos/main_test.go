package chaos

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	long = flag.Bool("long", false, "the counts of make chaos; without it a few of each")
	seed = flag.Uint64("seed", 0, "repeats the run with this seed; 0 is a new one for a long run")
)

// cliConfig tells the CLI to start the provider that was built for these tests.
var cliConfig string

func TestMain(m *testing.M) {
	if asked := os.Getenv(askedForAction); asked != "" {
		if err := invokeAsAsked(asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	flag.Parse()
	if os.Getenv("TF_ACC") == "" || os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		fmt.Println("acceptance tests are skipped: run make test or make chaos (TF_ACC and TF_ACC_TERRAFORM_PATH)")
		os.Exit(0)
	}
	if *seed == 0 {
		*seed = 1 // the short run is the same every time
		if *long {
			*seed = uint64(time.Now().UnixNano())
		}
	}
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	fmt.Printf("\nseed %d", *seed)
	if *long {
		fmt.Printf(" (make chaos SEED=%d repeats it)", *seed)
	}
	fmt.Println()
	for _, line := range figures.lines {
		fmt.Println(line)
	}
	for _, name := range keys(figures.leftOut) {
		fmt.Printf("LEFT OUT: %s is not installed, so nothing was run through it\n", name)
	}
	os.Exit(code)
}

// hurry shortens how long the provider waits for an answer that may still come, from
// half a minute and two minutes to seconds. No gateway here is later than a second.
const (
	inProvider = "-X github.com/invoice-iac/terraform-provider-invoice/internal/provider."
	hurry      = inProvider + "hurriedPatience=2s " + inProvider + "hurriedSettleTime=4s"
)

func run(m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "chaos")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	build := exec.Command("go", "build", "-ldflags", hurry, "-o", filepath.Join(dir, "terraform-provider-invoice"), ".")
	build.Dir = "../.." // with the dependencies that the provider's own go.mod names
	if output, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build the provider: %w\n%s", err, output)
	}
	cliConfig = filepath.Join(dir, "cli.tfrc")
	config := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n    %q = %q\n    %q = %q\n  }\n}\n",
		"registry.terraform.io/invoice-iac/invoice", dir, "registry.opentofu.org/invoice-iac/invoice", dir)
	if err := os.WriteFile(cliConfig, []byte(config), 0o600); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// figures are the lines that the run prints at its end.
var figures struct {
	mu      sync.Mutex
	lines   []string
	leftOut map[string]bool
}

// leaveOut notes a server that is not installed.
func leaveOut(name string) {
	figures.mu.Lock()
	defer figures.mu.Unlock()
	if figures.leftOut == nil {
		figures.leftOut = map[string]bool{}
	}
	figures.leftOut[name] = true
}

func addFigure(format string, args ...any) {
	figures.mu.Lock()
	defer figures.mu.Unlock()
	figures.lines = append(figures.lines, fmt.Sprintf(format, args...))
}

// newDice returns the source of a test's random decisions: the same for the same seed.
func newDice(t *testing.T) *rand.Rand {
	t.Helper()
	var name uint64
	for _, letter := range t.Name() {
		name = name*31 + uint64(letter)
	}
	return rand.New(rand.NewPCG(*seed, name))
}

// size is the first number in a short run, and the second in a long one.
func size(inShortRun, inLongRun int) int {
	if *long {
		return inLongRun
	}
	return inShortRun
}

// printProgress shows that a long run goes on.
func printProgress(t *testing.T, format string, args ...any) {
	t.Helper()
	if *long {
		fmt.Printf("  %s: %s\n", strings.TrimPrefix(t.Name(), "Test"), fmt.Sprintf(format, args...))
	}
}
