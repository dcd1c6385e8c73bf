package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
)

// The gateway's own word "unknown" is not the provider's mark.
func TestPayoutWordsOfTheGateway(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
	w.check(w.sandbox.P2P.SetStatus(w.p2pInvoices()[0].ID, "unknown"))
	w.apply().succeeds().quiet()
	w.inState(invoiceAddress, map[string]any{"status": "unknown", "id": w.p2pInvoices()[0].ID})
	w.destroy().fails().errors(protectedPayout)
}

// Our clock does not end a payout: it may still be carried out.
func TestPayoutPastItsTime(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
	id := w.p2pInvoices()[0].ID
	w.write(payoutConfig + w.through(func(operation string) string {
		if operation != id && operation != "payout-1" {
			return ""
		}
		return fmt.Sprintf(`{"id":%q,"internalId":"payout-1","type":"out","status":"new","sum":{"amount":"700.00","currency":"RUB"},"expireAt":"2020-01-01T00:00:00Z"}`, id)
	}))
	w.apply().succeeds().quiet()
	w.destroy().fails().errors(protectedPayout)
	w.cli("taint", invoiceAddress)
	w.apply().fails().errors(payoutInState)
	w.cli("state", "rm", invoiceAddress)
	w.apply().fails().errors("The payout has been made already", id)
	w.sent("p2p.create", 1)
}

// A server without the look-up by internal id: the payout is sent, once, and the
// warning says what that means. One that cannot be asked stops it.
func TestPayoutOnAServerWithoutTheLookUp(t *testing.T) {
	w := newWorkspace(t, "p2p_internal_id=false")
	w.write(payoutConfig)
	w.apply().succeeds().warns("@order_id", "The gateway does not find payouts by their order ids", "Should the state be lost", w.p2pInvoicesID())
	w.plan().succeeds().quiet().changes(nil)
	w.sent("p2p.create", 1)
	w.sent("p2p.internal-id", 2)

	// One that refuses the call has it not either.
	w = newWorkspaceBeside(t)
	w.sandbox.Inject(sandbox.Fault{Operation: "p2p.internal-id", Kind: sandbox.FaultStatus, Status: 405})
	w.write(payoutConfig)
	w.apply().succeeds().warns("@order_id", "The gateway does not find payouts by their order ids")
	w.sent("p2p.create", 1)

	w = newWorkspaceBeside(t)
	w.sandbox.Inject(sandbox.Fault{Operation: "p2p.internal-id", Kind: sandbox.FaultStatus, Status: 500})
	w.write(payoutConfig)
	w.apply().fails().errors(`Cannot look for order "payout-1" before creating it`, "Nothing was created")
	w.sent("p2p.create", 0)
	w.sandbox.ClearFaults()
	// Found after the creation, the look-up is proven: no warning.
	w.apply().succeeds().quietButFor("700 RUB will be paid out")
	w.sent("p2p.create", 1)
}

// What the gateway makes of a payout's sum is told, and stops nothing.
func TestPayoutThatIsRecalculated(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
	w.check(w.sandbox.P2P.Invoices.Update(w.p2pInvoices()[0].ID, func(i *p2p.Invoice) { i.Amount = "695.50" }))
	w.plan().succeeds().changes(nil).warns("A payout was changed at the gateway", "amount", "nothing is planned")
	w.apply().succeeds().changes(nil)
	w.plan().succeeds().quiet().changes(nil)
	w.inState(invoiceAddress, map[string]any{"amount": "700"})
	w.destroyUnprotected(invoiceAddress, payoutConfig)
	w.sent("p2p.create", 1)
}

func TestMasked(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"2200000000000053": "…0053", "2200 0000 0000 0053": "…0053", "+7 (999) 123-45-67": "…4567", "1234567": "…", "": "…", "ИВАН": "…",
	} {
		if got := masked(number); got != want {
			t.Errorf("masked(%q) = %q, want %q", number, got, want)
		}
	}
}

// An incoming invoice is protected when somebody asks for it.
func TestInvoiceThatAsksForProtection(t *testing.T) {
	const protected = "The invoice is protected from being"
	w := newWorkspace(t)
	config := strings.Replace(p2pInvoice(), "{", "{\n  deletion_protection = true", 1)
	w.mustApply(config)
	w.destroy().fails().errors(protected)
	w.run("apply", "-auto-approve", "-replace="+invoiceAddress).fails().errors(protected)
	w.write(withLine(config, "amount", `amount = "5"`))
	w.apply().fails().errors(protected)
	w.write(config)
	w.cli("taint", invoiceAddress)
	w.apply().fails().errors(protected)
	w.cli("untaint", invoiceAddress)
	w.plan().succeeds().changes(nil)
	w.mustApply(p2pInvoice())
	w.inState(invoiceAddress, map[string]any{"deletion_protection": false})
	w.write("")
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	w.sent("p2p.create", 1)
	w.invoiceStatuses("canceled")
}

// A card number need not be in the state or the plan: not when it is sent, nor
// when the gateway gives it back, nor after an import.
func TestPayoutWriteOnlyRequisites(t *testing.T) {
	const card = "2200000000000053"
	config := strings.NewReplacer("payment_requisites = {", "payment_requisites_wo_version = 1\n    payment_requisites_wo = {", `"`+card+`"`, "var.card", `"ИВАН ИВАНОВ"`, "var.holder").
		Replace(payoutConfig) + "variable \"card\" {\n  ephemeral = true\n}\nvariable \"holder\" {\n  ephemeral = true\n}\n"
	w := newWorkspace(t)
	w.env = append(w.env, "TF_VAR_card="+card, "TF_VAR_holder=ИВАН ИВАНОВ")
	w.write(config)
	w.run("plan", "-out=saved").succeeds().warns("700 RUB will be paid out to …0053")
	if output, ok := w.exec("show", "-json", "saved"); !ok || strings.Contains(output, card) || strings.Contains(output, "ИВАН") {
		t.Errorf("the receiver is in the plan: %s", output)
	}
	w.mustApply(config)
	one := w.p2pInvoices()[0]
	if !strings.Contains(w.sandbox.Requests("p2p.create")[0].Body, `"paymentRequisites":{"requisites":"`+card+`","holder":"ИВАН ИВАНОВ"}`) {
		t.Errorf("sent %s", w.sandbox.Requests("p2p.create")[0].Body)
	}
	inState := func(what string) {
		t.Helper()
		if state, _ := w.exec("state", "pull"); strings.Contains(state, card) || strings.Contains(state, "ИВАН") {
			t.Errorf("%s, the receiver is in the state: %s", what, state)
		}
	}
	inState("applied")
	w.check(w.sandbox.P2P.Invoices.Update(one.ID, func(i *p2p.Invoice) {
		i.Deals = []p2p.Deal{{ID: "deal-1", Requisites: p2p.Requisites{Requisites: card, Holder: "ИВАН ИВАНОВ"}}}
	}))
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	inState("read")
	w.cli("state", "rm", invoiceAddress)
	w.write(config + fmt.Sprintf("import {\n  to = %s\n  id = \"p2p/%s\"\n}", invoiceAddress, one.ID))
	w.apply().succeeds()
	inState("imported")
	w.plan().succeeds().quiet().changes(nil)
	w.write(strings.Replace(config, "version = 1", "version = 2", 1))
	w.plan().fails().errors("A payout cannot be changed", "p2p.payment_requisites_wo_version")
	w.sent("p2p.create", 1)
}

// p2pInvoicesID is the id of the only one, "" when there is none yet.
func (w *workspace) p2pInvoicesID() string {
	for _, one := range w.p2pInvoices() {
		return one.ID
	}
	return ""
}
