package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/invoice-iac/terraform-provider-invoice/internal/clitest"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
)

const manySent = `
resource "invoice_invoice" "many" {
  count     = 60
  amount    = "100"
  paykeeper = {
    service_name = "Заказ ${count.index}"
    client_email = "a@example.com"
    send         = count.index != 7
  }
}
`

// sendMany issues 60 invoices, and sends all of them but the eighth. Their ids are in the order
// of the configuration.
func sendMany(w *clitest.Workspace) (ids []string) {
	w.T.Helper()
	w.MustApply(manySent).SaysNothing()
	resources := w.Resources()
	for n := range 60 {
		id, _ := resources[manyAddress(n)]["id"].(string)
		ids = append(ids, id)
	}
	w.Sandbox.ResetRequests()
	return ids
}

func manyAddress(n int) string { return fmt.Sprintf("invoice_invoice.many[%d]", n) }

// byID is how many invoices may be read by their ids: the first few, one to compare with if those
// are still under way, and the one that no list has.
const byID = 4 + 1 + 1

// A plan of many invoices of one day costs a few reads and a page, and shows what has become of
// each of them.
func TestManySentInvoicesAreReadInPages(t *testing.T) {
	dialects := [][]string{nil, {"paykeeper_dates=inclusive", "paykeeper_fullcount=number", "paykeeper_byid=array"}, {"paykeeper_revoked=missing"}}
	inDialects(t, dialects, func(t *testing.T, w *clitest.Workspace) {
		ids := sendMany(w)
		w.Plan("-parallelism=50").Succeeds().SaysNothing().ChangesNothing()
		w.Sent("paykeeper.listcount", 1)
		w.Sent("paykeeper.list", 1)
		if calls := len(w.Sandbox.Requests("paykeeper.byid")); calls > byID {
			t.Errorf("%d reads by id", calls)
		}
		w.SentNoChange()

		w.Must(w.Sandbox.PayKeeper.Invoices.Update(ids[20], func(i *paykeeper.Invoice) { i.PayAmount = "200.00" }))
		w.Must(w.Sandbox.PayKeeper.SetStatus(ids[30], "revoked"))
		w.Must(w.Sandbox.PayKeeper.Pay(ids[40]))
		w.Must(w.Sandbox.PayKeeper.Invoices.Delete(ids[50]))
		w.Plan().Succeeds().
			Warns("Gone at the gateway: invoice paykeeper/" + ids[30]).Warns("Gone at the gateway: invoice paykeeper/" + ids[50]).
			Changes(map[string]string{manyAddress(20): "replace", manyAddress(30): "create", manyAddress(50): "create"})
		w.Apply("-refresh-only").Succeeds()
		w.StateHas(manyAddress(40), map[string]any{"status": "paid", "paid": true})
		w.StateHas(manyAddress(7), map[string]any{"status": "created"})
		w.StateHas(manyAddress(8), map[string]any{"status": "sent"})
		w.StateLacks(manyAddress(30))
	})
}

// Lists that fail, or a server that shows less there, cost the plan nothing but calls.
func TestFailingListsFailNoPlan(t *testing.T) {
	w := newWorkspace(t)
	ids := sendMany(w)
	w.Must(w.Sandbox.PayKeeper.Invoices.Update(ids[20], func(i *paykeeper.Invoice) { i.PayAmount = "200.00" }))
	for name, fault := range map[string]sandbox.Fault{
		"500": {Kind: sandbox.FaultStatus, Status: 500}, "HTML": {Kind: sandbox.FaultHTML}, "cut": {Kind: sandbox.FaultCut}, "half": {Kind: sandbox.FaultHalfBody},
	} {
		for _, operation := range []string{"paykeeper.list", "paykeeper.listcount"} {
			t.Run(operation+" "+name, func(t *testing.T) {
				fault.Operation = operation
				w.Sandbox.Inject(fault)
				w.Sandbox.ResetRequests()
				w.In(t).Plan().Succeeds().Changes(map[string]string{manyAddress(20): "replace"})
				w.In(t).Sent("paykeeper.byid", 60)
				w.Sandbox.ClearFaults()
			})
		}
	}
}

// What looks before a change never looks at a list: an invoice that was paid after the plan is
// not revoked.
func TestChangesLookByID(t *testing.T) {
	w := newWorkspace(t)
	ids := sendMany(w)
	w.Write(strings.Replace(manySent, "Заказ", "Счёт", 1))
	w.MustExec("plan", "-out=plan")
	w.Must(w.Sandbox.PayKeeper.Pay(ids[40]))
	w.Sandbox.ResetRequests()
	w.Exec("apply", "plan")
	w.Sent("paykeeper.list", 0)
	w.Sent("paykeeper.listcount", 0)
	for _, one := range w.PayKeeperInvoices() {
		if one.ID == ids[40] && one.Status != "paid" || one.ID == ids[41] && one.Status != "revoked" {
			t.Errorf("%s is %s", one.ID, one.Status)
		}
	}
}
