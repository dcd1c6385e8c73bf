package provider

import (
	"fmt"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	sandboxintellectmoney "github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
)

// addDetailed makes one paid invoice that has all there is to tell.
func addDetailed(t *testing.T, to *sandboxintellectmoney.Gateway) {
	t.Helper()
	made, err := to.Add(sandboxintellectmoney.Invoice{
		Amount: "1500.50", OriginalAmount: "1600", SurchargeAmount: "10.5", HoldModeFlag: true, OwnerFIO: " Анна Ивановна ", OwnerEmail: "buyer@example.com",
		MerchantReceipt: `{"Inn":"5000000000","Content":{"Positions":[{"Quantity":1.00,"Price":1500.50}]}}`,
	})
	if err == nil {
		err = to.SetState(made.ID, "Paid")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// detailed is what the sandbox never has, and a gateway that forgets to mask a card.
var detailed = strings.NewReplacer(
	`"ShortPan":""`, `"ShortPan":"220015******3249"`, `"Country":""`, `"Country":"RU"`, `"Bank":""`, `"Bank":"Банк"`, `"IsRecurrent":false`, `"IsRecurrent":true`,
	`"FormType":"None"`, `"FormType":"IMAccount"`, `{"Key":"Url"`, `{"Key":"Магазин","Value":"второй"},{"Key":"Url"`,
	`"RecipientAccount":"6000000000"`, `"RecipientAccount":"5543 7354 8462 6654"`,
)

// Details are shown where they are asked for, on the CLI as in TestHistoryDetailsOverTheProtocol.
func TestHistoryShowsDetails(t *testing.T) {
	w := newWorkspace(t, "intellectmoney_envelope=table")
	addDetailed(t, w.Sandbox.IntellectMoney)
	block := w.GatewayThatRewrites(func(string) string { return "" }, detailed.Replace)
	w.Write(historyConfig(`gateway = "intellectmoney"`, "intellectmoney = { include_transactions = true, details = true }") + block)
	w.Apply().Succeeds().SaysNothing()
	state := w.Attributes(historyAddress)
	if id, _ := state["operation_id"].(string); len(id) != 36 {
		t.Errorf("operation %v", state["operation_id"])
	}
	rows, _ := state["invoices"].([]any)
	row, _ := rows[0].(map[string]any)
	own, _ := row["intellectmoney"].(map[string]any)
	for name, want := range map[string]string{
		"hold_mode": "true", "original_amount": "1600.00", "surcharge_amount": "10.50", "customer_name": "Анна Ивановна", "eshop_name": "Магазин",
		"organization_name": "ООО «Зерно»", "recurrent": "true", "form_type": "IMAccount",
		"receipt":         `{"Content":{"Positions":[{"Price":1500.50,"Quantity":1.00}]},"Inn":"5000000000"}`,
		"additional_info": "map[Url:https://shop.example Магазин:Магазин; второй]",
	} {
		same(t, name, fmt.Sprint(own[name]), want)
	}
	transactions, _ := row["transactions"].([]any)
	one, _ := transactions[0].(map[string]any)
	id := fmt.Sprint(row["id"])
	for name, want := range map[string]string{
		"account": id, "payment_account": "Счет к оплате " + id, "recipient_account": "***", "currency": "RUB", "recipient_currency": "RUB",
		"card_number": "220015******3249", "country": "RU", "bank": "Банк", "email": "buyer@example.com",
	} {
		same(t, name, fmt.Sprint(one[name]), want)
	}

	w.Write(historyConfig(`gateway = "intellectmoney"`, "intellectmoney = { include_transactions = true }") + block)
	w.Apply().Succeeds().SaysNothing()
	if state, _ := w.Exec("state", "pull"); strings.Contains(state, "Анна") || strings.Contains(state, "Банк") || strings.Contains(state, "5000000000") {
		t.Errorf("details are in the state, and nobody asked for them: %s", state)
	}
	w.Plan().Succeeds().ChangesNothing()
}

// What is not asked for is null, and so is what the gateway does not tell.
func TestHistoryDetailsOverTheProtocol(t *testing.T) {
	box := clitest.OpenSandbox(t)
	addDetailed(t, box.IntellectMoney)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	p := newPlugin(t, server.URL)
	of := attributeType(p.schemas.DataSourceSchemas["invoice_history"].ValueType(), "intellectmoney")
	yes := tftypes.NewValue(tftypes.Bool, true)
	for name, test := range map[string]struct {
		filter map[string]tftypes.Value
		known  string
	}{
		"without": {map[string]tftypes.Value{"include_transactions": yes}, "intellectmoney: 0, of the transaction: 0"},
		// No card, no country and no bank: the sandbox answers as the document's sample.
		"with": {map[string]tftypes.Value{"include_transactions": yes, "details": yes}, "intellectmoney: 10, of the transaction: 6"},
	} {
		t.Run(name, func(t *testing.T) {
			state := p.lookUp("invoice_history", map[string]tftypes.Value{"gateway": text("intellectmoney"), "intellectmoney": filled(of, test.filter)})
			row := p.inside(p.listed(state["invoices"])[0])
			transaction := p.inside(p.listed(row["transactions"])[0])
			further := map[string]tftypes.Value{}
			for _, name := range []string{"account", "payment_account", "recipient_account", "currency", "recipient_currency", "card_number", "country", "bank", "email"} {
				further[name] = transaction[name]
			}
			if got := fmt.Sprintf("intellectmoney: %d, of the transaction: %d", countKnown(p.inside(row["intellectmoney"])), countKnown(further)); got != test.known {
				t.Errorf("%s, want %s: %s, %s", got, test.known, row["intellectmoney"], further)
			}
			if !state["operation_id"].IsNull() {
				t.Errorf("operation %s, which the gateway has not told", state["operation_id"])
			}
		})
	}
}

// listed are the elements of a list.
func (p *plugin6) listed(list tftypes.Value) []tftypes.Value {
	p.t.Helper()
	var elements []tftypes.Value
	p.ok(list.As(&elements), nil)
	return elements
}

// inside are the attributes of an object, none of null.
func (p *plugin6) inside(object tftypes.Value) map[string]tftypes.Value {
	p.t.Helper()
	var attributes map[string]tftypes.Value
	p.ok(object.As(&attributes), nil)
	return attributes
}

func countKnown(attributes map[string]tftypes.Value) (count int) {
	for _, value := range attributes {
		if !value.IsNull() {
			count++
		}
	}
	return count
}

// Ten thousand rows, mostly of null, must not fill the memory. Before rows shared the description
// of their type, each kept 7.7 KB, with fewer attributes.
func TestHistoryRowsAreSmall(t *testing.T) {
	var described datasource.SchemaResponse
	newHistoryDataSource().Schema(t.Context(), datasource.SchemaRequest{}, &described)
	const count, maxBytes = 3000, 4500
	rows := make([]gateway.HistoryRow, count)
	for i := range rows {
		rows[i].ID = types.StringValue(strconv.Itoa(i))
	}
	model := historyModel{historySelection: historySelection{Statuses: types.ListNull(types.StringType)}}
	model.show(rows)
	inUse := func() uint64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before := inUse()
	state := tfsdk.State{Schema: described.Schema, Raw: tftypes.NewValue(described.Schema.Type().TerraformType(t.Context()), nil)}
	if diags := gateway.Write(t.Context(), &state, &model, gateway.Objects{}); diags.HasError() {
		t.Fatal(diags)
	}
	if each := (inUse() - before) / count; each > maxBytes {
		t.Errorf("a row keeps %d bytes, at most %d are expected", each, maxBytes)
	}
	runtime.KeepAlive(state)
	runtime.KeepAlive(rows)
}
