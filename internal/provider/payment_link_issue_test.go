package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// A link that is applied, destroyed and applied again never has two open payments. Where the
// gateway refuses an order id that it has seen, the apply says so.
func TestLinkAppliedAgainIsNotOpenTwice(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.MustApply(linkConfig)
		w.Destroy().Succeeds()
		w.PaymentsAre("closed")
		w.Write(linkConfig)
		if !strings.Contains(strings.Join(dialect, " "), "repeated_order=error") {
			w.Apply().Succeeds()
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.PaymentsAre("closed init")
			return
		}
		w.Apply().Fails("@order_id", "Cannot issue the payment link", "Invoice API v2, CreatePayment", "error 7",
			`does not take order id "order-1" again`, `"order-1-2"`)
		w.PaymentsAre("closed")
		w.StateLacks(linkAddress)
		w.Write(withLine(linkConfig, "order_id", `order_id = "order-1-2"`))
		w.Apply().Succeeds()
		w.PaymentsAre("closed init")
	})
}

func TestLinkMakesItsOwnOrderID(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.MustApply(autoLink)
		if made := w.OnlyPayment().OrderID; len(made) != 32 || w.Attributes(linkAddress)["order_id"] != made {
			t.Errorf("order id %q, in state %v; want the same 32 characters", made, w.Attributes(linkAddress)["order_id"])
		}
		w.Sent("GetPaymentByOrder", 0)
		w.Destroy().Succeeds()
		w.MustApply(autoLink)
		w.PaymentsAre("closed init")
	})
}

func TestLinkAdoptsTheSame(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w := newWorkspace(t, dialect...)
		w.MustApply(linkConfig)
		w.Forget(linkAddress)
		r := w.MustApply(linkConfig)
		if strings.Contains(strings.Join(dialect, " "), "rewrite_description=true") {
			r.Warns("The adopted payment has another description", "@description", "Заказ 1, филиал №7")
		}
		r.Warns("@order_id", "An existing object was adopted", w.OnlyPayment().ID, "closes it for whoever else manages it")
		w.Sent("CreatePayment", 1)
		w.PaymentsAre("init")
		w.Destroy().Succeeds()
		w.PaymentsAre("closed")
	})
}

func TestLinkAdoptsNoOtherOpenPayment(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	id := w.OnlyPayment().ID
	w.Forget(linkAddress)
	config := withLine(linkConfig, "amount", `amount = "99"`)
	w.Write(withLine(config, "custom_parameters", `custom_parameters = jsonencode({ customer = "1" })`))
	w.Apply().Fails("@order_id", "The order has another open payment", id, `amount: "99.00" is wanted, the gateway has "1500.50"`,
		"custom_parameters:", `import { to = invoice_payment_link.NAME id = "`+id+`" }`)
	w.Sent("CreatePayment", 1)
	w.PaymentsAre("init")
}

func TestLinkOfAPaidOrderIsAnError(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	id := w.OnlyPayment().ID
	w.Must(w.Sandbox.InvoiceAPI.Pay(id, invoiceapi.TestCard))
	w.Forget(linkAddress)
	w.Write(linkConfig)
	w.Apply().Fails("@order_id", "The order is already paid", id, "1500.50 RUB", "An order is not paid twice: nothing was issued")
	w.Sent("CreatePayment", 1)
}

func TestLinkOfAnOrderInAnUnknownStatusIsAnError(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(w.OnlyPayment().ID, "frozen", ""))
	w.Plan().Succeeds().ChangesNothing() // an unknown status is passed on
	w.StateHas(linkAddress, map[string]any{"status": "init"})
	w.Forget(linkAddress)
	w.Apply().Fails("@order_id", "The order has a payment in an unknown status", `"frozen"`)
	w.Sent("CreatePayment", 1)
}

// With create_before_destroy the new resource adopts the open payment. The old resource's
// destroy must not close it.
func TestLinkAdoptedBeforeDestroyIsNotClosed(t *testing.T) {
	w := newWorkspace(t)
	config := withLine(linkConfig, "when_unpayable", "lifecycle {\n create_before_destroy = true\n}")
	w.MustApply(config)
	w.MustApply(strings.Replace(config, `"Воронка"`, `"Фильтр"`, 1))
	w.PaymentsAre("init")
	w.Sent("ClosePayment", 0)
	w.Write(withLine(config, "order_id", `order_id = "order-2"`))
	w.Apply().Succeeds()
	w.PaymentsAre("closed init")
}

// The error quotes the gateway's words and points to the attribute.
func TestLinkRefusalQuotesTheGateway(t *testing.T) {
	w := newWorkspace(t)
	w.Write(withLine(linkConfig, "terminal_id", `terminal_id = "no-such"`))
	w.Apply().Fails("@terminal_id", "Cannot issue the payment link", "Invoice API v2, CreatePayment: HTTP 400, error 3", "knows no terminal with this id")
	w.StateLacks(linkAddress)
}

// Each fault hits the creation once. One payment comes of it, without an error.
func TestLinkIsIssuedOnceThroughFaults(t *testing.T) {
	for name, fault := range creationFaults {
		for kind, config := range linkOrderIDs {
			t.Run(name+", "+kind, func(t *testing.T) {
				w := newWorkspace(t, "repeated_order=new")
				w.FailOnce("CreatePayment", fault)
				w.MustApply(config)
				w.PaymentsAre("init")
			})
		}
	}
}

// The order id had a payment before, so finding one afterwards proves nothing. The creation is
// not repeated.
func TestUnclearLinkOfAUsedOrderIsNotRepeated(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Destroy().Succeeds()
	w.Sandbox.ResetRequests()
	w.FailOnce("CreatePayment", sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	w.Write(linkConfig)
	w.Apply().Fails("Cannot issue the payment link", "The payment may have been issued", `order "order-1"`, `data "invoice_payment"`)
	w.Sent("CreatePayment", 1)
	// The next apply closes what was issued.
	w.MustApply(linkConfig)
	w.Sent("CreatePayment", 2)
	w.PaymentsAre("closed closed init")
}

// Not even look-ups are answered any more. The order id is kept, and the next apply closes what
// may exist before it issues another payment.
func TestUnclearLinkWithMadeOrderIDIsNotLost(t *testing.T) {
	for name, lost := range map[string]sandbox.FaultKind{"issued": sandbox.FaultLostAnswer, "not issued": sandbox.FaultStatus} {
		t.Run(name, func(t *testing.T) {
			w := newPatientWorkspace(t)
			w.Write(autoLink)
			w.Sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: lost, Status: 500})
			w.Sandbox.Inject(sandbox.Fault{Operation: "GetPaymentByOrder", Kind: sandbox.FaultStatus, Status: 500})
			w.Apply().Fails("Cannot issue the payment link", "looking it up by its order id did not settle it", "The payment may have been issued", "closes the payment if it is there")
			w.Sent("CreatePayment", 1)
			w.StateHas(linkAddress, map[string]any{"status": "unknown", "id": nil})
			w.Sandbox.ClearFaults()
			if name == "not issued" {
				// As far as the provider knows, the payment may still come.
				w.Apply().Fails("A payment may still be issued", "Apply again in 10m0s")
				settle(w)
			}
			w.MustApply(autoLink)
			if w.OpenPayments() != 1 {
				t.Errorf("not one open payment: %+v", w.Payments())
			}
		})
	}
}

func TestUnclearLinkIsClosedByDestroy(t *testing.T) {
	w := newWorkspace(t)
	w.Write(autoLink)
	w.Sandbox.Inject(sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultLostAnswer})
	w.Sandbox.Inject(sandbox.Fault{Operation: "GetPaymentByOrder", Kind: sandbox.FaultHTML})
	w.Apply().Fails()
	w.Sandbox.ClearFaults()
	w.Destroy().Succeeds()
	w.PaymentsAre("closed")
}

// The gateway answers a repeated order id with the old, closed payment. It has issued nothing.
func TestLinkIsNotTakenFromAnOldPayment(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	w.Destroy().Succeeds()
	old := `{"id":"` + w.OnlyPayment().ID + `","order":{"amount":1500.5,"currency":"RUB","id":"order-1"},"status":"closed"}`
	w.Write(linkConfig + w.GatewayThatAnswers(func(operation string) string {
		if operation == "CreatePayment" {
			return old
		}
		return ""
	}))
	w.Apply().Fails("@order_id", "The gateway issued no new payment", w.OnlyPayment().ID, `"closed"`, `"order-1-2"`)
	w.StateLacks(linkAddress)
}

// Nobody waited for the end of the request, so finding nothing proves nothing. The payment is
// looked up for a while, and the creation is not sent again.
func TestLinkUnderWayIsNotIssuedTwice(t *testing.T) {
	for name, config := range linkOrderIDs {
		t.Run(name, func(t *testing.T) {
			w := newPatientWorkspace(t)
			impatient := providerWith(w, `request_timeout = "150ms"`)
			w.MustApply(linkTerminal)
			slow := sandbox.Fault{Operation: "CreatePayment", Kind: sandbox.FaultDelay, Delay: 250 * time.Millisecond, Times: 1}
			w.Sandbox.Inject(slow)
			w.Write(config + impatient)
			// The sandbox gives up with its caller, so here the work is never done.
			w.Apply().Fails("Cannot issue the payment link", "no answer within 150ms (request_timeout)", "it was looked up by its order id and is not there, but it may still come", "may have been issued")
			w.Sent("CreatePayment", 1)
			w.StateHas(linkAddress, map[string]any{"status": "unknown"})
			w.Apply().Fails("A payment may still be issued", "Apply again in 10m0s")
			w.Sent("CreatePayment", 1)
			settle(w)
			w.MustApply(config)
			w.PaymentsAre("init")
		})
	}
}

// The creation is not sent again either when a proxy gave up waiting for the gateway.
func TestLinkThatMayStillComeIsNotIssuedTwice(t *testing.T) {
	for name, fault := range abandonedFaults {
		for kind, config := range linkOrderIDs {
			t.Run(name+", "+kind, func(t *testing.T) {
				w := newPatientWorkspace(t)
				w.FailOnce("CreatePayment", fault)
				w.Write(config)
				w.Apply().Fails("Cannot issue the payment link", "it was looked up by its order id and is not there, but it may still come", "may have been issued")
				w.Sent("CreatePayment", 1)
				w.StateHas(linkAddress, map[string]any{"status": "unknown"})
				w.Apply().Fails("A payment may still be issued", "Apply again in 10m0s")
				settle(w)
				w.MustApply(config)
				w.Sent("CreatePayment", 2)
				w.PaymentsAre("init")
			})
		}
	}
}

// A proxy answers 504, and the payment comes a moment later.
func TestLinkThatComesLateIsFound(t *testing.T) {
	w := newWorkspace(t)
	lookUps := 0
	w.Write(linkConfig + w.GatewayThatAnswers(func(operation string) string {
		if operation == "GetPaymentByOrder" {
			if lookUps++; lookUps <= 3 {
				return `{"error":7,"description":"Заказ не найден"}`
			}
		}
		return ""
	}))
	w.FailOnce("CreatePayment", sandbox.Fault{Kind: sandbox.FaultStatusAfter, Status: 504})
	w.Apply().Succeeds()
	w.Sent("CreatePayment", 1)
	w.PaymentsAre("init")
}

// An expired payment keeps its status, so it could still be paid. It is closed before another
// one is issued for the order.
func TestExpiredLinkIsClosedBeforeTheNext(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	expireLink(w)
	w.Forget(linkAddress)
	w.MustApply(linkConfig)
	w.PaymentsAre("closed init")
}

// The expired payment of the order was paid at the last moment.
func TestExpiredLinkThatWasPaidIsNotIssuedAgain(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	expireLink(w)
	w.Forget(linkAddress)
	id := w.OnlyPayment().ID
	w.Write(linkConfig + w.GatewayThatAnswers(func(operation string) string {
		switch operation {
		case "ClosePayment":
			return `{"error":8,"description":"Платёж уже оплачен"}`
		case "GetPayment":
			return `{"id":"` + id + `","order":{"amount":1500.5},"status":"successful"}`
		}
		return ""
	}))
	w.Apply().Fails("@order_id", "The order is already paid", id)
	w.Sent("CreatePayment", 1)
}
