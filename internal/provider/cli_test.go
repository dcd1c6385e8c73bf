package provider

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// These helpers run the real CLI, Terraform or OpenTofu, on a folder of its
// own, with the provider in the test's process and a sandbox of its own. What
// plugin-testing does not show (warnings, destroying from odd states, the order
// of plans and applies) is tested with them.

// workspace is one configuration folder and one sandbox.
type workspace struct {
	t       *testing.T
	dir     string
	env     []string
	sandbox *gateways.Sandbox
	server  *httptest.Server
}

// testProvider repeats without noticeable pauses.
func testProvider() *invoiceProvider {
	return &invoiceProvider{version: "test", waitMin: time.Millisecond, waitMax: 5 * time.Millisecond, settleTime: 3 * time.Second, patience: 300 * time.Millisecond}
}

func skipUnlessAcceptance(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" || os.Getenv("TF_ACC_TERRAFORM_PATH") == "" {
		t.Skip("acceptance test: run make test (TF_ACC and TF_ACC_TERRAFORM_PATH)")
	}
}

func openSandbox(t *testing.T, settings ...string) *gateways.Sandbox {
	t.Helper()
	dialect, err := gateways.Switches.Parse(settings...)
	if err != nil {
		t.Fatal(err)
	}
	box, err := gateways.Open(gateways.Options{Options: sandbox.Options{Dialect: dialect}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	return box
}

// newWorkspace starts a sandbox with the given dialect and serves the provider.
func newWorkspace(t *testing.T, dialect ...string) *workspace {
	t.Helper()
	t.Parallel()
	return newWorkspaceBeside(t, dialect...)
}

// newWorkspaceBeside makes a further workspace in one test. A provider that is
// served to several runs keeps the settings of the last one until it is
// configured again, which a provider of its own does not.
func newWorkspaceBeside(t *testing.T, dialect ...string) *workspace {
	t.Helper()
	skipUnlessAcceptance(t)
	box := openSandbox(t, dialect...)
	server := httptest.NewServer(box.Handler())
	t.Cleanup(server.Close)
	w := &workspace{t: t, dir: t.TempDir(), sandbox: box, server: server}
	w.env = cliEnvironment(t)
	return w
}

// cliEnvironment serves the provider and tells the CLI where.
func cliEnvironment(t *testing.T) []string {
	t.Helper()
	return environmentWith(t, newServer(testProvider()))
}

func environmentWith(t *testing.T, server tfprotov6.ProviderServer) []string {
	t.Helper()
	return append(os.Environ(), "TF_REATTACH_PROVIDERS="+serveProvider(t, server), "TF_IN_AUTOMATION=1", "NO_COLOR=1")
}

// serveProvider serves a provider to a CLI and returns what
// TF_REATTACH_PROVIDERS has to be.
func serveProvider(t *testing.T, server tfprotov6.ProviderServer) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	configs, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	go func() {
		_ = tf6server.Serve("registry.terraform.io/invoice-iac/invoice",
			func() tfprotov6.ProviderServer { return server },
			tf6server.WithDebug(ctx, configs, closed), tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	t.Cleanup(func() { cancel(); <-closed })
	config := <-configs
	reattach := map[string]any{}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		reattach[host+"/invoice-iac/invoice"] = map[string]any{
			"Protocol": string(config.Protocol), "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": true,
			"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
		}
	}
	text, err := json.Marshal(reattach)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const requiredProviders = `
terraform {
  required_providers {
    invoice = { source = "invoice-iac/invoice" }
  }
}
`

func providerBlock(baseURL string) string {
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
`, invoiceapi.TestMerchantID, invoiceapi.TestAPIKey, baseURL, paykeeper.DemoLogin, paykeeper.DemoPassword,
		p2p.DemoAPIKey, p2p.DemoSecretKey,
		intellectmoney.DemoBearerToken, intellectmoney.DemoSignSecretKey, intellectmoney.DemoUserToken)
}

// write replaces the configuration. The provider block is added unless there
// is one: the provider runs in the test's process, so the environment of the
// CLI does not reach it.
func (w *workspace) write(config string) {
	w.t.Helper()
	if !strings.Contains(config, `provider "invoice"`) {
		config += providerBlock(w.server.URL)
	}
	if !strings.Contains(config, "required_providers") {
		config += requiredProviders
	}
	if err := os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(config), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// diagnostic is one message of the CLI.
type diagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	Address  string `json:"address"`
	Snippet  struct {
		Context string `json:"context"`
		Code    string `json:"code"`
	} `json:"snippet"`
}

func (d diagnostic) String() string {
	return fmt.Sprintf("%s at %q in %q: %s\n%s", d.Severity, strings.TrimSpace(d.Snippet.Code), d.Snippet.Context, d.Summary, d.Detail)
}

// result is what one run of the CLI said.
type result struct {
	t           *testing.T
	command     string
	ok          bool
	Diagnostics []diagnostic
	// Changes maps addresses to planned actions: create, update, replace, delete.
	Changes map[string]string
	output  string
}

// run executes plan, apply or destroy with machine-readable output.
func (w *workspace) run(args ...string) *result {
	w.t.Helper()
	args = append([]string{args[0], "-json"}, args[1:]...)
	output, ok := w.exec(args...)
	return w.read(args, output, ok)
}

// read takes the messages and the planned changes out of what the CLI printed.
func (w *workspace) read(args []string, output string, ok bool) *result {
	w.t.Helper()
	r := &result{t: w.t, command: strings.Join(args, " "), ok: ok, Changes: map[string]string{}, output: output}
	lines := bufio.NewScanner(strings.NewReader(output))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Type       string     `json:"type"`
			Diagnostic diagnostic `json:"diagnostic"`
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
			r.Diagnostics = append(r.Diagnostics, line.Diagnostic)
		case "planned_change":
			r.Changes[line.Change.Resource.Addr] = line.Change.Action
		}
	}
	return r
}

// exec runs the CLI and returns all that it printed.
func (w *workspace) exec(args ...string) (string, bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	command, output := w.command(ctx, args...)
	err := command.Run()
	return output.String(), err == nil
}

func (w *workspace) command(ctx context.Context, args ...string) (*exec.Cmd, *bytes.Buffer) {
	command := exec.CommandContext(ctx, os.Getenv("TF_ACC_TERRAFORM_PATH"), args...)
	command.Dir, command.Env = w.dir, w.env
	output := &bytes.Buffer{}
	command.Stdout, command.Stderr = output, output
	return command, output
}

func (w *workspace) plan() *result {
	w.t.Helper()
	return w.run("plan")
}

func (w *workspace) apply() *result {
	w.t.Helper()
	return w.run("apply", "-auto-approve")
}

func (w *workspace) destroy(args ...string) *result {
	w.t.Helper()
	return w.run(append([]string{"destroy", "-auto-approve"}, args...)...)
}

// mustApply applies a configuration that has to work, and plans again: nothing
// may be left to do.
func (w *workspace) mustApply(config string) *result {
	w.t.Helper()
	w.write(config)
	r := w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	return r
}

// attributes returns the state of one resource.
func (w *workspace) attributes(address string) map[string]any {
	w.t.Helper()
	return w.resources()[address]
}

// resources returns the whole state, by address.
func (w *workspace) resources() map[string]map[string]any {
	w.t.Helper()
	output, ok := w.exec("show", "-json")
	if !ok {
		w.t.Fatalf("show: %s", output)
	}
	var state struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address string         `json:"address"`
					Values  map[string]any `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal([]byte(output), &state); err != nil {
		w.t.Fatalf("show: %v\n%s", err, output)
	}
	all := map[string]map[string]any{}
	for _, one := range state.Values.RootModule.Resources {
		all[one.Address] = one.Values
	}
	return all
}

// inState checks attributes of a resource; nil means null.
func (w *workspace) inState(address string, want map[string]any) {
	w.t.Helper()
	got := w.attributes(address)
	if got == nil {
		w.t.Fatalf("%s is not in the state", address)
	}
	for name, value := range want {
		if fmt.Sprint(got[name]) != fmt.Sprint(value) {
			w.t.Errorf("%s.%s = %v, want %v", address, name, got[name], value)
		}
	}
}

func (w *workspace) notInState(address string) {
	w.t.Helper()
	if got := w.attributes(address); got != nil {
		w.t.Errorf("%s is in the state: %v", address, got)
	}
}

// sent checks how many calls of an operation reached the sandbox since the
// last ResetRequests.
func (w *workspace) sent(operation string, want int) {
	w.t.Helper()
	if got := len(w.sandbox.Requests(operation)); got != want {
		w.t.Errorf("%d × %s were sent, want %d", got, operation, want)
	}
}

// nothingSent checks that no call at all reached the sandbox.
func (w *workspace) nothingSent() {
	w.t.Helper()
	if got := w.sandbox.Requests(); len(got) != 0 {
		w.t.Errorf("calls were sent: %v", got)
	}
}

func (r *result) succeeds() *result {
	r.t.Helper()
	if !r.ok {
		r.t.Fatalf("%s failed:\n%s", r.command, r.describe())
	}
	return r
}

func (r *result) fails() *result {
	r.t.Helper()
	if r.ok {
		r.t.Fatalf("%s succeeded, an error was expected:\n%s", r.command, r.output)
	}
	return r
}

// changes checks the planned changes, all of them.
func (r *result) changes(want map[string]string) *result {
	r.t.Helper()
	for address, action := range r.Changes {
		if want[address] != action {
			r.t.Errorf("%s: %s is planned for %s, want %q\n%s", r.command, action, address, want[address], r.describe())
		}
	}
	for address, action := range want {
		if r.Changes[address] == "" {
			r.t.Errorf("%s: nothing is planned for %s, want %s\n%s", r.command, address, action, r.describe())
		}
	}
	return r
}

// reports checks that there is a message of this severity with all of the
// phrases in it. At an attribute, the first phrase may be "@name": the
// configuration line that it points to has to set that attribute.
func (r *result) reports(severity string, phrases ...string) *result {
	r.t.Helper()
	for _, d := range r.Diagnostics {
		if d.Severity == severity && d.matches(phrases) {
			return r
		}
	}
	r.t.Errorf("%s: no %s says %q:\n%s", r.command, severity, phrases, r.describe())
	return r
}

func (r *result) errors(phrases ...string) *result {
	r.t.Helper()
	return r.reports("error", phrases...)
}

func (r *result) warns(phrases ...string) *result {
	r.t.Helper()
	return r.reports("warning", phrases...)
}

// quiet checks that there is no message at all.
func (r *result) quiet() *result {
	r.t.Helper()
	if len(r.Diagnostics) > 0 {
		r.t.Errorf("%s: unexpected messages:\n%s", r.command, r.describe())
	}
	return r
}

func (d diagnostic) matches(phrases []string) bool {
	text := strings.Join(strings.Fields(d.Summary+"\n"+d.Detail), " ")
	for _, phrase := range phrases {
		if attribute, isAttribute := strings.CutPrefix(phrase, "@"); isAttribute {
			if !strings.Contains(d.Snippet.Code, attribute) {
				return false
			}
			continue
		}
		if !strings.Contains(text, phrase) {
			return false
		}
	}
	return true
}

func (r *result) describe() string {
	if len(r.Diagnostics) == 0 {
		return r.output
	}
	var b strings.Builder
	for _, d := range r.Diagnostics {
		b.WriteString(d.String() + "\n")
	}
	return b.String()
}

// quietBut checks that there are no messages but those whose summary begins so.
func (r *result) quietBut(prefix string) *result {
	r.t.Helper()
	for _, d := range r.Diagnostics {
		if !strings.HasPrefix(d.Summary, prefix) {
			r.t.Errorf("%s: unexpected message: %s", r.command, d)
		}
	}
	return r
}

// quietButFor checks that there are no messages but those whose summaries begin so.
func (r *result) quietButFor(prefixes ...string) *result {
	r.t.Helper()
	for _, d := range r.Diagnostics {
		if !slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(d.Summary, prefix) }) {
			r.t.Errorf("%s: unexpected message: %s", r.command, d)
		}
	}
	return r
}

// through puts a gateway of the test's own before the sandbox: answer returns
// the body to answer an operation with, or "" to leave it to the sandbox.
func (w *workspace) through(answer func(operation string) string) (block string) {
	w.t.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(resp http.ResponseWriter, req *http.Request) {
		if body := answer(path.Base(req.URL.Path)); body != "" {
			_, _ = resp.Write([]byte(body))
			return
		}
		w.sandbox.Handler().ServeHTTP(resp, req)
	}))
	w.t.Cleanup(proxy.Close)
	return providerBlock(proxy.URL)
}
