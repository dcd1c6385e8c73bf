package invoiceapi

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// box is the gateway in a sandbox of its own.
type box struct {
	*sandboxtest.Box
	*Gateway
}

// paid creates a payment and pays it.
func (b *box) paid() string {
	b.T.Helper()
	id := b.Payment()
	must(b.T, b.Pay(id, TestCard))
	return id
}

func start(t *testing.T, shared sandbox.Options, own ...Options) *box {
	t.Helper()
	b, g := sandboxtest.Start(t, shared, New, own)
	return &box{b, g}
}

var equal, contains, absent, must, decode = sandboxtest.Equal, sandboxtest.Contains, sandboxtest.Absent, sandboxtest.Must, sandboxtest.Decode

type object = sandboxtest.Object
