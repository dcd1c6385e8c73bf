package provider

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

const refundAddress = "invoice_refund.back"

func refundConfig(paymentID string) string {
	return fmt.Sprintf(`
resource "invoice_refund" "back" {
  payment_id = %q
  amount     = "500"
  currency   = "RUB"
  reason     = "Не подошёл размер"
  receipt = [
    { name = "Воронка", price = "500", quantity = 1, result_price = "500" },
  ]
}
`, paymentID)
}

func (w *workspace) refunds() []sandbox.InvoiceRefund {
	w.t.Helper()
	all, err := w.sandbox.InvoiceRefunds()
	w.check(err)
	return all
}

// unprotected sets deletion_protection to false in a resource.
func unprotected(config string) string {
	return strings.Replace(config, "{", "{\n  deletion_protection = false", 1)
}

// destroyUnprotected allows forgetting first, and then destroys.
func (w *workspace) destroyUnprotected(address, config string) *result {
	w.t.Helper()
	w.write(unprotected(config))
	w.apply().succeeds().changes(map[string]string{address: "update"})
	return w.destroy().succeeds()
}

// newPaidWorkspace has one paid payment, which Terraform does not manage.
func newPaidWorkspace(t *testing.T, dialect ...string) (w *workspace, paymentID string) {
	t.Helper()
	w = newWorkspace(t, dialect...)
	w.mustApply(linkConfig)
	paymentID = w.onlyPayment().ID
	w.check(w.sandbox.PayInvoicePayment(paymentID, sandbox.TestCard))
	w.exec("state", "rm", linkAddress, "invoice_terminal.web")
	w.sandbox.ResetRequests()
	return w, paymentID
}

func TestRefundSentOnce(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w, payment := newPaidWorkspace(t, dialect...)
		w.mustApply(refundConfig(payment))
		w.sent("CreateRefund", 1)
		want := `{"id":"` + payment + `","refund":{"currency":"RUB","amount":500,"reason":"Не подошёл размер"},` +
			`"receipt":[{"name":"Воронка","price":500,"resultPrice":500,"quantity":1}]}`
		if got := w.sandbox.Requests("CreateRefund")[0].Body; got != want {
			t.Errorf("sent\n%s, want\n%s", got, want)
		}
		w.apply().succeeds()
		w.inState(refundAddress, map[string]any{"id": w.refunds()[0].ID, "status": "successful", "amount": "500"})
		state := w.attributes(refundAddress)
		method, _ := state["payment_method"].(map[string]any)
		if method["funds"] != "1500.50" || method["type"] != "card" || !strings.Contains(fmt.Sprint(method["account"]), "*") {
			t.Errorf("payment_method = %v", method)
		}
		if state["created_at"] == nil || state["custom_parameters"] != `{"customer":"42","n":1}` {
			t.Errorf("created_at = %v, custom_parameters = %v", state["created_at"], state["custom_parameters"])
		}
		w.destroyUnprotected(refundAddress, refundConfig(payment)).warns("The refund will only be forgotten", w.refunds()[0].ID, "stays sent")
		w.sent("CreateRefund", 1)
		w.notInState(refundAddress)
	})
}

func TestRefundChangeIsAnErrorInThePlan(t *testing.T) {
	for attribute, line := range map[string]string{
		"amount": `amount = "400"`, "reason": `reason = "другая"`, "currency": `currency = "USD"`, "payment_id": `payment_id = "other"`,
	} {
		t.Run(attribute, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			w.mustApply(refundConfig(payment))
			w.write(withLine(refundConfig(payment), attribute, line))
			w.plan().fails().errors("@"+attribute, "A refund cannot be changed", "put "+attribute+" back", "add a new resource", "terraform state rm", "removed {", "deletion_protection = false")
			w.sent("CreateRefund", 1)
		})
	}
	w, payment := newPaidWorkspace(t)
	w.mustApply(refundConfig(payment))
	w.write(withLine(refundConfig(payment), "amount", `amount = "500.00"`))
	w.plan().succeeds().changes(nil)
}

func TestRefundStatuses(t *testing.T) {
	t.Run("init is refreshed", func(t *testing.T) {
		w, payment := newPaidWorkspace(t, "refund_status=init")
		w.write(refundConfig(payment))
		w.apply().succeeds()
		w.inState(refundAddress, map[string]any{"status": "init"})
		w.apply().succeeds().changes(nil)
		w.inState(refundAddress, map[string]any{"status": "successful"})
		w.sent("CreateRefund", 1)
	})
	t.Run("fail warns and stays", func(t *testing.T) {
		w, payment := newPaidWorkspace(t, "refund_status=fail")
		w.write(refundConfig(payment))
		w.apply().succeeds().warns("A refund failed", payment)
		w.plan().succeeds().changes(nil).warns("A refund failed", "not made again by itself", "-replace=")
		w.inState(refundAddress, map[string]any{"status": "fail"})
		w.sent("CreateRefund", 1)
	})
}

func TestRefundAbsentStays(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.mustApply(refundConfig(payment))
	w.check(w.sandbox.DeleteInvoiceRefund(w.refunds()[0].ID))
	w.plan().succeeds().changes(nil).warns("The gateway does not show refund", "not made again")
	w.apply().succeeds()
	w.sent("CreateRefund", 1)
	w.exec("state", "rm", refundAddress)
	w.apply().succeeds()
	w.plan().succeeds().quiet().changes(nil)
	w.sent("CreateRefund", 2)
}

func TestRefundRefused(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.write(withLine(refundConfig(payment), "amount", `amount = "1500.51"`))
	w.apply().fails().errors("@amount", "Cannot make the refund", "Invoice API v2, CreateRefund: HTTP 400", "does not accept this amount")
	w.notInState(refundAddress)
	w.write(refundConfig("no-such"))
	w.apply().fails().errors("Cannot make the refund", "не найден")
	w.notInState(refundAddress)
}

func TestRefundImport(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w, payment := newPaidWorkspace(t, dialect...)
		w.mustApply(refundConfig(payment))
		w.exec("state", "rm", refundAddress)
		w.write(refundConfig(payment) + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}", refundAddress, w.refunds()[0].ID))
		w.plan().succeeds().changes(map[string]string{refundAddress: "update"})
		w.apply().succeeds()
		w.plan().succeeds().quiet().changes(nil)
		w.sent("CreateRefund", 1)
		w.inState(refundAddress, map[string]any{"amount": "500.00", "reason": "Не подошёл размер"})
		w.write(withLine(refundConfig(payment), "amount", `amount = "400"`))
		w.plan().fails().errors("@amount", "A refund cannot be changed")
		w.destroyUnprotected(refundAddress, refundConfig(payment))
		w.sent("CreateRefund", 1)
	})
}

func TestRefundImportDiffers(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.mustApply(refundConfig(payment))
	w.exec("state", "rm", refundAddress)
	w.write(withLine(refundConfig(payment), "amount", `amount = "400"`))
	if output, ok := w.exec("import", refundAddress, w.refunds()[0].ID); !ok {
		t.Fatal(output)
	}
	w.plan().fails().errors("@amount", "The imported object cannot be changed", `The gateway has amount = "500.00"`)
	w.sent("CreateRefund", 1)
	w.mustApply(refundConfig(payment))
	w.sent("CreateRefund", 1)
}

// What provably did not happen is sent again, and only then.
func TestRefundTurnedAwayIsSentAgain(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.sandbox.Inject(sandbox.Fault{Operation: "CreateRefund", Kind: sandbox.FaultStatus, Status: 429, Times: 1})
	w.mustApply(refundConfig(payment))
	w.sent("CreateRefund", 2)
	if len(w.refunds()) != 1 {
		t.Errorf("%d refunds, want 1", len(w.refunds()))
	}
}

// A server that the provider has not met yet is asked for the payment first: a
// wrong address leaves no refund that may have been made.
func TestRefundAtAWrongAddressIsNotSent(t *testing.T) {
	for name, c := range map[string]struct {
		fault sandbox.Fault
		says  string
	}{
		"no such page": {sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404}, "check the path of base_url"},
		"a firewall":   {sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403}, "the server does not let us in"},
		"a page":       {sandbox.Fault{Kind: sandbox.FaultHTML}, "base_url may name the wrong server"},
	} {
		t.Run(name, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			w.sandbox.Inject(c.fault)
			w.write(refundConfig(payment))
			w.apply().fails().errors("Cannot make the refund", "Invoice API v2, CreateRefund", "the refund was not sent", c.says, "nothing was changed at the gateway")
			w.notInState(refundAddress)
			w.sent("CreateRefund", 0)
			w.sandbox.ClearFaults()
			w.mustApply(refundConfig(payment))
			w.sent("CreateRefund", 1)
		})
	}
	t.Run("no such payment", func(t *testing.T) {
		w, _ := newPaidWorkspace(t)
		w.write(refundConfig("no-such-payment"))
		w.apply().fails().errors("Cannot make the refund", "the refund was not sent")
		w.notInState(refundAddress)
		w.sent("CreateRefund", 0)
	})
}

// Once the gateway was met, a page in its place may be a proxy's, after the work.
func TestRefundMetByAPageIsUnclear(t *testing.T) {
	for _, status := range []int{403, 404} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			w.sandbox.Inject(sandbox.Fault{Operation: "CreateRefund", Kind: sandbox.FaultStatusAfter, Status: status})
			w.write(refundConfig(payment))
			w.apply().fails().errors("Cannot make the refund", "it may have been made", "It is not sent again")
			w.inState(refundAddress, map[string]any{"status": "unknown"})
			w.sent("CreateRefund", 1)
		})
	}
}

// After an unclear answer a refund is never sent again: not by the same apply,
// not by the next three, and not by a destroy. The way out is named, and works.
func TestRefundUnclearIsNeverSentAgain(t *testing.T) {
	for name, fault := range creationFaults {
		if fault.Status == http.StatusTooManyRequests {
			continue // it provably did nothing
		}
		for _, lifecycle := range []string{"", "lifecycle {\n create_before_destroy = true\n}"} {
			t.Run(name+lifecycle, func(t *testing.T) {
				w, payment := newPaidWorkspace(t)
				config := strings.Replace(refundConfig(payment), "  reason ", "  "+lifecycle+"\n  reason ", 1)
				fault := fault // the subtests of one fault run at the same time
				fault.Operation, fault.Times = "CreateRefund", 1
				w.sandbox.Inject(fault)
				w.write(config)
				w.apply().fails().errors("Cannot make the refund", "Invoice API v2, CreateRefund", "it may have been made", "It is not sent again", payment, "terraform state rm")
				w.inState(refundAddress, map[string]any{"status": "unknown", "id": nil, "amount": "500"})
				for range 3 {
					w.apply().fails().errors("it may have been made", "terraform state rm")
				}
				w.run("apply", "-auto-approve", "-refresh=false").fails().errors("it may have been made")
				w.run("apply", "-auto-approve", "-refresh=false", "-replace="+refundAddress).fails().errors("it may have been made")
				w.destroy().fails().errors("it may have been made")
				w.destroy("-refresh=false").fails().errors("it may have been made")
				w.sent("CreateRefund", 1)
				w.inState(refundAddress, map[string]any{"status": "unknown"})

				w.exec("state", "rm", refundAddress)
				if len(w.refunds()) == 1 {
					w.write(config + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}", refundAddress, w.refunds()[0].ID))
				}
				w.apply().succeeds()
				w.plan().succeeds().changes(nil)
				if len(w.refunds()) != 1 {
					t.Errorf("%d refunds, want 1", len(w.refunds()))
				}
			})
		}
	}
}

func TestRefundBadInput(t *testing.T) {
	long := strings.Repeat("ж", 201)
	for name, c := range map[string]struct{ attribute, line, says string }{
		"amount zero":     {"amount", `amount = 0`, `"0" is zero`},
		"amount negative": {"amount", `amount = "-5"`, `"-5" is negative`},
		"amount a word":   {"amount", `amount = "ten"`, "is not a decimal number"},
		"payment empty":   {"payment_id", `payment_id = ""`, "is blank. It must not be empty or blank"},
		"currency":        {"currency", `currency = "BTC"`, `value must be one of: ["RUB" "USD" "EUR"]`},
		"reason too long": {"reason", fmt.Sprintf("reason = %q", long), "must be between 1 and 200"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.write(withLine(refundConfig("x"), c.attribute, c.line))
			w.plan().fails().errors("@"+c.attribute, c.says)
			w.nothingSent()
		})
	}
	w := newWorkspace(t)
	w.write(withLine(refundConfig("x"), "amount", `amount = "501"`))
	w.plan().succeeds().warns("@receipt", "The receipt does not add up", "add up to 500.00, and amount is 501.00")
}

// Of a tainted one the payment may not be known yet: it may be the unclear one.
func TestRefundUnclearAndPaymentNotKnownYet(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := strings.Replace(refundConfig("x"), `"x"`, "terraform_data.p.output", 1) + "resource \"terraform_data\" \"p\" {\n input = \"" + payment + "\"\n triggers_replace = TRIGGER\n}"
	config = strings.Replace(config, "  reason ", "  lifecycle {\n create_before_destroy = true\n}\n  reason ", 1)
	w.sandbox.Inject(sandbox.Fault{Operation: "CreateRefund", Kind: sandbox.FaultLostAnswer, Times: 1})
	w.write(strings.Replace(config, "TRIGGER", "1", 1))
	w.apply().fails().errors("it may have been made")
	w.write(strings.Replace(config, "TRIGGER", "2", 1))
	w.apply().fails().errors("@payment_id", "The outcome of an earlier refund is unknown", payment)
	w.run("apply", "-auto-approve", "-refresh=false").fails().errors("@payment_id", "The outcome of an earlier refund is unknown")
	w.sent("CreateRefund", 1)
}

// A value that is not known yet may be the same: that is no error, and no second
// refund.
func TestRefundOfAPaymentNotKnownYet(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := strings.Replace(refundConfig("x"), `"x"`, "data.invoice_payment.p.id", 1) + `
resource "terraform_data" "x" {
  triggers_replace = TRIGGER
}
data "invoice_payment" "p" {
  order_id   = "order-1"
  depends_on = [terraform_data.x]
}`
	w.write(strings.Replace(config, "TRIGGER", "1", 1))
	w.apply().succeeds()
	w.write(strings.Replace(config, "TRIGGER", "2", 1))
	w.plan().succeeds()
	w.apply().succeeds()
	w.plan().succeeds().changes(nil)
	w.inState(refundAddress, map[string]any{"payment_id": payment})
	w.sent("CreateRefund", 1)
}

func TestRefundOfAnotherAmountIsTold(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.write(refundConfig(payment) + w.through(func(operation string) string {
		if operation == "CreateRefund" {
			return `{"id":"r","refund":{"amount":1000,"currency":"RUB"},"status":"successful","payment_id":"` + payment + `"}`
		}
		return ""
	}))
	w.apply().succeeds().warns("The gateway made another refund", "500 was asked for, the gateway answers 1000.00")
}
