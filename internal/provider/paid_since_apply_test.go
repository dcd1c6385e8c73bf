package provider

import (
	"strings"
	"testing"
)

// Terraform plans the destroy of what was taken out of the configuration with the state from
// before the refresh, so the plan does not know what was paid since the last apply. OpenTofu
// refreshes first.
func TestLinkPaidSinceTheLastApplyIsForgottenWithAWarning(t *testing.T) {
	w := newWorkspace(t)
	w.MustApply(linkConfig)
	id := w.OnlyPayment().ID
	w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(id, "successful", ""))
	w.Sandbox.ResetRequests()
	w.Write(linkTerminal)
	w.Plan().Succeeds().Warns("A paid payment link is only removed from the state", id, "the money stays where it is")
	w.SentNoChange()
}

func TestInvoicePaidSinceTheLastApplyIsForgottenWithAWarning(t *testing.T) {
	for name, config := range invoiceKinds {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.MustApply(config)
			w.PayInvoices()
			w.Sandbox.ResetRequests()
			w.Write("")
			w.Plan().Succeeds().Warns("A paid invoice is only removed from the state")
			w.Write(strings.Replace(config, `"one"`, `"another"`, 1))
			w.Plan().Fails("A paid invoice would be issued again", "order-1", "moved")
			w.SentNoChange()
		})
	}
}
