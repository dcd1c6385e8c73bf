package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

func TestTerminalAppliedAgainIsAdopted(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.MustApply(terminalConfig)
		w.StateHas(branchAddress, map[string]any{
			"default_price": "250", "type": "static", "description": "проспект Мира, 12", "can_comments": true, "logo": "/logos/mira.png",
			"id": w.Terminals()[0].ID, "url": w.URL + "/invoice/terminal/" + w.Terminals()[0].ID,
		})
		w.Destroy().Succeeds().Warns("The terminal stays at the gateway", `"mira-12"`)
		w.StateLacks(branchAddress)
		w.MustApply(terminalConfig)
		if got := len(w.Terminals()); got != 1 {
			t.Errorf("%d terminals, want one per alias", got)
		}
		w.Sent("CreateTerminal", 1)
	})
}

// The gateway chooses what is not set, and its choice is no drift.
func TestTerminalLeavesDefaultsToTheGateway(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(`resource "invoice_terminal" "branch" {
  alias = "a"
  name  = "n"
}`)
	body := w.Sandbox.Requests("CreateTerminal")[0].Body
	if body != `{"name":"n","alias":"a"}` {
		t.Errorf("sent %s", body)
	}
	if w.Attributes(branchAddress)["type"] == nil {
		t.Error("type is null, want the gateway's choice")
	}
}

func TestTerminalAmountWrittenOtherwiseIsTheSame(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(terminalConfig)
	w.Write(withLine(terminalConfig, "default_price", `default_price = "250.00"`))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
}

func TestTerminalAdoptsTheSame(t *testing.T) {
	w := newWorkspace(t, "rewrite_description=true")
	w.MustApply(terminalConfig)
	w.Forget(branchAddress)
	w.Sandbox.ResetRequests()
	w.MustApply(terminalConfig).Warns("The adopted terminal has another description", "@description", "филиал №7").
		Warns("@alias", "An existing object was adopted", `terminal "mira-12"`, "only makes Terraform forget it")
	w.Sent("CreateTerminal", 0)
	w.StateHas(branchAddress, map[string]any{"description": "проспект Мира, 12"})
}

func TestTerminalAliasTakenByAnotherIsAnError(t *testing.T) {
	for _, dialect := range []string{"taken_alias=error", "taken_alias=existing"} {
		t.Run(dialect, func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.MustApply(terminalConfig)
			w.Forget(branchAddress)
			w.Sandbox.ResetRequests()
			w.Write(withLine(withLine(terminalConfig, "name", `name = "Другая"`), "default_price", `default_price = "300"`))
			w.Apply().Fails("@alias", "The alias is taken by another terminal", `name: "Другая" is wanted, the gateway has "Кофейня на Мира"`,
				`default_price: "300.00" is wanted, the gateway has "250.00"`, `import { to = invoice_terminal.NAME id = "mira-12" }`)
			w.Sent("CreateTerminal", 0)
			w.StateLacks(branchAddress)
		})
	}
}

// Somebody else takes the alias between the look-up and the creation.
func TestTerminalAliasTakenInBetweenIsAdopted(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(terminalConfig)
	w.Forget(branchAddress)
	lookedUp := false
	w.Write(terminalConfig + w.GatewayThatAnswers(func(operation string) string {
		if operation != "GetTerminal" || lookedUp {
			return ""
		}
		lookedUp = true
		return `{"error":11,"description":"Терминал не найден"}`
	}))
	w.Apply().Succeeds()
	w.StateHas(branchAddress, map[string]any{"id": w.Terminals()[0].ID})
	if got := len(w.Terminals()); got != 1 {
		t.Errorf("%d terminals, want 1", got)
	}
}

// Two resources with one alias are created at once. The second finds the first.
func TestTerminalTwiceInOneRunIsCreatedOnce(t *testing.T) {
	w := newWorkspace(t)
	w.Write(terminalConfig + strings.ReplaceAll(terminalConfig, `"branch"`, `"twin"`))
	w.Apply().Succeeds()
	w.Sent("CreateTerminal", 1)
}

func TestTerminalDriftIsAWarning(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(terminalConfig)
	err := w.Sandbox.InvoiceAPI.Terminals.Update("mira-12", func(t *invoiceapi.Terminal) { t.Name, t.DefaultPrice = "Чужое имя", "999" })
	if err != nil {
		t.Fatal(err)
	}
	w.Plan().Succeeds().ChangesNothing().Warns("A terminal was changed at the gateway",
		`name: "Кофейня на Мира" was applied, the gateway now has "Чужое имя"`, `default_price: "250" was applied, the gateway now has "999.00"`)
	w.Apply().Succeeds().ChangesNothing()
	w.StateHas(branchAddress, map[string]any{"name": "Кофейня на Мира", "default_price": "250"})
	w.Destroy().Succeeds()
}

func TestTerminalChangeIsAnErrorInThePlan(t *testing.T) {
	for attribute, line := range map[string]string{
		"name": `name = "Другое имя"`, "description": `description = "другое"`, "type": `type = "dynamic"`,
		"default_price": `default_price = "251"`, "can_comments": `can_comments = false`, "logo": `logo = "/other.png"`,
	} {
		t.Run(attribute, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(terminalConfig)
			w.Sandbox.ResetRequests()
			w.Write(withLine(terminalConfig, attribute, line))
			w.Plan().Fails("@"+attribute, "A terminal cannot be changed", "put "+attribute+" back", "give a new alias", "add a new resource", "terraform state rm")
			w.Sent("CreateTerminal", 0)
		})
	}
}

func TestTerminalNewAliasIsAnotherTerminal(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(terminalConfig)
	w.Write(withLine(withLine(terminalConfig, "alias", `alias = "mira-14"`), "name", `name = "Дом 14"`))
	w.Plan().Succeeds().Changes(map[string]string{branchAddress: "replace"}).
		Warns("@alias", "A new terminal will be created", `"mira-12"`, "can still take payments")
	w.Apply().Succeeds()
	if got := len(w.Terminals()); got != 2 {
		t.Errorf("%d terminals, want the old one and the new one", got)
	}
	w.Plan().Succeeds().ChangesNothing()
}

func TestTerminalImportSendsNothing(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.MustApply(terminalConfig)
		w.Forget(branchAddress)
		w.Write(terminalConfig + importing(branchAddress, "mira-12"))
		w.Sandbox.ResetRequests()
		// The logo comes from the configuration.
		w.Plan().Succeeds().Changes(map[string]string{branchAddress: "update"}).
			Warns("An imported terminal is only changed in the state", "logo", "nothing is sent")
		w.Apply().Succeeds()
		w.Sent("CreateTerminal", 0)
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.StateHas(branchAddress, map[string]any{"logo": "/logos/mira.png", "description": "проспект Мира, 12", "default_price": "250.00"})
		w.Destroy().Succeeds()
	})
}

func TestTerminalImportOfNoneIsAnError(t *testing.T) {
	w := newWorkspace(t)
	w.Write(terminalConfig)
	output, ok := w.Exec("import", branchAddress, "mira-12")
	if ok || !strings.Contains(output, `Cannot import terminal "mira-12"`) {
		t.Errorf("import: %s", output)
	}
}

func TestGoneTerminalIsCreatedAgain(t *testing.T) {
	for _, dialect := range []string{"error_status=400", "error_status=200"} {
		t.Run(dialect, func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.MustApply(terminalConfig)
			if err := w.Sandbox.InvoiceAPI.Terminals.Delete("mira-12"); err != nil {
				t.Fatal(err)
			}
			w.Plan().Succeeds().Changes(map[string]string{branchAddress: "create"}).
				Warns(`Gone at the gateway: terminal "mira-12"`, "knows no terminal with this alias")
			w.Destroy().Succeeds()
		})
	}
}

// Wrong credentials look like any error of the gateway. They do not mean that the terminal is
// gone.
func TestTerminalWrongCredentialsAreNotGone(t *testing.T) {
	for _, dialect := range []string{"error_status=400", "error_status=200"} {
		t.Run(dialect, func(t *testing.T) {
			w := newWorkspace(t, dialect)
			w.MustApply(terminalConfig)
			w.Write(terminalConfig + strings.ReplaceAll(clitest.ProviderBlock(w.URL), invoiceapi.TestAPIKey, "wrong"))
			w.Plan().Fails(`Cannot read terminal "mira-12"`, "Invoice API v2, GetTerminal", "error 0", "INVOICE_API_KEY")
			w.Write(terminalConfig)
			w.Plan().Succeeds().ChangesNothing()
		})
	}
}

func TestStaticTerminalWithoutPriceIsAWarning(t *testing.T) {
	w := newWorkspace(t)
	w.Write(withLine(terminalConfig, "default_price", ""))
	w.Plan().Succeeds().Warns("A static terminal has no default_price", "default_price says which")
	w.Write(withLine(withLine(terminalConfig, "default_price", ""), "type", `type = "dynamic"`))
	w.Plan().Succeeds().SaysNothing()
}

func TestTerminalInputIsCheckedInThePlan(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ж", n) }
	cases := map[string]badLine{
		"alias empty":        {"alias", `alias = ""`, "UTF-8 character count must be between 1 and 50"},
		"alias too long":     {"alias", fmt.Sprintf("alias = %q", long(51)), "must be between 1 and 50"},
		"name too long":      {"name", fmt.Sprintf("name = %q", long(51)), "must be between 1 and 50"},
		"description long":   {"description", fmt.Sprintf("description = %q", long(201)), "must be between 1 and 200"},
		"type unknown":       {"type", `type = "statical"`, `value must be one of: ["static" "dynamic"]`},
		"logo not a URL":     {"logo", `logo = "ftp://example.com/a.png"`, "does not begin with http:// or https://"},
		"price negative":     {"default_price", `default_price = "-1"`, `"-1" is negative. It must be a positive decimal number with at most two decimals`},
		"price zero":         {"default_price", `default_price = "0.00"`, `"0.00" is zero`},
		"three decimals":     {"default_price", `default_price = "1.005"`, `"1.005" has more decimals than allowed`},
		"price a word":       {"default_price", `default_price = "ten"`, `"ten" is not a decimal number`},
		"price with an e":    {"default_price", `default_price = "1e3"`, `"1e3" is not a decimal number`},
		"price with a comma": {"default_price", `default_price = "10,50"`, `"10,50" is not a decimal number (write a point, not a comma)`},
	}
	refusesLines(t, terminalConfig, cases)
	t.Run("50 characters are not 100 bytes", func(t *testing.T) {
		w := newWorkspace(t)
		w.Write(withLine(terminalConfig, "name", fmt.Sprintf("name = %q", long(50))))
		w.Plan().Succeeds().SaysNothing()
	})
}

// Each fault hits the creation once. One terminal comes of it, without an error.
func TestTerminalIsCreatedOnceThroughFaults(t *testing.T) {
	for name, fault := range creationFaults {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.FailOnce("CreateTerminal", fault)
			w.MustApply(terminalConfig)
			if got := len(w.Terminals()); got != 1 {
				t.Errorf("%d terminals, want 1", got)
			}
		})
	}
}

// creationFaults end well where a key can be looked up. Only 429 proves that nothing was done.
var creationFaults = map[string]sandbox.Fault{
	"lost answer":          {Kind: sandbox.FaultLostAnswer},
	"half a body":          {Kind: sandbox.FaultHalfBody},
	"done, then 500":       {Kind: sandbox.FaultStatusAfter, Status: 500},
	"done, then 502":       {Kind: sandbox.FaultStatusAfter, Status: 502},
	"done, then 503 later": {Kind: sandbox.FaultStatusAfter, Status: 503, RetryAfter: "0"},
	"done, then 504":       {Kind: sandbox.FaultStatusAfter, Status: 504},
	"500":                  {Kind: sandbox.FaultStatus, Status: 500},
	"503 come later":       {Kind: sandbox.FaultStatus, Status: 503, RetryAfter: "0"},
	"429":                  {Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "0"},
	"HTML with 200":        {Kind: sandbox.FaultHTML},
}

// abandonedFaults leave work that may end long after, since somebody stopped waiting for the
// gateway. In truth the gateway does nothing.
var abandonedFaults = map[string]sandbox.Fault{
	"504": {Kind: sandbox.FaultStatus, Status: 504},
	"408": {Kind: sandbox.FaultStatus, Status: 408},
}

func TestTerminalThatMayStillComeIsNotSentAgainAtOnce(t *testing.T) {
	for name, fault := range abandonedFaults {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.FailOnce("CreateTerminal", fault)
			w.Write(terminalConfig)
			w.Apply().Fails("Cannot create the terminal", "it was looked up by its alias and is not there, but it may still come")
			w.Sent("CreateTerminal", 1)
			w.MustApply(terminalConfig)
			w.Sent("CreateTerminal", 2)
		})
	}
}

// What GetTerminal leaves out is neither drift nor a difference.
func TestTerminalReadThatGivesBackLessIsNoDrift(t *testing.T) {
	w := newWorkspace(t)
	config := terminalConfig + w.GatewayThatAnswers(func(operation string) string {
		if operation == "GetTerminal" && len(w.Terminals()) > 0 {
			return `{"id":"` + w.Terminals()[0].ID + `","link":"https://p"}`
		}
		return ""
	})
	w.Write(config)
	w.Apply().Succeeds()
	w.Apply().Succeeds().SaysNothing().ChangesNothing()
	w.Forget(branchAddress)
	w.Apply().Succeeds()
	w.Sent("CreateTerminal", 1)
}

func TestTerminalNameMayBeUnknownInThePlan(t *testing.T) {
	w := newWorkspace(t)
	config := withLine(terminalConfig, "name", "name = terraform_data.x.output") + "resource \"terraform_data\" \"x\" {\n input = \"N\"\n triggers_replace = TRIGGER\n}"
	w.Write(strings.Replace(config, "TRIGGER", "1", 1))
	w.Apply().Succeeds()
	w.Write(strings.Replace(config, "TRIGGER", "2", 1))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.Sent("CreateTerminal", 1)
}
