package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/provider/ledger"
)

// impatient limits how long an operation of a workspace may take.
func impatient(settings, maxWait string) string {
	return strings.Replace(settings, "max_retries = 2", "max_retries = 20\n  max_wait = \""+maxWait+"\"", 1)
}

// A creation without an answer when max_wait is over may have happened. The link is kept with
// its order id, and the next apply finds out.
func TestMaxWaitEndsACreation(t *testing.T) {
	w, f, settings := newFrontedWorkspace(t)
	w.MustApply(linkTerminal)
	f.behave(func(c frontCall) *misbehaviour {
		if c.operation == "CreatePayment" {
			return worksAndHangs
		}
		return nil
	})
	w.Write(autoLink + impatient(settings, "2s"))
	started := time.Now()
	w.Apply().Fails("Cannot issue the payment link", "Invoice API v2, CreatePayment: no answer came: the limit of 2s for one operation, with all its calls and pauses, was reached (max_wait)",
		"The payment may have been issued")
	if took := time.Since(started); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
	w.StateHas(linkAddress, map[string]any{"status": ledger.StatusUnknown, "order_id": w.OnlyPayment().OrderID})
	f.behave(nil)
	w.Apply().Succeeds()
	w.PaymentsAre("closed init")
}

// Reads, look-ups and destroys say what was tried, and change nothing.
func TestMaxWaitEndsTheRest(t *testing.T) {
	w, f, settings := newFrontedWorkspace(t)
	w.MustApply(linkConfig)
	slow := func(operation string, how *misbehaviour) {
		f.behave(func(c frontCall) *misbehaviour {
			if c.operation == operation {
				return how
			}
			return nil
		})
	}
	w.Write(linkConfig + "data \"invoice_terminal\" \"other\" {\n  alias = \"other\"\n}\n" + impatient(settings, "1s"))
	slow("GetTerminal", tellsToWait)
	w.Plan().Fails("Cannot look up the terminal", "it was tried once, with HTTP 429; then the limit of 1s for one operation")
	w.Write(linkConfig + impatient(settings, "1s"))
	slow("GetPayment", hangs)
	w.Plan().Fails("Cannot read payment", "no answer came: the limit of 1s for one operation")
	slow("ClosePayment", tellsToWait)
	w.Destroy().Fails("Cannot close payment", "it was tried once, with HTTP 429; then the limit of 1s for one operation")
	w.PaymentsAre("init")
	w.StateHas(linkAddress, map[string]any{"status": "init"})
	f.behave(nil)
	w.Destroy().Succeeds()
}
