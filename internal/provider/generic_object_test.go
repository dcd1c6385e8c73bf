package provider

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
)

const (
	restapi = "registry.terraform.io/mastercard/restapi"
	restful = "registry.opentofu.org/magodo/restful"
)

func (p *plugin6) move(from, address string, version int64, state, to string) *tfprotov6.MoveResourceStateResponse {
	p.t.Helper()
	resp, err := p.server.MoveResourceState(context.Background(), &tfprotov6.MoveResourceStateRequest{
		SourceTypeName: from, SourceProviderAddress: address, SourceSchemaVersion: version, SourceState: &tfprotov6.RawState{JSON: []byte(state)},
		TargetTypeName: to,
	})
	p.ok(err, nil)
	return resp
}

// The key of an object is taken from where each generic provider has it. What is no such object
// is refused, with the way to take it over.
func TestGenericObjectsAreMovedByTheirKey(t *testing.T) {
	t.Parallel()
	p := newPlugin(t, "http://127.0.0.1:1")
	const calls = `"path":"/CreatePayment","read_path":"/GetPayment"`
	for name, test := range map[string]struct {
		from, address, state string
		version              int64
		to, want             string
	}{
		"restapi":                      {"restapi_object", restapi, `{"id":"a1",` + calls + `,"api_response":"{\"id\":\"a1\"}","create_response":null,"data":"{\"amount\":1}","api_data":{"id":"a1"}}`, 0, "invoice_payment_link", "a1"},
		"restapi without answers":      {"restapi_object", restapi, `{"id":"a1",` + calls + `}`, 0, "invoice_payment_link", "a1"},
		"restapi by its order":         {"restapi_object", restapi, `{"id":"order-1",` + calls + `,"api_response":"{\"id\":13,\"order\":{\"id\":\"order-1\"}}"}`, 0, "invoice_payment_link", "13"},
		"restapi, paths of its own":    {"restapi_object", restapi, `{"id":"a1","path":"/","create_path":"/api/v2/CreatePayment"}`, 0, "invoice_payment_link", "a1"},
		"a copy of restapi":            {"restapi_object", "registry.opentofu.org/someone/restapi", `{"id":"a1",` + calls + `}`, 0, "invoice_payment_link", "a1"},
		"restful 0":                    {"restful_resource", restful, `{"id":"/GetPayment/a1",` + calls + `,"output":"{\"id\":\"a1\"}"}`, 0, "invoice_payment_link", "a1"},
		"restful 2":                    {"restful_resource", restful, `{"id":"/GetPayment/a1",` + calls + `,"output":{"value":{"id":"a1"},"type":["object",{"id":"string"}]}}`, 2, "invoice_payment_link", "a1"},
		"restful, sensitive":           {"restful_resource", restful, `{"id":"/GetPayment/a1",` + calls + `,"output":null,"sensitive_output":{"value":{"id":45},"type":["object",{"id":"number"}]}}`, 2, "invoice_payment_link", "45"},
		"restful operation":            {"restful_operation", restful, `{"id":"/CreatePayment","path":"/CreatePayment","output":{"value":{"id":"a1"},"type":["object",{"id":"string"}]}}`, 2, "invoice_payment_link", "a1"},
		"restful without the id":       {"restful_resource", restful, `{"id":"/GetPayment/a1",` + calls + `,"output":{"value":{"status":"init"},"type":["object",{"status":"string"}]}}`, 2, "invoice_payment_link", "its state holds no id that the gateway has answered"},
		"restapi without an id":        {"restapi_object", restapi, `{"id":null,` + calls + `}`, 0, "invoice_payment_link", "its state holds no id"},
		"another call":                 {"restapi_object", restapi, `{"id":"a1","path":"/CreateRefund"}`, 0, "invoice_payment_link", `its paths ["/CreateRefund"] call neither CreatePayment nor GetPayment`},
		"another API":                  {"restapi_object", restapi, `{"id":"a1","path":"/api/merchant/invoices"}`, 0, "invoice_payment_link", "it is another object"},
		"another state":                {"restapi_object", restapi, `{"id":["a1"]}`, 0, "invoice_payment_link", "its state cannot be read"},
		"another provider of the name": {"restapi_object", "registry.terraform.io/someone/other", `{"id":"a1",` + calls + `}`, 0, "invoice_payment_link", "does not include support for the given source resource"},
		"another type":                 {"aws_instance", "registry.terraform.io/hashicorp/aws", `{"id":"a1"}`, 0, "invoice_payment_link", "does not include support for the given source resource"},
		"an invoice":                   {"restapi_object", restapi, `{"id":"a1",` + calls + `}`, 0, "invoice_invoice", "does not include move resource state support"},
		"a refund":                     {"restapi_object", restapi, `{"id":"r1","path":"/CreateRefund","api_response":"{\"id\":\"r1\",\"payment_id\":\"a1\"}"}`, 0, "invoice_refund", "r1"},
		"a refund without an answer":   {"restapi_object", restapi, `{"id":"refund-9","path":"/CreateRefund","data":"{\"id\":\"payment-1\"}"}`, 0, "invoice_refund", "refund-9"},
		"a refund, as it was sent":     {"restful_operation", restful, `{"id":"/CreateRefund","path":"/CreateRefund","body":{"value":{"id":"payment-1"},"type":["object",{"id":"string"}]}}`, 2, "invoice_refund", "its state holds no id that the gateway has answered"},
		"by its order":                 {"restapi_object", restapi, `{"id":"order-1","path":"/GetPaymentByOrder"}`, 0, "invoice_payment_link", "it is another object"},
		"a path with more":             {"restful_resource", restful, `{"id":"/","path":"/api/v2/GetPayment?verbose=1","output":"{\"id\":\"a1\"}"}`, 0, "invoice_payment_link", "a1"},
		"a terminal, as it was sent":   {"restapi_object", restapi, `{"id":"t1","path":"/CreateTerminal","api_response":"{\"id\":\"t1\"}","data":"{\"alias\":\"web\"}"}`, 0, "invoice_terminal", "web"},
		"a terminal, as it was shown":  {"restful_resource", restful, `{"id":"/","path":"CreateTerminal","output":{"value":{"id":"t1","alias":"web"},"type":"dynamic"}}`, 2, "invoice_terminal", "web"},
		"a terminal without an alias":  {"restapi_object", restapi, `{"id":"t1","path":"/CreateTerminal","api_response":"{\"id\":\"t1\"}"}`, 0, "invoice_terminal", "its state holds no alias"},
	} {
		t.Run(name, func(t *testing.T) {
			resp := p.move(test.from, test.address, test.version, test.state, test.to)
			if len(resp.Diagnostics) > 0 {
				said := resp.Diagnostics[0].Summary + "\n" + resp.Diagnostics[0].Detail
				if !strings.Contains(said, test.want) || resp.TargetState != nil {
					t.Errorf("%s; the state is %v", said, resp.TargetState)
				}
				return
			}
			key := "id"
			if test.to == "invoice_terminal" {
				key = "alias"
			}
			for name, value := range p.decode(resp.TargetState, p.schemas.ResourceSchemas[test.to].ValueType()) {
				if name == key && !value.Equal(text(test.want)) || name != key && !value.IsNull() {
					t.Errorf("%s is %s, want %s of %s alone", name, value, key, test.want)
				}
			}
		})
	}
}

// What was moved is read, and then planned, as after an import: what the gateway never gives back
// comes from the configuration, and nothing is issued.
func TestMovedLinkIsTakenAsAfterAnImport(t *testing.T) {
	t.Parallel()
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	p := newPlugin(t, server.URL)
	const typeName = "invoice_payment_link"
	kind := p.schemas.ResourceSchemas[typeName].ValueType()
	terminal := p.create("invoice_terminal", map[string]tftypes.Value{"alias": text("a"), "name": text("n")})
	made := p.create(typeName, map[string]tftypes.Value{
		"terminal_id": terminal["id"], "amount": text("10"), "currency": text("RUB"), "when_unpayable": text("keep"), "order_id": text("o-1"), "receipt": p.noReceipt(),
	})
	var id string
	p.ok(made["id"].As(&id), nil)
	another := testProvider() // and another run
	p = newPluginWith(t, another, server.URL, nil)
	moved := p.move("restapi_object", restapi, 0, fmt.Sprintf(`{"id":%q,"path":"/CreatePayment"}`, id), typeName)
	p.ok(nil, moved.Diagnostics)
	if another.data.Load().run.MayClose(path.Root("id"), apigateway.PaymentKind, id, &diag.Diagnostics{}) {
		t.Error("an action may close the moved link")
	}
	config := filled(kind, map[string]tftypes.Value{
		"terminal_id": terminal["id"], "amount": text("10.00"), "order_id": text("o-1"), "receipt": p.noReceipt(), "success_url": text("https://shop.test/ok"),
	})
	plan := func(prior *tfprotov6.DynamicValue, private []byte) *tfprotov6.PlanResourceChangeResponse {
		t.Helper()
		proposed := p.decode(prior, kind)
		for name, value := range p.decode(p.encode(config), kind) {
			if !value.IsNull() {
				proposed[name] = value
			}
		}
		resp, err := p.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: typeName, PriorState: prior, PriorPrivate: private, Config: p.encode(config), ProposedNewState: p.encode(tftypes.NewValue(kind, proposed)),
		})
		p.ok(err, nil)
		return resp
	}
	unread := plan(moved.TargetState, moved.TargetPrivate)
	if len(unread.Diagnostics) != 1 || unread.Diagnostics[0].Summary != "A moved object was not read yet" {
		t.Errorf("without a read: %+v", unread.Diagnostics)
	}
	read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: typeName, CurrentState: moved.TargetState, Private: moved.TargetPrivate, CurrentIdentity: moved.TargetIdentity,
	})
	p.ok(err, read.Diagnostics)
	planned := plan(read.NewState, read.Private)
	p.ok(nil, planned.Diagnostics)
	if len(planned.RequiresReplace) > 0 {
		t.Errorf("a replacement is planned, for %v", planned.RequiresReplace)
	}
	applied, err := p.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: read.NewState, PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate, Config: p.encode(config),
	})
	p.ok(err, applied.Diagnostics)
	state := p.decode(applied.NewState, kind)
	if !state["id"].Equal(made["id"]) || !state["url"].Equal(made["url"]) || !state["success_url"].Equal(text("https://shop.test/ok")) {
		t.Errorf("the state is %v", state)
	}
	if after := plan(applied.NewState, applied.Private); len(after.RequiresReplace) > 0 || !maps.EqualFunc(p.decode(after.PlannedState, kind), state, tftypes.Value.Equal) {
		t.Errorf("afterwards %v is planned", p.decode(after.PlannedState, kind))
	}
	if sent := len(box.Requests("CreatePayment")); sent != 1 {
		t.Errorf("%d payments were sent", sent)
	}
}
