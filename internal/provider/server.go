package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Server returns the provider as plugin servers serve it. Around the framework's server,
// [storedMoney] sees the stored state before Terraform plans anything, and
// [stoppingServer] ends calls when Terraform stops.
func Server(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return stopOnSignals(newServer(newProvider(version))) }
}

func newServer(p *invoiceProvider) *stoppingServer {
	return newStoppingServer(&storedMoney{ProviderServer: providerserver.NewProtocol6(p)(), provider: p},
		func() time.Duration { return time.Duration(p.maxWait.Load()) })
}
