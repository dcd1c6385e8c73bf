package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	apigateway "github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// providerData is what resources and data sources get from the provider block.
type providerData struct {
	gateways []gateway.Gateway
	run      *ledger.Run
	adoption ledger.Adoption
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

// invoiceAPI returns the gateway whose API the resources and data sources call that have
// no choice of gateways.
func (d *providerData) invoiceAPI() *apigateway.Gateway {
	return gateway.Select[*apigateway.Gateway](d.gateways)[0]
}

// invoiceAPIResource is embedded by the resources of Invoice API v2.
type invoiceAPIResource struct {
	gateway *apigateway.Gateway
	client  *invoiceapi.Client // nil while the provider block is not known
	run     *ledger.Run
	// adoption says what happens to what is there already.
	adoption ledger.Adoption
}

func (r *invoiceAPIResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if data := dataFrom(req.ProviderData, &resp.Diagnostics); data != nil {
		r.gateway = data.invoiceAPI()
		r.gateway.MustHaveSettings(&resp.Diagnostics)
		r.client, r.run, r.adoption = r.gateway.Client, data.run, data.adoption
	}
}
