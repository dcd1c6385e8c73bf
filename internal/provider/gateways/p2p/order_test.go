package p2p

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// A second resource does not adopt what this run has issued for the first.
func TestP2PInvoiceOfAnotherResourceIsNotAdopted(t *testing.T) {
	t.Parallel()
	amount, err := values.ParseDecimal("10")
	if err != nil {
		t.Fatal(err)
	}
	g := &Gateway{Configured: gateway.New[p2p.Client]("p2p", p2p.Name), run: ledger.NewRun(0)}
	request := p2p.CreateInvoiceRequest{Type: "in", Amount: "10", InternalID: "order-1"}
	existing := &p2p.Invoice{ID: "id-1", Type: "in", Status: "new", Sum: p2p.Money{Amount: &amount}}
	for _, isIssued := range []bool{false, true} {
		if isIssued {
			g.run.NoteIssued("p2p", "id-1")
		}
		var diags diag.Diagnostics
		shown := g.takeOver(existing, request, &gateway.Invoice{}, &diags)
		if refused := shown == nil && diags.HasError() && diags[0].Summary() == "Two invoices have one order_id"; refused != isIssued {
			t.Errorf("issued by this run: %t, got %v %v", isIssued, shown, diags)
		}
	}
}
