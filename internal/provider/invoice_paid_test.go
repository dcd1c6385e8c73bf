package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// An invoice that was paid once stays paid, whatever the gateway shows later.
func TestPaidInvoiceStaysPaid(t *testing.T) {
	changePayKeeper := func(change func(*paykeeper.Invoice)) func(*clitest.Workspace, string) error {
		return func(w *clitest.Workspace, id string) error { return w.Sandbox.PayKeeper.Invoices.Update(id, change) }
	}
	changeP2P := func(change func(*p2p.Invoice)) func(*clitest.Workspace, string) error {
		return func(w *clitest.Workspace, id string) error { return w.Sandbox.P2P.Invoices.Update(id, change) }
	}
	status := func(word string) func(*clitest.Workspace, string) error {
		return func(w *clitest.Workspace, id string) error {
			if len(w.P2PInvoices()) > 0 {
				return changeP2P(func(i *p2p.Invoice) { i.Status = word })(w, id)
			}
			return changePayKeeper(func(i *paykeeper.Invoice) { i.Status = word })(w, id)
		}
	}
	for name, c := range map[string]struct {
		config string
		change func(*clitest.Workspace, string) error
		says   string // the warning, "" for none
		status string
	}{
		"p2p canceled": {p2pInvoice(), status("canceled"), "it is canceled", "canceled"},
		"p2p absent":   {p2pInvoice(), func(w *clitest.Workspace, id string) error { return w.Sandbox.P2P.Invoices.Delete(id) }, "the gateway knows no such invoice", "paid"},
		"p2p dispute":  {p2pInvoice(), status("dispute"), `the gateway shows it as "dispute"`, "disputed"},
		"p2p open":     {p2pInvoice(), status("new"), `the gateway shows it as "new"`, "created"},
		"p2p expired":  {p2pInvoice(), status("expired"), `the gateway shows it as "expired"`, "expired"},
		"p2p unknown":  {p2pInvoice(), status("unknown"), `the gateway shows it as "unknown"`, "unknown"},
		// The gateway recalculates the sum. That is no drift.
		"p2p other sum":       {p2pInvoice(), changeP2P(func(i *p2p.Invoice) { i.Amount = "990.00" }), "", "paid"},
		"paykeeper absent":    {paykeeperInvoice(), func(w *clitest.Workspace, id string) error { return w.Sandbox.PayKeeper.Invoices.Delete(id) }, "the gateway knows no such invoice", "paid"},
		"paykeeper revoked":   {paykeeperInvoice(), status("expired"), "it was revoked", "expired"},
		"paykeeper open":      {paykeeperInvoice("send = true"), status("created"), `the gateway shows it as "created"`, "created"},
		"paykeeper refunded":  {paykeeperInvoice(), status("refunded"), `the gateway shows it as "refunded"`, "refunded"},
		"paykeeper other sum": {paykeeperInvoice(), changePayKeeper(func(i *paykeeper.Invoice) { i.PayAmount = "1.00" }), "Nothing is planned", "paid"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			id := payInvoice(w, renewing(c.config))
			w.Must(c.change(w, id))
			for round := range 2 {
				r := w.Apply().Succeeds().ChangesNothing()
				switch {
				case c.says == "":
					r.SaysNothing()
				case round == 0 || c.status != "paid" || strings.Contains(name, "absent"):
					r.Warns("A paid invoice", id, c.says)
				}
				w.StateHas(invoiceAddress, map[string]any{"id": id, "paid": true, "status": c.status, "amount": map[bool]string{true: "1000", false: "1500.50"}[strings.HasPrefix(name, "p2p")]})
			}
			w.SentNoChange()
			w.Destroy().Succeeds().Warns("A paid invoice is only removed from the state", id)
			w.SentNoChange()
			w.StateLacks(invoiceAddress)
		})
	}
}

// States of older versions have no attribute paid. Their status counts instead.
func TestPaidInvoiceOfAnOlderStateIsPaid(t *testing.T) {
	w := newWorkspace(t)
	id := payInvoice(w, p2pInvoice())
	w.RewriteState(`"paid": true`, `"paid": null`)
	w.StateHas(invoiceAddress, map[string]any{"paid": nil})
	w.Must(w.Sandbox.P2P.Invoices.Delete(id))
	w.Write(withLine(p2pInvoice(), "amount", `amount = "1001"`))
	w.Plan("-refresh=false").Fails("@amount", "A paid invoice cannot be changed", id)
	w.Write(p2pInvoice())
	w.Apply().Succeeds().ChangesNothing().Warns("A paid invoice is gone at the gateway", "the gateway knows no such invoice")
	w.StateHas(invoiceAddress, map[string]any{"paid": true})
	w.SentNoChange()
}

// Changing a paid invoice is an error in the plan. Each way out that it names leads to an empty
// plan.
func TestPaidInvoiceIsNotChanged(t *testing.T) {
	for name, c := range map[string]struct{ before, after, at string }{
		"amount":       {p2pInvoice(), withLine(p2pInvoice(), "amount", `amount = "1001"`), "amount"},
		"order_id":     {p2pInvoice(), withLine(p2pInvoice(), "order_id", `order_id = "order-2"`), "order_id"},
		"token":        {p2pInvoice(), withLine(p2pInvoice(), "notification_token", `notification_token = "x"`), "notification_token"},
		"service_name": {paykeeperInvoice(), withLine(paykeeperInvoice(), "service_name", `service_name = "x"`), "service_name"},
		"the gateway":  {paykeeperInvoice(), p2pInvoice(), "p2p"},
		"before it is destroyed": {
			createFirst(paykeeperInvoice()), createFirst(withLine(paykeeperInvoice(), "service_name", `service_name = "x"`)), "service_name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			id := payInvoice(w, c.before)
			w.Write(c.after)
			r := w.Plan().Fails("A paid invoice cannot be changed", id, c.at, "put ", "add a new resource", "terraform state rm")
			if len(r.Messages) != 1 {
				t.Errorf("not one error: %s", r.String())
			}
			w.Apply().Fails()
			w.SentNoChange()
			w.Write(c.before)
			w.Apply().Succeeds().SaysNothing().ChangesNothing()
			// A resource of its own issues a further invoice.
			further := strings.NewReplacer(`"one"`, `"two"`, `"order-1"`, `"order-2"`).Replace(c.before)
			w.Write(c.before + further)
			w.Apply().Succeeds().SaysNothing().Changes(map[string]string{"invoice_invoice.two": "create"})
			w.Forget(invoiceAddress)
			w.Write(further)
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("paykeeper.revoke", 0)
			w.Sent("p2p.cancel", 0)
		})
	}
}

// A change that is unknown in the plan is refused during apply.
func TestPaidInvoiceIsNotChangedByWhatWasUnknown(t *testing.T) {
	config := func(text string) string {
		return withLine(paykeeperInvoice(), "service_name", "service_name = terraform_data.late.output") + fmt.Sprintf("\nresource \"terraform_data\" \"late\" {\n  input = %q\n}\n", text)
	}
	w := newWorkspace(t)
	id := payInvoice(w, config("a"))
	w.Write(config("b"))
	w.Apply().Fails("A paid invoice cannot be changed", id, "put paykeeper.service_name back")
	w.Write(config("a"))
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.SentNoChange()
}

// -replace and replace_triggered_by are errors in the plan of a paid invoice.
func TestPaidInvoiceIsNotReplaced(t *testing.T) {
	for name, config := range map[string]string{
		"paykeeper": paykeeperInvoice(), "p2p": p2pInvoice(), "paykeeper before destroy": createFirst(paykeeperInvoice()), "p2p before destroy": createFirst(p2pInvoice()),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			id := payInvoice(w, config)
			for _, command := range []string{"plan", "apply"} {
				args := []string{command, "-replace=" + invoiceAddress}
				if command == "apply" {
					args = append(args, "-auto-approve")
				}
				w.Run(args...).Fails("A paid invoice cannot be replaced", id, "has been paid", "take away what replaces it", "terraform state rm")
			}
			w.SentNoChange()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
		})
	}
	t.Run("replace_triggered_by", func(t *testing.T) {
		config := func(version string) string {
			return strings.Replace(paykeeperInvoice(), "  order_id ", "  lifecycle {\n    replace_triggered_by = [terraform_data.version]\n  }\n  order_id ", 1) +
				fmt.Sprintf("\nresource \"terraform_data\" \"version\" {\n  input = %q\n}\n", version)
		}
		w := newWorkspace(t)
		id := payInvoice(w, config("1"))
		w.Write(config("2"))
		w.Apply().Fails("A paid invoice cannot be replaced", id)
		w.SentNoChange()
		w.Write(config("1"))
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	})
}

// Terraform does not ask the provider to plan the destruction of a tainted object. The apply
// refuses before anything is issued.
func TestPaidInvoiceIsNotReplacedByATaint(t *testing.T) {
	for name, config := range invoiceKinds {
		for _, refresh := range refreshes {
			t.Run(name+" "+refresh, func(t *testing.T) {
				w := newWorkspace(t)
				id := payInvoice(w, config)
				w.MustExec("taint", invoiceAddress)
				for range 2 {
					w.Apply(refresh).Fails("A paid invoice cannot be replaced", id, "Nothing was issued", "terraform untaint")
				}
				w.SentNoChange()
				w.MustExec("untaint", invoiceAddress)
				w.Apply().Succeeds().SaysNothing().ChangesNothing()
				w.StateHas(invoiceAddress, map[string]any{"id": id, "paid": true})
				w.MustExec("taint", invoiceAddress)
				w.Destroy().Succeeds().Warns("A paid invoice is only removed from the state", id)
				w.SentNoChange()
			})
		}
	}
	// Here the gateway's look-up by order id sees the payment.
	t.Run("p2p before destroy", func(t *testing.T) {
		w := newWorkspace(t)
		id := payInvoice(w, createFirst(p2pInvoice()))
		w.MustExec("taint", invoiceAddress)
		w.Apply().Fails("@order_id", "The order is already paid", id)
		w.SentNoChange()
	})
}

// A failed destroy leaves no mark that lets a later replacement pass.
func TestPaidInvoiceStaysProtectedAfterAFailedDestroy(t *testing.T) {
	for _, refresh := range refreshes {
		t.Run(refresh, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(paykeeperInvoice())
			w.Sandbox.Inject(sandbox.Fault{Operation: "paykeeper.revoke", Kind: sandbox.FaultStatus, Status: 500})
			w.Destroy().Fails()
			w.Sandbox.ClearFaults()
			w.PayInvoices()
			w.MustExec("taint", invoiceAddress)
			w.Sandbox.ResetRequests()
			w.Apply(refresh).Fails("A paid invoice cannot be replaced", "terraform untaint")
			w.Sent("paykeeper.preview", 0)
			w.StateHas(invoiceAddress, map[string]any{"paid": true})
		})
	}
}

// The invoice is paid after the plan that replaces it was saved. Nothing is issued.
func TestPaidInvoiceIsNotReplacedByASavedPlan(t *testing.T) {
	bare := strings.Replace(p2pInvoice(), `  order_id    = "order-1"`, "  order_id    = null", 1)
	for name, c := range map[string]struct{ before, after string }{
		"paykeeper":       {paykeeperInvoice(), withLine(paykeeperInvoice(), "service_name", `service_name = "x"`)},
		"p2p":             {bare, withLine(bare, "amount", `amount = "1001"`)},
		"another order":   {p2pInvoice(), withLine(p2pInvoice(), "order_id", `order_id = "order-2"`)},
		"another gateway": {paykeeperInvoice(), p2pInvoice()},
		"-replace":        {paykeeperInvoice(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(c.before)
			id := savePlan(w, c.after)
			w.PayInvoices()
			w.Sandbox.ResetRequests()
			w.Run("apply", "saved").Fails("A paid invoice cannot be replaced", id, "Nothing was issued", "If its configuration changed, put that back")
			w.Sent("paykeeper.preview", 0)
			w.Sent("p2p.create", 0)
			w.StateHas(invoiceAddress, map[string]any{"id": id, "paid": true})
			w.Write(c.before)
			w.Apply().Succeeds().SaysNothing().ChangesNothing()
		})
	}
}

// With create_before_destroy, no CLI shows the provider the old invoice before it makes the new
// one. A gateway that looks up by order id stops it. Elsewhere the apply fails and says how to
// take the new one back.
func TestPaidInvoiceReplacedBeforeDestroyIsReported(t *testing.T) {
	t.Run("p2p", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(createFirst(p2pInvoice()))
		id := savePlan(w, createFirst(withLine(p2pInvoice(), "amount", `amount = "1001"`)))
		w.PayInvoices()
		w.Sandbox.ResetRequests()
		w.Run("apply", "saved").Fails("@order_id", "The order is already paid", id)
		w.SentNoChange()
	})
	t.Run("paykeeper", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(createFirst(paykeeperInvoice()))
		id := savePlan(w, createFirst(withLine(paykeeperInvoice(), "service_name", `service_name = "x"`)))
		w.PayInvoices()
		w.Run("apply", "saved").Fails("A paid invoice was replaced", id, "its successor has been issued already", "take the new one out of the configuration and apply")
		w.InvoicesAre("paid created")
		w.Write("")
		w.Apply().Succeeds().Warns("A paid invoice is only removed from the state", id)
		w.InvoicesAre("paid revoked")
	})
}

// A paid invoice under a new name is not issued again, whichever of the two Terraform plans
// first. A moved block keeps it.
func TestPaidInvoiceIsNotIssuedAgainWhenRenamed(t *testing.T) {
	for name, config := range invoiceKinds {
		for _, to := range []string{"another", "zzz"} {
			t.Run(name+" "+to, func(t *testing.T) {
				w := newWorkspace(t)
				id := payInvoice(w, config)
				renamed := strings.Replace(config, `"one"`, fmt.Sprintf("%q", to), 1)
				w.Write(renamed)
				for _, parallelism := range []string{"1", "10"} {
					w.Plan("-parallelism="+parallelism).Fails("A paid invoice would be issued again", "order-1", "moved")
				}
				w.SentNoChange()
				w.Write(renamed + fmt.Sprintf("\nmoved {\n  from = %s\n  to = invoice_invoice.%s\n}\n", invoiceAddress, to))
				w.Apply().Succeeds().SaysNothing()
				w.StateHas("invoice_invoice."+to, map[string]any{"id": id, "paid": true})
				w.SentNoChange()
			})
		}
	}
}

// A paid invoice is not mailed, whatever the state says of it.
func TestPaidInvoiceIsNotMailed(t *testing.T) {
	for _, refresh := range refreshes {
		t.Run(refresh, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(paykeeperInvoice())
			w.PayInvoices()
			w.Sandbox.ResetRequests()
			w.Write(paykeeperInvoice("send = true"))
			w.Apply(refresh).Succeeds().Changes(map[string]string{invoiceAddress: "update"})
			w.SentNoChange()
			w.Mailed(0)
			w.StateHas(invoiceAddress, map[string]any{"paid": true, "status": "paid"})
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
		})
	}
}

// The gateway shows a paid invoice as new again. It is still not mailed.
func TestPaidInvoiceThatShowsAsNewIsNotMailed(t *testing.T) {
	w := newWorkspace(t)
	id := payInvoice(w, paykeeperInvoice())
	w.Must(w.Sandbox.PayKeeper.Invoices.Update(id, func(i *paykeeper.Invoice) { i.Status = "created" }))
	w.Write(paykeeperInvoice("send = true"))
	for range 2 {
		w.Apply().Succeeds().Warns("no longer shown as paid", id)
	}
	w.SentNoChange()
	w.Mailed(0)
}

// The look-up says that the paid invoice has expired. It is not renewed.
func TestPaidInvoiceIsNotRenewed(t *testing.T) {
	w := newWorkspace(t)
	id := payInvoice(w, renewing(p2pInvoice()))
	w.Must(w.Sandbox.P2P.Invoices.Update(id, func(i *p2p.Invoice) {
		i.Status, i.ExpireAt = "new", time.Now().Add(-time.Hour).UTC().Format("2006-01-02T15:04:05-07:00")
	}))
	for range 2 {
		w.Apply().Succeeds().ChangesNothing().Warns("no longer shown as paid", id)
	}
	w.SentNoChange()
}
