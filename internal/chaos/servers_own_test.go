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

// sendTerminal makes a terminal, as an ordinary client does.
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

// What the harness proves depends on its servers: they do not repeat by
// themselves, so whatever arrives twice was sent twice; and they answer while the
// work is going on.
func TestServersThemselves(t *testing.T) {
	for _, one := range servers {
		t.Run(one.name, func(t *testing.T) {
			w, f := newWorkspaceBehind(t, one)
			client := f.client(t, false)
			for _, fault := range one.provoke {
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
				checkAnswer(t, one.name, fault, response, err)
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

// The server that resets streams makes any client of HTTP/2 send a POST again and
// again. A client of HTTP/1.1 sends it once.
func TestResettingServerItself(t *testing.T) {
	w, f := newWorkspaceBehind(t, server{start: startResetting})
	client := f.client(t, true)
	client.Timeout = time.Second
	_, err := w.sendTerminal(client, "till")
	if sent := len(w.box.Requests("CreateTerminal")); err == nil || sent < 2 || f.inHTTP2.Load() != int64(sent) {
		t.Errorf("HTTP/2: one call came as %d, error %v", sent, err)
	}
}

// Every call that changes a gateway goes wrong behind each of the servers.
func TestEveryCallThroughServers(t *testing.T) {
	days := &badDays{through: map[string]bool{}}
	t.Run("through", func(t *testing.T) {
		for _, server := range servers[:size(1, len(servers))] {
			t.Run(server.name, func(t *testing.T) {
				for _, fault := range server.provoke {
					days.try(t, fault, &server)
				}
			})
		}
	})
	figure("through %s: %s", strings.Join(keys(days.through), ", "), days)
}
