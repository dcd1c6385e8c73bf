package provider

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func TestPayoutIsSentOnce(t *testing.T) {
	inDialects(t, dialectsOf("p2p_"), func(_ *testing.T, w *clitest.Workspace) {
		w.MustApply(payoutConfig).SaysOnly("700 RUB will be paid out to …0053 (order \"payout-1\")", "The gateway does not find payouts")
		id := w.P2PInvoices()[0].ID
		w.StateHas(invoiceAddress, map[string]any{"id": id, "status": "created", "gateway": "p2p", "amount": "700"})
		w.Must(w.Sandbox.P2P.SetStatus(id, "paid"))
		w.Apply().Succeeds().SaysNothing()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.StateHas(invoiceAddress, map[string]any{"status": "paid", "deletion_protection": true})
		destroyUnprotected(w, invoiceAddress, payoutConfig).Warns("A paid invoice is only removed from the state", id)
		w.Sent("p2p.create", 1)
		w.Sent("p2p.cancel", 0)
	})
}

// A payout that was canceled, has expired or is gone stays, with a warning. It is not made
// again, whatever when_unpayable says.
func TestPayoutIsNeverRenewed(t *testing.T) {
	for status, says := range map[string]string{"canceled": "A payout was not carried out", "expired": "A payout was not carried out", "absent": "The gateway does not show payout"} {
		t.Run(status, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(withLine(payoutConfig, "amount", "amount = \"700\"\n  when_unpayable = \"renew\""))
			id := w.P2PInvoices()[0].ID
			if status == "absent" {
				w.Must(w.Sandbox.P2P.Invoices.Delete(id))
			} else {
				w.Must(w.Sandbox.P2P.SetStatus(id, status))
			}
			for range 2 {
				w.Plan().Succeeds().ChangesNothing().Warns(says, id)
				w.Apply().Succeeds().ChangesNothing()
			}
			w.StateHas(invoiceAddress, map[string]any{"id": id})
			w.Sent("p2p.create", 1)
			if status == "absent" {
				w.Destroy().Fails(protectedPayout)
				return
			}
			// The payout was not made, so it may be forgotten, and another one takes its place.
			w.Apply("-replace=" + invoiceAddress).Succeeds().Changes(map[string]string{invoiceAddress: "replace"}).
				Warns("A failed payout will be forgotten")
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			w.Sent("p2p.create", 2)
			w.Sent("p2p.cancel", 0)
			w.Must(w.Sandbox.P2P.SetStatus(w.P2PInvoices()[1].ID, status))
			w.Destroy().Succeeds().Warns("A failed payout will be forgotten")
		})
	}
}

func TestPayoutDestroyedBeforeItIsPaidIsCanceled(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(payoutConfig)
	destroyUnprotected(w, invoiceAddress, payoutConfig).Warns("The payout will be canceled if it still can be")
	w.InvoicesAre("canceled")
}

func TestPayoutChangeIsAnErrorInThePlan(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(payoutConfig)
	for attribute, config := range map[string]string{
		"amount":                 withLine(payoutConfig, "amount", `amount = "800"`),
		"order_id":               withLine(payoutConfig, "order_id", `order_id = "other"`),
		"customer_id":            withLine(payoutConfig, "amount", "amount = \"700\"\n  customer_id = \"c\""),
		"currency":               withLine(payoutConfig, "amount", "amount = \"700\"\n  currency = \"USD\""),
		"p2p.notification_token": withLine(payoutConfig, "notification_token", `notification_token = "x"`),
		"p2p.notification_url":   withLine(payoutConfig, "notification_url", `notification_url = "https://other.example.com"`),
		"p2p.payment_method":     withLine(payoutConfig, "payment_method", `payment_method = "tinkoff"`),
		"p2p.payment_option":     withLine(payoutConfig, "payment_option", `payment_option = "SBP"`),
		"p2p.payment_requisites": strings.Replace(payoutConfig, "2200000000000053", "2200000000000061", 1),
		"p2p.direction":          withLine(payoutConfig, "direction", `direction = "in"`),
		"p2p.max_amount":         withLine(payoutConfig, "direction", "direction = \"out\"\n max_amount = \"710\""),
		"p2p":                    "resource \"invoice_invoice\" \"one\" {\n amount = \"700\"\n order_id = \"payout-1\"\n paykeeper = {}\n}\n",
	} {
		w.Write(config)
		w.Plan().Fails("A payout cannot be changed", "put "+attribute+" back to what was applied", "add a new resource", "terraform state rm", "removed {")
	}
	w.Write(payoutConfig)
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("p2p.create", 1)
}

// A payout whose order id the gateway knows is not sent again, even when the state was lost.
func TestPayoutOfAnExistingOrderIsNotSent(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(payoutConfig)
	id := w.P2PInvoices()[0].ID
	w.Forget(invoiceAddress)
	for _, status := range []string{"new", "paid", "dispute"} {
		w.Must(w.Sandbox.P2P.SetStatus(id, status))
		w.Apply().Fails("@order_id", "The payout has been made already", id, fmt.Sprintf("%q", status), `id = "p2p/`+id+`"`)
	}
	w.Sent("p2p.create", 1)
	// When the look-up fails, nothing is sent.
	w.Sandbox.Inject(sandbox.Fault{Operation: "p2p.internal-id", Kind: sandbox.FaultStatus, Status: 500})
	w.Apply().Fails(`Cannot look for order "payout-1" before creating it`, "Nothing was created")
	w.Sent("p2p.create", 1)
	w.Sandbox.ClearFaults()
	w.Write(payoutConfig + importing(invoiceAddress, "p2p/"+id))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.Sent("p2p.create", 1)
}

// With wrong keys or at a wrong address, the look-up before a payout meets a page for
// strangers. The payout is not sent, and none is left unclear.
func TestPayoutIsNotSentToStrangers(t *testing.T) {
	for _, status := range []int{301, 401, 403} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			w := newWorkspace(t)
			w.Sandbox.Inject(sandbox.Fault{Kind: sandbox.FaultStatus, Status: status})
			w.Write(payoutConfig)
			w.Apply().Fails(`Cannot look for order "payout-1" before creating it`, fmt.Sprintf("HTTP %d", status), "Nothing was created")
			w.Sent("p2p.create", 0)
			w.StateLacks(invoiceAddress)
		})
	}
}

// A wrong address answers everything with a page. A server that lacks the look-up answers that
// with a page too, but such a page alone is no reason to send the payout. A base_url that holds
// the whole path of the API is right.
func TestPayoutAtAWrongAddressIsNotSent(t *testing.T) {
	w := newWorkspace(t)
	address := `"` + w.URL + `/p2p"`
	w.Write(payoutConfig + strings.Replace(clitest.ProviderBlock(w.URL), address, `"`+w.URL+`/elsewhere"`, 1))
	w.Apply().Fails(`Cannot look for order "payout-1" before creating it`, "HTTP 404", "Nothing was created")
	w.Sent("p2p.create", 0)
	w.StateLacks(invoiceAddress)

	w.Write(payoutConfig + strings.Replace(clitest.ProviderBlock(w.URL), address, `"`+w.URL+`/p2p/api/merchant/"`, 1))
	w.Apply().Succeeds()
	w.Sent("p2p.create", 1)
	w.Plan().Succeeds().ChangesNothing()
}

// After an unclear answer a payout is never sent again: not by the same apply, nor by the next
// three, nor by a destroy. The error names a way out that works.
func TestUnclearPayoutIsNeverSentAgain(t *testing.T) {
	first := strings.Replace(payoutConfig, "  amount ", "  lifecycle {\n create_before_destroy = true\n}\n  amount ", 1)
	for name, config := range map[string]string{"with order": payoutConfig, "create before destroy": first} {
		for faultName, fault := range creationFaults {
			if fault.Status == http.StatusTooManyRequests {
				continue // the gateway provably did nothing
			}
			if name != "with order" && fault.Kind != sandbox.FaultLostAnswer {
				continue // one fault is enough for this order of replacement
			}
			t.Run(name+" "+faultName, func(t *testing.T) {
				w := newWorkspace(t, "p2p_internal_id=false")
				w.FailOnce("p2p.create", fault)
				w.Write(config)
				w.Apply().Fails("Cannot make the payout", "Merchant invoices (P2P), POST /api/merchant/invoices", "it may have been made", "It is not sent again", "700 RUB", "terraform state rm")
				w.StateHas(invoiceAddress, map[string]any{"status": "unknown", "id": nil, "amount": "700", "gateway": "p2p"})
				staysUnknown(w, invoiceAddress)
				w.Sent("p2p.create", 1)

				w.Forget(invoiceAddress)
				w.Write(config)
				if made := w.P2PInvoices(); len(made) == 1 {
					w.Write(config + importing(invoiceAddress, "p2p/"+made[0].ID))
				}
				w.Apply().Succeeds()
				w.Plan().Succeeds().ChangesNothing()
				w.InvoicesAre("new")
			})
		}
	}
}

// Where the gateway looks up order ids, an unclear payout is found by its own.
func TestUnclearPayoutIsFoundByItsOrder(t *testing.T) {
	w := newWorkspace(t)
	w.FailOnce("p2p.create", sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	w.Write(payoutConfig)
	w.Apply().Fails("it may have been made")
	id := w.P2PInvoices()[0].ID
	w.Apply().Fails("@order_id", "The earlier payout was made", "shows it as p2p/"+id, "terraform untaint")
	w.MustExec("untaint", invoiceAddress)
	// A further payout does not hide it.
	other := strings.NewReplacer(`"one"`, `"two"`, "payout-1", "payout-2").Replace(payoutConfig)
	w.Write(payoutConfig + other)
	w.Apply().Succeeds().Warns("The earlier payout was made")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas(invoiceAddress, map[string]any{"id": id, "status": "created"})
	w.Sent("p2p.create", 2)
}

// An unclear payout does not block others, and others do not block it.
func TestUnclearPayoutBlocksNoOther(t *testing.T) {
	other := strings.NewReplacer(`"one"`, `"two"`, "payout-1", "payout-2").Replace(payoutConfig)
	w := newWorkspace(t, "p2p_internal_id=false")
	w.FailOnce("p2p.create", sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	w.Write(payoutConfig)
	w.Apply().Fails("it may have been made", "terraform untaint")
	w.MustExec("untaint", invoiceAddress)
	w.Plan().Succeeds().ChangesNothing().Warns("The outcome of an earlier payout is unknown")
	w.MustApply(payoutConfig + other)
	w.InvoicesAre("new new")
	w.Destroy().Fails("The outcome of an earlier payout is unknown")
	w.Apply("-replace="+invoiceAddress).Fails("A payout cannot be replaced", "outcome unknown")
	w.Sent("p2p.create", 2)
}
