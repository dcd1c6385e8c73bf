package provider

import (
	"fmt"
	"strings"
	"testing"
)

// twin is the link once more, under another name.
var linkTwin = strings.Replace(linkBody, `"order"`, `"twin"`, 1)

// One known order id on two links is an error in the plan, whichever Terraform
// looks at first, and whether one is stored or not.
func TestLinkOrderIDTwice(t *testing.T) {
	w := newWorkspace(t)
	w.write(linkConfig + linkTwin)
	w.plan().fails().errors("@order_id", "Two payment links have one order_id", `"order-1"`, "moved block")
	w.apply().fails().errors("@order_id", "Two payment links have one order_id")
	w.sent("CreatePayment", 0)
	w.mustApply(linkConfig)
	w.write(linkConfig + linkTwin)
	for range 3 {
		w.plan().fails().errors("@order_id", "Two payment links have one order_id")
	}
	// Another one is changed to the same order.
	other := withLine(linkTwin, "order_id", `order_id = "order-2"`)
	w.mustApply(linkConfig + other)
	w.write(linkConfig + withLine(linkTwin, "order_id", `order_id = "order-1"`))
	w.plan().fails().errors("@order_id", "Two payment links have one order_id")
	w.sent("CreatePayment", 2)
	w.statuses("init init")
}

// The order id is only known when it is applied: the second link takes nothing over.
func TestLinkOrderIDTwiceOnceItIsKnown(t *testing.T) {
	w := newWorkspace(t)
	late := "resource \"terraform_data\" \"x\" {\n input = \"order-1\"\n}"
	w.write(withLine(linkConfig, "order_id", "order_id = terraform_data.x.output") + withLine(linkTwin, "order_id", "order_id = terraform_data.x.output") + late)
	w.apply().fails().errors("@order_id", "Two payment links have one order_id")
	w.sent("CreatePayment", 1)
	w.statuses("init")
}

// What looks like two owners of one order, and is one.
func TestLinkOrderIDOnceInEveryPlan(t *testing.T) {
	many := linkTerminal + `
resource "invoice_payment_link" "order" {
  count       = 12
  terminal_id = invoice_terminal.web.id
  amount      = "10"
  order_id    = "order-${count.index}"
  receipt     = []
  LIFECYCLE
}`
	for name, lifecycle := range map[string]string{"destroyed first": "", "created first": "lifecycle {\n create_before_destroy = true\n }"} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			config := strings.Replace(many, "LIFECYCLE", lifecycle, 1)
			w.mustApply(config)
			one := linkAddress + "[3]"
			w.run("apply", "-auto-approve", "-replace="+one, "-replace="+linkAddress+"[4]").succeeds()
			w.cli("taint", one)
			w.apply().succeeds()
			w.cli("plan", "-out=saved", "-replace="+one)
			w.run("apply", "saved").succeeds()
			w.plan().succeeds().changes(nil)
			// All are changed, and two change places.
			config = strings.Replace(config, `"10"`, `"11"`, 1)
			config = strings.Replace(config, "order-${count.index}", "order-${count.index == 0 ? 1 : count.index == 1 ? 0 : count.index}", 1)
			w.write(config)
			w.plan().succeeds()
			if lifecycle == "" {
				w.apply().succeeds()
				w.plan().succeeds().changes(nil)
			}
		})
	}
}

func TestLinkOrderIDMovesToAnotherAddress(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	moved := linkTerminal + linkTwin
	w.write(moved + "moved {\n  from = " + linkAddress + "\n  to = invoice_payment_link.twin\n}")
	w.plan().succeeds()
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	w.sent("CreatePayment", 1)
	// Without a moved block it is destroyed here and adopted or issued there, never both.
	w.write(linkConfig)
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	open := 0
	for _, payment := range w.payments() {
		if payment.Status == "init" {
			open++
		}
	}
	if open != 1 {
		t.Errorf("%d open payments, want 1: %+v", open, w.payments())
	}
	// An import block beside the configuration is one, too.
	w.cli("state", "rm", linkAddress)
	all := w.payments()
	w.write(linkConfig + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}", linkAddress, all[len(all)-1].ID))
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
}

// Adopting is said, and can be forbidden, in the provider block or the environment.
func TestLinkAdoptExistingFalse(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	id := w.onlyPayment().ID
	w.cli("state", "rm", linkAddress)
	forbidden := strings.Replace(providerBlock(w.server.URL), "max_retries = 2", "max_retries = 2\n  adopt_existing = false", 1)
	w.write(linkConfig + forbidden)
	block := fmt.Sprintf("import {\n  to = invoice_payment_link.NAME\n  id = %q\n}", id)
	w.apply().fails().errors("@order_id", "The object exists already", id, "Nothing was created", strings.Join(strings.Fields(block), " "))
	w.notInState(linkAddress)
	w.sent("CreatePayment", 1)
	// The import block that is printed works.
	w.write(linkConfig + forbidden + strings.Replace(block, "invoice_payment_link.NAME", linkAddress, 1))
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.destroy().succeeds()
	w.statuses("closed")
}

// The variable of the environment says the same; not in parallel, since it is
// everybody's.
func TestAdoptExistingInTheEnvironment(t *testing.T) {
	w := newWorkspaceBeside(t)
	w.mustApply(linkConfig)
	w.cli("state", "rm", linkAddress, "invoice_terminal.web")
	t.Setenv("INVOICE_ADOPT_EXISTING", "false")
	w.write(linkTerminal)
	w.apply().fails().errors("@alias", "The object exists already", `terminal "web"`, "import {")
	t.Setenv("INVOICE_ADOPT_EXISTING", "perhaps")
	w.plan().fails().errors("Invalid environment variable", `INVOICE_ADOPT_EXISTING="perhaps"`, "true or false")
	t.Setenv("INVOICE_ADOPT_EXISTING", "true")
	w.write(linkConfig)
	w.apply().succeeds().warns("@alias", "An existing object was adopted").warns("@order_id", "An existing object was adopted")
	w.sent("CreatePayment", 1)
}

// A link that replaces itself with create_before_destroy, and the open payment
// that is its own.
func TestLinkAdoptsItsOwn(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(createFirst(linkConfig))
	w.write(strings.Replace(createFirst(linkConfig), `"Воронка"`, `"Фильтр"`, 1))
	w.apply().succeeds().warns("@order_id", "An existing object was adopted", w.onlyPayment().ID)
	w.sent("CreatePayment", 1)
	w.statuses("init")
}
