package chaos

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// workspace is a folder with a configuration, a sandbox, and the network between them.
type workspace struct {
	t       *testing.T
	dir     string
	box     *gateways.Sandbox
	network *network
	// base is the address that the provider calls. certificate is the file of the
	// certificate that it trusts; "" is those of the system.
	base, certificate string
	// settings are further environment variables, as NAME=value.
	settings []string
	// parallelism is the CLI's -parallelism; 0 is its default.
	parallelism int
	// onRequest, if set, answers each request instead of the sandbox's handler.
	onRequest atomic.Pointer[interceptor]
}

type interceptor func(http.ResponseWriter, *http.Request, http.Handler)

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	return newWorkspaceWithIdleTimeout(t, 0)
}

// newWorkspaceWithIdleTimeout makes a workspace whose gateways close connections that
// are idle for so long; 0 is never.
func newWorkspaceWithIdleTimeout(t *testing.T, idleTimeout time.Duration) *workspace {
	t.Helper()
	box, err := gateways.Open(gateways.Options{})
	check(t, err)
	w := &workspace{t: t, dir: t.TempDir(), box: box}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(resp http.ResponseWriter, req *http.Request) {
		if req.Header.Get("X-Forwarded-Proto") == "https" {
			req.TLS = &tls.ConnectionState{} // the signature covers the address that the provider calls
		}
		if intercept := w.onRequest.Load(); intercept != nil {
			(*intercept)(resp, req, box.Handler())
			return
		}
		box.Handler().ServeHTTP(resp, req)
	}))
	server.Config.IdleTimeout = idleTimeout
	server.Start()
	w.network = newNetwork(t, strings.TrimPrefix(server.URL, "http://"))
	w.base = "http://" + w.network.address
	t.Cleanup(func() { server.CloseClientConnections(); server.Close(); _ = box.Close() })
	return w
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *workspace) write(config string) {
	w.t.Helper()
	check(w.t, os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(config+providerSource), 0o600))
}

// command prepares a run of the CLI. The provider reads its settings from the
// environment, as in CI.
func (w *workspace) command(args ...string) *exec.Cmd {
	command := exec.Command(os.Getenv("TF_ACC_TERRAFORM_PATH"), args...)
	command.Dir = w.dir
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1",
		"INVOICE_BASE_URL="+w.base+"/invoice/api/v2", "INVOICE_MERCHANT_ID="+invoiceapi.TestMerchantID, "INVOICE_API_KEY="+invoiceapi.TestAPIKey,
		"INVOICE_PAYKEEPER_BASE_URL="+w.base+"/paykeeper", "INVOICE_PAYKEEPER_LOGIN="+paykeeper.DemoLogin, "INVOICE_PAYKEEPER_PASSWORD="+paykeeper.DemoPassword,
		"INVOICE_P2P_BASE_URL="+w.base+"/p2p", "INVOICE_P2P_API_KEY="+p2p.DemoAPIKey, "INVOICE_P2P_SECRET_KEY="+p2p.DemoSecretKey,
		"INVOICE_INTELLECTMONEY_BASE_URL="+w.base+"/intellectmoney", "INVOICE_INTELLECTMONEY_BEARER_TOKEN="+intellectmoney.DemoBearerToken,
		"INVOICE_INTELLECTMONEY_SIGN_SECRET_KEY="+intellectmoney.DemoSignSecretKey,
		"INVOICE_INTELLECTMONEY_LOGIN="+intellectmoney.DemoLogin, "INVOICE_INTELLECTMONEY_PASSWORD="+intellectmoney.DemoPassword,
		"INVOICE_REQUEST_TIMEOUT=5s")
	if w.certificate != "" {
		command.Env = append(command.Env, "SSL_CERT_FILE="+w.certificate)
	}
	command.Env = append(command.Env, w.settings...)
	return command
}

// outcome is what came of an apply.
type outcome struct {
	ok     bool
	errors []string
	output string
	took   time.Duration
}

// apply runs terraform apply to its end.
func (w *workspace) apply(arguments ...string) outcome {
	w.t.Helper()
	started := time.Now()
	command := w.command(append([]string{"apply", "-auto-approve", "-json", fmt.Sprintf("-parallelism=%d", cmp.Or(w.parallelism, 10))}, arguments...)...)
	output, err := command.CombinedOutput()
	clitest.FailOnCrash(w.t, string(output))
	return outcome{ok: err == nil, errors: errorsIn(output), output: string(output), took: time.Since(started)}
}

// waitAsTold waits for as long as an error says, and reports whether one does.
func (o outcome) waitAsTold() (wasTold bool) {
	for _, text := range o.errors {
		if found := applyAgainIn.FindStringSubmatch(text); found != nil {
			pause, err := time.ParseDuration(found[1])
			time.Sleep(pause)
			return err == nil
		}
	}
	return false
}

// mustApply applies, and applies again where an error says to wait.
func (w *workspace) mustApply() outcome {
	w.t.Helper()
	result := w.apply()
	if result.waitAsTold() {
		result = w.apply()
	}
	if !result.ok {
		w.t.Fatalf("apply failed:\n%s", result.summary())
	}
	return result
}

// mustPlanNothing checks that the plan is empty.
func (w *workspace) mustPlanNothing() {
	w.t.Helper()
	if output, err := w.command("plan", "-detailed-exitcode", "-no-color").CombinedOutput(); err != nil {
		w.t.Errorf("the second plan is not empty: %v\n%s", err, output)
	}
}

func (w *workspace) run(args ...string) {
	w.t.Helper()
	if output, err := w.command(args...).CombinedOutput(); err != nil {
		w.t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, output)
	}
}

func errorsIn(output []byte) []string { return diagnosticsIn(output, "error") }

// warnings are the warnings of an apply.
func (o outcome) warnings() []string { return diagnosticsIn([]byte(o.output), "warning") }

func diagnosticsIn(output []byte, severity string) []string {
	var texts []string
	for line := range bytes.Lines(output) {
		var message struct {
			Diagnostic struct{ Severity, Summary, Detail, Address string }
		}
		if json.Unmarshal(line, &message) == nil && message.Diagnostic.Severity == severity {
			d := message.Diagnostic
			texts = append(texts, fmt.Sprintf("%s: %s: %s", d.Address, d.Summary, strings.Join(strings.Fields(d.Detail), " ")))
		}
	}
	return texts
}

// summary is the first errors, or the whole output if there are none.
func (o outcome) summary() string {
	if len(o.errors) == 0 {
		return o.output
	}
	return fmt.Sprintf("%d errors:\n%s", len(o.errors), strings.Join(o.errors[:min(5, len(o.errors))], "\n"))
}

// resource is one object in the state.
type resource struct {
	Address string
	Mode    string
	Type    string
	Values  map[string]any
	Tainted bool
}

func (r resource) text(attribute string) string {
	value, _ := r.Values[attribute].(string)
	return value
}

// state returns the managed resources of these types; none are all.
func (w *workspace) state(types ...string) []resource {
	w.t.Helper()
	command := w.command("show", "-json")
	output, err := command.Output()
	if err != nil {
		w.t.Fatalf("show: %v\n%s", err, output)
	}
	type module struct {
		Resources    []resource
		ChildModules []struct{ Resources []resource } `json:"child_modules"`
	}
	var shown struct {
		Values struct {
			RootModule module `json:"root_module"`
		}
	}
	check(w.t, json.Unmarshal(output, &shown))
	all := shown.Values.RootModule.Resources
	for _, child := range shown.Values.RootModule.ChildModules {
		all = append(all, child.Resources...)
	}
	return slices.DeleteFunc(all, func(r resource) bool {
		return r.Mode != "managed" || len(types) > 0 && !slices.Contains(types, r.Type)
	})
}

// waitForLateWork waits until the gateway has ended the work of late answers.
func (w *workspace) waitForLateWork() {
	w.t.Helper()
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		underWay := 0
		for _, request := range w.box.Requests() {
			if request.Fault == sandbox.FaultLate && !request.Answered {
				underWay++
			}
		}
		if underWay == 0 {
			return
		}
		if time.Since(began) > 10*time.Second {
			w.t.Fatalf("%d calls are still under way", underWay)
		}
	}
}
