package invoiceapi

import (
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

var equal, contains, absent, must, decode = sandboxtest.Equal, sandboxtest.Contains, sandboxtest.Absent, sandboxtest.Must, sandboxtest.Decode

type object = sandboxtest.Object

// box is the gateway in a sandbox of its own.
type box struct {
	*sandboxtest.Box
	*Gateway
}

func start(t *testing.T, shared sandbox.Options, own ...Options) *box {
	t.Helper()
	g := New(append(own, Options{})[0])
	s, err := sandbox.Open(sandboxtest.Options(shared), g.Join)
	return &box{sandboxtest.Serve(t, s, err), g}
}

// paid creates a payment and pays it.
func (b *box) paid() string {
	b.T.Helper()
	id := b.Payment()
	must(b.T, b.Pay(id, TestCard))
	return id
}
