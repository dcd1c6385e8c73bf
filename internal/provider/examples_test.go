package provider

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// example reads the configuration of an example. It drops the provider settings, which name the
// real gateway.
func example(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../../examples", folder, "*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no example in %s: %v", folder, err)
	}
	var config strings.Builder
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "import-by-") {
			continue // TestImportExamples
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		config.Write(text)
	}
	return config.String()
}

// Every type and function has an example. Every example is planned and applied on a
// gateway that holds what the data sources look up.
func TestExamplesApply(t *testing.T) {
	types := map[string]bool{}
	kinds := map[string][]clitest.Feature{
		"resources": nil, "data-sources": nil, "ephemeral-resources": {clitest.EphemeralResources}, "actions": {clitest.Actions},
		"functions": {clitest.ProviderFunctions},
	}
	for kind, features := range kinds {
		for _, folder := range folders(t, kind) {
			types[kind+"/"+folder] = true
			t.Run(kind+"/"+folder, func(t *testing.T) {
				clitest.NeedCLI(t, features...)
				if folder == "invoice_invoice" && kind == "resources" {
					clitest.NeedCLI(t, clitest.WriteOnlyArguments)
				}
				w := newWorkspace(t)
				fillForExamples(w)
				w.Env = append(w.Env, "TF_VAR_refund_id="+w.Refunds()[0].ID, "TF_VAR_invoice_id="+w.PayKeeperInvoices()[0].ID, paidInvoiceVariable(w),
					"TF_VAR_notification_token=the-hook-token", "TF_VAR_card=2200000000000053", "TF_VAR_sign_secret_key="+intellectmoney.DemoSignSecretKey)
				for _, variable := range w.Sandbox.Environment(w.URL) {
					w.Env = append(w.Env, variable.Name+"="+variable.Value) // for scripts
				}
				w.Write(example(t, kind+"/"+folder))
				planned := w.Plan().Succeeds()
				switch kind + "/" + folder {
				case "resources/invoice_refund":
					planned.Warns("495.00 RUB will be refunded for payment")
				case "resources/invoice_invoice":
					planned.Warns(`15000.00 RUB will be paid out to …0053 (order "invoice-salary-7")`)
				default:
					planned.SaysNothing()
				}
				w.Apply().Succeeds()
				w.Plan().Succeeds().ChangesNothing()
				if folder == "invoice_refund" && kind == "actions" {
					w.Apply("-invoke=action.invoice_refund.goodwill").Succeeds().SaysOnly("100.00 RUB will be refunded for payment")
				}
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

// fillForExamples makes what the examples look up: a terminal, paid payments, one of them with a
// refund, and an invoice.
func fillForExamples(w *clitest.Workspace) {
	w.T.Helper()
	w.MustApply(`
resource "invoice_terminal" "museum" {
  alias         = "museum-shop"
  name          = "Входной билет"
  type          = "static"
  default_price = "350"
  logo          = "https://example.com/museum.png"
}
resource "invoice_payment_link" "paid" {
  for_each    = toset(["paid-1040", "returned-1040", "goodwill-1040"])
  terminal_id = invoice_terminal.museum.id
  amount      = "1980"
  order_id    = each.key
  receipt     = []
}`)
	for _, one := range w.Payments() {
		w.Must(w.Sandbox.InvoiceAPI.Pay(one.ID, invoiceapi.TestCard))
	}
	w.MustApply(refundConfig(w.Payments()[0].ID) + paykeeperInvoice())
	_, err := w.Sandbox.PayKeeper.Add(paykeeper.Invoice{PayAmount: "90000.00", Status: "paid"})
	w.Must(err)
	if err := os.Remove(filepath.Join(w.Dir, "terraform.tfstate")); err != nil {
		w.T.Fatal(err)
	}
}

// paidInvoiceVariable names the invoice of PayKeeper that is paid.
func paidInvoiceVariable(w *clitest.Workspace) string {
	w.T.Helper()
	for _, one := range w.PayKeeperInvoices() {
		if one.Status == "paid" {
			return "TF_VAR_paid_invoice_id=" + one.ID
		}
	}
	w.T.Fatal("no invoice is paid")
	return ""
}

// The first example is applied as it is printed, but for what it leaves to the environment.
func TestProviderExampleApplies(t *testing.T) {
	w := newWorkspace(t)
	text, err := os.ReadFile("../../examples/provider/provider.tf")
	w.Must(err)
	settings := fmt.Sprintf("api_key = %q\n    base_url = %q\n    merchant_id", invoiceapi.TestAPIKey, w.URL+"/invoice/api/v2")
	config := strings.Replace(string(text), "merchant_id", settings, 1)
	w.Must(os.WriteFile(filepath.Join(w.Dir, "main.tf"), []byte(config), 0o600))
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	if link, ok := w.Exec("output", "-raw", "link"); !ok || link != w.URL+"/invoice/pay/"+w.Payments()[0].ID {
		t.Errorf("the link is %q", link)
	}
}

// copyExample makes an example the configuration, with the sandbox's settings and with the
// example's other files beside it.
func copyExample(w *clitest.Workspace, folder string) {
	w.T.Helper()
	w.Must(os.CopyFS(w.Dir, os.DirFS(filepath.Join("../../examples", folder))))
	files, err := filepath.Glob(filepath.Join(w.Dir, "*.tf"))
	w.Must(err)
	for _, file := range files {
		w.Must(os.Remove(file)) // Write puts them into one file
	}
	w.Write(strings.Replace(example(w.T, folder), `provider "invoice" {}`, clitest.ProviderBlock(w.URL), 1))
}

// make demo applies the quickstart. Here it is applied on every CLI, paid, and applied again.
func TestQuickstartApplies(t *testing.T) {
	w := newWorkspace(t)
	copyExample(w, "quickstart")
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Must(w.Sandbox.InvoiceAPI.Pay(w.Payments()[0].ID, invoiceapi.TestCard))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Apply().Succeeds().SaysNothing()
	table, ok := w.Exec("output", "-raw", "table")
	for i, payment := range w.Payments() {
		status := map[bool]string{true: "paid", false: "open"}[i == 0]
		row := regexp.MustCompile("(?m)^" + payment.OrderID + ` +[0-9.]+  ` + status + " +" + w.URL + "/invoice/pay/" + payment.ID + "$")
		if !ok || !row.MatchString(table) {
			t.Errorf("the table lacks %s: %s", row, table)
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
	for _, one := range p.EphemeralResources(context.Background()) {
		var resp ephemeral.MetadataResponse
		one().Metadata(context.Background(), ephemeral.MetadataRequest{ProviderTypeName: "invoice"}, &resp)
		all = append(all, "ephemeral-resources/"+resp.TypeName)
	}
	for _, one := range p.Actions(context.Background()) {
		var resp action.MetadataResponse
		one().Metadata(context.Background(), action.MetadataRequest{ProviderTypeName: "invoice"}, &resp)
		all = append(all, "actions/"+resp.TypeName)
	}
	for _, one := range p.Functions(context.Background()) {
		var resp function.MetadataResponse
		one().Metadata(context.Background(), function.MetadataRequest{}, &resp)
		all = append(all, "functions/"+resp.Name)
	}
	return all
}
