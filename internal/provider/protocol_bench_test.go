package provider

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// These benchmarks call the provider over the plugin protocol, within the process. Each is one
// call of Terraform about one object.

// cannedGateway answers every request as its handler did the first time, so that the work of a
// gateway is not measured.
type cannedGateway struct {
	gateway http.Handler
	answers sync.Map
}

func (g *cannedGateway) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	key := req.Method + req.URL.String() + string(body)
	answer, isKnown := g.answers.Load(key)
	if !isKnown {
		req.Body = io.NopCloser(bytes.NewReader(body))
		first := httptest.NewRecorder()
		g.gateway.ServeHTTP(first, req)
		answer, _ = g.answers.LoadOrStore(key, first)
	}
	first := answer.(*httptest.ResponseRecorder)
	maps.Copy(w.Header(), first.Header())
	w.WriteHeader(first.Code)
	_, _ = w.Write(first.Body.Bytes())
}

// benchObject is an object that was applied and read, in the provider of the next run.
type benchObject struct {
	*plugin6
	typeName      string
	config, state *tfprotov6.DynamicValue
	values        map[string]tftypes.Value // of the state
	private       []byte
	identity      *tfprotov6.ResourceIdentityData
}

// orderOfBench is an order id that a benchmark may count up.
const orderOfBench = "order-0000000000"

func linkToBench(p *plugin6) (typeName string, given map[string]tftypes.Value) {
	terminal := p.create("invoice_terminal", map[string]tftypes.Value{"alias": text("web"), "name": text("n")})
	lines := attributeType(p.schemas.ResourceSchemas["invoice_payment_link"].ValueType(), "receipt").(tftypes.List)
	line := filled(lines.ElementType, map[string]tftypes.Value{"name": text("Кофе"), "price": text("1500.50"), "result_price": text("1500.50"), "quantity": text("1")})
	return "invoice_payment_link", map[string]tftypes.Value{
		"terminal_id": terminal["id"], "amount": text("1500.50"), "currency": text("RUB"), "when_unpayable": text("keep"), "order_id": text(orderOfBench),
		"description": text("Заказ 1"), "custom_parameters": text(`{"customer":"42","n":1}`), "receipt": tftypes.NewValue(lines, []tftypes.Value{line}),
	}
}

func invoiceToBench(p *plugin6) (typeName string, given map[string]tftypes.Value) {
	return "invoice_invoice", map[string]tftypes.Value{
		"amount": text("1500.50"), "currency": text("RUB"), "when_unpayable": text("keep"), "order_id": text(orderOfBench),
		"customer_id": text("Иванов Иван"), "deletion_protection": tftypes.NewValue(tftypes.Bool, false),
		"paykeeper": p.nested("invoice_invoice", "paykeeper", map[string]tftypes.Value{
			"service_name": text("Ремонт окон"), "client_email": text("buyer@example.com"), "client_phone": text("+7 999 123-45-67"),
		}),
	}
}

// benchObjects runs a benchmark of a link and of a PayKeeper invoice.
func benchObjects(b *testing.B, run func(b *testing.B, o *benchObject)) {
	b.Helper()
	for _, one := range []struct {
		name    string
		toBench func(*plugin6) (typeName string, given map[string]tftypes.Value)
	}{{"link", linkToBench}, {"invoice", invoiceToBench}} {
		b.Run(one.name, func(b *testing.B) {
			server := httptest.NewServer(&cannedGateway{gateway: clitest.OpenSandbox(b).Handler()})
			b.Cleanup(server.Close)
			run(b, applyToBench(b, server.URL, one.toBench))
		})
	}
}

func applyToBench(b *testing.B, url string, toBench func(*plugin6) (string, map[string]tftypes.Value)) *benchObject {
	b.Helper()
	first := newPluginWith(b, testProvider(), url, nil)
	typeName, given := toBench(first)
	request := first.planNew(typeName, given)
	applied, err := first.server.ApplyResourceChange(b.Context(), request)
	first.ok(err, applied.Diagnostics)
	o := &benchObject{
		plugin6: newPluginWith(b, testProvider(), url, nil), typeName: typeName,
		config: request.Config, state: applied.NewState, private: applied.Private, identity: applied.NewIdentity,
	}
	// The first read after a creation settles what is remembered.
	read := o.read(b)
	o.state, o.private, o.identity = read.NewState, read.Private, read.NewIdentity
	o.values = o.decode(o.state, o.schemas.ResourceSchemas[typeName].ValueType())
	return o
}

func (o *benchObject) read(b *testing.B) *tfprotov6.ReadResourceResponse {
	b.Helper()
	read, err := o.server.ReadResource(b.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: o.typeName, CurrentState: o.state, Private: o.private, CurrentIdentity: o.identity,
	})
	o.ok(err, read.Diagnostics)
	return read
}

func (o *benchObject) plan(b *testing.B, config, proposed *tfprotov6.DynamicValue) *tfprotov6.PlanResourceChangeResponse {
	b.Helper()
	plan, err := o.server.PlanResourceChange(b.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: o.typeName, PriorState: o.state, ProposedNewState: proposed, Config: config, PriorPrivate: o.private, PriorIdentity: o.identity,
	})
	o.ok(err, plan.Diagnostics)
	return plan
}

func BenchmarkRead(b *testing.B) {
	benchObjects(b, func(b *testing.B, o *benchObject) {
		if read := o.read(b); !bytes.Equal(read.NewState.MsgPack, o.state.MsgPack) {
			b.Fatal("reading changed the state")
		}
		b.ReportAllocs()
		for b.Loop() {
			o.read(b)
		}
	})
}

func BenchmarkPlanUnchanged(b *testing.B) {
	benchObjects(b, func(b *testing.B, o *benchObject) {
		if plan := o.plan(b, o.config, o.state); !bytes.Equal(plan.PlannedState.MsgPack, o.state.MsgPack) {
			b.Fatal("the plan changes something")
		}
		b.ReportAllocs()
		for b.Loop() {
			o.plan(b, o.config, o.state)
		}
	})
}

func BenchmarkPlanChanged(b *testing.B) {
	benchObjects(b, func(b *testing.B, o *benchObject) {
		of := o.schemas.ResourceSchemas[o.typeName].ValueType()
		changed := func(from map[string]tftypes.Value) *tfprotov6.DynamicValue {
			values := maps.Clone(from)
			values["amount"] = text("1600.00")
			return o.encode(filled(of, values))
		}
		config, proposed := changed(o.decode(o.config, of)), changed(o.values)
		if plan := o.plan(b, config, proposed); len(plan.RequiresReplace) == 0 {
			b.Fatal("the plan replaces nothing")
		}
		b.ReportAllocs()
		for b.Loop() {
			o.plan(b, config, proposed)
		}
	})
}

func (o *benchObject) validate(b *testing.B) {
	b.Helper()
	resp, err := o.server.ValidateResourceConfig(b.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: o.typeName, Config: o.config})
	o.ok(err, resp.Diagnostics)
}

// Each configuration is a new one.
func BenchmarkValidate(b *testing.B) {
	benchObjects(b, func(b *testing.B, o *benchObject) {
		start := bytes.Index(o.config.MsgPack, []byte(orderOfBench))
		order := o.config.MsgPack[start : start+len(orderOfBench)]
		b.ReportAllocs()
		for b.Loop() {
			for i := len(order) - 1; ; i-- {
				if order[i]++; order[i] <= '9' {
					break
				}
				order[i] = '0'
			}
			o.validate(b)
		}
	})
}

// Terraform validates each configuration several times.
func BenchmarkValidateAgain(b *testing.B) {
	benchObjects(b, func(b *testing.B, o *benchObject) {
		b.ReportAllocs()
		for b.Loop() {
			o.validate(b)
		}
	})
}

func BenchmarkUpgrade(b *testing.B) {
	benchObjects(b, func(b *testing.B, o *benchObject) {
		of := o.schemas.ResourceSchemas[o.typeName]
		request := &tfprotov6.UpgradeResourceStateRequest{
			TypeName: o.typeName, Version: of.Version, RawState: &tfprotov6.RawState{JSON: mustJSON(b, asJSON(filled(of.ValueType(), o.values)))},
		}
		upgrade := func() *tfprotov6.DynamicValue {
			resp, err := o.server.UpgradeResourceState(b.Context(), request)
			o.ok(err, resp.Diagnostics)
			return resp.UpgradedState
		}
		if !maps.EqualFunc(o.decode(upgrade(), of.ValueType()), o.values, tftypes.Value.Equal) {
			b.Fatal("the upgrade changed the state")
		}
		b.ReportAllocs()
		for b.Loop() {
			upgrade()
		}
	})
}

// asJSON is a value as the state file holds it.
func asJSON(value tftypes.Value) any {
	var (
		isTrue bool
		word   string
		list   []tftypes.Value
		object map[string]tftypes.Value
	)
	switch {
	case value.IsNull():
		return nil
	case value.As(&isTrue) == nil:
		return isTrue
	case value.As(&word) == nil:
		return word
	case value.As(&list) == nil:
		all := []any{}
		for _, one := range list {
			all = append(all, asJSON(one))
		}
		return all
	case value.As(&object) == nil:
		all := map[string]any{}
		for name, one := range object {
			all[name] = asJSON(one)
		}
		return all
	}
	panic(fmt.Sprintf("%s is in no state of a benchmark", value))
}

// A process answers the schema once, so each is the first of its server.
func BenchmarkSchema(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := newServer(testProvider()).GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
			b.Fatal(err)
		}
	}
}
