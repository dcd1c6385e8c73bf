package pages

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// lookedUp makes what the examples of the reference look up.
const lookedUp = `
resource "invoice_terminal" "museum" {
  alias = "museum-shop"
  name  = "Музей"
}
resource "invoice_payment_link" "paid" {
  for_each    = toset(["paid-1040", "returned-1040", "goodwill-1040"])
  terminal_id = invoice_terminal.museum.id
  order_id    = each.key
  amount      = "1980"
  receipt     = []
}
`

// need names the CLIs that an example needs, by the beginning of its path.
var need = map[string]directives{
	"examples/actions/":                  {clis: []string{"terraform 1.14"}},
	"examples/ephemeral-resources/":      {clis: []string{"terraform 1.10", "tofu 1.11"}},
	"examples/resources/invoice_invoice": {clis: []string{"terraform 1.11", "tofu 1.11"}},
}

// No two examples use one order id or alias: all are applied to one sandbox, and none meets what
// another one has made. The guides and the other pages are applied by TestPages, and count, too.
func TestExamplesDoNotCollide(t *testing.T) {
	clitest.NeedCLI(t)
	t.Parallel()
	r := newReader(t, &page{path: "examples"})
	must(t, r.apply("look-ups", map[string]string{"main.tf": lookedUp}))
	payments, err := r.sandbox.InvoiceAPI.Payments.All()
	must(t, err)
	for _, one := range payments {
		must(t, r.sandbox.InvoiceAPI.Pay(one.ID, invoiceapi.TestCard))
	}
	must(t, r.apply("refund", map[string]string{"main.tf": fmt.Sprintf("resource \"invoice_refund\" \"a\" {\n  payment_id = %q\n  amount = \"1\"\n  receipt = []\n}\n", payments[0].ID)}))
	refunds, err := r.sandbox.InvoiceAPI.Refunds.All()
	must(t, err)
	invoice, err := r.sandbox.PayKeeper.Add(paykeeper.Invoice{PayAmount: "90000.00", Status: "paid"})
	must(t, err)
	open, err := r.sandbox.PayKeeper.Add(paykeeper.Invoice{PayAmount: "500.00", Status: "sent", ClientEmail: "anna@example.com"})
	must(t, err)
	_, err = r.run(fmt.Sprintf("export INVOICE_ADOPT_EXISTING=false TF_VAR_refund_id=%s TF_VAR_paid_invoice_id=%s TF_VAR_invoice_id=%s\n"+
		"export TF_VAR_notification_token=the-hook-token TF_VAR_card=2200000000000053 TF_VAR_sign_secret_key=demo-sign-secret-key\n", refunds[0].ID, invoice.ID, open.ID), false)
	must(t, err)

	known := counts(idsAt(t, r.sandbox))
	whole.claim(t, "what the examples look up", idsAt(t, r.sandbox))
	for _, folder := range paths(t, "examples/resources/*", "examples/data-sources/*", "examples/functions/*", "examples/ephemeral-resources/*", "examples/actions/*", "examples/quickstart") {
		if !isNeedMet(t, folder) {
			continue
		}
		if err := r.apply(folder, filesOf(t, folder)); err != nil {
			t.Errorf("%s, on a sandbox that has all examples before it: %v", folder, err)
		}
		var made []string
		for id, count := range counts(idsAt(t, r.sandbox)) {
			if count > known[id] {
				made = append(made, id)
			}
			known[id] = count
		}
		whole.claim(t, strings.TrimPrefix(folder, "examples/"), made)
	}
}

func isNeedMet(t *testing.T, folder string) bool {
	t.Helper()
	for prefix, need := range need {
		if strings.HasPrefix(folder, prefix) && !need.isFor(t) {
			return false
		}
	}
	return true
}

func counts(ids []string) map[string]int {
	all := map[string]int{}
	for _, id := range ids {
		all[id]++
	}
	return all
}

// filesOf reads an example, but for its blocks import, which name what they do not make.
func filesOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(filepath.Join(root, folder))
	must(t, err)
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "import") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, folder, entry.Name()))
		must(t, err)
		files[entry.Name()] = string(text)
	}
	return files
}

// apply applies a configuration in a folder of its own.
func (r *reader) apply(name string, files map[string]string) error {
	r.t.Helper()
	if !strings.Contains(files["main.tf"], "required_providers") {
		files["provider.tf"] = clitest.RequiredProviders
	}
	for file, text := range files {
		r.terminal.write(filepath.Join(name, file), text)
	}
	_, err := r.run(fmt.Sprintf("(cd '%s' && terraform init -input=false && terraform apply -input=false -auto-approve)\n", name), false)
	return err
}
