package provider

import (
	"fmt"
	"strings"
	"testing"
)

// Another terminal under the alias is no drift, since every link has the terminal's id.
func TestTerminalShownAsAnotherIsAnError(t *testing.T) {
	w := newWorkspace(t)
	config := terminalConfig + strings.Replace(linkBody, "invoice_terminal.web.id", branchAddress+".id", 1)
	w.MustApply(config)
	id := w.Terminals()[0].ID
	another := func(id, alias string) string {
		return w.GatewayThatAnswers(func(operation string) string {
			if operation == "GetTerminal" {
				return fmt.Sprintf(`{"id":%q,"alias":%s,"name":"Кофейня на Мира","description":"проспект Мира, 12","type":"static","defaultPrice":250,"canComments":true}`, id, alias)
			}
			return ""
		})
	}
	w.Write(config + another("other", "null"))
	w.Plan().Fails().ChangesNothing().Fails("The gateway shows another terminal", "The state has terminal "+id, `with terminal other`, "terraform state rm", "import {")
	w.StateHas(branchAddress, map[string]any{"id": id})
	// The same terminal in other letters names itself.
	w.Write(config + another(strings.ToUpper(id), `"MIRA-12"`))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Apply().Succeeds()
	w.StateHas(branchAddress, map[string]any{"id": id})
	// The answer names another terminal.
	w.Write(config + another(id, `"mira-13"`))
	w.Plan().Fails(`Cannot read terminal "mira-12"`, `terminal "mira-12" was asked for, and the answer is about "mira-13"`)
	w.Sent("CreatePayment", 1)
	// The way out is followed to its end: the other terminal is imported on purpose.
	w.Write(config + another("other", `"mira-12"`))
	w.Forget(branchAddress)
	w.MustExec("import", branchAddress, "mira-12")
	w.Plan().Succeeds().Changes(map[string]string{branchAddress: "update", linkAddress: "replace"})
}

// A terminal that is found or made under another alias is not adopted.
func TestTerminalOfAnotherAliasIsNotAdopted(t *testing.T) {
	for operation, says := range map[string]string{"GetTerminal": "Cannot look for the terminal before creating it", "CreateTerminal": "Cannot create the terminal"} {
		t.Run(operation, func(t *testing.T) {
			w := newWorkspace(t)
			w.Write(terminalConfig + w.GatewayThatAnswers(func(called string) string {
				if called == operation {
					return `{"id":"x","alias":"mira-13","name":"Кофейня на Мира","link":"https://p"}`
				}
				return ""
			}))
			w.Apply().Fails(says, `terminal "mira-12" was asked for, and the answer is about "mira-13"`)
			w.StateLacks(branchAddress)
		})
	}
}

// null, "" and a missing field are the same.
func TestTerminalWithoutTextsIsNoDrift(t *testing.T) {
	w := newWorkspace(t)
	nothing := []string{`,"description":null,"logo":null,"alias":null`, `,"description":"","logo":"","alias":""`, ``}
	calls := 0
	config := "resource \"invoice_terminal\" \"branch\" {\n  alias = \"a\"\n  name  = \"n\"\n}" + w.GatewayThatAnswers(func(operation string) string {
		if operation == "GetTerminal" && calls == 0 {
			calls++
			return `{"error":11,"description":"Терминал не найден"}`
		}
		calls++
		return `{"id":7,"name":"n","link":"https://p"` + nothing[calls%len(nothing)] + `}`
	})
	w.MustApply(config).SaysNothing()
	for range 3 {
		w.Apply().Succeeds().SaysNothing().ChangesNothing()
	}
	w.Forget(branchAddress)
	w.Apply().Succeeds().Warns("An existing object was adopted").SaysOnly("An existing object was adopted")
	w.Forget(branchAddress)
	w.MustExec("import", branchAddress, "a")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
}

func TestTerminalDataSourceShowsTheAlias(t *testing.T) {
	for dialect, alias := range map[string]any{"terminal_alias=shown": "mira-12", "terminal_alias=omitted": nil} {
		t.Run(dialect, func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.MustApply(terminalConfig)
			w.MustApply(terminalConfig + fmt.Sprintf("data \"invoice_terminal\" \"t\" {\n  id = %q\n}", w.Terminals()[0].ID))
			w.StateHas("data.invoice_terminal.t", map[string]any{"alias": alias, "name": "Кофейня на Мира"})
		})
	}
}

func TestTerminalIsNotAdoptedWhenForbidden(t *testing.T) {
	w := newWorkspace(t)
	forbidden := terminalConfig + providerWith(w, "adopt_existing = false")
	w.MustApply(forbidden)
	// A terminal that replaces itself is its own, so it is not forbidden.
	w.Apply("-replace=" + branchAddress).Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Forget(branchAddress)
	w.Apply().Fails("@alias", "The object already exists", `terminal "mira-12"`, "Nothing was created", `import { to = invoice_terminal.NAME id = "mira-12" }`)
	w.Sent("CreateTerminal", 1)
	w.Write(forbidden + importing(branchAddress, "mira-12"))
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
}

// An import without a contradiction leaves nothing to do, and a later change is an error like
// any other. A contradiction is an error in the plan that imports.
func TestTerminalImportThatDiffersIsAnError(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(terminalConfig)
	w.Forget(branchAddress)
	differs := withLine(terminalConfig, "name", `name = "Другая"`)
	w.Write(differs + importing(branchAddress, "mira-12"))
	w.Sandbox.ResetRequests()
	w.Plan().Fails("@name", "The imported object cannot be changed", `The gateway has name = "Кофейня на Мира"`, "Nothing was sent", "terraform state rm")
	w.Apply().Fails()
	w.StateLacks(branchAddress)
	// terraform import puts the terminal into the state before anybody compares.
	w.Write(differs)
	w.MustExec("import", branchAddress, "mira-12")
	w.Plan().Fails("@name", "The imported object cannot be changed")
	w.Sent("CreateTerminal", 0)
	w.MustApply(terminalConfig)
	w.Write(withLine(terminalConfig, "logo", `logo = "/other.png"`))
	w.Plan().Fails("@logo", "A terminal cannot be changed")
	w.Write(terminalConfig)
	w.Destroy().Succeeds()
}

func TestTerminalImportAllowsARewrittenDescription(t *testing.T) {
	w := newWorkspace(t, "rewrite_description=true")
	w.MustApply(terminalConfig)
	w.Forget(branchAddress)
	w.Write(terminalConfig + importing(branchAddress, "mira-12"))
	w.Plan().Succeeds().Warns("@description", "The configuration differs from the imported object", "филиал №7", "nothing is sent")
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas(branchAddress, map[string]any{"description": "проспект Мира, 12"})
}
