package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// The modules come with tests of the CLI's own. They run here as their READMEs say: after init, with mocks and
// on a sandbox that has the history which the module's tests know, or nothing.
func TestModules(t *testing.T) {
	clitest.NeedCLI(t)
	t.Parallel()
	installed := clitest.InstallProvider(t)
	for _, module := range []string{"monthly-report", "payment-links", "shop-terminals"} {
		t.Run(module, func(t *testing.T) {
			w := newWorkspaceBeside(t)
			w.UseInstalled(installed)
			w.Must(os.CopyFS(w.Dir, os.DirFS(filepath.Join("../../examples/modules", module))))
			if history, err := os.ReadFile(filepath.Join(w.Dir, "tests", "history.json")); err == nil {
				w.Must(w.Sandbox.LoadFixtures(history))
			}
			w.MustExec("init", "-input=false")
			output := w.MustExec("test", "-no-color")
			if !strings.Contains(output, " 0 failed") || strings.Contains(output, " 0 passed") {
				t.Errorf("terraform test: %s", output)
			}
			// What the tests have issued, they have closed.
			for _, one := range w.Payments() {
				if one.Status != "closed" {
					t.Errorf("payment %s of order %s is left as %s", one.ID, one.OrderID, one.Status)
				}
			}
			switch module {
			case "monthly-report":
				w.SentNoChange()
			case "payment-links":
				w.Sent("CreatePayment", 3) // two, and one that was changed
				w.Sent("CreateTerminal", 1)
			case "shop-terminals":
				w.Sent("CreateTerminal", 2)
			}
		})
	}
}
