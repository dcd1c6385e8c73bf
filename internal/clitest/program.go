package clitest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// BuildProvider builds the provider, and writes the CLI configuration that makes Terraform and
// OpenTofu use it. They start a script that records the process first, so that a test can kill
// it.
func BuildProvider(t *testing.T) (cliConfig string) {
	t.Helper()
	NeedCLI(t)
	dir := t.TempDir()
	binary := filepath.Join(dir, "bin", "provider")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "github.com/invoice-iac/terraform-provider-invoice").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	files := map[string]string{
		"terraform-provider-invoice": "#!/bin/sh\n[ -z \"$SECRETS_TEST_PID\" ] || echo $$ >\"$SECRETS_TEST_PID\"\nexec '" + binary + "' \"$@\"\n",
		"cli.tfrc": `provider_installation {
  dev_overrides {
    "registry.terraform.io/invoice-iac/invoice" = "` + dir + `"
    "registry.opentofu.org/invoice-iac/invoice" = "` + dir + `"
  }
  direct {}
}
`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "cli.tfrc")
}

// ServeProgram lets the workspace's CLI start the provider as users have it. providerID returns
// the id of the process that it started last.
func (w *Workspace) ServeProgram(cliConfig string) (providerID func() int) {
	noted := filepath.Join(w.T.TempDir(), "pid")
	w.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", "NO_COLOR=1", "SECRETS_TEST_PID="+noted)
	return func() int {
		w.T.Helper()
		text, err := os.ReadFile(noted)
		w.Must(err)
		id, err := strconv.Atoi(strings.TrimSpace(string(text)))
		w.Must(err)
		return id
	}
}
