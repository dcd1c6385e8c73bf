package clitest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// InstallProvider builds the provider into a mirror on disk, and writes the CLI configuration that
// installs it from there. So init works, with modules and lock files, as with a registry.
func InstallProvider(t *testing.T) (cliConfig string) {
	t.Helper()
	NeedCLI(t)
	const version = "0.1.0"
	dir := t.TempDir()
	binary := filepath.Join(dir, "terraform-provider-invoice_v"+version)
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "github.com/invoice-iac/terraform-provider-invoice").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	mirror := filepath.Join(dir, "mirror")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		folder := filepath.Join(mirror, host, invoiceAddress, version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Link(binary, filepath.Join(folder, filepath.Base(binary))); err != nil {
			t.Fatal(err)
		}
	}
	cliConfig = filepath.Join(dir, "cli.tfrc")
	text := "provider_installation {\n  filesystem_mirror {\n    path = \"" + filepath.ToSlash(mirror) + "\"\n  }\n}\n"
	if err := os.WriteFile(cliConfig, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return cliConfig
}

// UseInstalled lets the workspace's CLI start the provider that InstallProvider has installed, with the
// settings of the sandbox in its environment.
func (w *Workspace) UseInstalled(cliConfig string) {
	w.T.Helper()
	w.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", "NO_COLOR=1", "CHECKPOINT_DISABLE=1")
	for _, setting := range w.Sandbox.Environment(w.URL) {
		w.Env = append(w.Env, setting.Name+"="+setting.Value)
	}
}
