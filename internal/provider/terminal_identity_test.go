package provider

import (
	"fmt"
	"strings"
	"testing"
)

const branchAddress = "invoice_terminal.branch"

// Another terminal under the alias is no drift: every link has the terminal's id.
func TestTerminalShownAsAnother(t *testing.T) {
	w := newWorkspace(t)
	config := terminalConfig + strings.Replace(linkBody, "invoice_terminal.web.id", branchAddress+".id", 1)
	w.mustApply(config)
	id := w.terminals()[0].ID
	another := func(id, alias string) string {
		return w.through(func(operation string) string {
			if operation == "GetTerminal" {
				return fmt.Sprintf(`{"id":%q,"alias":%s,"name":"Кофейня на Мира","description":"проспект Мира, 12","type":"static","defaultPrice":250,"canComments":true}`, id, alias)
			}
			return ""
		})
	}
	w.write(config + another("other", "null"))
	w.plan().fails().changes(nil).errors("The gateway shows another terminal", "The state has terminal "+id, `with terminal other`, "terraform state rm", "import {")
	w.inState(branchAddress, map[string]any{"id": id})
	// It is the same one in other letters, and names itself.
	w.write(config + another(strings.ToUpper(id), `"MIRA-12"`))
	w.plan().succeeds().quiet().changes(nil)
	w.apply().succeeds()
	w.inState(branchAddress, map[string]any{"id": id})
	// It names another.
	w.write(config + another(id, `"mira-13"`))
	w.plan().fails().errors(`Cannot read terminal "mira-12"`, `terminal "mira-12" was asked for, and the answer is about "mira-13"`)
	w.sent("CreatePayment", 1)
	// The way out is followed to its end: the other one is taken, on purpose.
	w.write(config + another("other", `"mira-12"`))
	w.cli("state", "rm", branchAddress)
	w.cli("import", branchAddress, "mira-12")
	w.plan().succeeds().changes(map[string]string{branchAddress: "update", linkAddress: "replace"})
}

// A terminal that is found or made under another alias is nobody's to take.
func TestTerminalOfAnotherAlias(t *testing.T) {
	for operation, says := range map[string]string{"GetTerminal": "Cannot look for the terminal before creating it", "CreateTerminal": "Cannot create the terminal"} {
		t.Run(operation, func(t *testing.T) {
			w := newWorkspace(t)
			w.write(terminalConfig + w.through(func(called string) string {
				if called == operation {
					return `{"id":"x","alias":"mira-13","name":"Кофейня на Мира","link":"https://p"}`
				}
				return ""
			}))
			w.apply().fails().errors(says, `terminal "mira-12" was asked for, and the answer is about "mira-13"`)
			w.notInState(branchAddress)
		})
	}
}

// null, "" and nothing at all are one.
func TestTerminalWithoutTexts(t *testing.T) {
	w := newWorkspace(t)
	nothing := []string{`,"description":null,"logo":null,"alias":null`, `,"description":"","logo":"","alias":""`, ``}
	calls := 0
	config := "resource \"invoice_terminal\" \"branch\" {\n  alias = \"a\"\n  name  = \"n\"\n}" + w.through(func(operation string) string {
		if operation == "GetTerminal" && calls == 0 {
			calls++
			return `{"error":11,"description":"Терминал не найден"}`
		}
		calls++
		return `{"id":7,"name":"n","link":"https://p"` + nothing[calls%len(nothing)] + `}`
	})
	w.mustApply(config).quiet()
	for range 3 {
		w.apply().succeeds().quiet().changes(nil)
	}
	w.cli("state", "rm", branchAddress)
	w.apply().succeeds().warns("An existing object was adopted").quietBut("An existing object was adopted")
	w.cli("state", "rm", branchAddress)
	w.cli("import", branchAddress, "a")
	w.plan().succeeds().quiet().changes(nil)
}

func TestTerminalDataSourceShowsTheAlias(t *testing.T) {
	for dialect, alias := range map[string]any{"terminal_alias=shown": "mira-12", "terminal_alias=omitted": nil} {
		t.Run(dialect, func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.mustApply(terminalConfig)
			w.mustApply(terminalConfig + fmt.Sprintf("data \"invoice_terminal\" \"t\" {\n  id = %q\n}", w.terminals()[0].ID))
			w.inState("data.invoice_terminal.t", map[string]any{"alias": alias, "name": "Кофейня на Мира"})
		})
	}
}

func TestTerminalAdoptExistingFalse(t *testing.T) {
	w := newWorkspace(t)
	forbidden := terminalConfig + strings.Replace(providerBlock(w.server.URL), "max_retries = 2", "max_retries = 2\n  adopt_existing = false", 1)
	w.mustApply(forbidden)
	// A terminal that replaces itself is adopted by nobody else.
	w.run("apply", "-auto-approve", "-replace="+branchAddress).succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.cli("state", "rm", branchAddress)
	w.apply().fails().errors("@alias", "The object exists already", `terminal "mira-12"`, "Nothing was created", `import { to = invoice_terminal.NAME id = "mira-12" }`)
	w.sent("CreateTerminal", 1)
	w.write(forbidden + "import {\n  to = " + branchAddress + "\n  id = \"mira-12\"\n}")
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
}

// Without a contradiction there is nothing to do, and afterwards a change is an
// error like any other. With one, the plan that imports it is an error.
func TestTerminalImportDiffers(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(terminalConfig)
	w.cli("state", "rm", branchAddress)
	differs := withLine(terminalConfig, "name", `name = "Другая"`)
	w.write(differs + "import {\n  to = " + branchAddress + "\n  id = \"mira-12\"\n}")
	w.sandbox.ResetRequests()
	w.plan().fails().errors("@name", "The imported object cannot be changed", `The gateway has name = "Кофейня на Мира"`, "Nothing was sent", "terraform state rm")
	w.apply().fails()
	w.notInState(branchAddress)
	// By the command it is in the state before anybody compares.
	w.write(differs)
	w.cli("import", branchAddress, "mira-12")
	w.plan().fails().errors("@name", "The imported object cannot be changed")
	w.sent("CreateTerminal", 0)
	w.mustApply(terminalConfig)
	w.write(withLine(terminalConfig, "logo", `logo = "/other.png"`))
	w.plan().fails().errors("@logo", "A terminal cannot be changed")
	w.write(terminalConfig)
	w.destroy().succeeds()
}

func TestTerminalImportOfARewrittenDescription(t *testing.T) {
	w := newWorkspace(t, "rewrite_description=true")
	w.mustApply(terminalConfig)
	w.cli("state", "rm", branchAddress)
	w.write(terminalConfig + "import {\n  to = " + branchAddress + "\n  id = \"mira-12\"\n}")
	w.plan().succeeds().warns("@description", "The configuration differs from the imported object", "филиал №7", "nothing is sent")
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.inState(branchAddress, map[string]any{"description": "проспект Мира, 12"})
}
