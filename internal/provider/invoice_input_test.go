package provider

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// What cannot be an invoice is an error in the plan, at the attribute. Nothing is sent.
func TestInvoiceInputIsCheckedInThePlan(t *testing.T) {
	const p2pBase = `direction = "in"
    notification_url = "https://shop.example.com/hook"
    notification_token = "t"`
	payout := func(but string) string {
		var lines []string
		for _, line := range strings.Split(payoutConfig, "\n") {
			if !strings.HasPrefix(strings.TrimSpace(line), but+" ") {
				lines = append(lines, line)
			}
		}
		return strings.Join(lines, "\n")
	}
	payoutTo := func(requisites string) string {
		return withLine(payoutConfig, "payment_requisites", "payment_requisites = "+requisites)
	}
	one := func(root, block string) string {
		return fmt.Sprintf("resource \"invoice_invoice\" \"one\" {\n  amount = \"100\"\n  %s\n  %s\n}\n", root, block)
	}
	paykeeper := func(lines string) string { return one("", "paykeeper = {\n "+lines+"\n}") }
	p2p := func(lines string) string { return one("", "p2p = {\n "+p2pBase+"\n"+lines+"\n}") }
	cart := func(sum, tax string) string {
		return fmt.Sprintf(`cart = [{ name = "x", price = "100", quantity = "1", sum = %q, tax = %q }]`, sum, tax)
	}
	tests := []struct {
		name, config string
		phrases      []string
	}{
		{"no gateway", one("", ""), []string{"An invoice needs a gateway", "Exactly one of `paykeeper`, `p2p` must be set."}},
		{"two gateways", one("", "paykeeper = {}\np2p = {\n"+p2pBase+"\n}"), []string{"@p2p", "An invoice has one gateway", "not `paykeeper`, `p2p`"}},
		{"send without e-mail", paykeeper("send = true"), []string{"An invoice without an e-mail address cannot be sent", "paykeeper.client_email is needed"}},
		{"bad e-mail", paykeeper(`client_email = "Anna <anna@example.com>"`), []string{"Attribute paykeeper.client_email:", `"Anna <anna@example.com>" is not an e-mail address`}},
		{"no date", paykeeper(`expiry_date = "2035-02-30"`), []string{"Attribute paykeeper.expiry_date:", `"2035-02-30" is not a date`}},
		{"date and time", paykeeper(`expiry_date = "2035-02-03 10:00:00"`), []string{"is not a date"}},
		{"today", paykeeper(`expiry_date = "` + dayFromNow(0) + `"`), []string{"The invoice could never be paid", "paykeeper.expiry_date is " + dayFromNow(0), "in Moscow it is " + dayFromNow(0)}},
		{"yesterday", paykeeper(`expiry_date = "` + dayFromNow(-1) + `"`), []string{"The invoice could never be paid"}},
		{"another currency", one(`currency = "USD"`, "paykeeper = {}"), []string{"@currency", "PayKeeper takes roubles only", `"USD"`}},
		{"no currency", one(`currency = "rub"`, "paykeeper = {}"), []string{"@currency", `"rub" is not such a code`}},
		{"cart does not add up", paykeeper(cart("99.99", "none")), []string{"The cart does not add up", "add up to 99.99, and amount is 100.00"}},
		{"tax", paykeeper(cart("100", "vat18")), []string{"paykeeper.cart[0].tax", `"vat22"`}},
		{"item_type", paykeeper(strings.Replace(cart("100", "none"), "tax", `item_type = "Товар", tax`, 1)), []string{"paykeeper.cart[0].item_type", "a word of the gateway, in small Latin letters"}},
		{"payment_type", paykeeper(strings.Replace(cart("100", "none"), "tax", `payment_type = "full ", tax`, 1)), []string{"paykeeper.cart[0].payment_type", "is not such a word"}},
		{"measure", paykeeper(strings.Replace(cart("100", "none"), "tax", `measure = " ", tax`, 1)), []string{"paykeeper.cart[0].measure", "is blank"}},
		{"language", paykeeper(`language = "de"`), []string{"paykeeper.language", `value must be one of: ["ru" "en"]`}},
		{"result_url", paykeeper(`result_url = "ftp://shop.example"`), []string{"paykeeper.result_url", "does not begin with http:// or https://"}},
		{"result_url without a host", paykeeper(`result_url = "/back"`), []string{"paykeeper.result_url", "does not begin with http:// or https://"}},
		{"amount", strings.Replace(paykeeper(""), `"100"`, `"100.001"`, 1), []string{"@amount", "more decimals than allowed"}},
		{"keep or renew", one(`when_unpayable = "maybe"`, "paykeeper = {}"), []string{"@when_unpayable", `"keep" "renew"`}},
		{"direction", strings.Replace(p2p(""), `"in"`, `"inside"`, 1), []string{"p2p.direction", `"in" "out"`}},
		{"no token", strings.Replace(p2p(""), `notification_token = "t"`, "", 1), []string{"p2p.notification_token", "Invalid Attribute Combination"}},
		{"no address", strings.Replace(p2p(""), `"https://shop.example.com/hook"`, `""`, 1), []string{"p2p.notification_url", `"" does not begin with http:// or https://`}},
		{"two tokens", p2p(`notification_token_wo = "u"`), []string{"p2p.notification_token", "Invalid Attribute Combination"}},
		{"a version of nothing", p2p(`notification_token_wo_version = 1`), []string{"p2p.notification_token_wo"}},
		{"address", strings.Replace(p2p(""), "https://", "ftp://", 1), []string{"p2p.notification_url", "does not begin with http"}},
		{"max_amount below amount", p2p(`max_amount = "99"`), []string{"max_amount is below amount", "p2p.max_amount is 99.00, and amount is 100.00"}},
		{"payout without option", payout("payment_option"), []string{"A payout needs to know where the money goes", "p2p.payment_option is missing"}},
		{"payout without method", payout("payment_method"), []string{"A payout needs to know where the money goes", "p2p.payment_method is missing"}},
		{"payout without requisites", payout("payment_requisites"), []string{"A payout needs to know where the money goes", "p2p.payment_requisites, or p2p.payment_requisites_wo, is missing"}},
		{"payout with empty requisites", payoutTo("{}"), []string{"A payout needs to know where the money goes", "p2p.payment_requisites, or p2p.payment_requisites_wo, is missing"}},
		{"payout with requisites of nothing", payoutTo("{ requisites = null, holder = null }"), []string{"A payout needs to know where the money goes"}},
		{"payout with blank requisites", payoutTo(`{ requisites = " " }`), []string{"p2p.payment_requisites.requisites", "is blank"}},
		{"payout to a holder", payoutTo(`{ holder = "x" }`), []string{"p2p.payment_requisites.requisites", "Invalid Attribute Combination"}},
		{"payout without order", payout("order_id"), []string{"A payout needs an order_id", "only by its order id", "terraform untaint"}},
		{"requisites twice", strings.Replace(payoutConfig, "payment_requisites =", "payment_requisites_wo = { requisites = \"1\" }\n    payment_requisites =", 1), []string{"p2p.payment_requisites", "Invalid Attribute Combination"}},
		{"requisites' version of nothing", strings.Replace(payoutConfig, "payment_requisites =", "payment_requisites_wo_version = 1\n    payment_requisites =", 1), []string{"p2p.payment_requisites_wo"}},
		{"a payout starts no deal", strings.Replace(payoutConfig, "payment_option ", "start_deal = true\n    payment_option ", 1), []string{"A payout starts no deal", "p2p.start_deal"}},
	}
	w := newWorkspace(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inner := w.In(t)
			inner.Write(test.config)
			inner.Plan().Fails(test.phrases...)
			inner.SentNothing()
		})
	}
}

// A payout that turns out incomplete during apply never leaves the machine.
func TestIncompletePayoutIsNotSent(t *testing.T) {
	for name, value := range map[string]string{"payment_option": `""`, "payment_method": `"  "`, "payment_requisites": `{ requisites = " " }`, "order_id": `null`, "direction": ""} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			// terraform_data hides a value until apply.
			config := strings.Replace(payoutConfig, `"sberbank"`, `terraform_data.late.output.method`, 1)
			config = strings.Replace(config, `"TO_CARD"`, `terraform_data.late.output.option`, 1)
			config = strings.Replace(config, `{ requisites = "2200000000000053", holder = "ИВАН ИВАНОВ" }`, `terraform_data.late.output.to`, 1)
			config = strings.Replace(config, `"payout-1"`, `terraform_data.late.output.order`, 1)
			option, method, to, order := `"TO_CARD"`, `"sberbank"`, `{ requisites = "2200000000000053" }`, `"payout-1"`
			switch name {
			case "payment_option":
				option = value
			case "payment_method":
				method = value
			case "payment_requisites":
				to = value
			case "order_id":
				order = value
			}
			w.Write(config + fmt.Sprintf("resource \"terraform_data\" \"late\" {\n input = { option = %s, method = %s, to = %s, order = %s }\n}\n", option, method, to, order))
			w.Plan().Succeeds().Warns("700 RUB will be paid out to requisites that are not known yet (order not known yet)")
			if name == "direction" {
				w.Apply().Succeeds()
				w.Sent("p2p.create", 1)
				return
			}
			if name == "order_id" {
				w.Apply().Fails("@order_id", "A payout needs an order_id", "Nothing was sent.")
			} else {
				w.Apply().Fails("A payout needs to know where the money goes", "p2p."+name, "missing", "Nothing was sent.")
			}
			w.SentNothing()
		})
	}
}

// The CLI does not show lines inside an object. This test checks the paths of such errors.
func TestInvoiceErrorsPointToAttributes(t *testing.T) {
	with := func(a gateway.InvoiceAdapter, amount, currency string, values map[string]attr.Value) *gateway.Invoice {
		m := &gateway.Invoice{Amount: attributes.NewDecimal(amount), Currency: types.StringValue(currency)}
		inside := attributes.WithoutUnknowns(t.Context(), types.ObjectNull(blockTypes(a)))
		maps.Copy(inside, values)
		m.SetObject(a, types.ObjectValueMust(blockTypes(a), inside))
		return m
	}
	text := func(text string) attr.Value { return types.StringValue(text) }
	paykeeper, p2p := adapter(t, "paykeeper"), adapter(t, "p2p")
	cartType, _ := blockTypes(paykeeper)["cart"].(types.ListType)
	cartItemType, _ := cartType.ElemType.(types.ObjectType)
	requisitesType, _ := blockTypes(p2p)["payment_requisites"].(types.ObjectType)
	requisitesTypes := requisitesType.AttrTypes
	lineOf := func(sum attributes.Decimal) attr.Value {
		return types.ObjectValueMust(cartItemType.AttrTypes, map[string]attr.Value{
			"name": text("x"), "price": attributes.NewDecimal("1"), "quantity": attributes.NewDecimal("1"), "sum": sum, "tax": text("none"),
			"item_type": text("goods"), "payment_type": types.StringNull(), "measure": types.StringUnknown(),
		})
	}
	line, lateLine := lineOf(attributes.NewDecimal("1")), lineOf(attributes.Decimal{StringValue: types.StringUnknown()})
	cart := func(lines ...attr.Value) map[string]attr.Value {
		return map[string]attr.Value{"cart": types.ListValueMust(cartItemType, lines)}
	}
	requisites := types.ObjectValueMust(requisitesTypes, map[string]attr.Value{"requisites": text("1"), "holder": types.StringNull()})
	payout := map[string]attr.Value{"direction": text("out"), "payment_option": text("SBP"), "payment_method": text("x"), "payment_requisites": requisites,
		"notification_url": text("https://shop.example.com/hook"), "notification_token": text("t")}
	but := func(name string, value attr.Value) map[string]attr.Value {
		changed := maps.Clone(payout)
		changed[name] = value
		return changed
	}
	tests := []struct {
		name     string
		adapter  gateway.InvoiceAdapter
		currency string
		values   map[string]attr.Value
		creating bool
		paths    string
	}{
		{name: "all right", adapter: paykeeper, values: cart(line)},
		{name: "currency", adapter: paykeeper, currency: "USD", paths: "currency"},
		{name: "send", adapter: paykeeper, values: map[string]attr.Value{"send": types.BoolValue(true)}, paths: "paykeeper.send"},
		{name: "send, the address comes later", adapter: paykeeper, values: map[string]attr.Value{"send": types.BoolValue(true), "client_email": types.StringUnknown()}},
		{name: "cart", adapter: paykeeper, values: cart(line, line), paths: "paykeeper.cart"},
		{name: "a sum that comes later", adapter: paykeeper, values: cart(line, lateLine)},
		{name: "an empty cart", adapter: paykeeper, values: cart()},
		{name: "today, creating", adapter: paykeeper, creating: true, values: map[string]attr.Value{"expiry_date": text(dayFromNow(0))}, paths: "paykeeper.expiry_date"},
		{name: "tomorrow, creating", adapter: paykeeper, creating: true, values: map[string]attr.Value{"expiry_date": text(dayFromNow(1))}},
		{name: "today, kept", adapter: paykeeper, values: map[string]attr.Value{"expiry_date": text(dayFromNow(0))}},
		{name: "a payout", adapter: p2p, values: payout},
		{name: "option", adapter: p2p, values: but("payment_option", types.StringNull()), paths: "p2p.payment_option"},
		{name: "blank method", adapter: p2p, values: but("payment_method", text(" ")), paths: "p2p.payment_method"},
		{name: "requisites, creating", adapter: p2p, creating: true, values: but("payment_requisites", types.ObjectNull(requisitesTypes)), paths: "p2p.payment_requisites"},
		{name: "empty requisites, creating", adapter: p2p, creating: true, values: but("payment_requisites", types.ObjectValueMust(requisitesTypes, map[string]attr.Value{
			"requisites": types.StringNull(), "holder": types.StringNull(),
		})), paths: "p2p.payment_requisites"},
		{name: "requisites, imported", adapter: p2p, values: but("payment_requisites", types.ObjectNull(requisitesTypes))},
		{name: "a payout, creating", adapter: p2p, creating: true, values: payout},
		{name: "token, creating", adapter: p2p, creating: true, values: but("notification_token", types.StringNull()), paths: "p2p.notification_token"},
		{name: "token, imported", adapter: p2p, values: but("notification_token", types.StringNull())},
		{name: "a write-only token, creating", adapter: p2p, creating: true, values: map[string]attr.Value{
			"direction": text("in"), "notification_url": text("https://shop.example.com/hook"), "notification_token_wo": text("t"),
		}},
		{name: "a token that comes later, creating", adapter: p2p, creating: true, values: but("notification_token", types.StringUnknown())},
		{name: "address, creating", adapter: p2p, creating: true, values: but("notification_url", text("")), paths: "p2p.notification_url"},
		{name: "address, imported", adapter: p2p, values: but("notification_url", text(""))},
		{name: "requisites come later", adapter: p2p, values: but("payment_requisites", types.ObjectUnknown(requisitesTypes))},
		{name: "deal", adapter: p2p, values: but("start_deal", types.BoolValue(true)), paths: "p2p.start_deal"},
		{name: "no deal", adapter: p2p, values: but("start_deal", types.BoolValue(false))},
		{name: "max_amount below amount", adapter: p2p, values: map[string]attr.Value{"direction": text("in"), "max_amount": attributes.NewDecimal("0.99")}, paths: "p2p.max_amount"},
		{name: "the same", adapter: p2p, values: map[string]attr.Value{"direction": text("in"), "max_amount": attributes.NewDecimal("1.00")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			currency := test.currency
			if currency == "" {
				currency = "RUB"
			}
			var diags diag.Diagnostics
			checked := with(test.adapter, "1", currency, test.values)
			config := checked
			if !test.creating {
				config = nil
			}
			test.adapter.Check(t.Context(), checked, config, &diags)
			var paths []string
			for _, one := range diags {
				if withPath, ok := one.(diag.DiagnosticWithPath); ok {
					paths = append(paths, withPath.Path().String())
				} else {
					t.Errorf("no path: %v", one)
				}
			}
			same(t, "paths", strings.Join(paths, " "), test.paths)
		})
	}
}

// adapter is a gateway that has no settings.
func adapter(t *testing.T, name string) gateway.InvoiceAdapter {
	t.Helper()
	for _, a := range gateway.Select[gateway.InvoiceAdapter](newGateways()) {
		if a.Name() == name {
			return a
		}
	}
	t.Fatal("no gateway " + name)
	return nil
}

func blockTypes(a gateway.InvoiceAdapter) map[string]attr.Type {
	kind, _ := a.ResourceSchema().GetType().(attr.TypeWithAttributeTypes)
	return kind.AttributeTypes()
}
