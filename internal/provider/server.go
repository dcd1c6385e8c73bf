package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Server returns the provider as plugin servers serve it. Around the framework's server,
// [unchangedServer] plans what does not change, [storedMoney] sees the stored state before
// Terraform plans anything, [stoppingServer] ends calls when Terraform stops, [nullArguments]
// completes the calls of functions, [validatedActions] checks the arguments of actions, and [pointing] shows
// the place of a mistake.
func Server(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		server := stopOnSignals(newServer(newProvider(version)))
		if LogsAreWanted() {
			return server
		}
		return quietServer{server}
	}
}

// protocolServer is all that Terraform can ask of the framework's server. The SDK keeps newer
// parts of the protocol apart, and looks for them with type assertions: a server that embeds
// only tfprotov6.ProviderServer hides them.
type protocolServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

func newServer(p *invoiceProvider) *stoppingServer {
	unchanged := newUnchangedServer(validatedActions{nullArguments{pointing{frameworkServer(p)}}}, p)
	return newStoppingServer(&storedMoney{protocolServer: unchanged, provider: p},
		func() time.Duration { return time.Duration(p.maxWait.Load()) })
}

func frameworkServer(p *invoiceProvider) protocolServer {
	return providerserver.NewProtocol6(p)().(protocolServer) //nolint:forcetypeassert // A framework without one of its parts must not be served.
}
