package install

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// serveMirror serves a folder over TLS, with the server of the guide, and makes the CLI trust it.
func (m *machine) serveMirror(folder string) (url string) {
	m.t.Helper()
	nginx := findNginx(m.t)
	if runtime.GOOS != "linux" {
		m.t.Skip("Go takes no certificates from the environment here")
	}
	work := m.t.TempDir()
	certificate, key := m.certificate(work)
	port := freePort(m.t)
	server := m.read(mirrorExample, "nginx.conf")
	for printed, actual := range map[string]string{
		"listen 443 ssl;":                        fmt.Sprintf("listen 127.0.0.1:%d ssl;", port),
		"/etc/ssl/mirror.example.ru.pem":         certificate,
		"/etc/ssl/private/mirror.example.ru.key": key,
		"/srv/terraform-mirror/":                 folder + "/",
	} {
		if strings.Count(server, printed) != 1 {
			m.t.Fatalf("nginx.conf does not name %s once", printed)
		}
		server = strings.Replace(server, printed, actual, 1)
	}
	config := filepath.Join(work, "nginx.conf")
	m.must(os.WriteFile(config, clitest.NginxConfig(work, server), 0o600))
	command := exec.Command(nginx, "-p", work, "-e", filepath.Join(work, "error.log"), "-c", config)
	m.must(command.Start())
	m.t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	for begin := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if connection, err := net.Dial("tcp", address); err == nil {
			_ = connection.Close()
			break
		}
		if time.Since(begin) > 20*time.Second {
			m.t.Fatalf("nginx does not start: %s", m.read(work, "error.log"))
		}
	}
	m.env = append(m.env, "SSL_CERT_FILE="+certificate)
	return "https://" + address + "/terraform/"
}

// findNginx skips the test where there is none, and says so.
func findNginx(t *testing.T) string {
	t.Helper()
	for _, path := range []string{"nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx"} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	t.Skip("LEFT OUT: nginx is not installed, so no mirror was served (tools/servers.sh installs it)")
	return ""
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	address, isTCP := listener.Addr().(*net.TCPAddr)
	if !isTCP {
		t.Fatal(listener.Addr())
	}
	return address.Port
}

// certificate makes one for this machine that signs itself.
func (m *machine) certificate(folder string) (certificate, key string) {
	m.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	m.must(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	m.must(err)
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	m.must(err)
	certificate, key = filepath.Join(folder, "certificate.pem"), filepath.Join(folder, "key.pem")
	m.must(os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), 0o600))
	m.must(os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}), 0o600))
	return certificate, key
}
