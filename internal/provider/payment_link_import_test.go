package provider

import (
	"strings"
	"testing"
)

func TestLinkImportIssuesNothing(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		for _, by := range []string{"id", "order"} {
			t.Run(by, func(t *testing.T) {
				w := newWorkspace(t, dialect...)
				w.MustApply(linkConfig)
				w.Forget(linkAddress)
				id := w.OnlyPayment().ID
				if by == "order" {
					id = "order/order-1"
				}
				w.Write(linkConfig + importing(linkAddress, id))
				w.Sandbox.ResetRequests()
				w.Plan().Succeeds().Changes(map[string]string{linkAddress: "update"})
				w.Apply().Succeeds()
				w.Plan().Succeeds().SaysNothing().ChangesNothing()
				w.Sent("CreatePayment", 0)
				w.Sent("ClosePayment", 0)
				w.StateHas(linkAddress, map[string]any{"success_url": "https://example.com/ok", "description": "Заказ 1", "status": "init"})
				// From here on it behaves like any other link.
				w.Write(withLine(linkConfig, "amount", `amount = "7"`))
				w.Plan().Succeeds().Changes(map[string]string{linkAddress: "replace"})
				w.Write(linkConfig)
				w.Destroy().Succeeds()
				w.PaymentsAre("closed")
			})
		}
	})
}

func TestLinkImportNeedsAnOpenPayment(t *testing.T) {
	w := newWorkspace(t)
	w.Write(linkConfig)
	for _, id := range []string{"nothing", "order/nothing"} {
		if output, ok := w.Exec("import", linkAddress, id); ok || !strings.Contains(output, "Cannot import payment") {
			t.Errorf("import of %s: %s", id, output)
		}
	}
	w.MustApply(linkConfig)
	w.Must(w.Sandbox.InvoiceAPI.SetPaymentStatus(w.OnlyPayment().ID, "closed", ""))
	w.Forget(linkAddress)
	if output, ok := w.Exec("import", linkAddress, w.OnlyPayment().ID); ok || !strings.Contains(output, "it is closed") {
		t.Errorf("import of a closed one: %s", output)
	}
}
