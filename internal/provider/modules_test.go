package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// Each module comes with tests of the CLI's own. They run here as its README says: after init, with mocks and
// on a sandbox.
func TestModules(t *testing.T) {
	clitest.NeedCLI(t)
	t.Parallel()
	installed := clitest.InstallProvider(t)
	modules := folders(t, "modules")
	for _, module := range modules {
		t.Run(module, func(t *testing.T) {
			w := newWorkspaceBeside(t)
			w.UseInstalled(installed)
			w.Must(os.CopyFS(w.Dir, os.DirFS(filepath.Join("../../examples/modules", module))))
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
			case "payment-links":
				w.Sent("CreatePayment", 3) // two, and one that was changed
				w.Sent("CreateTerminal", 1)
			case "shop-terminals":
				w.Sent("CreateTerminal", 2)
			}
		})
	}
	if len(modules) < 2 {
		t.Errorf("modules: %v", modules)
	}
}
