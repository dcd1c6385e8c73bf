package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// countingServer counts the calls that reach the framework.
type countingServer struct {
	protocolServer
	plans, reads, validations, upgrades atomic.Int64
}

func (s *countingServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	s.plans.Add(1)
	return s.protocolServer.PlanResourceChange(ctx, req)
}

func (s *countingServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.reads.Add(1)
	return s.protocolServer.ReadResource(ctx, req)
}

func (s *countingServer) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	s.validations.Add(1)
	return s.protocolServer.ValidateResourceConfig(ctx, req)
}

func (s *countingServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	s.upgrades.Add(1)
	return s.protocolServer.UpgradeResourceState(ctx, req)
}

// twoWays are two providers that get the same requests: one answers what does not change
// without the framework, the other leaves everything to it.
type twoWays struct {
	*plugin6
	whole     tfprotov6.ProviderServer
	framework *countingServer // of the one that has a choice
}

func newTwoWays(t *testing.T, baseURL string) *twoWays {
	t.Helper()
	short, whole := testProvider(), testProvider()
	framework := &countingServer{protocolServer: frameworkServer(short)}
	two := &twoWays{framework: framework, whole: &storedMoney{protocolServer: frameworkServer(whole), provider: whole}}
	two.plugin6 = newPluginOf(t, &storedMoney{protocolServer: newUnchangedServer(framework, short), provider: short}, baseURL, nil)
	newPluginOf(t, two.whole, baseURL, nil)
	return two
}

// randomScene makes up stored objects, configurations and private data. There are few values,
// so that objects meet each other.
type randomScene struct{ *rand.Rand }

// valueOf makes up a value of an attribute.
func (r randomScene) valueOf(name string, kind tftypes.Type) tftypes.Value {
	if isWriteOnly := strings.HasSuffix(name, "_wo"); isWriteOnly || r.IntN(9) == 0 {
		return tftypes.NewValue(kind, nil)
	}
	switch object, isObject := kind.(tftypes.Object); {
	case isObject:
		values := map[string]tftypes.Value{}
		for name, kind := range object.AttributeTypes {
			values[name] = r.valueOf(name, kind)
		}
		if isSum := len(values) == 2 && object.AttributeTypes["currency"] != nil; isSum {
			values = map[string]tftypes.Value{"amount": text(r.pick([]string{"1.00", "10.00"})), "currency": text("RUB")}
		}
		return tftypes.NewValue(kind, values)
	case kind.Is(tftypes.Bool):
		return tftypes.NewValue(kind, r.IntN(2) == 0)
	case kind.Is(tftypes.Number):
		return tftypes.NewValue(kind, r.IntN(3))
	case kind.Is(tftypes.String):
		return tftypes.NewValue(kind, r.pick(textsOf(name)))
	}
	list, _ := kind.(tftypes.List)
	elements := make([]tftypes.Value, r.IntN(3))
	for i := range elements {
		elements[i] = r.valueOf(name, list.ElementType)
	}
	return tftypes.NewValue(kind, elements)
}

func (r randomScene) pick(texts []string) string { return texts[r.IntN(len(texts))] }

// textsOf are what an attribute may hold, valid or not.
func textsOf(attribute string) []string {
	switch attribute {
	case "create", "read", "delete": // of timeouts
		return []string{"30s", "2m"}
	case "currency":
		return []string{"RUB", "RUB", "RUB", "USD"}
	case "when_unpayable":
		return []string{"keep", "renew"}
	case "order_id":
		return []string{"a", "b"}
	case "gateway":
		return []string{"paykeeper", "p2p"}
	case "direction":
		return []string{"in", "out"}
	case "status":
		return []string{"init", "successful", "created", "paid", "expired", "canceled", "unknown"}
	case "gateway_status":
		return []string{"created", "sent", "new", "paid", "recalculated", "expired", "canceled"}
	case "amount", "price", "default_price", "sum", "result_price", "quantity", "max_amount":
		return []string{"1", "1.00", "10"}
	case "amount_to_pay":
		return []string{"1.00", "10.00"}
	case "custom_parameters":
		return []string{`{"a":1}`, `{ "a": 1 }`}
	case "created_at", "updated_at", "expires_at", "paid_at":
		return []string{"2026-01-02T03:04:05+03:00", "2030-01-02T03:04:05+03:00"}
	}
	return []string{"a", "b", "c"}
}

// state makes up a stored object. An invoice has one gateway.
func (r randomScene) state(kind tftypes.Object) map[string]tftypes.Value {
	values := map[string]tftypes.Value{}
	for name, inner := range kind.AttributeTypes {
		values[name] = r.valueOf(name, inner)
	}
	if own, isInvoice := kind.AttributeTypes["paykeeper"].(tftypes.Object); isInvoice {
		chosen, other := "paykeeper", "p2p"
		if r.IntN(2) == 0 {
			own, _ = kind.AttributeTypes["p2p"].(tftypes.Object)
			chosen, other = other, chosen
		}
		values["gateway"], values[other] = text(chosen), tftypes.NewValue(kind.AttributeTypes[other], nil)
		values[chosen] = tftypes.NewValue(own, r.state(own))
	}
	return values
}

// config makes up a configuration that mostly is what was applied.
func (r randomScene) config(of []*tfprotov6.SchemaAttribute, state map[string]tftypes.Value) map[string]tftypes.Value {
	values := map[string]tftypes.Value{}
	for _, attribute := range of {
		name, kind := attribute.Name, attribute.ValueType()
		inner := map[string]tftypes.Value{}
		switch {
		case !attribute.Optional && !attribute.Required:
			values[name] = tftypes.NewValue(kind, nil)
		case attribute.Optional && !isObject(attribute) && r.IntN(16) == 0:
			values[name] = tftypes.NewValue(kind, nil)
		case r.IntN(80) == 0:
			values[name] = r.valueOf(name, kind)
		case isObject(attribute) && !state[name].IsNull() && state[name].As(&inner) == nil:
			values[name] = tftypes.NewValue(kind, r.config(attribute.NestedType.Attributes, inner))
		default:
			values[name] = state[name]
		}
	}
	return values
}

// timeouts is the block of a configuration. Mostly it is what was applied.
func (r randomScene) timeouts(applied tftypes.Value) tftypes.Value {
	if r.IntN(40) > 0 {
		return applied
	}
	return r.valueOf("timeouts", applied.Type())
}

func isObject(attribute *tfprotov6.SchemaAttribute) bool {
	return attribute.NestedType != nil && attribute.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle
}

// proposed is what Terraform proposes: what the configuration leaves to the provider stays as it is.
func proposed(of []*tfprotov6.SchemaAttribute, config, state map[string]tftypes.Value) map[string]tftypes.Value {
	values := map[string]tftypes.Value{}
	for _, attribute := range of {
		name := attribute.Name
		own, before := map[string]tftypes.Value{}, map[string]tftypes.Value{}
		switch {
		case attribute.WriteOnly:
			values[name] = tftypes.NewValue(attribute.ValueType(), nil)
		case config[name].IsNull() && attribute.Computed:
			values[name] = state[name]
		case isObject(attribute) && !config[name].IsNull() && !state[name].IsNull() && config[name].As(&own) == nil && state[name].As(&before) == nil:
			values[name] = tftypes.NewValue(attribute.ValueType(), proposed(attribute.NestedType.Attributes, own, before))
		default:
			values[name] = config[name]
		}
	}
	return values
}

// private makes up private data: nothing, or what older and newer versions write.
func (r randomScene) private() []byte {
	data := map[string][]byte{}
	for name, written := range map[string][]string{
		"r":       {`{}`, `{"x":true}`, `{"x":true,"u":true}`, `{"i":true}`, `{"a":{"amount":"1"},"p":{"amount":"10"}}`},
		"remote":  {`{}`, `{"unread":true}`, `{"unpayable":true}`, `{"answers":{"amount":"1"},"applied":{"amount":"10"}}`},
		"destroy": {"true", "false"}, "paid": {"true", "false"}, "replaced": {`"a"`}, "kept": {`""`, `"invoice p2p/a"`}, "told": {"true"},
		"imported": {"true", "false"}, ".framework": {`{"a":1}`},
	} {
		if r.IntN(2) == 0 {
			data[name] = []byte(r.pick(written))
		}
	}
	if r.IntN(30) == 0 {
		return []byte(r.pick([]string{"", "{", "null", `{"timeouts":{}}`}))
	}
	encoded, _ := json.Marshal(data)
	return encoded
}

// The short way answers what the framework answers, in whatever order objects come: each run
// plans up to twelve objects, which share order ids, and then replaces some of them.
func TestUnchangedPlansAreTheFrameworks(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := randomScene{rand.New(rand.NewPCG(seed, 0))}
	same, short := map[string]int{}, map[string]int{}
	for range 80 {
		two := newTwoWays(t, "http://127.0.0.1:1")
		for range 2 + r.IntN(11) {
			name := r.pick([]string{"invoice_payment_link", "invoice_payment_link", "invoice_invoice", "invoice_invoice", "invoice_terminal", "invoice_refund"})
			schema := two.schemas.ResourceSchemas[name]
			kind, _ := schema.ValueType().(tftypes.Object)
			state := r.state(kind)
			config := r.config(schema.Block.Attributes, state)
			next := proposed(schema.Block.Attributes, config, state)
			config["timeouts"] = r.timeouts(state["timeouts"])
			next["timeouts"] = config["timeouts"]
			request := &tfprotov6.PlanResourceChangeRequest{
				TypeName: name, PriorState: two.encode(tftypes.NewValue(kind, state)), ProposedNewState: two.encode(tftypes.NewValue(kind, next)),
				Config: two.encode(tftypes.NewValue(kind, config)), PriorPrivate: r.private(),
			}
			if r.IntN(2) == 0 {
				request.PriorIdentity = two.identity(name, r)
			}
			before := two.framework.plans.Load()
			planned := two.plan(request)
			isShort := two.framework.plans.Load() == before
			if bytes.Equal(request.PriorState.MsgPack, request.ProposedNewState.MsgPack) {
				same[name]++
			}
			if isShort {
				short[name]++
			}
			if isShort && (name == "invoice_refund" || len(planned.Diagnostics) > 0) {
				t.Errorf("the short way was taken for %s: %v, private %s", name, state, request.PriorPrivate)
			}
			if r.IntN(3) == 0 { // -replace plans the object again, as a new one
				two.plan(&tfprotov6.PlanResourceChangeRequest{
					TypeName: name, PriorState: two.encode(tftypes.NewValue(kind, nil)), ProposedNewState: request.Config, Config: request.Config,
					PriorPrivate: planned.PlannedPrivate, PriorIdentity: request.PriorIdentity,
				})
			}
		}
	}
	t.Logf("of which nothing changed %v, planned without the framework %v", same, short)
	for _, name := range []string{"invoice_payment_link", "invoice_invoice", "invoice_terminal"} {
		if short[name] < 20 || short[name] < same[name]/4 {
			t.Errorf("the short way was taken for %d of %d × %s", short[name], same[name], name)
		}
	}
}

// plan plans in both ways, and fails the test if they differ.
func (two *twoWays) plan(request *tfprotov6.PlanResourceChangeRequest) *tfprotov6.PlanResourceChangeResponse {
	two.t.Helper()
	short, err := two.server.PlanResourceChange(two.t.Context(), request)
	two.ok(err, nil)
	whole, err := two.whole.PlanResourceChange(two.t.Context(), request)
	two.ok(err, nil)
	if got, want := two.told(request, short), two.told(request, whole); !reflect.DeepEqual(got, want) {
		two.t.Fatalf("%s\nstate   %v\nconfig  %v\nprivate %s\nplans   %v\nnot     %v", request.TypeName,
			two.decode(request.PriorState, two.typeOf(request)), two.decode(request.Config, two.typeOf(request)), request.PriorPrivate, got, want)
	}
	return short
}

func (two *twoWays) typeOf(request *tfprotov6.PlanResourceChangeRequest) tftypes.Type {
	return two.schemas.ResourceSchemas[request.TypeName].ValueType()
}

// told is what a response tells Terraform. New objects get random names.
func (two *twoWays) told(request *tfprotov6.PlanResourceChangeRequest, response *tfprotov6.PlanResourceChangeResponse) []any {
	var data map[string][]byte
	if len(response.PlannedPrivate) > 0 {
		two.ok(json.Unmarshal(response.PlannedPrivate, &data), nil)
	}
	if strings.HasPrefix(string(data["claim"]), `"new `) {
		data["claim"] = []byte("new")
	}
	told := []any{data, response.RequiresReplace, response.Deferred}
	for _, one := range response.Diagnostics {
		told = append(told, *one)
	}
	if response.PlannedState != nil {
		planned, err := response.PlannedState.Unmarshal(two.typeOf(request))
		two.ok(err, nil)
		told = append(told, planned.String())
	}
	if response.PlannedIdentity != nil {
		told = append(told, fmt.Sprintf("%q", response.PlannedIdentity.IdentityData.MsgPack))
	}
	return told
}

// identity makes up the identity of an object.
func (two *twoWays) identity(typeName string, r randomScene) *tfprotov6.ResourceIdentityData {
	schemas, err := two.server.GetResourceIdentitySchemas(two.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	two.ok(err, schemas.Diagnostics)
	kind := schemas.IdentitySchemas[typeName].ValueType()
	return &tfprotov6.ResourceIdentityData{IdentityData: two.encode(r.valueOf("", kind))}
}
