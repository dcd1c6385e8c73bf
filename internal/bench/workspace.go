package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/bench/usage"
)

// step is a command of the CLI.
type step string

const (
	apply            step = "apply"
	plan             step = "plan"
	planNoRefresh    step = "plan -refresh=false"
	destroy          step = "destroy"
	validate         step = "validate"
	stateFile             = "terraform.tfstate"
	configFile            = "main.tf"
	usageFile             = "usage.jsonl"
	cliConfigEnv          = "TF_CLI_CONFIG_FILE"
	maxShownOfOutput      = 4000
)

func (s step) arguments() []string {
	switch s {
	case apply, destroy:
		return []string{string(s), "-auto-approve", "-input=false", "-no-color"}
	case validate:
		return []string{string(s), "-no-color"}
	default:
		return append(strings.Fields(string(s)), "-input=false", "-no-color")
	}
}

// run is one run of the CLI, and what it took.
type run struct {
	Scene   scene
	Kind    kind
	Step    step
	Objects int
	Latency time.Duration
	Round   int

	Wall          time.Duration
	CLI, Provider usage.Usage
	Counters      counters
	State         int64 // bytes of the state after it
}

// requests is how many calls reached the gateways.
func (r run) requests() int {
	sum := 0
	for _, count := range r.Counters.Requests {
		sum += count
	}
	return sum
}

// workspace is a folder with a configuration and a state.
type workspace struct {
	tools   tools
	box     *sandboxProcess
	dir     string
	kind    kind
	objects int
	latency time.Duration // of each call of the next run
	// settings are further environment variables, as NAME=value.
	settings []string
}

// newWorkspace makes a folder for so many objects.
func newWorkspace(t tools, box *sandboxProcess, k kind, objects int) (*workspace, error) {
	dir, err := os.MkdirTemp(t.dir, "run")
	if err != nil {
		return nil, err
	}
	w := &workspace{tools: t, box: box, dir: dir, kind: k, objects: objects}
	return w, w.write(k.configuration(objects, box.terminal))
}

func (w *workspace) write(configuration string) error {
	return os.WriteFile(filepath.Join(w.dir, configFile), []byte(configuration), 0o600)
}

func (w *workspace) remove() { _ = os.RemoveAll(w.dir) }

// run runs a command of the CLI, and returns what it took and what it printed.
func (w *workspace) run(ctx context.Context, s step) (run, string, error) {
	result := run{Kind: w.kind, Step: s, Objects: w.objects, Latency: w.latency}
	if err := w.box.reset(ctx, w.latency); err != nil {
		return result, "", err
	}
	uses := filepath.Join(w.dir, usageFile)
	if err := os.Remove(uses); err != nil && !errors.Is(err, os.ErrNotExist) {
		return result, "", err
	}
	var output bytes.Buffer
	command := exec.CommandContext(ctx, w.tools.cli, s.arguments()...) //nolint:gosec // the CLI that was asked for
	command.Dir, command.Stdout, command.Stderr = w.dir, &output, &output
	command.Env = slices.Concat(environment(), w.box.env(), w.settings,
		[]string{cliConfigEnv + "=" + w.tools.cliConfig, usage.FileVariable + "=" + uses, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1"})
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second

	began := time.Now()
	if err := command.Start(); err != nil {
		return result, "", err
	}
	peak := watchMemory(command.Process.Pid)
	err := command.Wait()
	result.Wall = time.Since(began)
	seen := peak()
	if err != nil {
		return result, output.String(), fmt.Errorf("%s of %d %s: %w\n%s", s, w.objects, w.kind, err, end(output.String()))
	}
	if err := w.measure(ctx, &result, usage.Of(command.ProcessState), seen, uses); err != nil {
		return result, output.String(), fmt.Errorf("%s of %d %s: %w", s, w.objects, w.kind, err)
	}
	return result, output.String(), nil
}

func (w *workspace) measure(ctx context.Context, result *run, all usage.Usage, seen int64, uses string) error {
	sum, err := usage.Read(uses)
	if err != nil {
		return err
	}
	if sum.Runs == 0 && w.kind != builtIn {
		return errors.New("no provider noted what it used")
	}
	result.Provider = sum.Provider
	if result.CLI, err = sum.CLI(all, seen); err != nil {
		return err
	}
	if result.Counters, err = w.box.counters(ctx); err != nil {
		return err
	}
	if info, err := os.Stat(filepath.Join(w.dir, stateFile)); err == nil {
		result.State = info.Size()
	}
	return nil
}

// environment is this process's, without what would change a run.
func environment() []string {
	return slices.DeleteFunc(os.Environ(), func(pair string) bool {
		return strings.HasPrefix(pair, "INVOICE_") || strings.HasPrefix(pair, "TF_")
	})
}

// end is the end of an output, where errors are.
func end(output string) string {
	if len(output) > maxShownOfOutput {
		output = "…" + strings.ToValidUTF8(output[len(output)-maxShownOfOutput:], "")
	}
	return output
}
