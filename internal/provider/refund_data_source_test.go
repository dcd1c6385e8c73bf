package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

// lookUpRefund is a data source with these lines.
func lookUpRefund(lines ...string) string {
	return "data \"invoice_refund\" \"it\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
}

// The data source shows what the resource shows.
func TestRefundDataSourceOfPayKeeper(t *testing.T) {
	inDialects(t, refundDialects, func(_ *testing.T, w *clitest.Workspace) {
		payment := paidAtPayKeeper(w, "1000.00")
		w.MustApply(payKeeperRefund(payment) + lookUpRefund(`gateway = "paykeeper"`, fmt.Sprintf("payment_id = %q", payment), "id = invoice_refund.back.id"))
		resource, made := w.Attributes(refundAddress), payKeeperRefunds(w)[0]
		w.StateHas("data.invoice_refund.it", map[string]any{
			"gateway": "paykeeper", "id": made.ID, "payment_id": payment, "amount": "500.00", "currency": "RUB", "status": resource["status"],
			"created_at": moscow(made.Datetime), "updated_at": resource["updated_at"], "reason": nil, "payment_method": nil, "custom_parameters": nil,
		})
		w.Sent(opReverse, 1)
	})
}

func TestRefundDataSourceShowsEachStatus(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_refund_time=never")
	made, err := w.Sandbox.PayKeeper.Refund(payment, "10.5", "anna")
	w.Must(err)
	for _, c := range [][2]string{{"started", "init"}, {"done", "successful"}, {"failed", "fail"}, {"на проверке", "на проверке"}} {
		w.Must(w.Sandbox.PayKeeper.Refunds.Update(made.ID, func(r *paykeeper.Refund) { r.Status = c[0] }))
		w.MustApply(lookUpRefund(`gateway = "paykeeper"`, fmt.Sprintf("payment_id = %q", payment), fmt.Sprintf("id = %q", made.ID)))
		w.StateHas("data.invoice_refund.it", map[string]any{"status": c[1], "amount": "10.50"})
	}
}

func TestRefundDataSourceOfNothing(t *testing.T) {
	w, payment := newPayKeeperRefunds(t, "paykeeper_no_payment=list")
	made, err := w.Sandbox.PayKeeper.Refund(payment, "10", "anna")
	w.Must(err)
	other := paidAtPayKeeper(w, "5.00")
	of := func(id, payment string) string {
		return lookUpRefund(`gateway = "paykeeper"`, fmt.Sprintf("id = %q", id), fmt.Sprintf("payment_id = %q", payment))
	}
	for name, c := range map[string]struct {
		config string
		says   []string
	}{
		"without its payment":   {lookUpRefund(`gateway = "paykeeper"`, `id = "1"`), []string{"A refund of this gateway needs its payment_id", "PayKeeper finds a refund among those of its payment"}},
		"another refund":        {of("1", payment), []string{"@id", "No such refund", fmt.Sprintf(`PayKeeper knows no refund with the id "1" of payment "%s"`, payment)}},
		"another payment":       {of(made.ID, other), []string{"@id", "No such refund"}},
		"no payment":            {of(made.ID, "1"), []string{"@id", "No such refund"}},
		"a blank payment":       {of("1", " "), []string{"@payment_id", "is blank"}},
		"a gateway without any": {lookUpRefund(`gateway = "p2p"`, `id = "1"`), []string{"@gateway", `value must be one of: ["invoice" "paykeeper"], got: "p2p"`}},
	} {
		t.Run(name, func(t *testing.T) {
			inner := w.In(t)
			inner.Write(c.config)
			inner.Plan().Fails(c.says...)
		})
	}
	w.Sandbox.SetDialect(nil)
	w.Write(of(made.ID, "1"))
	w.Plan().Fails("Cannot look up the refund", "the answer is empty")
}

// Invoice API v2 finds a refund by its id. A payment that is given has to be its payment.
func TestRefundDataSourceChecksThePayment(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.MustApply(refundConfig(payment))
	id := fmt.Sprintf("id = %q", w.Refunds()[0].ID)
	w.MustApply(refundConfig(payment) + lookUpRefund(id, fmt.Sprintf("payment_id = %q", payment)))
	w.StateHas("data.invoice_refund.it", map[string]any{"gateway": "invoice", "payment_id": payment, "amount": "500.00"})
	w.Write(refundConfig(payment) + lookUpRefund(id, `payment_id = "another"`))
	w.Plan().Fails("@payment_id", "The refund is of another payment", `and payment_id is "another"`)
}
