package provider

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

// One known order id on two links is an error in the plan, whichever Terraform
// looks at first, and whether one is stored or not.
func TestLinkOrderIDTwiceIsAnError(t *testing.T) {
	w := newWorkspace(t)
	w.Write(linkConfig + linkTwin)
	w.Plan().Fails("@order_id", "Two payment links have one order_id", `"order-1"`, "moved block")
	w.Apply().Fails("@order_id", "Two payment links have one order_id")
	w.Sent("CreatePayment", 0)
	w.MustApply(linkConfig)
	w.Write(linkConfig + linkTwin)
	for range 3 {
		w.Plan().Fails("@order_id", "Two payment links have one order_id")
	}
	// Another one is changed to the same order.
	other := withLine(linkTwin, "order_id", `order_id = "order-2"`)
	w.MustApply(linkConfig + other)
	w.Write(linkConfig + withLine(linkTwin, "order_id", `order_id = "order-1"`))
	w.Plan().Fails("@order_id", "Two payment links have one order_id")
	w.Sent("CreatePayment", 2)
	w.PaymentsAre("init init")
}

// The order id is only known when it is applied: the second link takes nothing over.
func TestLinkOrderIDTwiceIsAnErrorOnceKnown(t *testing.T) {
	w := newWorkspace(t)
	late := "resource \"terraform_data\" \"x\" {\n input = \"order-1\"\n}"
	w.Write(withLine(linkConfig, "order_id", "order_id = terraform_data.x.output") + withLine(linkTwin, "order_id", "order_id = terraform_data.x.output") + late)
	w.Apply().Fails("@order_id", "Two payment links have one order_id")
	w.Sent("CreatePayment", 1)
	w.PaymentsAre("init")
}

// What looks like two owners of one order, and is one.
func TestLinkOrderIDOnceIsNoError(t *testing.T) {
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
			w.MustApply(config)
			one := linkAddress + "[3]"
			w.Apply("-replace="+one, "-replace="+linkAddress+"[4]").Succeeds()
			w.MustExec("taint", one)
			w.Apply().Succeeds()
			w.MustExec("plan", "-out=saved", "-replace="+one)
			w.Run("apply", "saved").Succeeds()
			w.Plan().Succeeds().ChangesNothing()
			// All are changed, and two change places.
			config = strings.Replace(config, `"10"`, `"11"`, 1)
			config = strings.Replace(config, "order-${count.index}", "order-${count.index == 0 ? 1 : count.index == 1 ? 0 : count.index}", 1)
			w.Write(config)
			w.Plan().Succeeds()
			if lifecycle == "" {
				w.Apply().Succeeds()
				w.Plan().Succeeds().ChangesNothing()
			}
		})
	}
}

func TestLinkOrderIDMayMoveToAnotherAddress(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	moved := linkTerminal + linkTwin
	w.Write(moved + "moved {\n  from = " + linkAddress + "\n  to = invoice_payment_link.twin\n}")
	w.Plan().Succeeds()
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.Sent("CreatePayment", 1)
	// Without a moved block it is destroyed here and adopted or issued there, never both.
	w.Write(linkConfig)
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	if w.OpenPayments() != 1 {
		t.Errorf("not one open payment: %+v", w.Payments())
	}
	// An import block beside the configuration is one, too.
	w.Forget(linkAddress)
	all := w.Payments()
	w.Write(linkConfig + importing(linkAddress, all[len(all)-1].ID))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
}

// Adopting is said, and can be forbidden, in the provider block or the environment.
func TestLinkIsNotAdoptedWhenForbidden(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	id := w.OnlyPayment().ID
	w.Forget(linkAddress)
	forbidden := strings.Replace(clitest.ProviderBlock(w.URL), "max_retries = 2", "max_retries = 2\n  adopt_existing = false", 1)
	w.Write(linkConfig + forbidden)
	block := importing("invoice_payment_link.NAME", id)
	w.Apply().Fails("@order_id", "The object exists already", id, "Nothing was created", strings.Join(strings.Fields(block), " "))
	w.StateLacks(linkAddress)
	w.Sent("CreatePayment", 1)
	// The import block that is printed works.
	w.Write(linkConfig + forbidden + strings.Replace(block, "invoice_payment_link.NAME", linkAddress, 1))
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Destroy().Succeeds()
	w.PaymentsAre("closed")
}

// The variable of the environment says the same; not in parallel, since it is
// everybody's.
func TestAdoptExistingComesFromTheEnvironment(t *testing.T) {
	w := newWorkspaceBeside(t)
	w.MustApply(linkConfig)
	w.Forget(linkAddress, "invoice_terminal.web")
	t.Setenv("INVOICE_ADOPT_EXISTING", "false")
	w.Write(linkTerminal)
	w.Apply().Fails("@alias", "The object exists already", `terminal "web"`, "import {")
	t.Setenv("INVOICE_ADOPT_EXISTING", "perhaps")
	w.Plan().Fails("Invalid environment variable", `INVOICE_ADOPT_EXISTING="perhaps"`, "true or false")
	t.Setenv("INVOICE_ADOPT_EXISTING", "true")
	w.Write(linkConfig)
	w.Apply().Succeeds().Warns("@alias", "An existing object was adopted").Warns("@order_id", "An existing object was adopted")
	w.Sent("CreatePayment", 1)
}

// A link that replaces itself with create_before_destroy, and the open payment
// that is its own.
func TestLinkAdoptsItsOwn(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(createFirst(linkConfig))
	w.Write(strings.Replace(createFirst(linkConfig), `"Воронка"`, `"Фильтр"`, 1))
	w.Apply().Succeeds().Warns("@order_id", "An existing object was adopted", w.OnlyPayment().ID)
	w.Sent("CreatePayment", 1)
	w.PaymentsAre("init")
}
