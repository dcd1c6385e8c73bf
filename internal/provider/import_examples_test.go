package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

var (
	importedAddress = regexp.MustCompile(`(?m)^(?:terraform import|  to =) (\S+)`)
	importedText    = regexp.MustCompile(`(?m)^(terraform import \S+ |  +(?:id|payment_id) += ")([^"\s]+)`)
)

// Each way to import that an example shows works with what the example makes, whose ids take the
// place of the made-up ones.
func TestImportExamplesImport(t *testing.T) {
	for _, folder := range folders(t, "resources") {
		t.Run(folder, func(t *testing.T) {
			if folder == "invoice_invoice" {
				clitest.NeedCLI(t, clitest.WriteOnlyArguments)
			}
			w := newWorkspace(t)
			fillForExamples(w)
			w.Env = append(w.Env, "TF_VAR_notification_token=the-hook-token", "TF_VAR_card=2200000000000053", paidInvoiceVariable(w))
			config := example(t, "resources/"+folder)
			w.Write(config)
			w.Apply().Succeeds()
			made := w.Resources()
			for _, name := range []string{"import.sh", "import-by-string-id.tf", "import-by-identity.tf"} {
				t.Run(name, func(t *testing.T) {
					if name == "import-by-identity.tf" {
						clitest.NeedCLI(t, clitest.ImportByIdentity)
					}
					text, err := os.ReadFile(filepath.Join("../../examples/resources", folder, name))
					if err != nil {
						t.Fatal(err)
					}
					importExample(w.In(t), config, withRealIDs(t, string(text), made), name == "import.sh")
				})
			}
		})
	}
}

func importExample(w *clitest.Workspace, config, text string, isScript bool) {
	w.T.Helper()
	w.Sandbox.ResetRequests()
	w.Write(config)
	if isScript {
		for _, line := range regexp.MustCompile(`(?m)^terraform (import (\S+) \S+)$`).FindAllStringSubmatch(text, -1) {
			w.Forget(line[2])
			w.MustExec(strings.Fields(line[1])...)
		}
	} else {
		for _, found := range importedAddress.FindAllStringSubmatch(text, -1) {
			w.Forget(found[1])
		}
		w.Write(config + text)
	}
	for address, action := range w.Apply().Succeeds().Planned {
		if action != "update" && action != "import" {
			w.T.Errorf("%s is planned for %s", action, address)
		}
	}
	w.Plan().Succeeds().ChangesNothing()
	w.SentNoChange()
	for _, operation := range []string{"CreateTerminal", "CreatePayment", "CreateRefund"} {
		w.Sent(operation, 0)
	}
}

// withRealIDs puts the ids of what was made in the places of those in an example. An alias, an
// order id and a gateway are as the example makes them.
func withRealIDs(t *testing.T, text string, made map[string]map[string]any) string {
	t.Helper()
	address := ""
	var lines []string
	for line := range strings.Lines(text) {
		if found := importedAddress.FindStringSubmatch(line); found != nil {
			address = found[1]
			if made[address] == nil {
				t.Fatalf("the example makes no %s", address)
			}
		}
		lines = append(lines, importedText.ReplaceAllStringFunc(line, func(match string) string {
			parts := importedText.FindStringSubmatch(match)
			before, id := parts[1], parts[2]
			if strings.HasPrefix(strings.TrimSpace(before), "payment_id") {
				return before + fmt.Sprint(made[address]["payment_id"])
			}
			switch gateway, _, isOfGateway := strings.Cut(id, "/"); {
			case gateway == "order", id == made[address]["alias"]:
				return match
			case strings.Count(id, "/") == 2:
				return before + gateway + "/" + fmt.Sprint(made[address]["payment_id"]) + "/" + fmt.Sprint(made[address]["id"])
			case isOfGateway:
				return before + gateway + "/" + fmt.Sprint(made[address]["id"])
			}
			return before + fmt.Sprint(made[address]["id"])
		}))
	}
	return strings.Join(lines, "")
}
