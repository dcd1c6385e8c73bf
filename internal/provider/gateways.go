package provider

import (
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
)

// invoiceAdapters are the gateways of invoice_invoice. A further one is an
// adapter in a file of its own, its line here, and its object in [invoiceModel].
func invoiceAdapters(data *providerData) []invoiceAdapter {
	return []invoiceAdapter{
		&paykeeperInvoices{data.paykeeper, data.run},
		&p2pInvoices{data.p2p, data.run, data.adoption},
	}
}

// invoiceFinders are the gateways of the data source.
func invoiceFinders(data *providerData) []invoiceFinder {
	var finders []invoiceFinder
	for _, a := range invoiceAdapters(data) {
		finders = append(finders, a)
	}
	return append(finders, &intellectmoneyHistory{data.intellectmoney})
}

// namesOf lists gateways for a message.
func namesOf[G interface{ name() string }](gateways []G) []string {
	names := make([]string, 0, len(gateways))
	for _, g := range gateways {
		names = append(names, g.name())
	}
	return names
}

func init() {
	registerErrors(invoiceapi.Name, invoiceErrors)
	registerErrors(paykeeper.Name, paykeeperErrors)
	registerErrors(intellectmoney.Name, intellectmoneyErrors)
	registerErrors(p2p.Name, p2pErrors)
}
