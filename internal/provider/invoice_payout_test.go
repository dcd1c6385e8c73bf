package provider

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func TestPayoutLife(t *testing.T) {
	inDialects(t, dialectsOf("p2p_"), func(_ *testing.T, w *workspace) {
		w.mustApply(payoutConfig).quietButFor("700 RUB will be paid out to …0053 (order \"payout-1\")", "The gateway does not find payouts")
		id := w.p2pInvoices()[0].ID
		w.inState(invoiceAddress, map[string]any{"id": id, "status": "created", "gateway": "p2p", "amount": "700"})
		w.check(w.sandbox.SetP2PInvoiceStatus(id, "paid"))
		w.apply().succeeds().quiet()
		w.plan().succeeds().quiet().changes(nil)
		w.inState(invoiceAddress, map[string]any{"status": "paid", "deletion_protection": true})
		w.destroyUnprotected(invoiceAddress, payoutConfig).warns("A paid invoice is only removed from the state", id)
		w.sent("p2p.create", 1)
		w.sent("p2p.cancel", 0)
	})
}

// A payout that was canceled, expired or is gone stays, with a warning: it is
// not made again, whatever when_unpayable says.
func TestPayoutIsNeverRenewed(t *testing.T) {
	for status, says := range map[string]string{"canceled": "A payout was not carried out", "expired": "A payout was not carried out", "absent": "The gateway does not show payout"} {
		t.Run(status, func(t *testing.T) {
			w := newWorkspace(t)
			w.mustApply(withLine(payoutConfig, "amount", "amount = \"700\"\n  when_unpayable = \"renew\""))
			id := w.p2pInvoices()[0].ID
			if status == "absent" {
				w.check(w.sandbox.DeleteP2PInvoice(id))
			} else {
				w.check(w.sandbox.SetP2PInvoiceStatus(id, status))
			}
			for range 2 {
				w.plan().succeeds().changes(nil).warns(says, id)
				w.apply().succeeds().changes(nil)
			}
			w.inState(invoiceAddress, map[string]any{"id": id})
			w.sent("p2p.create", 1)
			if status == "absent" {
				w.destroy().fails().errors(protectedPayout)
				return
			}
			// It was not made: it may be forgotten, and another one takes its place.
			w.run("apply", "-auto-approve", "-replace="+invoiceAddress).succeeds().changes(map[string]string{invoiceAddress: "replace"}).
				warns("A failed payout will be forgotten")
			w.plan().succeeds().quiet().changes(nil)
			w.sent("p2p.create", 2)
			w.sent("p2p.cancel", 0)
			w.check(w.sandbox.SetP2PInvoiceStatus(w.p2pInvoices()[1].ID, status))
			w.destroy().succeeds().warns("A failed payout will be forgotten")
		})
	}
}

func TestPayoutDestroyedBeforeItIsPaid(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
	w.destroyUnprotected(invoiceAddress, payoutConfig).warns("The payout will be canceled if it still can be")
	w.invoiceStatuses("canceled")
}

func TestPayoutChangeIsAnErrorInThePlan(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
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
		w.write(config)
		w.plan().fails().errors("A payout cannot be changed", "put "+attribute+" back to what was applied", "add a new resource", "terraform state rm", "removed {")
	}
	w.write(payoutConfig)
	w.plan().succeeds().quiet().changes(nil)
	w.sent("p2p.create", 1)
}

// A payout whose order id the gateway knows is not sent again, also when the
// state was lost.
func TestPayoutOfAnOrderThatIsThere(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
	id := w.p2pInvoices()[0].ID
	for _, status := range []string{"new", "paid", "dispute"} {
		w.check(w.sandbox.SetP2PInvoiceStatus(id, status))
		w.exec("state", "rm", invoiceAddress)
		w.apply().fails().errors("@order_id", "The payout has been made already", id, fmt.Sprintf("%q", status), `id = "p2p/`+id+`"`)
	}
	w.sent("p2p.create", 1)
	// When nobody can tell, nothing is sent.
	w.sandbox.Inject(sandbox.Fault{Operation: "p2p.internal-id", Kind: sandbox.FaultStatus, Status: 500})
	w.apply().fails().errors(`Cannot look for order "payout-1" before creating it`, "Nothing was created")
	w.sent("p2p.create", 1)
	w.sandbox.ClearFaults()
	w.write(payoutConfig + fmt.Sprintf("import {\n  to = %s\n  id = \"p2p/%s\"\n}", invoiceAddress, id))
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	w.sent("p2p.create", 1)
}

// With wrong keys, or at a wrong address, the look-up before it meets a page for
// strangers: the payout is not sent, and none is left unclear.
func TestPayoutIsNotSentToStrangers(t *testing.T) {
	for _, status := range []int{301, 401, 403} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			w := newWorkspace(t)
			w.sandbox.Inject(sandbox.Fault{Kind: sandbox.FaultStatus, Status: status})
			w.write(payoutConfig)
			w.apply().fails().errors(`Cannot look for order "payout-1" before creating it`, fmt.Sprintf("HTTP %d", status), "Nothing was created")
			w.sent("p2p.create", 0)
			w.notInState(invoiceAddress)
		})
	}
}

// A wrong address answers everything with a page, which is also how a server says that
// it lacks the look-up. One with the whole path of the API is no mistake.
func TestPayoutAtAWrongAddressIsNotSent(t *testing.T) {
	w := newWorkspace(t)
	address := `"` + w.server.URL + `/p2p"`
	w.write(payoutConfig + strings.Replace(providerBlock(w.server.URL), address, `"`+w.server.URL+`/elsewhere"`, 1))
	w.apply().fails().errors(`Cannot look for order "payout-1" before creating it`, "HTTP 404", "Nothing was created")
	w.sent("p2p.create", 0)
	w.notInState(invoiceAddress)

	w.write(payoutConfig + strings.Replace(providerBlock(w.server.URL), address, `"`+w.server.URL+`/p2p/api/merchant/"`, 1))
	w.apply().succeeds()
	w.sent("p2p.create", 1)
	w.plan().succeeds().changes(nil)
}

// After an unclear answer a payout is never sent again: not by the same apply,
// not by the next three, and not by a destroy. The way out is named, and works.
func TestPayoutUnclearIsNeverSentAgain(t *testing.T) {
	first := strings.Replace(payoutConfig, "  amount ", "  lifecycle {\n create_before_destroy = true\n}\n  amount ", 1)
	for name, config := range map[string]string{"with order": payoutConfig, "create before destroy": first} {
		for faultName, fault := range creationFaults {
			if fault.Status == http.StatusTooManyRequests {
				continue // it provably did nothing
			}
			if name != "with order" && fault.Kind != sandbox.FaultLostAnswer {
				continue // the kinds differ in nothing that these do
			}
			t.Run(name+" "+faultName, func(t *testing.T) {
				w := newWorkspace(t, "p2p_internal_id=false")
				fault := fault // the subtests of one fault run at the same time
				fault.Operation, fault.Times = "p2p.create", 1
				w.sandbox.Inject(fault)
				w.write(config)
				w.apply().fails().errors("Cannot make the payout", "Merchant invoices (P2P), POST /api/merchant/invoices", "it may have been made", "It is not sent again", "700 RUB", "terraform state rm")
				w.inState(invoiceAddress, map[string]any{"status": "unknown", "id": nil, "amount": "700", "gateway": "p2p"})
				for range 3 {
					w.apply().fails().errors("it may have been made", "terraform state rm")
				}
				w.run("apply", "-auto-approve", "-refresh=false").fails().errors("it may have been made")
				w.run("apply", "-auto-approve", "-refresh=false", "-replace="+invoiceAddress).fails().errors("it may have been made")
				w.destroy().fails().errors("it may have been made")
				w.destroy("-refresh=false").fails().errors("it may have been made")
				w.sent("p2p.create", 1)
				w.inState(invoiceAddress, map[string]any{"status": "unknown"})

				w.exec("state", "rm", invoiceAddress)
				w.write(config)
				if made := w.p2pInvoices(); len(made) == 1 {
					w.write(config + fmt.Sprintf("import {\n  to = %s\n  id = \"p2p/%s\"\n}", invoiceAddress, made[0].ID))
				}
				w.apply().succeeds()
				w.plan().succeeds().changes(nil)
				w.invoiceStatuses("new")
			})
		}
	}
}

// A payout with an order id turns up by itself where the gateway can look it up.
func TestPayoutUnclearIsFoundByItsOrder(t *testing.T) {
	w := newWorkspace(t)
	w.sandbox.Inject(sandbox.Fault{Operation: "p2p.create", Kind: sandbox.FaultLostAnswer, Times: 1})
	w.write(payoutConfig)
	w.apply().fails().errors("it may have been made")
	id := w.p2pInvoices()[0].ID
	w.apply().fails().errors("@order_id", "The earlier payout was made", "found as p2p/"+id, "terraform untaint")
	w.cli("untaint", invoiceAddress)
	// A further payout is not in its way.
	other := strings.NewReplacer(`"one"`, `"two"`, "payout-1", "payout-2").Replace(payoutConfig)
	w.write(payoutConfig + other)
	w.apply().succeeds().warns("The earlier payout was made")
	w.plan().succeeds().quiet().changes(nil)
	w.inState(invoiceAddress, map[string]any{"id": id, "status": "created"})
	w.sent("p2p.create", 2)
}

// Other payouts do not stand in the way of an unclear one, nor it in theirs.
func TestPayoutBesideAnUnclearOne(t *testing.T) {
	other := strings.NewReplacer(`"one"`, `"two"`, "payout-1", "payout-2").Replace(payoutConfig)
	w := newWorkspace(t, "p2p_internal_id=false")
	w.sandbox.Inject(sandbox.Fault{Operation: "p2p.create", Kind: sandbox.FaultLostAnswer, Times: 1})
	w.write(payoutConfig)
	w.apply().fails().errors("it may have been made", "terraform untaint")
	w.cli("untaint", invoiceAddress)
	w.plan().succeeds().changes(nil).warns("The outcome of an earlier payout is unknown")
	w.mustApply(payoutConfig + other)
	w.invoiceStatuses("new new")
	w.destroy().fails().errors("The outcome of an earlier payout is unknown")
	w.run("apply", "-auto-approve", "-replace="+invoiceAddress).fails().errors("A payout is not replaced", "nobody knows")
	w.sent("p2p.create", 2)
}
