// Command bench measures whole runs of the CLI with this provider against the sandbox, and
// compares them with the goals. make bench runs it; -help lists its flags.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, args []string) error {
	if len(args) == 1 && args[0] == serveSandboxArgument {
		return serveSandbox()
	}
	s, err := parse(args)
	switch {
	case err != nil:
		return err
	case s.docs:
		return renewGuide(s.out)
	case runtime.GOOS != "linux":
		return errors.New("this measures on Linux only: what a process used is not counted alike elsewhere")
	}
	return s.measure(ctx)
}

// settings are the command line.
type settings struct {
	goals, matrix, docs bool
	sizes               []int
	latencies           []time.Duration
	rounds              int
	out                 string
	scale               scale
}

func parse(args []string) (settings, error) {
	s := settings{scale: fullScale, sizes: []int{1, 100, 300, 1000, 3000}, latencies: []time.Duration{0, 20 * time.Millisecond, 100 * time.Millisecond}}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.BoolVar(&s.goals, "goals", false, "only the goals")
	flags.BoolVar(&s.matrix, "matrix", false, "only the matrix of sizes and latencies")
	flags.BoolVar(&s.docs, "docs", false, "measure nothing: write the last results into the guide")
	flags.IntVar(&s.rounds, "rounds", 5, "how many `rounds` the goals are medians of")
	flags.StringVar(&s.out, "out", "../../.cache/bench", "the `folder` for the results, seen from internal/bench")
	flags.Func("sizes", "`numbers` of objects in the matrix (default 1,100,300,1000,3000)", func(text string) (err error) {
		s.sizes, err = list(text, strconv.Atoi)
		return err
	})
	flags.Func("latencies", "`durations` of a call in the matrix (default 0,20ms,100ms)", func(text string) (err error) {
		s.latencies, err = list(text, time.ParseDuration)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if s.rounds < 1 || flags.NArg() > 0 {
		return s, fmt.Errorf("-rounds %d, arguments %q: rounds must be positive, and there are no arguments", s.rounds, flags.Args())
	}
	if !s.goals && !s.matrix {
		s.goals, s.matrix = true, true
	}
	return s, nil
}

func list[T any](text string, read func(string) (T, error)) ([]T, error) {
	var all []T
	for part := range strings.SplitSeq(text, ",") {
		one, err := read(part)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// measure does all runs, shows them, and writes the files.
func (s settings) measure(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	fmt.Println("Building the providers …")
	t, err := buildTools(ctx, dir)
	if err != nil {
		return err
	}
	fmt.Printf("Measuring with %s on %d cores.\n", t.version, runtime.NumCPU())
	var jobs []job
	if s.goals {
		jobs = append(jobs, benchmark{t, s.scale, s.rounds}.goalRuns()...)
	}
	if s.matrix {
		jobs = append(jobs, matrixRuns(t, s.sizes, s.latencies)...)
	}
	r := report{About: newAbout(ctx, t, s.rounds), Scale: s.scale}
	var failed error
	r.Results, failed = doAll(ctx, os.Stdout, jobs)
	if s.matrix {
		fmt.Printf("\n%s", matrixTable(r.Results))
	}
	if s.goals {
		fmt.Printf("\n%s", goalTable(r.outcomes()))
	}
	// What was measured before something failed took long enough to be kept.
	if err := r.write(s.out); err != nil {
		return errors.Join(failed, err)
	}
	folder, err := filepath.Abs(s.out)
	fmt.Println("\nWritten to", folder)
	return errors.Join(failed, err)
}

// findCLI is the CLI that the project's other commands take.
func findCLI(ctx context.Context) (string, error) {
	command := exec.CommandContext(ctx, "../../tools/find-cli.sh")
	command.Stderr = os.Stderr
	path, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("find a CLI: %w", err)
	}
	return strings.TrimSpace(string(path)), nil
}
