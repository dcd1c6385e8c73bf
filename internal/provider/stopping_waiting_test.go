package provider

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// Requests that wait for one another all end with the stop. None waits for the end of the one
// before it.
func TestStopEndsAllWhoWaitForOneAnother(t *testing.T) {
	slow := map[string]tftypes.Value{"requests_per_second": tftypes.NewValue(tftypes.Number, 0.01)}
	for name, c := range map[string]struct {
		creation string
		same     bool // all requests have one key
		settings map[string]tftypes.Value
	}{
		"for the lock of an alias":           {"terminal", true, nil},
		"for the lock of an order":           {"link", true, nil},
		"for the lock of a P2P order":        {"P2P invoice", true, nil},
		"for the lock of a PayKeeper order":  {"PayKeeper invoice", true, nil},
		"for a token":                        {"PayKeeper invoice", false, nil},
		"for requests_per_second":            {"terminal", false, slow},
		"for requests_per_second, refunds":   {"refund", false, slow},
		"for requests_per_second, PayKeeper": {"PayKeeper invoice", false, slow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStopScene(t)
			troubled := newPluginWith(t, patientProvider(), s.front.URL, c.settings)
			s.front.behave(func(call frontCall) *misbehaviour {
				if name == "for a token" && call.operation != "token" {
					return nil
				}
				return hangs
			})
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			reached := s.front.inTrouble(ctx, 1)
			open := s.open()
			var all sync.WaitGroup
			plan := func() *tfprotov6.ApplyResourceChangeRequest {
				typeName, given := creations[c.creation](s, s.key())
				return s.calm.planNew(typeName, given)
			}
			request := plan() // a second plan of one order would be refused
			for range 20 {
				if !c.same {
					request = plan()
				}
				request := request
				all.Go(func() {
					resp, _ := troubled.server.ApplyResourceChange(ctx, request)
					if !hasError(resp.Diagnostics) {
						t.Errorf("it was stopped, and says: %s", describe(resp.Diagnostics))
					}
				})
			}
			<-reached
			time.Sleep(100 * time.Millisecond) // the others begin to wait
			stop()
			ended := make(chan struct{})
			go func() { all.Wait(); close(ended) }()
			select {
			case <-ended:
			case <-time.After(stopLimit):
				t.Fatalf("they still wait %s after the stop", stopLimit)
			}
			// Calls that do not hang are not counted: on a busy machine a look-up may be repeated.
			if got := s.front.troubled(); got != 1 {
				t.Errorf("%d calls hang, want 1: the others did not wait for it", got)
			}
			if got := s.open(); got != open {
				t.Errorf("%d were made", got-open)
			}
		})
	}
}

// Terraform sends the stop without waiting for what it is sending at the time. A request that
// comes after it ends at once. Once configured again, the provider works.
func TestStopEndsWhatComesAfterIt(t *testing.T) {
	s := newStopScene(t)
	troubled := s.troubledRun()
	s.front.behave(func(frontCall) *misbehaviour { return hangs })
	created, err := s.calm.server.ApplyResourceChange(context.Background(), s.calm.planNew("invoice_terminal", map[string]tftypes.Value{"alias": text("a"), "name": text("n")}))
	s.calm.ok(err, created.Diagnostics)
	request := s.calm.planNew("invoice_terminal", map[string]tftypes.Value{"alias": text("b"), "name": text("n")})
	lookUp := s.calm.encode(filled(s.calm.schemas.DataSourceSchemas["invoice_terminal"].ValueType(), map[string]tftypes.Value{"alias": text("a")}))
	requests := map[string]func(*plugin6) []*tfprotov6.Diagnostic{
		"apply": func(p *plugin6) []*tfprotov6.Diagnostic {
			resp, _ := p.server.ApplyResourceChange(context.Background(), request)
			return resp.Diagnostics
		},
		"read": func(p *plugin6) []*tfprotov6.Diagnostic {
			resp, _ := p.server.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: "invoice_terminal", CurrentState: created.NewState, Private: created.Private})
			return resp.Diagnostics
		},
		"data source": func(p *plugin6) []*tfprotov6.Diagnostic {
			resp, _ := p.server.ReadDataSource(context.Background(), &tfprotov6.ReadDataSourceRequest{TypeName: "invoice_terminal", Config: lookUp})
			return resp.Diagnostics
		},
	}
	_, err = troubled.server.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
	s.check(err)
	for name, request := range requests {
		ended := make(chan []*tfprotov6.Diagnostic, 1)
		go func() { ended <- request(troubled) }()
		select {
		case diagnostics := <-ended:
			if !hasError(diagnostics) {
				t.Errorf("%s after the stop says: %s", name, describe(diagnostics))
			}
		case <-time.After(stopLimit):
			t.Fatalf("%s after the stop goes on for %s", name, stopLimit)
		}
	}
	if got := s.front.received(); got != 0 {
		t.Errorf("%d calls were sent after the stop", got)
	}
	// So does a request that is under way.
	reached := s.front.inTrouble(t.Context(), 1)
	troubled = s.troubledRun()
	ended := make(chan []*tfprotov6.Diagnostic, 1)
	go func() { ended <- requests["apply"](troubled) }()
	<-reached
	_, err = troubled.server.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
	s.check(err)
	select {
	case diagnostics := <-ended:
		if !hasError(diagnostics) {
			t.Errorf("it was stopped, and says: %s", describe(diagnostics))
		}
	case <-time.After(stopLimit):
		t.Error("what was under way goes on after the stop")
	}
	s.front.behave(nil)
	config := s.calm.encode(filled(troubled.schemas.Provider.ValueType(), map[string]tftypes.Value{
		"invoice": filled(attributeType(troubled.schemas.Provider.ValueType(), "invoice"), map[string]tftypes.Value{
			"merchant_id": text(invoiceapi.TestMerchantID), "api_key": text(invoiceapi.TestAPIKey), "base_url": text(s.front.URL + "/invoice/api/v2"),
		}),
	}))
	configured, err := troubled.server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{Config: config})
	s.calm.ok(err, configured.Diagnostics)
	for name, request := range requests {
		if diagnostics := request(troubled); hasError(diagnostics) {
			t.Errorf("%s in the next run: %s", name, describe(diagnostics))
		}
	}
}
