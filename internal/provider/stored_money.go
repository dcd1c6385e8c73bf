package provider

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/wire"
)

// storedMoney notes the refunds, the payouts and the unclear objects that the state holds.
//
// Plans do not show all of them: Terraform plans a tainted one as a new one, and does not
// plan one that "removed" takes out without destroying it. Read would see them, but
// -refresh=false skips it. Terraform always upgrades the stored state first, and the
// framework has no hook for that.
//
// It also leaves what was paid unread, if that is wanted.
type storedMoney struct {
	protocolServer
	provider *invoiceProvider
}

func (s *storedMoney) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	resp, err := s.protocolServer.UpgradeResourceState(ctx, req)
	data := s.provider.data.Load()
	if err != nil || data == nil || req.RawState == nil {
		return resp, err
	}
	run := data.run
	var one ledger.Outgoing
	var problem diag.Diagnostic
	switch state := req.RawState.JSON; req.TypeName {
	case "invoice_payment_link":
		problem = run.NoteStored(apigateway.PaymentKind, state)
	case "invoice_invoice":
		problem = run.NoteStored(invoiceKind, state)
		one = storedPayout(state)
	case "invoice_refund":
		var refund storedRefund
		if json.Unmarshal(state, &refund) == nil {
			one = refund.outgoing()
		}
	}
	if one.Kind != nil {
		if twin := one.NoteStored(run); twin != nil {
			problem = twin
		}
	}
	if problem != nil {
		resp.Diagnostics = append(resp.Diagnostics, protocolError(problem))
	}
	return resp, nil
}

// MoveResourceState notes a link that comes from another provider: Terraform upgrades none that it
// moves. A refund that is moved has neither a payment nor an amount before it is read.
func (s *storedMoney) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	resp, err := s.protocolServer.MoveResourceState(ctx, req)
	data := s.provider.data.Load()
	if err != nil || data == nil || resp.TargetState == nil || req.TargetTypeName != "invoice_payment_link" {
		return resp, err
	}
	stored, err := json.Marshal(map[string]string{"id": wire.Read(resp.TargetState).String("id").ValueString()})
	if err != nil {
		return resp, err
	}
	if problem := data.run.NoteStored(apigateway.PaymentKind, stored); problem != nil {
		resp.Diagnostics = append(resp.Diagnostics, protocolError(problem))
	}
	return resp, nil
}

// ApplyResourceChange lets Create see the private data of its plan.
func (s *storedMoney) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return s.protocolServer.ApplyResourceChange(ledger.WithPlannedPrivate(ctx, req.PlannedPrivate), req)
}

// storedPayout reads a payout from the stored state of an invoice. It has no kind if the
// invoice is none.
func storedPayout(state []byte) ledger.Outgoing {
	var stored struct {
		ID, Gateway, Amount, Currency, Status string

		OrderID string `json:"order_id"`
	}
	pays := func(payer gateway.Payer) bool { return gateway.IsStoredPayout(payer, state) }
	if json.Unmarshal(state, &stored) != nil || !slices.ContainsFunc(gateway.Select[gateway.Payer](unconfigured), pays) {
		return ledger.Outgoing{}
	}
	model := gateway.Invoice{
		ID: attributes.StringOrNull(stored.ID), Gateway: types.StringValue(stored.Gateway), OrderID: attributes.StringOrNull(stored.OrderID),
		Amount: attributes.NewDecimal(stored.Amount), Currency: types.StringValue(stored.Currency), Status: attributes.StringOrNull(stored.Status),
	}
	return model.Payout()
}

func protocolError(problem diag.Diagnostic) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: problem.Summary(), Detail: problem.Detail()}
}
