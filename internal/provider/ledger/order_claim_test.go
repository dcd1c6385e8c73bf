package ledger

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// privateMap holds private data as the framework does.
type privateMap map[string][]byte

func (p privateMap) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

func (p privateMap) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

func TestClaimOrder(t *testing.T) {
	t.Parallel()
	r := &Run{}
	replacement := privateMap{}
	for _, step := range []struct {
		name     string
		kind     string
		orderID  types.String
		id       string
		isIssued bool
		private  privateMap
		want     bool
	}{
		{"the first", "payment", types.StringValue("7"), "", true, replacement, false},
		{"the same one, planned again", "payment", types.StringValue("7"), "", true, replacement, false},
		{"another new one", "payment", types.StringValue("7"), "", true, privateMap{}, true},
		{"a stored one", "payment", types.StringValue("7"), "id-1", false, privateMap{}, true},
		{"the same order at another gateway", "p2p", types.StringValue("7"), "", true, privateMap{}, false},
		{"a stored one that stays", "payment", types.StringValue("8"), "id-1", false, privateMap{}, false},
		{"what replaces it", "payment", types.StringValue("8"), "id-1", true, privateMap{}, false},
		{"a new one beside both", "payment", types.StringValue("8"), "", true, privateMap{}, true},
		{"a stored one once more", "payment", types.StringValue("9"), "id-1", false, privateMap{}, false},
		{"another stored one", "payment", types.StringValue("9"), "id-2", false, privateMap{}, false},
		{"another one that is replaced", "payment", types.StringValue("9"), "id-3", true, privateMap{}, true},
		{"no order id", "payment", types.StringNull(), "", true, privateMap{}, false},
		{"no order id again", "payment", types.StringNull(), "", true, privateMap{}, false},
		{"unknown", "payment", types.StringUnknown(), "", true, privateMap{}, false},
		{"unknown again", "payment", types.StringUnknown(), "", true, privateMap{}, false},
	} {
		if got := r.ClaimOrder(t.Context(), step.kind, step.orderID, step.id, step.isIssued, step.private); got != step.want {
			t.Errorf("%s: taken = %t, want %t", step.name, got, step.want)
		}
	}
}
