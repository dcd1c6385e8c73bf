package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

const (
	paymentAddress  = "data.invoice_payment.it"
	paymentByID     = "data \"invoice_payment\" \"it\" {\n  gateway = \"paykeeper\"\n  id = %q\n}\n"
	paymentOfOwn    = "data \"invoice_payment\" \"it\" {\n  gateway = \"paykeeper\"\n  invoice_id = invoice_invoice.one.id\n}\n"
	paymentOfOthers = "data \"invoice_payment\" \"it\" {\n  gateway = \"paykeeper\"\n  invoice_id = %q\n}\n"
)

// newPayKeeperPayment has one paid invoice, which Terraform does not manage.
func newPayKeeperPayment(t *testing.T, dialect ...string) (w *clitest.Workspace, invoice paykeeper.Invoice) {
	t.Helper()
	w = newWorkspace(t, dialect...)
	w.MustApply(paykeeperInvoice())
	w.PayInvoices()
	w.Forget(invoiceAddress)
	w.Sandbox.ResetRequests()
	return w, w.PayKeeperInvoices()[0]
}

// giveBack refunds a part of a payment at the gateway, in any dialect, and ends it.
func giveBack(w *clitest.Workspace, payment, amount, end string) paykeeper.Refund {
	w.T.Helper()
	refund, err := w.Sandbox.PayKeeper.Refund(payment, amount, "anna")
	w.Must(err)
	w.Must(w.Sandbox.PayKeeper.ShowRefunds())
	refund, err = w.Sandbox.PayKeeper.Refunds.Get(refund.ID)
	w.Must(err)
	if refund.Status == "started" {
		w.Must(w.Sandbox.PayKeeper.EndRefund(refund.ID, end))
		refund.Status = end
	}
	return refund
}

// One configuration issues an invoice and looks its payment up, from the first apply until
// money has gone back.
func TestPaymentOfAnInvoice(t *testing.T) {
	but := append([]string{"paykeeper_two_stage=true"}, paykeeperHistoryDialects...)
	inDialects(t, dialectsOf("paykeeper_", but...), func(_ *testing.T, w *clitest.Workspace) {
		config := paykeeperInvoice() + paymentOfOwn
		w.MustApply(config).SaysNothing()
		invoice := w.PayKeeperInvoices()[0]
		w.StateHas(paymentAddress, map[string]any{
			"gateway": "paykeeper", "invoice_id": invoice.ID, "paid": false, "refunds": []any{}, "id": nil, "status": nil, "amount": nil,
			"refunded_amount": nil, "currency": nil, "order_id": nil, "customer_id": nil, "payment_system": nil, "created_at": nil, "paid_at": nil,
		})

		w.PayInvoices()
		payment := w.PayKeeperInvoices()[0].PaymentID
		refund := giveBack(w, payment, "500.25", "done")
		w.MustApply(config + strings.Replace(fmt.Sprintf(paymentByID, payment), `"it"`, `"by_id"`, 1))
		paid, err := w.Sandbox.PayKeeper.Payments.Get(payment)
		w.Must(err)
		status, back, last := "successful", "500.25", moscow(refund.Datetime)
		if refund.Status == "failed" {
			status, back = "fail", "0.00"
		}
		want := map[string]any{
			"gateway": "paykeeper", "id": payment, "paid": true, "status": paid.Status, "amount": "1500.50", "refunded_amount": back, "currency": "RUB",
			"order_id": "order-1", "customer_id": "Иванов Иван", "payment_system": paid.PaymentSystemID,
			"created_at": moscow(paid.PendingDatetime), "paid_at": moscow(paid.ObtainDatetime), "updated_at": last, "expires_at": nil, "url": nil,
			"description": nil, "custom_parameters": nil, "payment_method": nil, "terminal_id": nil, "decline_reason": nil, "status_description": nil,
			"refunds": []any{map[string]any{
				"id": refund.ID, "number": refund.Number, "amount": "500.25", "remaining": "1000.25", "status": status, "created_at": last, "made_by": "anna",
			}},
		}
		w.StateHas("data.invoice_payment.by_id", want)
		want["invoice_id"] = invoice.ID
		w.StateHas(paymentAddress, want)
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Sent("paykeeper.reverse", 0)
	})
}

func moscow(datetime string) string { return strings.Replace(datetime, " ", "T", 1) + "+03:00" }

// Refunds are shown oldest first, each with its status; a word that nobody knows as it came.
func TestPaymentShowsItsRefunds(t *testing.T) {
	for _, dialect := range [][]string{nil, {"paykeeper_refund_order=newest", "paykeeper_payment_ids=number"}} {
		t.Run(dialectName(dialect), func(t *testing.T) {
			w, invoice := newPayKeeperPayment(t, append(dialect, "paykeeper_refund_time=never")...)
			var ids []string
			for _, end := range []string{"done", "failed", "done"} {
				ids = append(ids, giveBack(w, invoice.PaymentID, "100", end).ID)
			}
			w.Must(w.Sandbox.PayKeeper.Refunds.Update(ids[2], func(r *paykeeper.Refund) { r.Status = "на проверке" }))
			started, err := w.Sandbox.PayKeeper.Refund(invoice.PaymentID, "7.5", "boris")
			w.Must(err)
			w.MustApply(fmt.Sprintf(paymentByID, invoice.PaymentID))
			var shown []string
			refunds, _ := w.Attributes(paymentAddress)["refunds"].([]any)
			for _, one := range refunds {
				row, _ := one.(map[string]any)
				shown = append(shown, fmt.Sprint(row["id"], " ", row["amount"], " ", row["status"], " ", row["made_by"]))
			}
			same(t, "refunds", strings.Join(shown, "\n"), fmt.Sprintf("%s 100.00 successful anna\n%s 100.00 fail anna\n%s 100.00 на проверке anna\n%s 7.50 init boris", ids[0], ids[1], ids[2], started.ID))
			w.StateHas(paymentAddress, map[string]any{"status": "refunding", "paid": true, "refunded_amount": "200.00"})
		})
	}
}

// What was given back is never less than what the list shows, nor than what the payment says.
func TestPaymentThatIsBehindItsRefunds(t *testing.T) {
	w, invoice := newPayKeeperPayment(t)
	giveBack(w, invoice.PaymentID, "100", "done")
	for _, c := range []struct{ said, want string }{{"", "100.00"}, {"40.00", "100.00"}, {"250.50", "250.50"}} {
		w.Must(w.Sandbox.PayKeeper.Payments.Update(invoice.PaymentID, func(p *paykeeper.Payment) { p.RefundAmount = c.said }))
		w.MustApply(fmt.Sprintf(paymentByID, invoice.PaymentID))
		w.StateHas(paymentAddress, map[string]any{"refunded_amount": c.want})
	}
}

// Only these words mean that the money is here, or was.
func TestPaymentWords(t *testing.T) {
	w, invoice := newPayKeeperPayment(t)
	for status, paid := range map[string]bool{
		"success": true, "obtained": true, "stuck": true, "refunding": true, "refunded": true, "partially_refunded": true,
		"pending": false, "canceled": false, "failed": false, "what": false,
	} {
		w.Must(w.Sandbox.PayKeeper.Payments.Update(invoice.PaymentID, func(p *paykeeper.Payment) { p.Status, p.ObtainDatetime = status, "" }))
		w.MustApply(fmt.Sprintf(paymentOfOthers, invoice.ID))
		w.StateHas(paymentAddress, map[string]any{"paid": paid, "status": status})
	}
}

// Nothing is taken for "none" unless the gateway says so, in words or by what it says of the
// payment.
func TestPaymentOfNothing(t *testing.T) {
	for name, c := range map[string]struct {
		dialect []string
		config  string
		says    []string
	}{
		"no such payment":      {[]string{"paykeeper_no_payment=list"}, fmt.Sprintf(paymentByID, "1"), []string{"@id", "No such payment", `PayKeeper knows no payment with the id "1" for this merchant`}},
		"an empty answer":      {nil, fmt.Sprintf(paymentByID, "1"), []string{`Cannot look up the payment with the id "1"`, "the answer is empty", "others when they fail", "not its invoice's"}},
		"an invoice's number":  {[]string{"paykeeper_no_payment=list"}, fmt.Sprintf(paymentByID, "20260102030405006"), []string{"@id", "No such payment"}},
		"no such invoice":      {nil, fmt.Sprintf(paymentOfOthers, "1"), []string{"@invoice_id", "No such payment", `with the invoice_id "1"`}},
		"the invoice's is not": {[]string{"paykeeper_no_payment=list"}, "gone", []string{"@invoice_id", "No such payment"}},
		"the invoice has none": {nil, "none", []string{"Cannot look up the payment", "as paid and names no payment for it"}},
		"refunds, no answer":   {[]string{"paykeeper_no_refunds=empty"}, "partially_refunded", []string{"Cannot look up the payment", "partially_refunded", "others when they fail"}},
		"refunds, no list":     {[]string{"paykeeper_no_refunds=object"}, "partially_refunded", []string{"Cannot look up the payment", "partially_refunded"}},
	} {
		t.Run(name, func(t *testing.T) {
			w, invoice := newPayKeeperPayment(t, c.dialect...)
			g := w.Sandbox.PayKeeper
			switch c.config {
			case "gone":
				w.Must(g.Payments.Delete(invoice.PaymentID))
			case "none":
				w.Must(g.Invoices.Update(invoice.ID, func(i *paykeeper.Invoice) { i.PaymentID = "" }))
			case "partially_refunded":
				w.Must(g.Payments.Update(invoice.PaymentID, func(p *paykeeper.Payment) { p.Status, p.RefundAmount = c.config, "10.00" }))
			}
			if !strings.Contains(c.config, "data") {
				c.config = fmt.Sprintf(paymentOfOthers, invoice.ID)
			}
			w.Write(c.config)
			w.Plan().Fails(c.says...)
		})
	}
}

// A gateway takes its own keys. What is unknown until apply fails no plan.
func TestPaymentKeysOfGateways(t *testing.T) {
	look := func(lines ...string) string {
		return "data \"invoice_payment\" \"x\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
	}
	for name, c := range map[string]struct {
		config string
		says   []string
	}{
		"an invoice of Invoice API":  {look(`invoice_id = "1"`), []string{"@invoice_id", `The gateway "invoice" finds no payment by invoice_id`, `with gateway = "paykeeper"`, "give id or order_id instead"}},
		"the same, in words":         {look(`gateway = "invoice"`, `invoice_id = "1"`), []string{"@invoice_id", `with gateway = "paykeeper"`}},
		"an order of PayKeeper":      {look(`gateway = "paykeeper"`, `order_id = "1"`), []string{"@order_id", `The gateway "paykeeper" finds no payment by order_id`, `with gateway = "invoice"`, "give id or invoice_id instead"}},
		"a gateway without payments": {look(`gateway = "p2p"`, `id = "1"`), []string{"@gateway", `value must be one of: ["invoice" "paykeeper"], got: "p2p"`}},
		"an empty gateway":           {look(`gateway = ""`, `id = "1"`), []string{"@gateway", `value must be one of: ["invoice" "paykeeper"]`}},
		"a blank invoice":            {look(`gateway = "paykeeper"`, `invoice_id = " "`), []string{"@invoice_id", "is blank"}},
		"two keys":                   {look(`id = "1"`, `gateway = "paykeeper"`, `invoice_id = "1"`), []string{"@id", "2 attributes specified when one (and only one)"}},
		"no key":                     {look(`gateway = "paykeeper"`), []string{"No attribute specified when one (and only one)"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.Write(c.config)
			w.Plan().Fails(c.says...)
			w.SentNothing()
		})
	}
	t.Run("unknown until apply", func(t *testing.T) {
		w, invoice := newPayKeeperPayment(t)
		late := fmt.Sprintf("resource \"terraform_data\" \"late\" {\n  input = { gateway = \"paykeeper\", invoice = %q, order = null }\n}\n", invoice.ID)
		keys := []string{"invoice_id = terraform_data.late.output.invoice", "order_id = terraform_data.late.output.order"}
		w.Write(late + look(append(keys, `gateway = "paykeeper"`)...))
		w.Plan().Succeeds()
		w.Write(late + look(append(keys, "gateway = terraform_data.late.output.gateway")...))
		w.Plan().Succeeds()
		w.SentNothing()
		w.Apply().Succeeds()
		w.StateHas("data.invoice_payment.x", map[string]any{"gateway": "paykeeper", "id": invoice.PaymentID, "order_id": "order-1"})
	})
	t.Run("wrong in the apply", func(t *testing.T) {
		w := newWorkspace(t)
		w.Write("resource \"terraform_data\" \"late\" {\n  input = \"paykeeper\"\n}\n" + look("gateway = terraform_data.late.output", `order_id = "1"`))
		w.Plan().Succeeds()
		w.Apply().Fails("@order_id", `The gateway "paykeeper" finds no payment by order_id`)
		w.SentNothing()
	})
	t.Run("not configured", func(t *testing.T) {
		w := newWorkspace(t)
		w.Write(look(`gateway = "paykeeper"`, `id = "1"`) + "provider \"invoice\" {\n  invoice = {\n    merchant_id = \"m\"\n    api_key = \"k\"\n  }\n}\n")
		w.Plan().Fails("PayKeeper is not configured", "paykeeper.base_url")
		w.SentNothing()
	})
}
