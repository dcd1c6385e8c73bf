// Package clitest runs the real CLI, Terraform or OpenTofu, on a folder of its
// own, with the provider in the test's process and a sandbox of its own. What
// plugin-testing does not show (warnings, destroying from odd states, the order
// of plans and applies) is tested with it.
package clitest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	sandboxintellectmoney "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	sandboxinvoiceapi "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	sandboxp2p "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	sandboxpaykeeper "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Workspace is one configuration folder and one sandbox.
type Workspace struct {
	T       *testing.T
	Dir     string
	Env     []string
	Sandbox *gateways.Sandbox
	URL     string // of the sandbox
}

// NeedCLI skips a test where no CLI is given.
func NeedCLI(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" || os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		t.Skip("acceptance test: run make test (TF_ACC and TF_ACC_TERRAFORM_PATH)")
	}
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

// RequiredProviders names the provider to the CLI.
const RequiredProviders = `
terraform {
  required_providers {
    invoice = { source = "invoice-iac/invoice" }
  }
}
`

// ProviderBlock configures the provider for the sandbox at an address.
func ProviderBlock(baseURL string) string {
	return fmt.Sprintf(`
provider "invoice" {
  max_retries = 2
  invoice = {
    merchant_id = %[1]q
    api_key     = %[2]q
    base_url    = "%[3]s/invoice/api/v2"
  }
  paykeeper = {
    login    = %[4]q
    password = %[5]q
    base_url = "%[3]s/paykeeper"
  }
  p2p = {
    api_key    = %[6]q
    secret_key = %[7]q
    base_url   = "%[3]s/p2p"
  }
  intellectmoney = {
    bearer_token    = %[8]q
    sign_secret_key = %[9]q
    user_token      = %[10]q
    base_url        = "%[3]s/intellectmoney"
  }
}
`, sandboxinvoiceapi.TestMerchantID, sandboxinvoiceapi.TestAPIKey, baseURL, sandboxpaykeeper.DemoLogin, sandboxpaykeeper.DemoPassword,
		sandboxp2p.DemoAPIKey, sandboxp2p.DemoSecretKey,
		sandboxintellectmoney.DemoBearerToken, sandboxintellectmoney.DemoSignSecretKey, sandboxintellectmoney.DemoUserToken)
}

// Write replaces the configuration. The provider block is added unless there
// is one: the provider runs in the test's process, so the environment of the
// CLI does not reach it.
func (w *Workspace) Write(config string) {
	w.T.Helper()
	if !strings.Contains(config, `provider "invoice"`) {
		config += ProviderBlock(w.URL)
	}
	if !strings.Contains(config, "required_providers") {
		config += RequiredProviders
	}
	if err := os.WriteFile(filepath.Join(w.Dir, "main.tf"), []byte(config), 0o600); err != nil {
		w.T.Fatal(err)
	}
}

// Run executes plan, apply or destroy with machine-readable output.
func (w *Workspace) Run(args ...string) *Result {
	w.T.Helper()
	args = append([]string{args[0], "-json"}, args[1:]...)
	output, ok := w.Exec(args...)
	return w.read(args, output, ok)
}

// read takes the messages and the planned changes out of what the CLI printed.
func (w *Workspace) read(args []string, output string, ok bool) *Result {
	w.T.Helper()
	r := &Result{t: w.T, command: strings.Join(args, " "), OK: ok, Planned: map[string]string{}, Output: output}
	lines := bufio.NewScanner(strings.NewReader(output))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Type       string     `json:"type"`
			Diagnostic Diagnostic `json:"diagnostic"`
			Change     struct {
				Resource struct {
					Addr string `json:"addr"`
				} `json:"resource"`
				Action string `json:"action"`
			} `json:"change"`
		}
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue
		}
		switch line.Type {
		case "diagnostic":
			r.Messages = append(r.Messages, line.Diagnostic)
		case "planned_change":
			r.Planned[line.Change.Resource.Addr] = line.Change.Action
		}
	}
	return r
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
	command := exec.CommandContext(ctx, os.Getenv("TF_ACC_TERRAFORM_PATH"), args...)
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

// Apply runs terraform apply, without a question.
func (w *Workspace) Apply(args ...string) *Result {
	w.T.Helper()
	return w.Run(append([]string{"apply", "-auto-approve"}, args...)...)
}

// Destroy runs terraform destroy, without a question.
func (w *Workspace) Destroy(args ...string) *Result {
	w.T.Helper()
	return w.Run(append([]string{"destroy", "-auto-approve"}, args...)...)
}

// MustApply applies a configuration that has to work, and plans again: nothing
// may be left to do.
func (w *Workspace) MustApply(config string) *Result {
	w.T.Helper()
	w.Write(config)
	r := w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	return r
}

// WriteFile puts a further file into the workspace.
func (w *Workspace) WriteFile(name, content string) {
	w.T.Helper()
	file := filepath.Join(w.Dir, name)
	w.Must(os.MkdirAll(filepath.Dir(file), 0o700))
	w.Must(os.WriteFile(file, []byte(content), 0o600))
}

// Must ends the test when something that it needs has failed.
func (w *Workspace) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// MustExec runs a command of the CLI that has to work.
func (w *Workspace) MustExec(args ...string) string {
	w.T.Helper()
	output, ok := w.Exec(args...)
	if !ok {
		w.T.Fatalf("%s: %s", strings.Join(args, " "), output)
	}
	return output
}
