package provider

import (
	"fmt"
	"strings"
	"testing"
)

func TestLinkImport(t *testing.T) {
	inEveryDialect(t, func(t *testing.T, dialect []string) {
		for _, by := range []string{"id", "order"} {
			t.Run(by, func(t *testing.T) {
				w := newWorkspace(t, dialect...)
				w.mustApply(linkConfig)
				w.exec("state", "rm", linkAddress)
				id := w.onlyPayment().ID
				if by == "order" {
					id = "order/order-1"
				}
				w.write(linkConfig + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}", linkAddress, id))
				w.sandbox.ResetRequests()
				w.plan().succeeds().changes(map[string]string{linkAddress: "update"})
				w.apply().succeeds()
				w.plan().succeeds().quiet().changes(nil)
				w.sent("CreatePayment", 0)
				w.sent("ClosePayment", 0)
				w.inState(linkAddress, map[string]any{"success_url": "https://example.com/ok", "description": "Заказ 1", "status": "init"})
				// From here on it is a link like any other.
				w.write(withLine(linkConfig, "amount", `amount = "7"`))
				w.plan().succeeds().changes(map[string]string{linkAddress: "replace"})
				w.write(linkConfig)
				w.destroy().succeeds()
				w.statuses("closed")
			})
		}
	})
}

func TestLinkImportRefused(t *testing.T) {
	w := newWorkspace(t)
	w.write(linkConfig)
	for _, id := range []string{"nothing", "order/nothing"} {
		if output, ok := w.exec("import", linkAddress, id); ok || !strings.Contains(output, "Cannot import payment") {
			t.Errorf("import of %s: %s", id, output)
		}
	}
	w.mustApply(linkConfig)
	w.check(w.sandbox.InvoiceAPI.SetPaymentStatus(w.onlyPayment().ID, "closed", ""))
	w.exec("state", "rm", linkAddress)
	if output, ok := w.exec("import", linkAddress, w.onlyPayment().ID); ok || !strings.Contains(output, "it is closed") {
		t.Errorf("import of a closed one: %s", output)
	}
}
