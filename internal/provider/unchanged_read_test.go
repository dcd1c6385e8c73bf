package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// answer makes up what the gateway shows of a link: mostly what the state says.
func (r randomScene) answer(state map[string]tftypes.Value) string {
	shown := func(name string) any {
		var value string
		if r.IntN(30) == 0 {
			return r.pick(textsOf(name))
		}
		if state[name].IsNull() || state[name].As(&value) != nil {
			return nil
		}
		return value
	}
	if r.IntN(40) == 0 {
		return r.pick([]string{`{"error":7,"description":"no such payment"}`, `{"error":0}`, `<html>`, `{`, `[]`})
	}
	parameters := json.RawMessage("null")
	if text, ok := shown("custom_parameters").(string); ok {
		parameters = json.RawMessage(text)
	}
	body, _ := json.Marshal(map[string]any{
		"id": shown("id"), "status": shown("status"), "status_description": shown("status_description"), "payment_url": shown("url"),
		"create_date": shown("created_at"), "update_date": shown("updated_at"), "expire_date": shown("expires_at"), "custom_parameters": parameters,
		"order": map[string]any{"id": shown("order_id"), "amount": shown("amount"), "currency": shown("currency"), "description": shown("description")},
	})
	return string(body)
}

// The short way reads what the framework reads, and asks the gateway once.
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
	kind, _ := two.schemas.ResourceSchemas["invoice_payment_link"].ValueType().(tftypes.Object)
	short := 0
	const reads = 1500
	for range reads {
		state := r.state(kind)
		answer := r.answer(state)
		body.Store(&answer)
		request := &tfprotov6.ReadResourceRequest{TypeName: "invoice_payment_link", CurrentState: two.encode(tftypes.NewValue(kind, state)), Private: r.private()}
		before := two.framework.reads.Load()
		calls.Store(0)
		got, want := two.read(two.server, request, kind), two.read(two.whole, request, kind)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("state %v\nprivate %s\nanswer %s\nread %v\nnot  %v", state, request.Private, answer, got, want)
		}
		if made := calls.Load(); made > 2 || made%2 != 0 {
			t.Errorf("%d calls in both ways: %s", made, answer)
		}
		if two.framework.reads.Load() == before {
			short++
		}
	}
	t.Logf("%d of %d reads without the framework", short, reads)
	if short < reads/20 {
		t.Errorf("the short way was taken %d times", short)
	}
}

// read returns what the response tells Terraform.
func (two *twoWays) read(server tfprotov6.ProviderServer, request *tfprotov6.ReadResourceRequest, kind tftypes.Type) []any {
	two.t.Helper()
	response, err := server.ReadResource(context.Background(), request)
	two.ok(err, nil)
	var data map[string][]byte
	if len(response.Private) > 0 {
		two.ok(json.Unmarshal(response.Private, &data), nil)
	}
	told := []any{data, response.Deferred}
	for _, one := range response.Diagnostics {
		told = append(told, *one)
	}
	if response.NewState != nil {
		state, err := response.NewState.Unmarshal(kind)
		two.ok(err, nil)
		told = append(told, state.String())
	}
	if response.NewIdentity != nil {
		told = append(told, fmt.Sprintf("%q", response.NewIdentity.IdentityData.MsgPack))
	}
	return told
}
