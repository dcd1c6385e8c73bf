package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Server returns the provider as plugin servers serve it. Around the framework's server,
// [unchangedServer] plans what does not change, [storedMoney] sees the stored state before
// Terraform plans anything, and [stoppingServer] ends calls when Terraform stops.
func Server(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		server := stopOnSignals(newServer(newProvider(version)))
		if LogsAreWanted() {
			return server
		}
		return quietServer{server}
	}
}

func newServer(p *invoiceProvider) *stoppingServer {
	unchanged := newUnchangedServer(providerserver.NewProtocol6(p)(), p)
	return newStoppingServer(&storedMoney{ProviderServer: unchanged, provider: p},
		func() time.Duration { return time.Duration(p.maxWait.Load()) })
}
