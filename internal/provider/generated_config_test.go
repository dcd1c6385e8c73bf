package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// generate imports with import blocks alone, and takes the configuration that
// the CLI writes.
func (w *workspace) generate(imports string) (config string) {
	w.t.Helper()
	w.write(imports)
	file := filepath.Join(w.dir, "generated.tf")
	w.run("plan", "-generate-config-out=generated.tf").succeeds()
	text, err := os.ReadFile(file)
	w.check(err)
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	return string(text)
}

func TestGeneratedConfiguration(t *testing.T) {
	for _, dialect := range [][]string{nil, {"ids=number", "spelling=php", "terminal_types=statical"}} {
		t.Run(strings.Join(dialect, ","), func(t *testing.T) {
			w := newWorkspace(t, dialect...)
			w.mustApply(terminalConfig + strings.Replace(linkBody, "invoice_terminal.web.id", branchAddress+".id", 1))
			w.cli("state", "rm", branchAddress, linkAddress)
			w.sandbox.ResetRequests()
			config := w.generate("import {\n  to = " + branchAddress + "\n  id = \"mira-12\"\n}\nimport {\n  to = " + linkAddress + "\n  id = \"order/order-1\"\n}")
			for _, line := range []string{
				`receipt += \[\s*\]`, `order_id += "order-1"`, `currency += "RUB"`, `when_unpayable += "keep"`, `type += "static"`, `can_comments += true`, `default_price += "250.00"`,
			} {
				if !regexp.MustCompile(line).MatchString(config) {
					t.Errorf("the generated configuration lacks %s:\n%s", line, config)
				}
			}
			for _, operation := range []string{"CreateTerminal", "CreatePayment", "ClosePayment"} {
				w.sent(operation, 0)
			}
			w.destroy().succeeds()
			w.statuses("closed")
		})
	}
}

// The imported link is another one than the configuration asks for: that never
// replaces it, and never claims to have changed it.
func TestLinkImportDiffers(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.cli("state", "rm", linkAddress)
	block := "import {\n  to = " + linkAddress + "\n  id = \"" + w.onlyPayment().ID + "\"\n}"
	differs := withLine(linkConfig, "amount", `amount = "2000"`)
	w.write(differs + block)
	w.plan().fails().errors("@amount", "The imported object cannot be changed", `The gateway has amount = "1500.50"`, "write the same into the configuration", "terraform state rm")
	w.apply().fails()
	w.notInState(linkAddress)
	// The ways out: the same in the configuration, or none of it.
	w.write(differs)
	w.cli("import", linkAddress, w.onlyPayment().ID)
	w.plan().fails().errors("@amount", "The imported object cannot be changed")
	w.cli("state", "rm", linkAddress)
	w.mustApply(linkConfig + block)
	w.write(linkConfig)
	w.destroy().succeeds()
	w.statuses("closed")
	w.sent("CreatePayment", 1)
}

func TestLinkImportOfARewrittenDescription(t *testing.T) {
	w := newWorkspace(t, "rewrite_description=true")
	w.mustApply(linkConfig)
	w.cli("state", "rm", linkAddress)
	w.write(linkConfig + "import {\n  to = " + linkAddress + "\n  id = \"order/order-1\"\n}")
	w.plan().succeeds().warns("@description", "The configuration differs from the imported object", "филиал №7")
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
}
