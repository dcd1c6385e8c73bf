package provider

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
)

// These tests map attributes to the gateway's words and back, without a CLI.

func decoded[T any](t *testing.T, document string) *T {
	t.Helper()
	object := new(T)
	if err := json.Unmarshal([]byte(document), object); err != nil {
		t.Fatal(err)
	}
	return object
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func TestTerminalModelSendsOnlyWhatIsSet(t *testing.T) {
	model := terminalModel{
		Alias: types.StringValue("a"), Name: types.StringValue("n"), Type: types.StringUnknown(), CanComments: types.BoolUnknown(), DefaultPrice: attributes.NullDecimal(),
	}
	body, _ := json.Marshal(model.request())
	same(t, "body", string(body), `{"name":"n","alias":"a"}`)
	model.CanComments, model.DefaultPrice, model.Logo = types.BoolValue(false), attributes.NewDecimal("0.10"), types.StringValue("/l.png")
	body, _ = json.Marshal(model.request())
	same(t, "body", string(body), `{"name":"n","alias":"a","logo":"/l.png","defaultPrice":0.1,"canComments":false}`)
}

func TestTerminalModelImportsWhatComesBack(t *testing.T) {
	var model terminalModel
	terminalArguments.Import(&model, decoded[invoiceapi.Terminal](t, `{"id":13,"link":"https://p/13","name":"N","description":"","type":"statical","defaultPrice":"15","canComments":null}`))
	same(t, "type", model.Type, types.StringValue("static"))
	same(t, "description", model.Description, types.StringNull())
	same(t, "default_price", model.DefaultPrice, attributes.NewDecimal("15.00"))
	same(t, "can_comments", model.CanComments, types.BoolNull())
	model = terminalModel{}
	terminalArguments.Import(&model, decoded[invoiceapi.Terminal](t, `{"id":"x","defaultPrice":0}`))
	same(t, "default_price of 0", model.DefaultPrice, attributes.NullDecimal())
}

func TestPaymentLinkModelTellsDriftFromEchoes(t *testing.T) {
	payment := decoded[invoiceapi.Payment](t, `{"id":"p","order":{"currency":"RUB","amount":1500,"description":"D, филиал №7","id":"o"},
		"status":"successful","status_description":null,"create_date":"2019-07-20T19:19:10.000Z","update_date":"2019-07-20 22:20:00","expire_date":null,
		"custom_parameters":{"b":1,"a":10000000000000001},"payment_url":"https://p/init/p"}`)
	model := paymentLinkModel{Amount: attributes.NewDecimal("1500"), Description: types.StringValue("D"), Currency: types.StringValue("RUB")}
	model.applyRemote(payment)
	same(t, "created_at", model.CreatedAt.ValueString(), "2019-07-20T19:19:10Z")
	same(t, "updated_at", model.UpdatedAt.ValueString(), "2019-07-20T22:20:00+03:00") // a time without a zone is Moscow's
	same(t, "expires_at is null", model.ExpiresAt.IsNull(), true)
	same(t, "status_description is null", model.StatusDescription.IsNull(), true)

	// The answer is the same as at creation, so what was applied stays.
	var known remote.Memory
	paymentLinkArguments.Remember(payment, &known)
	paymentLinkArguments.Refresh(&model, payment, &known)
	same(t, "description", model.Description, types.StringValue("D"))
	same(t, "amount", model.Amount, attributes.NewDecimal("1500"))
	// Another answer is drift, until it is taken back.
	payment.Order.Description = "E"
	paymentLinkArguments.Refresh(&model, payment, &known)
	same(t, "drifted description", model.Description, types.StringValue("E"))
	payment.Order.Description = "D, филиал №7"
	paymentLinkArguments.Refresh(&model, payment, &known)
	same(t, "description that is back", model.Description, types.StringValue("D"))
	// An import takes the gateway's values, written with two decimals.
	paymentLinkArguments.Import(&model, payment)
	same(t, "imported amount", model.Amount, attributes.NewDecimal("1500.00"))
	same(t, "imported parameters", model.CustomParameters, jsontypes.NewNormalizedValue(`{"a":10000000000000001,"b":1}`))
}

// Every argument in a table is an attribute of the model.
func TestArgumentsAreAttributes(t *testing.T) {
	none := types.ListNull(types.StringType)
	same(t, "terminal", terminalArguments.Changed(&terminalModel{}, &terminalModel{}), []string(nil))
	same(t, "payment link", paymentLinkArguments.Changed(&paymentLinkModel{Receipt: none}, &paymentLinkModel{Receipt: none}), []string(nil))
	same(t, "refund", refundArguments.Changed(&refundModel{Receipt: none, RefundCart: none}, &refundModel{Receipt: none, RefundCart: none}), []string(nil))
}

func TestNewOrderIDsAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := newOrderID()
		if len(id) != 32 || seen[id] {
			t.Fatalf("order id %q: want 32 characters, each time others", id)
		}
		seen[id] = true
	}
	same(t, "nextOrderID", nextOrderID("заказ-заказ-заказ-заказ-заказ-заказ-"), "заказ-заказ-заказ-заказ-заказ-зака-2")
}

// Bonuses keep every digit.
func TestRefundModelMapsBonuses(t *testing.T) {
	for given, want := range map[string]types.String{
		"-300": types.StringValue("-300"), "0": types.StringValue("0"), "12.50": types.StringValue("12.5"), `"-0.075"`: types.StringValue("-0.075"),
		"9007199254740993.1": types.StringValue("9007199254740993.1"), "null": types.StringNull(), `"many"`: types.StringNull(),
	} {
		refund := apigateway.ShownRefund(decoded[invoiceapi.Refund](t, `{"id":"r","status":"init","payment_method":{"type":"card","bonuses":`+given+`}}`))
		var model refundModel
		model.applyRemote(refund)
		same(t, given, model.PaymentMethod.Attributes()["bonuses"], attributes.Decimal{StringValue: want})
	}
}

func TestRefundModelMapsTheMethod(t *testing.T) {
	refund := apigateway.ShownRefund(decoded[invoiceapi.Refund](t, `{"id":"r","refund":{"amount":10.5,"currency":"RUB"},"status":"init","payment_id":77,
		"payment_method":{"terminal_id":45,"type":"card","account":"","funds":"1200","bonuses":-300},"date_insert":"2019-07-20T20:35:43.000Z","custom_parameters":[]}`))
	var model refundModel
	model.applyImport(refund)
	model.applyRemote(refund)
	method := model.PaymentMethod.Attributes()
	same(t, "payment_id", model.PaymentID, types.StringValue("77"))
	same(t, "amount", model.Amount, attributes.NewDecimal("10.50"))
	same(t, "terminal_id", method["terminal_id"], types.StringValue("45"))
	same(t, "account", method["account"], types.StringNull())
	same(t, "funds", method["funds"], attributes.NewDecimal("1200.00"))
	same(t, "bonuses", method["bonuses"], attributes.NewDecimal("-300"))
	same(t, "created_at", model.CreatedAt.ValueString(), "2019-07-20T20:35:43Z")
	same(t, "custom_parameters is null", model.CustomParameters.IsNull(), true)
}

// An import without an amount contradicts every configuration: which refund it was, and of how
// much, nobody has confirmed.
func TestImportedRefundWithoutAnAmount(t *testing.T) {
	var model refundModel
	model.applyImport(apigateway.ShownRefund(decoded[invoiceapi.Refund](t, `{"id":"r","refund":[],"status":"successful","payment_id":77}`)))
	same(t, "amount", model.Amount, attributes.NewDecimal("0.00"))
	plan := model
	plan.Amount = attributes.NewDecimal("300")
	same(t, "contradictions", refundArguments.Contradictions(&plan, &model), []remote.Contradiction{{Name: "amount", Shown: `"0.00"`}})
}

func TestGatewayMessagesFindTheirAttributes(t *testing.T) {
	failed := gateway.FailedCall{Attempt: "issue the payment link", Attributes: paymentLinkArguments.Names()}
	for field, want := range map[string]string{
		"order.amount": "amount", "amount": "amount", "order.id": "order_id", "order_id": "order_id", "settings.terminal_id": "terminal_id",
		"receipt.0.price": "receipt", "receipt[0].name": "receipt", "trtype": "transaction_type", "name": "", "id": "", "else": "",
	} {
		got := (*apigateway.Gateway)(nil).AttributeOf(field)
		if !slices.Contains(paymentLinkArguments.Names(), got) {
			got = ""
		}
		same(t, field, got, want)
	}
	var diags diag.Diagnostics
	failed.Report(&diags, &transport.Error{
		Gateway: invoiceapi.Name, Operation: "CreatePayment", Status: 400, Code: "8", Text: "Ошибка", Outcome: transport.Refused,
		Fields: map[string][]string{"order.amount": {"слишком много"}},
	})
	withPath, ok := diags[0].(diag.DiagnosticWithPath)
	if !ok || withPath.Path().String() != "amount" {
		t.Fatalf("the message is not at the attribute: %v", diags)
	}
	same(t, "detail", withPath.Detail(), "About amount the gateway says: «слишком много».\n\n"+
		"Invoice API v2, CreatePayment: HTTP 400, error 8, «Ошибка», order.amount: «слишком много».")
}
