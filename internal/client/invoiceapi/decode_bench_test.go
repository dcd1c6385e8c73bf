package invoiceapi

import (
	"net/http"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// CreatePayment and GetPayment answer the same.
func BenchmarkDecodePayment(b *testing.B) {
	answer := &transport.Answer{Status: http.StatusOK, Body: []byte(samplePayment)}
	b.ReportAllocs()
	for b.Loop() {
		if _, failure := decode[Payment](answer); failure != nil {
			b.Fatal(failure)
		}
	}
}
