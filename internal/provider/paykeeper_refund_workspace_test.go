package provider

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

const opReverse = "paykeeper.reverse"

// refundDialects are those in which a refund is listed at once, and ends well.
var refundDialects = dialectsOf("paykeeper_", append([]string{
	"paykeeper_two_stage=true", "paykeeper_refund_row=late", "paykeeper_refund_row=never", "paykeeper_refund_time=soon", "paykeeper_refund_time=never", "paykeeper_refund_end=failed",
}, paykeeperHistoryDialects...)...)

// newPayKeeperRefunds is a workspace with a paid payment of 1000 RUB at PayKeeper.
func newPayKeeperRefunds(t *testing.T, dialect ...string) (w *clitest.Workspace, payment string) {
	t.Helper()
	w = newWorkspace(t, dialect...)
	return w, paidAtPayKeeper(w, "1000.00")
}

// newPayKeeperRefundsBeside is a further one within a test.
func newPayKeeperRefundsBeside(t *testing.T, dialect ...string) (w *clitest.Workspace, payment string) {
	t.Helper()
	w = newWorkspaceBeside(t, dialect...)
	return w, paidAtPayKeeper(w, "1000.00")
}

// paidAtPayKeeper adds a paid invoice, and returns the number of its payment.
func paidAtPayKeeper(w *clitest.Workspace, amount string) (payment string) {
	w.T.Helper()
	invoice, err := w.Sandbox.PayKeeper.Add(paykeeper.Invoice{PayAmount: amount, Status: "paid", OrderID: "order 7", ClientID: "client 7"})
	w.Must(err)
	return invoice.PaymentID
}

// payKeeperRefund is a refund of half of the payment. lines go into it as well.
func payKeeperRefund(payment string, lines ...string) string {
	var config strings.Builder
	fmt.Fprintf(&config, "resource \"invoice_refund\" \"back\" {\n  gateway    = \"paykeeper\"\n  payment_id = %q\n  amount     = \"500\"\n", payment)
	for _, line := range lines {
		config.WriteString("  " + line + "\n")
	}
	return config.String() + "}\n"
}

func payKeeperRefunds(w *clitest.Workspace) []paykeeper.Refund {
	w.T.Helper()
	all, err := w.Sandbox.PayKeeper.Refunds.All()
	w.Must(err)
	return all
}

// refundsAre checks the amounts of all refunds at PayKeeper, oldest first.
func refundsAre(w *clitest.Workspace, want ...string) (ids []string) {
	w.T.Helper()
	var amounts []string
	for _, one := range payKeeperRefunds(w) {
		amounts, ids = append(amounts, one.Amount), append(ids, one.ID)
	}
	if fmt.Sprint(amounts) != fmt.Sprint(want) {
		w.T.Errorf("refunds %v, want %v", amounts, want)
	}
	return ids
}

// reversals are the forms that were sent to reverse, oldest first.
func reversals(w *clitest.Workspace) (forms []url.Values) {
	w.T.Helper()
	for _, one := range w.Sandbox.Requests(opReverse) {
		form, err := url.ParseQuery(one.Body)
		w.Must(err)
		forms = append(forms, form)
	}
	return forms
}

// loseState forgets everything, as a run that was killed before it had written its state.
func loseState(w *clitest.Workspace) {
	w.T.Helper()
	for address := range w.Resources() {
		w.Forget(address)
	}
}

// secondConfiguration is another one at the same gateway, with a state and a provider of its own.
func secondConfiguration(w *clitest.Workspace) *clitest.Workspace {
	w.T.Helper()
	other := *w
	other.Dir = w.T.TempDir()
	other.Serve(newServer(testProvider()))
	return &other
}
