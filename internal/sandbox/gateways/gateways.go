// Package gateways puts the imitated gateways together. A new gateway is a
// package beside this one, and its lines here.
package gateways

import (
	"slices"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// Options configure a Sandbox. The zero value is a sandbox in memory with the
// demo credentials of all gateways.
type Options struct {
	sandbox.Options
	InvoiceAPI     invoiceapi.Options
	PayKeeper      paykeeper.Options
	P2P            p2p.Options
	IntellectMoney intellectmoney.Options
}

// Sandbox is a sandbox with all gateways.
type Sandbox struct {
	*sandbox.Sandbox
	InvoiceAPI     *invoiceapi.Gateway
	PayKeeper      *paykeeper.Gateway
	P2P            *p2p.Gateway
	IntellectMoney *intellectmoney.Gateway
}

// Open opens the sandbox's database and makes it ready to serve. It fails on
// options that make no sense and when the database cannot be opened.
func Open(options Options) (*Sandbox, error) {
	s := &Sandbox{
		InvoiceAPI:     invoiceapi.New(options.InvoiceAPI),
		PayKeeper:      paykeeper.New(options.PayKeeper),
		P2P:            p2p.New(options.P2P),
		IntellectMoney: intellectmoney.New(options.IntellectMoney),
	}
	var err error
	s.Sandbox, err = sandbox.Open(options.Options, s.InvoiceAPI.Join, s.PayKeeper.Join, s.P2P.Join, s.IntellectMoney.Join)
	return s, err
}

// Switches are the doubtful points of all gateways.
var Switches = slices.Concat(invoiceapi.Switches, paykeeper.Switches, p2p.Switches, intellectmoney.Switches)

// Names are the names of all gateways.
var Names = []string{"invoice", "paykeeper", "p2p", "intellectmoney"}
