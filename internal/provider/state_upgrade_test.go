package provider

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A version without a way from each older one would lock its states out.
func TestEveryOlderVersionIsUpgraded(t *testing.T) {
	t.Parallel()
	for name, one := range kindsOf(testProvider()) {
		upgrades, can := one.newResource().(resource.ResourceWithUpgradeState)
		if !can {
			t.Errorf("%s has no upgrades", name)
			continue
		}
		all := upgrades.UpgradeState(context.Background())
		if one.version < 1 || int64(len(all)) != one.version {
			t.Errorf("%s is of version %d, and has %d upgrades", name, one.version, len(all))
		}
		for version := range one.version {
			if all[version].StateUpgrader == nil {
				t.Errorf("%s has no upgrade from version %d", name, version)
			}
		}
	}
}

// Upgrades follow each other. Numbers stay as they are, and what the schema lacks is dropped.
func TestUpgradesFollowEachOther(t *testing.T) {
	t.Parallel()
	note := func(name string) upgrade {
		return func(state map[string]any) { state["passed"] = state["passed"].(string) + name }
	}
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"passed": tftypes.String, "n": tftypes.Number, "new": tftypes.Bool}}
	stored := &tfprotov6.RawState{JSON: []byte(`{"passed":"","n":1234567890123456789,"old":[1]}`)}
	got, err := upgradeState(stored, []upgrade{note("1"), keep, note("3")}, kind)
	if err != nil {
		t.Fatal(err)
	}
	want := tftypes.NewValue(kind, map[string]tftypes.Value{
		"passed": text("13"), "n": tftypes.NewValue(tftypes.Number, int64(1234567890123456789)), "new": tftypes.NewValue(tftypes.Bool, nil),
	})
	if !got.Equal(want) {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := upgradeState(&tfprotov6.RawState{JSON: []byte(`"1"`)}, []upgrade{keep}, kind); err == nil {
		t.Error("a text is taken for a state")
	}
}

func TestSumsOfVersion0GetTheirCurrency(t *testing.T) {
	t.Parallel()
	p := newPlugin(t, "http://127.0.0.1:1")
	kind := p.schemas.ResourceSchemas["invoice_invoice"].ValueType()
	for stored, want := range map[string]string{
		`{"currency":"USD","p2p":{"service_fee":"10.00"}}`:                                       `"10.00" "USD"`,
		`{"p2p":{"service_fee":"10.00"}}`:                                                        `"10.00" null`,
		`{"currency":"USD","p2p":{"service_fee":null,"payout":{"amount":"1","currency":"T"}}}`:   `null`,
		`{"currency":"USD","p2p":{"service_fee":{"amount":"1.00","currency":"EUR"}}}`:            `"1.00" "EUR"`, // not of this version, and left alone
		`{"currency":"USD","p2p":{"deals":[{"id":"1"}]}}`:                                        `null`,
		`{"currency":"RUB","p2p":null,"paykeeper":{"service_name":"a","send":true,"cart":null}}`: `null`,
	} {
		resp, err := p.server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: "invoice_invoice", RawState: &tfprotov6.RawState{JSON: []byte(stored)}})
		p.ok(err, resp.Diagnostics)
		state := p.decode(resp.UpgradedState, kind)
		var own, fee map[string]tftypes.Value
		p.ok(state["p2p"].As(&own), nil)
		got := "null"
		if own != nil && !own["service_fee"].IsNull() {
			p.ok(own["service_fee"].As(&fee), nil)
			got = shownText(fee["amount"]) + " " + shownText(fee["currency"])
		}
		if got != want {
			t.Errorf("%s: %s, want %s", stored, got, want)
		}
	}
}

func TestBonusesOfVersion0BecomeDecimals(t *testing.T) {
	t.Parallel()
	// The framework would read a number as a text as well. No state should depend on that.
	state := map[string]any{"payment_method": map[string]any{"bonuses": json.Number("-300")}}
	if writeBonusesAsText(state); !reflect.DeepEqual(state, map[string]any{"payment_method": map[string]any{"bonuses": "-300"}}) {
		t.Errorf("upgraded: %v", state)
	}
	p := newPlugin(t, "http://127.0.0.1:1")
	kind := p.schemas.ResourceSchemas["invoice_refund"].ValueType()
	for stored, want := range map[string]string{
		`{"id":"1","payment_method":{"type":"card","bonuses":-300}}`:    `"-300"`,
		`{"id":"1","payment_method":{"bonuses":9007199254740993}}`:      `"9007199254740993"`,
		`{"id":"1","payment_method":{"type":"card","bonuses":null}}`:    `null`,
		`{"id":"1","payment_method":{"type":"card"}}`:                   `null`,
		`{"id":"1","payment_method":{"type":"card","bonuses":"-0.25"}}`: `"-0.25"`, // not of this version, and left alone
		`{"id":"1","payment_method":null}`:                              `null`,
		`{"id":"1"}`:                                                    `null`,
	} {
		resp, err := p.server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: "invoice_refund", RawState: &tfprotov6.RawState{JSON: []byte(stored)}})
		p.ok(err, resp.Diagnostics)
		got, method := "null", map[string]tftypes.Value{}
		if p.ok(p.decode(resp.UpgradedState, kind)["payment_method"].As(&method), nil); len(method) > 0 {
			got = shownText(method["bonuses"])
		}
		if got != want {
			t.Errorf("%s: %s, want %s", stored, got, want)
		}
	}
}

// The gateway of refunds is stored since version 2, and is not that of PayKeeper before.
func TestRefundsOfVersion1NameTheirGateway(t *testing.T) {
	t.Parallel()
	p := newPlugin(t, "http://127.0.0.1:1")
	kind := p.schemas.ResourceSchemas["invoice_refund"].ValueType()
	for version, stored := range []string{`{"id":"1","payment_method":{"bonuses":5}}`, `{"id":"1","payment_method":{"bonuses":"5"}}`, `{"id":"1","gateway":"paykeeper"}`} {
		resp, err := p.server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
			TypeName: "invoice_refund", Version: int64(version), RawState: &tfprotov6.RawState{JSON: []byte(stored)},
		})
		p.ok(err, resp.Diagnostics)
		want := map[bool]string{true: `"invoice"`, false: `"paykeeper"`}[version < 2]
		if got := shownText(p.decode(resp.UpgradedState, kind)["gateway"]); got != want {
			t.Errorf("version %d: %s, want %s", version, got, want)
		}
	}
}

// Every CLI refuses a newer identity than the provider's, and has an older one upgraded. Terraform
// asks with an empty text where a CLI without identities has stored the state.
func TestIdentitiesOfVersion0LackTheGateway(t *testing.T) {
	t.Parallel()
	p := newPlugin(t, "http://127.0.0.1:1")
	schemas, err := p.server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	p.ok(err, schemas.Diagnostics)
	kind := schemas.IdentitySchemas["invoice_refund"].ValueType()
	for stored, want := range map[string]string{
		`{"id":"1"}`:         `"1" null null`,
		`{"id":"unknown/1"}`: `"unknown/1" null null`,
		`{"id":null}`:        `null null null`,
		``:                   `null null null`,
		`{"id":1}`:           `Cannot read the stored identity of a refund`,
	} {
		resp, err := p.server.UpgradeResourceIdentity(t.Context(), &tfprotov6.UpgradeResourceIdentityRequest{TypeName: "invoice_refund", RawIdentity: &tfprotov6.RawState{JSON: []byte(stored)}})
		p.ok(err, nil)
		var got string
		if len(resp.Diagnostics) > 0 {
			got = resp.Diagnostics[0].Summary
		} else {
			identity := p.decode(resp.UpgradedIdentity.IdentityData, kind)
			got = shownText(identity["id"]) + " " + shownText(identity["gateway"]) + " " + shownText(identity["payment_id"])
		}
		if got != want {
			t.Errorf("%s: %s, want %s", stored, got, want)
		}
	}
	for typeName, schema := range schemas.IdentitySchemas {
		if want := map[string]int64{"invoice_refund": 1}[typeName]; schema.Version != want {
			t.Errorf("the identity of %s is of version %d, want %d", typeName, schema.Version, want)
		}
	}
}

func shownText(value tftypes.Value) string {
	var text *string
	if value.As(&text) != nil || text == nil {
		return "null"
	}
	return `"` + *text + `"`
}

// Older states are upgraded without the framework, and as the framework does it.
func TestUpgradesAreTheFrameworks(t *testing.T) {
	t.Parallel()
	two := newTwoWays(t, "http://127.0.0.1:1")
	for _, test := range []struct {
		typeName, state string
		version         int64
		isShort         bool
	}{
		{"invoice_payment_link", `{"id":"1","amount":"5","paid":false,"receipt":[{"name":"a","price":"5","discount":null,"quantity":"1","result_price":"5"}]}`, 0, true},
		{"invoice_payment_link", `{"id":"1","old":"x","receipt":[{"name":"a","old":1}]}`, 0, true},
		{"invoice_invoice", `{"id":"1","currency":"RUB","p2p":{"service_fee":"5.00","deals":[{"id":"2","active":true,"old":[]}]}}`, 0, true},
		{"invoice_refund", `{"id":"1","sequence":1234567,"payment_method":{"bonuses":5}}`, 0, true},
		{"invoice_refund", `{"id":"1","payment_method":{"bonuses":"5"}}`, 1, true},
		{"invoice_terminal", `{"id":"1","can_comments":true}`, 0, true},
		{"invoice_payment_link", `{"id":1}`, 0, true}, // the framework makes a text of a number
		{"invoice_payment_link", `{"receipt":["a"]}`, 0, false},
		{"invoice_payment_link", `{"id":"1"`, 0, false},
		{"invoice_payment_link", `null`, 0, false},
		{"invoice_payment_link", `{"id":"1"}`, 7, false},
	} {
		before := two.framework.upgrades.Load()
		request := &tfprotov6.UpgradeResourceStateRequest{TypeName: test.typeName, Version: test.version, RawState: &tfprotov6.RawState{JSON: []byte(test.state)}}
		short, err := two.server.UpgradeResourceState(t.Context(), request)
		two.ok(err, nil)
		whole, err := two.whole.UpgradeResourceState(t.Context(), request)
		two.ok(err, nil)
		if isShort := two.framework.upgrades.Load() == before; isShort != test.isShort || isShort == (len(whole.Diagnostics) > 0) {
			t.Errorf("%s: without the framework %t, which says %v", test.state, isShort, whole.Diagnostics)
		}
		if !test.isShort {
			continue
		}
		kind := two.schemas.ResourceSchemas[test.typeName].ValueType()
		if got, want := two.decode(short.UpgradedState, kind), two.decode(whole.UpgradedState, kind); !maps.EqualFunc(got, want, tftypes.Value.Equal) {
			t.Errorf("%s: %v, not %v", test.state, got, want)
		}
	}
}
