package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// generateConfig imports with import blocks alone and returns the configuration that the CLI
// writes.
func generateConfig(w *clitest.Workspace, imports string) (config string) {
	w.T.Helper()
	w.Write(imports)
	file := filepath.Join(w.Dir, "generated.tf")
	w.Plan("-generate-config-out=generated.tf").Succeeds()
	text, err := os.ReadFile(file)
	w.Must(err)
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	return string(text)
}

func TestGeneratedConfigurationPlansEmpty(t *testing.T) {
	for _, dialect := range [][]string{nil, {"ids=number", "spelling=php", "terminal_types=statical"}} {
		t.Run(strings.Join(dialect, ","), func(t *testing.T) {
			w := newWorkspace(t, dialect...)
			w.MustApply(terminalConfig + strings.Replace(linkBody, "invoice_terminal.web.id", branchAddress+".id", 1))
			w.Forget(branchAddress, linkAddress)
			w.Sandbox.ResetRequests()
			config := generateConfig(w, importing(branchAddress, "mira-12")+importing(linkAddress, "order/order-1"))
			for _, line := range []string{
				`receipt += \[\s*\]`, `order_id += "order-1"`, `currency += "RUB"`, `when_unpayable += "keep"`, `type += "static"`, `can_comments += true`, `default_price += ("250.00"|jsonencode\(250\))`,
			} {
				if !regexp.MustCompile(line).MatchString(config) {
					t.Errorf("the generated configuration lacks %s:\n%s", line, config)
				}
			}
			for _, operation := range []string{"CreateTerminal", "CreatePayment", "ClosePayment"} {
				w.Sent(operation, 0)
			}
			w.Destroy().Succeeds()
			w.PaymentsAre("closed")
		})
	}
}

// The imported link differs from the configuration. Terraform neither replaces it nor claims to
// have changed it.
func TestLinkImportThatDiffersIsAnError(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Forget(linkAddress)
	block := importing(linkAddress, w.OnlyPayment().ID)
	differs := withLine(linkConfig, "amount", `amount = "2000"`)
	w.Write(differs + block)
	w.Plan().Fails("@amount", "The imported object cannot be changed", `The gateway has amount = "1500.50"`, "write the same into the configuration", "terraform state rm")
	w.Apply().Fails()
	w.StateLacks(linkAddress)
	// Each way out works: forget the link, or write the same into the configuration.
	w.Write(differs)
	w.MustExec("import", linkAddress, w.OnlyPayment().ID)
	w.Plan().Fails("@amount", "The imported object cannot be changed")
	w.Forget(linkAddress)
	w.MustApply(linkConfig + block)
	w.Write(linkConfig)
	w.Destroy().Succeeds()
	w.PaymentsAre("closed")
	w.Sent("CreatePayment", 1)
}

func TestLinkImportAllowsARewrittenDescription(t *testing.T) {
	w := newWorkspace(t, "rewrite_description=true")
	w.MustApply(linkConfig)
	w.Forget(linkAddress)
	w.Write(linkConfig + importing(linkAddress, "order/order-1"))
	w.Plan().Succeeds().Warns("@description", "The configuration differs from the imported object", "филиал №7")
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
}
