package provider

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

const (
	guidePayouts = `
payouts-courier-7: { amount: "15000.00", bank: sberbank }
`
	guideRefunds = `
payouts-back-1040:
  { order: payouts-1040, amount: "495.00", receipt: [{ name: x, price: "495.00", quantity: "1", result_price: "495.00" }] }
payouts-back-1041:
  { order: payouts-1041, amount: "45000.00", cart: [{ name: x, price: "22500.00", quantity: "2", sum: "45000.00", tax: vat20 }] }
`
)

// newPayoutsGuide has the guide's configuration.
func newPayoutsGuide(t *testing.T) *clitest.Workspace {
	t.Helper()
	clitest.NeedCLI(t, clitest.WriteOnlyArguments)
	w := newWorkspace(t)
	w.Env = append(w.Env, "TF_VAR_notification_token=the-hook-token", `TF_VAR_cards={"payouts-courier-7"="2200000000000053"}`)
	copyExample(w, "guides/payouts-and-refunds")
	return w
}

// The payout is sent once, its receiver is not in the state, and the card is not needed again. What
// is not paid is not refunded; what is, is refunded at both gateways, once.
func TestPayoutsGuideApplies(t *testing.T) {
	w := newPayoutsGuide(t)
	w.Apply().Succeeds().SaysOnly(`15000.00 RUB will be paid out to …0053 (order "payouts-courier-7")`)
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("p2p.create", 1)
	if state := w.MustExec("state", "pull"); strings.Contains(state, "2200000000000053") || strings.Contains(state, "the-hook-token") {
		t.Errorf("a secret is in the state: %s", state)
	}
	w.Env = append(w.Env, "TF_VAR_cards={}")

	w.WriteFile("refunds.yaml", guideRefunds)
	w.Apply().Fails("payouts-back-1040: order payouts-1040 is not paid")
	w.Sent("CreateRefund", 0)
	w.Sent("paykeeper.reverse", 0)
	w.Must(w.Sandbox.InvoiceAPI.Pay(w.OnlyPayment().ID, invoiceapi.TestCard))
	w.Must(w.Sandbox.PayKeeper.Pay(w.PayKeeperInvoices()[0].ID))
	w.Apply().Succeeds().SaysOnly("495.00 RUB will be refunded", "45000.00 RUB will be refunded")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("CreateRefund", 1)
	w.Sent("paykeeper.reverse", 1)
	w.Sent("p2p.create", 1)
	w.Destroy().Fails("deletion_protection")
}

// What the CLI drops in silence is an error, and no money moves.
func TestPayoutsGuideFindsMistakes(t *testing.T) {
	w := newPayoutsGuide(t)
	for text, phrase := range map[string]string{
		`x: { amuont: "1.00", bank: sberbank }`:                    "payouts.yaml, x: amuont is no name of a payout; amount is missing",
		`x: { amount: "1.00", bank: sberbank, card: "2200" }`:      "payouts.yaml, x: card is no name of a payout",
		`x: { amount: "1.00", bank: sberbank, order: payouts-99 }`: "payouts.yaml, x: order is no name of a payout",
	} {
		w.WriteFile("payouts.yaml", text+"\n")
		w.Apply().Fails(phrase)
	}
	w.WriteFile("payouts.yaml", guidePayouts)
	for text, phrase := range map[string]string{
		`x: { order: payouts-1040, amount: "1.00", seqence: 2, receipt: [] }`:    "refunds.yaml, x: seqence is no name of a refund",
		`x: { order: payouts-1042, amount: "1.00", receipt: [] }`:                "refunds.yaml, x: there is no order payouts-1042",
		`x: { order: payouts-1040, receipt: [] }`:                                "refunds.yaml, x: amount is missing",
		`x: { order: payouts-1040, amount: "1.00", receipt: [{ title: x }] }`:    "title is no name of a line of the receipt",
		`x: { order: payouts-1041, amount: "1.00", cart: [{ name: x, vat: 1 }]}`: "vat is no name of a line of the cart",
	} {
		w.WriteFile("refunds.yaml", text+"\n")
		w.Plan().Fails(phrase)
	}
	w.SentNoChange()
	w.Sent("CreateRefund", 0)
}

// The plan's job needs no real card and pays nothing, the other one pays once. Without a state that
// all runs share, neither does anything.
func TestPayoutsGuideJobs(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("the jobs run in bash, on Linux")
	}
	clitest.NeedCLI(t, clitest.WriteOnlyArguments)
	w := newWorkspace(t)
	w.UseInstalled(clitest.InstallProvider(t))
	w.Must(os.CopyFS(w.Dir, os.DirFS("../../examples/guides/payouts-and-refunds")))
	runner := newJobRunner(w)
	plan, apply, isThere := strings.Cut(runner.read("github/payouts.yml"), "\n  apply:\n")
	if !isThere || strings.Contains(plan, "secrets.PAYOUT_CARDS") {
		t.Fatal("the job apply is not the last one, or the plan has real cards")
	}
	w.Env = append(w.Env, "TF_VAR_notification_token=the-hook-token")
	runner.job("plan", plan, false)
	w.WriteFile("backend.tf", "terraform {\n  backend \"local\" {}\n}\n")
	runner.job("plan", plan, true)
	w.SentNoChange()
	w.Env = append(w.Env, `TF_VAR_cards={"payouts-courier-7"="2200000000000053"}`)
	for range 2 {
		runner.job("apply", apply, true)
		runner.job("plan", plan, true)
	}
	w.Sent("p2p.create", 1)
}
