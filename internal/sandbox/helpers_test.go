package sandbox_test

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

var equal, contains, absent, must = sandboxtest.Equal, sandboxtest.Contains, sandboxtest.Absent, sandboxtest.Must

type object = sandboxtest.Object

// box is a sandbox with all gateways, of which tests mostly ask the Invoice
// API.
type box struct {
	*sandboxtest.Box
	*gateways.Sandbox
}

func start(t *testing.T, options sandbox.Options) *box {
	t.Helper()
	s, err := gateways.Open(gateways.Options{Options: sandboxtest.Options(options)})
	return &box{sandboxtest.Serve(t, s.Sandbox, err), s}
}

// paid creates a payment and pays it.
func (b *box) paid() string {
	b.T.Helper()
	id := b.Payment()
	must(b.T, b.InvoiceAPI.Pay(id, invoiceapi.TestCard))
	return id
}
