package provider

import (
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
)

// invoiceAdapters are the gateways of invoice_invoice. A further one is an
// adapter in a file of its own, its line here, and its object in [gateway.Invoice].
func invoiceAdapters(data *providerData) []gateway.InvoiceAdapter {
	return []gateway.InvoiceAdapter{
		&paykeeperInvoices{data.paykeeper, data.run},
		&p2pInvoices{data.p2p, data.run, data.adoption},
	}
}

// invoiceFinders are the gateways of the data source.
func invoiceFinders(data *providerData) []gateway.InvoiceFinder {
	var finders []gateway.InvoiceFinder
	for _, a := range invoiceAdapters(data) {
		finders = append(finders, a)
	}
	return append(finders, &intellectmoneyHistory{data.intellectmoney})
}

// namesOf lists gateways for a message.
func namesOf[G interface{ Name() string }](gateways []G) []string {
	names := make([]string, 0, len(gateways))
	for _, g := range gateways {
		names = append(names, g.Name())
	}
	return names
}

func init() {
	gateway.RegisterErrors(invoiceapi.Name, invoiceErrors)
	gateway.RegisterErrors(paykeeper.Name, paykeeperErrors)
	gateway.RegisterErrors(intellectmoney.Name, intellectmoneyErrors)
	gateway.RegisterErrors(p2p.Name, p2pErrors)
}
