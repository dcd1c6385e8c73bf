package sandbox_test

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/intellectmoney"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/paykeeper"
	"github.com/invoice-iac/terraform-provider-invoice/internal/sandbox/sandboxtest"
)

var kopecksOf = regexp.MustCompile(`^[1-9][0-9]*\.[0-9]{2}$`)

func TestSeedHistory(t *testing.T) {
	const n = 600
	file := filepath.Join(t.TempDir(), "x.db")
	b := start(t, sandbox.Options{Database: file})
	made, err := b.PayKeeper.Add(paykeeper.Invoice{PayAmount: "1500.00"})
	must(t, err)
	added, err := b.IntellectMoney.Add(intellectmoney.Invoice{Amount: "1500.50"})
	must(t, err)
	bill, own := made.ID, added.ID
	must(t, b.SeedHistory(n, 1))

	bills, err := b.PayKeeper.Invoices.All()
	must(t, err)
	equal(t, "bills", len(bills), n+1)
	oldest, now := sandboxtest.Begin.Add(-90*24*time.Hour).In(sandbox.Moscow).Format("2006-01-02 15:04:05"), b.Now().In(sandbox.Moscow).Format("2006-01-02 15:04:05")
	statuses, payments, seconds := map[string]int{}, map[string]bool{}, map[string]int{}
	for _, i := range bills {
		statuses[i.Status]++
		seconds[i.CreatedDatetime]++
		if i.ID == bill {
			continue
		}
		if i.CreatedDatetime < oldest || i.CreatedDatetime > now || !strings.HasPrefix(i.ID, strings.NewReplacer("-", "", ":", "", " ", "").Replace(i.CreatedDatetime)) {
			t.Errorf("%s was created at %s", i.ID, i.CreatedDatetime)
		}
		if (i.Status == "paid") != (i.PaymentID != "") || (i.Status == "paid") != (i.PaidDatetime >= i.CreatedDatetime) || i.PaidDatetime > now || payments[i.PaymentID] {
			t.Errorf("payment: %+v", i)
		}
		payments[i.PaymentID] = i.PaymentID != ""
		if !kopecksOf.MatchString(i.PayAmount) {
			t.Errorf("amount: %+v", i)
		}
	}
	for _, status := range []string{"created", "sent", "paid", "expired", "revoked"} {
		if statuses[status] < n/100 {
			t.Errorf("%d %s", statuses[status], status)
		}
	}
	if len(seconds) > n*19/20 {
		t.Errorf("only %d of %d share a second", n-len(seconds), n)
	}

	invoices, err := b.IntellectMoney.Invoices.All()
	must(t, err)
	equal(t, "invoices", len(invoices), n+1)
	states, shops, organizations, refunded, expired, kopecks := map[string]int{}, map[int]int{}, map[int]int{}, 0, 0, 0
	for n, i := range invoices {
		states[i.State]++
		shops[i.EshopID]++
		organizations[i.OrganizationID]++
		if i.ID == own {
			continue
		}
		if i.CreationDate.Before(sandboxtest.Begin.Add(-90*24*time.Hour-time.Second)) || i.ChangeDate.After(sandboxtest.Begin) || i.ChangeDate.Before(i.CreationDate) {
			t.Errorf("dates: %+v", i)
		}
		if n > 0 && i.ID < invoices[n-1].ID && invoices[n-1].ID != own {
			t.Errorf("%s comes after %s", i.ID, invoices[n-1].ID)
		}
		if i.State == "Created" && i.ExpirationDate.Before(sandboxtest.Begin) {
			expired++
		}
		if i.State == "Paid" && slices.ContainsFunc(i.Transactions, func(t intellectmoney.Transaction) bool { return t.InvoicePaymentType == "Refund" }) {
			refunded++
		}
		if !strings.HasSuffix(i.Amount, ".00") {
			kopecks++
		}
		if (i.State == "Created") != (len(i.Transactions) == 0) {
			t.Errorf("transactions: %+v", i)
		}
	}
	for _, state := range []string{"Created", "PartPaid", "Paid", "ToPaid", "Refund", "Held"} {
		if states[state] < n/100 {
			t.Errorf("%d %s", states[state], state)
		}
	}
	if len(shops) != 4 || len(organizations) != 3 || refunded == 0 || expired == 0 || kopecks < n/4 {
		t.Errorf("shops %v, organisations %v, refunded %d, expired %d, with kopecks %d", shops, organizations, refunded, expired, kopecks)
	}

	// Once and no more, also after a restart.
	if err := b.SeedHistory(5, 2); !errors.Is(err, sandbox.ErrHistorySeeded) {
		t.Error(err)
	}
	must(t, b.Close())
	b = start(t, sandbox.Options{Database: file})
	if err := b.SeedHistory(5, 2); !errors.Is(err, sandbox.ErrHistorySeeded) {
		t.Error(err)
	}
	bills, err = b.PayKeeper.Invoices.All()
	must(t, err)
	equal(t, "bills", len(bills), n+1)
}

// The same seed makes the same history, another one another; and one gateway's
// part does not depend on how the other's is made.
func TestSeedHistoryRepeats(t *testing.T) {
	history := func(seed uint64, later time.Duration) ([]paykeeper.Invoice, []intellectmoney.Invoice) {
		b := start(t, sandbox.Options{Now: func() time.Time { return sandboxtest.Begin.Add(later) }})
		must(t, b.SeedHistory(50, seed))
		bills, err := b.PayKeeper.Invoices.All()
		must(t, err)
		invoices, err := b.IntellectMoney.Invoices.All()
		must(t, err)
		return bills, invoices
	}
	bills, invoices := history(1, 0)
	sameBills, sameInvoices := history(1, 0)
	equal(t, "bills", sameBills, bills)
	equal(t, "invoices", sameInvoices, invoices)
	otherBills, otherInvoices := history(2, 0)
	if otherBills[0].ID == bills[0].ID || otherInvoices[0].CreationDate.Equal(invoices[0].CreationDate) {
		t.Error("another seed made the same history")
	}
	_, laterInvoices := history(1, time.Hour)
	equal(t, "by the clock", laterInvoices[0].CreationDate, invoices[0].CreationDate.Add(time.Hour))
}

func TestSeedHistoryRefuses(t *testing.T) {
	b := start(t, sandbox.Options{})
	for _, n := range []int{0, -1} {
		if err := b.SeedHistory(n, 1); err == nil || errors.Is(err, sandbox.ErrHistorySeeded) {
			t.Error(err)
		}
	}
	must(t, b.SeedHistory(1, 1)) // A refused one leaves the database as it was.
}
