package provider

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

func TestRefundIsSentOnce(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w, payment := newPaidWorkspace(t, dialect...)
		w.MustApply(refundConfig(payment))
		w.Sent("CreateRefund", 1)
		want := `{"id":"` + payment + `","refund":{"currency":"RUB","amount":500,"reason":"Не подошёл размер"},` +
			`"receipt":[{"name":"Воронка","price":500,"resultPrice":500,"quantity":1}]}`
		if got := w.Sandbox.Requests("CreateRefund")[0].Body; got != want {
			t.Errorf("sent\n%s, want\n%s", got, want)
		}
		w.Apply().Succeeds()
		w.StateHas(refundAddress, map[string]any{"id": w.Refunds()[0].ID, "status": "successful", "amount": "500"})
		state := w.Attributes(refundAddress)
		method, _ := state["payment_method"].(map[string]any)
		if method["funds"] != "1500.50" || method["type"] != "card" || !strings.Contains(fmt.Sprint(method["account"]), "*") {
			t.Errorf("payment_method = %v", method)
		}
		if state["created_at"] == nil || state["custom_parameters"] != `{"customer":"42","n":1}` {
			t.Errorf("created_at = %v, custom_parameters = %v", state["created_at"], state["custom_parameters"])
		}
		destroyUnprotected(w, refundAddress, refundConfig(payment)).Warns("will only be forgotten", w.Refunds()[0].ID, "stays sent")
		w.Sent("CreateRefund", 1)
		w.StateLacks(refundAddress)
	})
}

func TestRefundChangeIsAnErrorInThePlan(t *testing.T) {
	for attribute, line := range map[string]string{
		"amount": `amount = "400"`, "reason": `reason = "другая"`, "currency": `currency = "USD"`, "payment_id": `payment_id = "other"`,
	} {
		t.Run(attribute, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			w.MustApply(refundConfig(payment))
			w.Write(withLine(refundConfig(payment), attribute, line))
			w.Plan().Fails("@"+attribute, "A refund cannot be changed", "put "+attribute+" back", "add a new resource", "terraform state rm", "removed {", "deletion_protection = false")
			w.Sent("CreateRefund", 1)
		})
	}
	w, payment := newPaidWorkspace(t)
	w.MustApply(refundConfig(payment))
	w.Write(withLine(refundConfig(payment), "amount", `amount = "500.00"`))
	w.Plan().Succeeds().ChangesNothing()
}

func TestRefundStatusIsRefreshed(t *testing.T) {
	t.Run("init is refreshed", func(t *testing.T) {
		w, payment := newPaidWorkspace(t, "refund_status=init")
		w.Write(refundConfig(payment))
		w.Apply().Succeeds()
		w.StateHas(refundAddress, map[string]any{"status": "init"})
		w.Apply().Succeeds().ChangesNothing()
		w.StateHas(refundAddress, map[string]any{"status": "successful"})
		w.Sent("CreateRefund", 1)
	})
	t.Run("fail warns and stays", func(t *testing.T) {
		w, payment := newPaidWorkspace(t, "refund_status=fail")
		w.Write(refundConfig(payment))
		w.Apply().Succeeds().Warns("A refund failed", payment)
		w.Plan().Succeeds().ChangesNothing().Warns("A refund failed", "not made again by itself", "-replace=")
		w.StateHas(refundAddress, map[string]any{"status": "fail"})
		w.Sent("CreateRefund", 1)
	})
}

func TestAbsentRefundStays(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.MustApply(refundConfig(payment))
	w.Must(w.Sandbox.InvoiceAPI.Refunds.Delete(w.Refunds()[0].ID))
	w.Plan().Succeeds().ChangesNothing().Warns("The gateway does not show refund", "not made again")
	w.Apply().Succeeds()
	w.Sent("CreateRefund", 1)
	w.Forget(refundAddress)
	w.Apply().Succeeds()
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	w.Sent("CreateRefund", 2)
}

func TestRefundRefusalQuotesTheGateway(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.Write(withLine(refundConfig(payment), "amount", `amount = "1500.51"`))
	w.Apply().Fails("@amount", "Cannot make the refund", "Invoice API v2, CreateRefund: HTTP 400", "does not accept this amount")
	w.StateLacks(refundAddress)
	w.Write(refundConfig("no-such"))
	w.Apply().Fails("Cannot make the refund", "не найден")
	w.StateLacks(refundAddress)
}

func TestRefundImportSendsNothing(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		w, payment := newPaidWorkspace(t, dialect...)
		w.MustApply(refundConfig(payment))
		w.Forget(refundAddress)
		w.Write(refundConfig(payment) + importing(refundAddress, w.Refunds()[0].ID))
		w.Plan().Succeeds().Changes(map[string]string{refundAddress: "update"})
		w.Apply().Succeeds()
		w.Plan().Succeeds().SaysNothing().ChangesNothing()
		w.Sent("CreateRefund", 1)
		w.StateHas(refundAddress, map[string]any{"amount": "500.00", "reason": "Не подошёл размер"})
		w.Write(withLine(refundConfig(payment), "amount", `amount = "400"`))
		w.Plan().Fails("@amount", "A refund cannot be changed")
		destroyUnprotected(w, refundAddress, refundConfig(payment))
		w.Sent("CreateRefund", 1)
	})
}

func TestRefundImportThatDiffersIsAnError(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.MustApply(refundConfig(payment))
	w.Forget(refundAddress)
	w.Write(withLine(refundConfig(payment), "amount", `amount = "400"`))
	w.MustExec("import", refundAddress, w.Refunds()[0].ID)
	w.Plan().Fails("@amount", "The imported object cannot be changed", `The gateway has amount = "500.00"`)
	w.Sent("CreateRefund", 1)
	w.MustApply(refundConfig(payment))
	w.Sent("CreateRefund", 1)
}

// Only a refund that provably did not happen is sent again.
func TestRefundTurnedAwayIsSentAgain(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.FailOnce("CreateRefund", sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429})
	w.MustApply(refundConfig(payment))
	w.Sent("CreateRefund", 2)
	if len(w.Refunds()) != 1 {
		t.Errorf("%d refunds, want 1", len(w.Refunds()))
	}
}

// The provider first asks an unknown server for the payment. A wrong address then leaves no
// refund that may have been made.
func TestRefundAtAWrongAddressIsNotSent(t *testing.T) {
	for name, c := range map[string]struct {
		fault sandbox.Fault
		says  string
	}{
		"no such page": {sandbox.Fault{Kind: sandbox.FaultStatus, Status: 404}, "check the path of base_url"},
		"a firewall":   {sandbox.Fault{Kind: sandbox.FaultStatus, Status: 403}, "the server denies access"},
		"a page":       {sandbox.Fault{Kind: sandbox.FaultHTML}, "base_url may name the wrong server"},
	} {
		t.Run(name, func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			w.Sandbox.Inject(c.fault)
			w.Write(refundConfig(payment))
			w.Apply().Fails("Cannot make the refund", "Invoice API v2, CreateRefund", "the refund was not sent", c.says, "nothing was changed at the gateway")
			w.StateLacks(refundAddress)
			w.Sent("CreateRefund", 0)
			w.Sandbox.ClearFaults()
			w.MustApply(refundConfig(payment))
			w.Sent("CreateRefund", 1)
		})
	}
	t.Run("no such payment", func(t *testing.T) {
		w, _ := newPaidWorkspace(t)
		w.Write(refundConfig("no-such-payment"))
		w.Apply().Fails("Cannot make the refund", "the refund was not sent")
		w.StateLacks(refundAddress)
		w.Sent("CreateRefund", 0)
	})
}

// The gateway has answered before. A page in its place may be a proxy's, and come after the
// work.
func TestRefundMetByAPageIsUnclear(t *testing.T) {
	for _, status := range []int{403, 404} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			w.Sandbox.Inject(sandbox.Fault{Operation: "CreateRefund", Kind: sandbox.FaultStatusAfter, Status: status})
			w.Write(refundConfig(payment))
			w.Apply().Fails("Cannot make the refund", "it may have been made", "It is not sent again")
			w.StateHas(refundAddress, map[string]any{"status": "unknown"})
			w.Sent("CreateRefund", 1)
		})
	}
}

// After an unclear answer a refund is never sent again: not by the same apply, nor by the next
// three, nor by a destroy. The error names a way out that works.
func TestUnclearRefundIsNeverSentAgain(t *testing.T) {
	for name, fault := range creationFaults {
		if fault.Status == http.StatusTooManyRequests {
			continue // the gateway provably did nothing
		}
		for _, lifecycle := range []string{"", "lifecycle {\n create_before_destroy = true\n}"} {
			t.Run(name+lifecycle, func(t *testing.T) {
				w, payment := newPaidWorkspace(t)
				config := strings.Replace(refundConfig(payment), "  reason ", "  "+lifecycle+"\n  reason ", 1)
				w.FailOnce("CreateRefund", fault)
				w.Write(config)
				w.Apply().Fails("Cannot make the refund", "Invoice API v2, CreateRefund", "it may have been made", "It is not sent again", payment, "terraform state rm")
				w.StateHas(refundAddress, map[string]any{"status": "unknown", "id": nil, "amount": "500"})
				staysUnknown(w, refundAddress)
				w.Sent("CreateRefund", 1)

				w.Forget(refundAddress)
				if len(w.Refunds()) == 1 {
					w.Write(config + importing(refundAddress, w.Refunds()[0].ID))
				}
				w.Apply().Succeeds()
				w.Plan().Succeeds().ChangesNothing()
				if len(w.Refunds()) != 1 {
					t.Errorf("%d refunds, want 1", len(w.Refunds()))
				}
			})
		}
	}
}

func TestRefundInputIsCheckedInThePlan(t *testing.T) {
	long := strings.Repeat("ж", 201)
	cases := map[string]badLine{
		"amount zero":     {"amount", `amount = 0`, `"0" is zero`},
		"amount negative": {"amount", `amount = "-5"`, `"-5" is negative`},
		"amount a word":   {"amount", `amount = "ten"`, "is not a decimal number"},
		"payment empty":   {"payment_id", `payment_id = ""`, "is blank. It must not be empty or blank"},
		"currency":        {"currency", `currency = "BTC"`, `value must be one of: ["RUB" "USD" "EUR"]`},
		"reason too long": {"reason", fmt.Sprintf("reason = %q", long), "must be between 1 and 200"},
	}
	refusesLines(t, refundConfig("x"), cases)
	w := newWorkspace(t)
	w.Write(withLine(refundConfig("x"), "amount", `amount = "501"`))
	w.Plan().Succeeds().Warns("@receipt", "The receipt does not add up", "add up to 500.00, and amount is 501.00")
}

// The payment of a tainted refund may be unknown in the plan. The new refund may then be the
// unclear one.
func TestUnclearRefundBlocksOneOfAnUnknownPayment(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := strings.Replace(refundConfig("x"), `"x"`, "terraform_data.p.output", 1) + "resource \"terraform_data\" \"p\" {\n input = \"" + payment + "\"\n triggers_replace = TRIGGER\n}"
	config = strings.Replace(config, "  reason ", "  lifecycle {\n create_before_destroy = true\n}\n  reason ", 1)
	w.FailOnce("CreateRefund", sandbox.Fault{Kind: sandbox.FaultLostAnswer})
	w.Write(strings.Replace(config, "TRIGGER", "1", 1))
	w.Apply().Fails("it may have been made")
	w.Write(strings.Replace(config, "TRIGGER", "2", 1))
	w.Apply().Fails("@payment_id", "The outcome of an earlier refund is unknown", payment)
	w.Apply("-refresh=false").Fails("@payment_id", "The outcome of an earlier refund is unknown")
	w.Sent("CreateRefund", 1)
}

// A value that is unknown in the plan may turn out to be the same. That is neither an error nor
// a second refund.
func TestRefundOfAnUnknownPaymentIsMadeOnce(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	config := strings.Replace(refundConfig("x"), `"x"`, "data.invoice_payment.p.id", 1) + `
resource "terraform_data" "x" {
  triggers_replace = TRIGGER
}
data "invoice_payment" "p" {
  order_id   = "order-1"
  depends_on = [terraform_data.x]
}`
	w.Write(strings.Replace(config, "TRIGGER", "1", 1))
	w.Apply().Succeeds()
	w.Write(strings.Replace(config, "TRIGGER", "2", 1))
	w.Plan().Succeeds()
	w.Apply().Succeeds()
	w.Plan().Succeeds().ChangesNothing()
	w.StateHas(refundAddress, map[string]any{"payment_id": payment})
	w.Sent("CreateRefund", 1)
}

func TestRefundOfAnotherAmountIsAWarning(t *testing.T) {
	w, payment := newPaidWorkspace(t)
	w.Write(refundConfig(payment) + w.GatewayThatAnswers(func(operation string) string {
		if operation == "CreateRefund" {
			return `{"id":"r","refund":{"amount":1000,"currency":"RUB"},"status":"successful","payment_id":"` + payment + `"}`
		}
		return ""
	}))
	w.Apply().Succeeds().Warns("The gateway made another refund", "500 was asked for, the gateway answers 1000.00")
}
