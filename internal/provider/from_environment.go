package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// FromEnvironment reads the settings of a provider block that is empty, so that all of them come from
// the environment. The gateways are still to be configured with the run, each with its own settings.
func FromEnvironment(version string, diags *diag.Diagnostics) ([]gateway.Gateway, gateway.Run) {
	return newGateways(), newProvider(version).newRun(providerModel{}, diags)
}
