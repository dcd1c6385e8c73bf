package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

var invoiceChanges = []string{"paykeeper.preview", "paykeeper.send", "paykeeper.revoke", "p2p.create", "p2p.cancel"}

// changedNothing checks that no call was sent that changes a gateway.
func (w *workspace) changedNothing() {
	w.t.Helper()
	for _, operation := range invoiceChanges {
		w.sent(operation, 0)
	}
}

// payInvoices pays all open invoices at both gateways, behind Terraform's back.
func (w *workspace) payInvoices() {
	w.t.Helper()
	for _, one := range w.paykeeperInvoices() {
		if one.Status == "created" || one.Status == "sent" {
			w.check(w.sandbox.PayPayKeeperInvoice(one.ID))
		}
	}
	for _, one := range w.p2pInvoices() {
		if one.Status == "new" {
			w.check(w.sandbox.SetP2PInvoiceStatus(one.ID, "paid"))
		}
	}
}

// mustPay applies a configuration, has its invoice paid, and takes that in.
func (w *workspace) mustPay(config string) (id string) {
	w.t.Helper()
	w.mustApply(config)
	w.payInvoices()
	w.run("apply", "-auto-approve", "-refresh-only").succeeds()
	state := w.attributes(invoiceAddress)
	if state["paid"] != true || state["status"] != "paid" {
		w.t.Fatalf("not paid: %v", state)
	}
	w.sandbox.ResetRequests()
	return fmt.Sprint(state["id"])
}

func renewing(config string) string {
	return withLine(config, "order_id", "order_id = \"order-1\"\n  when_unpayable = \"renew\"")
}

func beforeDestroy(config string) string {
	return strings.Replace(config, "  order_id ", "  lifecycle {\n    create_before_destroy = true\n  }\n  order_id ", 1)
}

// What was paid once stays paid, whatever the gateway shows later.
func TestInvoicePaidOnceStaysPaid(t *testing.T) {
	paykeeper := func(change func(*sandbox.PayKeeperInvoice)) func(*workspace, string) error {
		return func(w *workspace, id string) error { return w.sandbox.UpdatePayKeeperInvoice(id, change) }
	}
	p2p := func(change func(*sandbox.P2PInvoice)) func(*workspace, string) error {
		return func(w *workspace, id string) error { return w.sandbox.UpdateP2PInvoice(id, change) }
	}
	status := func(word string) func(*workspace, string) error {
		return func(w *workspace, id string) error {
			if len(w.p2pInvoices()) > 0 {
				return p2p(func(i *sandbox.P2PInvoice) { i.Status = word })(w, id)
			}
			return paykeeper(func(i *sandbox.PayKeeperInvoice) { i.Status = word })(w, id)
		}
	}
	for name, c := range map[string]struct {
		config string
		change func(*workspace, string) error
		says   string // of the warning, "" for none
		status string
	}{
		"p2p canceled": {p2pInvoice(), status("canceled"), "it is canceled", "canceled"},
		"p2p absent":   {p2pInvoice(), func(w *workspace, id string) error { return w.sandbox.DeleteP2PInvoice(id) }, "the gateway knows no such invoice", "paid"},
		"p2p dispute":  {p2pInvoice(), status("dispute"), `the gateway shows it as "dispute"`, "disputed"},
		"p2p open":     {p2pInvoice(), status("new"), `the gateway shows it as "new"`, "created"},
		"p2p expired":  {p2pInvoice(), status("expired"), `the gateway shows it as "expired"`, "expired"},
		"p2p unknown":  {p2pInvoice(), status("unknown"), `the gateway shows it as "unknown"`, "unknown"},
		// The gateway recalculates sums: no drift.
		"p2p other sum":       {p2pInvoice(), p2p(func(i *sandbox.P2PInvoice) { i.Amount = "990.00" }), "", "paid"},
		"paykeeper absent":    {paykeeperInvoice(), func(w *workspace, id string) error { return w.sandbox.DeletePayKeeperInvoice(id) }, "the gateway knows no such invoice", "paid"},
		"paykeeper revoked":   {paykeeperInvoice(), status("expired"), "it was revoked", "expired"},
		"paykeeper open":      {paykeeperInvoice("send = true"), status("created"), `the gateway shows it as "created"`, "created"},
		"paykeeper refunded":  {paykeeperInvoice(), status("refunded"), `the gateway shows it as "refunded"`, "refunded"},
		"paykeeper other sum": {paykeeperInvoice(), paykeeper(func(i *sandbox.PayKeeperInvoice) { i.PayAmount = "1.00" }), "nothing is planned", "paid"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			id := w.mustPay(renewing(c.config))
			w.check(c.change(w, id))
			for round := range 2 {
				r := w.apply().succeeds().changes(nil)
				switch {
				case c.says == "":
					r.quiet()
				case round == 0 || c.status != "paid" || strings.Contains(name, "absent"):
					r.warns("A paid invoice", id, c.says)
				}
				w.inState(invoiceAddress, map[string]any{"id": id, "paid": true, "status": c.status, "amount": map[bool]string{true: "1000", false: "1500.50"}[strings.HasPrefix(name, "p2p")]})
			}
			w.changedNothing()
			w.destroy().succeeds().warns("A paid invoice is only removed from the state", id)
			w.changedNothing()
			w.notInState(invoiceAddress)
		})
	}
}

// States of older versions have no attribute paid: their status counts.
func TestInvoicePaidInAnOlderState(t *testing.T) {
	w := newWorkspace(t)
	id := w.mustPay(p2pInvoice())
	file := filepath.Join(w.dir, "terraform.tfstate")
	state, err := os.ReadFile(file)
	w.check(err)
	w.check(os.WriteFile(file, regexp.MustCompile(`"paid": true`).ReplaceAll(state, []byte(`"paid": null`)), 0o600))
	w.inState(invoiceAddress, map[string]any{"paid": nil})
	w.check(w.sandbox.DeleteP2PInvoice(id))
	w.write(withLine(p2pInvoice(), "amount", `amount = "1001"`))
	w.run("plan", "-refresh=false").fails().errors("@amount", "A paid invoice cannot be changed", id)
	w.write(p2pInvoice())
	w.apply().succeeds().changes(nil).warns("A paid invoice is gone at the gateway", "the gateway knows no such invoice")
	w.inState(invoiceAddress, map[string]any{"paid": true})
	w.changedNothing()
}

// Changing a paid invoice is an error in the plan, and each way out that it names
// leads to an empty plan.
func TestPaidInvoiceIsNotChanged(t *testing.T) {
	for name, c := range map[string]struct{ before, after, at string }{
		"amount":       {p2pInvoice(), withLine(p2pInvoice(), "amount", `amount = "1001"`), "amount"},
		"order_id":     {p2pInvoice(), withLine(p2pInvoice(), "order_id", `order_id = "order-2"`), "order_id"},
		"token":        {p2pInvoice(), withLine(p2pInvoice(), "notification_token", `notification_token = "x"`), "notification_token"},
		"service_name": {paykeeperInvoice(), withLine(paykeeperInvoice(), "service_name", `service_name = "x"`), "service_name"},
		"the gateway":  {paykeeperInvoice(), p2pInvoice(), "p2p"},
		"before it is destroyed": {
			beforeDestroy(paykeeperInvoice()), beforeDestroy(withLine(paykeeperInvoice(), "service_name", `service_name = "x"`)), "service_name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			id := w.mustPay(c.before)
			w.write(c.after)
			r := w.plan().fails().errors("A paid invoice cannot be changed", id, c.at, "put ", "add a new resource", "terraform state rm")
			if len(r.Diagnostics) != 1 {
				t.Errorf("not one error: %s", r.describe())
			}
			w.apply().fails()
			w.changedNothing()
			w.write(c.before)
			w.apply().succeeds().quiet().changes(nil)
			// A further invoice, in a resource of its own.
			further := strings.NewReplacer(`"one"`, `"two"`, `"order-1"`, `"order-2"`).Replace(c.before)
			w.write(c.before + further)
			w.apply().succeeds().quiet().changes(map[string]string{"invoice_invoice.two": "create"})
			w.exec("state", "rm", invoiceAddress)
			w.write(further)
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)
			w.sent("paykeeper.revoke", 0)
			w.sent("p2p.cancel", 0)
		})
	}
}

// What turns out to have changed only when it is applied is refused then.
func TestPaidInvoiceIsNotChangedByWhatWasUnknown(t *testing.T) {
	config := func(text string) string {
		return withLine(paykeeperInvoice(), "service_name", "service_name = terraform_data.late.output") + fmt.Sprintf("\nresource \"terraform_data\" \"late\" {\n  input = %q\n}\n", text)
	}
	w := newWorkspace(t)
	id := w.mustPay(config("a"))
	w.write(config("b"))
	w.apply().fails().errors("A paid invoice cannot be changed", id, "put paykeeper.service_name back")
	w.write(config("a"))
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.changedNothing()
}

// -replace and replace_triggered_by of a paid invoice are errors in the plan.
func TestPaidInvoiceIsNotReplaced(t *testing.T) {
	for name, config := range map[string]string{
		"paykeeper": paykeeperInvoice(), "p2p": p2pInvoice(), "paykeeper before destroy": beforeDestroy(paykeeperInvoice()), "p2p before destroy": beforeDestroy(p2pInvoice()),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			id := w.mustPay(config)
			for _, command := range []string{"plan", "apply"} {
				args := []string{command, "-replace=" + invoiceAddress}
				if command == "apply" {
					args = append(args, "-auto-approve")
				}
				w.run(args...).fails().errors("A paid invoice is not replaced", id, "has been paid", "take away what replaces it", "terraform state rm")
			}
			w.changedNothing()
			w.plan().succeeds().quiet().changes(nil)
		})
	}
	t.Run("replace_triggered_by", func(t *testing.T) {
		config := func(version string) string {
			return strings.Replace(paykeeperInvoice(), "  order_id ", "  lifecycle {\n    replace_triggered_by = [terraform_data.version]\n  }\n  order_id ", 1) +
				fmt.Sprintf("\nresource \"terraform_data\" \"version\" {\n  input = %q\n}\n", version)
		}
		w := newWorkspace(t)
		id := w.mustPay(config("1"))
		w.write(config("2"))
		w.apply().fails().errors("A paid invoice is not replaced", id)
		w.changedNothing()
		w.write(config("1"))
		w.plan().succeeds().quiet().changes(nil)
	})
}

// Terraform asks for no plan of the destroying half of a taint: that is refused
// when it is applied, before anything is issued.
func TestPaidInvoiceIsTainted(t *testing.T) {
	for name, config := range map[string]string{"paykeeper": paykeeperInvoice(), "p2p": p2pInvoice()} {
		for _, refresh := range []string{"-refresh=true", "-refresh=false"} {
			t.Run(name+" "+refresh, func(t *testing.T) {
				w := newWorkspace(t)
				id := w.mustPay(config)
				w.cli("taint", invoiceAddress)
				for range 2 {
					w.run("apply", "-auto-approve", refresh).fails().errors("A paid invoice is not replaced", id, "Nothing was issued", "terraform untaint")
				}
				w.changedNothing()
				w.cli("untaint", invoiceAddress)
				w.apply().succeeds().quiet().changes(nil)
				w.inState(invoiceAddress, map[string]any{"id": id, "paid": true})
				w.cli("taint", invoiceAddress)
				w.destroy().succeeds().warns("A paid invoice is only removed from the state", id)
				w.changedNothing()
			})
		}
	}
	// The gateway's look-up by order id is the one that sees it here.
	t.Run("p2p before destroy", func(t *testing.T) {
		w := newWorkspace(t)
		id := w.mustPay(beforeDestroy(p2pInvoice()))
		w.cli("taint", invoiceAddress)
		w.apply().fails().errors("@order_id", "The order is already paid", id)
		w.changedNothing()
	})
}

// A destroy that failed leaves no mark that would let a later replacement pass.
func TestPaidInvoiceAfterADestroyThatFailed(t *testing.T) {
	for _, refresh := range []string{"-refresh=true", "-refresh=false"} {
		t.Run(refresh, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(paykeeperInvoice())
			w.sandbox.Inject(sandbox.Fault{Operation: "paykeeper.revoke", Kind: sandbox.FaultStatus, Status: 500})
			w.destroy().fails()
			w.sandbox.ClearFaults()
			w.payInvoices()
			w.cli("taint", invoiceAddress)
			w.sandbox.ResetRequests()
			w.run("apply", "-auto-approve", refresh).fails().errors("A paid invoice is not replaced", "terraform untaint")
			w.sent("paykeeper.preview", 0)
			w.inState(invoiceAddress, map[string]any{"paid": true})
		})
	}
}

// A saved plan that replaces an invoice which is paid meanwhile issues nothing.
func TestInvoicePaidBeforeItIsReplaced(t *testing.T) {
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
			w.mustApply(c.before)
			id := w.savePlan(c.after)
			w.payInvoices()
			w.sandbox.ResetRequests()
			w.run("apply", "saved").fails().errors("A paid invoice is not replaced", id, "Nothing was issued", "If its configuration changed, put that back")
			w.sent("paykeeper.preview", 0)
			w.sent("p2p.create", 0)
			w.inState(invoiceAddress, map[string]any{"id": id, "paid": true})
			w.write(c.before)
			w.apply().succeeds().quiet().changes(nil)
		})
	}
}

// savePlan saves a plan of a configuration, or of replacing what is there.
func (w *workspace) savePlan(config string) (id string) {
	w.t.Helper()
	args := []string{"plan", "-out=saved"}
	if config != "" {
		w.write(config)
	} else {
		args = append(args, "-replace="+invoiceAddress)
	}
	if output, ok := w.exec(args...); !ok {
		w.t.Fatal(output)
	}
	return fmt.Sprint(w.attributes(invoiceAddress)["id"])
}

// With create_before_destroy no CLI shows the old invoice before the new one is
// made. Where the gateway looks up by order id, that stops it; elsewhere the apply
// fails, and says how to take the new one back.
func TestInvoicePaidBeforeItIsReplacedBeforeDestroy(t *testing.T) {
	t.Run("p2p", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(beforeDestroy(p2pInvoice()))
		id := w.savePlan(beforeDestroy(withLine(p2pInvoice(), "amount", `amount = "1001"`)))
		w.payInvoices()
		w.sandbox.ResetRequests()
		w.run("apply", "saved").fails().errors("@order_id", "The order is already paid", id)
		w.changedNothing()
	})
	t.Run("paykeeper", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(beforeDestroy(paykeeperInvoice()))
		id := w.savePlan(beforeDestroy(withLine(paykeeperInvoice(), "service_name", `service_name = "x"`)))
		w.payInvoices()
		w.run("apply", "saved").fails().errors("A paid invoice was replaced", id, "its successor has been issued already", "take the new one out of the configuration and apply")
		w.invoiceStatuses("paid created")
		w.write("")
		w.apply().succeeds().warns("A paid invoice is only removed from the state", id)
		w.invoiceStatuses("paid revoked")
	})
}

// A paid invoice under a new name is not issued again, in whatever order Terraform
// plans the two; a moved block keeps it.
func TestPaidInvoiceIsRenamed(t *testing.T) {
	for name, config := range map[string]string{"paykeeper": paykeeperInvoice(), "p2p": p2pInvoice()} {
		for _, to := range []string{"another", "zzz"} {
			t.Run(name+" "+to, func(t *testing.T) {
				w := newWorkspace(t)
				id := w.mustPay(config)
				renamed := strings.Replace(config, `"one"`, fmt.Sprintf("%q", to), 1)
				w.write(renamed)
				for _, parallelism := range []string{"1", "10"} {
					w.run("plan", "-parallelism="+parallelism).fails().errors("A paid invoice would be issued again", "order-1", "moved")
				}
				w.changedNothing()
				w.write(renamed + fmt.Sprintf("\nmoved {\n  from = %s\n  to = invoice_invoice.%s\n}\n", invoiceAddress, to))
				w.apply().succeeds().quiet()
				w.inState("invoice_invoice."+to, map[string]any{"id": id, "paid": true})
				w.changedNothing()
			})
		}
	}
}

// What is paid is not mailed, whatever the state says of it.
func TestPaidInvoiceIsNotSent(t *testing.T) {
	for _, refresh := range []string{"-refresh=true", "-refresh=false"} {
		t.Run(refresh, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(paykeeperInvoice())
			w.payInvoices()
			w.sandbox.ResetRequests()
			w.write(paykeeperInvoice("send = true"))
			w.run("apply", "-auto-approve", refresh).succeeds().changes(map[string]string{invoiceAddress: "update"})
			w.changedNothing()
			w.mails(0)
			w.inState(invoiceAddress, map[string]any{"paid": true, "status": "paid"})
			w.plan().succeeds().quiet().changes(nil)
		})
	}
}

// Not even when the gateway shows a paid one as new again.
func TestPaidInvoiceThatShowsAsNewIsNotSent(t *testing.T) {
	w := newWorkspace(t)
	id := w.mustPay(paykeeperInvoice())
	w.check(w.sandbox.UpdatePayKeeperInvoice(id, func(i *sandbox.PayKeeperInvoice) { i.Status = "created" }))
	w.write(paykeeperInvoice("send = true"))
	for range 2 {
		w.apply().succeeds().warns("no longer shown as paid", id)
	}
	w.changedNothing()
	w.mails(0)
}

// A paid invoice of which the look-up says that its time is over is not renewed.
func TestPaidInvoiceIsNotRenewed(t *testing.T) {
	w := newWorkspace(t)
	id := w.mustPay(renewing(p2pInvoice()))
	w.check(w.sandbox.UpdateP2PInvoice(id, func(i *sandbox.P2PInvoice) {
		i.Status, i.ExpireAt = "new", time.Now().Add(-time.Hour).UTC().Format("2006-01-02T15:04:05-07:00")
	}))
	for range 2 {
		w.apply().succeeds().changes(nil).warns("no longer shown as paid", id)
	}
	w.changedNothing()
}
