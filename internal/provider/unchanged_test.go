package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A configuration is validated once if nothing is found in it, and each time otherwise.
func TestSameConfigurationIsValidatedOnce(t *testing.T) {
	t.Parallel()
	two := newTwoWays(t, "http://127.0.0.1:1")
	link := func(amount, resultPrice string) map[string]tftypes.Value {
		receipt := attributeType(two.schemas.ResourceSchemas["invoice_payment_link"].ValueType(), "receipt")
		list, _ := receipt.(tftypes.List)
		line := filled(list.ElementType, map[string]tftypes.Value{
			"name": text("a"), "price": text(resultPrice), "quantity": text("1"), "result_price": text(resultPrice),
		})
		return map[string]tftypes.Value{"terminal_id": text("t"), "amount": text(amount), "receipt": tftypes.NewValue(receipt, []tftypes.Value{line})}
	}
	writeOnly := &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true}
	for _, step := range []struct {
		name         string
		given        map[string]tftypes.Value
		capabilities *tfprotov6.ValidateResourceConfigClientCapabilities
		validations  int64 // so far
		found        string
	}{
		{"first", link("5", "5"), nil, 1, ""},
		{"again", link("5", "5"), nil, 1, ""},
		{"another", link("6", "6"), nil, 2, ""},
		{"another CLI", link("5", "5"), writeOnly, 3, ""},
		{"a warning", link("5", "6"), nil, 4, "The receipt does not add up"},
		{"the same warning", link("5", "6"), nil, 5, "The receipt does not add up"},
		{"an error", link("five", "5"), nil, 6, "Invalid value"},
		{"the same error", link("five", "5"), nil, 7, "Invalid value"},
	} {
		config := two.encode(filled(two.schemas.ResourceSchemas["invoice_payment_link"].ValueType(), step.given))
		resp, err := two.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: "invoice_payment_link", Config: config, ClientCapabilities: step.capabilities,
		})
		two.ok(err, nil)
		found := ""
		if len(resp.Diagnostics) > 0 {
			found = resp.Diagnostics[0].Summary
		}
		if got := two.framework.validations.Load(); got != step.validations || found != step.found {
			t.Errorf("%s: %d validations, found %q", step.name, got, found)
		}
	}
}

// What the schema does not fit goes to the framework, which drops what it does not know and
// reports what it cannot read.
func TestStoredStatesAreAnsweredAsTheyAre(t *testing.T) {
	t.Parallel()
	two := newTwoWays(t, "http://127.0.0.1:1")
	kind := two.schemas.ResourceSchemas["invoice_payment_link"].ValueType()
	for _, test := range []struct {
		name, state string
		isShort     bool
	}{
		{"whole", `{"id":"1","amount":"5","paid":false,"receipt":[{"name":"a","price":"5","discount":null,"quantity":"1","result_price":"5"}],"order_id":"o"}`, true},
		{"without new attributes", `{"id":"1"}`, true},
		{"no attribute of today", `{"id":"1","old":"x"}`, false},
		{"no attribute of today in a list", `{"id":"1","receipt":[{"name":"a","old":1}]}`, false},
		{"another type", `{"id":1}`, false},
		{"another type in a list", `{"receipt":["a"]}`, false},
		{"an object for a list", `{"receipt":{"name":"a"}}`, false},
		{"a list for a text", `{"id":["1"]}`, false},
		{"twice the same name", `{"id":"1","id":"2"}`, false},
		{"no object", `"1"`, false},
		{"cut", `{"id":"1"`, false},
		{"more than one", `{"id":"1"} {}`, false},
		{"nothing", ``, false},
	} {
		before := two.framework.upgrades.Load()
		request := &tfprotov6.UpgradeResourceStateRequest{TypeName: "invoice_payment_link", RawState: &tfprotov6.RawState{JSON: []byte(test.state)}}
		short, err := two.server.UpgradeResourceState(t.Context(), request)
		two.ok(err, nil)
		whole, err := two.whole.UpgradeResourceState(t.Context(), request)
		two.ok(err, nil)
		if isShort := two.framework.upgrades.Load() == before; isShort != test.isShort {
			t.Errorf("%s: without the framework %t", test.name, isShort)
		}
		if len(short.Diagnostics) != len(whole.Diagnostics) || len(short.Diagnostics) > 0 {
			continue
		}
		got, err := short.UpgradedState.Unmarshal(kind)
		two.ok(err, nil)
		want, err := whole.UpgradedState.Unmarshal(kind)
		two.ok(err, nil)
		if !got.Equal(want) {
			t.Errorf("%s: %s, not %s", test.name, got, want)
		}
	}
	number := &tfprotov6.UpgradeResourceStateRequest{TypeName: "invoice_refund", RawState: &tfprotov6.RawState{JSON: []byte(`{"id":"1","sequence":1234567}`)}}
	before := two.framework.upgrades.Load()
	resp, err := two.server.UpgradeResourceState(t.Context(), number)
	two.ok(err, resp.Diagnostics)
	sequence := two.decode(resp.UpgradedState, two.schemas.ResourceSchemas["invoice_refund"].ValueType())["sequence"]
	if two.framework.upgrades.Load() != before || sequence.String() != `tftypes.Number<"1234567">` {
		t.Errorf("a number: %s", sequence)
	}
	later := &tfprotov6.UpgradeResourceStateRequest{TypeName: "invoice_payment_link", Version: 7, RawState: &tfprotov6.RawState{JSON: []byte(`{"id":"1"}`)}}
	if resp, err := two.server.UpgradeResourceState(t.Context(), later); err != nil || len(resp.Diagnostics) != 1 {
		t.Errorf("another version: %v, %v", resp, err)
	}
}
