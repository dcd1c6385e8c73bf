package provider

import (
	"context"
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// These tests stop the provider over the plugin protocol, in every call that there is.
// stopping_test.go tests that the CLI's Ctrl-C arrives as such a stop.

// stopLimit is the maximum time between the stop and the end of a request. A user waits for a
// second at most, and a free machine needs milliseconds. Tests run beside others, on slow
// machines, with the race detector. What overlooks the stop goes on for 30 seconds and more.
// These providers have no stopGrace, so that creations end at once too.
// stopping_process_test.go tests the grace.
const stopLimit = 5 * time.Second

// troubles are the ways in which a call leads to waiting: for an answer, for the rest of it,
// or, with pauses of a minute, before a repetition or a look-up.
var troubles = map[string]*misbehaviour{
	"nothing is done or answered": hangs, "done and not answered": worksAndHangs, "done and half answered": worksAndHangsInTheAnswer,
	"done and cut": worksAndCuts, "503": fails, "429 with Retry-After": tellsToWait,
}

// patientProvider pauses for a minute before a repetition.
func patientProvider() *invoiceProvider {
	return &invoiceProvider{version: "test", waitMin: time.Minute, waitMax: time.Minute}
}

// stopScene has one sandbox and two providers. The calm one talks to the sandbox, and the other
// one gets into trouble on the way.
type stopScene struct {
	t           *testing.T
	box         *gateways.Sandbox
	front       *front
	calm        *plugin6
	terminal    string // the id of a terminal
	paid        string // the id of a paid payment
	objects     int    // the number of keys that were given out
	troubledRun func() *plugin6
}

func newStopScene(t *testing.T, dialect ...string) *stopScene {
	t.Helper()
	s := &stopScene{t: t, box: clitest.OpenSandbox(t, dialect...)}
	direct := httptest.NewServer(s.box.Handler())
	t.Cleanup(direct.Close)
	s.front = before(t, s.box.Handler())
	s.calm = newPluginWith(t, &invoiceProvider{version: "test"}, direct.URL, nil)
	s.troubledRun = func() *plugin6 { return newPluginWith(t, patientProvider(), s.front.URL, nil) }
	_ = s.calm.create("invoice_terminal", map[string]tftypes.Value{"alias": text("web"), "name": text("n")})["id"].As(&s.terminal)
	_ = s.calm.create("invoice_payment_link", s.link(nil))["id"].As(&s.paid)
	s.check(s.box.InvoiceAPI.Pay(s.paid, invoiceapi.TestCard))
	return s
}

func (s *stopScene) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stopScene) key() string {
	s.objects++
	return fmt.Sprintf("key-%d", s.objects)
}

func (s *stopScene) link(orderID any) map[string]tftypes.Value {
	return map[string]tftypes.Value{
		"terminal_id": text(s.terminal), "amount": text("10"), "currency": text("RUB"), "when_unpayable": text("keep"), "receipt": s.calm.noReceipt(),
		"order_id": tftypes.NewValue(tftypes.String, orderID),
	}
}

func (s *stopScene) invoice(orderID, gateway string, block map[string]tftypes.Value) map[string]tftypes.Value {
	return map[string]tftypes.Value{
		"amount": text("100"), "deletion_protection": tftypes.NewValue(tftypes.Bool, false), "currency": text("RUB"), "when_unpayable": text("keep"), "order_id": text(orderID),
		gateway: s.calm.nested("invoice_invoice", gateway, block),
	}
}

func (s *stopScene) p2p(direction string) map[string]tftypes.Value {
	block := map[string]tftypes.Value{
		"direction": text(direction), "notification_url": text("https://shop.example.com/hook"), "notification_token": text("token"), "payment_method": text("sberbank"),
	}
	if direction == "out" {
		of := attributeType(attributeType(s.calm.schemas.ResourceSchemas["invoice_invoice"].ValueType(), "p2p"), "payment_requisites")
		block["payment_option"] = text("TO_CARD")
		block["payment_requisites"] = filled(of, map[string]tftypes.Value{"requisites": text("2200000000000053")})
	}
	return block
}

// open counts the objects that can be paid, or by which money moves.
func (s *stopScene) open() int {
	s.t.Helper()
	terminals, err := s.box.InvoiceAPI.Terminals.All()
	s.check(err)
	refunds, err := s.box.InvoiceAPI.Refunds.All()
	s.check(err)
	count := len(terminals) + len(refunds)
	payments, err := s.box.InvoiceAPI.Payments.All()
	s.check(err)
	for _, one := range payments {
		if one.Status == "init" {
			count++
		}
	}
	paykeeper, err := s.box.PayKeeper.Invoices.All()
	s.check(err)
	for _, one := range paykeeper {
		if one.Status == "created" || one.Status == "sent" {
			count++
		}
	}
	p2p, err := s.box.P2P.Invoices.All()
	s.check(err)
	for _, one := range p2p {
		if one.Status == "new" {
			count++
		}
	}
	return count
}

// refundSequence makes each refund of one payment another one.
var refundSequence atomic.Int64

var creations = map[string]func(s *stopScene, key string) (typeName string, given map[string]tftypes.Value){
	"terminal": func(_ *stopScene, key string) (string, map[string]tftypes.Value) {
		return "invoice_terminal", map[string]tftypes.Value{"alias": text(key), "name": text("n")}
	},
	"link": func(s *stopScene, key string) (string, map[string]tftypes.Value) {
		return "invoice_payment_link", s.link(key)
	},
	"link with a made order id": func(s *stopScene, _ string) (string, map[string]tftypes.Value) {
		return "invoice_payment_link", s.link(nil)
	},
	"PayKeeper invoice": func(s *stopScene, key string) (string, map[string]tftypes.Value) {
		// The invoice is to be mailed, which is two calls more.
		return "invoice_invoice", s.invoice(key, "paykeeper", map[string]tftypes.Value{
			"client_email": text("a@example.com"), "send": tftypes.NewValue(tftypes.Bool, true),
		})
	},
	"P2P invoice": func(s *stopScene, key string) (string, map[string]tftypes.Value) {
		return "invoice_invoice", s.invoice(key, "p2p", s.p2p("in"))
	},
	"payout": func(s *stopScene, key string) (string, map[string]tftypes.Value) {
		return "invoice_invoice", s.invoice(key, "p2p", s.p2p("out"))
	},
	"refund": func(s *stopScene, _ string) (string, map[string]tftypes.Value) {
		return "invoice_refund", map[string]tftypes.Value{
			"payment_id": text(s.paid), "amount": text("0.01"), "currency": text("RUB"), "receipt": s.calm.noReceipt(),
			"sequence": tftypes.NewValue(tftypes.Number, refundSequence.Add(1)), "deletion_protection": tftypes.NewValue(tftypes.Bool, false),
		}
	},
}

// stopped runs a request and stops it in the trouble of its nth call. It reports whether the
// request has such a call.
func (s *stopScene) stopped(t *testing.T, nth int, trouble *misbehaviour, request func(ctx context.Context) []*tfprotov6.Diagnostic) bool {
	t.Helper()
	s.front.behave(func(c frontCall) *misbehaviour {
		if c.count != nth {
			return nil
		}
		return trouble
	})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	reached := s.front.inTrouble(ctx, 1)
	ended := make(chan []*tfprotov6.Diagnostic, 1)
	go func() { ended <- request(ctx) }()
	select {
	case <-ended:
		return s.front.received() >= nth
	case <-reached:
	}
	// The request needs time to get from the answer into the pause. If this is not enough, the
	// stop comes earlier and has to work as well.
	select {
	case <-ended:
		return true
	case <-time.After(20 * time.Millisecond):
	}
	stop()
	select {
	case diagnostics := <-ended:
		// A cut call may have ended well, since net/http repeats a GET at once on a connection
		// that was kept.
		if len(diagnostics) == 0 && s.front.received() == nth {
			t.Errorf("call %d: the request was stopped, and says nothing", nth)
		}
	case <-time.After(stopLimit):
		t.Fatalf("call %d: the request still goes on %s after the stop", nth, stopLimit)
	}
	return true
}

func (s *stopScene) isThere(typeName string, state *tfprotov6.DynamicValue) bool {
	s.t.Helper()
	if state == nil {
		return false
	}
	value, err := state.Unmarshal(s.calm.schemas.ResourceSchemas[typeName].ValueType())
	s.check(err)
	return !value.IsNull()
}

func (s *stopScene) text(typeName string, state *tfprotov6.DynamicValue, attribute string) string {
	s.t.Helper()
	if !s.isThere(typeName, state) {
		return ""
	}
	var value string
	if one, ok := s.calm.decode(state, s.calm.schemas.ResourceSchemas[typeName].ValueType())[attribute]; ok && !one.IsNull() {
		s.check(one.As(&value))
	}
	return value
}

func (s *stopScene) read(t *testing.T, typeName string, state *tfprotov6.DynamicValue, private []byte) *tfprotov6.ReadResourceResponse {
	t.Helper()
	resp, err := s.calm.server.ReadResource(context.Background(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: state, Private: private})
	s.check(err)
	if hasError(resp.Diagnostics) {
		t.Errorf("reading %s: %s", typeName, describe(resp.Diagnostics))
	}
	return resp
}

// change is the request that turns one state into another. If planned is nil, it destroys,
// which is planned first.
func (s *stopScene) change(typeName string, prior, planned *tfprotov6.DynamicValue, private []byte) *tfprotov6.ApplyResourceChangeRequest {
	s.t.Helper()
	if planned == nil {
		planned = s.calm.encode(tftypes.NewValue(s.calm.schemas.ResourceSchemas[typeName].ValueType(), nil))
		plan, err := s.calm.server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: typeName, PriorState: prior, ProposedNewState: planned, Config: planned, PriorPrivate: private,
		})
		s.check(err)
		if !hasError(plan.Diagnostics) {
			private = plan.PlannedPrivate
		}
	}
	return &tfprotov6.ApplyResourceChangeRequest{TypeName: typeName, PriorState: prior, PlannedState: planned, Config: planned, PlannedPrivate: private}
}

func (s *stopScene) apply(t *testing.T, typeName string, prior, planned *tfprotov6.DynamicValue, private []byte) *tfprotov6.ApplyResourceChangeResponse {
	t.Helper()
	resp, err := s.calm.server.ApplyResourceChange(context.Background(), s.change(typeName, prior, planned, private))
	s.check(err)
	return resp
}
