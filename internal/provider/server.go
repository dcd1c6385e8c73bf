package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Server returns what serving the provider needs: the framework's server, which
// also looks at every stored refund before Terraform plans anything.
func Server(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return newServer(newProvider(version)) }
}

// refundGuard notes the refunds that the state holds.
//
// One of which nobody knows whether it was made is tainted, so Terraform plans it as if there were none, and
// with create_before_destroy sends another before it asks for the old one to be
// destroyed. Read would see it, but -refresh=false skips Read. Reading the
// stored state is never skipped, and the framework has no hook for it.
type refundGuard struct {
	tfprotov6.ProviderServer
	provider *invoiceProvider
}

func newServer(p *invoiceProvider) tfprotov6.ProviderServer {
	return &refundGuard{ProviderServer: providerserver.NewProtocol6(p)(), provider: p}
}

func (g *refundGuard) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if run := g.provider.run.Load(); run != nil && req.TypeName == "invoice_refund" && req.RawState != nil {
		var stored storedRefund
		if json.Unmarshal(req.RawState.JSON, &stored) == nil {
			run.noteRefund(stored)
		}
	}
	return g.ProviderServer.UpgradeResourceState(ctx, req)
}
