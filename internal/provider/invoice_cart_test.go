package provider

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// paykeeperKinds says of the first of its two lines what is sold.
func paykeeperKinds() string {
	return strings.Replace(paykeeperInvoice(), `tax = "vat20"`, `tax = "vat20", item_type = "goods", payment_type = "full", measure = "шт"`, 1)
}

// rewriteCart changes the only invoice at the gateway.
func rewriteCart(w *clitest.Workspace, from, to string) {
	w.T.Helper()
	w.Must(w.Sandbox.PayKeeper.Invoices.Update(w.PayKeeperInvoices()[0].ID, func(i *paykeeper.Invoice) { i.ServiceName = strings.ReplaceAll(i.ServiceName, from, to) }))
}

// What is sold goes to the gateway, comes back, and is compared as the rest of a line.
func TestCartLinesSayWhatIsSold(t *testing.T) {
	inDialects(t, [][]string{nil, {"paykeeper_service_name=string", "paykeeper_byid=array"}}, func(t *testing.T, w *clitest.Workspace) {
		config := paykeeperKinds()
		w.MustApply(config).SaysNothing()
		made := w.PayKeeperInvoices()[0]
		if !strings.Contains(made.ServiceName, `"tax":"vat20","item_type":"goods","payment_type":"full","measure":"шт"},{"name":"Ручка","price":5,"quantity":0.1,"sum":0.5,"tax":"none"}]`) {
			t.Errorf("sent %s", made.ServiceName)
		}
		w.MustApply(config + fmt.Sprintf("data \"invoice_invoice\" \"one\" {\n  gateway = \"paykeeper\"\n  id = %q\n}\n", made.ID))
		block, _ := w.Attributes("data.invoice_invoice.one")["paykeeper"].(map[string]any)
		lines, _ := block["cart"].([]any)
		for n, want := range []string{"goods full шт", "<nil> <nil> <nil>"} {
			line, _ := lines[n].(map[string]any)
			same(t, "line", fmt.Sprint(line["item_type"], " ", line["payment_type"], " ", line["measure"]), want)
		}
		w.Forget(invoiceAddress)
		w.Sandbox.ResetRequests()
		generated := generateConfig(w, importing(invoiceAddress, "paykeeper/"+made.ID))
		if !strings.Contains(generated, "goods") || !strings.Contains(generated, "шт") {
			t.Errorf("the generated configuration: %s", generated)
		}
		w.SentNoChange()
	})
}

// The gateway cannot change a line, so a change at the gateway leads to a new invoice. What the
// server fills in or leaves out does not: also in a state that was stored before a line could say
// what is sold.
func TestWhatAServerFillsInIsNoDrift(t *testing.T) {
	filled := `"tax":"vat20","item_type":"goods","payment_type":"full"`
	t.Run("filled in", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(paykeeperInvoice())
		rewriteCart(w, `"tax":"vat20"`, filled)
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		writePrivate(w, "invoice_invoice", with(oldInvoice, "DAY", dayFromNow(3)))
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		rewriteCart(w, "vat20", "vat10")
		w.Plan().Succeeds().Warns("A new invoice will be issued", "paykeeper.cart changed").Changes(map[string]string{invoiceAddress: "replace"})
	})
	t.Run("left out", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(paykeeperKinds())
		w.Apply().Succeeds() // the first read that is stored settles what the server rewrites
		rewriteCart(w, `,"measure":"шт"`, "")
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		rewriteCart(w, `"goods"`, `"service"`)
		w.Plan().Succeeds().Warns("paykeeper.cart changed").Changes(map[string]string{invoiceAddress: "replace"})
	})
	t.Run("imported", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(paykeeperInvoice())
		rewriteCart(w, `"tax":"vat20"`, filled)
		block := importing(invoiceAddress, forgetInvoice(w))
		w.Write(strings.Replace(paykeeperKinds(), `"goods"`, `"service"`, 1) + block)
		w.Plan().Fails("The imported object cannot be changed", "The gateway has paykeeper.cart = ", "goods")
		w.Write(paykeeperInvoice() + block)
		w.Apply().Succeeds().SaysNothing()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.SentNoChange()
	})
}

// The same over the protocol, on any CLI.
func TestCartOverTheProtocol(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	p := newPlugin(t, server.URL)
	block := attributeType(p.schemas.ResourceSchemas["invoice_invoice"].ValueType(), "paykeeper")
	cart, _ := attributeType(block, "cart").(tftypes.List)
	line := filled(cart.ElementType, map[string]tftypes.Value{
		"name": text("Зал"), "price": text("7"), "quantity": text("1"), "sum": text("7"), "tax": text("none"), "item_type": text("service"), "measure": text("ч"),
	})
	made := p.create("invoice_invoice", map[string]tftypes.Value{
		"amount": text("7"), "currency": text("RUB"), "when_unpayable": text("keep"),
		"paykeeper": filled(block, map[string]tftypes.Value{"cart": tftypes.NewValue(cart, []tftypes.Value{line})}),
	})
	shown := p.inside(p.lookUp("invoice_invoice", map[string]tftypes.Value{"gateway": text("paykeeper"), "id": made["id"]})["paykeeper"])
	one := p.inside(p.listed(shown["cart"])[0])
	if !one["item_type"].Equal(text("service")) || !one["measure"].Equal(text("ч")) || !one["payment_type"].IsNull() {
		t.Errorf("the gateway has %s", one)
	}
}
