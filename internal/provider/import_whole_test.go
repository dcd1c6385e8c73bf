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

// importCase is an object that exists at its gateway, and is lost from the state.
type importCase struct {
	address, config string
	// id is what to import it by.
	id func(w *clitest.Workspace) string
	// identity is the same for CLIs that have identities.
	identity func(w *clitest.Workspace) string
	// isOfPayment: config has a place for the id of a paid payment.
	isOfPayment bool
	// beside is what the object needs, and what stays in the state.
	beside string
}

var importCases = map[string]importCase{
	"terminal": {
		address: branchAddress, config: terminalConfig,
		id:       func(*clitest.Workspace) string { return "mira-12" },
		identity: func(*clitest.Workspace) string { return `alias = "mira-12"` },
	},
	"link by id": {
		address: linkAddress, config: linkBody, beside: linkTerminal,
		id:       func(w *clitest.Workspace) string { return w.OnlyPayment().ID },
		identity: func(w *clitest.Workspace) string { return fmt.Sprintf("id = %q", w.OnlyPayment().ID) },
	},
	"link by order": {
		address: linkAddress, config: linkBody, beside: linkTerminal,
		id:       func(*clitest.Workspace) string { return "order/order-1" },
		identity: func(w *clitest.Workspace) string { return fmt.Sprintf("id = %q", w.OnlyPayment().ID) },
	},
	"refund": {
		address: refundAddress, config: refundConfig("PAYMENT"), isOfPayment: true,
		id:       func(w *clitest.Workspace) string { return w.Refunds()[0].ID },
		identity: func(w *clitest.Workspace) string { return fmt.Sprintf("id = %q", w.Refunds()[0].ID) },
	},
	"paykeeper":       invoiceCase("paykeeper", paykeeperInvoice()),
	"paykeeper, sent": invoiceCase("paykeeper", paykeeperInvoice("send = true")),
	"p2p":             invoiceCase("p2p", p2pInvoice()),
	"p2p, payout":     invoiceCase("p2p", payoutConfig),
}

func invoiceCase(gateway, config string) importCase {
	id := func(w *clitest.Workspace) string {
		if gateway == "p2p" {
			return w.P2PInvoices()[0].ID
		}
		return w.PayKeeperInvoices()[0].ID
	}
	return importCase{
		address: invoiceAddress, config: config,
		id:       func(w *clitest.Workspace) string { return gateway + "/" + id(w) },
		identity: func(w *clitest.Workspace) string { return fmt.Sprintf("gateway = %q, id = %q", gateway, id(w)) },
	}
}

// importWays are the ways to import an object whose configuration is written.
var importWays = map[string]func(w *clitest.Workspace, c importCase){
	"by command": func(w *clitest.Workspace, c importCase) {
		w.Write(c.beside + c.config)
		w.MustExec("import", c.address, c.id(w))
	},
	"by block": func(w *clitest.Workspace, c importCase) {
		w.Write(c.beside + c.config + importing(c.address, c.id(w)))
	},
	"by for_each": func(w *clitest.Workspace, c importCase) {
		each := regexp.MustCompile(`(resource "[a-z_]+" "[a-z]+" \{)`).ReplaceAllString(c.config, "$1\n  for_each = toset([\"it\"])")
		w.Write(c.beside + each + fmt.Sprintf("import {\n  for_each = { it = %q }\n  to = %s[each.key]\n  id = each.value\n}\n", c.id(w), c.address))
	},
	"by identity": func(w *clitest.Workspace, c importCase) {
		w.Write(c.beside + c.config + fmt.Sprintf("import {\n  to = %s\n  identity = { %s }\n}\n", c.address, c.identity(w)))
	},
	"generated": func(w *clitest.Workspace, c importCase) {
		// Not every CLI knows the provider where there is no resource yet.
		block := importing(c.address, c.id(w))
		w.Write(c.beside + strings.Replace(block, "import {", "import {\n  provider = invoice", 1))
		// Before 1.9.3, Terraform writes the file and then fails where computed attributes are nested.
		planned := w.Plan("-generate-config-out=generated.tf")
		if _, err := os.Stat(filepath.Join(w.Dir, "generated.tf")); err != nil {
			w.T.Fatalf("%v: %s", err, planned)
		}
		withoutWriteOnly(w, planned)
		w.Write(c.beside + block)
	},
}

// What exists is imported in every way that the CLI has. Nothing is sent, and the plan is empty
// then; and so it is when the state was lost once more.
func TestImportInEveryWay(t *testing.T) {
	for name, c := range importCases {
		t.Run(name, func(t *testing.T) {
			var w *clitest.Workspace
			if c.isOfPayment {
				var payment string
				w, payment = newPaidWorkspace(t)
				c.config = strings.Replace(c.config, "PAYMENT", payment, 1)
			} else {
				w = newWorkspace(t)
			}
			w.MustApply(c.beside + c.config)
			w.Forget(c.address)
			for way, write := range importWays {
				t.Run(way, func(t *testing.T) {
					if way == "by identity" {
						clitest.NeedCLI(t, clitest.ImportByIdentity) // below it, TestImportByIdentity tests the protocol
					}
					importTwice(w.In(t), c, way, write)
				})
			}
		})
	}
}

func importTwice(w *clitest.Workspace, c importCase, way string, write func(*clitest.Workspace, importCase)) {
	w.T.Helper()
	w.Sandbox.ResetRequests()
	address := c.address
	if way == "by for_each" {
		address += `["it"]`
	}
	write(w, c)
	for range 2 {
		w.MustExec("validate")
		if way == "generated" {
			planned := w.Plan().Succeeds().Planned
			if action := planned[address]; action != "" && action != "import" {
				w.T.Errorf("%s is planned for a generated configuration", action)
			}
		}
		for at, action := range w.Apply().Succeeds().Planned {
			if action != "import" && action != "update" {
				w.T.Errorf("%s is planned for %s", action, at)
			}
		}
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Forget(address)
		if way == "by command" {
			w.MustExec("import", c.address, c.id(w))
		}
	}
	if way == "by command" {
		w.Forget(address)
	}
	for _, operation := range []string{"CreateTerminal", "CreatePayment", "ClosePayment", "CreateRefund"} {
		w.Sent(operation, 0)
	}
	w.SentNoChange()
	_ = os.Remove(filepath.Join(w.Dir, "generated.tf"))
}
