package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// An import never issues or replaces anything. The first plan is an update in place, and the
// next one is empty.
func TestInvoiceImportIssuesNothing(t *testing.T) {
	for name, config := range map[string]string{
		"paykeeper": paykeeperInvoice(), "paykeeper sent": paykeeperInvoice("send = true"), "p2p": p2pInvoice(), "p2p payout": payoutConfig,
		"paykeeper bare": "resource \"invoice_invoice\" \"one\" {\n  amount = \"10\"\n  paykeeper = {}\n}\n",
	} {
		dialects := dialectsOf("p2p_")
		switch {
		case name == "p2p payout":
			dialects = [][]string{nil, {"p2p_answer=array", "p2p_sums=amount"}}
		case strings.HasPrefix(name, "paykeeper"):
			dialects = [][]string{nil, {"paykeeper_byid=array", "paykeeper_amount=plain"}, {"paykeeper_service_name=text"}, {"paykeeper_service_name=string"}}
		}
		t.Run(name, func(t *testing.T) {
			inDialects(t, dialects, func(t *testing.T, w *clitest.Workspace) {
				w.MustApply(config)
				state := w.Attributes(invoiceAddress)
				w.Write(config + importing(invoiceAddress, forgetInvoice(w)))
				for address, action := range w.Plan().Succeeds().Planned {
					if address != invoiceAddress || action != "update" {
						t.Errorf("%s is planned for %s", action, address)
					}
				}
				w.Apply().Succeeds()
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				w.SentNoChange()
				w.StateHas(invoiceAddress, map[string]any{"id": state["id"], "status": state["status"], "url": state["url"], "order_id": state["order_id"], "customer_id": state["customer_id"], "deletion_protection": name == "p2p payout"})
				if name == "p2p payout" {
					destroyUnprotected(w, invoiceAddress, config)
				} else {
					w.Destroy().Succeeds()
				}
			})
		})
	}
}

// The imported invoice was never mailed. The configuration asks for the mail, so the import
// sends it.
func TestImportedInvoiceIsMailed(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(paykeeperInvoice())
	w.Forget(invoiceAddress)
	w.Write(paykeeperInvoice("send = true") + importing(invoiceAddress, "paykeeper/"+w.PayKeeperInvoices()[0].ID))
	w.Plan().Succeeds().Changes(map[string]string{invoiceAddress: "update"})
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Mailed(1)
	w.InvoicesAre("sent")
}

// The gateway cannot change an invoice. An import that contradicts the configuration is an
// error in the plan, and each way out leads to an empty plan.
func TestInvoiceImportThatDiffersIsAnError(t *testing.T) {
	for name, c := range map[string]struct{ before, after, says string }{
		"amount":          {p2pInvoice(), withLine(p2pInvoice(), "amount", `amount = "5"`), `The gateway has amount = "1000.00"`},
		"client_email":    {paykeeperInvoice(), withLine(paykeeperInvoice(), "client_email", `client_email = "x@example.com"`), `The gateway has paykeeper.client_email = "buyer@example.com"`},
		"cart":            {paykeeperInvoice(), strings.Replace(paykeeperInvoice(), "vat20", "vat10", 1), "The gateway has paykeeper.cart = "},
		"another gateway": {paykeeperInvoice(), p2pInvoice(), `The gateway has gateway = "paykeeper"`},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(c.before)
			block := importing(invoiceAddress, forgetInvoice(w))
			w.Write(c.after + block)
			w.Plan().Fails("The imported object cannot be changed", c.says)
			w.Apply().Fails()
			w.StateLacks(invoiceAddress)
			w.Write(c.before + block)
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.SentNoChange()
			w.Forget(invoiceAddress)
			w.Write("")
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
		})
	}
	// A text that gateways rewrite is only a warning.
	t.Run("service_name", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(paykeeperInvoice())
		id := w.PayKeeperInvoices()[0].ID
		w.Forget(invoiceAddress)
		w.Sandbox.ResetRequests()
		w.Write(withLine(paykeeperInvoice(), "service_name", `service_name = "x"`))
		w.MustExec("import", invoiceAddress, "paykeeper/"+id)
		w.Apply().Succeeds().Changes(map[string]string{invoiceAddress: "update"}).Warns("The configuration differs from the imported object", `paykeeper.service_name = "Ремонт <окон> & дверей"`)
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.SentNoChange()
	})
}

// A payout that contradicts its import is an error in the plan, and nothing is sent.
func TestPayoutImportThatDiffersIsAnError(t *testing.T) {
	for name, c := range map[string]struct{ before, after, says string }{
		"requisites": {payoutConfig, strings.Replace(payoutConfig, "2200000000000053", "2200000000000061", 1), "p2p.payment_requisites = (another value, which is sensitive)"},
		"payout":     {payoutConfig, withLine(payoutConfig, "amount", `amount = "5"`), `The gateway has amount = "700.00"`},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(c.before)
			id := forgetInvoice(w)
			w.Write(c.after)
			w.MustExec("import", invoiceAddress, id)
			w.Plan().Fails().ChangesNothing().Fails("The imported object cannot be changed", c.says)
			w.Sent("paykeeper.preview", 0)
			w.Sent("p2p.create", 0)
		})
	}
}

// P2P may raise a sum to make it unique. The sum then does not contradict the amount.
func TestInvoiceImportAllowsAUniqueSum(t *testing.T) {
	w := newWorkspace(t)
	config := strings.ReplaceAll(p2pInvoice(`max_amount = "1000.05"`), `"order-1"`, `"order-${count.index}"`)
	config = strings.Replace(config, "amount ", "count = 2\n  amount ", 1)
	w.MustApply(config)
	for _, one := range w.P2PInvoices() {
		address := invoiceAddress + "[" + strings.TrimPrefix(one.InternalID, "order-") + "]"
		w.Forget(address)
		w.MustExec("import", address, "p2p/"+one.ID)
	}
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("p2p.create", 2)
}

func TestInvoiceImportRefusesOtherIDs(t *testing.T) {
	w := newWorkspace(t)
	w.Write(paykeeperInvoice())
	for id, says := range map[string]string{
		"20140402085214805":           "must be <gateway>/<id>",
		"paykeeper/":                  "must be <gateway>/<id>",
		"intellectmoney/1":            "must be <gateway>/<id>, with one of",
		"paykeeper/20140402085214805": "Cannot import invoice paykeeper/20140402085214805",
		"p2p/nothing":                 "the gateway knows no such invoice",
	} {
		output, ok := w.Exec("import", invoiceAddress, id)
		if ok || !strings.Contains(strings.Join(strings.Fields(strings.ReplaceAll(output, "│", "")), " "), says) {
			t.Errorf("import of %s: %s", id, output)
		}
	}
}

func TestInvoiceDataSourceFindsByGatewayAndID(t *testing.T) {
	inDialects(t, [][]string{nil, {"p2p_answer=array", "p2p_requisites=none"}, {"paykeeper_byid=array", "paykeeper_invoice_id=number"}}, func(t *testing.T, w *clitest.Workspace) {
		second := strings.Replace(p2pInvoice(), `"one"`, `"two"`, 1)
		w.MustApply(paykeeperInvoice() + second)
		one, two := w.PayKeeperInvoices()[0].ID, w.P2PInvoices()[0].ID
		w.Must(w.Sandbox.PayKeeper.Pay(one))
		w.Write(paykeeperInvoice() + second + fmt.Sprintf(`
data "invoice_invoice" "one" {
  gateway = "paykeeper"
  id      = %q
}
data "invoice_invoice" "two" {
  gateway = "p2p"
  id      = %q
}`, one, two))
		w.Apply().Succeeds().SaysNothing()
		w.StateHas("data.invoice_invoice.one", map[string]any{
			"amount": "1500.50", "currency": "RUB", "status": "paid", "gateway_status": "paid", "order_id": "order-1", "customer_id": "Иванов Иван", "p2p": nil,
			"payment_id": w.PayKeeperInvoices()[0].PaymentID, "url": w.URL + "/paykeeper/bill/" + one + "/", "expires_at": dayFromNow(3) + "T00:00:00+03:00",
		})
		block, _ := w.Attributes("data.invoice_invoice.one")["paykeeper"].(map[string]any)
		if block["service_name"] != "Ремонт <окон> & дверей" || block["client_email"] != "buyer@example.com" || block["expiry_date"] != dayFromNow(3) || len(block["cart"].([]any)) != 2 {
			t.Errorf("paykeeper = %v", block)
		}
		w.StateHas("data.invoice_invoice.two", map[string]any{"amount": "1000.00", "status": "created", "gateway_status": "new", "paykeeper": nil, "order_id": "order-1"})
		block, _ = w.Attributes("data.invoice_invoice.two")["p2p"].(map[string]any)
		if block["direction"] != "in" || block["amount_to_pay"] != "1000.00" || block["store_name"] != "Demo Test" {
			t.Errorf("p2p = %v", block)
		}
	})
	w := newWorkspaceBeside(t)
	for _, gatewayName := range []string{"paykeeper", "p2p"} {
		w.Write(fmt.Sprintf("data \"invoice_invoice\" \"one\" {\n  gateway = %q\n  id = \"nothing\"\n}", gatewayName))
		w.Plan().Fails("@id", "No such invoice", fmt.Sprintf(`The gateway %s knows no invoice with the id "nothing"`, gatewayName))
	}
	w.Write("data \"invoice_invoice\" \"one\" {\n  gateway = \"invoice\"\n  id = \"1\"\n}")
	w.Plan().Fails("@gateway", `["paykeeper" "p2p" "intellectmoney"]`)
}

// An import takes what the gateway gives back, and that may be no amount.
func TestPaidInvoiceWithoutAnAmountMayBeGone(t *testing.T) {
	t.Parallel()
	gateway := httptest.NewServer(http.HandlerFunc(func(resp http.ResponseWriter, _ *http.Request) {
		_, _ = resp.Write([]byte(`{"result":"fail","msg":"Счёт не найден."}`))
	}))
	defer gateway.Close()
	p := newPlugin(t, gateway.URL)
	state := p.encode(filled(p.schemas.ResourceSchemas["invoice_invoice"].ValueType(), map[string]tftypes.Value{
		"gateway": text("paykeeper"), "id": text("1"), "status": text("paid"), "paid": tftypes.NewValue(tftypes.Bool, true),
	}))
	read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "invoice_invoice", CurrentState: state})
	p.ok(err, read.Diagnostics)
	if len(read.Diagnostics) != 1 || read.Diagnostics[0].Summary != "A paid invoice is gone at the gateway" {
		t.Errorf("told %v", read.Diagnostics)
	}
	if kept := p.decode(read.NewState, p.schemas.ResourceSchemas["invoice_invoice"].ValueType()); !kept["id"].Equal(text("1")) {
		t.Errorf("kept %v", kept)
	}
}
