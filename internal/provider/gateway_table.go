package provider

import (
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateways/paykeeper"
)

// gatewayTable is the table of the gateways, in the order in which messages name them.
// A further one is a package of its own and a line here.
var gatewayTable = []func() gateway.Gateway{
	invoiceapi.New,
	paykeeper.New,
	p2p.New,
	intellectmoney.New,
}

// unconfigured are the gateways for what can be asked of them without settings.
var unconfigured = newGateways()

func init() { gateway.ExplainErrors(unconfigured) }

func newGateways() []gateway.Gateway {
	gateways := make([]gateway.Gateway, 0, len(gatewayTable))
	for _, newGateway := range gatewayTable {
		gateways = append(gateways, newGateway())
	}
	return gateways
}
