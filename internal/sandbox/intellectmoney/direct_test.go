package intellectmoney

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

func TestIntellectMoneyStates(t *testing.T) {
	b := start(t, sandbox.Options{})
	for state, want := range map[string]struct {
		current string
		kinds   string
	}{
		"Created": {"0.0", ""}, "PartPaid": {"750.25", "Entry"}, "ToPaid": {"1500.5", "Entry"}, "Held": {"1500.5", "Entry"},
		"Paid": {"0.0", "Purchase"}, "Refund": {"0.0", "Purchase Refund"},
	} {
		id := b.imAdd(1, nil)
		must(t, b.SetState(id, state))
		got := b.imList("InvoiceId", id, "IncludePaymentTransactions", "true")[0]
		equal(t, state, got["State"], any(state))
		equal(t, state+" amount", got["CurrentAmount"], any(object{"Amount": json.Number(want.current), "Currency": "RUB"}))
		equal(t, state+" changed", got["ChangeDate"], any("2026-03-01T12:30:00.12+03:00"))
		equal(t, state+" created", got["CreationDate"], any("2026-03-01T11:30:00.12+03:00"))
		var kinds []string
		for _, transaction := range got["HistoryList"].([]any) {
			kinds = append(kinds, transaction.(object)["InvoicePaymentType"].(string))
		}
		equal(t, state+" transactions", strings.Join(kinds, " "), want.kinds)
		equal(t, "stub", got["PurchaseData"].(object)["Invoice"].(object)["State"], any("Created"))
	}
	// The shop's share is rounded down, as in the sample answer.
	sample := b.imAdd(1, func(i *Invoice) { i.Amount = "1.00" })
	must(t, b.SetState(sample, "Paid"))
	share := b.imList("InvoiceId", sample, "IncludePaymentTransactions", "true")[0]["HistoryList"].([]any)[0].(object)
	equal(t, "sample", []any{share["RecipientAmount"].(object)["Amount"], share["Comission"]}, []any{json.Number("0.96"), json.Number("0.035")}) // the gateway's spelling

	id := b.imAdd(1, nil)
	must(t, b.SetState(id, "Held"))
	must(t, b.SetState(id, "Paid"))
	must(t, b.SetState(id, "Refund"))
	must(t, b.SetState(id, "Frozen")) // not known
	got := b.imList("InvoiceId", id, "IncludePaymentTransactions", "true")[0]
	equal(t, "state", got["State"], any("Frozen"))
	equal(t, "entry, purchase, refund", len(got["HistoryList"].([]any)), 3)
	equal(t, "share", got["HistoryList"].([]any)[1].(object)["RecipientAmount"].(object)["Amount"], any(json.Number("1447.98")))
	equal(t, "with refunds", len(b.imList("InvoiceId", id, "WithRefunds", "true")), 1)
}

func TestIntellectMoneyDirect(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.db")
	b := start(t, sandbox.Options{Database: file})
	late, early := b.imAdd(1, nil), b.imAdd(2, nil)
	equal(t, "ids", []string{late, early}, []string{"3000000000", "3000000001"})
	must(t, b.SetState(early, "Paid"))
	all, err := b.Invoices.All()
	must(t, err)
	equal(t, "oldest first", []string{all[0].ID, all[1].ID}, []string{early, late})
	equal(t, "transactions", []int{len(all[0].Transactions), len(all[1].Transactions)}, []int{1, 0})
	equal(t, "payment", all[0].Transactions[0].ID+" "+all[0].Transactions[0].PaymentNumber, "30000000 2000000000")
	equal(t, "hundredths", all[1].CreationDate.Format(time.RFC3339Nano), "2026-03-01T11:30:00.12+03:00")
	given := Invoice{ID: "3000000777", State: "Odd", HoldModeFlag: true, ChangeDate: sandboxtest.Begin.In(sandbox.Moscow).Truncate(time.Second), CreationDate: sandboxtest.Begin.In(sandbox.Moscow).Truncate(time.Hour),
		ExpirationDate: sandboxtest.Begin.In(sandbox.Moscow).Truncate(time.Minute), Amount: "1.005", CurrentAmount: "0.5", SurchargeAmount: "0.1", OriginalAmount: "2", Currency: "TST",
		OwnerEmail: "a@example.com", OwnerFIO: "Анна", PurchaseOrderID: "A", Rrn: "5", EshopID: 7, EshopName: "S", EshopURL: "u", OrganizationID: 8, OrganizationName: "O", MerchantReceipt: "{}"}
	added, err := b.Add(given)
	must(t, err)
	equal(t, "as given", added, given)
	equal(t, "next", b.imAdd(0, nil), "3000000778")
	b.SetDialect(sandbox.Dialect{"intellectmoney_holding": "all"})
	equal(t, "three decimals", b.imList("InvoiceId", "3000000777")[0]["Amount"].(object)["Amount"], any(json.Number("1.005")))
	must(t, b.Invoices.Update("3000000777", func(i *Invoice) { i.Amount = "free" }))
	equal(t, "no number", b.imList("InvoiceId", "3000000777")[0]["Amount"].(object)["Amount"], any("free"))
	if err := b.SetState("3000000777", "Paid"); err == nil || !strings.Contains(err.Error(), "free") {
		t.Error(err)
	}
	if _, err := b.Add(given); err == nil || !strings.Contains(err.Error(), given.ID) {
		t.Errorf("added twice: %v", err)
	}
	must(t, b.Invoices.Delete(early))
	for name, err := range map[string]error{
		"delete": b.Invoices.Delete(early), "state": b.SetState(early, "Paid"),
		"update": b.Invoices.Update(early, func(*Invoice) { t.Error("changed") }), "no id": b.Invoices.Delete("x"),
	} {
		if !errors.Is(err, sandbox.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	all, err = b.Invoices.All()
	must(t, err)
	must(t, b.Close())
	second := start(t, sandbox.Options{Database: file})
	again, err := second.Invoices.All()
	must(t, err)
	equal(t, "after a restart", again, all)
}

func TestIntellectMoneyFaults(t *testing.T) {
	b := start(t, sandbox.Options{})
	b.Inject(sandbox.Fault{Operation: "intellectmoney.history", Kind: sandbox.FaultStatus, Times: 1})
	response, _ := b.imPost("payment/getInvoicesHistory", "", "")
	equal(t, "fault", response.StatusCode, 503)
	b.Inject(sandbox.Fault{Operation: "intellectmoney.token", Kind: sandbox.FaultHTML, Times: 1})
	b.imList()
	_, answer := b.imPost("user/getUserToken", "", "")
	contains(t, answer, "<html")
}
