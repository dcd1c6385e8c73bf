package provider

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// Server returns what serving the provider needs: the framework's server, which
// also looks at every stored refund and payout before Terraform plans anything,
// and ends what comes after Terraform has asked to stop.
func Server(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return interruptible(newServer(newProvider(version))) }
}

// sentGuard notes the refunds and payouts that the state holds.
//
// A tainted one is planned as if there were none, and of one that is removed from
// the configuration without being destroyed no plan is asked. Read would see them,
// but -refresh=false skips Read. Reading the stored state is never skipped, and
// the framework has no hook for it.
type sentGuard struct {
	tfprotov6.ProviderServer
	provider *invoiceProvider
}

func newServer(p *invoiceProvider) *stopGuard {
	return newStopGuard(&sentGuard{ProviderServer: providerserver.NewProtocol6(p)(), provider: p},
		func() time.Duration { return time.Duration(p.maxWait.Load()) })
}

func (g *sentGuard) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	resp, err := g.ProviderServer.UpgradeResourceState(ctx, req)
	run := g.provider.run.Load()
	if err != nil || run == nil || req.RawState == nil {
		return resp, err
	}
	switch req.TypeName {
	case "invoice_payment_link":
		run.NoteUnclear(paymentKind, req.RawState.JSON)
	case "invoice_invoice":
		run.NoteUnclear(invoiceKind, req.RawState.JSON)
	}
	one, isOutgoing := storedOutgoing(req.TypeName, req.RawState.JSON)
	if !isOutgoing {
		return resp, nil
	}
	if problem := one.NoteStored(run); problem != nil {
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: problem.Summary(), Detail: problem.Detail()})
	}
	return resp, nil
}

// ApplyResourceChange lets Create see the private data of its plan.
func (g *sentGuard) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return g.ProviderServer.ApplyResourceChange(ledger.WithPlannedPrivate(ctx, req.PlannedPrivate), req)
}

// storedOutgoing reads a refund or a payout from the stored state.
func storedOutgoing(typeName string, state []byte) (one ledger.Outgoing, isOutgoing bool) {
	switch typeName {
	case "invoice_refund":
		var refund storedRefund
		if json.Unmarshal(state, &refund) == nil {
			return refund.outgoing(), true
		}
	case "invoice_invoice":
		var payout storedPayout
		if json.Unmarshal(state, &payout) == nil && isStoredPayout(state) {
			return payout.outgoing(), true
		}
	}
	return one, false
}
