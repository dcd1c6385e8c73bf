package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// One order id on two P2P invoices of one plan is an error, whichever Terraform plans first.
// PayKeeper's order ids need not be unique.
func TestTwoInvoicesOfOneOrderAreAnError(t *testing.T) {
	payout := strings.Replace(payoutConfig, "payout-1", "order-1", 1)
	for name, c := range map[string]struct{ stored, config string }{
		"two new ones":              {"", p2pInvoice() + second(p2pInvoice())},
		"an invoice and a payout":   {"", p2pInvoice() + second(payout)},
		"a stored one and a new":    {p2pInvoice(), p2pInvoice() + second(p2pInvoice())},
		"a new one and a stored":    {second(p2pInvoice()), p2pInvoice() + second(p2pInvoice())},
		"a changed one and a new":   {p2pInvoice(), withLine(p2pInvoice(), "amount", `amount = "5"`) + second(p2pInvoice())},
		"one that gets the other's": {p2pInvoice(), p2pInvoice() + second(p2pInvoice())},
	} {
		for _, parallelism := range []string{"1", "10"} {
			t.Run(name+" "+parallelism, func(t *testing.T) {
				w := newWorkspace(t)
				if c.stored != "" {
					w.MustApply(c.stored)
				}
				w.Sandbox.ResetRequests()
				w.Write(c.config)
				w.Apply("-parallelism="+parallelism).Fails("@order_id", "Two invoices have one order_id", `has the order_id "order-1"`, "moved")
				w.SentNoChange()
			})
		}
	}
	t.Run("PayKeeper", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(paykeeperInvoice() + second(paykeeperInvoice()))
		w.InvoicesAre("created created")
	})
	// An order id that is unknown in the plan is refused during apply.
	t.Run("not known yet", func(t *testing.T) {
		w := newWorkspace(t)
		config := withLine(p2pInvoice(), "order_id", "order_id = terraform_data.order.output")
		w.Write(config + second(config) + "\nresource \"terraform_data\" \"order\" {\n  input = \"order-1\"\n}\n")
		w.Apply().Fails("@order_id", "Two invoices have one order_id")
		w.Sent("p2p.create", 1)
		w.InvoicesAre("new")
	})
}

// Terraform plans one resource in many ways. None of them counts as two invoices of one order.
func TestOneInvoiceNeverCountsAsTwo(t *testing.T) {
	many := strings.Replace(strings.ReplaceAll(p2pInvoice(), `"order-1"`, `"order-${count.index}"`), "amount ", "count = 50\n  amount ", 1)
	for _, parallelism := range []string{"1", "50"} {
		t.Run("count "+parallelism, func(t *testing.T) {
			w := newWorkspace(t)
			w.Write(many)
			w.Apply("-parallelism=" + parallelism).Succeeds().SaysNothing()
			w.Apply("-replace="+invoiceAddress+"[7]", "-parallelism="+parallelism).Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("p2p.create", 51)
		})
	}
	for name, config := range map[string]string{"": p2pInvoice(), "before destroy": createFirst(p2pInvoice())} {
		t.Run("replaced "+name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			w.Apply("-replace=" + invoiceAddress).Succeeds()
			w.MustExec("taint", invoiceAddress)
			w.Apply().Succeeds()
			savePlan(w, withLine(config, "order_id", `order_id = "order-2"`))
			w.Run("apply", "saved").Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			if w.OpenInvoices() != 1 {
				t.Errorf("%d are open, want 1: %v", w.OpenInvoices(), w.P2PInvoices())
			}
		})
	}
	t.Run("moved, imported, renamed", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(p2pInvoice())
		moved := fmt.Sprintf("\nmoved {\n  from = %s\n  to = invoice_invoice.two\n}\n", invoiceAddress)
		w.Write(second(p2pInvoice()) + moved)
		w.Apply().Succeeds().SaysNothing()
		w.Forget("invoice_invoice.two")
		w.MustApply(p2pInvoice() + importing(invoiceAddress, "p2p/"+w.P2PInvoices()[0].ID))
		w.Sent("p2p.create", 1)
		w.Write(second(p2pInvoice())) // "one" is destroyed, "two" is new
		w.Apply().Succeeds()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		if w.OpenInvoices() != 1 {
			t.Errorf("%d are open, want 1: %v", w.OpenInvoices(), w.P2PInvoices())
		}
	})
}

// With adopt_existing = false, an existing invoice is an error with a ready import block.
func TestP2PInvoiceIsNotAdoptedWhenForbidden(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(p2pInvoice())
	importID := forgetInvoice(w)
	forbidden := providerWith(w, "adopt_existing = false")
	w.Write(p2pInvoice() + forbidden)
	block := fmt.Sprintf("import { to = invoice_invoice.NAME id = %q }", importID)
	w.Apply().Fails("@order_id", "The object already exists", "adopt_existing is false", "Nothing was created", block)
	w.SentNoChange()
	w.StateLacks(invoiceAddress)
	w.Write(p2pInvoice() + forbidden + strings.NewReplacer("NAME", "one", "{ to", "{\n  to", " id", "\n  id", " }", "\n}").Replace(block))
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.SentNoChange()
}

// The look-up before the mail fails. That is an error, and nothing is mailed twice.
func TestInvoiceIsNotMailedUnlessLookedUp(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"500": {Kind: sandbox.FaultStatus, Status: 500}, "page": {Kind: sandbox.FaultHTML}, "503": {Kind: sandbox.FaultStatus, Status: 503}, "lost": {Kind: sandbox.FaultLostAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(paykeeperInvoice())
			w.Must(w.Sandbox.PayKeeper.SetStatus(w.PayKeeperInvoices()[0].ID, "sent"))
			fault.Operation = "paykeeper.byid"
			w.Sandbox.Inject(fault)
			w.Sandbox.ResetRequests()
			w.Write(paykeeperInvoice("send = true"))
			w.Apply("-refresh=false").Fails("Cannot look at invoice paykeeper/", "before sending it", "Nothing was mailed")
			w.Sent("paykeeper.send", 0)
			w.Sandbox.ClearFaults()
			w.Apply("-refresh=false").Succeeds()
			w.Sent("paykeeper.send", 0)
			w.Mailed(0)
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
		})
	}
}

// Our clock says that the invoice has expired, and the gateway still shows it as new. It is
// canceled before another one is issued under its order id.
func TestP2PInvoicePastItsTimeIsCanceledFirst(t *testing.T) {
	// The sandbox expires invoices by itself. This gateway's clock is behind.
	past := regexp.MustCompile(`"expireAt":"[^"]*"`)
	expired := func(w *clitest.Workspace, cancel func(id string) string) (id string) {
		w.MustApply(p2pInvoice())
		id = w.P2PInvoices()[0].ID
		w.Forget(invoiceAddress)
		w.Sandbox.ResetRequests()
		w.Write(p2pInvoice() + w.GatewayThatRewrites(func(operation string) string {
			if operation == "cancel" && cancel != nil {
				return cancel(id)
			}
			return ""
		}, func(body string) string {
			if strings.Contains(body, id) {
				return past.ReplaceAllString(body, `"expireAt":"2026-01-01T00:00:00+00:00"`)
			}
			return body
		}))
		return id
	}
	t.Run("canceled", func(t *testing.T) {
		w := newWorkspace(t)
		expired(w, nil)
		w.Apply().Succeeds()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.InvoicesAre("canceled new")
		w.Sent("p2p.cancel", 1)
		w.Sent("p2p.create", 1)
	})
	for name, c := range map[string]struct {
		cancel func(*clitest.Workspace, string) string // what canceling does, and what it answers
		says   []string
	}{
		"paid meanwhile": {func(w *clitest.Workspace, id string) string {
			w.Must(w.Sandbox.P2P.SetStatus(id, "paid"))
			return ""
		}, []string{"@order_id", "The order is already paid", "was about to be canceled"}},
		"canceled and paid": {func(w *clitest.Workspace, id string) string {
			w.Must(w.Sandbox.P2P.SetStatus(id, "paid"))
			return "{}"
		}, []string{"@order_id", "The order is already paid"}},
		"disputed": {func(w *clitest.Workspace, id string) string {
			w.Must(w.Sandbox.P2P.SetStatus(id, "dispute"))
			return ""
		}, []string{"Cannot cancel invoice p2p/", "whose time is over"}},
		"still shown": {func(*clitest.Workspace, string) string { return "{}" }, []string{"@order_id", "still shows the invoice as \"new\"", "Nothing was created"}},
		"a page":      {func(*clitest.Workspace, string) string { return "<html>busy</html>" }, []string{"Cannot cancel invoice p2p/", "Nothing was created", "canceling twice does no harm"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			id := expired(w, func(id string) string { return c.cancel(w, id) })
			w.Apply().Fails(append(c.says, id)...)
			w.Sent("p2p.create", 0)
			w.StateLacks(invoiceAddress)
		})
	}
}

// A gateway may spell ids and currencies differently in each read. That changes nothing, and an
// import of its spelling fits the configuration.
func TestInvoiceSpellingIsNoDrift(t *testing.T) {
	respell := strings.NewReplacer(
		`"currency":"RUB"`, `"currency":"643"`, `"internalId":"007"`, `"internalId":7`, `"userId":"uid-1"`, `"userId":" UID-1 "`,
		`"orderid":"007"`, `"orderid":"7"`, `"clientid":"uid-1"`, `"clientid":"UID-1 "`)
	named := strings.NewReplacer(`"order-1"`, `"007"`, `"Иванов Иван"`, `"uid-1"`)
	for name, config := range map[string]string{"paykeeper": named.Replace(paykeeperInvoice()), "p2p": named.Replace(p2pInvoice())} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			id := w.Attributes(invoiceAddress)["id"]
			respelled := 0
			config += w.GatewayThatRewrites(func(string) string { return "" }, func(body string) string {
				if spelled := respell.Replace(body); spelled != body {
					respelled++
					return spelled
				}
				return body
			})
			w.Sandbox.ResetRequests()
			want := map[string]any{"id": id, "order_id": "007", "customer_id": "uid-1", "currency": "RUB"}
			w.Write(config)
			w.Apply().Succeeds().SaysNothing().ChangesNothing()
			w.StateHas(invoiceAddress, want)
			w.Forget(invoiceAddress)
			w.Write(config + importing(invoiceAddress, fmt.Sprint(name, "/", id)))
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.StateHas(invoiceAddress, want)
			w.SentNoChange()
			if respelled == 0 {
				t.Error("nothing was respelled")
			}
			if name == "p2p" { // the order id finds it, and it is adopted
				w.Forget(invoiceAddress)
				w.Write(config)
				w.Apply().Succeeds().Warns("An existing object was adopted")
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				w.SentNoChange()
			}
		})
	}
}

// Where the gateway gives everything back, -generate-config-out writes a valid configuration
// that plans empty.
func TestInvoiceGeneratedConfigurationPlansEmpty(t *testing.T) {
	for name, config := range map[string]string{
		"everything": paykeeperInvoice(), "sent": paykeeperInvoice("send = true"), "bare": "resource \"invoice_invoice\" \"one\" {\n  amount = \"10\"\n  paykeeper = {}\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			w.Write(importing(invoiceAddress, forgetInvoice(w)))
			w.Plan("-generate-config-out=generated.tf").Succeeds()
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.SentNoChange()
			if generated, err := os.ReadFile(filepath.Join(w.Dir, "generated.tf")); err != nil || !strings.Contains(string(generated), `resource "invoice_invoice" "one"`) {
				t.Errorf("%v: %s", err, generated)
			}
		})
	}
}
