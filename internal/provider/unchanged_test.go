package provider

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What was validated is not validated again if nothing was found in it, also as a part of
// another configuration.
func TestSameIsValidatedOnce(t *testing.T) {
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
	with := func(link map[string]tftypes.Value, name, value string) map[string]tftypes.Value {
		link[name] = text(value)
		return link
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
		{"another sum", link("6", "6"), nil, 2, ""},
		{"another text", with(link("6", "6"), "description", "a"), nil, 2, ""},
		{"both sums, but not together", link("5", "6"), nil, 3, "The receipt does not add up"},
		{"the same warning", link("5", "6"), nil, 4, "The receipt does not add up"},
		{"a text that is too long", with(link("5", "5"), "description", strings.Repeat("a", 201)), nil, 5, "Invalid Attribute Value Length"},
		{"a text that is no sum", link("five", "5"), nil, 6, "Invalid value"},
		{"the same error", link("five", "5"), nil, 7, "Invalid value"},
		{"a text of a type of its own", with(link("5", "5"), "custom_parameters", "{"), nil, 8, "Invalid JSON String Value"},
		{"another CLI", link("5", "5"), writeOnly, 9, ""},
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
		request := &tfprotov6.UpgradeResourceStateRequest{TypeName: "invoice_payment_link", Version: 1, RawState: &tfprotov6.RawState{JSON: []byte(test.state)}}
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
	number := &tfprotov6.UpgradeResourceStateRequest{TypeName: "invoice_refund", Version: 1, RawState: &tfprotov6.RawState{JSON: []byte(`{"id":"1","sequence":1234567}`)}}
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

// Both ways find the same in any order of configurations.
func TestUnchangedValidationsAreTheFrameworks(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := randomScene{rand.New(rand.NewPCG(seed, 0))}
	const configurations = 1500
	two := newTwoWays(t, "http://127.0.0.1:1")
	kind := two.schemas.ResourceSchemas["invoice_payment_link"].ValueType()
	receipt, _ := attributeType(kind, "receipt").(tftypes.List)
	// Of each attribute, the last value is not valid.
	values := map[string][]string{
		"terminal_id": {"a", "b", " "}, "amount": {"5", "5.00", "6", "five"}, "currency": {"RUB", "EUR", "XXX"}, "order_id": {"a", "b", " "},
		"description": {"a", "b", strings.Repeat("a", 201)}, "payment_method": {"card", ""}, "success_url": {"https://a.test", "a"},
		"custom_parameters": {`{"a":1}`, `{}`, "{"}, "transaction_type": {"hold", "payment", "a"}, "when_unpayable": {"keep", "renew", "a"},
	}
	found := 0
	for range configurations {
		line := map[string]tftypes.Value{"quantity": text("1"), "name": text(r.pick([]string{"a", "b"}))}
		line["price"] = text(r.pick([]string{"5", "6"}))
		line["result_price"] = line["price"]
		config := map[string]tftypes.Value{"receipt": tftypes.NewValue(receipt, []tftypes.Value{filled(receipt.ElementType, line)})}
		for name, known := range values {
			switch r.IntN(60) {
			case 0:
				config[name] = tftypes.NewValue(tftypes.String, nil)
			case 1:
				config[name] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
			case 2:
				config[name] = text(known[len(known)-1])
			default:
				config[name] = text(r.pick(known[:len(known)-1]))
			}
		}
		request := &tfprotov6.ValidateResourceConfigRequest{TypeName: "invoice_payment_link", Config: two.encode(filled(kind, config))}
		short, err := two.server.ValidateResourceConfig(t.Context(), request)
		two.ok(err, nil)
		whole, err := two.whole.ValidateResourceConfig(t.Context(), request)
		two.ok(err, nil)
		if got, want := told(short.Diagnostics), told(whole.Diagnostics); !slices.Equal(got, want) {
			t.Fatalf("%v\nfound %v\nnot   %v", config, got, want)
		}
		if len(whole.Diagnostics) == 0 {
			found++
		}
	}
	validations := two.framework.validations.Load()
	t.Logf("%d of %d configurations are valid, %d were validated by the framework", found, configurations, validations)
	if found < configurations/10 || validations > configurations*9/10 {
		t.Error("the framework validates nearly all")
	}
}

// told is what diagnostics say, in any order.
func told(diagnostics []*tfprotov6.Diagnostic) []string {
	texts := make([]string, 0, len(diagnostics))
	for _, one := range diagnostics {
		texts = append(texts, fmt.Sprintf("%s: %s: %s", one.Attribute, one.Summary, one.Detail))
	}
	slices.Sort(texts)
	return texts
}
