//go:build unix

package chaos

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// serverTimeout is how long the servers wait for the gateway. A gateway that takes
// longer goes on with its work, while the provider gets an error.
const serverTimeout = 300 * time.Millisecond

// lateFault is such a gateway: it ends its work when the server no longer waits.
var lateFault = sandbox.Fault{Kind: sandbox.FaultLate, Delay: serverTimeout + 200*time.Millisecond}

// serverKind is a server as it stands in front of gateways.
type serverKind struct {
	name  string
	start func(t *testing.T, upstream string) endpoint
	// faults are those of the gateway that show what is special about the server.
	faults []sandbox.Fault
	// idleTimeout is how long the gateway keeps an idle connection open; 0 is forever.
	idleTimeout time.Duration
}

// newWorkspaceBehind makes a workspace with a server between the provider and the network.
func newWorkspaceBehind(t *testing.T, kind serverKind) (*workspace, endpoint) {
	t.Helper()
	w := newWorkspaceWithIdleTimeout(t, kind.idleTimeout)
	server := kind.start(t, w.network.address)
	w.base, w.certificate = server.base, server.certificate
	return w, server
}

var servers = []serverKind{
	{name: "nginx that does not wait", start: startImpatientNginx, faults: []sandbox.Fault{lateFault}},
	{name: "nginx that cuts connections", start: startCuttingNginx, idleTimeout: 20 * time.Millisecond, faults: []sandbox.Fault{
		{Kind: sandbox.FaultLostAnswer}, {Kind: sandbox.FaultCut}, {Kind: sandbox.FaultHalfBody}, lateFault,
	}},
	{name: "nginx with TLS and HTTP/2", start: startSecureNginx, faults: []sandbox.Fault{{Kind: sandbox.FaultLostAnswer}, lateFault}},
	{name: "Varnish", start: startVarnish, faults: []sandbox.Fault{lateFault, {Kind: sandbox.FaultHalfBody}, {Kind: sandbox.FaultLostAnswer}}},
	{name: "a server that resets HTTP/2 streams", start: startResetting, faults: []sandbox.Fault{
		{Kind: sandbox.FaultStatusAfter, Status: http.StatusInternalServerError}, {Kind: sandbox.FaultLostAnswer},
	}},
}

// startImpatientNginx starts an nginx that answers 504 in the middle of the work.
func startImpatientNginx(t *testing.T, upstream string) endpoint {
	return startNginx(t, upstream, "", fmt.Sprintf("proxy_read_timeout %dms;", serverTimeout.Milliseconds()))
}

// startCuttingNginx starts an nginx that closes connections after a few requests or
// moments, as a busy server does. A request may be on its way just then.
func startCuttingNginx(t *testing.T, upstream string) endpoint {
	return startNginx(t, upstream, "", fmt.Sprintf("keepalive_requests 3;\n    keepalive_timeout 20ms;\n    proxy_read_timeout %dms;", serverTimeout.Milliseconds()))
}

// startSecureNginx starts an nginx with TLS that offers HTTP/2, and closes connections
// after a few requests.
func startSecureNginx(t *testing.T, upstream string) endpoint {
	dir := t.TempDir()
	certificate, key := newCertificate(t, dir)
	return startNginx(t, upstream, certificate, fmt.Sprintf(
		"ssl_certificate %s;\n    ssl_certificate_key %s;\n    keepalive_requests 5;\n    proxy_read_timeout %dms;", certificate, key, serverTimeout.Milliseconds()))
}

// nginxServers pass requests on to a gateway.
const nginxServers = `
  upstream gateway {
    server %[1]s;
    keepalive 16;
  }
  server {
    listen 127.0.0.1:%[2]s;
    %[3]s
    location / {
      proxy_pass http://gateway;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
`

func startNginx(t *testing.T, upstream, certificate, settings string) endpoint {
	t.Helper()
	nginx := findServer(t, "nginx")
	return startServer(t, certificate, func(port string) *exec.Cmd {
		dir := t.TempDir()
		listen := port
		if certificate != "" {
			listen += " ssl http2"
		}
		config := filepath.Join(dir, "nginx.conf")
		check(t, os.WriteFile(config, clitest.NginxConfig(dir, fmt.Sprintf(nginxServers, upstream, listen, settings)), 0o600))
		return exec.Command(nginx, "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", config)
	})
}

// varnishConfig passes requests on and does not repeat them. For a backend that is slow
// or cut, Varnish answers with a 503 and Retry-After of its own, which says nothing about
// the work. Its usual Retry-After of 5 takes long.
const varnishConfig = `
vcl 4.1;

backend gateway {
  .host = "%s";
  .port = "%s";
  .connect_timeout = 1s;
  .first_byte_timeout = %[3]dms;
  .between_bytes_timeout = %[3]dms;
}

sub vcl_recv {
  return (pass);
}

sub vcl_backend_error {
  set beresp.http.Content-Type = "text/html; charset=utf-8";
  set beresp.http.Retry-After = "1";
  synthetic("<!DOCTYPE html><html><head><title>503 Backend fetch failed</title></head><body><h1>Error 503 Backend fetch failed</h1></body></html>");
  return (deliver);
}
`

func startVarnish(t *testing.T, upstream string) endpoint {
	t.Helper()
	varnish := findServer(t, "varnishd")
	host, port, err := net.SplitHostPort(upstream)
	check(t, err)
	return startServer(t, "", func(listen string) *exec.Cmd {
		dir := t.TempDir()
		config := filepath.Join(dir, "gateway.vcl")
		check(t, os.WriteFile(config, fmt.Appendf(nil, varnishConfig, host, port, serverTimeout.Milliseconds()), 0o600))
		return exec.Command(varnish, "-F", "-j", "none", "-n", filepath.Join(dir, "varnish"), "-a", "127.0.0.1:"+listen, "-f", config,
			"-s", "malloc,16m", "-p", "vsl_space=1m")
	})
}
