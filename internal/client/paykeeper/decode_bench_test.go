package paykeeper

import (
	"net/http"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/transport"
)

// This is the work on an answer of byid.
func BenchmarkDecodeInvoice(b *testing.B) {
	answer := &transport.Answer{Status: http.StatusOK, Body: []byte(sample)}
	b.ReportAllocs()
	for b.Loop() {
		body := content(answer.Body)
		if failure := judge(answer, body); failure != nil {
			b.Fatal(failure)
		}
		if _, err := parseInvoice(body); err != nil {
			b.Fatal(err)
		}
	}
}
