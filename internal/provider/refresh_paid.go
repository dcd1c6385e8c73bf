package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/private"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

// With refresh_paid = false, a link or an invoice that the state shows as paid is answered
// as it is stored: no call, no warning, the same private data. A shop may have ten thousand
// of them, and the framework alone would take a millisecond for each.

// paidStatuses are those of an invoice that a read has seen paid. A destroy that finds it paid
// notes just that, and a refund needs the payment's id.
var paidStatuses = []string{gateway.StatusPaid, gateway.StatusRefunded, gateway.StatusDisputed}

// ReadResource reads what refresh_paid does not leave alone.
func (s *storedMoney) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if s.provider.leavesPaid.Load() {
		if left := leavePaid(ctx, req); left != nil {
			return left, nil
		}
	}
	return s.protocolServer.ReadResource(ctx, req)
}

// leavePaid answers with what is stored, or not at all: without "paid", as after an import
// or an older version; without an id, as while it is unclear; for a payout; for an invoice that
// only a destroy has seen paid; and with the mark of a destroy, which only a read takes away.
func leavePaid(ctx context.Context, req *tfprotov6.ReadResourceRequest) *tfprotov6.ReadResourceResponse {
	var identifying []string // the state has them under the same names
	switch req.TypeName {
	case "invoice_payment_link":
		identifying = []string{"id"}
	case "invoice_invoice":
		identifying = []string{"gateway", "id"}
	default:
		return nil
	}
	state, data := wire.Read(req.CurrentState), private.Decode(req.Private)
	pays := func(payer gateway.Payer) bool { return gateway.IsPayoutIn(payer, state) }
	switch {
	case req.TypeName == "invoice_invoice" && !slices.Contains(paidStatuses, state.String("status").ValueString()):
		return nil
	case !state.Bool("paid").ValueBool(), state.IsNull("id"), slices.ContainsFunc(gateway.Select[gateway.Payer](unconfigured), pays),
		data == nil && len(req.Private) > 0, ledger.HasDestroyMark(ctx, data):
		return nil
	}
	identity := req.CurrentIdentity
	if !isGiven(identity) {
		stored := wire.Object{}
		for _, name := range identifying {
			stored[name] = state[name]
		}
		encoded, err := msgpack.Marshal(stored)
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
