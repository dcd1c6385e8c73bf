package provider

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// example reads the configuration of an example, without its own provider
// settings: they would be those of the real gateway.
func example(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../../examples", folder, "*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no example in %s: %v", folder, err)
	}
	var config strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		config.Write(text)
	}
	return config.String()
}

// Every resource and data source has an example, and every example is planned
// and applied on a gateway that holds what the look-ups look for.
func TestExamples(t *testing.T) {
	types := map[string]bool{}
	for kind, folders := range map[string][]string{"resources": folders(t, "resources"), "data-sources": folders(t, "data-sources")} {
		for _, folder := range folders {
			types[kind+"/"+folder] = true
			t.Run(kind+"/"+folder, func(t *testing.T) {
				w := newWorkspace(t)
				w.fillForExamples()
				config := example(t, kind+"/"+folder)
				if strings.Contains(config, `variable "refund_id"`) {
					config = strings.Replace(config, "type        = string", `type = string
  default = "`+w.refunds()[0].ID+`"`, 1)
				}
				w.write(config)
				w.plan().succeeds().quiet()
				w.apply().succeeds()
				w.plan().succeeds().changes(nil)
			})
		}
	}
	for _, want := range everyType() {
		if !types[want] {
			t.Errorf("examples/%s is missing", want)
		}
	}
}

func folders(t *testing.T, kind string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join("../../examples", kind))
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// fillForExamples makes what the examples look up: a terminal, and a paid
// payment with a refund.
func (w *workspace) fillForExamples() {
	w.t.Helper()
	w.mustApply(`
resource "invoice_terminal" "museum" {
  alias         = "museum-entrance"
  name          = "Входной билет"
  type          = "static"
  default_price = "350"
  logo          = "https://example.com/museum.png"
}
resource "invoice_payment_link" "paid" {
  terminal_id = invoice_terminal.museum.id
  amount      = "1980"
  order_id    = "2026-11-web-1040"
  receipt     = []
}`)
	paid := w.onlyPayment().ID
	w.check(w.sandbox.PayInvoicePayment(paid, sandbox.TestCard))
	w.mustApply(refundConfig(paid))
	if err := os.Remove(filepath.Join(w.dir, "terraform.tfstate")); err != nil {
		w.t.Fatal(err)
	}
}

func TestProviderExample(t *testing.T) {
	w := newWorkspace(t)
	text, err := os.ReadFile("../../examples/provider/provider.tf")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.dir, "main.tf"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	w.plan().succeeds().quiet()
}

// The quickstart is what make demo applies: here on every CLI, paid on, and
// applied again.
func TestQuickstart(t *testing.T) {
	w := newWorkspace(t)
	for _, name := range []string{"branches.csv", "products.yaml"} {
		text, err := os.ReadFile("../../examples/quickstart/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(w.dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := strings.Replace(example(t, "quickstart"), `provider "invoice" {}`, providerBlock(w.server.URL), 1)
	w.write(config)
	w.apply().succeeds().quiet()
	w.plan().succeeds().quiet().changes(nil)
	w.check(w.sandbox.PayInvoicePayment(w.payments()[0].ID, sandbox.TestCard))
	w.plan().succeeds().quiet().changes(nil)
	table, ok := w.exec("output", "-raw", "table")
	for _, payment := range w.payments() {
		if !ok || !strings.Contains(table, payment.OrderID) || !strings.Contains(table, w.server.URL+"/invoice/pay/"+payment.ID) {
			t.Errorf("the table lacks order %s: %s", payment.OrderID, table)
		}
	}
}

func everyType() []string {
	var all []string
	p := testProvider()
	for _, one := range p.Resources(context.Background()) {
		var resp resource.MetadataResponse
		one().Metadata(context.Background(), resource.MetadataRequest{ProviderTypeName: "invoice"}, &resp)
		all = append(all, "resources/"+resp.TypeName)
	}
	for _, one := range p.DataSources(context.Background()) {
		var resp datasource.MetadataResponse
		one().Metadata(context.Background(), datasource.MetadataRequest{ProviderTypeName: "invoice"}, &resp)
		all = append(all, "data-sources/"+resp.TypeName)
	}
	return all
}
