package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func (w *workspace) mails(want int) {
	w.t.Helper()
	outbox, err := w.sandbox.PayKeeperOutbox()
	w.check(err)
	if len(outbox) != want {
		w.t.Errorf("%d mails, want %d", len(outbox), want)
	}
}

// A preview whose mail failed is not made again: the next plan sends it, in
// place, as often as it takes.
func TestInvoiceNotSent(t *testing.T) {
	inDialects(t, [][]string{nil, {"paykeeper_byid=array", "paykeeper_error_code=true"}}, func(_ *testing.T, w *workspace) {
		fails := true
		block := w.through(func(operation string) string {
			if operation == "send" && fails {
				return `{"result":"fail","msg":"\u041d\u0435 \u0443\u0434\u0430\u043b\u043e\u0441\u044c \u043e\u0442\u043f\u0440\u0430\u0432\u0438\u0442\u044c \u043f\u0438\u0441\u044c\u043c\u043e."}`
			}
			return ""
		})
		w.write(paykeeperInvoice("send = true") + block)
		w.apply().succeeds().warns("The invoice was not sent", "«Не удалось отправить письмо.»", "not issued again", "/paykeeper/bill/")
		id := w.paykeeperInvoices()[0].ID
		w.inState(invoiceAddress, map[string]any{"id": id, "status": "created"})
		for range 2 {
			w.plan().succeeds().quiet().changes(map[string]string{invoiceAddress: "update"})
			w.apply().fails().errors("Cannot send invoice paykeeper/"+id, "PayKeeper, /change/invoice/send/", "«Не удалось отправить письмо.»")
		}
		w.mails(0)
		fails = false
		w.plan().succeeds().changes(map[string]string{invoiceAddress: "update"})
		w.apply().succeeds().quiet()
		w.plan().succeeds().quiet().changes(nil)
		w.inState(invoiceAddress, map[string]any{"id": id, "status": "sent"})
		w.mails(1)
		w.sent("paykeeper.preview", 1)
	})
}

// A state that was not refreshed does not mail twice.
func TestInvoiceSentMeanwhile(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(paykeeperInvoice())
	w.check(w.sandbox.SetPayKeeperInvoiceStatus(w.paykeeperInvoices()[0].ID, "sent"))
	w.sandbox.ResetRequests()
	w.write(paykeeperInvoice("send = true"))
	w.run("apply", "-auto-approve", "-refresh=false").succeeds()
	w.sent("paykeeper.send", 0)
	w.mails(0)
	w.plan().succeeds().changes(nil)
}

// A lost answer to the mail: what the invoice shows decides, and nobody gets
// two mails.
func TestInvoiceSendAnswerLost(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.FaultLostAnswer, sandbox.FaultHalfBody, sandbox.FaultStatusAfter} {
		t.Run(string(kind), func(t *testing.T) {
			w := newWorkspace(t)
			w.sandbox.Inject(sandbox.Fault{Operation: "paykeeper.send", Kind: kind, Times: 1})
			w.mustApply(paykeeperInvoice("send = true")).quiet()
			w.mails(1)
			w.sent("paykeeper.preview", 1)
		})
	}
	t.Run("and nothing can be read", func(t *testing.T) {
		w := newWorkspace(t)
		w.sandbox.Inject(sandbox.Fault{Operation: "paykeeper.send", Kind: sandbox.FaultLostAnswer, Times: 1})
		w.sandbox.Inject(sandbox.Fault{Operation: "paykeeper.byid", Kind: sandbox.FaultStatus, Status: 500})
		w.write(paykeeperInvoice("send = true"))
		w.apply().succeeds().warns("The invoice may not have been sent", "not clear whether it was mailed").warns("The invoice was not read back", "HTTP 500")
		w.inState(invoiceAddress, map[string]any{"id": w.paykeeperInvoices()[0].ID, "status": "created", "created_at": nil})
		w.sandbox.ClearFaults()
		w.plan().succeeds().quiet().changes(nil)
		w.apply().succeeds().quiet()
		w.inState(invoiceAddress, map[string]any{"status": "sent", "expires_at": dayFromNow(3) + "T00:00:00+03:00"})
		w.mails(1)
		w.sent("paykeeper.preview", 1)
	})
}

// Sending may change more than the status: what the gateway shows afterwards is
// taken, and is no contradiction to the plan.
func TestInvoiceSentChangesMore(t *testing.T) {
	w := newWorkspace(t)
	config := strings.Replace(paykeeperInvoice("send = false"), "expiry_date", "# expiry_date", 1)
	w.mustApply(config)
	id := w.paykeeperInvoices()[0].ID
	w.write(strings.Replace(config, "send = false", "send = true", 1))
	if output, ok := w.exec("plan", "-out=saved"); !ok {
		t.Fatal(output)
	}
	w.check(w.sandbox.UpdatePayKeeperInvoice(id, func(i *sandbox.PayKeeperInvoice) {
		i.ExpiryDatetime, i.ClientEmail = dayFromNow(9)+" 00:00:00", "Buyer@Example.com"
	}))
	w.run("apply", "saved").succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.inState(invoiceAddress, map[string]any{"status": "sent", "expires_at": dayFromNow(9) + "T00:00:00+03:00"})

	w.mails(1)
}

// Whether to send may only be known while it is applied.
func TestInvoiceSendNotKnownYet(t *testing.T) {
	w := newWorkspace(t)
	config := paykeeperInvoice(`send = terraform_data.late.output == "2"`) + "\nresource \"terraform_data\" \"late\" {\n  input = \"1\"\n}\n"
	w.mustApply(config)
	w.mails(0)
	w.mustApply(strings.Replace(config, `input = "1"`, `input = "2"`, 1))
	w.mails(1)
	w.sent("paykeeper.preview", 1)
}

// Some gateways answer a creation with what was sent, and rewrite it afterwards:
// that is settled by the first read, and no drift.
func TestInvoiceRewrittenAfterwards(t *testing.T) {
	w := newWorkspace(t)
	w.write(p2pInvoice())
	w.apply().succeeds()
	id := w.p2pInvoices()[0].ID
	w.check(w.sandbox.UpdateP2PInvoice(id, func(i *sandbox.P2PInvoice) { i.PaymentMethod, i.UserID = "SBERBANK", "UID-1" }))
	for range 2 {
		w.apply().succeeds().quiet().changes(nil)
	}
	w.check(w.sandbox.UpdateP2PInvoice(id, func(i *sandbox.P2PInvoice) { i.PaymentMethod = "tinkoff" }))
	w.plan().succeeds().warns("A new invoice will be issued", "p2p.payment_method changed").changes(map[string]string{invoiceAddress: "replace"})
}

// A gateway that sends and goes on showing "created" is believed: no second mail.
func TestInvoiceSentButShownAsCreated(t *testing.T) {
	w := newWorkspace(t)
	config := paykeeperInvoice("send = true")
	w.write(config)
	sent := 0
	config += w.through(func(operation string) string {
		if operation == "send" {
			sent++
			return `{"result":"success"}`
		}
		return ""
	})
	w.write(config)
	w.apply().succeeds().quiet()
	w.plan().succeeds().quiet().changes(nil)
	w.write(strings.Replace(config, `order_id    = "order-1"`, "order_id    = \"order-1\"\n  when_unpayable = \"renew\"", 1))
	w.apply().succeeds().changes(map[string]string{invoiceAddress: "update"})
	w.plan().succeeds().quiet().changes(nil)
	if sent != 1 {
		t.Errorf("%d × send, want 1", sent)
	}
}

// What the gateway shows is drift only when it is not the answer that belongs to
// what was applied.
func TestInvoiceTake(t *testing.T) {
	a := &paykeeperInvoices{}
	shown := &shownInvoice{id: "1", amount: attributes.NewDecimal("10.00"), currency: "RUB", orderID: "A-1"}
	model := &invoiceModel{Amount: attributes.NewDecimal("10"), Currency: types.StringValue("RUB"), OrderID: types.StringValue("a-1"), CustomerID: types.StringNull()}
	model.PayKeeper = types.ObjectNull(blockTypes(a))
	known := answers{}
	model.take(t.Context(), a, shown, known, false)
	same(t, "the gateway's way of writing", model.Amount.ValueString()+" "+model.OrderID.ValueString(), "10 a-1")
	model.take(t.Context(), a, shown, known, false)
	same(t, "the same again", model.OrderID.ValueString(), "a-1")
	shown.orderID = ""
	model.take(t.Context(), a, shown, known, false)
	same(t, "left out", model.OrderID.ValueString(), "a-1")
	shown.orderID, shown.customerID = "B-2", "someone"
	model.take(t.Context(), a, shown, known, false)
	same(t, "another one", model.OrderID.ValueString(), "B-2")
	same(t, "what was left to the gateway", model.CustomerID.IsNull(), true)
	model.take(t.Context(), a, shown, known, true)
	same(t, "imported", model.CustomerID.ValueString()+" "+model.Amount.ValueString(), "someone 10.00")
}
