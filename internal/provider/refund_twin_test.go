package provider

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/gateways"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// A further refund of the same payment and amount needs a sequence of its own.
func TestRefundSequenceAllowsATwin(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	second := renamed(strings.Replace(config, `"500"`, `"500.00"`, 1), "back", "second")
	numbered := strings.Replace(second, "{", "{\n  sequence = 2", 1)

	w.Write(config + second)
	w.Apply().Fails("@amount", "Two new refunds are the same", payment, "sequence = 2")
	w.Sent("CreateRefund", 0)
	w.MustApply(config)
	w.Write(config + second)
	w.Apply().Fails("@amount", "The refund is already in the state", w.Refunds()[0].ID, "sequence = 2", "deletion_protection = false lets Terraform forget")
	w.Sent("CreateRefund", 1)
	w.MustApply(config + numbered)
	w.Sent("CreateRefund", 2)
	// Two refunds that exist already are fine, whatever their sequences.
	w.MustApply(config + second)
	w.Sent("CreateRefund", 2)
}

// The payment of the two refunds is unknown until apply.
func TestRefundTwinsAreAnErrorWhenMade(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := strings.Replace(refundConfig("x"), `"x"`, "terraform_data.p.output", 1)
	w.Write(config + renamed(config, "back", "second") + fmt.Sprintf("resource \"terraform_data\" \"p\" {\n input = %q\n}", payment))
	w.Apply().Fails().Warns("500 RUB will be refunded for a payment that is not known yet").Fails("@amount", "sequence = 2")
	if sent := len(w.Sandbox.Requests("CreateRefund")); sent > 1 {
		t.Errorf("%d refunds were sent", sent)
	}
}

// Of several warnings with one summary Terraform shows one, so each refund has its own summary.
func TestRefundPlanSaysThatMoneyLeaves(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	twin := renamed(strings.Replace(config, "{", "{\n  sequence = 2", 1), "back", "third")
	w.Write(config + renamed(withLine(config, "amount", `amount = "100"`), "back", "second") + twin)
	output, ok := w.Exec("plan")
	for _, want := range []string{"500 RUB will be refunded for payment " + payment, "500 RUB will be refunded for payment " + payment + " (sequence 2)", "100 RUB will be refunded for payment " + payment} {
		if !ok || !strings.Contains(strings.Join(strings.Fields(output), " "), want) {
			t.Errorf("the plan does not say %q:\n%s", want, output)
		}
	}
	w.MustApply(config)
	w.Plan().Succeeds().ChangesNothing().SaysNothing()
}

// fortyRefunds refund one payment. Their sequences tell them apart.
func fortyRefunds(payment, keys string) string {
	return fmt.Sprintf(`
resource "invoice_refund" "many" {
  for_each   = { for i, key in %s : key => i + 1 }
  payment_id = %q
  amount     = "10"
  sequence   = each.value
  receipt    = []
}
`, keys, payment)
}

const fortyKeys = `[for i in range(40) : "k${i}"]`

func TestRenamedRefundOfForEachIsNotSentAgain(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.Write(fortyRefunds(payment, fortyKeys))
	w.Apply().Succeeds()
	w.Sent("CreateRefund", 40)
	for _, parallelism := range []string{"1", "10", "50"} {
		for _, name := range []string{"a", "z"} { // sorts before or after the others
			w.Write(fortyRefunds(payment, `[for i in range(40) : i == 6 ? "`+name+`" : "k${i}"]`))
			w.Apply("-parallelism="+parallelism).Fails("The refund is already in the state", "(sequence 7)")
		}
	}
	w.Sent("CreateRefund", 40)
	w.Write(fortyRefunds(payment, `[for i in range(40) : "z${i}"]`))
	w.Apply().Fails("The refund is already in the state")
	w.Write(fortyRefunds(payment, `[for i in range(40) : i == 6 ? "z" : "k${i}"]`) + movedBlock(`invoice_refund.many["k6"]`, `invoice_refund.many["z"]`))
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("CreateRefund", 40)
}

func TestRefundMayMoveWithItsModule(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	module := func(name string) string {
		return fmt.Sprintf("module %q {\n  source  = \"./m\"\n  payment = %q\n}\n", name, payment)
	}
	w.WriteFile(filepath.Join("m", "main.tf"), "variable \"payment\" {}\n"+clitest.RequiredProviders+strings.Replace(refundConfig("x"), `"x"`, "var.payment", 1))
	w.Write(module("old"))
	w.MustExec("init", "-input=false")
	w.Apply().Succeeds()
	w.Write(module("new"))
	w.MustExec("init", "-input=false")
	w.Apply().Fails("The refund is already in the state", "moved {")
	w.Write(module("new") + movedBlock("module.old", "module.new"))
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("CreateRefund", 1)
}

// A saved plan is applied as it was made, and once.
func TestSavedPlanMakesARefundOnce(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := refundConfig(payment)
	w.Write(config)
	w.MustExec("plan", "-out=saved")
	w.Run("apply", "saved").Succeeds()
	w.Run("apply", "saved").Fails()
	w.Write(unprotected(config))
	w.Apply().Succeeds()
	w.Write("")
	w.MustExec("plan", "-out=saved")
	w.Run("apply", "saved").Succeeds()
	w.StateLacks(refundAddress)
	w.Sent("CreateRefund", 1)
}

// Whichever of the two Terraform plans first, one of the answers is an error. The plugin
// protocol lets the test choose the order.
func TestRefundTwinsAreAnErrorInEitherOrder(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	stored := map[string]tftypes.Value{
		"id": text("r-1"), "payment_id": text("p-1"), "amount": text("5.00"), "currency": text("RUB"), "status": text("successful"),
	}
	planned := map[string]tftypes.Value{"payment_id": text("p-1"), "amount": text("5"), "currency": text("RUB"), "sequence": tftypes.NewValue(tftypes.Number, 1)}
	type step func(p *plugin6) []*tfprotov6.Diagnostic
	upgrade := func(p *plugin6) []*tfprotov6.Diagnostic { return p.upgrade("invoice_refund", stored) }
	keep := func(p *plugin6) []*tfprotov6.Diagnostic {
		return p.planFrom("invoice_refund", stored, stored).Diagnostics
	}
	renumber := func(p *plugin6) []*tfprotov6.Diagnostic {
		from, to := maps.Clone(stored), maps.Clone(stored)
		from["sequence"], to["sequence"] = tftypes.NewValue(tftypes.Number, 2), tftypes.NewValue(tftypes.Number, 1)
		return p.planFrom("invoice_refund", from, to).Diagnostics
	}
	create := func(p *plugin6) []*tfprotov6.Diagnostic {
		return p.planFrom("invoice_refund", nil, planned).Diagnostics
	}
	for name, steps := range map[string][2]step{
		"stored, then new":       {upgrade, create},
		"new, then stored":       {create, upgrade},
		"kept, then new":         {keep, create},
		"new, then kept":         {create, keep},
		"renumbered, then new":   {renumber, create},
		"new, then renumbered":   {create, renumber},
		"new, then another new":  {create, create},
		"stored, then kept":      {upgrade, keep},
		"stored, then it itself": {upgrade, upgrade},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlugin(t, server.URL)
			p.ok(nil, steps[0](p))
			got, want := summaries(steps[1](p)), "The refund is already in the state"
			switch name {
			case "new, then another new":
				want = "Two new refunds are the same"
			case "stored, then kept", "stored, then it itself":
				want = ""
			}
			if got != want {
				t.Errorf("errors %q, want %q", got, want)
			}
		})
	}
	if sent := box.Requests("CreateRefund"); len(sent) != 0 {
		t.Errorf("%d refunds were sent", len(sent))
	}
}

// A refund is registered under the id that it got, so showing it again makes no twin. Another
// refund is a twin, even if it was planned when nothing was known.
func TestRefundTwinIsAnErrorInCreate(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	p := newPlugin(t, server.URL)
	payment := p.paidPayment(box)
	given := map[string]tftypes.Value{"payment_id": payment, "amount": text("5"), "currency": text("RUB"), "receipt": p.noReceipt()}
	unknown := maps.Clone(given)
	unknown["payment_id"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	first, second := p.planNew("invoice_refund", given), p.planNew("invoice_refund", unknown)
	applied, err := p.server.ApplyResourceChange(context.Background(), first)
	p.ok(err, applied.Diagnostics)
	made := p.decode(applied.NewState, p.schemas.ResourceSchemas["invoice_refund"].ValueType())
	if got := summaries(p.upgrade("invoice_refund", made)); got != "" {
		t.Errorf("shown again: %s", got)
	}
	second.PlannedState, second.Config = first.PlannedState, first.Config
	applied, err = p.server.ApplyResourceChange(context.Background(), second)
	if got := summaries(applied.Diagnostics); err != nil || got != "The refund is already in the state" {
		t.Errorf("errors %q, %v", got, err)
	}
	if sent := len(box.Requests("CreateRefund")); sent != 1 {
		t.Errorf("%d refunds were sent, want 1", sent)
	}
}

// paidPayment makes a paid payment at the sandbox and returns its id.
func (p *plugin6) paidPayment(box *gateways.Sandbox) tftypes.Value {
	p.t.Helper()
	terminal := p.create("invoice_terminal", map[string]tftypes.Value{"alias": text("a"), "name": text("n")})
	link := p.create("invoice_payment_link", map[string]tftypes.Value{
		"terminal_id": terminal["id"], "amount": text("10"), "currency": text("RUB"), "when_unpayable": text("keep"), "receipt": p.noReceipt(),
	})
	var id string
	p.ok(link["id"].As(&id), nil)
	p.ok(box.InvoiceAPI.Pay(id, invoiceapi.TestCard), nil)
	return link["id"]
}

// planFrom plans a change. If from is nil, the object is new.
func (p *plugin6) planFrom(typeName string, from, to map[string]tftypes.Value) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	of := p.schemas.ResourceSchemas[typeName].ValueType()
	prior := tftypes.NewValue(of, nil)
	if from != nil {
		prior = filled(of, from)
	}
	resp, err := p.server.PlanResourceChange(context.Background(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: p.encode(prior), ProposedNewState: p.encode(filled(of, to)), Config: p.encode(filled(of, to)),
	})
	p.ok(err, nil)
	return resp
}

// upgrade shows the provider an object of the state.
func (p *plugin6) upgrade(typeName string, attributes map[string]tftypes.Value) []*tfprotov6.Diagnostic {
	p.t.Helper()
	state := map[string]any{}
	for name, value := range attributes {
		var text string
		if value.Type().Is(tftypes.String) && value.IsKnown() && !value.IsNull() && value.As(&text) == nil {
			state[name] = text
		}
	}
	resp, err := p.server.UpgradeResourceState(context.Background(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: typeName, RawState: &tfprotov6.RawState{JSON: mustJSON(p.t, state)},
	})
	p.ok(err, nil)
	return resp.Diagnostics
}

// summaries joins the summaries of the errors.
func summaries(diagnostics []*tfprotov6.Diagnostic) string {
	var all []string
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			all = append(all, d.Summary)
		}
	}
	return strings.Join(all, "; ")
}
