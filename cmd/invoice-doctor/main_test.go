package main

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
)

// serve opens a sandbox, and puts its settings into the environment.
func serve(t *testing.T) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "INVOICE_") {
			t.Setenv(name, "")
		}
	}
	box, err := gateways.Open(gateways.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(box.Handler())
	t.Cleanup(func() { server.Close(); _ = box.Close() })
	for _, variable := range box.Environment(server.URL) {
		t.Setenv(variable.Name, variable.Value)
	}
}

func runWith(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &out, &errs)
	return status, out.String(), errs.String()
}

func TestTable(t *testing.T) {
	serve(t)
	status, out, errs := runWith(t)
	if status != 0 || errs != "" {
		t.Errorf("status %d, %s", status, errs)
	}
	for _, part := range []string{"\npaykeeper\n", "  ok       credentials", "  unknown  taken_alias", "Nothing was found that would not work; "} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is not in\n%s", part, out)
		}
	}
	for line := range strings.Lines(out) {
		if len([]rune(line)) > 125 {
			t.Errorf("a long line: %s", line)
		}
	}
}

func TestJSON(t *testing.T) {
	serve(t)
	status, out, _ := runWith(t, "-json", "-gateway", "paykeeper")
	var report map[string][]map[string]string
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != 0 {
		t.Fatalf("status %d, %v:\n%s", status, err, out)
	}
	if len(report) != 1 || len(report["checks"]) == 0 {
		t.Fatalf("got %s", out)
	}
	found := false
	for _, check := range report["checks"] {
		if len(check) != 5 || check["gateway"] != "paykeeper" || check["name"] == "" || check["value"] == "" || check["means"] == "" ||
			!slices.Contains([]string{"ok", "warning", "error", "unknown"}, check["status"]) {
			t.Errorf("got %v", check)
		}
		found = found || check["name"] == "paykeeper_search" && check["value"] == "true" && check["status"] == "ok"
	}
	if !found {
		t.Errorf("no paykeeper_search=true in %s", out)
	}
}

func TestExitStatus(t *testing.T) {
	serve(t)
	t.Setenv("INVOICE_P2P_SECRET_KEY", "wrong-secret")
	if status, out, _ := runWith(t, "-json"); status != 1 || !strings.Contains(out, "INVOICE_P2P_SECRET_KEY") || strings.Contains(out, "wrong-secret") {
		t.Errorf("status %d, %s", status, out)
	}
	if status, _, _ := runWith(t, "-gateway", "invoice"); status != 0 {
		t.Errorf("another gateway: status %d", status)
	}
}

func TestCommandLine(t *testing.T) {
	serve(t)
	for _, one := range []struct{ args, says string }{
		{"-gateway qiwi", "intellectmoney"},
		{"-gateway=", "must not be empty"},
		{"-nothing", "-nothing"},
		{"more", `"more"`},
	} {
		status, out, errs := runWith(t, strings.Fields(one.args)...)
		if status != 1 || out != "" || !strings.Contains(errs, one.says) {
			t.Errorf("%s: status %d, %s%s", one.args, status, out, errs)
		}
	}
	if status, _, errs := runWith(t, "-help"); status != 0 || !strings.Contains(errs, "-payment") || !strings.Contains(errs, "changes nothing") {
		t.Errorf("-help: status %d, %s", status, errs)
	}
	if status, out, _ := runWith(t, "-gateway", "invoice", "-alias", "nowhere", "-payment", "nowhere", "-refund", "nowhere", "-invoice", "x"); status != 0 || !strings.Contains(out, "no terminal nowhere") {
		t.Errorf("status %d, %s", status, out)
	}
}
