package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// In a container the sandbox listens on all addresses. What it prints can be opened, and its
// pages still answer under its own names only.
func TestAllAddresses(t *testing.T) {
	base, stdout, _, _ := launch(t, "-db", "", "-addr", "0.0.0.0:0", "-allow-remote")
	if !strings.HasPrefix(base, "http://127.0.0.1:") {
		t.Errorf("got %s", base)
	}
	wantParts(t, stdout.String(), "Open "+base+"/ in a browser", base+"/sandbox/controls")
	for host, want := range map[string]string{"127.0.0.1:8085": "INVOICE_BASE_URL", "sandbox:8085": "-public-url", "evil.example": "-public-url"} {
		page := send(t, http.MethodGet, base+"/", "", func(r *http.Request) { r.Host = host; r.Header.Set("Accept", "text/html") })
		if !strings.Contains(page, want) || strings.Contains(page, "INVOICE_BASE_URL") != (want == "INVOICE_BASE_URL") {
			t.Errorf("%s: %.300s", host, page)
		}
	}
	// A shop in a container beside it asks under the name of the service.
	if answer := send(t, http.MethodGet, base+"/healthz", "", func(r *http.Request) { r.Host = "sandbox:8085" }); strings.Contains(answer, "-public-url") {
		t.Error(answer)
	}
}

func TestHealthIsChecked(t *testing.T) {
	db := filepath.Join(t.TempDir(), "sandbox.db")
	check := func(address string) error {
		return run(t.Context(), []string{"-db", db, "-check", address}, io.Discard, io.Discard)
	}
	for _, flags := range [][]string{{"-db", db}, {"-db", db, "-tls"}} {
		base, _, _, stop := launch(t, flags...)
		if err := check(base); err != nil {
			t.Error(err)
		}
		if err := check(base + "/nowhere"); err == nil || !strings.Contains(err.Error(), "404") {
			t.Errorf("got %v", err)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		if err := check(base); err == nil || !strings.Contains(err.Error(), "refused") {
			t.Errorf("got %v", err)
		}
	}
}

// SQLite says only that it cannot open the file. Other errors are not the folder's.
func TestFolderIsMissing(t *testing.T) {
	folder := t.TempDir()
	noDatabase := filepath.Join(folder, "text")
	if err := os.WriteFile(noDatabase, []byte(strings.Repeat("no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(folder, "sandbox.db")
	for _, c := range []struct {
		args     []string
		want     string
		isFolder bool
	}{
		{[]string{"-db", filepath.Join(folder, "nowhere", "sandbox.db")}, "unable to open", true},
		{[]string{"-db", noDatabase}, "not a database", false},
		{[]string{"-db", db, "-invoice-notify", "http://shop.example/"}, "not on this machine", false},
	} {
		err := run(t.Context(), append(c.args, "-addr", "127.0.0.1:0"), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "The folder of -db") != c.isFolder {
			t.Errorf("%v: %v", c.args, err)
		}
	}
}
