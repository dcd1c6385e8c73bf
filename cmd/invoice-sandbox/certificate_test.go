package main

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// trusting is a client that trusts the authority in a file.
func trusting(t *testing.T, file string) *http.Client {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(content) || strings.Contains(string(content), "KEY") {
		t.Fatalf("%s has no certificate, or a key", file)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestTLS(t *testing.T) {
	folder := t.TempDir()
	db, authority, own := filepath.Join(folder, "x.db"), filepath.Join(folder, "x.ca.pem"), filepath.Join(folder, "x.tls.pem")
	base, stdout, _, stop := launch(t, "-db", db, "-tls", "-public-url", "https://shop.example:8443")
	wantParts(t, stdout.String(), "curl --cacert '"+authority+"' "+base+"/healthz", "SSL_CERT_FILE='"+authority+"'", "INVOICE_BASE_URL=https://shop.example:8443/")
	if !strings.HasPrefix(base, "https://127.0.0.1:") {
		t.Error(base)
	}
	if info, err := os.Stat(own); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	client := trusting(t, authority)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		response, err := client.Get(strings.Replace(base, "127.0.0.1", host, 1) + "/healthz")
		if err != nil || response.ProtoMajor != 1 {
			t.Fatalf("%s: %v %v", host, response, err)
		}
		_ = response.Body.Close()
	}
	if _, err := http.Get(base + "/healthz"); err == nil {
		t.Error("a client that trusts nobody got through")
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	first, err := os.ReadFile(authority)
	if err != nil {
		t.Fatal(err)
	}

	// A restart keeps it, and links are https.
	base, _, _, stop = launch(t, "-db", db, "-tls", "-mount", "paykeeper")
	request, _ := http.NewRequest(http.MethodGet, base+"/info/settings/token/", nil)
	request.SetBasicAuth("demo", "demo")
	response, err := trusting(t, authority).Do(request)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", response, err)
	}
	_ = response.Body.Close()
	response, err = trusting(t, authority).Get(base + "/")
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	wantParts(t, string(page), "INVOICE_PAYKEEPER_BASE_URL="+base+"\n")
	if again, _ := os.ReadFile(authority); string(again) != string(first) {
		t.Error("a restart made another certificate")
	}
	_ = stop()
}

// Another certificate is made when the one that is there would be refused.
func TestCertificateIsRenewed(t *testing.T) {
	files, remove, err := filesBeside(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	now := time.Now()
	ensure := func(at time.Time, names ...string) string {
		t.Helper()
		certificate, err := files.ensure(names, at)
		if err != nil {
			t.Fatal(err)
		}
		return certificate.Leaf.SerialNumber.String()
	}
	first := ensure(now, "localhost", "127.0.0.1")
	if got := ensure(now.Add(699*24*time.Hour), "127.0.0.1"); got != first {
		t.Error("made again too early")
	}
	second := ensure(now, "localhost", "127.0.0.1", "shop.example")
	all := []string{first, second, ensure(now.Add(701*24*time.Hour), "shop.example")}
	for _, damage := range []func() error{
		func() error { return os.Remove(files.authority) },
		func() error { return os.WriteFile(files.server, []byte("x"), 0o600) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		all = append(all, ensure(now.Add(701*24*time.Hour), "shop.example"))
	}
	if slices.Sort(all); len(slices.Compact(all)) != 5 {
		t.Errorf("certificates %v", all)
	}
	if _, err := (certificateFiles{"/nowhere/a", "/nowhere/b"}).ensure([]string{"localhost"}, now); err == nil || !strings.Contains(err.Error(), "-tls") {
		t.Error(err)
	}
}

// Without a database nothing is left behind.
func TestTLSInMemory(t *testing.T) {
	_, stdout, _, stop := launch(t, "-db", "", "-tls")
	_, text, _ := strings.Cut(stdout.String(), "trust ")
	file, _, _ := strings.Cut(text, ",")
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	_ = stop()
	if _, err := os.Stat(filepath.Dir(file)); err == nil {
		t.Error("the folder is still there")
	}
}
