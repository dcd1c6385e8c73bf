// Package gateway is what a gateway plugs in: its settings, its client, the meaning of its
// errors, its invoices and its history.
package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// Gateway is what a package of internal/provider/gateways adds to the table of the
// provider. Embedding [Configured] gives it most methods. What else it offers, it says
// by the interfaces that it implements: [InvoiceFinder], [InvoiceAdapter], [HistoryReader].
type Gateway interface {
	// Name is what users call the gateway: its attribute, and the value of gateway.
	Name() string
	// Title is how messages call it, and how the errors of its client do.
	Title() string
	// Settings describes its block of the provider.
	Settings() (about string, settings []Setting)
	// Configure makes its client, unless settings are unknown or missing.
	Configure(settings *Settings, run Run)
	// Explain says in English what an error is about, and which attribute it
	// points to; "" for what it does not know.
	Explain(e *transport.Error) (attribute, advice string)

	IsConnected() bool
	MustHaveSettings(diags *diag.Diagnostics)
	Ready(diags *diag.Diagnostics) bool
	LookUp(req datasource.ReadRequest, resp *datasource.ReadResponse) bool
	Refresh(importing bool, diags *diag.Diagnostics) bool
}

// Run is what a gateway gets for one run of the provider.
type Run struct {
	Transport transport.Config
	Ledger    *ledger.Run
	Adoption  ledger.Adoption
}

// Select returns the gateways that offer more.
func Select[T any](gateways []Gateway) []T {
	var selected []T
	for _, g := range gateways {
		if one, ok := g.(T); ok {
			selected = append(selected, one)
		}
	}
	return selected
}

// Named returns the gateway of a name, the zero value for none.
func Named[G Gateway](gateways []G, name string) (named G, isThere bool) {
	for _, g := range gateways {
		if g.Name() == name {
			return g, true
		}
	}
	return named, false
}

// Names lists gateways for a message.
func Names[G Gateway](gateways []G) []string {
	names := make([]string, 0, len(gateways))
	for _, g := range gateways {
		names = append(names, g.Name())
	}
	return names
}
