package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/p2p"
)

// The gateway's own status "unknown" is not the provider's mark.
func TestPayoutStatusUnknownIsTheGatewaysWord(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(payoutConfig)
	w.Must(w.Sandbox.P2P.SetStatus(w.P2PInvoices()[0].ID, "unknown"))
	w.Apply().Succeeds().SaysNothing()
	w.StateHas(invoiceAddress, map[string]any{"status": "unknown", "id": w.P2PInvoices()[0].ID})
	w.Destroy().Fails(protectedPayout)
}

// Our clock does not end a payout. The gateway may still carry it out.
func TestPayoutPastItsTimeIsNotOver(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(payoutConfig)
	id := w.P2PInvoices()[0].ID
	w.Write(payoutConfig + w.GatewayThatAnswers(func(operation string) string {
		if operation != id && operation != "payout-1" {
			return ""
		}
		return fmt.Sprintf(`{"id":%q,"internalId":"payout-1","type":"out","status":"new","sum":{"amount":"700.00","currency":"RUB"},"expireAt":"2020-01-01T00:00:00Z"}`, id)
	}))
	w.Apply().Succeeds().SaysNothing()
	w.Destroy().Fails(protectedPayout)
	w.MustExec("taint", invoiceAddress)
	w.Apply().Fails(payoutInState)
	w.Forget(invoiceAddress)
	w.Apply().Fails("The payout has been made already", id)
	w.Sent("p2p.create", 1)
}

// A server without the look-up by internal id gets the payout once, and a warning says what
// that means. A server that cannot be asked gets none.
func TestPayoutWithoutALookUpIsSentWithAWarning(t *testing.T) {
	w := newWorkspace(t, "p2p_internal_id=false")
	w.Write(payoutConfig)
	w.Apply().Succeeds().Warns("@order_id", "The gateway does not find payouts by their order ids", "Should the state be lost", p2pInvoicesID(w))
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("p2p.create", 1)
	w.Sent("p2p.internal-id", 2)

	// A server that refuses the call lacks it too.
	w = newWorkspaceBeside(t)
	w.Sandbox.Inject(sandbox.Fault{Operation: "p2p.internal-id", Kind: sandbox.FaultStatus, Status: 405})
	w.Write(payoutConfig)
	w.Apply().Succeeds().Warns("@order_id", "The gateway does not find payouts by their order ids")
	w.Sent("p2p.create", 1)

	w = newWorkspaceBeside(t)
	w.Sandbox.Inject(sandbox.Fault{Operation: "p2p.internal-id", Kind: sandbox.FaultStatus, Status: 500})
	w.Write(payoutConfig)
	w.Apply().Fails(`Cannot look for order "payout-1" before creating it`, "Nothing was created")
	w.Sent("p2p.create", 0)
	w.Sandbox.ClearFaults()
	// The look-up finds the payout after the creation, so it works, and there is no warning.
	w.Apply().Succeeds().SaysOnly("700 RUB will be paid out")
	w.Sent("p2p.create", 1)
}

// The gateway recalculates the payout's sum. That is a warning and blocks nothing.
func TestRecalculatedPayoutIsAWarning(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(payoutConfig)
	w.Must(w.Sandbox.P2P.Invoices.Update(w.P2PInvoices()[0].ID, func(i *p2p.Invoice) { i.Amount = "695.50" }))
	w.Plan().Succeeds().ChangesNothing().Warns("A payout was changed at the gateway", "amount", "Nothing is planned")
	w.Apply().Succeeds().ChangesNothing()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.StateHas(invoiceAddress, map[string]any{"amount": "700"})
	destroyUnprotected(w, invoiceAddress, payoutConfig)
	w.Sent("p2p.create", 1)
}

// An incoming invoice is protected if its configuration asks for it.
func TestInvoiceIsProtectedWhenAsked(t *testing.T) {
	const protected = "The invoice is protected from being"
	w := newWorkspace(t)
	config := strings.Replace(p2pInvoice(), "{", "{\n  deletion_protection = true", 1)
	w.MustApply(config)
	w.Destroy().Fails(protected)
	w.Apply("-replace=" + invoiceAddress).Fails(protected)
	w.Write(withLine(config, "amount", `amount = "5"`))
	w.Apply().Fails(protected)
	w.Write(config)
	w.MustExec("taint", invoiceAddress)
	w.Apply().Fails(protected)
	w.MustExec("untaint", invoiceAddress)
	w.Plan().Succeeds().ChangesNothing()
	w.MustApply(p2pInvoice())
	w.StateHas(invoiceAddress, map[string]any{"deletion_protection": false})
	w.Write("")
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.Sent("p2p.create", 1)
	w.InvoicesAre("canceled")
}

// A card number need not be in the state or the plan: not when it is sent, nor when the gateway
// returns it, nor after an import.
func TestWriteOnlyRequisitesStayOutOfStateAndPlan(t *testing.T) {
	clitest.NeedCLI(t, clitest.WriteOnlyArguments)
	const card = "2200000000000053"
	config := strings.NewReplacer("payment_requisites = {", "payment_requisites_wo_version = 1\n    payment_requisites_wo = {", `"`+card+`"`, "var.card", `"ИВАН ИВАНОВ"`, "var.holder").
		Replace(payoutConfig) + "variable \"card\" {\n  ephemeral = true\n}\nvariable \"holder\" {\n  ephemeral = true\n}\n"
	w := newWorkspace(t)
	w.Env = append(w.Env, "TF_VAR_card="+card, "TF_VAR_holder=ИВАН ИВАНОВ")
	w.Write(config)
	w.Plan("-out=saved").Succeeds().Warns("700 RUB will be paid out to …0053")
	if output, ok := w.Exec("show", "-json", "saved"); !ok || strings.Contains(output, card) || strings.Contains(output, "ИВАН") {
		t.Errorf("the receiver is in the plan: %s", output)
	}
	w.MustApply(config)
	one := w.P2PInvoices()[0]
	if !strings.Contains(w.Sandbox.Requests("p2p.create")[0].Body, `"paymentRequisites":{"requisites":"`+card+`","holder":"ИВАН ИВАНОВ"}`) {
		t.Errorf("sent %s", w.Sandbox.Requests("p2p.create")[0].Body)
	}
	inState := func(what string) {
		t.Helper()
		if state, _ := w.Exec("state", "pull"); strings.Contains(state, card) || strings.Contains(state, "ИВАН") {
			t.Errorf("%s, the receiver is in the state: %s", what, state)
		}
	}
	inState("applied")
	w.Must(w.Sandbox.P2P.Invoices.Update(one.ID, func(i *p2p.Invoice) {
		i.Deals = []p2p.Deal{{ID: "deal-1", Requisites: p2p.Requisites{Requisites: card, Holder: "ИВАН ИВАНОВ"}}}
	}))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	inState("read")
	w.Forget(invoiceAddress)
	w.Write(config + importing(invoiceAddress, "p2p/"+one.ID))
	w.Apply().Succeeds()
	inState("imported")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Write(strings.Replace(config, "version = 1", "version = 2", 1))
	w.Plan().Fails("A payout cannot be changed", "p2p.payment_requisites_wo_version")
	w.Sent("p2p.create", 1)
}

// p2pInvoicesID is the id of the only invoice, or "".
func p2pInvoicesID(w *clitest.Workspace) string {
	for _, one := range w.P2PInvoices() {
		return one.ID
	}
	return ""
}
