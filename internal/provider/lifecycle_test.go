package provider

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"invoice": func() (tfprotov6.ProviderServer, error) { return newServer(testProvider()), nil },
}

// The resources of Invoice API v2 live their usual life under plugin-testing. It checks for an
// empty plan after each step and destroys everything at the end.
func TestLifecycle(t *testing.T) {
	clitest.NeedCLI(t)
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	config := clitest.ProviderBlock(server.URL) + linkConfig
	// The end of the test destroys the refund, which has to be allowed first.
	withRefund := config + unprotected(strings.Replace(refundConfig("x"), `"x"`, "invoice_payment_link.order.id", 1))
	pay := func() {
		payments, err := box.InvoiceAPI.Payments.All()
		if err == nil {
			err = box.InvoiceAPI.Pay(payments[0].ID, invoiceapi.TestCard)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(linkAddress, tfjsonpath.New("amount"), knownvalue.StringExact("1500.50")),
					statecheck.ExpectKnownValue(linkAddress, tfjsonpath.New("status"), knownvalue.StringExact("init")),
				},
			},
			{
				ResourceName: linkAddress, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"receipt", "success_url", "fail_url", "payment_method", "transaction_type"},
			},
			{
				ResourceName: linkAddress, ImportState: true, ImportStateId: "order/order-1", ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"receipt", "success_url", "fail_url", "payment_method", "transaction_type"},
			},
			{
				ResourceName: "invoice_terminal.web", ImportState: true, ImportStateId: "web", ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"logo"},
			},
			{
				PreConfig: pay,
				Config:    withRefund,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(linkAddress, plancheck.ResourceActionNoop),
					plancheck.ExpectResourceAction(refundAddress, plancheck.ResourceActionCreate),
				}},
				Check: resource.TestCheckResourceAttr(linkAddress, "status", "successful"),
			},
			{ResourceName: refundAddress, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"receipt", "amount", "deletion_protection"}},
		},
		CheckDestroy: func(*terraform.State) error {
			if got := len(box.Requests("CreateRefund")); got != 1 {
				return fmt.Errorf("%d refunds were sent, want 1", got)
			}
			if got := len(box.Requests("ClosePayment")); got != 0 {
				return fmt.Errorf("closing a paid payment was tried %d times", got)
			}
			return nil
		},
	})
}

// Identity needs Terraform 1.12 or OpenTofu 1.12. Over the plugin protocol any machine can test
// it.
func TestImportByIdentity(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	p := newPlugin(t, server.URL)
	terminal := p.create("invoice_terminal", map[string]tftypes.Value{
		"alias": text("a"), "name": text("n"),
	})
	link := p.create("invoice_payment_link", map[string]tftypes.Value{
		"terminal_id": terminal["id"], "amount": text("10"), "currency": text("RUB"), "when_unpayable": text("keep"), "receipt": p.noReceipt(),
	})
	var paymentID string
	_ = link["id"].As(&paymentID)
	if err := box.InvoiceAPI.Pay(paymentID, invoiceapi.TestCard); err != nil {
		t.Fatal(err)
	}
	refund := p.create("invoice_refund", map[string]tftypes.Value{
		"payment_id": link["id"], "amount": text("5"), "currency": text("RUB"), "receipt": p.noReceipt(),
	})
	invoice := p.create("invoice_invoice", map[string]tftypes.Value{
		"amount": text("7"), "currency": text("RUB"), "when_unpayable": text("keep"), "paykeeper": p.nested("invoice_invoice", "paykeeper", nil),
	})
	for typeName, want := range map[string]map[string]tftypes.Value{
		"invoice_invoice":      {"gateway": text("paykeeper"), "id": invoice["id"]},
		"invoice_terminal":     {"alias": text("a")},
		"invoice_payment_link": {"id": link["id"]},
		"invoice_refund":       {"id": refund["id"]},
	} {
		t.Run(typeName, func(t *testing.T) {
			state, identity := p.importByIdentity(t, typeName, want)
			for name, value := range want {
				if !identity[name].Equal(value) {
					t.Errorf("identity %s = %s, want %s", name, identity[name], value)
				}
				if !state[name].Equal(value) {
					t.Errorf("state %s = %s, want %s", name, state[name], value)
				}
			}
			if state["id"].IsNull() {
				t.Error("nothing was read after the import")
			}
		})
	}
}

// An import block may name an identity, where the CLI knows identities.
func TestImportBlockWithIdentity(t *testing.T) {
	clitest.NeedCLI(t, clitest.ImportByIdentity) // without it, TestImportByIdentity tests the protocol
	w := newWorkspace(t)
	w.MustApply(terminalConfig)
	w.Forget(branchAddress)
	w.Write(terminalConfig + "import {\n  to = invoice_terminal.branch\n  identity = { alias = \"mira-12\" }\n}")
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.Sent("CreateTerminal", 1)
}

// Under the name of a provider, the test's program serves one. A CLI that starts the program so
// has its provider in another process.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == pluginName {
		if err := tf6server.Serve("registry.terraform.io/invoice-iac/invoice", func() tfprotov6.ProviderServer { return stopOnSignals(newServer(testProvider())) }); err != nil {
			panic(err)
		}
		return
	}
	// The settings of a sandbox that runs in the same shell must not decide a test.
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "INVOICE_") {
			_ = os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

const pluginName = "terraform-provider-invoice"

// plugin6 calls the provider over the plugin protocol, within the process.
type plugin6 struct {
	t       testing.TB
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

func text(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

func newPlugin(t *testing.T, baseURL string) *plugin6 {
	t.Helper()
	return newPluginWith(t, testProvider(), baseURL, nil)
}

// newPluginWith configures all gateways and the given settings.
func newPluginWith(t testing.TB, provider *invoiceProvider, baseURL string, settings map[string]tftypes.Value) *plugin6 {
	t.Helper()
	return newPluginOf(t, newServer(provider), baseURL, settings)
}

// newPluginOf configures the provider of a server.
func newPluginOf(t testing.TB, server tfprotov6.ProviderServer, baseURL string, settings map[string]tftypes.Value) *plugin6 {
	t.Helper()
	p := &plugin6{t: t, server: server}
	var err error
	if p.schemas, err = p.server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	values := map[string]tftypes.Value{}
	for name, one := range map[string]map[string]string{
		"invoice":   {"merchant_id": invoiceapi.TestMerchantID, "api_key": invoiceapi.TestAPIKey, "base_url": baseURL + "/invoice/api/v2"},
		"paykeeper": {"login": paykeeper.DemoLogin, "password": paykeeper.DemoPassword, "base_url": baseURL + "/paykeeper"},
		"p2p":       {"api_key": p2p.DemoAPIKey, "secret_key": p2p.DemoSecretKey, "base_url": baseURL + "/p2p"},
		"intellectmoney": {
			"bearer_token": intellectmoney.DemoBearerToken, "sign_secret_key": intellectmoney.DemoSignSecretKey,
			"login": intellectmoney.DemoLogin, "password": intellectmoney.DemoPassword, "base_url": baseURL + "/intellectmoney",
		},
	} {
		texts := map[string]tftypes.Value{}
		for name, value := range one {
			texts[name] = text(value)
		}
		values[name] = filled(attributeType(p.schemas.Provider.ValueType(), name), texts)
	}
	maps.Copy(values, settings)
	config := p.encode(filled(p.schemas.Provider.ValueType(), values))
	resp, err := p.server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{Config: config})
	p.ok(err, resp.Diagnostics)
	return p
}

// filled is an object with the given attributes. All others are null.
func filled(of tftypes.Type, given map[string]tftypes.Value) tftypes.Value {
	object, _ := of.(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, inner := range object.AttributeTypes {
		values[name] = tftypes.NewValue(inner, nil)
	}
	maps.Copy(values, given)
	return tftypes.NewValue(object, values)
}

func attributeType(of tftypes.Type, name string) tftypes.Type {
	object, _ := of.(tftypes.Object)
	return object.AttributeTypes[name]
}

func (p *plugin6) encode(value tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	p.ok(err, nil)
	return &encoded
}

func (p *plugin6) ok(err error, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			p.t.Fatalf("%s: %s", d.Summary, d.Detail)
		}
	}
}

func (p *plugin6) noReceipt() tftypes.Value {
	object, _ := p.schemas.ResourceSchemas["invoice_refund"].ValueType().(tftypes.Object)
	return tftypes.NewValue(object.AttributeTypes["receipt"], []tftypes.Value{})
}

// nested is a nested object of a resource with the given values.
func (p *plugin6) nested(typeName, attribute string, given map[string]tftypes.Value) tftypes.Value {
	return filled(attributeType(p.schemas.ResourceSchemas[typeName].ValueType(), attribute), given)
}

// planNew plans a new resource. Attributes that are not given are null in the configuration,
// and unknown in the plan if they are computed.
func (p *plugin6) planNew(typeName string, given map[string]tftypes.Value) *tfprotov6.ApplyResourceChangeRequest {
	p.t.Helper()
	of := p.schemas.ResourceSchemas[typeName].ValueType()
	config, none := p.encode(filled(of, given)), p.encode(tftypes.NewValue(of, nil))
	plan, err := p.server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: none, ProposedNewState: config, Config: config,
	})
	p.ok(err, plan.Diagnostics)
	return &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: none, PlannedState: plan.PlannedState, Config: config, PlannedPrivate: plan.PlannedPrivate,
	}
}

// create plans and applies a new resource and returns its state.
func (p *plugin6) create(typeName string, given map[string]tftypes.Value) map[string]tftypes.Value {
	p.t.Helper()
	applied, err := p.server.ApplyResourceChange(context.Background(), p.planNew(typeName, given))
	p.ok(err, applied.Diagnostics)
	if applied.NewIdentity == nil || applied.NewIdentity.IdentityData == nil {
		p.t.Fatalf("%s was created without an identity", typeName)
	}
	return p.decode(applied.NewState, p.schemas.ResourceSchemas[typeName].ValueType())
}

func (p *plugin6) importByIdentity(t *testing.T, typeName string, identity map[string]tftypes.Value) (state, got map[string]tftypes.Value) {
	t.Helper()
	ctx := context.Background()
	schemas, err := p.server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	p.ok(err, schemas.Diagnostics)
	identityType := schemas.IdentitySchemas[typeName].ValueType()
	data, err := tfprotov6.NewDynamicValue(identityType, filled(identityType, identity))
	p.ok(err, nil)
	imported, err := p.server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{
		TypeName: typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &data},
	})
	p.ok(err, imported.Diagnostics)
	one := imported.ImportedResources[0]
	read, err := p.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: typeName, CurrentState: one.State, Private: one.Private, CurrentIdentity: one.Identity,
	})
	p.ok(err, read.Diagnostics)
	return p.decode(read.NewState, p.schemas.ResourceSchemas[typeName].ValueType()), p.decode(read.NewIdentity.IdentityData, identityType)
}

func (p *plugin6) decode(value *tfprotov6.DynamicValue, as tftypes.Type) map[string]tftypes.Value {
	p.t.Helper()
	object, err := value.Unmarshal(as)
	p.ok(err, nil)
	attributes := map[string]tftypes.Value{}
	p.ok(object.As(&attributes), nil)
	return attributes
}

// The plan already refuses to destroy an unclear refund. Delete refuses too, however it was
// reached.
func TestUnclearRefundRefusesDelete(t *testing.T) {
	p := newPlugin(t, "http://127.0.0.1:1")
	object, _ := p.schemas.ResourceSchemas["invoice_refund"].ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, attributeType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, nil)
	}
	values["payment_id"], values["amount"], values["status"] = text("p-1"), text("5"), text("unknown")
	state, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	p.ok(err, nil)
	none, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, nil))
	p.ok(err, nil)
	resp, err := p.server.ApplyResourceChange(context.Background(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "invoice_refund", PriorState: &state, PlannedState: &none, Config: &none,
	})
	p.ok(err, nil)
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "The outcome of an earlier refund is unknown" ||
		!strings.Contains(resp.Diagnostics[0].Detail, "terraform state rm") {
		t.Errorf("diagnostics %+v", resp.Diagnostics)
	}
	if left := p.decode(resp.NewState, object); !left["status"].Equal(text("unknown")) {
		t.Errorf("state afterwards %v, want it unchanged", left)
	}
}
