package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// newAdoptingWorkspace has the example, and at the gateways what it finds.
func newAdoptingWorkspace(t *testing.T) *clitest.Workspace {
	t.Helper()
	w := newWorkspace(t)
	w.MustApply(`
resource "invoice_terminal" "web" {
  alias       = "adopting-web"
  name        = "Интернет-магазин"
  description = "Заказы с сайта"
}
resource "invoice_payment_link" "order" {
  for_each    = { "adopting-1041" = "2847.50", "adopting-1042" = "990" }
  terminal_id = invoice_terminal.web.id
  amount      = each.value
  order_id    = each.key
  description = "Заказ"
  success_url = "https://example.com/thanks"
  receipt     = []
}
` + paykeeperInvoice("send = true") + strings.NewReplacer("mailed-1", "007", `"mailed"`, `"bare"`).Replace(mailedInvoice))
	for _, name := range []string{"terraform.tfstate", "main.tf"} {
		w.Must(os.Remove(filepath.Join(w.Dir, name)))
	}
	w.Must(w.Sandbox.PayKeeper.Pay(w.PayKeeperInvoices()[0].ID))
	w.Sandbox.ResetRequests()
	w.Env = append(w.Env, "TF_VAR_first_day="+dayFromNow(-1), "TF_VAR_last_day="+dayFromNow(0))
	copyExample(w, "guides/adopting-what-exists")
	return w
}

// sentNothingNew checks that nothing was made or changed.
func sentNothingNew(w *clitest.Workspace) {
	w.T.Helper()
	w.SentNoChange()
	for _, operation := range []string{"CreateTerminal", "CreatePayment", "ClosePayment"} {
		w.Sent(operation, 0)
	}
}

func TestAdoptingExampleImportsFromFiles(t *testing.T) {
	w := newAdoptingWorkspace(t)
	// Links and terminals come from their files, and no invoice yet.
	w.Apply().Succeeds()
	if got := len(w.Resources()); got != 4 { // with the data source
		t.Errorf("%d objects are in the state, want a terminal, two links and the data source", got)
	}
	w.WriteFile("invoices.json", outputOf(w, "-json", "found"))
	for address, action := range w.Apply().Succeeds().Planned {
		if action != "import" && action != "update" {
			t.Errorf("%s is planned for %s", address, action)
		}
	}
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	for _, one := range w.PayKeeperInvoices() {
		w.StateHas(`invoice_invoice.adopted["`+one.ID+`"]`, map[string]any{"amount": one.PayAmount, "status": one.Status, "order_id": one.OrderID})
	}
	// What the history shows later destroys nothing.
	w.Env = append(w.Env, "TF_VAR_first_day="+dayFromNow(-9), "TF_VAR_last_day="+dayFromNow(-8))
	w.Plan().Succeeds().ChangesNothing()
	sentNothingNew(w)
}

func TestAdoptingExampleGeneratesConfiguration(t *testing.T) {
	w := newAdoptingWorkspace(t)
	w.Apply().Succeeds()
	w.WriteFile("imports.tf", outputOf(w, "-raw", "import_blocks"))
	w.Plan("-generate-config-out=generated.tf").Succeeds()
	applied := w.Apply().Succeeds()
	for address, action := range applied.Planned {
		if action != "import" {
			t.Errorf("%s is planned for %s", address, action)
		}
	}
	if !strings.Contains(applied.Output, "2 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("not imported: %s", applied.Output)
	}
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	sentNothingNew(w)
}

func outputOf(w *clitest.Workspace, format, name string) string {
	w.T.Helper()
	text, ok := w.Exec("output", format, name)
	if !ok {
		w.T.Fatal(text)
	}
	return text
}

// A mistyped column or name, which nobody would ever read, is an error, and nothing is imported.
func TestAdoptingExampleFindsMistakes(t *testing.T) {
	w := newAdoptingWorkspace(t)
	w.WriteFile("terminals.csv", "alias,name,typ\nadopting-web,Интернет-магазин,static\n")
	w.Apply().Fails("There is no column typ in terminals.csv or links.csv")
	w.WriteFile("terminals.csv", "alias,name\nadopting-web,Интернет-магазин\n")
	id := w.PayKeeperInvoices()[0].ID
	w.WriteFile("invoices.json", `{"`+id+`": {"amount": "1.00", "order_id": null, "customer_id": null, "service_name": "x", "client_email": null,
		"client_phone": null, "expiry_date": null, "sned": true}}`)
	w.Apply().Fails("invoices.json, " + id + ": sned is no name of an invoice")
	for address := range w.Resources() {
		if strings.HasPrefix(address, "invoice_") {
			t.Errorf("%s is imported", address)
		}
	}
	sentNothingNew(w)
}
