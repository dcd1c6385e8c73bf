package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

// What is no form, or cannot be read, pays and declines nothing. An empty form is the
// press of a button without fields.
func TestOnlyFormsPay(t *testing.T) {
	b := start(t, sandbox.Options{})
	bill, err := b.PayKeeper.Add(paykeeper.Invoice{PayAmount: "1500.00"})
	must(t, err)
	payment := b.Payment()
	claim := b.p2pOrder("http://127.0.0.1:1")
	terminal := sandboxtest.IDOf(t, b.OK("CreateTerminal", `{"name":"a","alias":"N2","type":"static","defaultPrice":15}`))
	pages := []string{"/paykeeper/bill/" + bill.ID + "/", "/invoice/pay/" + payment, "/invoice/terminal/" + terminal, "/p2p/invoice?id=" + claim}
	const form = "application/x-www-form-urlencoded"
	for _, page := range pages {
		for _, sent := range []struct {
			contentType, body string
			status            int
		}{
			{"", "", 415},
			{"", "action=paid", 415},
			{"application/json", `{}`, 415},
			{"text/plain", "action=paid", 415},
			{form, "action=paid&x=%zz", 400},
			{form, "x=" + strings.Repeat("x", sandbox.MaxRequestBody), 413},
			{"multipart/form-data", "action=paid", 400},
			{"multipart/form-data; boundary=x", "--x\r\nbroken", 400},
		} {
			response, answer, err := b.Send(http.MethodPost, page, sent.body, func(r *http.Request) { r.Header.Set("Content-Type", sent.contentType) })
			must(t, err)
			equal(t, page+" "+sent.contentType+" "+sent.body[:min(20, len(sent.body))], response.StatusCode, sent.status)
			contains(t, answer, "Ничего не изменилось")
		}
	}
	i, err := b.PayKeeper.Invoices.Get(bill.ID)
	must(t, err)
	equal(t, "bill", i.Status, "created")
	equal(t, "payment", b.OK("GetPayment", sandboxtest.ByID(payment))["status"], "init")
	c, err := b.P2P.Invoices.Get(claim)
	must(t, err)
	equal(t, "claim", c.Status, "new")
	payments, err := b.InvoiceAPI.Payments.All()
	must(t, err)
	equal(t, "payments", len(payments), 1)

	_, page := b.Submit(pages[0], nil)
	contains(t, page, "Оплачен")
}
