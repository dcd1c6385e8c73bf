package clitest

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
)

// Workspace is a folder with a configuration, and a sandbox behind it.
type Workspace struct {
	T       *testing.T
	Dir     string
	Env     []string // of the CLI
	Sandbox *gateways.Sandbox
	URL     string // of the sandbox
}

// New starts a sandbox with the given dialect, and serves a provider.
func New(t *testing.T, provider tfprotov6.ProviderServer, dialect ...string) *Workspace {
	t.Helper()
	NeedCLI(t)
	box := OpenSandbox(t, dialect...)
	server := httptest.NewServer(box.Handler())
	t.Cleanup(server.Close)
	w := &Workspace{T: t, Dir: t.TempDir(), Sandbox: box, URL: server.URL}
	w.Serve(provider)
	return w
}

// Write replaces the configuration. It adds a provider block unless there is one: the provider
// runs in the test's process, so the environment of the CLI does not reach it.
func (w *Workspace) Write(config string) {
	w.T.Helper()
	if !strings.Contains(config, `provider "invoice"`) {
		config += ProviderBlock(w.URL)
	}
	if !strings.Contains(config, "required_providers") {
		config += RequiredProviders
	}
	w.WriteFile("main.tf", config)
}

// WriteFile puts a further file into the workspace.
func (w *Workspace) WriteFile(name, content string) {
	w.T.Helper()
	file := filepath.Join(w.Dir, name)
	w.Must(os.MkdirAll(filepath.Dir(file), 0o700))
	w.Must(os.WriteFile(file, []byte(content), 0o600))
}

// Run executes plan, apply or destroy with machine-readable output.
func (w *Workspace) Run(args ...string) *Result {
	w.T.Helper()
	args = append([]string{args[0], "-json"}, args[1:]...)
	output, ok := w.Exec(args...)
	return newResult(w.T, args, output, ok)
}

// Exec runs the CLI and returns all that it printed.
func (w *Workspace) Exec(args ...string) (string, bool) {
	w.T.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	command, output := w.command(ctx, args...)
	err := command.Run()
	return output.String(), err == nil
}

func (w *Workspace) command(ctx context.Context, args ...string) (*exec.Cmd, *bytes.Buffer) {
	command := exec.CommandContext(ctx, cliPath(), args...)
	command.Dir, command.Env = w.Dir, w.Env
	output := &bytes.Buffer{}
	command.Stdout, command.Stderr = output, output
	return command, output
}

// Plan runs terraform plan.
func (w *Workspace) Plan(args ...string) *Result {
	w.T.Helper()
	return w.Run(append([]string{"plan"}, args...)...)
}

// Apply runs terraform apply with -auto-approve.
func (w *Workspace) Apply(args ...string) *Result {
	w.T.Helper()
	return w.Run(append([]string{"apply", "-auto-approve"}, args...)...)
}

// Destroy runs terraform destroy with -auto-approve.
func (w *Workspace) Destroy(args ...string) *Result {
	w.T.Helper()
	return w.Run(append([]string{"destroy", "-auto-approve"}, args...)...)
}

// MustApply applies a configuration that has to work, and then plans. The plan has to be empty.
func (w *Workspace) MustApply(config string) *Result {
	w.T.Helper()
	w.Write(config)
	r := w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	return r
}

// Must ends the test if something that it needs has failed.
func (w *Workspace) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// MustExec runs a command of the CLI that has to work, and returns what it printed.
func (w *Workspace) MustExec(args ...string) string {
	w.T.Helper()
	output, ok := w.Exec(args...)
	if !ok {
		w.T.Fatalf("%s: %s", strings.Join(args, " "), output)
	}
	return output
}

// Forget takes resources out of the state, as if the state had been lost.
func (w *Workspace) Forget(addresses ...string) {
	w.T.Helper()
	w.MustExec(append([]string{"state", "rm"}, addresses...)...)
}

// In returns the workspace for a subtest.
func (w *Workspace) In(t *testing.T) *Workspace {
	inner := *w
	inner.T = t
	return &inner
}
