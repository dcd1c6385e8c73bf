package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/attributes"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/gateway"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/remote"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// The invoice is created and its mail fails. It is not issued again: each next plan mails it,
// in place.
func TestInvoiceWhoseMailFailedIsMailedLater(t *testing.T) {
	inDialects(t, [][]string{nil, {"paykeeper_byid=array", "paykeeper_error_code=true"}}, func(_ *testing.T, w *clitest.Workspace) {
		fails := true
		block := w.GatewayThatAnswers(func(operation string) string {
			if operation == "send" && fails {
				return `{"result":"fail","msg":"\u041d\u0435 \u0443\u0434\u0430\u043b\u043e\u0441\u044c \u043e\u0442\u043f\u0440\u0430\u0432\u0438\u0442\u044c \u043f\u0438\u0441\u044c\u043c\u043e."}`
			}
			return ""
		})
		w.Write(paykeeperInvoice("send = true") + block)
		w.Apply().Succeeds().Warns("The invoice was not sent", "«Не удалось отправить письмо.»", "not issued again", "/paykeeper/bill/")
		id := w.PayKeeperInvoices()[0].ID
		w.StateHas(invoiceAddress, map[string]any{"id": id, "status": "created"})
		for range 2 {
			w.Plan().Succeeds().SaysNothing().Changes(map[string]string{invoiceAddress: "update"})
			w.Apply().Fails("Cannot send invoice paykeeper/"+id, "PayKeeper, /change/invoice/send/", "«Не удалось отправить письмо.»")
		}
		w.Mailed(0)
		fails = false
		w.Plan().Succeeds().Changes(map[string]string{invoiceAddress: "update"})
		w.Apply().Succeeds().SaysNothing()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.StateHas(invoiceAddress, map[string]any{"id": id, "status": "sent"})
		w.Mailed(1)
		w.Sent("paykeeper.preview", 1)
	})
}

// An apply with a stale state does not mail twice.
func TestInvoiceMailedMeanwhileIsNotMailedTwice(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(paykeeperInvoice())
	w.Must(w.Sandbox.PayKeeper.SetStatus(w.PayKeeperInvoices()[0].ID, "sent"))
	w.Sandbox.ResetRequests()
	w.Write(paykeeperInvoice("send = true"))
	w.Apply("-refresh=false").Succeeds()
	w.Sent("paykeeper.send", 0)
	w.Mailed(0)
	w.Plan().Succeeds().ChangesNothing()
}

// The answer to the mail is lost. The invoice's status decides, and nobody gets two mails.
func TestInvoiceMailWithALostAnswerIsNotRepeated(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.FaultLostAnswer, sandbox.FaultHalfBody, sandbox.FaultStatusAfter} {
		t.Run(string(kind), func(t *testing.T) {
			w := newWorkspace(t)
			w.FailOnce("paykeeper.send", sandbox.Fault{Kind: kind})
			w.MustApply(paykeeperInvoice("send = true")).SaysNothing()
			w.Mailed(1)
			w.Sent("paykeeper.preview", 1)
		})
	}
	t.Run("and nothing can be read", func(t *testing.T) {
		w := newWorkspace(t)
		w.FailOnce("paykeeper.send", sandbox.Fault{Kind: sandbox.FaultLostAnswer})
		w.Sandbox.Inject(sandbox.Fault{Operation: "paykeeper.byid", Kind: sandbox.FaultStatus, Status: 500})
		w.Write(paykeeperInvoice("send = true"))
		w.Apply().Succeeds().Warns("The invoice may not have been sent", "not clear whether it was mailed").Warns("The invoice was not read back", "HTTP 500")
		w.StateHas(invoiceAddress, map[string]any{"id": w.PayKeeperInvoices()[0].ID, "status": "created", "created_at": nil})
		w.Sandbox.ClearFaults()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Apply().Succeeds().SaysNothing()
		w.StateHas(invoiceAddress, map[string]any{"status": "sent", "expires_at": dayFromNow(3) + "T00:00:00+03:00"})
		w.Mailed(1)
		w.Sent("paykeeper.preview", 1)
	})
}

// Mailing may change more than the status. What the gateway shows afterwards does not
// contradict the plan.
func TestInvoiceMayChangeWhenMailed(t *testing.T) {
	w := newWorkspace(t)
	config := strings.Replace(paykeeperInvoice("send = false"), "expiry_date", "# expiry_date", 1)
	w.MustApply(config)
	id := w.PayKeeperInvoices()[0].ID
	w.Write(strings.Replace(config, "send = false", "send = true", 1))
	w.MustExec("plan", "-out=saved")
	w.Must(w.Sandbox.PayKeeper.Invoices.Update(id, func(i *paykeeper.Invoice) {
		i.ExpiryDatetime, i.ClientEmail = dayFromNow(9)+" 00:00:00", "Buyer@Example.com"
	}))
	w.Run("apply", "saved").Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas(invoiceAddress, map[string]any{"status": "sent", "expires_at": dayFromNow(9) + "T00:00:00+03:00"})

	w.Mailed(1)
}

// send may be unknown until apply.
func TestInvoiceSendMayBeUnknownInThePlan(t *testing.T) {
	w := newWorkspace(t)
	config := paykeeperInvoice(`send = terraform_data.late.output == "2"`) + "\nresource \"terraform_data\" \"late\" {\n  input = \"1\"\n}\n"
	w.MustApply(config)
	w.Mailed(0)
	w.MustApply(strings.Replace(config, `input = "1"`, `input = "2"`, 1))
	w.Mailed(1)
	w.Sent("paykeeper.preview", 1)
}

// Some gateways answer a creation with what was sent and rewrite it afterwards. The first read
// takes that, and it is no drift.
func TestInvoiceRewrittenAfterwardsIsNoDrift(t *testing.T) {
	w := newWorkspace(t)
	w.Write(p2pInvoice())
	w.Apply().Succeeds()
	id := w.P2PInvoices()[0].ID
	w.Must(w.Sandbox.P2P.Invoices.Update(id, func(i *p2p.Invoice) { i.PaymentMethod, i.UserID = "SBERBANK", "UID-1" }))
	for range 2 {
		w.Apply().Succeeds().SaysNothing().ChangesNothing()
	}
	w.Must(w.Sandbox.P2P.Invoices.Update(id, func(i *p2p.Invoice) { i.PaymentMethod = "tinkoff" }))
	w.Plan().Succeeds().Warns("A new invoice will be issued", "p2p.payment_method changed").Changes(map[string]string{invoiceAddress: "replace"})
}

// The gateway mails the invoice and goes on showing "created". It is believed, and there is no
// second mail.
func TestInvoiceMailedButShownAsCreatedIsNotMailedTwice(t *testing.T) {
	w := newWorkspace(t)
	config := paykeeperInvoice("send = true")
	w.Write(config)
	sent := 0
	config += w.GatewayThatAnswers(func(operation string) string {
		if operation == "send" {
			sent++
			return `{"result":"success"}`
		}
		return ""
	})
	w.Write(config)
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Write(strings.Replace(config, `order_id    = "order-1"`, "order_id    = \"order-1\"\n  when_unpayable = \"renew\"", 1))
	w.Apply().Succeeds().Changes(map[string]string{invoiceAddress: "update"})
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	if sent != 1 {
		t.Errorf("%d × send, want 1", sent)
	}
}

// An answer is drift only if it differs from the one that belongs to what was applied.
func TestInvoiceRefreshTellsDriftFromSpelling(t *testing.T) {
	a := adapter(t, "paykeeper")
	shown := &gateway.ShownInvoice{ID: "1", Amount: attributes.NewDecimal("10.00"), Currency: "RUB", OrderID: "A-1"}
	model := &gateway.Invoice{Amount: attributes.NewDecimal("10"), Currency: types.StringValue("RUB"), OrderID: types.StringValue("a-1"), CustomerID: types.StringNull()}
	model.SetObject(a, types.ObjectNull(blockTypes(a)))
	var known remote.Memory
	refresh := func() { gateway.InvoiceArguments(a).Refresh(model, shown, &known) }
	refresh()
	same(t, "the gateway's way of writing", model.Amount.ValueString()+" "+model.OrderID.ValueString(), "10 a-1")
	refresh()
	same(t, "the same again", model.OrderID.ValueString(), "a-1")
	shown.OrderID = ""
	refresh()
	same(t, "left out", model.OrderID.ValueString(), "a-1")
	shown.OrderID, shown.CustomerID = "B-2", "someone"
	refresh()
	same(t, "another one", model.OrderID.ValueString(), "B-2")
	same(t, "what was left to the gateway", model.CustomerID.IsNull(), true)
	shown.CustomerID = "someone else"
	refresh()
	same(t, "what is left to the gateway", model.CustomerID.IsNull(), true)
	shown.OrderID = "A-1"
	refresh()
	same(t, "the first one again", model.OrderID.ValueString(), "a-1")
	gateway.InvoiceArguments(a).Import(model, shown)
	same(t, "imported", model.CustomerID.ValueString()+" "+model.Amount.ValueString(), "someone else 10.00")
}
