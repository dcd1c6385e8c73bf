package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// terraform query finds invoices and writes their configuration. It imports them, and plans
// nothing then, and once more after the state was lost.
func TestQueryGeneratesWhatPlansNothing(t *testing.T) {
	clitest.NeedCLI(t, clitest.ListResources) // below it, TestListShowsWhatAnImportTakes tests the protocol
	w := newWorkspace(t)
	w.Must(w.Sandbox.SeedHistory(150, 3))
	shop := &listedShop{&plugin6{t: t}, w.Sandbox}
	count := len(shop.importable(anyInvoice))
	w.Write("")
	w.WriteFile("shop.tfquery.hcl", fmt.Sprintf(queryOfAll, 1000))
	output := w.MustExec("query", "-no-color", "-generate-config-out=generated.tf")
	if got := strings.Count(output, "gateway=paykeeper,id="); got != count {
		t.Errorf("%d invoices are listed, want %d:\n%s", got, count, output)
	}
	if !strings.Contains(output, "An invoice is left out") {
		t.Errorf("nothing is said of the revoked ones:\n%s", output)
	}
	w.Must(os.Rename(filepath.Join(w.Dir, "shop.tfquery.hcl"), filepath.Join(w.Dir, "shop.txt")))
	for range 2 {
		w.MustExec("validate")
		applied := w.Apply().Succeeds()
		if !strings.Contains(applied.Output, fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", count)) {
			t.Errorf("not imported: %s", applied.Output)
		}
		w.Plan().Succeeds().ChangesNothing()
		addresses := []string{}
		for address := range w.Resources() {
			addresses = append(addresses, address)
		}
		w.Forget(addresses...)
	}
	w.SentNoChange()
}

const queryOfAll = `
list "invoice_invoice" "shop" {
  provider = invoice
  limit    = %d
  config {
    gateway = "paykeeper"
  }
}
`

// Without generated configuration, identities and names are all that is asked for.
func TestQueryListsNames(t *testing.T) {
	clitest.NeedCLI(t, clitest.ListResources)
	w := newWorkspace(t)
	w.Must(w.Sandbox.SeedHistory(300, 3))
	w.Write("")
	w.WriteFile("shop.tfquery.hcl", strings.Replace(fmt.Sprintf(queryOfAll, 120), `"paykeeper"`, "\"paykeeper\"\n    statuses = [\"sent\", \"paid\"]", 1))
	output := w.MustExec("query", "-no-color")
	if got := strings.Count(output, " RUB"); got != 120 {
		t.Errorf("%d names are listed, want 120:\n%s", got, output)
	}
	w.Sent("paykeeper.list", 2)
	w.Sent("paykeeper.byid", 0)
	w.WriteFile("shop.tfquery.hcl", strings.Replace(fmt.Sprintf(queryOfAll, 120), `"paykeeper"`, "\"paykeeper\"\n    statuses = [\"created\"]", 1))
	if output, ok := w.Exec("query", "-no-color"); ok || !strings.Contains(output, "The history never shows this status") {
		t.Errorf("a status that is in no list: %s", output)
	}
}

// The example asks for what the list can show, and each list has one.
func TestListExamplesQuery(t *testing.T) {
	for _, one := range testProvider().ListResources(t.Context()) {
		var resp resource.MetadataResponse
		one().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "invoice"}, &resp)
		text, err := os.ReadFile(filepath.Join("../../examples/list-resources", resp.TypeName, "list-resource.tfquery.hcl"))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(resp.TypeName, func(t *testing.T) {
			clitest.NeedCLI(t, clitest.ListResources)
			w := newWorkspace(t)
			w.Write("")
			w.WriteFile("example.tfquery.hcl", string(text))
			w.MustExec("query")
			w.Sent("paykeeper.list", 1)
		})
	}
}

// What no configuration can have would make all that is generated invalid. It is left out, and
// the import takes the rest.
func TestQueryLeavesOutWhatNoConfigurationCanHave(t *testing.T) {
	clitest.NeedCLI(t, clitest.ListResources)
	w := newWorkspace(t)
	w.Must(w.Sandbox.SeedHistory(30, 3))
	shop := &listedShop{&plugin6{t: t}, w.Sandbox}
	bad := shop.importable(func(i paykeeper.Invoice) bool { return i.Status == "sent" })[0]
	w.Must(w.Sandbox.PayKeeper.Invoices.Update(bad, func(i *paykeeper.Invoice) { i.ClientEmail = "nobody" }))
	w.Write("")
	w.WriteFile("shop.tfquery.hcl", fmt.Sprintf(queryOfAll, 1000))
	if output := w.MustExec("query", "-no-color", "-generate-config-out=generated.tf"); !strings.Contains(output, "A part of an invoice is left out") {
		t.Errorf("nothing is said of the address:\n%s", output)
	}
	w.Must(os.Remove(filepath.Join(w.Dir, "shop.tfquery.hcl")))
	w.MustExec("validate")
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.SentNoChange()
}
