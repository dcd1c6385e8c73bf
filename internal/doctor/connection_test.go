package doctor

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// askServer runs the doctor on a server in the place of Invoice API v2.
func askServer(t *testing.T, address string) map[string]Check {
	t.Helper()
	clearEnvironment(t)
	t.Setenv("INVOICE_BASE_URL", address)
	t.Setenv("INVOICE_MERCHANT_ID", "merchant")
	t.Setenv("INVOICE_API_KEY", "api-key-secret")
	t.Setenv("INVOICE_MAX_RETRIES", "0")
	return byName(must(Run(t.Context(), Options{})))
}

func expect(t *testing.T, checks map[string]Check, name, value string, status Status, means ...string) {
	t.Helper()
	check := checks[name]
	if check.Value != value || check.Status != status {
		t.Errorf("%s: got %+v, want %s, %s", name, check, value, status)
	}
	for _, part := range means {
		if !strings.Contains(check.Means, part) {
			t.Errorf("%s: %q is not in %q", name, part, check.Means)
		}
	}
}

// expectSilence wants the points to say that the gateway could not be asked.
func expectSilence(t *testing.T, checks map[string]Check) {
	t.Helper()
	expect(t, checks, "ids", "unknown", Unknown, "could not be asked")
	if _, isThere := checks["credentials"]; isThere {
		t.Error("nobody knows whether the credentials are accepted")
	}
}

func TestNothingAnswers(t *testing.T) {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	address := listener.Addr().String()
	_ = listener.Close()
	checks := askServer(t, "http://"+address)
	expect(t, checks, "reachable", "false", Error, "refused", "base_url")
	expectSilence(t, checks)
}

func TestNameIsUnknown(t *testing.T) {
	checks := askServer(t, "https://no-such-host.invalid")
	expect(t, checks, "reachable", "false", Error, "base_url")
	expectSilence(t, checks)
}

func TestSlowGateway(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(150 * time.Millisecond):
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":8,"description":"Платёж не найден"}`))
	}))
	t.Cleanup(server.Close)
	for timeout, isAnswered := range map[string]bool{"50ms": false, "250ms": true} {
		clearEnvironment(t)
		t.Setenv("INVOICE_REQUEST_TIMEOUT", timeout)
		t.Setenv("INVOICE_BASE_URL", server.URL)
		t.Setenv("INVOICE_MERCHANT_ID", "merchant")
		t.Setenv("INVOICE_API_KEY", "api-key-secret")
		t.Setenv("INVOICE_MAX_RETRIES", "0")
		checks := byName(must(Run(t.Context(), Options{})))
		if isAnswered {
			expect(t, checks, "latency", checks["latency"].Value, Warning, "INVOICE_REQUEST_TIMEOUT")
			expect(t, checks, "credentials", "accepted", OK)
			continue
		}
		expect(t, checks, "reachable", "false", Error, "50ms", "INVOICE_REQUEST_TIMEOUT")
		expectSilence(t, checks)
	}
}

// certificate makes a certificate for a name that nobody trusts.
func certificate(t *testing.T, end time.Time, names ...string) tls.Certificate {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: end.Add(-365 * 24 * time.Hour), NotAfter: end, DNSNames: names}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		}
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func serveTLS(t *testing.T, config *tls.Config) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = config
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func TestCertificateIsNotValid(t *testing.T) {
	later := time.Now().Add(24 * time.Hour)
	for value, one := range map[string]tls.Certificate{
		"not trusted": certificate(t, later, "127.0.0.1"),
		"expired":     certificate(t, time.Now().Add(-time.Hour), "127.0.0.1"),
		"other name":  certificate(t, later, "example.com"),
	} {
		server := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{one}})
		checks := askServer(t, server.URL)
		expect(t, checks, "reachable", "false", Error, "certificate")
		expect(t, checks, "certificate", value, Error)
		expectSilence(t, checks)
	}
}

func TestOldTLS(t *testing.T) {
	server := serveTLS(t, &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10})
	checks := askServer(t, server.URL)
	expect(t, checks, "reachable", "false", Error, "TLS")
	expect(t, checks, "tls_version", "none", Error, "TLS 1.2")
	expectSilence(t, checks)

	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	checks = askServer(t, strings.Replace(plain.URL, "http:", "https:", 1))
	expect(t, checks, "tls_version", "none", Error, "plain HTTP")
}

func newVisit() *visit {
	return &visit{options: &Options{}, gateway: invoiceapi.New(), seen: &observer{}, found: map[string]Check{}, reasons: map[string]string{}, timeout: time.Minute}
}

func TestTLSAndItsCertificate(t *testing.T) {
	for left, status := range map[time.Duration]Status{90 * 24 * time.Hour: OK, 13 * 24 * time.Hour: Warning} {
		end := time.Now().Add(left).UTC()
		v := newVisit()
		v.checkTLS(&tls.ConnectionState{Version: tls.VersionTLS13, PeerCertificates: []*x509.Certificate{{NotAfter: end}}})
		checks := byName(&Report{v.checks})
		expect(t, checks, "tls_version", "1.3", OK)
		expect(t, checks, "certificate", end.Format(time.DateOnly), status)
	}
}

func TestClock(t *testing.T) {
	for difference, status := range map[time.Duration]Status{0: OK, 30 * time.Second: OK, -5 * time.Minute: Warning, time.Hour: Error} {
		v := newVisit()
		v.checkClock(&http.Response{Header: http.Header{"Date": {time.Now().Add(difference).UTC().Format(http.TimeFormat)}}})
		if got := v.checks[0]; got.Status != status || got.Name != "clock" {
			t.Errorf("%s apart: %+v, want %s", difference, got, status)
		}
	}
	v := newVisit()
	v.checkClock(&http.Response{})
	if got := v.checks[0]; got.Status != Unknown {
		t.Errorf("no Date: %+v", got)
	}
}

func TestHTTPVersion(t *testing.T) {
	v := newVisit()
	v.checkVersion(&http.Response{Proto: "HTTP/1.0", ProtoMajor: 1})
	v.checkVersion(&http.Response{Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1})
	if v.checks[0].Value != "1.0" || !strings.Contains(v.checks[0].Means, "new connection") || v.checks[1].Value != "1.1" {
		t.Errorf("%+v", v.checks)
	}
}

// A doctor that is stopped says so, and ends.
func TestStopped(t *testing.T) {
	s := openShop(t, "paykeeper", shopOptions)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	report := must(Run(ctx, s.options))
	if report.IsHealthy() || len(s.Requests()) > 0 {
		t.Errorf("%+v, %+v", report, s.Requests())
	}
}

// After a call that is not answered nothing more is asked: each would wait as long.
func TestGatewayFallsSilent(t *testing.T) {
	s := openShop(t, "paykeeper", shopOptions)
	s.fill("paykeeper")
	t.Setenv("INVOICE_REQUEST_TIMEOUT", "100ms")
	t.Setenv("INVOICE_MAX_RETRIES", "0")
	s.Inject(sandbox.Fault{Operation: "paykeeper.list", Kind: sandbox.FaultDelay, Delay: time.Minute})
	checks := s.examine()
	expect(t, checks, "answers", "none", Error, "100ms")
	expect(t, checks, "paykeeper_token", "object", OK)
	expect(t, checks, "paykeeper_max_page", "unknown", Unknown, "could not be asked")
	if calls := s.Requests("paykeeper.list"); len(calls) != 1 {
		t.Errorf("%d lists were asked for", len(calls))
	}
	if last := s.Requests(); last[len(last)-1].Operation != "paykeeper.list" {
		t.Errorf("%s was asked after it", last[len(last)-1].Operation)
	}
}
