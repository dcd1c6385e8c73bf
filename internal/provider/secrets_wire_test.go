package provider

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// Every attribute that holds a secret is sensitive in its schema. Inside a sensitive object the
// flag changes nothing that Terraform prints, so the output alone cannot show that it is
// missing. It matters to whoever takes a value out of the object.
func TestSchemasMarkSecrets(t *testing.T) {
	schemas, err := providerserver.NewProtocol6(testProvider())().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	var walk func(path string, attributes []*tfprotov6.SchemaAttribute)
	walk = func(path string, attributes []*tfprotov6.SchemaAttribute) {
		for _, one := range attributes {
			at := path + "." + one.Name
			if one.Sensitive {
				got[at] = one.WriteOnly
			}
			if one.NestedType != nil {
				walk(at, one.NestedType.Attributes)
			}
		}
	}
	walk("provider", schemas.Provider.Block.Attributes)
	for name, one := range schemas.ResourceSchemas {
		walk("resource "+name, one.Block.Attributes)
	}
	for name, one := range schemas.DataSourceSchemas {
		walk("data "+name, one.Block.Attributes)
	}
	for name, one := range schemas.EphemeralResourceSchemas {
		walk("ephemeral "+name, one.Block.Attributes)
	}
	want := map[string]bool{
		"resource invoice_invoice.p2p.notification_token": false, "resource invoice_invoice.p2p.notification_token_wo": true,
		"resource invoice_invoice.p2p.payment_requisites_wo": true, "resource invoice_invoice.p2p.payment_requisites_wo.requisites": true,
		"resource invoice_invoice.p2p.payment_requisites_wo.holder": true,
		"ephemeral invoice_paykeeper_token.token":                   false, "ephemeral invoice_intellectmoney_user_token.token": false,
	}
	for _, name := range []string{"invoice.api_key", "paykeeper.password", "p2p.api_key", "p2p.secret_key",
		"intellectmoney.bearer_token", "intellectmoney.sign_secret_key", "intellectmoney.user_token", "intellectmoney.password"} {
		want["provider."+name] = false
	}
	for _, kind := range []string{"resource", "data"} {
		for _, name := range []string{"payment_requisites", "payment_requisites.requisites", "payment_requisites.holder", "deals.requisites", "deals.holder", "deals.qr_code_url"} {
			want[kind+" invoice_invoice.p2p."+name] = false
		}
	}
	for at, writeOnly := range want {
		if is, sensitive := got[at]; !sensitive || is != writeOnly {
			t.Errorf("%s: sensitive %t, write-only %t; want both %t", at, sensitive, is, writeOnly)
		}
	}
	for at := range got {
		if _, ok := want[at]; !ok {
			t.Errorf("%s is sensitive: is it looked for in these tests?", at)
		}
	}
}

// wireCalls are a GET and a POST of each gateway, as far as it has them.
func wireCalls(baseURL string) map[string]func(*testing.T) error {
	config := transport.Config{RequestTimeout: 5 * time.Second, MaxRetries: 1, WaitMin: time.Millisecond, WaitMax: time.Millisecond}
	keeper := paykeeper.New(baseURL+"/paykeeper", "login", secretPayKeeper, config)
	peers := p2p.New(baseURL+"/p2p", "identity", secretP2PSign, config)
	money := func(user intellectmoney.Credentials) *intellectmoney.Client {
		return intellectmoney.New(baseURL+"/intellectmoney", "bearer", secretIMSign, user, config)
	}
	return map[string]func(*testing.T) error{
		"invoice POST": func(t *testing.T) error {
			_, err := invoiceapi.New(baseURL+"/invoice", "merchant", secretAPIKey, config).FindTerminal(t.Context(), "a")
			return err
		},
		"paykeeper GET":  func(t *testing.T) error { _, err := keeper.FindInvoice(t.Context(), "20261122173255785"); return err },
		"paykeeper POST": func(t *testing.T) error { return keeper.SendInvoice(t.Context(), "20261122173255785") },
		"p2p GET": func(t *testing.T) error {
			_, err := peers.FindInvoice(t.Context(), "30000000-0000-0000-0000-000000000010")
			return err
		},
		"p2p POST": func(t *testing.T) error {
			_, err := peers.CreateInvoice(t.Context(), p2p.CreateInvoiceRequest{Type: p2p.DirectionIn, Amount: "1", Currency: "RUB", NotificationToken: secretHook}, true)
			return err
		},
		"intellectmoney POST": func(t *testing.T) error {
			_, err := money(intellectmoney.Credentials{UserToken: secretUserToken}).FindInvoice(t.Context(), "3000000000")
			return err
		},
		"intellectmoney token": func(t *testing.T) error {
			_, err := money(intellectmoney.Credentials{Login: "login", Password: secretIMPassword}).FindInvoice(t.Context(), "3000000000")
			return err
		},
	}
}

// recorded is a server that records what reaches it.
type recorded struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
}

func record(t *testing.T, serve http.HandlerFunc) *recorded {
	t.Helper()
	r := &recorded{}
	r.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(resp http.ResponseWriter, req *http.Request) {
		_, _ = io.ReadAll(req.Body)
		r.mu.Lock()
		r.requests = append(r.requests, req)
		r.mu.Unlock()
		serve(resp, req)
	}))
	r.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes fail on purpose
	t.Cleanup(r.Close)
	return r
}

func (r *recorded) seen() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests
}

// No call follows a redirect, to the same server or to another.
func TestNoGatewayFollowsARedirect(t *testing.T) {
	other := record(t, func(http.ResponseWriter, *http.Request) {})
	other.Start()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, target := range []string{"/elsewhere", other.URL + "/elsewhere", strings.Replace(other.URL, "127.0.0.1", "localhost", 1) + "/elsewhere"} {
			first := record(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/info/settings/token/") { // PayKeeper's POST needs a token first
					_, _ = w.Write([]byte(`{"token":"7bfad567ae2ea483f1cecf5d4d047632"}`))
					return
				}
				http.Redirect(w, r, target, status)
			})
			first.Start()
			for name, call := range wireCalls(first.URL) {
				before := len(first.seen())
				if err := call(t); err == nil || !strings.Contains(err.Error(), "redirect") {
					t.Errorf("%s, %d to %s: %v", name, status, target, err)
				}
				if len(first.seen()) == before {
					t.Errorf("%s: nothing was sent", name)
				}
			}
			for _, request := range first.seen() {
				if request.URL.Path == "/elsewhere" {
					t.Errorf("%d: %s followed the redirect on the same server", status, request.Method)
				}
			}
		}
	}
	if got := len(other.seen()); got != 0 {
		t.Errorf("%d requests reached the other server", got)
	}
}

// No gateway's client speaks TLS older than 1.2, and nothing is sent.
func TestNoGatewaySpeaksOldTLS(t *testing.T) {
	old := record(t, func(http.ResponseWriter, *http.Request) {})
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11} // the client must refuse it
	old.StartTLS()
	for name, call := range wireCalls(old.URL) {
		if err := call(t); err == nil || !strings.Contains(err.Error(), "protocol version") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := len(old.seen()); got != 0 {
		t.Errorf("%d requests were sent", got)
	}
}

// bareProvider leaves all settings to the environment.
const bareProvider = `provider "invoice" {}`

// wireLookUps asks every gateway something.
const wireLookUps = `
data "invoice_terminal" "it" { alias = "none" }
data "invoice_history" "paykeeper" { gateway = "paykeeper" }
data "invoice_history" "intellectmoney" { gateway = "intellectmoney" }
data "invoice_invoice" "p2p" {
  gateway = "p2p"
  id      = "30000000-0000-0000-0000-000000000010"
}
`

// at points all gateways to an address.
func (s *secretRun) at(baseURL string) {
	for variable, path := range map[string]string{"": "/invoice", "PAYKEEPER_": "/paykeeper", "INTELLECTMONEY_": "/intellectmoney", "P2P_": "/p2p"} {
		s.setenv("INVOICE_"+variable+"BASE_URL", baseURL+path)
	}
}

func (s *secretRun) failsSaying(count int, parts ...string) {
	s.T.Helper()
	output := s.mustFail("plan")
	for _, part := range parts {
		if got := strings.Count(output, part); got < count {
			s.T.Errorf("%q stands %d times in the errors, want %d: %s", part, got, count, output)
		}
	}
}

// The rest concerns the provider as a process, whose environment configures its connections.

func (s *secretRun) plainHTTP() {
	s.Write(bareProvider + wireLookUps)
	for _, address := range []string{"http://gateway.example", "http://0.0.0.0:1"} {
		s.at(address)
		s.failsSaying(4, "Invalid value", "would send credentials over plain http", "_BASE_URL")
	}
}

func (s *secretRun) proxies() {
	s.Write(bareProvider + wireLookUps)
	proxy := record(s.T, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	proxy.Start()
	for _, variable := range []string{"HTTP_PROXY", "HTTPS_PROXY"} {
		s.setenv(variable, proxy.URL)
		s.setenv(strings.ToLower(variable), proxy.URL)
	}
	s.setenv("NO_PROXY", "")
	s.setenv("no_proxy", "")
	// Plain http to a loopback host bypasses the proxy, which could read it.
	s.mustFail("plan") // the sandbox is empty
	if got := len(proxy.seen()); got != 0 || len(s.Sandbox.Requests()) < 4 {
		s.T.Errorf("%d requests on loopback went to the proxy, and %d to the gateways", got, len(s.Sandbox.Requests()))
	}
	s.at("https://gateway.example")
	s.failsSaying(4, "Forbidden")
	if len(proxy.seen()) < 4 {
		s.T.Errorf("%d requests reached the proxy, want one of each gateway", len(proxy.seen()))
	}
	for _, request := range proxy.seen() {
		if request.Method != http.MethodConnect || request.RequestURI != "gateway.example:443" {
			s.T.Errorf("the proxy saw %s %s", request.Method, request.RequestURI)
		}
		for name := range request.Header {
			if name != "User-Agent" {
				s.T.Errorf("the proxy saw the header %s", name)
			}
		}
	}
	s.searchAll()
}

func (s *secretRun) overTLS() {
	s.Write(bareProvider + wireLookUps)
	plain := record(s.T, func(http.ResponseWriter, *http.Request) {})
	plain.Start()
	secure := record(s.T, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	secure.TLS = &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12} // the oldest version that the client speaks
	secure.StartTLS()
	trusted := filepath.Join(s.T.TempDir(), "ca.pem")
	s.Must(os.WriteFile(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600))

	s.at(secure.URL)
	s.failsSaying(4, "certificate") // a certificate that nobody trusts
	if got := len(secure.seen()); got != 0 {
		s.T.Errorf("%d requests reached a server that nobody trusts", got)
	}
	s.setenv("SSL_CERT_FILE", trusted)
	s.failsSaying(4, "redirect") // from https to http
	if secure, plain := len(secure.seen()), len(plain.seen()); secure < 4 || plain != 0 {
		s.T.Errorf("%d requests over TLS and %d without, want 4 or more and none", secure, plain)
	}
	s.searchAll()
}
