package provider

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

const (
	protectedPayout = "The payout is protected from being forgotten"
	payoutInState   = "The payout is in the state already"
)

// A block taken out, a rename, a destroy: an error in the plan, unless it was
// allowed in an apply before. So it is with a state of an older version.
func TestPayoutIsNotForgotten(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
	id := w.p2pInvoices()[0].ID
	for _, isOlder := range []bool{false, true} {
		if isOlder {
			w.fromOlderVersion()
		}
		for name, other := range map[string]string{"taken out": "", "renamed": renamed(payoutConfig, "one", "two"), "not applied": unprotected(payoutConfig)} {
			w.write(other)
			command := "apply"
			if name == "not applied" {
				command = "destroy"
			}
			for _, more := range []string{"-refresh=true", "-refresh=false"} {
				r := w.run(command, "-auto-approve", more).fails()
				if name != "renamed" { // there, either error may come first
					r.errors(protectedPayout, id, `700 RUB (order "payout-1")`, "moved {", "terraform state mv", "removed {", "destroy = false", "terraform state rm", "deletion_protection = false")
				}
			}
		}
		w.write(renamed(payoutConfig, "one", "two"))
		w.plan().fails().errors(payoutInState, id, "moved {", "an order_id of its own")
	}
	w.write(payoutConfig)
	w.plan().succeeds().quiet().changes(nil)
	w.run("plan", "-refresh=false").succeeds().changes(map[string]string{invoiceAddress: "update"})
	w.sent("p2p.create", 1)
	w.sent("p2p.cancel", 0)
}

// Each way out that the message names leads to an empty plan.
func TestPayoutWaysToForget(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
	id := w.p2pInvoices()[0].ID
	imported := payoutConfig + fmt.Sprintf("import {\n  to = %s\n  id = \"p2p/%s\"\n}", invoiceAddress, id)

	w.write(renamed(payoutConfig, "one", "two") + movedBlock(invoiceAddress, "invoice_invoice.two"))
	w.apply().succeeds().quiet()
	w.plan().succeeds().quiet().changes(nil)
	w.must("state", "mv", "invoice_invoice.two", "invoice_invoice.three")
	w.write(renamed(payoutConfig, "one", "three"))
	w.plan().succeeds().quiet().changes(nil)
	w.must("state", "rm", "invoice_invoice.three")
	w.write("")
	w.plan().succeeds().quiet().changes(nil)
	w.write(imported)
	w.apply().succeeds()
	w.write(removedBlock(invoiceAddress))
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	w.notInState(invoiceAddress)
	w.write(imported)
	w.apply().succeeds()

	w.sandbox.ResetRequests()
	w.write(unprotected(payoutConfig))
	w.run("apply", "-auto-approve", "-refresh=false").succeeds().quiet().changes(map[string]string{invoiceAddress: "update"})
	w.nothingSent()
	// Left out again, the default counts.
	w.write(payoutConfig)
	w.run("apply", "-auto-approve", "-refresh=false").succeeds().quiet().changes(map[string]string{invoiceAddress: "update"})
	w.inState(invoiceAddress, map[string]any{"deletion_protection": true})
	w.write(unprotected(payoutConfig))
	w.apply().succeeds()
	w.write("")
	w.apply().succeeds().changes(map[string]string{invoiceAddress: "delete"})
	w.plan().succeeds().quiet().changes(nil)
	w.sent("p2p.create", 0)
	w.invoiceStatuses("canceled")
}

// Whatever makes Terraform replace a payout that was made: it is refused, and the
// way out leads to an empty plan.
func TestPayoutIsNotReplaced(t *testing.T) {
	for order, lifecycle := range orders {
		t.Run(order, func(t *testing.T) {
			w := newWorkspace(t)
			const trigger = "resource \"terraform_data\" \"x\" {\n input = %d\n}"
			config := inLifecycle(unprotected(payoutConfig), append(lifecycle, "replace_triggered_by = [terraform_data.x]")...)
			w.mustApply(config + fmt.Sprintf(trigger, 1))
			id := w.p2pInvoices()[0].ID
			for _, more := range []string{"-refresh=true", "-refresh=false"} {
				w.run("apply", "-auto-approve", "-replace="+invoiceAddress, more).fails().
					errors("A payout is not replaced", id, "a second time", "-replace or replace_triggered_by", "add a new resource")
			}
			w.write(config + fmt.Sprintf(trigger, 2))
			w.apply().fails().errors("A payout is not replaced", "-replace or replace_triggered_by")
			config = inLifecycle(unprotected(payoutConfig), lifecycle...)
			w.write(config + fmt.Sprintf(trigger, 2))
			w.apply().succeeds()
			w.plan().succeeds().quiet().changes(nil)

			w.must("taint", invoiceAddress)
			for _, more := range []string{"-refresh=true", "-refresh=false"} {
				w.run("apply", "-auto-approve", more).fails().errors("@order_id", payoutInState, id, "terraform untaint")
			}
			w.must("untaint", invoiceAddress)
			w.plan().succeeds().quiet().changes(nil)
			w.sent("p2p.create", 1)
			w.sent("p2p.cancel", 0)
		})
		t.Run("failed provisioner, "+order, func(t *testing.T) {
			w := newWorkspace(t)
			good := inLifecycle(payoutConfig, lifecycle...)
			w.write(strings.Replace(good, "{", "{\n  provisioner \"local-exec\" {\n    command = \"false\"\n  }", 1))
			w.apply().fails().errors("local-exec")
			w.apply().fails().errors(payoutInState, "terraform untaint")
			w.must("untaint", invoiceAddress)
			w.plan().succeeds().quiet().changes(nil)
			w.sent("p2p.create", 1)
		})
	}
}

// Of a taint no plan is asked whether the old one may be destroyed: the apply
// refuses, and nothing is made or canceled.
func TestPayoutTaintedAndChanged(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(unprotected(payoutConfig))
	w.must("taint", invoiceAddress)
	w.write(strings.Replace(unprotected(payoutConfig), "payout-1", "payout-2", 1))
	for _, more := range []string{"-refresh=true", "-refresh=false"} {
		w.run("apply", "-auto-approve", more).fails().errors("A payout is not replaced", w.p2pInvoices()[0].ID, "terraform untaint")
	}
	w.sent("p2p.create", 1)
	w.invoiceStatuses("new")
	w.must("untaint", invoiceAddress)
	w.write(unprotected(payoutConfig))
	w.plan().succeeds().quiet().changes(nil)
	// Nor is it allowed by a destroy that failed.
	w.sandbox.Inject(sandbox.Fault{Operation: "p2p.cancel", Kind: sandbox.FaultStatus, Status: 500})
	w.destroy("-refresh=false").fails().errors("Cannot cancel")
	w.sandbox.ClearFaults()
	if private := w.privateState(); strings.Contains(private, `"destroy":"dHJ1ZQ=="`) {
		t.Errorf("the mark of the destroy is in the state: %s", private)
	}
	w.must("taint", invoiceAddress)
	w.write(strings.Replace(unprotected(payoutConfig), "payout-1", "payout-2", 1))
	w.run("apply", "-auto-approve", "-refresh=false").fails().errors("A payout is not replaced")
	w.sent("p2p.create", 1)
}

// One of an older version may have no order id: it stays as it is.
func TestPayoutWithoutOrderOfAnOlderVersion(t *testing.T) {
	withoutOrder := strings.Replace(payoutConfig, `  order_id = "payout-1"`, "", 1)
	w := newWorkspace(t)
	w.write(withoutOrder)
	w.apply().fails().errors("A payout needs an order_id")
	w.nothingSent()
	w.mustApply(payoutConfig)
	w.check(w.sandbox.UpdateP2PInvoice(w.p2pInvoices()[0].ID, func(i *sandbox.P2PInvoice) { i.InternalID = "" }))
	w.fromOlderVersion()
	w.editState(func(attributes map[string]any) { attributes["order_id"] = nil })
	w.write(withoutOrder)
	w.plan().succeeds().quiet().changes(nil)
	w.must("taint", invoiceAddress)
	w.apply().fails().errors("A payout needs an order_id", "terraform untaint")
	w.must("untaint", invoiceAddress)
	w.plan().succeeds().quiet().changes(nil)
	w.destroy().fails().errors(protectedPayout)
	w.sent("p2p.create", 1)
}

func fortyPayouts(keys string) string {
	return strings.NewReplacer(`"one" {`, "\"one\" {\n  for_each = { for i, key in "+keys+" : key => \"order-${i}\" }", `"payout-1"`, "each.value").Replace(payoutConfig)
}

func TestPayoutsOfForEachRenamed(t *testing.T) {
	w := newWorkspace(t)
	w.write(fortyPayouts(fortyKeys))
	w.apply().succeeds()
	w.sent("p2p.create", 40)
	for _, parallelism := range []string{"1", "10", "50"} {
		for _, name := range []string{"a", "z"} { // before and after the others
			w.write(fortyPayouts(`[for i in range(40) : i == 6 ? "` + name + `" : "k${i}"]`))
			w.run("apply", "-auto-approve", "-parallelism="+parallelism).fails().errors(payoutInState, `(order "order-6")`)
		}
	}
	w.write(fortyPayouts(`[for i in range(40) : i == 6 ? "z" : "k${i}"]`) + movedBlock(`invoice_invoice.one["k6"]`, `invoice_invoice.one["z"]`))
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.sent("p2p.create", 40)
	w.sent("p2p.cancel", 0)
}

// Two payouts under one order id: in the plan, and where it is known only when
// they are made. Allowing to forget is not allowing to pay twice.
func TestPayoutTwins(t *testing.T) {
	w := newWorkspace(t)
	second := renamed(payoutConfig, "one", "two")
	w.write(payoutConfig + second)
	w.apply().fails().errors("@order_id", "Two new payouts have one order_id")
	w.write(strings.ReplaceAll(payoutConfig+second, `"payout-1"`, "terraform_data.late.output") + "resource \"terraform_data\" \"late\" {\n input = \"payout-1\"\n}")
	w.apply().fails().errors("@order_id", "order_id")
	if sent := len(w.sandbox.Requests("p2p.create")); sent > 1 {
		t.Errorf("%d payouts were sent", sent)
	}

	w = newWorkspaceBeside(t, "p2p_internal_id=false")
	w.mustApply(unprotected(payoutConfig))
	for _, name := range []string{"two", "aaa"} {
		w.write(renamed(unprotected(payoutConfig), "one", name))
		w.apply().fails().errors(payoutInState, w.p2pInvoices()[0].ID)
		w.write(renamed(unprotected(payoutConfig), "one", name) + removedBlock(invoiceAddress))
		w.apply().fails().errors(payoutInState, w.p2pInvoices()[0].ID)
	}
	w.sent("p2p.create", 1)
}

// Over the protocol: whichever of two Terraform looks at first, one of the
// answers is an error.
func TestPayoutTwinsInEitherOrder(t *testing.T) {
	box := openSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	for name, stored := range map[string]string{
		"made":    `{"id":"i-1","order_id":"07","amount":"700","currency":"RUB","status":"created","p2p":{"direction":"out"}}`,
		"unclear": `{"id":null,"order_id":"07","amount":"700","currency":"RUB","status":"unknown","p2p":{"direction":"out"}}`,
		"failed":  `{"id":"i-1","order_id":"07","amount":"700","currency":"RUB","status":"canceled","p2p":{"direction":"out"}}`,
		"in":      `{"id":"i-1","order_id":"07","amount":"700","currency":"RUB","status":"created","p2p":{"direction":"in"}}`,
	} {
		want := map[string]string{"made": payoutInState, "unclear": "A payout is unclear"}[name]
		upgrade := func(p *plugin6) []*tfprotov6.Diagnostic { return p.upgradeJSON("invoice_invoice", stored) }
		create := func(p *plugin6) []*tfprotov6.Diagnostic {
			scene := stopScene{t: t, calm: p}
			return p.planFrom("invoice_invoice", nil, scene.invoice("7", "p2p", scene.p2p("out"))).Diagnostics
		}
		for order, steps := range map[string][2]func(p *plugin6) []*tfprotov6.Diagnostic{"stored first": {upgrade, create}, "new first": {create, upgrade}} {
			t.Run(name+", "+order, func(t *testing.T) {
				p := newPlugin(t, server.URL)
				p.ok(nil, steps[0](p))
				if got := summaries(steps[1](p)); got != want {
					t.Errorf("errors %q, want %q", got, want)
				}
			})
		}
	}
}

func (p *plugin6) upgradeJSON(typeName, state string) []*tfprotov6.Diagnostic {
	p.t.Helper()
	resp, err := p.server.UpgradeResourceState(p.t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: typeName, RawState: &tfprotov6.RawState{JSON: []byte(state)}})
	p.ok(err, nil)
	return resp.Diagnostics
}

// The gateway's own word "unknown" is not the provider's mark.
func TestPayoutWordsOfTheGateway(t *testing.T) {
	w := newWorkspace(t)
	w.mustApply(payoutConfig)
	w.check(w.sandbox.SetP2PInvoiceStatus(w.p2pInvoices()[0].ID, "unknown"))
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
	w.must("taint", invoiceAddress)
	w.apply().fails().errors(payoutInState)
	w.must("state", "rm", invoiceAddress)
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
	w.check(w.sandbox.UpdateP2PInvoice(w.p2pInvoices()[0].ID, func(i *sandbox.P2PInvoice) { i.Amount = "695.50" }))
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
	w.must("taint", invoiceAddress)
	w.apply().fails().errors(protected)
	w.must("untaint", invoiceAddress)
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
	w.check(w.sandbox.UpdateP2PInvoice(one.ID, func(i *sandbox.P2PInvoice) {
		i.Deals = []sandbox.P2PDeal{{ID: "deal-1", Requisites: sandbox.P2PRequisites{Requisites: card, Holder: "ИВАН ИВАНОВ"}}}
	}))
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	inState("read")
	w.must("state", "rm", invoiceAddress)
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
