package provider

import (
	"net/http/httptest"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

func TestPayKeeperRefundInputIsChecked(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	config := payKeeperRefund(payment)
	for name, c := range map[string]struct{ config, attribute, says string }{
		"receipt":         {payKeeperRefund(payment, "receipt = []"), "receipt", "PayKeeper takes the lines of the fiscal receipt in refund_cart"},
		"cart":            {payKeeperRefund(payment, cartOf("400")), "refund_cart", "add up to 400.00, and amount is 500.00"},
		"tax":             {payKeeperRefund(payment, `refund_cart = [{ name = "a", price = "500", quantity = "1", sum = "500", tax = "20%" }]`), "", `Attribute refund_cart[0].tax value must be one of: ["none" "vat0" "vat5" "vat7" "vat10" "vat20"`},
		"currency":        {payKeeperRefund(payment, `currency = "USD"`), "currency", "PayKeeper takes roubles only"},
		"gateway":         {withLine(config, "gateway", `gateway = "p2p"`), "gateway", `"paykeeper"`},
		"kopecks":         {withLine(config, "amount", `amount = "1.234"`), "amount", "two decimals"},
		"no receipt":      {withLine(config, "gateway", `gateway = "invoice"`), "", "It may be empty: receipt = []"},
		"no gateway":      {withLine(payKeeperRefund(payment, cartOf("500")), "gateway", ""), "refund_cart", `For a payment of PayKeeper write gateway = "paykeeper"`},
		"cart of invoice": {withLine(refundConfig("p"), "payment_id", "payment_id = \"p\"\n"+cartOf("500")), "refund_cart", "has no refund_cart"},
	} {
		w.In(t).Write(c.config)
		if output, ok := w.Exec("validate"); ok {
			t.Errorf("%s: valid: %s", name, output)
		}
		w.Plan().Fails("@"+c.attribute, c.says)
	}
	w.SentNothing()
}

// What the plan does not know is checked when it is known.
func TestPayKeeperRefundOfWhatIsNotKnown(t *testing.T) {
	w, payment := newPayKeeperRefunds(t)
	open := func(of string) string { return `terraform_data.known["` + of + `"].output` }
	config := `
resource "terraform_data" "known" {
  for_each = { gateway = "paykeeper", payment = "` + payment + `", amount = "500" }
  input    = each.value
}

resource "invoice_refund" "back" {
  gateway    = ` + open("gateway") + `
  payment_id = ` + open("payment") + `
  amount     = ` + open("amount") + `
}
`
	w.Write(config)
	w.Plan().Succeeds().Warns("will be refunded for a payment that is not known yet")
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.StateHas(refundAddress, map[string]any{"id": refundsAre(w, "500.00")[0], "gateway": "paykeeper"})
	w.Write(config + renamed(payKeeperRefund(payment), "back", "twin"))
	w.Plan().Fails("The refund is already in the state")
	w.Sent(opReverse, 1)
}

func TestPayKeeperRefundImportIDs(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_no_payment=list")
	w.MustApply(payKeeperRefund(payment))
	id := refundsAre(w, "500.00")[0]
	loseState(w)
	for _, wrong := range []string{"paykeeper/" + id, "paykeeper/" + payment + "/", "paykeeper//" + id} {
		w.Write(payKeeperRefund(payment) + importing(refundAddress, wrong))
		w.Plan().Fails("The import id is not valid", "paykeeper/<payment id>/<refund id>")
	}
	for _, absent := range []string{"paykeeper/" + payment + "/1", "paykeeper/1/" + id} {
		w.Write(payKeeperRefund(payment) + importing(refundAddress, absent))
		w.Plan().Fails("Cannot import refund", "the gateway knows no such refund")
	}
	w.Write(withLine(payKeeperRefund(payment), "amount", `amount = "400"`) + importing(refundAddress, "paykeeper/"+payment+"/"+id))
	w.Plan().Fails("@amount", "The imported object cannot be changed")
	w.Write(refundConfig(payment) + importing(refundAddress, "paykeeper/"+payment+"/"+id))
	w.Plan().Fails("gateway = \"paykeeper\" and offers no way to change it")
	// The cart comes from the configuration, in an update that calls nothing.
	w.Write(payKeeperRefund(payment, cartOf("500"), `reason = "r"`) + importing(refundAddress, "paykeeper/"+payment+"/"+id))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.Sent(opReverse, 1)
}

// Over the plugin protocol any machine can test identities.
func TestPayKeeperRefundHasAnIdentity(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	p := newPlugin(t, server.URL)
	invoice, err := box.PayKeeper.Add(paykeeper.Invoice{PayAmount: "10.00", Status: "paid"})
	p.ok(err, nil)
	refund := p.create("invoice_refund", map[string]tftypes.Value{"gateway": text("paykeeper"), "payment_id": text(invoice.PaymentID), "amount": text("5"), "currency": text("RUB")})
	want := map[string]tftypes.Value{"gateway": text("paykeeper"), "payment_id": text(invoice.PaymentID), "id": refund["id"]}
	state, identity := p.importByIdentity(t, "invoice_refund", want)
	for name, value := range want {
		if !identity[name].Equal(value) || !state[name].Equal(value) {
			t.Errorf("%s: identity %s, state %s, want %s", name, identity[name], state[name], value)
		}
	}
	if !state["amount"].Equal(text("5.00")) || !state["receipt"].IsNull() {
		t.Errorf("amount %s, receipt %s", state["amount"], state["receipt"])
	}
}

// States that older versions have written name no gateway.
func TestRefundsOfOlderVersionsHaveNoGateway(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.MustApply(refundConfig(payment))
	w.EditState(func(attributes map[string]any) {
		delete(attributes, "gateway")
		delete(attributes, "refund_cart")
	})
	w.Plan("-refresh=false").Succeeds().ChangesNothing().SaysNothing()
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.Write(withLine(refundConfig(payment), "payment_id", "payment_id = \""+payment+"\"\n  gateway = \"invoice\""))
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
	w.Apply().Succeeds()
	w.StateHas(refundAddress, map[string]any{"gateway": "invoice"})
	w.Write(refundConfig(payment) + renamed(refundConfig(payment), "back", "twin"))
	w.Plan().Fails("The refund is already in the state")
	w.Sent("CreateRefund", 1)
}
