//go:build unix

package chaos

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// endpoint is a running server that the provider calls.
type endpoint struct {
	// base is its address, such as https://127.0.0.1:4711.
	base string
	// certificate is the file of the certificate to trust; "" is a server without TLS.
	certificate string
	// inHTTP2 counts the requests in HTTP/2; nil is a server that does not count.
	inHTTP2 *atomic.Int64
}

// mustNotSpeakHTTP2 checks that the provider has spoken nothing but HTTP/1.1.
func (e endpoint) mustNotSpeakHTTP2(t *testing.T) {
	t.Helper()
	if e.inHTTP2 != nil && e.inHTTP2.Load() > 0 {
		t.Errorf("the provider sent %d requests in HTTP/2", e.inHTTP2.Load())
	}
}

// newClient makes an ordinary client that trusts the endpoint.
func (e endpoint) newClient(t *testing.T, http2 bool) *http.Client {
	t.Helper()
	transport := &http.Transport{ForceAttemptHTTP2: http2}
	t.Cleanup(transport.CloseIdleConnections)
	if e.certificate != "" {
		text, err := os.ReadFile(e.certificate)
		check(t, err)
		transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
		transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(text)
	}
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

// findServer looks for the program of a server, also where only root usually looks. It
// skips the test when there is none.
func findServer(t *testing.T, name string) string {
	t.Helper()
	for _, path := range []string{name, "/usr/sbin/" + name, "/usr/local/sbin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	leaveOut(name)
	t.Skipf("%s is not installed: nothing was run through it", name)
	return ""
}

// startServer runs a server on a free port until the end of the test. Another program
// may take the port before the server does: then it tries another one.
func startServer(t *testing.T, certificate string, command func(port string) *exec.Cmd) endpoint {
	t.Helper()
	var err error
	for range 5 {
		port := freePort(t)
		started := endpoint{base: "http://127.0.0.1:" + port, certificate: certificate}
		if certificate != "" {
			started.base = "https://127.0.0.1:" + port
		}
		if err = runServer(t, command(port), started); err == nil {
			return started
		}
	}
	t.Fatal(err)
	return endpoint{}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	check(t, err)
	return port
}

// runServer starts a server, and waits until the sandbox answers through it.
func runServer(t *testing.T, server *exec.Cmd, e endpoint) error {
	t.Helper()
	var output bytes.Buffer
	server.Stdout, server.Stderr = &output, &output
	server.SysProcAttr = ownGroup()
	if err := server.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { _ = server.Wait(); close(ended) }()
	kill := func() {
		_ = syscall.Kill(-server.Process.Pid, syscall.SIGKILL)
		<-ended
	}
	client := e.newClient(t, false)
	for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(20 * time.Millisecond) {
		select {
		case <-ended:
			return fmt.Errorf("%s has ended: %s", server.Path, output.String())
		default:
		}
		if isHealthy(client, e.base) {
			t.Cleanup(kill)
			return nil
		}
	}
	kill()
	return errors.New(server.Path + " does not answer: " + output.String())
}

func isHealthy(client *http.Client, base string) bool {
	response, err := client.Get(base + "/healthz")
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return err == nil && string(body) == "ok"
}

// newCertificate makes a self-signed certificate for this machine.
func newCertificate(t *testing.T, dir string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "chaos"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	check(t, err)
	secret, err := x509.MarshalECPrivateKey(private)
	check(t, err)
	certificate, key = filepath.Join(dir, "certificate.pem"), filepath.Join(dir, "key.pem")
	check(t, os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), 0o600))
	check(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}), 0o600))
	return certificate, key
}
