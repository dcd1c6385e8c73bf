package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

const resultURL = "https://shop.example/back?order=1&from=pay"

// paykeeperInEnglish says in which language the bill is, and where it leads.
func paykeeperInEnglish() string {
	return paykeeperInvoice(`language = "en"`, fmt.Sprintf("result_url = %q", resultURL))
}

// withoutCart leaves an invoice that needs no cart.
func withoutCart(config string) string {
	before, rest, _ := strings.Cut(config, "    cart = [")
	_, after, _ := strings.Cut(rest, "]\n")
	return before + after
}

// The language and the address go to the gateway, come back, and are imported, with a cart
// and without one, also from a server that shows the name alone.
func TestInvoiceHasALanguageAndAnAddress(t *testing.T) {
	for name, config := range map[string]string{"with a cart": paykeeperInEnglish(), "without a cart": withoutCart(paykeeperInEnglish())} {
		for _, dialect := range [][]string{nil, {"paykeeper_service_name=string", "paykeeper_byid=array"}, {"paykeeper_service_name=text"}} {
			t.Run(name+" "+dialectName(dialect), func(t *testing.T) {
				w := newWorkspace(t, dialect...)
				w.MustApply(config).SaysNothing()
				made := w.PayKeeperInvoices()[0]
				if !strings.HasSuffix(made.ServiceName, `"lang":"en","user_result_callback":"`+resultURL+`"}`) {
					t.Errorf("sent %s", made.ServiceName)
				}
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				same(t, "in the state", invoiceBlock(w, "paykeeper")["language"], any("en"))

				var language, address any = "en", resultURL
				if len(dialect) == 1 {
					language, address = nil, nil
				}
				w.MustApply(config + fmt.Sprintf("data \"invoice_invoice\" \"one\" {\n  gateway = \"paykeeper\"\n  id = %q\n}\n", made.ID))
				shown, _ := w.Attributes("data.invoice_invoice.one")["paykeeper"].(map[string]any)
				same(t, "language", shown["language"], language)
				same(t, "result_url", shown["result_url"], address)

				w.Forget(invoiceAddress)
				w.Sandbox.ResetRequests()
				generated := generateConfig(w, importing(invoiceAddress, "paykeeper/"+made.ID))
				if strings.Contains(generated, resultURL) != (address != nil) {
					t.Errorf("the generated configuration: %s", generated)
				}
				w.SentNoChange()
			})
		}
	}
}

// The gateway cannot change them, so a change at the gateway leads to a new invoice. What the
// server fills in or leaves out does not: also in a state of a version that did not have them.
func TestLanguageThatAServerFillsInIsNoDrift(t *testing.T) {
	rewrite := func(w *clitest.Workspace, from, to string) {
		w.Must(w.Sandbox.PayKeeper.Invoices.Update(w.PayKeeperInvoices()[0].ID, func(i *paykeeper.Invoice) { i.ServiceName = strings.ReplaceAll(i.ServiceName, from, to) }))
	}
	t.Run("filled in", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(paykeeperInvoice())
		rewrite(w, `"cart":`, `"lang":"ru","user_result_callback":"https://shop.example/","cart":`)
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.EditState(func(attributes map[string]any) {
			block, _ := attributes["paykeeper"].(map[string]any)
			delete(block, "language")
			delete(block, "result_url")
		})
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
	})
	t.Run("left out", func(t *testing.T) {
		w := newWorkspace(t)
		w.MustApply(paykeeperInEnglish())
		w.Apply().Succeeds() // the first read that is stored settles what the server rewrites
		rewrite(w, `,"user_result_callback":"`+resultURL+`"`, "")
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		rewrite(w, `"lang":"en"`, `"lang":"ru"`)
		w.Plan().Succeeds().Warns("paykeeper.language changed").Changes(map[string]string{invoiceAddress: "replace"})
	})
}
