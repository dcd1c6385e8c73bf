package provider

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
)

func fortyPayouts(keys string) string {
	return strings.NewReplacer(`"one" {`, "\"one\" {\n  for_each = { for i, key in "+keys+" : key => \"order-${i}\" }", `"payout-1"`, "each.value").Replace(payoutConfig)
}

func TestRenamedPayoutOfForEachIsNotSentAgain(t *testing.T) {
	w := newWorkspace(t)
	w.Write(fortyPayouts(fortyKeys))
	w.Apply().Succeeds()
	w.Sent("p2p.create", 40)
	for _, parallelism := range []string{"1", "10", "50"} {
		for _, name := range []string{"a", "z"} { // sorts before or after the others
			w.Write(fortyPayouts(`[for i in range(40) : i == 6 ? "` + name + `" : "k${i}"]`))
			w.Apply("-parallelism="+parallelism).Fails(payoutInState, `(order "order-6")`)
		}
	}
	w.Write(fortyPayouts(`[for i in range(40) : i == 6 ? "z" : "k${i}"]`) + movedBlock(`invoice_invoice.one["k6"]`, `invoice_invoice.one["z"]`))
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("p2p.create", 40)
	w.Sent("p2p.cancel", 0)
}

// Two payouts under one order id are an error in the plan, or in the apply where the order id
// is known only then. Allowing to forget one is not allowing to pay twice.
func TestPayoutTwinsAreAnError(t *testing.T) {
	w := newWorkspace(t)
	second := renamed(payoutConfig, "one", "two")
	w.Write(payoutConfig + second)
	w.Apply().Fails("@order_id", "Two new payouts are the same")
	w.Write(strings.ReplaceAll(payoutConfig+second, `"payout-1"`, "terraform_data.late.output") + "resource \"terraform_data\" \"late\" {\n input = \"payout-1\"\n}")
	w.Apply().Fails("@order_id", "order_id")
	if sent := len(w.Sandbox.Requests("p2p.create")); sent > 1 {
		t.Errorf("%d payouts were sent", sent)
	}

	w = newWorkspaceBeside(t, "p2p_internal_id=false")
	w.MustApply(unprotected(payoutConfig))
	for _, name := range []string{"two", "aaa"} {
		w.Write(renamed(unprotected(payoutConfig), "one", name))
		w.Apply().Fails(payoutInState, w.P2PInvoices()[0].ID)
		w.Write(renamed(unprotected(payoutConfig), "one", name) + removedBlock(invoiceAddress))
		w.Apply().Fails(payoutInState, w.P2PInvoices()[0].ID)
	}
	w.Sent("p2p.create", 1)
}

// A payout that was not carried out leaves its order id to a new resource, as its warning says.
func TestFailedPayoutLeavesItsOrderToANewOne(t *testing.T) {
	for _, status := range []string{"canceled", "expired"} {
		for _, name := range []string{"two", "aaa"} {
			t.Run(status+", "+name, func(t *testing.T) {
				w := newWorkspace(t)
				w.MustApply(payoutConfig)
				w.Must(w.Sandbox.P2P.SetStatus(w.P2PInvoices()[0].ID, status))
				w.Write(payoutConfig + renamed(payoutConfig, "one", name))
				w.Apply("-parallelism=1", "-refresh=false").Fails("terraform apply -refresh-only")
				w.Apply("-refresh-only").Succeeds().Warns("A payout was not carried out")
				w.Apply().Succeeds().Warns("A payout was not carried out")
				w.Plan().Succeeds().ChangesNothing()
				w.Sent("p2p.create", 2)
			})
		}
	}
}

// Whichever of the two Terraform plans first, one of the answers is an error. The plugin
// protocol lets the test choose the order.
func TestPayoutTwinsAreAnErrorInEitherOrder(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	for name, stored := range map[string]string{
		"made":    `{"id":"i-1","order_id":"07","amount":"700","currency":"RUB","status":"created","p2p":{"direction":"out"}}`,
		"unclear": `{"id":null,"order_id":"07","amount":"700","currency":"RUB","status":"unknown","p2p":{"direction":"out"}}`,
		"failed":  `{"id":"i-1","order_id":"07","amount":"700","currency":"RUB","status":"canceled","p2p":{"direction":"out"}}`,
		"in":      `{"id":"i-1","order_id":"07","amount":"700","currency":"RUB","status":"created","p2p":{"direction":"in"}}`,
	} {
		want := map[string]string{"made": payoutInState, "unclear": "The outcome of an earlier payout is unknown"}[name]
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
