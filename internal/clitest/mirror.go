package clitest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// InstallProvider builds the provider into a mirror on disk, as make install does, and writes the CLI
// configuration that installs it from there. So init works, with modules and lock files, as with a
// registry.
func InstallProvider(t *testing.T) (cliConfig string) {
	t.Helper()
	NeedCLI(t)
	dir := t.TempDir()
	mirror := filepath.Join(dir, "mirror")
	module, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/invoice-iac/terraform-provider-invoice").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	script := filepath.Join(strings.TrimSpace(string(module)), "tools", "install.sh")
	if output, err := exec.CommandContext(t.Context(), "sh", filepath.ToSlash(script), "into", filepath.ToSlash(mirror)).CombinedOutput(); err != nil {
		t.Fatalf("install.sh: %v\n%s", err, output)
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
