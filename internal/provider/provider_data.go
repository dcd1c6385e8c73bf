package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// providerData is what resources and data sources get from the provider block.
type providerData struct {
	invoice        gateway.Configured[invoiceapi.Client]
	paykeeper      gateway.Configured[paykeeper.Client]
	intellectmoney gateway.Configured[intellectmoney.Client]
	p2p            gateway.Configured[p2p.Client]
	run            *ledger.Run
	adoption       ledger.Adoption
}

// dataFrom is the one Configure body. Terraform also configures before the
// provider has its data (to validate); then there is none.
func dataFrom(data any, diags *diag.Diagnostics) *providerData {
	if data == nil {
		return nil
	}
	known, ok := data.(*providerData)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Expected *providerData, got %T. This is a bug in the provider.", data))
		return nil
	}
	return known
}

// invoiceAPIResource is embedded by the resources of Invoice API v2.
type invoiceAPIResource struct {
	gateway gateway.Configured[invoiceapi.Client]
	client  *invoiceapi.Client // nil while the provider block is not known
	run     *ledger.Run
	// adoption says what happens to what is there already.
	adoption ledger.Adoption
}

func (r *invoiceAPIResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		data.invoice.MustHaveSettings(&resp.Diagnostics)
		r.gateway, r.client, r.run = data.invoice, data.invoice.Client, data.run
		r.adoption = data.adoption
	}
}

// invoiceAPIDataSource is embedded by the data sources of Invoice API v2.
type invoiceAPIDataSource struct {
	gateway.Configured[invoiceapi.Client]
}

func (d *invoiceAPIDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		d.Configured = data.invoice
	}
}
