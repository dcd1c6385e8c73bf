package provider

import (
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/invoiceapi"
)

// A gateway that turns 007 into 7 and RUB into rub has not changed the payment.
func TestLinkSpellingIsNoDrift(t *testing.T) {
	for name, config := range linkReplacements {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, "spelling=php")
			config := withLine(config, "order_id", `order_id = "007"`)
			w.MustApply(config)
			for range 2 {
				w.Apply().Succeeds().SaysNothing().ChangesNothing()
			}
			w.StateHas(linkAddress, map[string]any{"order_id": "007", "currency": "RUB"})
			// An adopted link is the same too.
			w.Forget(linkAddress)
			w.Apply().Succeeds().Warns("An existing object was adopted")
			w.Plan().Succeeds().SaysNothing().ChangesNothing()
			// So is an imported one.
			w.Forget(linkAddress)
			w.MustApply(config + importing(linkAddress, "order/007"))
			w.StateHas(linkAddress, map[string]any{"order_id": "007", "currency": "RUB"})
			w.Sent("CreatePayment", 1)
			w.Sent("ClosePayment", 0)
			// Real drift is still seen.
			w.Write(config)
			w.Must(w.Sandbox.InvoiceAPI.Payments.Update(w.OnlyPayment().ID, func(p *invoiceapi.Payment) { p.Currency = "USD" }))
			w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"}).Warns("currency changed")
		})
	}
}

// The first answer leaves out what a later one spells in its own way, even the payment's and
// the terminal's ids.
func TestLinkSpellingIsNoDriftAfterATerseAnswer(t *testing.T) {
	w := newWorkspace(t)
	shown := `{"id":"0A7","order":{"amount":"1500.50","currency":643,"id":"ORDER-1 "},"status":"init","payment_url":"https://p/7","payment_method":{"type":"card","terminal_id":"045"}}`
	issued := false
	config := withLine(linkConfig, "terminal_id", `terminal_id = "45"`) + w.GatewayThatAnswers(func(operation string) string {
		switch operation {
		case "GetPaymentByOrder":
			if !issued {
				return `{"error":7,"description":"Заказ не найден"}`
			}
			return shown
		case "CreatePayment":
			issued = true
			return `{"id":"a7","order":{"amount":"1500.50"},"payment_url":"https://p/7"}`
		case "GetPayment":
			return shown
		case "ClosePayment":
			return `{"id":"A7","status":"closed"}`
		}
		return ""
	})
	w.MustApply(config)
	w.StateHas(linkAddress, map[string]any{"id": "a7", "order_id": "order-1", "currency": "RUB"})
	w.Forget(linkAddress)
	w.Apply().Succeeds().Warns("An existing object was adopted")
	w.Plan().Succeeds().SaysNothing().ChangesNothing()
	// Replaced before it is destroyed, the payment is not closed. Its id is only spelled
	// differently.
	w.Write(strings.Replace(createFirst(config), `"Воронка"`, `"Фильтр"`, 1))
	w.Apply().Succeeds()
	w.Sent("ClosePayment", 0)
	w.Plan().Succeeds().ChangesNothing()
}
