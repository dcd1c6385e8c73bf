package provider

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// These tests stop the provider over the plugin protocol, in every call that
// there is. That the CLI's Ctrl-C arrives as such a stop is tested in
// stopping_test.go.

// stopLimit is what a test allows between the stop and the end of a request. A
// user waits for a second at most, and a free machine needs milliseconds; tests
// run beside others, on slow machines, with the race detector. What overlooks
// the stop goes on for 30 seconds and more.
const stopLimit = 5 * time.Second

// troubles are the ways in which a call leads to waiting: for an answer, for
// the rest of it, or, with pauses of a minute, before a repetition or a look-up.
var troubles = map[string]*misbehaviour{
	"nothing is done or answered": hangs, "done and not answered": worksAndHangs, "done and half answered": worksAndHangsInTheAnswer,
	"done and cut": worksAndCuts, "503": fails, "429 with Retry-After": tellsToWait,
}

// patientProvider pauses for a minute before a repetition.
func patientProvider() *invoiceProvider {
	return &invoiceProvider{version: "test", waitMin: time.Minute, waitMax: time.Minute}
}

// stopScene has one sandbox and two providers: a calm one that talks to it, and one
// that gets into trouble on the way.
type stopScene struct {
	t           *testing.T
	box         *sandbox.Sandbox
	front       *front
	calm        *plugin6
	terminal    string // the id of a terminal
	paid        string // the id of a paid payment
	objects     int    // how many have been asked for, for keys
	troubledRun func() *plugin6
}

func newStopScene(t *testing.T) *stopScene {
	t.Helper()
	s := &stopScene{t: t, box: openSandbox(t)}
	direct := httptest.NewServer(s.box.Handler())
	t.Cleanup(direct.Close)
	s.front = before(t, s.box.Handler())
	s.calm = newPluginWith(t, &invoiceProvider{version: "test"}, direct.URL, nil)
	s.troubledRun = func() *plugin6 { return newPluginWith(t, patientProvider(), s.front.URL, nil) }
	_ = s.calm.create("invoice_terminal", map[string]tftypes.Value{"alias": text("web"), "name": text("n")})["id"].As(&s.terminal)
	_ = s.calm.create("invoice_payment_link", s.link(nil))["id"].As(&s.paid)
	s.check(s.box.PayInvoicePayment(s.paid, sandbox.TestCard))
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
		// Two payouts of the same money would be taken for a replacement.
		"amount": text(strconv.Itoa(100 + s.objects)), "currency": text("RUB"), "when_unpayable": text("keep"), "order_id": text(orderID),
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
	terminals, err := s.box.InvoiceTerminals()
	s.check(err)
	refunds, err := s.box.InvoiceRefunds()
	s.check(err)
	count := len(terminals) + len(refunds)
	payments, err := s.box.InvoicePayments()
	s.check(err)
	for _, one := range payments {
		if one.Status == "init" {
			count++
		}
	}
	paykeeper, err := s.box.PayKeeperInvoices()
	s.check(err)
	for _, one := range paykeeper {
		if one.Status == "created" || one.Status == "sent" {
			count++
		}
	}
	p2p, err := s.box.P2PInvoices()
	s.check(err)
	for _, one := range p2p {
		if one.Status == "new" {
			count++
		}
	}
	return count
}

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
		// To be sent, which is two calls more.
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
		}
	},
}

// stopped runs a request, stops it in the trouble of its nth call, and tells
// whether it had such a call.
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
	// Time to get from the answer into the pause. Should it not be enough, the stop
	// comes earlier, and has to work as well.
	select {
	case <-ended:
		return true
	case <-time.After(20 * time.Millisecond):
	}
	stop()
	select {
	case diagnostics := <-ended:
		// What was cut may have ended well: on a connection that was kept, net/http
		// repeats a GET at once.
		if len(diagnostics) == 0 && s.front.received() == nth {
			t.Errorf("call %d: the request was stopped, and says nothing", nth)
		}
	case <-time.After(stopLimit):
		t.Fatalf("call %d: the request still goes on %s after the stop", nth, stopLimit)
	}
	return true
}

// Whatever is created is stopped in each of its calls, in each kind of trouble,
// and then applied again: one object comes of it. None is lost, and none made
// twice.
func TestStopInEveryCallOfACreation(t *testing.T) {
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
					if status := s.text(typeName, resp.NewState, "status"); status == statusUnknown && name != "link with a made order id" {
						// A refund or a payout of which nobody knows: it is kept, and not sent again.
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
						// Of what was certainly not sent, nothing is kept.
						if hasError(resp.Diagnostics) && s.open() != before {
							t.Errorf("%s: it was made, and the state does not know", what)
						}
					}
					for _, d := range s.applyAgain(t, request, resp) {
						twin = twin || d.Summary == "The order has another open invoice"
					}
					// PayKeeper's order ids are not unique, so what is there cannot be
					// taken for what was stopped: it is told instead.
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
			return nil // it is created
		}
		// It is tainted, so it is destroyed and created.
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

// What is there is read and destroyed, and stopped in each of the calls: it
// stays in the state as it was, and a second time it works.
func TestStopInEveryCallOnWhatIsThere(t *testing.T) {
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

func TestStopInEveryCallOfALookUp(t *testing.T) {
	of := func(gateway string, id tftypes.Value) map[string]tftypes.Value {
		return map[string]tftypes.Value{"gateway": text(gateway), "id": id}
	}
	// More than a page.
	history := func(s *stopScene, gateway string) (string, map[string]tftypes.Value) {
		s.check(s.box.SeedHistory(110, 1))
		return "invoice_history", map[string]tftypes.Value{"gateway": text(gateway)}
	}
	for name, c := range map[string]struct {
		calls int // at least
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
			invoice, err := s.box.AddIntellectMoneyInvoice(sandbox.IntellectMoneyInvoice{})
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
					continue // for what only reads it is all the same whether it was done
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

// change is the request that makes one state of another; nil is to destroy.
func (s *stopScene) change(typeName string, prior, planned *tfprotov6.DynamicValue, private []byte) *tfprotov6.ApplyResourceChangeRequest {
	s.t.Helper()
	if planned == nil {
		planned = s.calm.encode(tftypes.NewValue(s.calm.schemas.ResourceSchemas[typeName].ValueType(), nil))
	}
	return &tfprotov6.ApplyResourceChangeRequest{TypeName: typeName, PriorState: prior, PlannedState: planned, Config: planned, PlannedPrivate: private}
}

func (s *stopScene) apply(t *testing.T, typeName string, prior, planned *tfprotov6.DynamicValue, private []byte) *tfprotov6.ApplyResourceChangeResponse {
	t.Helper()
	resp, err := s.calm.server.ApplyResourceChange(context.Background(), s.change(typeName, prior, planned, private))
	s.check(err)
	return resp
}

// Requests that wait for one another all end with the stop: none waits for the
// end of one before it in the queue.
func TestStopWhileWaitingForAnother(t *testing.T) {
	slow := map[string]tftypes.Value{"requests_per_second": tftypes.NewValue(tftypes.Number, 0.01)}
	for name, c := range map[string]struct {
		creation string
		same     bool // all under one key
		settings map[string]tftypes.Value
		calls    int // that arrive, at most
	}{
		"for the lock of an alias":           {"terminal", true, nil, 1},
		"for the lock of an order":           {"link", true, nil, 1},
		"for the lock of a P2P order":        {"P2P invoice", true, nil, 1},
		"for the lock of a PayKeeper order":  {"PayKeeper invoice", true, nil, 1},
		"for a token":                        {"PayKeeper invoice", false, nil, 21},
		"for requests_per_second":            {"terminal", false, slow, 1},
		"for requests_per_second, refunds":   {"refund", false, slow, 1},
		"for requests_per_second, PayKeeper": {"PayKeeper invoice", false, slow, 1},
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
			key := s.key()
			for range 20 {
				if !c.same {
					key = s.key()
				}
				typeName, given := creations[c.creation](s, key)
				request := s.calm.planNew(typeName, given)
				all.Go(func() {
					resp, _ := troubled.server.ApplyResourceChange(ctx, request)
					if !hasError(resp.Diagnostics) {
						t.Errorf("it was stopped, and says: %s", describe(resp.Diagnostics))
					}
				})
			}
			<-reached
			time.Sleep(100 * time.Millisecond) // the others come to wait
			stop()
			ended := make(chan struct{})
			go func() { all.Wait(); close(ended) }()
			select {
			case <-ended:
			case <-time.After(stopLimit):
				t.Fatalf("they still wait %s after the stop", stopLimit)
			}
			if got := s.front.received(); got > c.calls {
				t.Errorf("%d calls arrived, want %d at most: they did not wait", got, c.calls)
			}
			if got := s.open(); got != open {
				t.Errorf("%d were made", got-open)
			}
		})
	}
}

// Terraform sends the stop without waiting for what it is just sending: that
// comes after it, and ends at once. Configured again, the provider works.
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
	// And one that is under way.
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
			"merchant_id": text(sandbox.TestMerchantID), "api_key": text(sandbox.TestAPIKey), "base_url": text(s.front.URL + "/invoice/api/v2"),
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
