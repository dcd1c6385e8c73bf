package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// Apply, destroy, apply: no open payment twice. Where the gateway refuses an
// order id it has seen, that is the designed error.
func TestLinkApplyDestroyApply(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.mustApply(linkConfig)
		w.destroy().succeeds()
		w.statuses("closed")
		w.write(linkConfig)
		if !strings.Contains(strings.Join(dialect, " "), "repeated_order=error") {
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)
			w.statuses("closed init")
			return
		}
		w.apply().fails().errors("@order_id", "Cannot issue the payment link", "Invoice API v2, CreatePayment", "error 7",
			`does not take order id "order-1" again`, `"order-1-2"`)
		w.statuses("closed")
		w.notInState(linkAddress)
		w.write(withLine(linkConfig, "order_id", `order_id = "order-1-2"`))
		w.apply().succeeds()
		w.statuses("closed init")
	})
}

func TestLinkWithMadeOrderID(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.mustApply(autoLink)
		if made := w.onlyPayment().OrderID; len(made) != 32 || w.attributes(linkAddress)["order_id"] != made {
			t.Errorf("order id %q, in state %v; want the same 32 characters", made, w.attributes(linkAddress)["order_id"])
		}
		w.sent("GetPaymentByOrder", 0)
		w.destroy().succeeds()
		w.mustApply(autoLink)
		w.statuses("closed init")
	})
}

func TestLinkAdoptsTheSame(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.mustApply(linkConfig)
		w.exec("state", "rm", linkAddress)
		r := w.mustApply(linkConfig)
		if strings.Contains(strings.Join(dialect, " "), "rewrite_description=true") {
			r.warns("The adopted payment has another description", "@description", "Заказ 1, филиал №7")
		}
		r.warns("@order_id", "An existing object was adopted", w.onlyPayment().ID, "closes it for whoever else manages it")
		w.sent("CreatePayment", 1)
		w.statuses("init")
		w.destroy().succeeds()
		w.statuses("closed")
	})
}

func TestLinkOrderHasAnotherOpenPayment(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	id := w.onlyPayment().ID
	w.exec("state", "rm", linkAddress)
	config := withLine(linkConfig, "amount", `amount = "99"`)
	w.write(withLine(config, "custom_parameters", `custom_parameters = jsonencode({ customer = "1" })`))
	w.apply().fails().errors("@order_id", "The order has another open payment", id, `amount: "99.00" is wanted, the gateway has "1500.50"`,
		"custom_parameters:", `import { to = invoice_payment_link.NAME id = "`+id+`" }`)
	w.sent("CreatePayment", 1)
	w.statuses("init")
}

func TestLinkOrderIsAlreadyPaid(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	id := w.onlyPayment().ID
	w.check(w.sandbox.InvoiceAPI.Pay(id, invoiceapi.TestCard))
	w.exec("state", "rm", linkAddress)
	w.write(linkConfig)
	w.apply().fails().errors("@order_id", "The order is already paid", id, "1500.50 RUB", "An order is not paid twice: nothing was issued")
	w.sent("CreatePayment", 1)
}

func TestLinkOrderInAnUnknownStatus(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.check(w.sandbox.InvoiceAPI.SetPaymentStatus(w.onlyPayment().ID, "frozen", ""))
	w.plan().succeeds().changes(nil) // an unknown status is passed through
	w.inState(linkAddress, map[string]any{"status": "init"})
	w.exec("state", "rm", linkAddress)
	w.apply().fails().errors("@order_id", "The order has a payment in an unknown status", `"frozen"`)
	w.sent("CreatePayment", 1)
}

// With create_before_destroy the new resource adopts the open payment, and the
// old resource's destroy must not close it.
func TestLinkCreateBeforeDestroy(t *testing.T) {
	w := newWorkspace(t)
	config := withLine(linkConfig, "when_unpayable", "lifecycle {\n create_before_destroy = true\n}")
	w.mustApply(config)
	w.mustApply(strings.Replace(config, `"Воронка"`, `"Фильтр"`, 1))
	w.statuses("init")
	w.sent("ClosePayment", 0)
	w.write(withLine(config, "order_id", `order_id = "order-2"`))
	w.apply().succeeds()
	w.statuses("closed init")
}

// The gateway's own refusals come in its words, at the attribute.
func TestLinkRefusedByTheGateway(t *testing.T) {
	w := newWorkspace(t)
	w.write(withLine(linkConfig, "terminal_id", `terminal_id = "no-such"`))
	w.apply().fails().errors("@terminal_id", "Cannot issue the payment link", "Invoice API v2, CreatePayment: HTTP 400, error 3", "knows no terminal with this id")
	w.notInState(linkAddress)
}

// Each fault hits the creation once: one payment comes of it, and no error.
func TestLinkCreationThroughFaults(t *testing.T) {
	for name, fault := range creationFaults {
		for kind, config := range map[string]string{"configured order id": linkConfig, "made order id": autoLink} {
			t.Run(name+", "+kind, func(t *testing.T) {
				w := newWorkspace(t, "repeated_order=new")
				fault := fault // the subtests of one fault run at the same time
				fault.Operation, fault.Times = "CreatePayment", 1
				w.sandbox.Inject(fault)
				w.mustApply(config)
				w.statuses("init")
			})
		}
	}
}

// The order id had a payment before, so finding one afterwards proves nothing:
// the creation is not repeated.
func TestLinkUnclearUnderAUsedOrderID(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.destroy().succeeds()
	w.sandbox.ResetRequests()
	w.sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultLostAnswer, Times: 1})
	w.write(linkConfig)
	w.apply().fails().errors("Cannot issue the payment link", "The payment may have been issued", `order "order-1"`, `data "invoice_payment"`)
	w.sent("CreatePayment", 1)
	// What was issued is closed by the next apply.
	w.mustApply(linkConfig)
	w.sent("CreatePayment", 2)
	w.statuses("closed closed init")
}

// Nothing answers any more, not even look-ups: the order id is kept, and the
// next apply closes what may exist before it issues another.
func TestLinkUnclearWithMadeOrderIDIsNotLost(t *testing.T) {
	for name, lost := range map[string]sandbox.FaultKind{"issued": sandbox.FaultLostAnswer, "not issued": sandbox.FaultStatus} {
		t.Run(name, func(t *testing.T) {
			w := newPatientWorkspace(t)
			w.write(autoLink)
			w.sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: lost, Status: 500})
			w.sandbox.Inject(sandbox.Fault{Operation: "GetPaymentByOrder", Kind: sandbox.FaultStatus, Status: 500})
			w.apply().fails().errors("Cannot issue the payment link", "looking it up by its order id did not settle it", "The payment may have been issued", "closes the payment if it is there")
			w.sent("CreatePayment", 1)
			w.inState(linkAddress, map[string]any{"status": "unknown", "id": nil})
			w.sandbox.ClearFaults()
			if name == "not issued" {
				// For all that the provider knows, it may still be.
				w.apply().fails().errors("A payment may still be issued", "Apply again in 10m0s")
				w.settle()
			}
			w.mustApply(autoLink)
			open := 0
			for _, payment := range w.payments() {
				if payment.Status == "init" {
					open++
				}
			}
			if open != 1 {
				t.Errorf("%d open payments, want 1: %+v", open, w.payments())
			}
		})
	}
}

func TestLinkUnclearIsDestroyed(t *testing.T) {
	w := newWorkspace(t)
	w.write(autoLink)
	w.sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultLostAnswer})
	w.sandbox.Inject(sandbox.Fault{Operation: "GetPaymentByOrder", Kind: sandbox.FaultHTML})
	w.apply().fails()
	w.sandbox.ClearFaults()
	w.destroy().succeeds()
	w.statuses("closed")
}

// A gateway that answers a repeated order id with the old, closed payment has
// issued nothing.
func TestLinkRepeatedOrderAnswersTheOldPayment(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.destroy().succeeds()
	old := `{"id":"` + w.onlyPayment().ID + `","order":{"amount":1500.5,"currency":"RUB","id":"order-1"},"status":"closed"}`
	w.write(linkConfig + w.through(func(operation string) string {
		if operation == "CreatePayment" {
			return old
		}
		return ""
	}))
	w.apply().fails().errors("@order_id", "The gateway issued no new payment", w.onlyPayment().ID, `"closed"`, `"order-1-2"`)
	w.notInState(linkAddress)
}

// Nobody waited for the end of the request, so that nothing is found proves
// nothing: it is looked up for a while, and never sent again.
func TestLinkUnderWayIsNotIssuedTwice(t *testing.T) {
	for name, config := range map[string]string{"configured order id": linkConfig, "made order id": autoLink} {
		t.Run(name, func(t *testing.T) {
			w := newPatientWorkspace(t)
			impatient := strings.Replace(providerBlock(w.server.URL), "max_retries = 2", "max_retries = 2\n  request_timeout = \"150ms\"", 1)
			w.mustApply(linkTerminal)
			slow := sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultDelay, Delay: 250 * time.Millisecond, Times: 1}
			w.sandbox.Inject(slow)
			w.write(config + impatient)
			// The sandbox gives up with its caller: here the work is never done.
			w.apply().fails().errors("Cannot issue the payment link", "no answer within 150ms (request_timeout)", "it was looked up by its order id and is not there, but it may still come", "may have been issued")
			w.sent("CreatePayment", 1)
			w.inState(linkAddress, map[string]any{"status": "unknown"})
			w.apply().fails().errors("A payment may still be issued", "Apply again in 10m0s")
			w.sent("CreatePayment", 1)
			w.settle()
			w.mustApply(config)
			w.statuses("init")
		})
	}
}

// Nor is it after a proxy that did not wait for the gateway's end.
func TestLinkCreationThatMayStillCome(t *testing.T) {
	for name, fault := range abandonedFaults {
		for kind, config := range map[string]string{"configured order id": linkConfig, "made order id": autoLink} {
			t.Run(name+", "+kind, func(t *testing.T) {
				w := newPatientWorkspace(t)
				fault := fault // the subtests of one fault run at the same time
				fault.Operation, fault.Times = "CreatePayment", 1
				w.sandbox.Inject(fault)
				w.write(config)
				w.apply().fails().errors("Cannot issue the payment link", "it was looked up by its order id and is not there, but it may still come", "may have been issued")
				w.sent("CreatePayment", 1)
				w.inState(linkAddress, map[string]any{"status": "unknown"})
				w.apply().fails().errors("A payment may still be issued", "Apply again in 10m0s")
				w.settle()
				w.mustApply(config)
				w.sent("CreatePayment", 2)
				w.statuses("init")
			})
		}
	}
}

// A gateway timeout in between (504), and the payment comes a moment later.
func TestLinkThatComesLateIsFound(t *testing.T) {
	w := newWorkspace(t)
	lookUps := 0
	w.write(linkConfig + w.through(func(operation string) string {
		if operation == "GetPaymentByOrder" {
			if lookUps++; lookUps <= 3 {
				return `{"error":7,"description":"Заказ не найден"}`
			}
		}
		return ""
	}))
	w.sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultStatusAfter, Status: 504, Times: 1})
	w.apply().succeeds()
	w.sent("CreatePayment", 1)
	w.statuses("init")
}

// An expired payment still waits in its status: it is closed before another one
// is issued for the order.
func TestLinkExpiredIsClosedBeforeTheNext(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.expire()
	w.exec("state", "rm", linkAddress)
	w.mustApply(linkConfig)
	w.statuses("closed init")
}

// The expired payment of the order was paid at the last moment.
func TestLinkExpiredTurnsOutPaid(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(linkConfig)
	w.expire()
	w.exec("state", "rm", linkAddress)
	id := w.onlyPayment().ID
	w.write(linkConfig + w.through(func(operation string) string {
		switch operation {
		case "ClosePayment":
			return `{"error":8,"description":"Платёж уже оплачен"}`
		case "GetPayment":
			return `{"id":"` + id + `","order":{"amount":1500.5},"status":"successful"}`
		}
		return ""
	}))
	w.apply().fails().errors("@order_id", "The order is already paid", id)
	w.sent("CreatePayment", 1)
}
