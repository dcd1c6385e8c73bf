package provider

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
)

// Refunds alone have a version 2. Those of version 1 name no gateway, neither in the state nor in
// the identity, which OpenTofu 1.12 has stored.

const importedRefundAddress = "invoice_refund.imported"

// twoRefunds are one that is made, and one that is imported.
func twoRefunds(payment string) string {
	return linkTerminal + refundConfig(payment) + strings.NewReplacer(`"back"`, `"imported"`, `"500"`, `"400"`).Replace(refundConfig(payment))
}

// newRefundedWorkspace has the objects of testdata/version1/refunds.json.
func newRefundedWorkspace(t *testing.T) *clitest.Workspace {
	t.Helper()
	w, payment := newPaidWorkspace(t)
	w.MustApply(twoRefunds(payment))
	id := fmt.Sprint(w.Attributes(importedRefundAddress)["id"])
	w.Forget(importedRefundAddress)
	w.MustExec("import", importedRefundAddress, id)
	w.Apply().Succeeds()
	return w
}

// identitiesOf returns the identities of the refunds, with their versions, as the state has them.
func identitiesOf(w *clitest.Workspace) map[string]string {
	w.T.Helper()
	all := map[string]string{}
	for address, instance := range instancesOf(readState(w, filepath.Join(w.Dir, "terraform.tfstate"))) {
		if strings.HasPrefix(address, "invoice_refund.") {
			all[address] = fmt.Sprint(instance["identity_schema_version"], instance["identity"])
		}
	}
	return all
}

// loseIdentities makes the state one of a CLI without identities.
func loseIdentities(w *clitest.Workspace) {
	w.RewriteState(`,"identity":\{[^}]*\},"identity_schema_version":0`, "")
}

func TestRefundsOfVersion1OpenWithAnEmptyPlan(t *testing.T) {
	w := newRefundedWorkspace(t)
	today := identitiesOf(w)
	w.Sandbox.ResetRequests()
	for _, lose := range []bool{false, true} {
		restore(w, 1, "refunds.json")
		if lose {
			loseIdentities(w)
		}
		versionsAre(w, 1, 1)
		for _, refresh := range refreshes {
			w.Plan(refresh).Succeeds().SaysNothing().ChangesNothing()
		}
		w.Apply("-refresh=false").Succeeds().SaysNothing().ChangesNothing()
		w.Apply().Succeeds().SaysNothing().ChangesNothing()
		versionsAre(w, 2, 1)
		for _, address := range []string{refundAddress, importedRefundAddress} {
			w.StateHas(address, map[string]any{"gateway": "invoice", "refund_cart": nil, "status": "successful"})
		}
		if got := identitiesOf(w); !reflect.DeepEqual(got, today) {
			t.Errorf("without identities %t: they are %v, want %v", lose, got, today)
		}
	}
	w.Sent("CreateRefund", 0)
}

// An unclear refund of version 1 is neither sent again nor destroyed. Kept, it stays unclear.
func TestUnclearRefundOfVersion1StaysUnclear(t *testing.T) {
	for _, lose := range []bool{false, true} {
		t.Run(fmt.Sprint("without identities ", lose), func(t *testing.T) {
			w, payment := newPaidWorkspace(t)
			w.MustApply(linkTerminal)
			w.FailOnce("CreateRefund", sandbox.Fault{Kind: sandbox.FaultLostAnswer})
			w.Write(linkTerminal + refundConfig(payment))
			w.Apply().Fails()
			today := identitiesOf(w)
			restore(w, 1, "unclear.json")
			if lose {
				loseIdentities(w)
			}
			for _, args := range [][]string{nil, {"-refresh=false"}, {"-replace=" + refundAddress}} {
				w.Apply(args...).Fails("The outcome of an earlier refund is unknown", "it may have been made")
			}
			w.Destroy().Fails("it may have been made")
			w.Destroy("-refresh=false").Fails("it may have been made")
			w.MustExec("untaint", refundAddress)
			w.Apply("-refresh=false").Succeeds().ChangesNothing()
			w.Apply().Succeeds().ChangesNothing().Warns("The outcome of an earlier refund is unknown")
			versionsAre(w, 2, 1)
			w.StateHas(refundAddress, map[string]any{"gateway": "invoice", "id": nil, "status": "unknown"})
			if got := identitiesOf(w); !reflect.DeepEqual(got, today) {
				t.Errorf("the identity is %v, want %v", got, today)
			}
			w.Sent("CreateRefund", 1)
		})
	}
}
