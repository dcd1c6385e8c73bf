package clitest_test

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/provider"
)

const terminal = `
resource "invoice_terminal" "web" {
  alias = "web"
  name  = "Сайт"
}
`

// This test is the page of the package as a program. A lost state costs nothing, since the
// terminal is found by its alias. A change that the gateway cannot make is an error at its
// line.
func TestTerminalIsFoundAgain(t *testing.T) {
	t.Parallel()
	w := clitest.New(t, provider.Server("test")())
	w.MustApply(terminal)
	w.Sent("CreateTerminal", 1)
	w.StateHas("invoice_terminal.web", map[string]any{"type": "dynamic", "id": w.Terminals()[0].ID})

	w.Forget("invoice_terminal.web")
	w.StateLacks("invoice_terminal.web")
	w.Apply().Succeeds().Warns("An existing object was adopted", "web")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("CreateTerminal", 1)

	w.Sandbox.ResetRequests()
	w.Write(strings.Replace(terminal, `alias = "web"`, `alias = ""`, 1))
	w.Plan().Fails("@alias", "must be between 1 and 50")
	w.Sent("CreateTerminal", 0)
}
