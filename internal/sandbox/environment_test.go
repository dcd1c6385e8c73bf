package sandbox_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// evaluated are the settings after a shell has evaluated a script.
func evaluated(t *testing.T, script string) string {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	command := exec.Command(shell, "-euc", `eval "$1"; env | grep ^INVOICE_ | LC_ALL=C sort`, "sh", script)
	command.Env = []string{"PATH=/usr/bin:/bin"}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

func TestEnvironmentOverHTTP(t *testing.T) {
	b := start(t, sandbox.Options{})
	status, script := b.steer("GET", "env", "")
	equal(t, "status", status, 200)
	got := evaluated(t, script)
	variables := b.Environment(b.URL)
	if len(variables) < 9 || strings.Count(got, "\n") != len(variables) {
		t.Errorf("%d variables: %s", len(variables), got)
	}
	for _, v := range variables {
		contains(t, got, v.Name+"="+v.Value+"\n")
	}

	const public = "https://sandbox.example/$(echo${IFS}carried-out)"
	_, script = start(t, sandbox.Options{PublicURL: public}).steer("GET", "env", "")
	contains(t, evaluated(t, script), "INVOICE_BASE_URL="+public+"/invoice/api/v2\n")

	status, _, _ = b.under("evil.example", "GET", "/sandbox/env", "")
	equal(t, "status under a name of others", status, 403)
}
