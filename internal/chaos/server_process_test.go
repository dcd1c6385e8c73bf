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

// front is the server that the provider speaks to, and what it needs to know of it.
type front struct {
	// base is its address: https://127.0.0.1:4711.
	base string
	// certificate is the file of the one that signed its own; "" is without TLS.
	certificate string
	// inHTTP2 counts what it was asked in HTTP/2; nil is a server that does not count.
	inHTTP2 *atomic.Int64
}

// mustNotSpeakHTTP2 checks that the provider has spoken HTTP/1.1 alone.
func (f front) mustNotSpeakHTTP2(t *testing.T) {
	t.Helper()
	if f.inHTTP2 != nil && f.inHTTP2.Load() > 0 {
		t.Errorf("the provider sent %d requests in HTTP/2", f.inHTTP2.Load())
	}
}

// client is an ordinary client that trusts the front.
func (f front) client(t *testing.T, http2 bool) *http.Client {
	t.Helper()
	transport := &http.Transport{ForceAttemptHTTP2: http2}
	t.Cleanup(transport.CloseIdleConnections)
	if f.certificate != "" {
		text, err := os.ReadFile(f.certificate)
		check(t, err)
		transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
		transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(text)
	}
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

// program looks for a server, also where only root usually looks. The test is
// left out when it is not there.
func program(t *testing.T, name string) string {
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

// startServer runs a server on a port that is free, until the end of the test.
// The port may be taken by somebody else before the server has it: then another
// one is tried.
func startServer(t *testing.T, certificate string, command func(port string) *exec.Cmd) front {
	t.Helper()
	var err error
	for range 5 {
		port := freePort(t)
		f := front{base: "http://127.0.0.1:" + port, certificate: certificate}
		if certificate != "" {
			f.base = "https://127.0.0.1:" + port
		}
		server := command(port)
		if err = runServer(t, server, f); err == nil {
			return f
		}
	}
	t.Fatal(err)
	return front{}
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

// runServer starts a server, and waits until it answers for the sandbox behind it.
func runServer(t *testing.T, server *exec.Cmd, f front) error {
	t.Helper()
	var said bytes.Buffer
	server.Stdout, server.Stderr = &said, &said
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
	client := f.client(t, false)
	for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(20 * time.Millisecond) {
		select {
		case <-ended:
			return fmt.Errorf("%s has ended: %s", server.Path, said.String())
		default:
		}
		if isHealthy(client, f.base) {
			t.Cleanup(kill)
			return nil
		}
	}
	kill()
	return errors.New(server.Path + " does not answer: " + said.String())
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

// newCertificate makes a certificate for this machine that nobody has signed.
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
