package sandbox_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
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

// sign signs a call of P2P.
func sign(call, secret string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(call))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
