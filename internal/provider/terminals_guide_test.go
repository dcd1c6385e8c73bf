package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

const terminalsGuide = "guides/terminals-for-a-chain"

// rewriteFile replaces texts in a file of the workspace. Each has to be there.
func rewriteFile(w *clitest.Workspace, name string, oldNew ...string) {
	w.T.Helper()
	text, err := os.ReadFile(filepath.Join(w.Dir, name))
	w.Must(err)
	for i := 0; i < len(oldNew); i += 2 {
		if !strings.Contains(string(text), oldNew[i]) {
			w.T.Fatalf("%s lacks %q", name, oldNew[i])
		}
	}
	w.WriteFile(name, strings.NewReplacer(oldNew...).Replace(string(text)))
}

// newChain is a workspace in which the guide's terminals were applied, with further configuration.
func newChain(t *testing.T, more string) *clitest.Workspace {
	t.Helper()
	w := newWorkspace(t)
	copyExample(w, terminalsGuide)
	w.WriteFile("more.tf", more)
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	return w
}

// The guide says what each change of the file does.
func TestTerminalsGuideFollowsItsFile(t *testing.T) {
	w := newChain(t, "")
	cards := outputOf(w, "-raw", "cards")
	for _, terminal := range w.Terminals() {
		if !strings.Contains(cards, "<h1>"+terminal.Name+"</h1>") || !strings.Contains(cards, w.URL+"/invoice/terminal/"+terminal.ID) {
			t.Errorf("the cards lack %s: %s", terminal.Alias, cards)
		}
	}

	// A rename is said, and holds nothing up.
	rewriteFile(w, "tills.csv", "Киоск на вокзале", "Кофе на вокзале", "улица Ленина, 5", "улица Ленина, 6")
	w.Plan().Succeeds().ChangesNothing().Warns("Check block assertion failed",
		`chain-vokzal: the file has the name "Кофе на вокзале", the page was made with "Киоск на вокзале"`,
		`chain-lenina-5: the file has the description "улица Ленина, 6"`)
	w.Apply().Succeeds()
	w.Sent("CreateTerminal", 3)

	// Another price is an error.
	rewriteFile(w, "tills.csv", "250.00", "270.00")
	w.Plan().Fails("@default_price", "A terminal cannot be changed")

	// A new alias is another terminal. The old one stays at the gateway.
	rewriteFile(w, "tills.csv", "chain-vokzal,", "chain-vokzal-270,", "улица Ленина, 6", "улица Ленина, 5")
	w.Apply().Succeeds().SaysOnly("The terminal")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	if got := len(w.Terminals()); got != 4 {
		t.Errorf("the gateway has %d terminals, want 4", got)
	}

	// A row that comes back finds its terminal.
	rewriteFile(w, "tills.csv", "chain-vokzal-270,", "chain-vokzal,", "270.00", "250.00", "Кофе на вокзале", "Киоск на вокзале")
	w.Apply().Succeeds().Warns("An existing object was adopted", "chain-vokzal")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("CreateTerminal", 4)
}

const chainLinks = `
resource "invoice_payment_link" "order" {
  for_each    = toset(["chain-1", "chain-2"])
  terminal_id = invoice_terminal.till["chain-vokzal"].id
  order_id    = each.key
  amount      = "250.00"
  receipt     = []
}
`

// A terminal that was renamed at the gateway is imported again. Its links stay as they are.
func TestTerminalsGuideTakesOverARename(t *testing.T) {
	w := newChain(t, chainLinks)
	rewriteFile(w, "tills.csv", "Киоск на вокзале", "Кофе на вокзале")
	w.Must(w.Sandbox.InvoiceAPI.Terminals.Update("chain-vokzal", func(t *invoiceapi.Terminal) { t.Name = "Кофе на вокзале" }))
	w.Plan().Succeeds().ChangesNothing().Warns("A terminal was changed at the gateway").Warns("Check block assertion failed")

	const address = `invoice_terminal.till["chain-vokzal"]`
	w.Forget(address)
	w.MustExec("import", "-no-color", address, "chain-vokzal")
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas(address, map[string]any{"name": "Кофе на вокзале"})
	w.PaymentsAre("init init")
}

// Links follow their terminal to a new alias, unless they are paid.
func TestTerminalsGuideReplacesLinks(t *testing.T) {
	w := newChain(t, chainLinks)
	w.WriteFile("more.tf", strings.ReplaceAll(chainLinks, "chain-vokzal", "chain-vokzal-270"))
	rewriteFile(w, "tills.csv", "chain-vokzal,", "chain-vokzal-270,")
	w.Apply().Succeeds().Warns("A new payment link will be issued")
	w.PaymentsAre("closed closed init init")

	w.Must(w.Sandbox.InvoiceAPI.Pay(w.Payments()[2].ID, invoiceapi.TestCard))
	w.WriteFile("more.tf", strings.ReplaceAll(chainLinks, "chain-vokzal", "chain-vokzal-290"))
	rewriteFile(w, "tills.csv", "chain-vokzal-270,", "chain-vokzal-290,")
	w.Plan().Succeeds() // which does not know the id of the new terminal yet
	w.Apply().Fails("A paid payment link cannot be changed")
}

// A resource of its own moves into the file.
func TestTerminalsGuideMoves(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(`
resource "invoice_terminal" "mira" {
  alias       = "chain-mira-12"
  name        = "Кофейня на Мира"
  description = "проспект Мира, 12, вход со двора"
  type        = "dynamic"
}
`)
	w.Must(os.Remove(filepath.Join(w.Dir, "main.tf")))
	copyExample(w, terminalsGuide)
	w.WriteFile("moved.tf", `
moved {
  from = invoice_terminal.mira
  to   = invoice_terminal.till["chain-mira-12"]
}
`)
	w.Apply().Succeeds().SaysNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("CreateTerminal", 3)
}

// What is wrong with the file is one error, and none of it reaches the gateway.
func TestTerminalsGuideFindsMistakes(t *testing.T) {
	w := newWorkspace(t)
	copyExample(w, terminalsGuide)
	right, err := os.ReadFile(filepath.Join(w.Dir, "tills.csv"))
	w.Must(err)
	const columns = "tills.csv has the columns alias, name, description and price"
	for what, c := range map[string]struct{ file, want string }{
		"mistyped column": {strings.Replace(string(right), "description", "descriptn", 1), columns},
		"missing column":  {"alias,name,description\nchain-1,Касса,\n", columns},
		"further column":  {"alias,name,description,price,logo\nchain-1,Касса,,,\n", columns},
		"semicolons":      {strings.ReplaceAll(string(right), ",", ";"), columns},
		"Windows-1251":    {"alias,name,description,price\nchain-1,\xca\xe0\xf1\xf1\xe0,,\n", columns},
		"no till":         {"alias,name,description,price\n", columns},
		"alias twice":     {string(right) + "chain-vokzal,Киоск,,\n", "have the same alias"},
		"space":           {string(right) + "chain-x ,Киоск,,\n", "no space around them"},
		"comma":           {string(right) + "chain-x,Киоск,,\"250,00\"\n", "write a point, not a comma"},
	} {
		w.WriteFile("tills.csv", c.file)
		planned := w.Plan().Fails(c.want)
		if len(planned.Messages) != 1 {
			t.Errorf("%s: %d messages, want 1:\n%s", what, len(planned.Messages), planned)
		}
	}
	w.SentNothing()
	w.WriteFile("tills.csv", "\ufeff"+string(right))
	w.Apply().Succeeds().SaysNothing()
	w.Sent("CreateTerminal", 3)
}
