package provider

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
)

// Each creation is stopped in each of its calls and in each kind of trouble, and then applied
// again. One object comes of it: none is lost, and none is made twice.
func TestStoppedCreationIsNeitherLostNorDoubled(t *testing.T) {
	for name, creation := range creations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStopScene(t)
			for trouble, misbehave := range troubles {
				for nth, more := 1, true; more; nth++ {
					what := fmt.Sprintf("%s, call %d", trouble, nth)
					before, twin := s.open(), false
					typeName, given := creation(s, s.key())
					request := s.calm.planNew(typeName, given)
					var resp *tfprotov6.ApplyResourceChangeResponse
					troubled := s.troubledRun()
					more = s.stopped(t, nth, misbehave, func(ctx context.Context) []*tfprotov6.Diagnostic {
						resp, _ = troubled.server.ApplyResourceChange(ctx, request)
						return resp.Diagnostics
					})
					if status := s.text(typeName, resp.NewState, "status"); status == ledger.StatusUnknown && (name == "refund" || name == "payout") {
						// The outcome is unknown, so the object is kept and not sent again.
						if s.open() > before+1 {
							t.Errorf("%s: %d were made", what, s.open()-before)
						}
						refused := s.apply(t, typeName, resp.NewState, nil, resp.Private)
						if !hasError(refused.Diagnostics) {
							t.Errorf("%s: it can be destroyed", what)
						}
						continue
					}
					if name == "refund" || name == "payout" {
						// What was certainly not sent is not kept.
						if hasError(resp.Diagnostics) && s.open() != before {
							t.Errorf("%s: it was made, and the state does not know", what)
						}
					}
					for _, d := range s.applyAgain(t, request, resp) {
						twin = twin || d.Summary == "The order has another open invoice"
					}
					// PayKeeper's order ids are not unique, so an existing invoice cannot be taken
					// for the stopped one. A warning names it instead.
					want := before + 1
					if twin {
						want++
					}
					if got := s.open(); got != want {
						t.Errorf("%s: %d open objects after the next apply, want %d", what, got-before, want-before)
					}
				}
			}
		})
	}
}

// applyAgain does what the next apply does after a creation that was stopped.
func (s *stopScene) applyAgain(t *testing.T, request *tfprotov6.ApplyResourceChangeRequest, stopped *tfprotov6.ApplyResourceChangeResponse) []*tfprotov6.Diagnostic {
	t.Helper()
	state := stopped.NewState
	if s.isThere(request.TypeName, state) {
		read := s.read(t, request.TypeName, state, stopped.Private)
		if !hasError(stopped.Diagnostics) {
			return nil // the creation succeeded, so nothing is left to do
		}
		// The object is tainted, so it is destroyed and created.
		if s.isThere(request.TypeName, read.NewState) {
			if destroyed := s.apply(t, request.TypeName, read.NewState, nil, read.Private); hasError(destroyed.Diagnostics) {
				t.Errorf("destroying what was stopped: %s", describe(destroyed.Diagnostics))
			}
		}
	}
	again, err := s.calm.server.ApplyResourceChange(context.Background(), request)
	s.check(err)
	if hasError(again.Diagnostics) {
		t.Errorf("the next apply: %s", describe(again.Diagnostics))
	}
	return again.Diagnostics
}

// An existing object is read and destroyed, and stopped in each of the calls. It stays in the
// state as it was, and a second attempt works.
func TestStoppedReadOrDestroyLosesNothing(t *testing.T) {
	for name, creation := range creations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStopScene(t)
			for trouble, misbehave := range troubles {
				for nth, more := 1, true; more; nth++ {
					typeName, given := creation(s, s.key())
					created, err := s.calm.server.ApplyResourceChange(context.Background(), s.calm.planNew(typeName, given))
					s.calm.ok(err, created.Diagnostics)
					open, troubled := s.open(), s.troubledRun()
					var read *tfprotov6.ReadResourceResponse
					more = s.stopped(t, nth, misbehave, func(ctx context.Context) []*tfprotov6.Diagnostic {
						read, _ = troubled.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
							TypeName: typeName, CurrentState: created.NewState, Private: created.Private, CurrentIdentity: created.NewIdentity,
						})
						return read.Diagnostics
					})
					if !s.isThere(typeName, read.NewState) {
						t.Errorf("%s, call %d: it is gone after a read that was stopped", trouble, nth)
					}
					request := s.change(typeName, created.NewState, nil, created.Private)
					var destroyed *tfprotov6.ApplyResourceChangeResponse
					more = s.stopped(t, nth, misbehave, func(ctx context.Context) []*tfprotov6.Diagnostic {
						destroyed, _ = troubled.server.ApplyResourceChange(ctx, request)
						return destroyed.Diagnostics
					}) || more
					if hasError(destroyed.Diagnostics) != s.isThere(typeName, destroyed.NewState) {
						t.Errorf("%s, call %d: in the state: %t, after %s", trouble, nth, s.isThere(typeName, destroyed.NewState), describe(destroyed.Diagnostics))
					}
					// A terminal and a refund are only forgotten.
					if !hasError(destroyed.Diagnostics) && typeName != "invoice_terminal" && typeName != "invoice_refund" && s.open() != open-1 {
						t.Errorf("%s, call %d: it is destroyed in the state only", trouble, nth)
					}
					if again := s.apply(t, typeName, created.NewState, nil, created.Private); hasError(again.Diagnostics) {
						t.Errorf("%s, call %d: destroying it again: %s", trouble, nth, describe(again.Diagnostics))
					}
				}
			}
		})
	}
}

func TestStoppedLookUpEndsAtOnce(t *testing.T) {
	of := func(gateway string, id tftypes.Value) map[string]tftypes.Value {
		return map[string]tftypes.Value{"gateway": text(gateway), "id": id}
	}
	// The history fills more than a page.
	history := func(s *stopScene, gateway string) (string, map[string]tftypes.Value) {
		s.check(s.box.SeedHistory(110, 1))
		return "invoice_history", map[string]tftypes.Value{"gateway": text(gateway)}
	}
	for name, c := range map[string]struct {
		calls int // the minimum
		ask   func(s *stopScene) (typeName string, given map[string]tftypes.Value)
	}{
		"terminal": {1, func(*stopScene) (string, map[string]tftypes.Value) {
			return "invoice_terminal", map[string]tftypes.Value{"alias": text("web")}
		}},
		"payment": {1, func(s *stopScene) (string, map[string]tftypes.Value) {
			return "invoice_payment", map[string]tftypes.Value{"id": text(s.paid)}
		}},
		"refund": {1, func(s *stopScene) (string, map[string]tftypes.Value) {
			return "invoice_refund", map[string]tftypes.Value{"id": s.calm.create(creations["refund"](s, ""))["id"]}
		}},
		"PayKeeper invoice": {1, func(s *stopScene) (string, map[string]tftypes.Value) {
			return "invoice_invoice", of("paykeeper", s.calm.create(creations["PayKeeper invoice"](s, "a"))["id"])
		}},
		"P2P invoice": {1, func(s *stopScene) (string, map[string]tftypes.Value) {
			return "invoice_invoice", of("p2p", s.calm.create(creations["P2P invoice"](s, "a"))["id"])
		}},
		"IntellectMoney invoice": {2, func(s *stopScene) (string, map[string]tftypes.Value) {
			invoice, err := s.box.IntellectMoney.Add(intellectmoney.Invoice{})
			s.check(err)
			return "invoice_invoice", of("intellectmoney", text(invoice.ID))
		}},
		"PayKeeper's history":      {4, func(s *stopScene) (string, map[string]tftypes.Value) { return history(s, "paykeeper") }},
		"IntellectMoney's history": {3, func(s *stopScene) (string, map[string]tftypes.Value) { return history(s, "intellectmoney") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStopScene(t)
			typeName, given := c.ask(s)
			config := s.calm.encode(filled(s.calm.schemas.DataSourceSchemas[typeName].ValueType(), given))
			for trouble, misbehave := range troubles {
				if strings.HasPrefix(trouble, "done and not") || strings.HasPrefix(trouble, "done and cut") {
					continue // a read does not care whether it was carried out
				}
				nth := 0
				for more := true; more; {
					nth++
					troubled := s.troubledRun()
					more = s.stopped(t, nth, misbehave, func(ctx context.Context) []*tfprotov6.Diagnostic {
						resp, _ := troubled.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: config})
						if !hasError(resp.Diagnostics) && resp.State == nil {
							t.Errorf("%s, call %d: neither data nor an error", trouble, nth)
						}
						return resp.Diagnostics
					})
				}
				if nth <= c.calls {
					t.Errorf("it took %d calls, want %d at least: not all is tested", nth-1, c.calls)
				}
			}
		})
	}
}

func hasError(diagnostics []*tfprotov6.Diagnostic) bool {
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

func describe(diagnostics []*tfprotov6.Diagnostic) string {
	var b strings.Builder
	for _, d := range diagnostics {
		fmt.Fprintf(&b, "%s: %s: %s\n", d.Severity, d.Summary, d.Detail)
	}
	return b.String()
}
