package provider

import (
	"strings"
	"testing"
)

// Two links with one known order id are an error in the plan, whichever Terraform plans first,
// stored or not.
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
	// Another link is changed to the same order.
	other := withLine(linkTwin, "order_id", `order_id = "order-2"`)
	w.MustApply(linkConfig + other)
	w.Write(linkConfig + withLine(linkTwin, "order_id", `order_id = "order-1"`))
	w.Plan().Fails("@order_id", "Two payment links have one order_id")
	w.Sent("CreatePayment", 2)
	w.PaymentsAre("init init")
}

// The order id is unknown until apply. The second link then adopts nothing.
func TestLinkOrderIDTwiceIsAnErrorOnceKnown(t *testing.T) {
	w := newWorkspace(t)
	late := "resource \"terraform_data\" \"x\" {\n input = \"order-1\"\n}"
	w.Write(withLine(linkConfig, "order_id", "order_id = terraform_data.x.output") + withLine(linkTwin, "order_id", "order_id = terraform_data.x.output") + late)
	w.Apply().Fails("@order_id", "Two payment links have one order_id")
	w.Sent("CreatePayment", 1)
	w.PaymentsAre("init")
}

// Some plans seem to have two owners of one order, and have only one.
func TestLinkOrderIDOnceIsNoError(t *testing.T) {
	for name, lifecycle := range map[string]string{"destroyed first": "", "created first": "lifecycle {\n create_before_destroy = true\n }"} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			config := linkTerminal + countedLinks("order", 12, orderByIndex, lifecycle)
			w.MustApply(config)
			one := linkAddress + "[3]"
			w.Apply("-replace="+one, "-replace="+linkAddress+"[4]").Succeeds()
			w.MustExec("taint", one)
			w.Apply().Succeeds()
			w.MustExec("plan", "-out=saved", "-replace="+one)
			w.Run("apply", "saved").Succeeds()
			w.Plan().Succeeds().ChangesNothing()
			// All links change, and two swap their places.
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
	// Without a moved block, the link is destroyed at one address and adopted or issued at the
	// other, never both.
	w.Write(linkConfig)
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	if w.OpenPayments() != 1 {
		t.Errorf("not one open payment: %+v", w.Payments())
	}
	// An import block is another way out.
	w.Forget(linkAddress)
	all := w.Payments()
	w.Write(linkConfig + importing(linkAddress, all[len(all)-1].ID))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
}

// Adopting is a warning. The provider block or the environment can forbid it.
func TestLinkIsNotAdoptedWhenForbidden(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	id := w.OnlyPayment().ID
	w.Forget(linkAddress)
	forbidden := providerWith(w, "adopt_existing = false")
	w.Write(linkConfig + forbidden)
	block := importing("invoice_payment_link.NAME", id)
	w.Apply().Fails("@order_id", "The object already exists", id, "Nothing was created", strings.Join(strings.Fields(block), " "))
	w.StateLacks(linkAddress)
	w.Sent("CreatePayment", 1)
	// The import block in the message works.
	w.Write(linkConfig + forbidden + strings.Replace(block, "invoice_payment_link.NAME", linkAddress, 1))
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Destroy().Succeeds()
	w.PaymentsAre("closed")
}

// The environment variable forbids adopting too. The test is not parallel, since all tests
// share the environment.
func TestAdoptExistingComesFromTheEnvironment(t *testing.T) {
	w := newWorkspaceBeside(t)
	w.MustApply(linkConfig)
	w.Forget(linkAddress, "invoice_terminal.web")
	t.Setenv("INVOICE_ADOPT_EXISTING", "false")
	w.Write(linkTerminal)
	w.Apply().Fails("@alias", "The object already exists", `terminal "web"`, "import {")
	t.Setenv("INVOICE_ADOPT_EXISTING", "perhaps")
	w.Plan().Fails("Invalid environment variable", `INVOICE_ADOPT_EXISTING="perhaps"`, "true or false")
	t.Setenv("INVOICE_ADOPT_EXISTING", "true")
	w.Write(linkConfig)
	w.Apply().Succeeds().Warns("@alias", "An existing object was adopted").Warns("@order_id", "An existing object was adopted")
	w.Sent("CreatePayment", 1)
}

// With create_before_destroy a link replaces itself. The open payment that it finds is its own.
func TestLinkAdoptsItsOwn(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(createFirst(linkConfig))
	w.Write(strings.Replace(createFirst(linkConfig), `"Воронка"`, `"Фильтр"`, 1))
	w.Apply().Succeeds().Warns("@order_id", "An existing object was adopted", w.OnlyPayment().ID)
	w.Sent("CreatePayment", 1)
	w.PaymentsAre("init")
}
