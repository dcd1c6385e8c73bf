//go:build unix

package chaos

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// sendTerminal creates a terminal with an ordinary client.
func (w *workspace) sendTerminal(client *http.Client, alias string) (*http.Response, error) {
	w.t.Helper()
	body := fmt.Sprintf(`{"name":"Касса","alias":%q,"type":"dynamic"}`, alias)
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.base+"/invoice/api/v2/CreateTerminal", strings.NewReader(body))
	check(w.t, err)
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(invoiceapi.TestMerchantID, invoiceapi.TestAPIKey)
	response, err := client.Do(req)
	if err == nil {
		_ = response.Body.Close()
	}
	return response, err
}

// TestServersThemselves checks the servers that the other tests rely on. They do not
// repeat requests, so what arrives twice was sent twice. They answer before the work is
// done.
func TestServersThemselves(t *testing.T) {
	for _, server := range servers {
		t.Run(server.name, func(t *testing.T) {
			w, endpoint := newWorkspaceBehind(t, server)
			client := endpoint.newClient(t, false)
			for _, fault := range server.faults {
				w.box.ClearFaults()
				w.box.ResetRequests()
				w.box.Inject(fault)
				before, err := w.box.InvoiceAPI.Terminals.All()
				check(t, err)
				response, err := w.sendTerminal(client, string(fault.Kind))
				w.waitForLateWork()
				if sent := w.box.Requests("CreateTerminal"); len(sent) != 1 {
					t.Errorf("%s: one call came as %d", fault.Kind, len(sent))
				}
				after, listErr := w.box.InvoiceAPI.Terminals.All()
				check(t, listErr)
				if isDone := len(after) > len(before); isDone != (fault.Kind != sandbox.FaultCut) {
					t.Errorf("%s: the work is done: %t", fault.Kind, isDone)
				}
				checkAnswer(t, server.name, fault, response, err)
			}
		})
	}
}

func checkAnswer(t *testing.T, server string, fault sandbox.Fault, response *http.Response, err error) {
	t.Helper()
	switch isLate := fault.Kind == sandbox.FaultLate; {
	case fault.Kind == sandbox.FaultHalfBody: // the status is sent before the body
	case err == nil && response.StatusCode == http.StatusOK:
		t.Errorf("%s: the server answers as if nothing had gone wrong", fault.Kind)
	case isLate && strings.HasPrefix(server, "Varnish") && (err != nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == ""):
		t.Errorf("a slow gateway: %v %v, want 503 with Retry-After", response, err)
	case isLate && strings.HasPrefix(server, "nginx") && (err != nil || response.StatusCode != http.StatusGatewayTimeout):
		t.Errorf("a slow gateway: %v %v, want 504", response, err)
	}
}

// TestResettingServerItself checks that the server which resets streams makes a client
// of HTTP/2 send a POST again and again.
func TestResettingServerItself(t *testing.T) {
	w, endpoint := newWorkspaceBehind(t, serverKind{start: startResetting})
	client := endpoint.newClient(t, true)
	client.Timeout = time.Second
	_, err := w.sendTerminal(client, "till")
	if sent := len(w.box.Requests("CreateTerminal")); err == nil || sent < 2 || endpoint.inHTTP2.Load() != int64(sent) {
		t.Errorf("HTTP/2: one call came as %d, error %v", sent, err)
	}
}

// TestEveryCallThroughServers makes every call that changes a gateway fail behind each of
// the servers.
func TestEveryCallThroughServers(t *testing.T) {
	runs := &faultRuns{through: map[string]bool{}}
	t.Run("through", func(t *testing.T) {
		for _, server := range servers[:size(1, len(servers))] {
			t.Run(server.name, func(t *testing.T) {
				for _, fault := range server.faults {
					runs.test(t, fault, &server)
				}
			})
		}
	})
	addFigure("through %s: %s", strings.Join(keys(runs.through), ", "), runs)
}
