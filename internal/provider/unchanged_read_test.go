package provider

import (
	"context"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
)

// The short way reads what the framework reads, and asks the gateway as often. What was read is
// read again, mostly as it is and with the same answer.
func TestUnchangedReadsAreTheFrameworks(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := randomScene{rand.New(rand.NewPCG(seed, 0))}
	var body atomic.Pointer[string]
	var calls atomic.Int64
	gateway := httptest.NewServer(http.HandlerFunc(func(resp http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		_, _ = resp.Write([]byte(*body.Load()))
	}))
	defer gateway.Close()
	two := newTwoWays(t, gateway.URL)
	all, short := map[string]int{}, map[string]int{}
	for range 200 {
		name := r.pick([]string{"invoice_payment_link", "invoice_invoice", "invoice_invoice"})
		kind, _ := two.schemas.ResourceSchemas[name].ValueType().(tftypes.Object)
		state := r.state(kind)
		if r.IntN(3) > 0 { // of what was paid, most answers would be a warning
			state["paid"] = tftypes.NewValue(tftypes.Bool, false)
		}
		answer := r.answer(name, state)
		request := &tfprotov6.ReadResourceRequest{TypeName: name, CurrentState: two.encode(tftypes.NewValue(kind, state)), Private: r.private()}
		if r.IntN(2) == 0 {
			request.CurrentIdentity = two.identity(name, r)
		}
		for range 5 {
			body.Store(&answer)
			before := two.framework.reads.Load()
			calls.Store(0)
			response, got := two.read(two.server, request, kind)
			made := calls.Swap(0)
			_, want := two.read(two.whole, request, kind)
			if !reflect.DeepEqual(got, want) || made != calls.Load() {
				t.Fatalf("state %v\nprivate %s\nanswer %s\nread %v\nnot  %v\n%d calls, not %d",
					state, request.Private, answer, got, want, made, calls.Load())
			}
			isShort := two.framework.reads.Load() == before
			if isShort && (made != 1 || len(response.Diagnostics) > 0) {
				t.Errorf("the short way made %d calls: state %v, answer %s", made, state, answer)
			}
			kept := keptBy(name, state)
			all[kept]++
			if isShort {
				short[kept]++
			}
			if response.NewState != nil {
				state = two.decode(response.NewState, kind)
			}
			if response.NewState == nil || len(state) == 0 {
				break // it is gone
			}
			switch r.IntN(5) {
			case 0:
				answer = r.answer(name, state)
			case 1:
				others := []string{"amount", "id", "paid"} // which decide how it is read
				if r.IntN(2) == 0 {
					others = slices.Sorted(maps.Keys(state))
				}
				other := r.pick(others)
				state[other] = tftypes.NewValue(kind.AttributeTypes[other], nil)
				if r.IntN(2) == 0 {
					state[other] = r.valueOf(other, kind.AttributeTypes[other])
				}
			case 2: // a status that both agree on
				word := text(r.pick(append(textsOf("gateway_status"), "canceled", "canceled", "canceled")))
				state["status"] = word
				if _, hasOwn := state["gateway_status"]; hasOwn {
					state["gateway_status"] = word
				}
				answer = r.answer(name, state)
			}
			request.CurrentState, request.Private, request.CurrentIdentity = two.encode(tftypes.NewValue(kind, state)), r.withMarks(response.Private), response.NewIdentity
		}
	}
	t.Logf("of %v without the framework %v", all, short)
	for _, name := range []string{"invoice_payment_link", "paykeeper", "p2p"} {
		if short[name] < all[name]/30 {
			t.Errorf("the short way was taken for %d of %d × %s", short[name], all[name], name)
		}
	}
	if short["payout"] > 0 {
		t.Errorf("the short way was taken for %d payouts", short["payout"])
	}
}

// withMarks adds what a plan may have left in the private data, which a read takes out.
func (r randomScene) withMarks(encoded []byte) []byte {
	data := private.Decode(encoded)
	if data == nil || r.IntN(3) > 0 {
		return encoded
	}
	data[r.pick([]string{"destroy", "paid", "replaced", "kept", "claim"})] = []byte("true")
	marked, _ := data.Encode()
	return marked
}

// keptBy says what an object is.
func keptBy(typeName string, state map[string]tftypes.Value) string {
	own := shownState{state: state}.inside("p2p").state
	switch {
	case typeName != "invoice_invoice":
		return typeName
	case !state["paykeeper"].IsNull():
		return "paykeeper"
	case own["direction"].Equal(text("out")):
		return "payout"
	}
	return "p2p"
}

// read returns what the response tells Terraform.
func (two *twoWays) read(server tfprotov6.ProviderServer, request *tfprotov6.ReadResourceRequest, kind tftypes.Type) (response *tfprotov6.ReadResourceResponse, told []any) {
	two.t.Helper()
	response, err := server.ReadResource(context.Background(), request)
	two.ok(err, nil)
	var data map[string][]byte
	if len(response.Private) > 0 {
		two.ok(json.Unmarshal(response.Private, &data), nil)
	}
	told = []any{data, response.Deferred}
	for _, one := range response.Diagnostics {
		told = append(told, *one)
	}
	if response.NewState != nil {
		state, err := response.NewState.Unmarshal(kind)
		two.ok(err, nil)
		told = append(told, state.String())
	}
	if response.NewIdentity != nil {
		var identity map[string]any
		two.ok(msgpack.Unmarshal(response.NewIdentity.IdentityData.MsgPack, &identity), nil)
		told = append(told, identity)
	}
	return response, told
}

// A canceled invoice leaves the state, even one that the state has as canceled already.
func TestGoneInvoiceIsLeftToTheFramework(t *testing.T) {
	t.Parallel()
	status := "new"
	gateway := httptest.NewServer(http.HandlerFunc(func(resp http.ResponseWriter, _ *http.Request) {
		_, _ = resp.Write([]byte(`{"id":"1","type":"in","sum":{"amount":"5.00","currency":"RUB"},"status":"` + status + `"}`))
	}))
	defer gateway.Close()
	two := newTwoWays(t, gateway.URL)
	kind := two.schemas.ResourceSchemas["invoice_invoice"].ValueType()
	state := map[string]tftypes.Value{
		"gateway": text("p2p"), "id": text("1"), "amount": text("5.00"), "currency": text("RUB"), "when_unpayable": text("keep"),
		"deletion_protection": tftypes.NewValue(tftypes.Bool, false),
		"p2p":                 two.nested("invoice_invoice", "p2p", map[string]tftypes.Value{"direction": text("in")}),
	}
	request := &tfprotov6.ReadResourceRequest{TypeName: "invoice_invoice", CurrentState: two.encode(filled(kind, state)), Private: []byte(`{"r":"e30="}`)}
	for _, isShort := range []bool{false, true} { // the first read settles it
		before := two.framework.reads.Load()
		response, _ := two.read(two.server, request, kind)
		if (two.framework.reads.Load() == before) != isShort {
			t.Fatalf("without the framework: not %t", isShort)
		}
		request.CurrentState, request.Private = response.NewState, response.Private
	}
	status, state = "canceled", two.decode(request.CurrentState, kind)
	state["status"], state["gateway_status"] = text("canceled"), text("canceled")
	request.CurrentState = two.encode(filled(kind, state))
	_, got := two.read(two.server, request, kind)
	if _, want := two.read(two.whole, request, kind); !reflect.DeepEqual(got, want) {
		t.Errorf("read %v, not %v", got, want)
	}
}
