package provider

import (
	"fmt"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// The invoice is created, mailed, paid, revoked behind Terraform's back, and destroyed. After
// each step nothing is left to do, and nothing is issued or mailed twice.
func TestPayKeeperInvoiceIsIssuedAndMailedOnce(t *testing.T) {
	inDialects(t, dialectsOf("paykeeper_", append(paykeeperHistoryDialects, "paykeeper_mail=failed")...), func(t *testing.T, w *clitest.Workspace) {
		w.MustApply(paykeeperInvoice()).SaysNothing()
		first := w.PayKeeperInvoices()[0]
		w.StateHas(invoiceAddress, map[string]any{
			"id": first.ID, "gateway": "paykeeper", "url": w.URL + "/paykeeper/bill/" + first.ID + "/", "status": "created", "gateway_status": "created",
			"amount": "1500.50", "currency": "RUB", "order_id": "order-1", "customer_id": "Иванов Иван", "expires_at": dayFromNow(3) + "T00:00:00+03:00",
			"payment_id": nil, "paid_at": nil, "updated_at": nil, "p2p": nil,
		})
		w.Sent("paykeeper.send", 0)

		w.Write(paykeeperInvoice("send = true"))
		w.Apply().Succeeds().SaysNothing().Changes(map[string]string{invoiceAddress: "update"})
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.StateHas(invoiceAddress, map[string]any{"id": first.ID, "status": "sent"})
		w.Sent("paykeeper.preview", 1)
		w.Sent("paykeeper.send", 1)

		// A mail cannot be taken back. Turning send off and on again mails nobody.
		w.MustApply(paykeeperInvoice("send = false")).SaysNothing()
		w.MustApply(paykeeperInvoice("send = true")).SaysNothing()
		w.Sent("paykeeper.send", 1)

		w.Must(w.Sandbox.PayKeeper.SetStatus(first.ID, "revoked"))
		w.Plan().Succeeds().Warns("Gone at the gateway: invoice paykeeper/" + first.ID).Changes(map[string]string{invoiceAddress: "create"})
		w.Apply().Succeeds()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Sent("paykeeper.preview", 2)
		w.Sent("paykeeper.send", 2)
		w.InvoicesAre("revoked sent")

		second := w.PayKeeperInvoices()[1]
		w.Must(w.Sandbox.PayKeeper.Pay(second.ID))
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Apply().Succeeds()
		w.StateHas(invoiceAddress, map[string]any{"id": second.ID, "status": "paid", "payment_id": w.PayKeeperInvoices()[1].PaymentID})
		if w.Attributes(invoiceAddress)["paid_at"] == nil {
			t.Error("paid_at is null")
		}
		w.Destroy().Succeeds().Warns("A paid invoice is only removed from the state", second.ID)
		w.Sent("paykeeper.revoke", 0)
		w.InvoicesAre("revoked paid")

		w.MustApply(paykeeperInvoice())
		w.Destroy().Succeeds().SaysNothing()
		w.InvoicesAre("revoked paid revoked")
		w.Sent("paykeeper.preview", 3)
		w.Sent("paykeeper.token", 5) // once in each run that changes something
	})
}

func TestP2PInvoiceIsIssuedOnce(t *testing.T) {
	inDialects(t, dialectsOf("p2p_"), func(t *testing.T, w *clitest.Workspace) {
		w.MustApply(p2pInvoice()).SaysNothing()
		first := w.P2PInvoices()[0]
		w.StateHas(invoiceAddress, map[string]any{
			"id": first.ID, "gateway": "p2p", "url": w.URL + "/p2p/invoice?id=" + first.ID, "status": "created", "gateway_status": "new",
			"amount": "1000", "currency": "RUB", "order_id": "order-1", "customer_id": "uid-1", "paid_at": nil, "payment_id": nil, "paykeeper": nil,
		})
		deals, _ := invoiceBlock(w, "p2p")["deals"].([]any)
		if none := w.Sandbox.Dialect()["p2p_requisites"] == "none"; none != (len(deals) == 0) {
			t.Errorf("deals: %v", deals)
		}
		for _, one := range deals {
			deal, _ := one.(map[string]any)
			if deal["requisites"] != first.Deals[0].Requisites.Requisites || deal["status"] != "transfer_waiting" || deal["active"] != true || deal["rate"] != "99.23" {
				t.Errorf("deal: %v", deal)
			}
		}
		if sum := invoiceBlock(w, "p2p")["amount_to_pay"]; sum != "1000.00" {
			t.Errorf("amount_to_pay = %v", sum)
		}

		w.Must(w.Sandbox.P2P.SetStatus(first.ID, "canceled"))
		w.Plan().Succeeds().Warns("Gone at the gateway: invoice p2p/"+first.ID, "it is canceled").Changes(map[string]string{invoiceAddress: "create"})
		if w.Sandbox.Dialect()["p2p_repeated_internal_id"] == "error" {
			w.Apply().Fails("Cannot issue the invoice", "заявка с таким идентификатором уже существует")
			w.Write(withLine(p2pInvoice(), "order_id", `order_id = "order-2"`))
		}
		w.Apply().Succeeds()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.InvoicesAre("canceled new")

		second := w.P2PInvoices()[1]
		w.Must(w.Sandbox.P2P.SetStatus(second.ID, "paid"))
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Apply().Succeeds()
		w.StateHas(invoiceAddress, map[string]any{"id": second.ID, "status": "paid", "gateway_status": w.Sandbox.Dialect()["p2p_paid"]})
		block := invoiceBlock(w, "p2p")
		sums := fmt.Sprint(block["received_from_taker"], block["received_from_maker"], block["service_fee"])
		if want := "map[amount:1000.00 currency:RUB] map[amount:1000.00 currency:RUB] map[amount:10.00 currency:RUB]"; sums != want {
			t.Errorf("sums: %s", sums)
		}
		if payout, _ := block["payout"].(map[string]any); payout == nil || payout["currency"] != "USDT" {
			t.Errorf("payout: %v", block["payout"])
		}
		for _, one := range block["deals"].([]any) {
			payment := "<nil>"
			if word := w.Sandbox.Dialect()["p2p_deal_payment"]; word == "sum" || word == "object" {
				payment = "map[amount:1000.00 currency:RUB]"
			}
			if deal, _ := one.(map[string]any); deal["type"] != "in" || fmt.Sprint(deal["payment"]) != payment || deal["dispute_reason"] != nil {
				t.Errorf("deal: %v", deal)
			}
		}
		w.Destroy().Succeeds().Warns("A paid invoice is only removed from the state", second.ID)
		w.Sent("p2p.cancel", 0)

		w.MustApply(withLine(p2pInvoice(), "order_id", `order_id = "order-3"`))
		w.Destroy().Succeeds().SaysNothing()
		w.InvoicesAre("canceled paid canceled")
	})
}
