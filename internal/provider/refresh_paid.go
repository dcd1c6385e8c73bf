package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// With refresh_paid = false, a link or an invoice that the state shows as paid is answered
// as it is stored: no call, no warning, the same private data. A shop may have ten thousand
// of them, and the framework alone would take a millisecond for each.

// ReadResource reads what refresh_paid does not leave alone.
func (s *storedMoney) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if s.provider.leavesPaid.Load() {
		if left := leavePaid(req); left != nil {
			return left, nil
		}
	}
	return s.ProviderServer.ReadResource(ctx, req)
}

// leavePaid answers with what is stored, or not at all: without "paid", as after an import
// or an older version; without an id, as while it is unclear; for a payout; and with the
// mark of a destroy, which a read takes away.
func leavePaid(req *tfprotov6.ReadResourceRequest) *tfprotov6.ReadResourceResponse {
	var identifying []string // the state has them under the same names
	switch req.TypeName {
	case "invoice_payment_link":
		identifying = []string{"id"}
	case "invoice_invoice":
		identifying = []string{"gateway", "id"}
	default:
		return nil
	}
	var stored map[string]any
	if req.CurrentState == nil || msgpack.Unmarshal(req.CurrentState.MsgPack, &stored) != nil || stored["paid"] != true || stored["id"] == nil {
		return nil
	}
	pays := func(payer gateway.Payer) bool { return gateway.IsPayoutAmong(payer, stored) }
	if slices.ContainsFunc(gateway.Select[gateway.Payer](unconfigured), pays) || ledger.HasDestroyMark(req.Private) {
		return nil
	}
	identity := req.CurrentIdentity
	if !isGiven(identity) {
		values := map[string]any{}
		for _, name := range identifying {
			values[name] = stored[name]
		}
		encoded, err := msgpack.Marshal(values)
		if err != nil {
			return nil
		}
		identity = &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: encoded}}
	}
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, NewIdentity: identity, Private: req.Private}
}

// isGiven reports whether Terraform keeps an identity. Older CLIs keep none.
func isGiven(identity *tfprotov6.ResourceIdentityData) bool {
	if identity == nil || identity.IdentityData == nil {
		return false
	}
	isNull, err := identity.IdentityData.IsNull()
	return err == nil && !isNull
}
