package provider

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/invoice-iac/terraform-provider-invoice/internal/client/p2p"
	"github.com/invoice-iac/terraform-provider-invoice/internal/client/values"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func second(config string) string { return strings.Replace(config, `"one"`, `"two"`, 1) }

// One order id on two P2P invoices of one plan is an error, whichever Terraform
// plans first; PayKeeper's need not be unique.
func TestTwoInvoicesOfOneOrder(t *testing.T) {
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
					w.mustApply(c.stored)
				}
				w.sandbox.ResetRequests()
				w.write(c.config)
				w.run("apply", "-auto-approve", "-parallelism="+parallelism).fails().errors("@order_id", "Two invoices have one order_id", `Order "order-1"`, "moved")
				w.changedNothing()
			})
		}
	}
	t.Run("PayKeeper", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(paykeeperInvoice() + second(paykeeperInvoice()))
		w.invoiceStatuses("created created")
	})
	// What is not known while planning is refused when it is applied.
	t.Run("not known yet", func(t *testing.T) {
		w := newWorkspace(t)
		config := withLine(p2pInvoice(), "order_id", "order_id = terraform_data.order.output")
		w.write(config + second(config) + "\nresource \"terraform_data\" \"order\" {\n  input = \"order-1\"\n}\n")
		w.apply().fails().errors("@order_id", "Two invoices have one order_id")
		w.sent("p2p.create", 1)
		w.invoiceStatuses("new")
	})
}

// Nothing else counts as two: no false error in the ways in which Terraform plans.
func TestOneInvoiceOfAnOrderIsOne(t *testing.T) {
	many := strings.Replace(strings.ReplaceAll(p2pInvoice(), `"order-1"`, `"order-${count.index}"`), "amount ", "count = 50\n  amount ", 1)
	for _, parallelism := range []string{"1", "50"} {
		t.Run("count "+parallelism, func(t *testing.T) {
			w := newWorkspace(t)
			w.write(many)
			w.run("apply", "-auto-approve", "-parallelism="+parallelism).succeeds().quiet()
			w.run("apply", "-auto-approve", "-replace="+invoiceAddress+"[7]", "-parallelism="+parallelism).succeeds()
			w.plan().succeeds().quiet().changes(nil)
			w.sent("p2p.create", 51)
		})
	}
	for name, config := range map[string]string{"": p2pInvoice(), "before destroy": beforeDestroy(p2pInvoice())} {
		t.Run("replaced "+name, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(config)
			w.run("apply", "-auto-approve", "-replace="+invoiceAddress).succeeds()
			w.cli("taint", invoiceAddress)
			w.apply().succeeds()
			w.savePlan(withLine(config, "order_id", `order_id = "order-2"`))
			w.run("apply", "saved").succeeds()
			w.plan().succeeds().quiet().changes(nil)
			if w.open() != 1 {
				t.Errorf("%d are open, want 1: %v", w.open(), w.p2pInvoices())
			}
		})
	}
	t.Run("moved, imported, renamed", func(t *testing.T) {
		w := newWorkspace(t)
		w.mustApply(p2pInvoice())
		moved := fmt.Sprintf("\nmoved {\n  from = %s\n  to = invoice_invoice.two\n}\n", invoiceAddress)
		w.write(second(p2pInvoice()) + moved)
		w.apply().succeeds().quiet()
		w.exec("state", "rm", "invoice_invoice.two")
		w.mustApply(p2pInvoice() + fmt.Sprintf("import {\n  to = %s\n  id = \"p2p/%s\"\n}\n", invoiceAddress, w.p2pInvoices()[0].ID))
		w.sent("p2p.create", 1)
		w.write(second(p2pInvoice())) // the one is destroyed, the other is new
		w.apply().succeeds()
		w.plan().succeeds().quiet().changes(nil)
		if w.open() != 1 {
			t.Errorf("%d are open, want 1: %v", w.open(), w.p2pInvoices())
		}
	})
}

// adopt_existing = false makes what exists an error with a ready import block.
func TestP2PInvoiceIsNotAdopted(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(p2pInvoice())
	id := w.p2pInvoices()[0].ID
	w.exec("state", "rm", invoiceAddress)
	w.sandbox.ResetRequests()
	forbidden := strings.Replace(providerBlock(w.server.URL), "max_retries = 2", "max_retries = 2\n  adopt_existing = false", 1)
	w.write(p2pInvoice() + forbidden)
	block := fmt.Sprintf("import { to = invoice_invoice.NAME id = \"p2p/%s\" }", id)
	w.apply().fails().errors("@order_id", "The object exists already", "adopt_existing is false", "Nothing was created", block)
	w.changedNothing()
	w.notInState(invoiceAddress)
	w.write(p2pInvoice() + forbidden + strings.NewReplacer("NAME", "one", "{ to", "{\n  to", " id", "\n  id", " }", "\n}").Replace(block))
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.changedNothing()
}

// A look-up that fails before a letter: an error, and no second letter.
func TestInvoiceIsNotSentUnlookedAt(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"500": {Kind: sandbox.FaultStatus, Status: 500}, "page": {Kind: sandbox.FaultHTML}, "503": {Kind: sandbox.FaultStatus, Status: 503}, "lost": {Kind: sandbox.FaultLostAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(paykeeperInvoice())
			w.check(w.sandbox.SetPayKeeperInvoiceStatus(w.paykeeperInvoices()[0].ID, "sent"))
			fault.Operation = "paykeeper.byid"
			w.sandbox.Inject(fault)
			w.sandbox.ResetRequests()
			w.write(paykeeperInvoice("send = true"))
			w.run("apply", "-auto-approve", "-refresh=false").fails().errors("Cannot look at invoice paykeeper/", "before sending it", "Nothing was mailed")
			w.sent("paykeeper.send", 0)
			w.sandbox.ClearFaults()
			w.run("apply", "-auto-approve", "-refresh=false").succeeds()
			w.sent("paykeeper.send", 0)
			w.mails(0)
			w.plan().succeeds().quiet().changes(nil)
		})
	}
}

// An invoice whose time is over by our clock and that the gateway still shows as
// new is canceled before another one is issued under its order id.
func TestP2PInvoicePastItsTime(t *testing.T) {
	// The sandbox ends what is past its time by itself; this gateway's clock is behind.
	past := regexp.MustCompile(`"expireAt":"[^"]*"`)
	expired := func(w *workspace, cancel func(id string) string) (id string) {
		w.mustApply(p2pInvoice())
		id = w.p2pInvoices()[0].ID
		w.exec("state", "rm", invoiceAddress)
		w.sandbox.ResetRequests()
		w.write(p2pInvoice() + w.rewriting(func(operation string) string {
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
		w.apply().succeeds()
		w.plan().succeeds().quiet().changes(nil)
		w.invoiceStatuses("canceled new")
		w.sent("p2p.cancel", 1)
		w.sent("p2p.create", 1)
	})
	for name, c := range map[string]struct {
		cancel func(*workspace, string) string // what canceling does and answers
		says   []string
	}{
		"paid meanwhile":    {func(w *workspace, id string) string { w.check(w.sandbox.SetP2PInvoiceStatus(id, "paid")); return "" }, []string{"@order_id", "The order is already paid", "was about to be canceled"}},
		"canceled and paid": {func(w *workspace, id string) string { w.check(w.sandbox.SetP2PInvoiceStatus(id, "paid")); return "{}" }, []string{"@order_id", "The order is already paid"}},
		"disputed":          {func(w *workspace, id string) string { w.check(w.sandbox.SetP2PInvoiceStatus(id, "dispute")); return "" }, []string{"Cannot cancel invoice p2p/", "whose time is over"}},
		"still shown":       {func(*workspace, string) string { return "{}" }, []string{"@order_id", "still shows the invoice as \"new\"", "Nothing was created"}},
		"a page":            {func(*workspace, string) string { return "<html>busy</html>" }, []string{"Cannot cancel invoice p2p/", "Nothing was created", "canceling twice does no harm"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			id := expired(w, func(id string) string { return c.cancel(w, id) })
			w.apply().fails().errors(append(c.says, id)...)
			w.sent("p2p.create", 0)
			w.notInState(invoiceAddress)
		})
	}
}

// rewriting puts a gateway before the sandbox that answers some operations by
// itself, unless its answer is "", and writes the others' answers otherwise.
func (w *workspace) rewriting(answer, rewrite func(text string) string) (block string) {
	w.t.Helper()
	proxy := httptest.NewServer(http.HandlerFunc(func(resp http.ResponseWriter, req *http.Request) {
		if body := answer(path.Base(req.URL.Path)); body != "" {
			_, _ = resp.Write([]byte(body))
			return
		}
		recorded := httptest.NewRecorder()
		w.sandbox.Handler().ServeHTTP(recorded, req)
		body := rewrite(recorded.Body.String())
		for name, values := range recorded.Header() {
			resp.Header()[name] = values
		}
		resp.Header().Set("Content-Length", strconv.Itoa(len(body)))
		resp.WriteHeader(recorded.Code)
		_, _ = resp.Write([]byte(body))
	}))
	w.t.Cleanup(proxy.Close)
	return providerBlock(proxy.URL)
}

// A gateway that spells ids and currencies in its reads otherwise than before
// changes nothing, and an import of what it spells so fits the configuration.
func TestInvoiceSpellingIsNoDrift(t *testing.T) {
	respell := strings.NewReplacer(
		`"currency":"RUB"`, `"currency":"643"`, `"internalId":"007"`, `"internalId":7`, `"userId":"uid-1"`, `"userId":" UID-1 "`,
		`"orderid":"007"`, `"orderid":"7"`, `"clientid":"uid-1"`, `"clientid":"UID-1 "`)
	named := strings.NewReplacer(`"order-1"`, `"007"`, `"Иванов Иван"`, `"uid-1"`)
	for name, config := range map[string]string{"paykeeper": named.Replace(paykeeperInvoice()), "p2p": named.Replace(p2pInvoice())} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(config)
			id := w.attributes(invoiceAddress)["id"]
			respelled := 0
			config += w.rewriting(func(string) string { return "" }, func(body string) string {
				if spelled := respell.Replace(body); spelled != body {
					respelled++
					return spelled
				}
				return body
			})
			w.sandbox.ResetRequests()
			want := map[string]any{"id": id, "order_id": "007", "customer_id": "uid-1", "currency": "RUB"}
			w.write(config)
			w.apply().succeeds().quiet().changes(nil)
			w.inState(invoiceAddress, want)
			w.exec("state", "rm", invoiceAddress)
			w.write(config + fmt.Sprintf("\nimport {\n  to = %s\n  id = \"%s/%s\"\n}\n", invoiceAddress, name, id))
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)
			w.inState(invoiceAddress, want)
			w.changedNothing()
			if respelled == 0 {
				t.Error("nothing was respelled")
			}
			if name == "p2p" { // found by its order id, and adopted
				w.exec("state", "rm", invoiceAddress)
				w.write(config)
				w.apply().succeeds().warns("An existing object was adopted")
				w.plan().succeeds().quiet().changes(nil)
				w.changedNothing()
			}
		})
	}
}

// -generate-config-out writes configuration that is valid and plans empty where the
// gateway gives everything back.
func TestInvoiceGeneratedConfiguration(t *testing.T) {
	for name, config := range map[string]string{
		"everything": paykeeperInvoice(), "sent": paykeeperInvoice("send = true"), "bare": "resource \"invoice_invoice\" \"one\" {\n  amount = \"10\"\n  paykeeper = {}\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(config)
			id := w.paykeeperInvoices()[0].ID
			w.exec("state", "rm", invoiceAddress)
			w.sandbox.ResetRequests()
			w.write(fmt.Sprintf("import {\n  to = %s\n  id = \"paykeeper/%s\"\n}\n", invoiceAddress, id))
			w.run("plan", "-generate-config-out=generated.tf").succeeds()
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)
			w.changedNothing()
			if generated, err := os.ReadFile(filepath.Join(w.dir, "generated.tf")); err != nil || !strings.Contains(string(generated), `resource "invoice_invoice" "one"`) {
				t.Errorf("%v: %s", err, generated)
			}
		})
	}
}

// P2P never gives everything back: the docs name the lines to write.
func TestP2PInvoiceGeneratedConfiguration(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(p2pInvoice())
	id := w.p2pInvoices()[0].ID
	w.exec("state", "rm", invoiceAddress)
	w.sandbox.ResetRequests()
	w.write(fmt.Sprintf("import {\n  to = %s\n  id = \"p2p/%s\"\n}\n", invoiceAddress, id))
	w.run("plan", "-generate-config-out=generated.tf").fails()
	file := filepath.Join(w.dir, "generated.tf")
	generated, err := os.ReadFile(file)
	w.check(err)
	for name, value := range map[string]string{"notification_url": `"https://shop.example.com/hook"`, "notification_token": `"the-hook-token"`, "payment_requisites": "null", "payment_requisites_wo": "null"} {
		line := regexp.MustCompile(`(?m)^ +` + name + ` += .*$`)
		if !line.Match(generated) {
			t.Fatalf("no line for %s: %s", name, generated)
		}
		generated = line.ReplaceAll(generated, []byte("    "+name+" = "+value))
	}
	w.check(os.WriteFile(file, generated, 0o600))
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.changedNothing()
	w.inState(invoiceAddress, map[string]any{"id": id})
}

// What this run issued for another resource is not adopted by a second one.
func TestP2PInvoiceOfAnotherResourceIsNotAdopted(t *testing.T) {
	t.Parallel()
	amount, err := values.ParseDecimal("10")
	if err != nil {
		t.Fatal(err)
	}
	g := &p2pInvoices{run: &ledger.Run{}}
	request := p2p.CreateInvoiceRequest{Type: "in", Amount: "10", InternalID: "order-1"}
	existing := &p2p.Invoice{ID: "id-1", Type: "in", Status: "new", Sum: p2p.Money{Amount: &amount}}
	for _, isIssued := range []bool{false, true} {
		if isIssued {
			g.run.NoteIssued("p2p", "id-1")
		}
		var diags diag.Diagnostics
		shown := g.takeOver(existing, request, &invoiceModel{}, &diags)
		if refused := shown == nil && diags.HasError() && diags[0].Summary() == "Two invoices have one order_id"; refused != isIssued {
			t.Errorf("issued by this run: %t, got %v %v", isIssued, shown, diags)
		}
	}
}
