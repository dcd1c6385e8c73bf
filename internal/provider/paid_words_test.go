package provider

import (
	"net/http/httptest"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
)

// Modules ask whether something is paid, and need not know the words of the gateways.
func TestPaidIsRightWhateverTheWord(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	p := newPlugin(t, server.URL)
	invoice := func(gatewayName string, own map[string]tftypes.Value) (id string) {
		made := p.create("invoice_invoice", map[string]tftypes.Value{
			"amount": text("7"), "currency": text("RUB"), "when_unpayable": text("keep"), gatewayName: p.nested("invoice_invoice", gatewayName, own),
		})
		p.ok(made["id"].As(&id), nil)
		return id
	}
	money, err := box.IntellectMoney.Add(intellectmoney.Invoice{Amount: "7"})
	p.ok(err, nil)
	terminal := p.create("invoice_terminal", map[string]tftypes.Value{"alias": text("a"), "name": text("n")})
	link := p.create("invoice_payment_link", map[string]tftypes.Value{
		"terminal_id": terminal["id"], "amount": text("7"), "currency": text("RUB"), "when_unpayable": text("keep"), "receipt": p.noReceipt(),
	})
	var payment string
	p.ok(link["id"].As(&payment), nil)
	for name, one := range map[string]struct {
		gateway, id string
		set         func(id, word string) error
		paid, not   []string
	}{
		"PayKeeper": {"paykeeper", invoice("paykeeper", nil), box.PayKeeper.SetStatus, []string{"paid"}, []string{"created", "sent", "expired", "unheard-of"}},
		"P2P": {
			"p2p", invoice("p2p", map[string]tftypes.Value{"direction": text("in"), "notification_url": text("https://shop.example.com"), "notification_token": text("token")}), box.P2P.SetStatus,
			[]string{"paid", "recalculated", "recalculation", "re_calculation"}, []string{"new", "dispute", "canceled", "expired", "unheard-of"},
		},
		"IntellectMoney": {"intellectmoney", money.ID, box.IntellectMoney.SetState, []string{"Paid", "Refund"}, []string{"Created", "PartPaid", "ToPaid", "Held", "Unheard"}},
		"Invoice API v2": {
			"", payment, func(id, word string) error { return box.InvoiceAPI.SetPaymentStatus(id, word, "") },
			[]string{"successful", "refunded"}, []string{"init", "process", "fail", "error", "closed", "unheard-of"},
		},
	} {
		typeName, given := "invoice_invoice", map[string]tftypes.Value{"gateway": text(one.gateway), "id": text(one.id)}
		if one.gateway == "" {
			typeName = "invoice_payment"
			delete(given, "gateway")
		}
		for want, words := range map[bool][]string{true: one.paid, false: one.not} {
			for _, word := range words {
				p.ok(one.set(one.id, word), nil)
				var paid bool
				p.ok(p.lookUp(typeName, given)["paid"].As(&paid), nil)
				if paid != want {
					t.Errorf("%s: %s is paid: %t", name, word, paid)
				}
			}
		}
	}
}
