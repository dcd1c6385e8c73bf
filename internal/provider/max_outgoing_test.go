package provider

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

const passesLimit = "would pass max_outgoing"

// severalRefunds are refunds of one payment, each of 100.
func severalRefunds(paymentID string, count int, lines ...string) string {
	return fmt.Sprintf(`
resource "invoice_refund" "part" {
  count      = %d
  payment_id = %q
  amount     = "100"
  sequence   = count.index + 1
  receipt    = []
  %s
}
`, count, paymentID, strings.Join(lines, "\n  "))
}

// lateRefunds are the same, whose amount is known in the apply only.
func lateRefunds(paymentID string, count int) string {
	return "resource \"terraform_data\" \"late\" {\n  input = \"100\"\n}\n" +
		strings.Replace(severalRefunds(paymentID, count), `"100"`, "terraform_data.late.output", 1)
}

// The plan adds up what it knows, refunds and payouts alike, and the limit itself is allowed.
func TestMaxOutgoingInThePlan(t *testing.T) {
	w, paymentID := newPaidWorkspace(t)
	limit := func(amount string) string { return providerWith(w, `max_outgoing = "`+amount+`"`) }
	refunds := severalRefunds(paymentID, 3)

	w.Write(refunds + limit("299.99"))
	w.Plan().Fails("@amount", "The refund "+passesLimit, "With the refund of 100 for payment "+paymentID, "the refunds and payouts of this run would come to 300.00 RUB",
		`The limit is 299.99 RUB: max_outgoing = "299.99" in the provider block`, "plans a further 200.00 RUB", "Nothing was sent for this one")
	w.Write(refunds + payoutConfig + limit("999.99"))
	w.Plan().Fails("@amount", passesLimit, "would come to 1000.00 RUB")
	w.Write(refunds + limit("0"))
	w.Plan().Fails("@amount", "The refund "+passesLimit)
	w.Write(payoutConfig + limit("0"))
	w.Plan().Fails("@amount", "The payout "+passesLimit)
	w.Write(withLine(payoutConfig, "payment_option", "max_amount = \"705\"\n    payment_option = \"TO_CARD\"") + limit("704"))
	w.Plan().Fails("@amount", "The payout "+passesLimit, "would come to 705.00 RUB")
	w.Write(severalRefunds(paymentID, 1, `currency = "USD"`) + limit("100000"))
	w.Plan().Fails("@amount", "The refund cannot be checked against max_outgoing", "which is in RUB, and the amount is in USD")
	w.Sent("CreateRefund", 0)
	w.Sent("p2p.create", 0)

	w.Write(refunds + payoutConfig + limit("1000"))
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.Sent("CreateRefund", 3)
	w.Sent("p2p.create", 1)
	// The next run counts from zero.
	w.Write(severalRefunds(paymentID, 5) + payoutConfig + limit("200"))
	w.Apply().Succeeds()
	w.Sent("CreateRefund", 5)
}

// What the plan cannot know, the apply counts: it fails before the one that would pass, however
// many are made at once.
func TestMaxOutgoingInTheApply(t *testing.T) {
	for _, parallelism := range []string{"1", "10"} {
		t.Run(parallelism, func(t *testing.T) {
			w, paymentID := newPaidWorkspace(t)
			w.Write(lateRefunds(paymentID, 6) + providerWith(w, `max_outgoing = "250"`))
			w.Plan().Succeeds()
			result := w.Apply("-parallelism="+parallelism).Fails("@amount", "The refund "+passesLimit, `max_outgoing = "250"`, "So far this run has sent, or may have sent,")
			if parallelism == "1" {
				result.Fails("So far this run has sent, or may have sent, 200.00 RUB")
			}
			if sent := len(w.Refunds()); sent == 0 || sent > 2 {
				t.Errorf("%d refunds were made, want at most 2", sent)
			}
			w.Sent("CreateRefund", len(w.Refunds()))
			made := 0
			for address := range w.Resources() {
				if strings.HasPrefix(address, "invoice_refund.") {
					made++
				}
			}
			if made != len(w.Refunds()) {
				t.Errorf("the state has %d refunds of %d", made, len(w.Refunds()))
			}
		})
	}
}

// A refund that the gateway refuses leaves room for others. One whose answer is lost does not.
func TestMaxOutgoingCountsWhatMayHaveGone(t *testing.T) {
	for name, c := range map[string]struct {
		fault sandbox.Fault
		sent  int
	}{
		"refused": {sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "0", Times: 3}, 5},
		"lost":    {sandbox.Fault{Kind: sandbox.FaultLostAnswer, Times: 1}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w, paymentID := newPaidWorkspace(t)
			c.fault.Operation = "CreateRefund"
			w.Sandbox.Inject(c.fault)
			w.Write(lateRefunds(paymentID, 3) + providerWith(w, `max_outgoing = "200"`))
			result := w.Apply("-parallelism=1").Fails("Cannot make the refund")
			w.Sent("CreateRefund", c.sent)
			if name == "lost" {
				result.Fails(passesLimit, "has sent, or may have sent, 200.00 RUB")
			}
		})
	}
}

func TestMaxOutgoingIsChecked(t *testing.T) {
	for value, says := range map[string]string{
		"-1": `"-1" is negative. It must be a decimal number`, "0.001": "has more decimals than allowed", "1e3": "is not a decimal number", "": "is not a decimal number",
	} {
		t.Run(value, func(t *testing.T) {
			w := newWorkspace(t)
			w.Write(terminalConfig + providerWith(w, `max_outgoing = "`+value+`"`))
			w.Plan().Fails("max_outgoing", says)
			w.SentNothing()
		})
	}
}

// The lower one of the provider block and the environment counts. This test needs no CLI, and no
// others beside it.
func TestMaxOutgoingFromTheEnvironment(t *testing.T) {
	box := clitest.OpenSandbox(t)
	server := httptest.NewServer(box.Handler())
	defer server.Close()
	usual := newPlugin(t, server.URL)
	terminal := usual.create("invoice_terminal", map[string]tftypes.Value{"alias": text("a"), "name": text("n")})
	link := usual.create("invoice_payment_link", map[string]tftypes.Value{
		"terminal_id": terminal["id"], "amount": text("100"), "currency": text("RUB"), "when_unpayable": text("keep"), "receipt": usual.noReceipt(),
	})
	var paymentID string
	_ = link["id"].As(&paymentID)
	if err := box.InvoiceAPI.Pay(paymentID, invoiceapi.TestCard); err != nil {
		t.Fatal(err)
	}
	refund := map[string]tftypes.Value{"payment_id": link["id"], "amount": text("50"), "currency": text("RUB"), "receipt": usual.noReceipt()}
	planned := usual.planNew("invoice_refund", refund)
	for _, c := range []struct{ block, environment, says string }{
		{"49.99", "1000", `max_outgoing = "49.99" in the provider block`},
		{"1000", "49.99", "INVOICE_MAX_OUTGOING=49.99 in the environment"},
		{"", "0", "INVOICE_MAX_OUTGOING=0 in the environment"},
	} {
		t.Setenv("INVOICE_MAX_OUTGOING", c.environment)
		settings := map[string]tftypes.Value{}
		if c.block != "" {
			settings["max_outgoing"] = text(c.block)
		}
		// The plan would say it already. This one is of a run without a limit.
		applied, err := newPluginWith(t, testProvider(), server.URL, settings).server.ApplyResourceChange(t.Context(), planned)
		if said := diagnosticText(applied.Diagnostics); err != nil || !strings.Contains(said, passesLimit) || !strings.Contains(said, c.says) {
			t.Errorf("error %v, %q, want %q", err, said, c.says)
		}
	}
	if sent := len(box.Requests("CreateRefund")); sent > 0 {
		t.Errorf("%d refunds were sent", sent)
	}
	t.Setenv("INVOICE_MAX_OUTGOING", "50")
	p := newPlugin(t, server.URL)
	p.create("invoice_refund", refund)
	t.Setenv("INVOICE_MAX_OUTGOING", "much")
	configured, err := p.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: p.encode(filled(p.schemas.Provider.ValueType(), nil))})
	if said := diagnosticText(configured.Diagnostics); err != nil || !strings.Contains(said, `INVOICE_MAX_OUTGOING="much": it must be zero or a positive decimal number`) {
		t.Errorf("error %v, %q", err, said)
	}
}

// While the block's limit is not known, the environment's holds in the plan, and nothing goes out
// in the apply. What cannot be counted is made without both: each block has the environment's.
func TestMaxOutgoingOfAnUnknownBlock(t *testing.T) {
	const url = "http://127.0.0.1:1"
	settings := map[string]tftypes.Value{"max_outgoing": unknownText()}
	usual := newPluginWith(t, testProvider(), url, settings)
	refund := func(amount, currency string) map[string]tftypes.Value {
		return map[string]tftypes.Value{"payment_id": text("p-1"), "amount": text(amount), "currency": text(currency), "receipt": usual.noReceipt()}
	}
	const ownBlock, unset = "use a provider block of its own (alias) that has no max_outgoing", "unset INVOICE_MAX_OUTGOING for the job that makes it."
	applied, err := usual.server.ApplyResourceChange(t.Context(), usual.planNew("invoice_refund", refund("50", "RUB")))
	usual.ok(err, nil)
	said{t: t, messages: applied.Diagnostics}.fails("amount", "There is max_outgoing in the provider block, which is not known yet, and the provider does not know", "To make it, "+ownBlock+".")

	t.Setenv("INVOICE_MAX_OUTGOING", "49.99")
	for _, c := range []struct {
		settings, config map[string]tftypes.Value
		says             []string
	}{
		{settings, refund("50", "RUB"), []string{passesLimit, "INVOICE_MAX_OUTGOING=49.99 in the environment"}},
		{settings, refund("1", "USD"), []string{"cannot be checked against max_outgoing", "To make it, " + ownBlock + ", and " + unset}},
		{nil, refund("1", "USD"), []string{"cannot be checked against max_outgoing", "To make it, " + unset}},
	} {
		plan := newPluginWith(t, testProvider(), url, c.settings).planFrom("invoice_refund", nil, c.config)
		said{t: t, messages: plan.Diagnostics}.fails("amount", c.says...)
	}
}
